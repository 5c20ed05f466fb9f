// The markers contract, Grafana: one annotation for each deployment, where the dashboards look for it, and never two
// on a doubt.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { TestContext } from 'node:test';
import { withFaults } from '../../../src/demo/faults/faults.ts';
import { jsonResponse, textResponse, type Handler } from '../../../src/demo/servers/httpServer.ts';
import type { Marker } from '../../../src/model/ports.ts';
import { createMarkers } from '../../../src/vendors/markers.ts';
import { findSecrets } from '../faults/faultMatrix.ts';
import { startVendor, transports, type Transport, type VendorParts, type Vendors } from '../faults/vendors.ts';

type Annotation = Readonly<Record<string, unknown>>;

interface Stage {
  readonly vendors: Vendors;
  readonly annotations: readonly Annotation[];
  readonly marker: Marker;
}

async function setStage(context: TestContext, transport: Transport, credential = 'loki'): Promise<Stage> {
  const annotations: Annotation[] = [];
  const create = (parts: VendorParts): Handler => {
    const answer: Handler = ({ headers, path, method, body }) => {
      if (headers['authorization'] !== 'Bearer lokiTOKENsecret')
        return Promise.resolve(jsonResponse(401, { message: 'Invalid API key' }));
      if (!path.startsWith('/api/annotations')) return Promise.resolve(jsonResponse(404, { message: 'Not found' }));
      if (method === 'GET') return Promise.resolve(jsonResponse(200, annotations.slice(0, 1)));
      annotations.push(JSON.parse(body) as Annotation);
      return Promise.resolve(jsonResponse(200, { message: 'Annotation added', id: annotations.length }));
    };
    return withFaults('other', parts.faults, parts.sleep, status => textResponse(status, 'The proxy says no.'), answer);
  };
  const vendors = await startVendor(context, 'other', transport, create);
  const marker: Marker = {
    connection: {
      vendor: 'grafana',
      url: vendors.url,
      credential,
      marks: true,
      options: { tags: ['shop'], dashboard: 'a-1' },
    },
    version: '2.14.0',
    purpose: 'canary',
    description: 'Backstop deploys shop.',
    by: 'Ada',
    runId: 'run-1',
    atMs: Date.UTC(2026, 0, 30, 12),
  };
  return { vendors, annotations, marker };
}
const place = ({ vendors, marker }: Stage, more: Partial<Marker> = {}) =>
  vendors.clock.drive(createMarkers(vendors).place({ ...marker, ...more }, new AbortController().signal));

for (const transport of transports)
  test(`${transport}: an annotation is placed once, with its dashboard, time, tags and person`, async context => {
    const stage = await setStage(context, transport);
    assert.deepEqual(await place(stage), { ok: true, value: { id: '1' } });
    assert.deepEqual(stage.annotations, [
      {
        dashboardUID: 'a-1',
        time: Date.UTC(2026, 0, 30, 12),
        tags: ['backstop', 'canary', '2.14.0', 'shop'],
        text: 'Canary of 2.14.0: Backstop deploys shop. By Ada.',
      },
    ]);
    assert.ok((await place(stage, { purpose: 'rollback', version: '2.13.1' })).ok);
    assert.match(JSON.stringify(stage.annotations[1]), /"rollback","2\.13\.1".*Rollback to 2\.13\.1/);
  });

test('what refuses it for now only delays it; what may have arrived is not sent again', async context => {
  const stage = await setStage(context, 'in process');
  stage.vendors.fail({ kind: 'status', status: 429, times: 2 });
  assert.ok((await place(stage)).ok);
  assert.equal(stage.annotations.length, 1);
  for (const fault of [{ kind: 'lostAnswer' }, { kind: 'malformed' }] as const) {
    const before = stage.vendors.requests.length;
    stage.vendors.fail({ ...fault, times: 1 });
    const doubtful = await place(stage);
    assert.ok(!doubtful.ok);
    assert.match(doubtful.failure.hint ?? '', /not known whether the marker was placed/, fault.kind);
    assert.equal(stage.vendors.requests.length, before + 1, fault.kind);
  }
});

test('a credential that is not accepted is found before a deployment, and is in no message', async context => {
  const check = async (credential: string) => {
    const { vendors, marker } = await setStage(context, 'in process', credential);
    return vendors.clock.drive(createMarkers(vendors).check(marker.connection, new AbortController().signal));
  };
  assert.deepEqual(await check('loki'), { ok: true, value: undefined });
  const refused = await check('hook');
  assert.ok(!refused.ok && refused.failure.kind === 'unauthorized');
  assert.deepEqual(findSecrets(refused), []);
});
