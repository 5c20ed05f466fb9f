// Puts change events into Datadog's event management.
import { fail, succeed } from '../../model/failure.ts';
import type { Outside } from '../../model/outside.ts';
import type { Marker, Markers } from '../../model/ports.ts';
import { member, textMember } from '../transport/decode/json.decode.ts';
import { sayWhetherPlaced, titleOfMarker } from '../transport/markerText.ts';
import { askForJson } from '../transport/ownServer.ts';
import { datadogAccess } from './access.ts';
import type { DatadogConnection } from './options.ts';

const withinMs = 20_000;

/** A marker is never sent twice on a doubt. */
export function createDatadogMarkers(outside: Outside): Markers {
  return {
    async place(marker, signal) {
      const connection = marker.connection as DatadogConnection;
      const what = `Datadog, ${marker.purpose} marker for ${marker.version}`;
      const placed = await askForJson(
        outside,
        { ...connection, url: connection.options.intake },
        {
          method: 'POST',
          path: '/api/v2/events',
          parameters: {},
          headers: { 'Content-Type': 'application/json' },
          body: JSON.stringify({ data: { type: 'event', attributes: attributesOf(marker, connection) } }),
          what,
          deadlineMs: outside.clock.now() + withinMs,
          repeatable: false,
          access: datadogAccess,
        },
        signal,
      );
      if (!placed.ok) return { ok: false, failure: sayWhetherPlaced(placed.failure) };
      const event = member(member(member(member(placed.value, 'data'), 'attributes'), 'attributes'), 'evt');
      const id = textMember(event, 'uid') ?? textMember(event, 'id');
      return id === undefined ? fail('bad-answer', `${what}: the answer has no id.`) : succeed({ id });
    },
    // A service is known by the events that name it.
    check: () => Promise.resolve(succeed(undefined)),
  };
}

function attributesOf(marker: Marker, { options: { service = '' } }: DatadogConnection) {
  return {
    title: `${service}: ${titleOfMarker(marker)}`,
    message: marker.description,
    category: 'change',
    integration_id: 'custom-events',
    aggregation_key: marker.runId.slice(0, 100),
    timestamp: new Date(marker.atMs).toISOString(),
    tags: [`service:${service}`, `version:${marker.version}`],
    attributes: {
      author: { name: marker.by, type: 'user' },
      changed_resource: { name: service, type: 'configuration' },
      impacted_resources: [{ name: service, type: 'service' }],
      new_value: { version: marker.version },
    },
  };
}
