// A hook that runs while a phase is verified, such as a load test. It starts when the nodes run the release, stops with
// the phase, and is found again after a crash.
import type { Failure } from '../../model/failure.ts';
import type { PlannedPhase } from '../../model/runs/plan.ts';
import { callHook, phaseOver } from '../callHook.ts';
import { findGoodEnd, findOwnDecision, type Canary, type PhaseLoad } from './canary.ts';
import { createScope, type Scope } from './scope.ts';

export function startLoad(canary: Canary, phase: PlannedPhase): PhaseLoad | undefined {
  if (phase.during === undefined) return undefined;
  const own = canary.scope.child();
  let failure: Failure | undefined;
  const ended = run(canary, phase.during, phase.number, phase.canaryNodes, own).then(failed => {
    // A time-out only ends the load; without load, the verification itself reports that it measured too little.
    if (!failed || failed.kind === 'timeout' || failed.kind === 'cancelled') return;
    failure = failed;
    if (canary.outer && canary.stage.onFailure.kind !== 'ignore') canary.scope.cancel(failed);
  });
  ended.catch(canary.context.breakOff);
  return { stop: () => own.cancel(phaseOver), ended, failure: () => failure };
}

/** Ends hooks that an earlier process started for phases that are already decided. */
export async function endEarlierLoads(canary: Canary): Promise<void> {
  const {
    context: { journal },
    stage,
    planned,
  } = canary;
  const over = createScope();
  over.cancel(phaseOver);
  for (const phase of planned.phases.filter(one => findOwnDecision(canary, one) ?? findGoodEnd(canary, one))) {
    const open = journal.find(
      'hook-intended',
      ({ call }) =>
        call.stage === stage.name &&
        call.phase === phase.number &&
        call.purpose === 'during' &&
        journal.find('hook-finished', event => event.key === call.key) === undefined,
    );
    if (open) await run(canary, open.call.hook, phase.number, phase.canaryNodes, over);
  }
}

async function run(
  { context, stage }: Canary,
  hook: string,
  phase: number,
  nodes: readonly string[],
  scope: Scope,
): Promise<Failure | undefined> {
  const { name, environment } = stage;
  const { release } = context;
  const task = { hook, purpose: 'during', stage: name, environment, nodes, phase, release } as const;
  return (await callHook(context, task, scope)).failure;
}
