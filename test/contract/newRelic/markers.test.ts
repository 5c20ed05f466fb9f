// The markers contract: one marker on the entity, by whichever mutation the account has, and never two on a doubt.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createMarkers } from '../../../src/vendors/markers.ts';
import type { EntityName } from '../../../src/vendors/newRelic/options.ts';
import type { Marker } from '../../../src/model/ports.ts';
import { entity, placedOn, setMarkerStage } from './markersStage.ts';
import { transports } from '../faults/vendors.ts';

for (const transport of transports) {
  test(`${transport}: a marker is placed once, with version, run and person`, async context => {
    const { vendors, marker } = await setMarkerStage(context, transport);
    const result = await vendors.clock.drive(createMarkers(vendors).place(marker, new AbortController().signal));
    assert.ok(result.ok, JSON.stringify(result));
    const [event, ...more] = placedOn(vendors);
    assert.deepEqual(more, []);
    assert.equal(event!['deploymentId'], result.value.id);
    assert.deepEqual(
      [event!['version'], event!['groupId'], event!['user'], event!['deploymentType'], event!['entity.guid']],
      ['2.14.0', 'run-1', 'Ada', 'CANARY', entity],
    );
  });

  test(`${transport}: throttling only delays it`, async context => {
    const { vendors, marker } = await setMarkerStage(context, transport);
    vendors.fail(
      { kind: 'status', status: 429, times: 2 },
      { kind: 'graphqlErrors', errorClass: 'TOO_MANY_REQUESTS', times: 1 },
    );
    const result = await vendors.clock.drive(createMarkers(vendors).place(marker, new AbortController().signal));
    assert.ok(result.ok, JSON.stringify(result));
    assert.equal(placedOn(vendors).length, 1);
  });
}

test('a rollback says so', async context => {
  const { vendors, marker } = await setMarkerStage(context, 'in process');
  const result = await vendors.clock.drive(
    createMarkers(vendors).place(
      { ...marker, purpose: 'rollback', version: '2.13.1', description: 'Quality failed' },
      new AbortController().signal,
    ),
  );
  assert.ok(result.ok);
  const [event] = placedOn(vendors);
  assert.equal(event!['description'], 'Rollback: Quality failed');
  assert.equal(event!['changelog'], 'Rollback to 2.13.1');
});

test('where the current mutation is missing the older one is used, and remembered', async context => {
  const { vendors, marker } = await setMarkerStage(context, 'in process');
  vendors.fail({ kind: 'olderSchema' });
  const markers = createMarkers(vendors);
  const first = await vendors.clock.drive(markers.place(marker, new AbortController().signal));
  const second = await vendors.clock.drive(
    markers.place({ ...marker, purpose: 'rollback' }, new AbortController().signal),
  );
  assert.ok(first.ok && second.ok, JSON.stringify([first, second]));
  assert.deepEqual(
    placedOn(vendors).map(event => event['deploymentId']),
    [first.value.id, second.value.id],
  );
  assert.equal(vendors.requests.length, 3);
});

test('a marker that may have arrived is not sent again', async context => {
  const { vendors, marker } = await setMarkerStage(context, 'in process');
  for (const fault of [{ kind: 'malformed' }, { kind: 'status', status: 500 }, { kind: 'drop' }] as const) {
    vendors.requests.length = 0;
    vendors.fail(fault);
    const result = await vendors.clock.drive(createMarkers(vendors).place(marker, new AbortController().signal));
    assert.ok(!result.ok);
    assert.equal(vendors.requests.length, 1, fault.kind);
    assert.match(result.failure.hint ?? '', /not known whether the marker was placed/, fault.kind);
  }
});

test('an unknown entity, a missing one and another vendor are failures', async context => {
  const { vendors, marker } = await setMarkerStage(context, 'in process');
  const markers = createMarkers(vendors);
  const place = (connection: Marker['connection']) =>
    vendors.clock.drive(markers.place({ ...marker, connection }, new AbortController().signal));
  const newRelic = (entity?: string) => ({
    vendor: 'newRelic',
    url: vendors.url,
    credential: 'nr',
    options: { account: 7, ...(entity !== undefined && { entity }) },
  });
  const results = [
    await place(newRelic(Buffer.from('7|APM|APPLICATION|43').toString('base64'))),
    await place(newRelic()),
    await place({ vendor: 'sumoLogic', url: vendors.url, credential: 'sumo' }),
    await place({ ...newRelic(entity), credential: 'missing' }),
  ];
  assert.deepEqual(
    results.map(result => (result.ok ? 'placed' : result.failure.kind)),
    ['invalid', 'invalid', 'invalid', 'unauthorized'],
  );
  assert.deepEqual(placedOn(vendors), []);
});

test('an entity is found by its name over all pages, told apart by its type, and looked for once', async context => {
  const { vendors, marker } = await setMarkerStage(context, 'in process', {
    name: 'storefront',
    domain: 'APM',
    type: 'APPLICATION',
  });
  const markers = createMarkers(vendors);
  assert.deepEqual(await vendors.clock.drive(markers.check(marker.connection, new AbortController().signal)), {
    ok: true,
    value: undefined,
  });
  const asked = vendors.requests.length;
  assert.ok((await vendors.clock.drive(markers.place(marker, new AbortController().signal))).ok);
  assert.equal(placedOn(vendors)[0]!['entity.guid'], entity);
  assert.equal(vendors.requests.length, asked + 1);
});

test('a name that is no entity, or several, is told with what there is', async context => {
  const { vendors, marker } = await setMarkerStage(context, 'in process');
  const check = async (name: EntityName) => {
    const checked = await vendors.clock.drive(
      createMarkers(vendors).check(
        { ...marker.connection, options: { account: 7, entity: name } },
        new AbortController().signal,
      ),
    );
    return checked.ok ? 'found' : [checked.failure.kind, checked.failure.message, checked.failure.hint];
  };
  const host = (id: number) => Buffer.from(`7|INFRA|HOST|${id}`).toString('base64').replace(/=+$/, '');
  assert.deepEqual(await check({ name: 'prod-2' }), [
    'invalid',
    `New Relic, entity "prod-2": account 7 has 2 of that name: prod-2 (INFRA-HOST, ${host(9003)}), ` +
      `prod-2 (INFRA-HOST, ${host(9004)}).`,
    'Give the `entity` of the connection a `type`, or write its GUID.',
  ]);
  assert.deepEqual(await check({ name: 'store', domain: 'APM', type: 'APPLICATION' }), [
    'not-found',
    'New Relic, entity "store": account 7 has no APM-APPLICATION of that name.',
    `It has: storefront (APM-APPLICATION, ${entity}), storefront (INFRA-HOST, ${host(9002)}).`,
  ]);
  assert.deepEqual(await check({ name: "o'neill" }), [
    'not-found',
    'New Relic, entity "o\'neill": account 7 has no entity of that name.',
    'Check the name and the account.',
  ]);
});

test('connections that mark nothing are checked without a question, one that names a GUID with one', async context => {
  const { vendors, marker } = await setMarkerStage(context, 'in process');
  const connections: readonly Marker['connection'][] = [
    { vendor: 'newRelic', url: vendors.url, credential: 'nr', options: { account: 7 } },
    { vendor: 'sumoLogic', url: vendors.url, credential: 'sumo' },
  ];
  for (const connection of connections)
    assert.ok((await createMarkers(vendors).check(connection, new AbortController().signal)).ok);
  assert.deepEqual(vendors.requests, []);
  assert.ok(
    (await vendors.clock.drive(createMarkers(vendors).check(marker.connection, new AbortController().signal))).ok,
  );
  assert.equal(vendors.requests.length, 1);
});
