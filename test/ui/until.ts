// Waits until a condition holds.
import { setTimeout as wait } from 'node:timers/promises';

const pollMs = 100;

export async function until(what: string, look: () => boolean | Promise<boolean>, withinMs = 60_000): Promise<void> {
  const deadline = Date.now() + withinMs;
  while (!(await look())) {
    if (Date.now() > deadline) throw new Error(`${what}: not within ${withinMs / 1000} s`);
    await wait(pollMs);
  }
}
