// Puts annotations into Grafana.
import { fail, succeed } from '../../model/failure.ts';
import type { Outside } from '../../model/outside.ts';
import type { Marker, Markers } from '../../model/ports.ts';
import { member } from '../transport/decode/json.decode.ts';
import { sayWhetherPlaced, titleOfMarker } from '../transport/markerText.ts';
import { askForJson } from '../transport/ownServer.ts';
import type { GrafanaConnection } from './options.ts';

const withinMs = 20_000;
const path = '/api/annotations';

/** A marker is never sent twice on a doubt: each would be an annotation of its own. */
export function createGrafanaMarkers(outside: Outside): Markers {
  const deadlineMs = (): number => outside.clock.now() + withinMs;
  return {
    async place(marker, signal) {
      const connection = marker.connection as GrafanaConnection;
      const what = `Grafana, ${marker.purpose} marker for ${marker.version}`;
      const placed = await askForJson(
        outside,
        connection,
        {
          method: 'POST',
          path,
          parameters: {},
          what,
          deadlineMs: deadlineMs(),
          repeatable: false,
          headers: { 'Content-Type': 'application/json' },
          body: JSON.stringify(annotationOf(marker, connection)),
        },
        signal,
      );
      if (!placed.ok) return { ok: false, failure: sayWhetherPlaced(placed.failure) };
      const id = member(placed.value, 'id');
      return typeof id === 'number'
        ? succeed({ id: String(id) })
        : fail('bad-answer', `${what}: the answer has no id.`);
    },
    /** Whether annotations may be read: a token that may write them may do so too. */
    async check(connection, signal) {
      const call = {
        method: 'GET' as const,
        path,
        parameters: { limit: '1' },
        what: 'Grafana, annotations',
        deadlineMs: deadlineMs(),
      };
      const asked = await askForJson(outside, connection as GrafanaConnection, call, signal);
      return asked.ok ? succeed(undefined) : asked;
    },
  };
}

function annotationOf(marker: Marker, { options: { dashboard, tags } }: GrafanaConnection) {
  return {
    ...(dashboard !== undefined && { dashboardUID: dashboard }),
    time: marker.atMs,
    tags: ['backstop', marker.purpose, marker.version, ...tags],
    text: `${titleOfMarker(marker)}: ${marker.description} By ${marker.by}.`,
  };
}
