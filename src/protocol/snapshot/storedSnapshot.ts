// What the store knows of a run besides its events: full reports, typical durations, what a rollback would restore.
import { identityOf } from '../../model/identity.ts';
import type { Feedback } from '../../model/evidence/feedback.ts';
import type { History, RunSummary } from '../../model/history.ts';
import type { Pipeline } from '../../model/pipeline.ts';
import { findLastWorking, type Release } from '../../model/release.ts';
import { stagesOf, type RunState } from '../../model/runs/runState.ts';
import { finishSteps } from '../../model/runs/steps.ts';
import type { Check } from '../../model/evidence/verdict.ts';
import { approvalEnvironment } from './approval/approvalSubject.ts';
import { createSnapshots, type FeedbackSnapshot, type RunSnapshot, type Snapshots } from './snapshot.ts';
import { median } from '../words/statistics.ts';

/** Number of earlier runs that a typical duration is taken from. */
const runsAsked = 15;

export type RunStore = Pick<
  History,
  'events' | 'report' | 'findRun' | 'isRunning' | 'guard' | 'stageDurations' | 'ledger' | 'nodes' | 'release'
>;

/** The time since which no process runs it. */
export function interruption(
  history: Pick<History, 'events' | 'isRunning' | 'guard'>,
  { runId, outcome, lastSeq, startedAtMs }: RunState,
): Pick<RunState, 'interruptedAtMs' | 'guard'> {
  if (outcome !== undefined || history.isRunning(runId)) return {};
  const { act, dueAtMs } = history.guard(runId) ?? {};
  return {
    interruptedAtMs: history.events(runId, lastSeq - 1, 1).at(-1)?.at ?? startedAtMs,
    ...(act !== undefined && dueAtMs !== undefined && { guard: { act, dueAtMs } }),
  };
}

/** The whole snapshot at once, for a terminal or a report. Undefined: the run has recorded nothing yet. */
export function snapshotStored(
  history: RunStore,
  run: RunSummary,
  nowMs: number,
  said: { readonly entries: readonly Feedback[]; readonly feedback?: FeedbackSnapshot },
): { readonly snapshot: RunSnapshot; readonly snapshots: Snapshots } | undefined {
  const snapshots = createSnapshots(run.id);
  snapshots.add(history.events(run.id));
  const { state } = snapshots;
  if (!state) return undefined;
  const usual = usualDurations(history, state);
  const snapshot = finishSteps(
    snapshots.build(nowMs, {
      checks: key => wholeChecks(history, run.id, key),
      expectedMs: stage => usual[stage],
      number: run.number,
      ...interruption(history, state),
      ...releasesThere(history, state, snapshots.pipeline),
      ...said,
    }),
  );
  return snapshot && { snapshot, snapshots };
}

/** The run's state with every check in full where the store still has it. */
export function wholeState(history: Pick<History, 'report'>, state: RunState): RunState {
  return {
    ...state,
    groups: state.groups.map(group =>
      group.map(stage => ({
        ...stage,
        verifications: stage.verifications.map(one => {
          const checks = one.report && wholeChecks(history, state.runId, one.key);
          return checks ? { ...one, report: { ...one.report!, checks } } : one;
        }),
      })),
    ),
  };
}

/** Median durations of the pipeline's stages in its latest good runs, in milliseconds. */
export function usualDurations(
  history: Pick<History, 'stageDurations'>,
  { pipeline, ...identified }: Pick<RunState, 'pipeline' | 'service' | 'identity'>,
): Readonly<Record<string, number>> {
  return Object.fromEntries(
    Object.entries(history.stageDurations(pipeline, runsAsked, identityOf(identified))).flatMap(([stage, those]) => {
      const usual = median(those);
      return usual === null ? [] : [[stage, usual]];
    }),
  );
}

/**
 * What a rollback would restore, and, for an approval, what it would replace: in the environment that the approval is
 * for, otherwise in that of the current stage, or of the last one.
 */
export function releasesThere(
  history: Pick<History, 'ledger' | 'nodes' | 'release'>,
  state: RunState,
  pipeline: Pipeline | undefined,
): { readonly working?: Release; readonly running?: Release } {
  const approved = approvalEnvironment(state, pipeline),
    environment = approved ?? stagesOf(state).findLast(stage => stage.environment !== undefined)?.environment;
  if (environment === undefined) return {};
  const identity = identityOf(state),
    id = findLastWorking(history.ledger(identity, environment), state.release.id);
  const working = id === undefined ? undefined : history.release(id),
    running = approved === undefined ? undefined : runningRelease(history, state, environment);
  return { ...(working && { working }), ...(running && { running }) };
}

/** Undefined if nodes that do not run the new release yet differ, or if it is not known what one of them runs. */
function runningRelease(
  history: Pick<History, 'nodes' | 'release'>,
  state: RunState,
  environment: string,
): Release | undefined {
  const others = history.nodes(identityOf(state), environment).filter(({ release }) => release !== state.release.id),
    [id, ...different] = new Set(others.map(({ release }) => release));
  return id === undefined || id === null || different.length > 0 ? undefined : history.release(id);
}

function wholeChecks(history: Pick<History, 'report'>, runId: string, key: string): readonly Check[] | undefined {
  const report = history.report(runId, key);
  return report && finishSteps(report.read());
}
