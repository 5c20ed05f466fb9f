// A child of the bench of faults: plays the seeds it is given with every fault at once, and without any, and prints one JSON line for each pair.
import type { Fault } from '../../../src/demo/faults/fault.ts';
import type { ScenarioName } from '../../../src/demo/story/scenarios.ts';
import { playStory } from './demoWorld.ts';

export interface FaultyResult {
  readonly scenario: ScenarioName;
  readonly seed: number;
  readonly outcome: string | null;
  readonly outcomeWithout: string | null;
  readonly problems: readonly string[];
  /** Virtual seconds that the run took longer than without a fault. */
  readonly secondsLater: number;
}

/** Every twentieth request meets a fault, whichever of these. */
const kinds = 27,
  share = 0.05 / kinds;
const ofEveryVendor: readonly Fault[] = [
  ...[400, 403, 404, 408, 500, 502, 503, 504].map((status): Fault => ({ kind: 'status', status, share })),
  { kind: 'status', status: 429, share },
  { kind: 'status', status: 429, retryAfterSec: 1, share },
  { kind: 'malformed', share },
  { kind: 'slow', delayMs: 2_000, share },
  { kind: 'hang', share },
  { kind: 'drip', bytesPerSec: 200, share },
  { kind: 'contentType', value: 'text/plain', share },
  { kind: 'page', share },
  { kind: 'redirect', to: 'http://127.0.0.1:9', status: 307, share },
  { kind: 'drop', share },
  { kind: 'lostAnswer', share },
  { kind: 'down', share },
  { kind: 'authFlap', times: 1_000_000, share },
];
/** What has no share stands all the time: clocks that differ, lines that come late, and twice. */
const always: readonly Fault[] = [
  { kind: 'lateData', seconds: 0.4 },
  { kind: 'duplicates' },
  { kind: 'vendorClock', seconds: 300 },
];
export const everyFault = {
  newRelic: [
    ...ofEveryVendor,
    { kind: 'graphqlErrors', errorClass: 'TOO_MANY_REQUESTS', share },
    { kind: 'slowQuery', durationMs: 3_000, share },
    ...always,
  ],
  sumoLogic: [
    ...ofEveryVendor,
    { kind: 'expireJob', share },
    { kind: 'loseCookie', share },
    { kind: 'shortPages', rows: 50, share },
    { kind: 'wrongDeployment', share },
    ...always,
  ],
  jenkins: [...ofEveryVendor, { kind: 'vendorClock', seconds: 300 }],
};

export async function playFaulty(scenario: ScenarioName, seed: number): Promise<FaultyResult> {
  const quiet = await playStory(scenario, seed),
    faulty = await playStory(scenario, seed, everyFault);
  const lengthOf = ({ events }: typeof quiet): number => events.at(-1)!.at - events[0]!.at;
  return {
    scenario,
    seed,
    outcome: faulty.result.outcome,
    outcomeWithout: quiet.result.outcome,
    problems: faulty.problems,
    secondsLater: (lengthOf(faulty) - lengthOf(quiet)) / 1000,
  };
}

if (import.meta.main) {
  const [first = 1, last = 1, step = 1] = process.argv.slice(2).map(Number);
  for (let seed = first; seed <= last; seed += step) {
    for (const scenario of ['healthy', 'quality-regression'] as const)
      process.stdout.write(`${JSON.stringify(await playFaulty(scenario, seed))}\n`);
  }
}
