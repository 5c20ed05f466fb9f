// Follows one run in the store, whichever process writes it: reads new events in slices and makes the next snapshot.
import type { Pipeline } from '../../model/pipeline.ts';
import type { BuildRange, Commits } from '../../model/ports.ts';
import type { Release } from '../../model/release.ts';
import { newBuilds } from '../../protocol/snapshot/approval/snapshotCommits.ts';
import type { Feedback } from '../../model/evidence/feedback.ts';
import type { Result } from '../../model/failure.ts';
import type { Engine } from '../../model/runs/engine.ts';
import { stagesOf, type RunState } from '../../model/runs/runState.ts';
import type { Check, Outcome } from '../../model/evidence/verdict.ts';
import { wouldBeSentence } from '../../protocol/words/feedbackSentences.ts';
import {
  createSnapshots,
  type FeedbackSnapshot,
  type RunSnapshot,
  type SnapshotSources,
} from '../../protocol/snapshot/snapshot.ts';
import type { Neighbours } from '../../protocol/snapshot/snapshotNeighbours.ts';
import type { PlacedCluster } from '../../protocol/snapshot/snapshotCluster.ts';
import { interruption, releasesThere, type RunStore, usualDurations } from '../../protocol/snapshot/storedSnapshot.ts';
import type { PageOf } from '../../protocol/snapshot/snapshotQueries.ts';
import type { VendorDefinition } from '../../vendors/vendor.ts';
import { queryPages } from './queryPages.ts';
import { latestVerification } from '../../protocol/words/latestVerification.ts';
import { runInSlices, yieldToEventLoop } from '../yieldToEventLoop.ts';

export interface RunFollower {
  /** Undefined: the run does not exist. One call at a time. */
  next(): Promise<RunSnapshot | undefined>;
  readonly state: RunState | undefined;
  /** The cluster with this id in the latest snapshot, in full. */
  find(cluster: string): PlacedCluster | undefined;
  /** The known cluster nearest to it, if that one is shown too. */
  nearestOf(cluster: string): PlacedCluster | undefined;
}
/** The feedback of the run's folder. */
export interface FeedbackSource {
  /** Why clusters of this run cannot be marked here. */
  readonly refused?: string;
  /** Absent if the folder is not open. */
  readonly engine?: Pick<Engine, 'feedback' | 'reconsider' | 'mark' | 'unmark'>;
}
export interface RunFollowerOptions {
  readonly runId: string;
  readonly history: RunStore;
  readonly now: () => number;
  readonly feedback: (state: RunState) => Promise<FeedbackSource>;
  /** Whether the pipeline of the run is in an open folder; absent: nothing is asked of it. */
  readonly isHere?: (state: RunState) => boolean;
  /** What only the panel shows: the plan of a run that waits for an approval, and what is in configuration files. */
  readonly details?: Required<Pick<SnapshotSources, 'layOut' | 'read'>>;
  /** What was committed between two builds; it is asked once for each pair, and nothing waits for it. */
  readonly commits?: (pipeline: Pipeline, range: BuildRange) => Promise<Result<Commits>>;
  readonly neighbours?: () => Neighbours;
  /** Absent: queries have no page to open. */
  readonly vendors?: () => Promise<readonly VendorDefinition[]>;
}

/** Number of events in a slice. */
const eventsAtOnce = 40;

export function followRun(options: RunFollowerOptions): RunFollower {
  const { runId, history, now, feedback, isHere = () => true, details, neighbours, vendors } = options;
  const snapshots = createSnapshots(runId);
  const reports = keepReports(history, runId);
  const commitsBetween = keepCommits(options.commits);
  let expected: Readonly<Record<string, number>> | undefined;
  let pageOf: PageOf | undefined;
  let lastSeq = 0;

  async function readEvents(): Promise<void> {
    for (;;) {
      const events = history.events(runId, lastSeq, eventsAtOnce);
      snapshots.add(events);
      lastSeq = events.at(-1)?.seq ?? lastSeq;
      if (events.length < eventsAtOnce) return;
      await yieldToEventLoop();
    }
  }

  return {
    async next() {
      await readEvents();
      const { state } = snapshots;
      if (!state) return undefined;
      expected ??= usualDurations(history, state);
      if (vendors) pageOf ??= queryPages(await vendors());
      await reports.read(state);
      const number = history.findRun(runId)?.number,
        there = releasesThere(history, state, snapshots.pipeline),
        between = commitsBetween(snapshots.pipeline, there.running, state.release);
      return runInSlices(
        snapshots.build(now(), {
          checks: reports.checks,
          expectedMs: stage => expected?.[stage],
          ...(number !== undefined && { number }),
          ...interruption(history, state),
          ...there,
          ...(between && { commits: between }),
          ...details,
          isElsewhere: !isHere(state),
          ...(neighbours && { neighbours: neighbours() }),
          ...(pageOf && { pageOf }),
          ...readFeedback(await feedback(state), state, reports),
        }),
      );
    },
    get state() {
      return snapshots.state;
    },
    find: cluster => snapshots.find(cluster),
    nearestOf: cluster => snapshots.nearestOf(cluster),
  };
}

/** Answers at once what was committed between two builds: undefined until it is known. */
function keepCommits(
  commits: RunFollowerOptions['commits'],
): (pipeline: Pipeline | undefined, running: Release | undefined, next: Release) => Commits | undefined {
  const known = new Map<string, Commits | undefined>();
  return (pipeline, running, next) => {
    const range = newBuilds(running?.artifact, next.artifact);
    if (!commits || !range || !pipeline) return undefined;
    const pair = `${range.after}-${range.to}`;
    if (!known.has(pair)) {
      known.set(pair, undefined);
      void commits(pipeline, range).then(found => found.ok && known.set(pair, found.value));
    }
    return known.get(pair);
  };
}

/** The stored reports of the run's verifications, each read again only after a later evaluation. */
interface Reports {
  read(state: RunState): Promise<void>;
  checks(key: string): readonly Check[] | undefined;
}

function keepReports(history: RunStore, runId: string): Reports {
  const known = new Map<string, { readonly lookedAtMs: number; readonly checks: readonly Check[] }>();
  return {
    async read(state) {
      for (const { key } of verificationsOf(state)) {
        const found = history.report(runId, key);
        if (found && found.lookedAtMs !== known.get(key)?.lookedAtMs)
          known.set(key, { lookedAtMs: found.lookedAtMs, checks: await runInSlices(found.read()) });
      }
    },
    checks: key => known.get(key)?.checks,
  };
}

function readFeedback(
  { engine, refused }: FeedbackSource,
  state: RunState,
  reports: Reports,
): { readonly entries?: readonly Feedback[]; readonly feedback: FeedbackSnapshot } {
  const said = refused === undefined ? {} : { refused };
  const read = engine?.feedback();
  if (!engine || !read) return { feedback: said };
  if (!read.ok) return { feedback: { ...said, problem: problemOf(read) } };
  const wouldBe =
    state.outcome === undefined ? undefined : changedOutcome(state, reports, checks => engine.reconsider(checks));
  return { entries: read.value, feedback: { ...said, ...(wouldBe && { wouldBe: wouldBeSentence(wouldBe) }) } };
}

/** What the verification that the run ended with would say now; undefined if that is the same. */
function changedOutcome(
  state: RunState,
  reports: Reports,
  reconsider: (checks: readonly Check[]) => Outcome,
): Outcome | undefined {
  const last = verificationsOf(state).at(-1);
  const outcome = last?.report && reconsider(reports.checks(last.key) ?? last.report.checks);
  return outcome === last?.report?.outcome ? undefined : outcome;
}

function verificationsOf(state: RunState): readonly NonNullable<ReturnType<typeof latestVerification>>[] {
  return stagesOf(state).flatMap(stage => latestVerification(stage) ?? []);
}

function problemOf<T>(read: Extract<Result<T>, { ok: false }>): string {
  return [read.failure.message, read.failure.hint].filter(Boolean).join(' ');
}
