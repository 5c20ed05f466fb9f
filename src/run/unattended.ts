// The end of a run that no one resumes: its guardian runs it, as the pipeline says under `unattended`.
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
    message: `Nobody continued this run for ${time} after its process ended: ${endings[act]}, as the pipeline says.`,
  };
}

/** A run that is to be rolled back is cancelled wherever it stands. */
export function cancelUnattended({ unattended }: RunContext, scope: Scope): void {
  if (unattended?.act === 'rollback') scope.cancel(describe(unattended));
}

/** Why no further stage, phase or deployment is begun; undefined where it may be. */
export function findStandstill({ unattended }: RunContext): Failure | undefined {
  return unattended?.act === 'hold' || unattended?.act === 'promote-never' ? describe(unattended) : undefined;
}

/** Why not even what runs already is judged. */
export function findHold({ unattended }: RunContext): Failure | undefined {
  return unattended?.act === 'hold' ? describe(unattended) : undefined;
}
