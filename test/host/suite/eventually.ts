// Waits for what the editor does asynchronously.
import { setTimeout as wait } from 'node:timers/promises';

const pollMs = 50;

/** Returns the first value; throws, naming `what`, if none comes in time. */
export async function eventually<T>(
  what: string,
  look: () => T | undefined | false | Promise<T | undefined | false>,
  withinMs = 10_000,
): Promise<T> {
  const deadline = Date.now() + withinMs;
  for (;;) {
    const found = await look();
    if (found !== undefined && found !== false) return found;
    if (Date.now() > deadline) throw new Error(`${what}: not within ${withinMs / 1000} s`);
    await wait(pollMs);
  }
}
