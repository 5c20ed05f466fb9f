// Ends a run that no one resumed: its guardian runs it as the pipeline says under `unattended`.
import type { Failure } from '../model/failure.ts';
import type { Unattended } from '../model/pipeline.ts';
import type { RunContext } from './context.ts';
import type { Scope } from './stages/scope.ts';

const endings: Readonly<Record<Unattended['act'], string>> = {
  rollback: 'its nodes go back to the last working release',
  hold: 'it ends where it stands',
  'promote-never': 'no further node is upgraded',
  resume: 'it continues',
  nothing: 'nothing is done',
};

function describe({ afterMs, act }: Unattended): Failure {
  const time = afterMs < 120_000 ? `${Math.round(afterMs / 1000)} s` : `${Math.round(afterMs / 60_000)} min`;
  return {
    kind: 'unattended',
    message: `No one resumed this run within ${time} after its process ended: ${endings[act]}, as the pipeline says.`,
  };
}

/** Cancels the run, wherever it is, if it is to be rolled back. */
export function cancelUnattended({ unattended }: RunContext, scope: Scope): void {
  if (unattended?.act === 'rollback') scope.cancel(describe(unattended));
}

/** The reason why no further stage, phase or deployment begins; undefined if they may begin. */
export function findStandstill({ unattended }: RunContext): Failure | undefined {
  return unattended?.act === 'hold' || unattended?.act === 'promote-never' ? describe(unattended) : undefined;
}

/** The reason why not even the current phase is judged; undefined if it may be. */
export function findHold({ unattended }: RunContext): Failure | undefined {
  return unattended?.act === 'hold' ? describe(unattended) : undefined;
}
