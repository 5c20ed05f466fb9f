// Places deployment markers: finds the vendor by the connection's kind.
import { fail, succeed } from '../model/failure.ts';
import type { Markers } from '../model/ports.ts';
import type { NerdGraphDeps } from './newRelic/nerdGraph.ts';
import { createNewRelicMarkers } from './newRelic/markers.ts';

export function createMarkers(deps: NerdGraphDeps): Markers {
  const newRelic = createNewRelicMarkers(deps);
  return {
    async place(marker, signal) {
      const { connection } = marker;
      if (connection.kind !== 'newRelic')
        return fail('invalid', `A connection of kind ${connection.kind} takes no deployment markers.`);
      return newRelic.place({ ...marker, connection }, signal);
    },
    async check(connection, signal) {
      return connection.kind === 'newRelic' && connection.entity !== undefined
        ? newRelic.check(connection, signal)
        : succeed(undefined);
    },
  };
}
