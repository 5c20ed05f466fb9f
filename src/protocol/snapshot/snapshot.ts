// What the run panel draws, whole and bounded, from a run's events and its newest reports: the same facts live, replayed and in a report.
import type { Feedback } from '../../model/evidence/feedback.ts';
import type { Release } from '../../model/release.ts';
import { stagesOf, type RunState } from '../../model/runs/runState.ts';
import type { RunEvent } from '../../model/runs/runEvents.ts';
import { finishSteps } from '../../model/runs/steps.ts';
import type { Check } from '../../model/evidence/verdict.ts';
import { snapshotChecks, type CheckSnapshot, type VerifiedStage } from './snapshotChecks.ts';
import {
  placeClusters,
  snapshotClusters,
  type ClusterMemory,
  type ClustersSnapshot,
  type PlacedCluster,
} from './snapshotClusters.ts';
import { snapshotComparison, type ComparisonSnapshot } from './snapshotComparison.ts';
import { snapshotHeader, type HeaderSnapshot } from './snapshotHeader.ts';
import { snapshotStage, type StageSnapshot } from './snapshotStages.ts';
import { arrangeRows, createTimeline, type TimelineRow } from '../report/timeline.ts';
import { latestVerification } from '../words/verdictSentence.ts';

export interface RunSnapshot {
  readonly runId: string;
  /** Number of the last event; a snapshot with the same number differs in its clocks, its clusters and what was said of them. */
  readonly seq: number;
  readonly nowMs: number;
  /** Nothing more happens in this run. */
  readonly ended: boolean;
  readonly header: HeaderSnapshot;
  readonly groups: readonly (readonly StageSnapshot[])[];
  /** Failed first. */
  readonly checks: readonly CheckSnapshot[];
  readonly clusters: ClustersSnapshot;
  readonly feedback: FeedbackSnapshot;
  /** What is new in this release; null where no older one is known. */
  readonly comparison: ComparisonSnapshot | null;
  /** Oldest first. */
  readonly timeline: readonly TimelineRow[];
}

export interface FeedbackSnapshot {
  /** Why clusters cannot be marked here (a report, an untrusted folder, another repository); absent: they can. */
  readonly refused?: string;
  /** The file has a mistake: none of it counts. */
  readonly problem?: string;
  /** What the verdict would be with what was said since the last look: `would pass with what reviewers said since`. */
  readonly wouldBe?: string;
}

/** What is known beside the events. Functions answer at once; the same object means that nothing changed. */
export interface SnapshotSources {
  /** Every check of a verification at its newest look, whole. Absent: its newest event is all that is known. */
  readonly checks?: (key: string) => readonly Check[] | undefined;
  readonly expectedMs?: (stage: string) => number | undefined;
  /** Of the run among those of the store. */
  readonly number?: number;
  /** Nobody runs it any more, since then. */
  readonly interruptedAtMs?: number;
  /** What its guardian is about to do. */
  readonly guard?: RunState['guard'];
  /** What a rollback would bring back, while none has begun. */
  readonly working?: Release;
  readonly entries?: readonly Feedback[];
  readonly feedback?: FeedbackSnapshot;
}

/** The snapshots of one run, one after the other: what did not change stays the same object. */
export interface Snapshots {
  /** In order, each once. */
  add(events: readonly RunEvent[]): void;
  readonly state: RunState | undefined;
  /** Yields often, so that its caller may let others work. Undefined: the run has not started. */
  build(nowMs: number, sources: SnapshotSources): Generator<void, RunSnapshot | undefined>;
  /** The cluster that the latest snapshot calls so, whole. */
  find(id: string): PlacedCluster | undefined;
  /** The known cluster that is nearest to it, where that is shown too. */
  nearestOf(id: string): PlacedCluster | undefined;
}

const mostTimelineRows = 2_000;
const noEntries: readonly Feedback[] = [],
  nothingSaid: FeedbackSnapshot = {};

export function createSnapshots(runId: string): Snapshots {
  const timeline = createTimeline(runId);
  const events: RunEvent[] = [],
    added: TimelineRow[] = [];
  const memory: ClusterMemory = new Map();
  let rows: readonly TimelineRow[] = [];
  let placed: ReturnType<typeof placeClusters> = { placed: [], hidden: 0 };
  let known:
    | {
        readonly of: readonly unknown[];
        readonly checks: readonly CheckSnapshot[];
        readonly clusters: ClustersSnapshot;
      }
    | undefined;

  function* verified(
    state: RunState,
    sources: SnapshotSources,
  ): Generator<void, Pick<RunSnapshot, 'checks' | 'clusters'>> {
    const stages = verifiedStages(state, sources),
      entries = sources.entries ?? noEntries;
    const of = [events.length, entries, ...stages.map(stage => stage.report.checks)];
    if (known && of.length === known.of.length && of.every((one, index) => one === known?.of[index])) return known;
    placed = placeClusters(stages);
    yield;
    const checks = snapshotChecks(stages, events);
    yield;
    const clusters = yield* snapshotClusters(placed, entries, memory);
    known = { of, checks, clusters };
    return { checks, clusters };
  }

  return {
    add(fresh) {
      const before = added.length;
      for (const event of fresh) {
        events.push(event);
        added.push(...timeline.add(event));
      }
      if (added.length > before) rows = arrangeRows(added).slice(-mostTimelineRows);
    },
    get state() {
      return timeline.state;
    },
    *build(nowMs, sources) {
      const { interruptedAtMs, guard } = sources,
        state =
          timeline.state && interruptedAtMs !== undefined
            ? { ...timeline.state, interruptedAtMs, ...(guard && { guard }) }
            : timeline.state;
      if (!state) return undefined;
      const { checks, clusters } = yield* verified(state, sources);
      return {
        runId,
        seq: state.lastSeq,
        nowMs,
        ended: state.outcome !== undefined,
        header: snapshotHeader(state, {
          events,
          nowMs,
          checks,
          ...(sources.number !== undefined && { number: sources.number }),
          ...(sources.working && { working: sources.working }),
        }),
        groups: state.groups.map(group =>
          group.map(stage => snapshotStage(stage, state, events, nowMs, sources.expectedMs?.(stage.name))),
        ),
        checks,
        clusters,
        feedback: sources.feedback ?? nothingSaid,
        comparison: snapshotComparison(state, sources.working),
        timeline: rows,
      };
    },
    find: id => placed.placed.find(one => one.id === id),
    nearestOf(id) {
      const found = placed.placed.find(one => one.id === id);
      return placed.placed.find(one => one.place === found?.place && one.cluster.key === found.cluster.nearest?.key);
    },
  };
}

/** One snapshot at once, for what need not let others work. */
export function snapshotRun(
  runId: string,
  events: readonly RunEvent[],
  nowMs: number,
  sources: SnapshotSources = {},
): RunSnapshot | undefined {
  const snapshots = createSnapshots(runId);
  snapshots.add(events);
  return finishSteps(snapshots.build(nowMs, sources));
}

/** Every stage may verify; the panel shows the checks of all, and names the stage where there are several. */
function verifiedStages(state: RunState, { checks }: SnapshotSources): readonly VerifiedStage[] {
  return stagesOf(state).flatMap(stage => {
    const verification = latestVerification(stage),
      report = verification?.report;
    if (!verification || !report) return [];
    const whole = checks?.(verification.key);
    const decidedAtMs = stage.decisions.find(
      ({ at, decision }) => at >= verification.sinceMs && decision !== 'hold',
    )?.at;
    return [
      {
        stage: stage.name,
        verification,
        report: whole ? { ...report, checks: whole } : report,
        ...(decidedAtMs !== undefined && { decidedAtMs }),
      },
    ];
  });
}
