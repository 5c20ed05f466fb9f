// The steps of a story, each a test of its own; the first that fails ends the story.
import type { TestContext } from 'node:test';

export type Step = (name: string, work: () => Promise<void>) => Promise<void>;

/** `look` is called when a step fails, to leave a picture. */
export function stepsOf(t: TestContext, look: () => Promise<void>): Step {
  return async (name, work) => {
    let failure: unknown;
    await t.test(name, async () => {
      try {
        await work();
      } catch (error) {
        failure = error;
        await look().catch((complaint: unknown) => {
          t.diagnostic(`no picture: ${String(complaint)}`);
        });
        throw error;
      }
    });
    if (failure !== undefined) throw new Error(`the story ended at: ${name}`, { cause: failure });
  };
}
