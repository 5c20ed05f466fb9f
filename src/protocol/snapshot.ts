// What the run panel draws, whole and bounded, from a run's events: the same facts live, replayed and in a report.
import { reduceRun, stagesOf } from '../model/runState.ts';
import type { RunState } from '../model/runState.ts';
import type { RunEvent } from '../model/runEvents.ts';
import { snapshotChecks, type CheckSnapshot } from './snapshotChecks.ts';
import { snapshotClusters, type ClustersSnapshot } from './snapshotClusters.ts';
import { snapshotHeader, type HeaderSnapshot } from './snapshotHeader.ts';
import { snapshotStage, type StageSnapshot } from './snapshotStages.ts';
import { timelineOf, type TimelineRow } from './timeline.ts';
import { latestVerification } from './verdictSentence.ts';

export interface RunSnapshot {
  /** Number of the last event; a snapshot with the same number differs in its clocks alone. */
  readonly seq: number;
  readonly nowMs: number;
  /** Nothing more happens in this run. */
  readonly ended: boolean;
  readonly header: HeaderSnapshot;
  readonly groups: readonly (readonly StageSnapshot[])[];
  /** Failed first. */
  readonly checks: readonly CheckSnapshot[];
  readonly clusters: ClustersSnapshot;
  /** Oldest first. */
  readonly timeline: readonly TimelineRow[];
}

const mostTimelineRows = 2_000;

/** Only a list that begins with `run-started` has a snapshot. */
export function snapshotRun(runId: string, events: readonly RunEvent[], nowMs: number): RunSnapshot | undefined {
  const state = reduceRun(runId, events);
  return state && {
    seq: state.lastSeq, nowMs, ended: state.outcome !== undefined,
    header: snapshotHeader(state, events, nowMs),
    groups: state.groups.map(group => group.map(stage => snapshotStage(stage, state, events, nowMs))),
    ...verified(state, events),
    timeline: timelineOf(runId, events).slice(-mostTimelineRows),
  };
}

/** Every stage may verify; the panel shows the checks of all, and names the stage where there are several. */
function verified(state: RunState, events: readonly RunEvent[]): Pick<RunSnapshot, 'checks' | 'clusters'> {
  const stages = stagesOf(state).flatMap(stage => {
    const verification = latestVerification(stage);
    return verification?.report ? [{ stage: stage.name, verification, report: verification.report }] : [];
  });
  return { checks: snapshotChecks(stages, events), clusters: snapshotClusters(stages) };
}
