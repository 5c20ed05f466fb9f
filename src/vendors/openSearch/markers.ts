// Writes a document for each deployment into an index, with an id of its own: sent twice, it is one document.
import { createHash } from 'node:crypto';
import { succeed } from '../../model/failure.ts';
import type { Outside } from '../../model/outside.ts';
import type { Marker, Markers } from '../../model/ports.ts';
import { titleOfMarker } from '../transport/markerText.ts';
import { askServer } from '../transport/ownServer.ts';
import type { OpenSearchConnection } from './options.ts';
import { callOf } from './search.ts';

const withinMs = 20_000;

export function createOpenSearchMarkers(outside: Outside): Markers {
  return {
    async place(marker, signal) {
      const connection = marker.connection as OpenSearchConnection;
      const id = idOf(marker);
      const call = callOf(connection, {
        method: 'POST',
        path: `/${encodeURIComponent(connection.options.markers ?? '')}/_create/${id}`,
        parameters: {},
        body: JSON.stringify(documentOf(marker)),
        what: `OpenSearch, ${marker.purpose} marker for ${marker.version}`,
        deadlineMs: outside.clock.now() + withinMs,
      });
      const placed = await askServer(outside, connection, call, signal);
      // It came the first time, and the answer did not.
      const isThere = !placed.ok && /\(HTTP 409\)/.test(placed.failure.message);
      return placed.ok || isThere ? succeed({ id }) : placed;
    },
    // The index is made by the first document, unless the server forbids it.
    check: () => Promise.resolve(succeed(undefined)),
  };
}

function idOf({ runId, purpose, version, description, atMs }: Marker): string {
  return createHash('sha256')
    .update(JSON.stringify([runId, purpose, version, description, atMs]))
    .digest('hex')
    .slice(0, 32);
}

function documentOf(marker: Marker) {
  return {
    '@timestamp': new Date(marker.atMs).toISOString(),
    message: titleOfMarker(marker),
    description: marker.description,
    event: { kind: 'event', category: 'configuration', action: marker.purpose, provider: 'backstop' },
    service: { version: marker.version },
    user: { name: marker.by },
    labels: { run: marker.runId },
  };
}
