// Waits for what the editor does in its own time.
import { setTimeout as wait } from 'node:timers/promises';

const pollMs = 50;

/** The first value that is there; throws, naming `what`, when it does not come in time. */
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
