// Sends a CDEvent of the specification 0.4.1 for each deployment, as a CloudEvent in its structured form.
import { createHash } from 'node:crypto';
import { succeed } from '../../model/failure.ts';
import type { Outside } from '../../model/outside.ts';
import type { Marker, Markers } from '../../model/ports.ts';
import { titleOfMarker } from '../transport/markerText.ts';
import { askServer } from '../transport/ownServer.ts';
import type { CdEventsConnection } from './options.ts';

const withinMs = 20_000;
const source = '/backstop';
const types = {
  canary: 'dev.cdevents.service.upgraded.0.2.0',
  rollback: 'dev.cdevents.service.rolledback.0.2.0',
} as const;

/** Its source and id make an event the same one, however often it comes. */
export function createCdEventsMarkers(outside: Outside): Markers {
  return {
    async place(marker, signal) {
      const connection = marker.connection as CdEventsConnection;
      const event = eventOf(marker, connection);
      const sent = await askServer(
        outside,
        connection,
        {
          method: 'POST',
          path: '',
          parameters: {},
          deadlineMs: outside.clock.now() + withinMs,
          headers: { 'Content-Type': 'application/cloudevents+json' },
          body: JSON.stringify(event),
          what: `CDEvents, ${marker.purpose} event for ${marker.version}`,
        },
        signal,
      );
      return sent.ok ? succeed({ id: event.id }) : sent;
    },
    // It can only be sent an event, and that would tell of a deployment.
    check: () => Promise.resolve(succeed(undefined)),
  };
}

function eventOf(marker: Marker, { options: { service, environment } }: CdEventsConnection) {
  const { purpose, version, runId, atMs, by, description } = marker;
  const id = createHash('sha256')
    .update(JSON.stringify([runId, purpose, version, description, atMs]))
    .digest('hex')
    .slice(0, 32);
  const type = types[purpose],
    timestamp = new Date(atMs).toISOString();
  const artifactId = `pkg:generic/${encodeURIComponent(service)}@${encodeURIComponent(version)}`;
  return {
    specversion: '1.0',
    id,
    source,
    type,
    time: timestamp,
    subject: service,
    datacontenttype: 'application/json',
    data: {
      context: { version: '0.4.1', id, source, type, timestamp },
      subject: {
        id: service,
        source,
        type: 'service',
        content: { environment: { id: environment }, artifactId },
      },
      customData: { title: titleOfMarker(marker), description, by, run: runId },
      customDataContentType: 'application/json',
    },
  };
}
