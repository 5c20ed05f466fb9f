// The nodes that a run has left changed without passing, and those in an unknown state.
import { changesNodes } from '../../model/runs/runEvents.ts';
import { stagesOf, type RunState, type StageState } from '../../model/runs/runState.ts';

/** Nodes of a stage that did not pass, by its hooks: a hook that succeeded changed them, one that failed may have. */
export function nodesLeft(state: RunState): {
  readonly changed: readonly string[];
  readonly unknown: readonly string[];
} {
  const changed = new Set<string>(),
    unknown = new Set<string>();
  for (const stage of stagesOf(state).filter(
    one => !one.rollback && (one.status === 'failed' || one.status === 'cancelled'),
  )) {
    for (const step of stage.steps.filter(changesNodes))
      for (const node of step.nodes) {
        if (step.status === 'succeeded') changed.add(node);
        else if (mayHaveActed(step)) unknown.add(node);
      }
  }
  return { changed: [...changed], unknown: [...unknown].filter(node => !changed.has(node)) };
}

/** A server that was unreachable or refused the call, and a call that was never made, changed nothing. */
function mayHaveActed({ status, failure }: StageState['steps'][number]): boolean {
  if (status === 'running' || !failure) return true;
  switch (failure.kind) {
    case 'invalid':
    case 'refused':
    case 'unreachable':
    case 'rate-limited':
    case 'unauthorized':
    case 'not-found':
      return false;
    case 'timeout':
    case 'bad-answer':
    case 'no-data':
    case 'hook-failed':
    case 'cancelled':
    case 'overtaken':
    case 'unattended':
    case 'store':
      return true;
    default:
      return failure.kind satisfies never;
  }
}
