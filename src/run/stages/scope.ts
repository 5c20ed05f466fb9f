// Cancellation scopes: a tree of signals, each with the failure that explains the cancellation. A shielded scope
// ignores its parents.
import type { Failure } from '../../model/failure.ts';
import type { Clock } from '../../model/ports.ts';

export interface Scope {
  readonly signal: AbortSignal;
  /** The reason for the cancellation; undefined while it is not cancelled. */
  cancelled(): Failure | undefined;
  cancel(failure: Failure): void;
  /** The child is cancelled together with this scope, or alone. */
  child(): Scope;
}

export function createScope(parent?: Scope): Scope {
  const controller = new AbortController();
  let why: Failure | undefined;
  const scope: Scope = {
    signal: controller.signal,
    cancelled: () => why,
    cancel(failure) {
      if (why) return;
      why = failure;
      controller.abort();
    },
    child: () => createScope(scope),
  };
  if (parent) {
    const passOn = (): void => scope.cancel(parent.cancelled()!);
    if (parent.signal.aborted) passOn();
    else parent.signal.addEventListener('abort', passOn, { once: true });
  }
  return scope;
}

/** Work in this scope finishes even if the run is cancelled, as long as this process owns the run. */
export function createShield(ended: AbortSignal): Scope {
  const scope = createScope();
  const end = (): void => scope.cancel({ kind: 'overtaken', message: 'This process has nothing more to do with it.' });
  if (ended.aborted) end();
  else ended.addEventListener('abort', end, { once: true });
  return scope;
}

/** Runs `body` in a child scope that is cancelled when the time is over. */
export async function withTimeout<T>(
  parent: Scope,
  timeoutMs: number,
  what: string,
  clock: Clock,
  body: (scope: Scope) => Promise<T>,
): Promise<T> {
  const scope = parent.child();
  const done = new AbortController();
  const watch = sleepAwake(clock, timeoutMs, AbortSignal.any([done.signal, scope.signal])).then(() => {
    if (done.signal.aborted) return;
    scope.cancel({
      kind: 'timeout',
      message: `${what} took longer than ${timeoutMs / 1000} s.`,
      hint: 'Raise its timeout in the pipeline file if that is to be expected.',
    });
  });
  try {
    return await body(scope);
  } finally {
    done.abort();
    await watch;
  }
}

const awakeStepMs = 30_000;

/**
 * Counts only the time during which the machine was awake; on some systems the monotonic clock continues during sleep.
 */
async function sleepAwake(clock: Clock, durationMs: number, signal: AbortSignal): Promise<void> {
  for (let leftMs = durationMs; leftMs > 0 && !signal.aborted; leftMs -= awakeStepMs)
    await clock.sleep(Math.min(leftMs, awakeStepMs), signal);
}
