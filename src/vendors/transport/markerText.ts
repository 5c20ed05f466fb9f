// What a deployment marker says in one line.
import type { Failure } from '../../model/failure.ts';
import type { Marker } from '../../model/ports.ts';

export function titleOfMarker({ purpose, version }: Pick<Marker, 'purpose' | 'version'>): string {
  return purpose === 'rollback' ? `Rollback to ${version}` : `Canary of ${version}`;
}

/** Of a marker that is never sent twice on a doubt. */
export function sayWhetherPlaced(failure: Failure): Failure {
  const unsure = failure.kind === 'timeout' || failure.kind === 'unreachable' || failure.kind === 'bad-answer';
  return unsure && !failure.hint
    ? { ...failure, hint: 'It is not known whether the marker was placed, so it was not sent again.' }
    : failure;
}
