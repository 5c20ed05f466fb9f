// Allows one run per environment at a time: holds the environment's lease while a stage works on it. If the environment
// is busy, the stage waits or gives up, as the pipeline says.
import { fail, StoreError, succeed, type Failure, type Result } from '../../model/failure.ts';
import { identityOf, plainLease } from '../../model/identity.ts';
import type { OpenHook } from '../../model/history.ts';
import type { Ports } from '../../model/ports.ts';
import type { RunContext } from '../context.ts';
import { environmentLease } from './fence.ts';
import { patiently } from './patience.ts';
import { findOvertaker } from './overtaken.ts';
import type { Scope } from '../stages/scope.ts';
import { changesNodes } from '../../model/runs/runEvents.ts';

export const leaseMs = 30_000;
const queuePollMs = 1_000;

export async function withEnvironment<T>(
  context: RunContext,
  stage: string,
  environment: string,
  scope: Scope,
  body: (scope: Scope) => Promise<T>,
  keepIf: (value: T) => boolean = () => false,
): Promise<Result<T>> {
  const taken = await takeEnvironment(context, stage, environment, scope);
  if (!taken.ok) return taken;
  const work = async (held: Scope): Promise<T> => {
    const value = await body(held);
    // The writes must be stored before the lease is released, because the store refuses them afterwards.
    await context.kept();
    return value;
  };
  return succeed(await holdLease(context.ports, context.runId, taken.value, scope, work, keepIf));
}

/**
 * Keeps the environment until the run ends, so that no other run acts between two of its stages. The lease is renewed
 * continuously and released at the end of the run.
 */
export async function keepEnvironment(
  context: RunContext,
  stage: string,
  environment: string,
  scope: Scope,
): Promise<Result<void>> {
  const taken = await takeEnvironment(context, stage, environment, scope);
  if (!taken.ok) return taken;
  const { ports, runId, over, breakOff } = context;
  const renewing = keepRenewing(ports, runId, taken.value, over, failure => scope.cancel(failure));
  renewing.then(() => patiently(ports.clock, () => ports.history.releaseLease(taken.value, runId))).catch(breakOff);
  return succeed(undefined);
}

/**
 * Renews a lease that is already held while `body` runs, then releases it. Losing the lease cancels the scope of
 * `body`.
 */
export async function holdLease<T>(
  ports: Pick<Ports, 'history' | 'clock'>,
  runId: string,
  name: string,
  scope: Scope,
  body: (scope: Scope) => Promise<T>,
  keepIf: (value: T) => boolean = () => false,
): Promise<T> {
  const held = scope.child();
  const done = new AbortController();
  const renewing = keepRenewing(ports, runId, name, done.signal, failure => held.cancel(failure));
  let kept = false;
  try {
    const value = await body(held);
    kept = keepIf(value);
    return value;
  } finally {
    done.abort();
    await renewing;
    if (!kept) await patiently(ports.clock, () => ports.history.releaseLease(name, runId));
  }
}

/**
 * Returns the name of the lease, made of service and environment. A waiting run keeps its place in the queue until it
 * is cancelled.
 */
async function takeEnvironment(
  context: RunContext,
  stage: string,
  environment: string,
  scope: Scope,
): Promise<Result<string>> {
  const {
    ports: { history, clock },
    pipeline,
    journal,
    fences,
  } = context;
  const name = environmentLease(identityOf(pipeline), environment);
  const mayWait = pipeline.environments[environment]?.whenBusy !== 'refuse';
  const giveUp = async (failure: Failure): Promise<Result<string>> => {
    await patiently(clock, () => history.releaseLease(name, context.runId));
    return { ok: false, failure };
  };
  for (;;) {
    let overtaken = findOvertaker(context, environment);
    if (overtaken) return giveUp(overtaken);
    const answer = await patiently(clock, () =>
      history.acquireLease(name, context.runId, leaseMs, {
        queue: mayWait,
        refuse() {
          overtaken = findOvertaker(context, environment);
          return overtaken?.message ?? findHookUnderWay(context, environment);
        },
      }),
    );
    if (answer.held) {
      fences.take(environment, stage, { name, generation: answer.generation });
      return succeed(name);
    }
    if (overtaken) return giveUp(overtaken);
    const cancelled = scope.cancelled();
    if (cancelled) return giveUp(cancelled);
    if (!mayWait) {
      return fail('refused', `Environment ${environment} is busy: ${answer.by}.`, {
        hint: 'Wait for it, cancel it, or say `whenBusy: queue` for this environment.',
      });
    }
    journal.recordOnce(
      { type: 'environment-waited-for', stage, environment, heldBy: answer.by },
      event => event.stage === stage && event.heldBy === answer.by,
    );
    await clock.sleep(queuePollMs, scope.signal);
  }
}

/** A hook of another run that still runs blocks the environment, even if the process that started it has ended. */
function findHookUnderWay({ ports, pipeline, runId }: RunContext, environment: string): string | undefined {
  const hook = ports.history
    .openHooks(identityOf(pipeline), environment)
    .find(open => open.runId !== runId && changesNodes(open.call) && ports.hooks.isUnderWay(open));
  return hook && nameHook(hook);
}

function nameHook({ number, call }: OpenHook): string {
  return (
    `run ${number}, whose hook ${call.hook}${call.nodes.length ? ` on ${call.nodes.join(', ')}` : ''} is still ` +
    'running'
  );
}

async function keepRenewing(
  { history, clock }: Pick<Ports, 'history' | 'clock'>,
  runId: string,
  name: string,
  done: AbortSignal,
  onLost: (failure: Failure) => void,
): Promise<void> {
  let isLocked = false;
  while (!done.aborted) {
    await clock.sleep(isLocked ? queuePollMs : leaseMs / 3, done);
    if (done.aborted) return;
    const renewed = tryToRenew(history, runId, name);
    if (typeof renewed === 'object') return onLost(renewed);
    isLocked = renewed === 'locked';
  }
}

/** While the store is locked, no other process can take the lease either. */
function tryToRenew(history: Ports['history'], runId: string, name: string): 'renewed' | 'locked' | Failure {
  try {
    return history.renewLease(name, runId)
      ? 'renewed'
      : {
          kind: 'overtaken',
          message: `The lease on ${plainLease(name)} was lost: another run took it while this one did not respond.`,
        };
  } catch (error) {
    if (error instanceof StoreError && error.passes) return 'locked';
    return {
      kind: 'store',
      message:
        `The lease on ${plainLease(name)} could not be renewed: ` +
        (error instanceof Error ? error.message : String(error)),
    };
  }
}
