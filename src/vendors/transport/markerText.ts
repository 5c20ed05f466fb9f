// What a deployment marker says in one line.
import type { Marker } from '../../model/ports.ts';

export function titleOfMarker({ purpose, version }: Pick<Marker, 'purpose' | 'version'>): string {
  return purpose === 'rollback' ? `Rollback to ${version}` : `Canary of ${version}`;
}
