// Chooses the earlier run that a verification is compared with: the one that a person pinned or the pipeline names;
// otherwise, if no node is left on the old release, the last good one, or else the earlier phase of this run.
import { identityOf } from '../../../model/identity.ts';
import type { EarlierRun } from '../../../model/evidence/analysis.ts';
import type { RunEvent } from '../../../model/runs/runEvents.ts';
import type { RunSummary } from '../../../model/history.ts';
import type { LackingRun } from '../../../model/evidence/verdict.ts';
import type { CheckTask } from './checkTask.ts';
import type { RunContext } from '../../context.ts';

type Started = RunEvent & { readonly type: 'verification-started' };
/** The choice as the journal has it, so that a resumed run is compared with the same earlier run. */
export type Against = Pick<Started, 'against' | 'lacking'>;

/** Applies to canary phases only: a watch has no load of its own, and a rollback is verified against what runs now. */
export function chooseRun(context: RunContext, task: CheckTask): Against {
  if (task.purpose !== 'canary') return {};
  const {
    verification: { baseline },
  } = task;
  const named = baseline === undefined ? undefined : findNamed(context, task, baseline);
  if (named && 'run' in named)
    return {
      against: {
        mode: 'load-test',
        runId: named.run.id,
        number: named.run.number,
        ...(named.by !== undefined && { by: named.by }),
      },
    };
  const against = task.baselineNodes.length === 0 ? findLast(context, task) : undefined;
  return { ...(against && { against }), ...(named && { lacking: named.lacking }) };
}

/** The first run of a pipeline has no run before it, but its earlier phase was compared with the old release. */
function findLast(context: RunContext, task: CheckTask): Against['against'] {
  const {
    runId,
    ports: { history },
  } = context;
  const last = history.lastGoodRun(runId, task.environment);
  if (last && refuse(context, task, last) === undefined)
    return { mode: 'learned', runId: last.id, number: last.number };
  const own = history.findRun(runId);
  return own && refuse(context, task, own) === undefined ? { mode: 'phase', runId, number: own.number } : undefined;
}

type Named = { readonly run: RunSummary; readonly by?: string } | { readonly lacking: LackingRun };

function findNamed(
  context: RunContext,
  task: CheckTask,
  baseline: NonNullable<CheckTask['verification']['baseline']>,
): Named {
  const {
    ports: { history },
    pipeline,
  } = context;
  const { name } = pipeline,
    identity = identityOf(pipeline);
  const pin = baseline === 'pinned' ? history.pinned(name, identity, task.environment) : undefined;
  const wanted = baseline === 'pinned' ? 'pinned' : baseline.run;
  const found = baseline === 'pinned' ? pin && history.findRun(pin.runId) : history.findRun(String(baseline.run));
  if (!found || found.pipeline !== name || identityOf(found) !== identity || found.id === context.runId)
    return { lacking: { wanted, why: 'none' } };
  const why = refuse(context, task, found);
  return why ? { lacking: { wanted: found.number, why } } : { run: found, ...(pin && { by: pin.by }) };
}

function refuse(
  { ports: { history } }: RunContext,
  { environment, key, verification: { intervalMs } }: CheckTask,
  { id }: RunSummary,
): LackingRun['why'] | undefined {
  const kept = history.evidence(id, environment, keyOf(key));
  return !kept ? 'no-evidence' : intervalMs % kept.intervalMs === 0 ? undefined : 'other-interval';
}

/** Undefined if the stored evidence has been removed in the meantime. */
export function readRun(
  { ports: { history } }: RunContext,
  { environment, key }: CheckTask,
  { against }: Against,
): EarlierRun | undefined {
  const kept = against && history.evidence(against.runId, environment, keyOf(key));
  return (
    kept &&
    against && {
      mode: against.mode,
      run: against.number,
      ...(against.by !== undefined && { by: against.by }),
      evidence: kept.evidence,
    }
  );
}

/** A verification that was started again counts as the same one. */
export function keyOf(key: string): string {
  return key.replace(/\/again-\d+$/, '');
}
