// The markers contract: one marker on the entity, by whichever mutation the account has, and never two on a doubt.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { TestContext } from 'node:test';
import type { Http } from '../../src/adapters/http.ts';
import { createMarkers } from '../../src/adapters/markers.ts';
import { createNewRelicServer } from '../../src/demo/newRelicServer.ts';
import type { Marker } from '../../src/model/ports.ts';
import { startVendor, transports } from './vendors.ts';
import type { Transport, Vendors } from './vendors.ts';

const entity = Buffer.from('7|APM|APPLICATION|42').toString('base64').replace(/=+$/, '');

async function setStage(context: TestContext, transport: Transport): Promise<{ readonly vendors: Vendors; readonly marker: Marker }> {
  const vendors = await startVendor(context, 'newRelic', transport, parts => createNewRelicServer({ ...parts, accountId: 7, apiKey: 'NRAK-CONTRACTTESTKEY', entityGuid: entity, hosts: ['prod-1'] }).handle);
  const connection = { kind: 'newRelic', url: vendors.url, account: 7, credential: 'nr', entity } as const;
  return { vendors, marker: { connection, version: '2.14.0', purpose: 'canary', description: 'Canary phase 1', by: 'Ada', runId: 'run-1', atMs: vendors.clock.now() } };
}

function placed({ telemetry, clock }: Vendors) {
  return telemetry.events('Deployment', clock.now() - 60_000, clock.now() + 60_000).map(event => event.attributes);
}

/** An account whose API has the older mutation only. */
function withoutEvents(http: Http): Http {
  return {
    request: request => request.body?.includes('changeTrackingCreateEvent')
      ? Promise.resolve({ ok: true, value: { status: 200, headers: {}, cookies: [], bytes: new TextEncoder().encode('{"errors":[{"message":"Cannot query field \\"changeTrackingCreateEvent\\" on type \\"RootMutationType\\"."}]}') } })
      : http.request(request),
  };
}

for (const transport of transports) {
  test(`${transport}: a marker is placed once, with version, run and person`, async context => {
    const { vendors, marker } = await setStage(context, transport);
    const result = await vendors.clock.drive(createMarkers(vendors).place(marker, new AbortController().signal));
    assert.ok(result.ok, JSON.stringify(result));
    const [event, ...more] = placed(vendors);
    assert.deepEqual(more, []);
    assert.equal(event!['deploymentId'], result.value.id);
    assert.deepEqual([event!['version'], event!['groupId'], event!['user'], event!['deploymentType'], event!['entity.guid']], ['2.14.0', 'run-1', 'Ada', 'CANARY', entity]);
  });

  test(`${transport}: throttling only delays it`, async context => {
    const { vendors, marker } = await setStage(context, transport);
    vendors.fail({ kind: 'status', status: 429, times: 2 }, { kind: 'graphqlErrors', errorClass: 'TOO_MANY_REQUESTS', times: 1 });
    const result = await vendors.clock.drive(createMarkers(vendors).place(marker, new AbortController().signal));
    assert.ok(result.ok, JSON.stringify(result));
    assert.equal(placed(vendors).length, 1);
  });
}

test('a rollback says so', async context => {
  const { vendors, marker } = await setStage(context, 'in process');
  const result = await vendors.clock.drive(createMarkers(vendors).place({ ...marker, purpose: 'rollback', version: '2.13.1', description: 'Quality failed' }, new AbortController().signal));
  assert.ok(result.ok);
  const [event] = placed(vendors);
  assert.equal(event!['description'], 'Rollback: Quality failed');
  assert.equal(event!['changelog'], 'Rollback to 2.13.1');
});

test('where the current mutation is missing the older one is used, and remembered', async context => {
  const { vendors, marker } = await setStage(context, 'in process');
  let asked = 0;
  const older = withoutEvents(vendors.http);
  const markers = createMarkers({ ...vendors, http: { request: request => { asked += 1; return older.request(request); } } });
  const first = await vendors.clock.drive(markers.place(marker, new AbortController().signal));
  const second = await vendors.clock.drive(markers.place({ ...marker, purpose: 'rollback' }, new AbortController().signal));
  assert.ok(first.ok && second.ok, JSON.stringify([first, second]));
  assert.deepEqual(placed(vendors).map(event => event['deploymentId']), [first.value.id, second.value.id]);
  assert.equal(asked, 3);
});

test('a marker that may have arrived is not sent again', async context => {
  const { vendors, marker } = await setStage(context, 'in process');
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
  const { vendors, marker } = await setStage(context, 'in process');
  const markers = createMarkers(vendors);
  const place = (connection: Marker['connection']) => vendors.clock.drive(markers.place({ ...marker, connection }, new AbortController().signal));
  const newRelic = { kind: 'newRelic', url: vendors.url, account: 7, credential: 'nr' } as const;
  const results = [await place({ ...newRelic, entity: Buffer.from('7|APM|APPLICATION|43').toString('base64') }), await place(newRelic), await place({ kind: 'sumoLogic', url: vendors.url, credential: 'sumo' }), await place({ ...newRelic, entity, credential: 'missing' })];
  assert.deepEqual(results.map(result => result.ok ? 'placed' : result.failure.kind), ['invalid', 'invalid', 'invalid', 'unauthorized']);
  assert.deepEqual(placed(vendors), []);
});
