// Everything that the run panel draws, bounded, from a run's events and its latest reports: live, replayed or in a
// report.
import type { Feedback } from '../../model/evidence/feedback.ts';
import type { Commits } from '../../model/ports.ts';
import type { Pipeline } from '../../model/pipeline.ts';
import type { Release } from '../../model/release.ts';
import type { RunPlan } from '../../model/runs/plan.ts';
import { stagesOf, type RunState } from '../../model/runs/runState.ts';
import type { RunEvent } from '../../model/runs/runEvents.ts';
import { finishSteps } from '../../model/runs/steps.ts';
import type { Check } from '../../model/evidence/verdict.ts';
import { snapshotChecks, type CheckSnapshot, type VerifiedStage } from './snapshotChecks.ts';
import { placeClusters, snapshotClusters, type ClusterMemory } from './snapshotClusters.ts';
import type { PlacedCluster } from './snapshotCluster.ts';
import type { ClustersSnapshot } from './clusterSnapshot.ts';
import type { PageOf } from './snapshotQueries.ts';
import { approvalSubject } from './approval/approvalSubject.ts';
import { approvalFacts, snapshotApproval, type ApprovalSnapshot } from './approval/snapshotApproval.ts';
import { snapshotComparison, type ComparisonSnapshot, type ReadStored } from './snapshotComparison.ts';
import { reasonOf, snapshotHeader, type HeaderSnapshot } from './snapshotHeader.ts';
import { snapshotNeighbours, type Neighbours, type NeighboursSnapshot } from './snapshotNeighbours.ts';
import { snapshotOutlook, type OutlookSnapshot } from './outlook/snapshotOutlook.ts';
import { snapshotStage, type StageSnapshot } from './snapshotStages.ts';
import { arrangeRows, createTimeline } from '../report/timeline.ts';
import type { TimelineRow } from '../report/rowParts.ts';
import { latestVerification } from '../words/latestVerification.ts';

export interface RunSnapshot {
  readonly runId: string;
  /** Number of the last event; snapshots with the same number differ only in their clocks, clusters and feedback. */
  readonly seq: number;
  readonly nowMs: number;
  /** The run has ended. */
  readonly ended: boolean;
  readonly header: HeaderSnapshot;
  readonly groups: readonly (readonly StageSnapshot[])[];
  /** Failed checks first. */
  readonly checks: readonly CheckSnapshot[];
  readonly clusters: ClustersSnapshot;
  readonly feedback: FeedbackSnapshot;
  /** What is new in this release; null if no older release is known. */
  readonly comparison: ComparisonSnapshot | null;
  /** What an approver must know; null if the run waits for no approval, or its plan is not known here. */
  readonly approval: ApprovalSnapshot | null;
  /** For a run on hold, or without data. */
  readonly outlook: OutlookSnapshot | null;
  readonly neighbours: NeighboursSnapshot;
  /** Oldest row first. */
  readonly timeline: readonly TimelineRow[];
}

export interface FeedbackSnapshot {
  /** Why clusters cannot be marked here (a report, an untrusted folder, another repository); absent if they can. */
  readonly refused?: string;
  /** The feedback file has a mistake, so none of it applies. */
  readonly problem?: string;
  /** What the verdict would be with the feedback since the last evaluation. */
  readonly wouldBe?: string;
}

/** What is known besides the events. Functions answer at once; the same object means that nothing changed. */
export interface SnapshotSources {
  /** Every check of a verification at its latest evaluation, in full. Absent: only its latest event is known. */
  readonly checks?: (key: string) => readonly Check[] | undefined;
  readonly expectedMs?: (stage: string) => number | undefined;
  /** The number of the run in the store. */
  readonly number?: number;
  /** The time since which no process runs it. */
  readonly interruptedAtMs?: number;
  /** What its guardian is about to do. */
  readonly guard?: RunState['guard'];
  /** The pipeline of the run is in no open folder, so nothing can be deployed for it here. */
  readonly isElsewhere?: boolean;
  /** What a rollback would restore, until one begins. */
  readonly working?: Release;
  /** What runs in the environment that an approval is asked for; absent: not known, or not the same on all nodes. */
  readonly running?: Release;
  /** What was committed between the build that runs there and the new one; absent: not known. */
  readonly commits?: Commits;
  readonly layOut?: (pipeline: Pipeline) => RunPlan;
  readonly neighbours?: Neighbours;
  /** Absent: what is in configuration files is not shown. */
  readonly read?: ReadStored;
  readonly entries?: readonly Feedback[];
  readonly feedback?: FeedbackSnapshot;
  /** Finds the vendor's page for a query. */
  readonly pageOf?: PageOf;
}

/** The snapshots of one run, one after another: unchanged parts stay the same objects. */
export interface Snapshots {
  /** The events in order, each once. */
  add(events: readonly RunEvent[]): void;
  readonly state: RunState | undefined;
  /** The pipeline in the journal. */
  readonly pipeline: Pipeline | undefined;
  /** Yields often, so that the caller can let other work run. Undefined: the run has not started. */
  build(nowMs: number, sources: SnapshotSources): Generator<void, RunSnapshot | undefined>;
  /** The cluster with this id in the latest snapshot, in full. */
  find(id: string): PlacedCluster | undefined;
  /** The known cluster nearest to it, if that one is shown too. */
  nearestOf(id: string): PlacedCluster | undefined;
}

const mostTimelineRows = 2_000;
const noEntries: readonly Feedback[] = [],
  nothingSaid: FeedbackSnapshot = {};

export function createSnapshots(runId: string): Snapshots {
  const timeline = createTimeline(runId);
  const events: RunEvent[] = [],
    added: TimelineRow[] = [];
  const verified = createVerified(events);
  const compare = createCompare();
  let rows: readonly TimelineRow[] = [];
  let pipeline: Pipeline | undefined, plan: RunPlan | undefined;

  return {
    add(fresh) {
      const before = added.length;
      for (const event of fresh) {
        if (event.type === 'run-started') pipeline = event.fixed;
        events.push(event);
        added.push(...timeline.add(event));
      }
      if (added.length > before) rows = arrangeRows(added).slice(-mostTimelineRows);
    },
    get state() {
      return timeline.state;
    },
    get pipeline() {
      return pipeline;
    },
    *build(nowMs, sources) {
      const state = timeline.state && withInterruption(timeline.state, sources);
      if (!state) return undefined;
      const { checks, clusters } = yield* verified.build(state, sources),
        comparison = compare(state, sources);
      plan ??= pipeline && sources.layOut?.(pipeline);
      return arrangeSnapshot(runId, state, sources, { events, nowMs, plan, checks, clusters, comparison, rows });
    },
    find: verified.find,
    nearestOf: verified.nearestOf,
  };
}

function withInterruption(state: RunState, { interruptedAtMs, guard }: SnapshotSources): RunState {
  return interruptedAtMs === undefined ? state : { ...state, interruptedAtMs, ...(guard && { guard }) };
}

interface SnapshotFacts {
  readonly events: readonly RunEvent[];
  readonly nowMs: number;
  readonly plan: RunPlan | undefined;
  readonly checks: readonly CheckSnapshot[];
  readonly clusters: ClustersSnapshot;
  readonly comparison: ComparisonSnapshot | null;
  readonly rows: readonly TimelineRow[];
}

function arrangeSnapshot(runId: string, state: RunState, sources: SnapshotSources, facts: SnapshotFacts): RunSnapshot {
  const { events, nowMs, plan, checks, clusters, comparison, rows } = facts;
  const subject = plan && approvalSubject(state, plan),
    asked = subject && { events, nowMs, comparison, ...sources };
  const told = {
    events,
    nowMs,
    checks,
    ...(sources.working && { working: sources.working }),
    ...(sources.isElsewhere && { isElsewhere: true }),
  };
  return {
    runId,
    seq: state.lastSeq,
    nowMs,
    ended: state.outcome !== undefined,
    header: snapshotHeader(state, {
      ...told,
      ...(sources.number !== undefined && { number: sources.number }),
      ...(asked && { approval: approvalFacts(state, subject, asked) }),
    }),
    groups: state.groups.map(group =>
      group.map(stage =>
        snapshotStage(stage, {
          state,
          events,
          nowMs,
          expectedMs: sources.expectedMs?.(stage.name),
          planned: plan?.groups.flat().find(one => one.stage.name === stage.name),
        }),
      ),
    ),
    checks,
    clusters,
    feedback: sources.feedback ?? nothingSaid,
    comparison,
    approval: asked ? snapshotApproval(state, subject, asked) : null,
    outlook: snapshotOutlook(state, reasonOf(state, nowMs)?.kind, told),
    neighbours: snapshotNeighbours(sources.neighbours ?? {}, state.outcome !== undefined),
    timeline: rows,
  };
}

interface Verified extends Pick<Snapshots, 'find' | 'nearestOf'> {
  build(
    state: RunState,
    sources: SnapshotSources,
  ): Generator<void, { readonly checks: readonly CheckSnapshot[]; readonly clusters: ClustersSnapshot }>;
}

/** Checks and clusters; they are made again only after a new event, report or feedback. */
function createVerified(events: readonly RunEvent[]): Verified {
  const memory: ClusterMemory = new Map();
  let placed: ReturnType<typeof placeClusters> = { placed: [], hidden: 0 };
  let known:
    | {
        readonly of: readonly unknown[];
        readonly checks: readonly CheckSnapshot[];
        readonly clusters: ClustersSnapshot;
      }
    | undefined;
  return {
    *build(state, sources) {
      const stages = verifiedStages(state, sources),
        entries = sources.entries ?? noEntries;
      const of = [events.length, entries, ...stages.map(stage => stage.report.checks)];
      if (known && isSame(of, known.of)) return known;
      placed = placeClusters(stages);
      yield;
      const checks = snapshotChecks(stages, events, sources.pageOf);
      yield;
      const clusters = yield* snapshotClusters(placed, entries, memory);
      known = { of, checks, clusters };
      return known;
    },
    find: id => placed.placed.find(one => one.id === id),
    nearestOf(id) {
      const found = placed.placed.find(one => one.id === id);
      return placed.placed.find(one => one.place === found?.place && one.cluster.key === found.cluster.nearest?.key);
    },
  };
}

/** Compares again only when the releases are others: files are read and parsed for it. */
function createCompare(): (state: RunState, sources: SnapshotSources) => ComparisonSnapshot | null {
  let known: { readonly of: readonly unknown[]; readonly comparison: ComparisonSnapshot | null } | undefined;
  return (state, { working, running, read }) => {
    const rollbacks = stagesOf(state).flatMap(({ rollback }) => rollback ?? []),
      of = [working?.id, running?.id, rollbacks.length];
    if (!known || !isSame(of, known.of))
      known = {
        of,
        comparison: snapshotComparison(state, {
          ...(working && { working }),
          ...(running && { running }),
          ...(read && { read }),
        }),
      };
    return known.comparison;
  };
}

function isSame(one: readonly unknown[], other: readonly unknown[]): boolean {
  return one.length === other.length && one.every((value, index) => value === other[index]);
}

/** A snapshot in one go, for callers that need not let other work run. */
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

/** Every stage can have a verification; the panel shows the checks of all, and names the stage if there are several. */
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
