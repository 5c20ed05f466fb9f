// The outcome of each stage of a pipeline when it was last reached, for the code lenses of its file.
import { stagesOf } from '../../model/runs/runState.ts';
import type { StageResult } from '../language/codeLenses.ts';
import type { RunFeed } from '../panel/runFeed.ts';

/** The number of runs whose events are read. It is small so that the answer is immediate. */
const runsLookedAt = 5;

export function lastResultsOf(
  feed: Pick<RunFeed, 'runs' | 'state'>,
  pipeline: string,
): ReadonlyMap<string, StageResult> {
  const results = new Map<string, StageResult>();
  for (const run of feed
    .runs()
    .filter(one => one.pipeline === pipeline)
    .slice(0, runsLookedAt)) {
    const state = feed.state(run.id);
    for (const { name, status, startedAtMs, finishedAtMs } of state ? stagesOf(state) : []) {
      if (results.has(name) || status === 'pending' || status === 'queued' || status === 'running') continue;
      results.set(name, {
        outcome: status,
        durationMs: (finishedAtMs ?? 0) - (startedAtMs ?? finishedAtMs ?? 0),
        finishedAtMs,
      });
    }
  }
  return results;
}
