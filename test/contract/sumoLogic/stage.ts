// The stage of Sumo Logic's contract tests: a service on two nodes whose lines are known.
import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import { createHealthSources } from '../../../src/vendors/healthSources.ts';
import { decodeSumoMessages } from '../../../src/vendors/sumoLogic/messages.decode.ts';
import { createSumoLogicServer } from '../../../src/demo/sumoLogic/server.ts';
import type { SumoLogicOptions } from '../../../src/demo/sumoLogic/server.ts';
import type { LogLine } from '../../../src/model/evidence/evidence.ts';
import { succeed } from '../../../src/model/failure.ts';
import type { SumoLogsSource } from '../../../src/vendors/sumoLogic/options.ts';
import type { ReadRequest } from '../../../src/model/ports.ts';
import { startVendor } from '../faults/vendors.ts';
import type { Transport, Vendors } from '../faults/vendors.ts';

export const source: SumoLogsSource = {
  kind: 'logs',
  vendor: 'sumoLogic',
  name: 'app logs',
  connection: 'sumo',
  options: { query: '_sourceCategory=shop/app' },
  nodeAttribute: '_sourceHost',
  delayMs: 0,
};

export interface Stage {
  readonly vendors: Vendors;
  readonly request: ReadRequest;
}

/** 25 lines of two nodes, one a stack trace, beside those of a stranger and of another category. */
export async function setStage(
  context: TestContext,
  transport: Transport,
  options: Partial<SumoLogicOptions> = {},
): Promise<Stage> {
  const vendors = await startVendor(
    context,
    'sumoLogic',
    transport,
    parts =>
      createSumoLogicServer({
        ...parts,
        accessId: 'suACCESSID',
        accessKey: 'accessKEYsecret',
        ...options,
      }).handle,
  );
  const toMs = vendors.clock.now(),
    fromMs = toMs - 60_000;
  for (let i = 0; i < 25; i++)
    vendors.telemetry.addLog({
      atMs: fromMs + i * 2_000,
      node: i % 2 ? 'prod-1' : 'prod-2',
      category: 'shop/app',
      text: i === 7 ? 'ERROR boom\n\tat a.b(C.java:7)' : `INFO line ${i}`,
    });
  vendors.telemetry.addLog({ atMs: fromMs + 5, node: 'prod-9', category: 'shop/app', text: 'INFO of a stranger' });
  vendors.telemetry.addLog({
    atMs: fromMs + 6,
    node: 'prod-1',
    category: 'shop/access',
    text: 'INFO of another category',
  });
  vendors.telemetry.addLog({ atMs: fromMs - 1, node: 'prod-1', category: 'shop/app', text: 'INFO too early' });
  const request = {
    source,
    connection: { vendor: 'sumoLogic', url: `${vendors.url}/api`, credential: 'sumo' },
    nodes: ['prod-1', 'prod-2'],
    fromMs,
    toMs,
    intervalMs: 10_000,
  } as const;
  return { vendors, request };
}

export async function read({ vendors, request }: Stage, signal = new AbortController().signal) {
  const lines: LogLine[] = [];
  const sources = createHealthSources(vendors);
  const startMs = vendors.clock.now();
  const result = await vendors.clock.drive(
    sources.read(
      request,
      async page => {
        const decoded = decodeSumoMessages(page.bytes, page.context);
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
  return { result, lines, waitedMs: vendors.clock.now() - startMs };
}

/** Each once, oldest first. */
function textsOf(lines: readonly LogLine[]): readonly string[] {
  const byId = new Map(lines.map(line => [line.id, line]));
  return [...byId.values()].sort((one, other) => one.atMs - other.atMs).map(line => line.text);
}

/** `more`: lines that were written after them. */
export function assertAllLines(lines: readonly LogLine[], more = 0): void {
  const texts = textsOf(lines);
  assert.equal(texts.length, 25 + more);
  assert.deepEqual([texts[0], texts[7], texts[24]], ['INFO line 0', 'ERROR boom\n\tat a.b(C.java:7)', 'INFO line 24']);
}

export function assertJobsDeleted({ vendors }: Stage): void {
  const created = vendors.requests.filter(request => request === 'POST /api/v1/search/jobs').length;
  const deleted = vendors.requests.filter(request => request.startsWith('DELETE /api/v1/search/jobs/')).length;
  assert.ok(deleted > 0 && deleted <= created, `${created} created, ${deleted} deleted`);
}
