// The markers contract, CDEvents: an event for each deployment with an id of its own, so that one which is sent twice
// is the same.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { TestContext } from 'node:test';
import { withFaults } from '../../../src/demo/faults/faults.ts';
import { jsonResponse, textResponse, type Handler } from '../../../src/demo/servers/httpServer.ts';
import type { Marker } from '../../../src/model/ports.ts';
import { createMarkers } from '../../../src/vendors/markers.ts';
import { startVendor, transports, type Transport, type Vendors } from '../faults/vendors.ts';

interface Stage {
  readonly vendors: Vendors;
  readonly events: readonly { readonly type: string; readonly id: string; readonly data: unknown }[];
  place(more?: Partial<Marker>): ReturnType<ReturnType<typeof createMarkers>['place']>;
}

async function setStage(context: TestContext, transport: Transport): Promise<Stage> {
  const events: Stage['events'][number][] = [];
  const vendors = await startVendor(context, 'other', transport, parts => {
    const answer: Handler = ({ headers, path, method, body }) => {
      if (headers['x-token'] !== 'hookTOKENsecret') return Promise.resolve(textResponse(403, 'no'));
      if (path !== '/cdevents' || method !== 'POST') return Promise.resolve(textResponse(404, 'no'));
      if (headers['content-type'] !== 'application/cloudevents+json') return Promise.resolve(textResponse(415, 'no'));
      events.push(JSON.parse(body) as Stage['events'][number]);
      return Promise.resolve(jsonResponse(202, {}));
    };
    return withFaults('other', parts.faults, parts.sleep, status => textResponse(status, 'The proxy says no.'), answer);
  });
  const marker: Marker = {
    connection: {
      vendor: 'cdEvents',
      url: `${vendors.url}/cdevents`,
      credential: 'hook',
      marks: true,
      options: { header: 'X-Token', service: 'shop & more', environment: 'production' },
    },
    version: '2.14.0',
    purpose: 'canary',
    description: 'Backstop deploys shop.',
    by: 'Ada',
    runId: 'run-1',
    atMs: Date.UTC(2026, 0, 30, 12),
  };
  const place: Stage['place'] = (more = {}) =>
    vendors.clock.drive(createMarkers(vendors).place({ ...marker, ...more }, new AbortController().signal));
  return { vendors, events, place };
}

for (const transport of transports)
  test(`${transport}: a deployment and a rollback are events of the service, with what it runs`, async context => {
    const { events, place } = await setStage(context, transport);
    assert.ok((await place()).ok);
    assert.ok((await place({ purpose: 'rollback', version: '2.13.1' })).ok);
    const [deployed, back] = events;
    const { id } = deployed!;
    const type = 'dev.cdevents.service.upgraded.0.2.0',
      timestamp = '2026-01-30T12:00:00.000Z';
    assert.deepEqual(deployed, {
      ...{ specversion: '1.0', id, source: '/backstop', type, time: timestamp, subject: 'shop & more' },
      datacontenttype: 'application/json',
      data: {
        context: { version: '0.4.1', id, source: '/backstop', type, timestamp },
        subject: {
          ...{ id: 'shop & more', source: '/backstop', type: 'service' },
          content: { environment: { id: 'production' }, artifactId: 'pkg:generic/shop%20%26%20more@2.14.0' },
        },
        customData: { title: 'Canary of 2.14.0', description: 'Backstop deploys shop.', by: 'Ada', run: 'run-1' },
        customDataContentType: 'application/json',
      },
    });
    assert.equal(back!.type, 'dev.cdevents.service.rolledback.0.2.0');
    assert.notEqual(back!.id, id);
  });

test('an event whose answer was lost is sent again, as the same event', async context => {
  const { vendors, events, place } = await setStage(context, 'in process');
  vendors.fail({ kind: 'lostAnswer', times: 1 });
  const placed = await place();
  assert.ok(placed.ok, JSON.stringify(placed));
  assert.equal(new Set(events.map(({ id }) => id)).size, 1);
  assert.equal(events[0]!.id, placed.value.id);
});

test('a webhook that is not there is a failure, and nothing is sent to look', async context => {
  const { vendors, place } = await setStage(context, 'in process');
  const connection = { vendor: 'cdEvents', url: `${vendors.url}/other`, credential: 'hook', marks: true } as const;
  const options = { header: 'X-Token', service: 'shop', environment: 'production' };
  const refused = await place({ connection: { ...connection, options } });
  assert.ok(!refused.ok);
  const before = vendors.requests.length;
  const checked = createMarkers(vendors).check({ ...connection, options }, new AbortController().signal);
  assert.ok((await checked).ok);
  assert.equal(vendors.requests.length, before);
});
