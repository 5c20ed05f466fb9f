// Decides what a run may still change: its own journal, and the environments that it has taken. A run that has lost an
// environment to another one can only observe it.
import type { History } from '../../model/history.ts';
import type { RunEventBody } from '../../model/runs/runEvents.ts';
import { TakenOver, type Fence } from '../../model/runs/takenOver.ts';

export interface Fences {
  /** Records that the environment was taken for this stage. */
  take(environment: string, stage: string, fence: Fence): void;
  of(environment: string): Fence | undefined;
  /** False if another process owns the run or the environment by now. */
  mayAct(environment?: string): boolean;
  /** Throws `TakenOver` if `mayAct` is false. */
  require(environment?: string): void;
  /** The fences that must still be held for an event to be journalled. */
  forEvent(body: RunEventBody): readonly Fence[];
}

export function createFences(history: Pick<History, 'holds'>, run: Fence): Fences {
  const environments = new Map<string, Fence>(),
    stages = new Map<string, string>();
  const wanted = (environment: string | undefined): readonly Fence[] => {
    const own = environment === undefined ? undefined : environments.get(environment);
    return own ? [run, own] : [run];
  };
  const lost = (environment?: string): Fence | undefined => wanted(environment).find(fence => !history.holds(fence));
  return {
    take(environment, stage, fence) {
      environments.set(environment, fence);
      stages.set(stage, environment);
    },
    of: environment => environments.get(environment),
    mayAct: environment => lost(environment) === undefined,
    require(environment) {
      const fence = lost(environment);
      if (fence) throw new TakenOver(`${fence.name} was taken by another process since.`, fence);
    },
    forEvent: body => (changes(body) ? wanted(environmentOf(body, stages)) : [run]),
  };
}

export function environmentLease(identity: string, environment: string): string {
  return `${identity}/${environment}`;
}

/** False for events that only record an end or a wait; they may be journalled even if the environment was lost. */
function changes({ type }: RunEventBody): boolean {
  return (
    type !== 'hook-finished' &&
    type !== 'environment-waited-for' &&
    type !== 'stage-finished' &&
    type !== 'question-closed'
  );
}

function environmentOf(body: RunEventBody, stages: ReadonlyMap<string, string>): string | undefined {
  if (body.type === 'hook-intended') return body.call.environment;
  if ('environment' in body && body.environment !== undefined) return body.environment;
  return 'stage' in body ? stages.get(body.stage) : undefined;
}
