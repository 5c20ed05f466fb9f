// Statistics over many runs, from their events: how fast regressions are detected and rolled back, and how often
// automatically.
import type { RunEvent, RunOutcome } from '../../model/runs/runEvents.ts';

export interface RunStatistics {
  readonly runs: number;
  readonly outcomes: Readonly<Partial<Record<RunOutcome | 'unfinished', number>>>;
  /** From the first anomalous line to the evaluation that failed. */
  readonly medianMsToDetect: number | null;
  readonly detections: number;
  /** From the decision to roll back to the last restored node. */
  readonly medianMsToRollBack: number | null;
  /** Rollbacks in which no node failed. */
  readonly rollbacks: number;
  /** Share of promoted or rolled back canaries that were decided by policy only. Null if there were none. */
  readonly shareDecidedWithoutPerson: number | null;
  readonly decided: number;
}

export function runStatistics(runs: Iterable<readonly RunEvent[]>): RunStatistics {
  const outcomes = new Map<RunOutcome | 'unfinished', number>();
  const detections: number[] = [],
    rollbacks: number[] = [],
    byPolicy: boolean[] = [];
  let count = 0;
  for (const events of runs) {
    count += 1;
    const end = events.find(event => event.type === 'run-finished');
    const outcome = end?.type === 'run-finished' ? end.outcome : 'unfinished';
    outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
    detections.push(...detectionTimes(events));
    rollbacks.push(...rollbackTimes(events));
    byPolicy.push(...decidedByPolicy(events));
  }
  return {
    runs: count,
    outcomes: Object.fromEntries(outcomes),
    medianMsToDetect: median(detections),
    detections: detections.length,
    medianMsToRollBack: median(rollbacks),
    rollbacks: rollbacks.length,
    shareDecidedWithoutPerson: byPolicy.length ? byPolicy.filter(Boolean).length / byPolicy.length : null,
    decided: byPolicy.length,
  };
}

/** Null for an empty list. */
export function median(values: readonly number[]): number | null {
  const sorted = [...values].sort((left, right) => left - right);
  const middle = sorted.length >> 1;
  const upper = sorted[middle];
  if (upper === undefined) return null;
  return sorted.length % 2 ? upper : ((sorted[middle - 1] ?? upper) + upper) / 2;
}

/**
 * Until the evaluation that has failed it, not until it ended: a person may have thought in between. A line with a time
 * after its detection (a node's clock is ahead) says nothing about the time to detect.
 */
function detectionTimes(events: readonly RunEvent[]): readonly number[] {
  const failingSince = new Map<string, number>();
  const times: number[] = [];
  for (const event of events) {
    if (event.type === 'looked') {
      if (event.report.outcome !== 'fail') failingSince.delete(event.key);
      else if (!failingSince.has(event.key)) failingSince.set(event.key, event.at);
    }
    if (event.type !== 'verification-finished' || event.report.outcome !== 'fail' || event.firstAnomalyMs === undefined)
      continue;
    const detectedMs = failingSince.get(event.key) ?? event.at;
    if (event.firstAnomalyMs <= detectedMs) times.push(detectedMs - event.firstAnomalyMs);
  }
  return times;
}

function rollbackTimes(events: readonly RunEvent[]): readonly number[] {
  const decided = new Map<string, number>();
  const times: number[] = [];
  for (const event of events) {
    if (event.type === 'decided' && event.decision === 'rollback') decided.set(event.stage, event.at);
    else if (event.type === 'rollback-started' && !decided.has(event.stage)) decided.set(event.stage, event.at);
    else if (event.type === 'rollback-finished' && event.failedNodes.length === 0)
      times.push(event.at - (decided.get(event.stage) ?? event.at));
  }
  return times;
}

function decidedByPolicy(events: readonly RunEvent[]): readonly boolean[] {
  const decisions = events.flatMap(event => (event.type === 'decided' ? [event] : []));
  const final = decisions.some(({ decision }) => decision === 'promote' || decision === 'rollback');
  return final ? [decisions.every(({ by }) => by.via === 'policy')] : [];
}
