// A hook that runs while a phase is verified, such as a load test: started once the nodes run the release, stopped
// with the phase, and found again after a crash.
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
    // Without load the verification says itself that it measured too little: a time-out ends it, and no more.
    if (!failed || failed.kind === 'timeout' || failed.kind === 'cancelled') return;
    failure = failed;
    if (canary.outer && canary.stage.onFailure.kind !== 'ignore') canary.scope.cancel(failed);
  });
  ended.catch(canary.context.breakOff);
  return { stop: () => own.cancel(phaseOver), ended, failure: () => failure };
}

/** A hook that an earlier process started for a phase that has been decided keeps running until it is ended. */
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
