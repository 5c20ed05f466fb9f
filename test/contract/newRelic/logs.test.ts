// The health-source contract, New Relic's logs: every line of the window arrives once, however few fit into one answer.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { TestContext } from 'node:test';
import { createHealthSources } from '../../../src/vendors/healthSources.ts';
import { decodeNewRelicLogs } from '../../../src/vendors/newRelic/logs.decode.ts';
import { createNewRelicServer } from '../../../src/demo/newRelic/newRelicServer.ts';
import type { LogLine } from '../../../src/model/evidence/evidence.ts';
import { fail, succeed } from '../../../src/model/failure.ts';
import type { NewRelicLogsSource } from '../../../src/vendors/newRelic/options.ts';
import type { ReadRequest } from '../../../src/model/ports.ts';
import { testFaultMatrix } from '../faults/faultMatrix.ts';
import type { Ending, MatrixStage } from '../faults/faultMatrix.ts';
import { errorsWithin200 } from './stage.ts';
import { startVendor, transports } from '../faults/vendors.ts';
import type { Transport, Vendors } from '../faults/vendors.ts';

const source: NewRelicLogsSource = {
  kind: 'logs',
  vendor: 'newRelic',
  name: 'app logs',
  connection: 'nr',
  options: { where: "logtype = 'shop/app' AND NOT message LIKE '%health check%'" },
  nodeAttribute: 'hostname',
  delayMs: 0,
};

interface Stage {
  readonly vendors: Vendors;
  readonly request: ReadRequest;
  readonly written: readonly string[];
}
interface Size {
  readonly lines?: number;
  readonly everyMs?: number;
  /** What an answer holds, and what the pipeline says that it does. */ readonly limitMax?: number;
  readonly rows?: number;
}

/** So many lines of two nodes, one a stack trace, beside those of a stranger, of another category, and of before. */
async function setStage(
  context: TestContext,
  transport: Transport,
  { lines = 25, everyMs = 2_000, limitMax = 2_000, rows = 2_000 }: Size = {},
): Promise<Stage> {
  const vendors = await startVendor(
    context,
    'newRelic',
    transport,
    parts =>
      createNewRelicServer({
        ...parts,
        accountId: 7,
        apiKey: 'NRAK-CONTRACTTESTKEY',
        entityGuid: Buffer.from('7|APM|APPLICATION|42').toString('base64'),
        limitMax,
      }).handle,
  );
  const toMs = Math.floor(vendors.clock.now() / 1000) * 1000,
    fromMs = toMs - 60_000;
  const written = Array.from({ length: lines }, (_, index) =>
    index === 7 ? 'ERROR boom\n\tat a.b(C.java:7)' : `INFO line ${index}`,
  );
  for (const [index, text] of written.entries())
    vendors.telemetry.addLog({
      atMs: fromMs + index * everyMs,
      node: index % 2 ? 'prod-1' : 'prod-2',
      category: 'shop/app',
      text,
    });
  vendors.telemetry.addLog({ atMs: fromMs + 3, node: 'prod-1', category: 'shop/app', text: 'INFO health check' });
  vendors.telemetry.addLog({ atMs: fromMs + 5, node: 'prod-9', category: 'shop/app', text: 'INFO of a stranger' });
  vendors.telemetry.addLog({
    atMs: fromMs + 6,
    node: 'prod-1',
    category: 'shop/access',
    text: 'INFO of another category',
  });
  vendors.telemetry.addLog({ atMs: fromMs - 1, node: 'prod-1', category: 'shop/app', text: 'INFO too early' });
  const connection = {
    vendor: 'newRelic',
    url: vendors.url,
    credential: 'nr',
    options: { account: 7, limits: { rows, concurrent: 25, queriesPerMinute: 3_000 } },
  } as const;
  return {
    vendors,
    written,
    request: { source, connection, nodes: ['prod-1', 'prod-2'], fromMs, toMs, intervalMs: 10_000 },
  };
}

async function read({ vendors, request }: Stage, signal = new AbortController().signal) {
  const lines: LogLine[] = [];
  const result = await vendors.clock.drive(
    createHealthSources(vendors).read(
      request,
      async page => {
        const decoded = decodeNewRelicLogs(page.bytes, page.context);
        // Its times are corrected by the vendor's clock, as a session does.
        if (decoded.ok)
          lines.push(
            ...(decoded.value.lines ?? []).map(line => ({
              ...line,
              atMs: line.atMs - Number(page.context.clockAheadMs ?? 0),
            })),
          );
        return decoded.ok ? succeed({ rows: decoded.value.rows }) : decoded;
      },
      signal,
    ),
  );
  return { result, lines };
}

/** Each once, oldest first. */
function textsOf(lines: readonly LogLine[]): readonly string[] {
  return [...new Map(lines.map(line => [line.id, line])).values()]
    .sort((one, other) => one.atMs - other.atMs || one.text.localeCompare(other.text))
    .map(line => line.text);
}

for (const transport of transports) {
  test(`${transport}: every line of the nodes comes once`, async context => {
    const stage = await setStage(context, transport);
    const { result, lines } = await read(stage);
    assert.ok(result.ok, JSON.stringify(result));
    assert.deepEqual(textsOf(lines), stage.written);
    assert.deepEqual(
      [lines.find(line => line.text === 'INFO line 0')!.node, result.value.partial, result.value.queries.length],
      ['prod-2', undefined, 2],
    );
  });
}

const sizes: readonly (readonly [string, Size])[] = [
  ['ten times what one answer holds', { lines: 100, everyMs: 500, limitMax: 10, rows: 10 }],
  ['more than the plan is said to allow', { lines: 100, everyMs: 500, limitMax: 10, rows: 5_000 }],
  ['all in one second of two nodes', { lines: 18, everyMs: 50, limitMax: 10, rows: 10 }],
];
for (const [name, size] of sizes) {
  test(`${name}: windows are cut until every line has come`, async context => {
    const stage = await setStage(context, 'in process', size);
    const { result, lines } = await read(stage);
    assert.ok(result.ok, JSON.stringify(result));
    assert.deepEqual([...textsOf(lines)].sort(), [...stage.written].sort());
    assert.equal(result.value.partial, undefined);
  });
}

test('a second of one node that holds more than an answer says how much was read', async context => {
  const stage = await setStage(context, 'in process', { lines: 60, everyMs: 10, limitMax: 10, rows: 10 });
  const { result, lines } = await read(stage);
  assert.ok(result.ok, JSON.stringify(result));
  assert.deepEqual([result.value.partial, textsOf(lines).length], [{ read: 20, total: 60 }, 20]);
});

test('a window in which nothing was said costs one query', async context => {
  const stage = await setStage(context, 'in process', { lines: 0 });
  const { result, lines } = await read({
    ...stage,
    request: { ...stage.request, fromMs: stage.request.toMs - 20_000 },
  });
  assert.ok(result.ok);
  assert.deepEqual([lines, result.value.queries.length], [[], 1]);
});

test(
  'a query that New Relic refuses is shown as it was asked; ' + 'what would be asked is described without asking',
  async context => {
    const stage = await setStage(context, 'in process');
    const broken = { ...stage.request, source: { ...source, options: { where: 'service ==' } } };
    const { result } = await read({ ...stage, request: broken });
    assert.ok(!result.ok);
    assert.deepEqual(
      [result.failure.kind, result.failure.message],
      ['invalid', 'New Relic, "app logs": New Relic refused the query.'],
    );
    assert.match(result.failure.hint ?? '', /FROM Log WHERE \(service ==\) AND hostname IN/);
    stage.vendors.requests.length = 0;
    assert.deepEqual(
      createHealthSources(stage.vendors)
        .describe(stage.request)
        .map(query => query.slice(0, 33)),
      ["SELECT count(*) AS 'lines' FROM Lo", 'SELECT timestamp, messageId, leve'].map(text => text.slice(0, 33)),
    );
    assert.deepEqual(stage.vendors.requests, []);
  },
);

/** `before`: what was read of the window before. */
async function readAll(stage: Stage, before: LogLine[]): Promise<Ending> {
  const { result, lines } = await read(stage);
  if (!result.ok) return { data: 'none', failure: result.failure };
  before.push(...lines);
  if (before.length === 0)
    return {
      data: 'none',
      failure: fail('no-data', 'New Relic, "app logs": no node said anything in the window.').failure,
    };
  const texts = textsOf(before);
  return JSON.stringify(texts) === JSON.stringify(stage.written)
    ? { data: 'right' }
    : { data: 'wrong', found: texts.join(' | ') };
}

testFaultMatrix({
  title: 'New Relic, logs',
  vendor: 'newRelic',
  names: /^New Relic, "app logs": /,
  steps: [
    { name: 'count', match: 'count(*)' },
    { name: 'lines', match: 'LIMIT MAX' },
  ],
  atSteps: errorsWithin200,
  start: startReading,
  data: {
    'vendor clock 5 min ahead': { faults: [{ kind: 'vendorClock', seconds: 300 }], passes: true },
    'vendor clock 5 min behind': { faults: [{ kind: 'vendorClock', seconds: -300 }], passes: true },
    'node clocks 5 min ahead': { faults: [{ kind: 'skew', seconds: 300 }], passes: false },
    'node clocks 5 min behind': { faults: [{ kind: 'skew', seconds: -300 }], passes: false },
    'delivered twice': { faults: [{ kind: 'duplicates' }], passes: true },
    'delivered late': { faults: [{ kind: 'lateData', seconds: 30 }], passes: true, again: true },
    'ten times the page': {
      faults: [],
      passes: true,
      start: (context, transport) =>
        startReading(context, transport, { lines: 100, everyMs: 500, limitMax: 10, rows: 10 }),
    },
  },
});

async function startReading(context: TestContext, transport: Transport, size: Size = {}): Promise<MatrixStage> {
  const stage = await setStage(context, transport, size),
    lines: LogLine[] = [];
  return { vendors: stage.vendors, run: () => readAll(stage, lines) };
}
