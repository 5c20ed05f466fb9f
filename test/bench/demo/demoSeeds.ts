// A child of the demo bench: plays the seeds it is given and prints one JSON line for each.
import type { ScenarioName } from '../../../src/demo/story/scenarios.ts';
import { playStory } from './demoWorld.ts';

export interface SeedResult {
  readonly scenario: ScenarioName;
  readonly seed: number;
  readonly outcome: string | null;
  readonly problems: readonly string[];
  readonly secondsToDetect: number | null;
}

const [first = 1, last = 1, step = 1] = process.argv.slice(2).map(Number);
for (let seed = first; seed <= last; seed += step) {
  for (const scenario of ['healthy', 'quality-regression'] as const) {
    const { result, problems } = await playStory(scenario, seed);
    const { outcome, secondsToDetect } = result;
    const line = { scenario, seed, outcome, problems, secondsToDetect } satisfies SeedResult;
    process.stdout.write(`${JSON.stringify(line)}\n`);
  }
}
