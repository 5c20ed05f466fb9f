// The stage of VictoriaLogs' contract tests: lines of two nodes, beside those of a stranger and of another service.
import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import type { LogLine } from '../../../src/model/evidence/evidence.ts';
import { succeed } from '../../../src/model/failure.ts';
import type { ReadRequest } from '../../../src/model/ports.ts';
import { createHealthSources } from '../../../src/vendors/healthSources.ts';
import type { VictoriaLogsSource } from '../../../src/vendors/victoriaLogs/options.ts';
import { decodeVictoriaLogsLines } from '../../../src/vendors/victoriaLogs/lines.decode.ts';
import { startVendor } from '../faults/vendors.ts';
import type { Transport, Vendors } from '../faults/vendors.ts';
import { createVictoriaLogsServer, type VictoriaLogsServerOptions } from './server.ts';

export const source: VictoriaLogsSource = {
  kind: 'logs',
  vendor: 'victoriaLogs',
  name: 'app logs',
  connection: 'logs',
  nodeAttribute: 'host',
  delayMs: 0,
  options: { query: '{app="shop"}' },
};

export interface Stage {
  readonly vendors: Vendors;
  readonly request: ReadRequest & { readonly source: VictoriaLogsSource };
}

export async function setStage(
  context: TestContext,
  transport: Transport,
  options: Partial<VictoriaLogsServerOptions> = {},
): Promise<Stage> {
  const vendors = await startVendor(context, 'other', transport, parts =>
    createVictoriaLogsServer({ ...parts, token: 'lokiTOKENsecret', ...options }),
  );
  const toMs = vendors.clock.now(),
    fromMs = toMs - 60_000;
  const add = (atMs: number, node: string, category: string, text: string): void =>
    vendors.telemetry.addLog({ atMs, node, category, text });
  for (let i = 0; i < 25; i++)
    add(
      fromMs + i * 2_000,
      i % 2 ? 'prod-1' : 'prod-2',
      'shop',
      i === 7 ? 'boom ["1795000000000000000","\tat a.b' : `line ${i}`,
    );
  add(fromMs + 5, 'prod-9', 'shop', 'of a stranger');
  add(fromMs + 6, 'prod-1', 'access', 'of another service');
  add(fromMs - 1, 'prod-1', 'shop', 'too early');
  const connection = { vendor: 'victoriaLogs', url: vendors.url, credential: 'loki', options: {} };
  return { vendors, request: { source, connection, nodes: ['prod-1', 'prod-2'], fromMs, toMs, intervalMs: 10_000 } };
}

export async function read({ vendors, request }: Stage, signal = new AbortController().signal) {
  const lines: LogLine[] = [];
  const sources = createHealthSources(vendors);
  const startMs = vendors.clock.now();
  const result = await vendors.clock.drive(
    sources.read(
      request,
      async page => {
        const decoded = decodeVictoriaLogsLines(page.bytes, page.context);
        // Its times are corrected by the vendor's clock, as a session does.
        const aheadMs = Number(page.context.clockAheadMs ?? 0);
        if (decoded.ok)
          for (const line of decoded.value.lines ?? []) lines.push({ ...line, atMs: line.atMs - aheadMs });
        return decoded.ok ? succeed({ rows: decoded.value.rows }) : decoded;
      },
      signal,
    ),
  );
  return { result, lines, waitedMs: vendors.clock.now() - startMs };
}

/** Each once, oldest first. `more`: lines that were written beside them. */
export function assertAllLines(lines: readonly LogLine[], more = 0): void {
  const texts = [...new Map(lines.map(line => [line.id, line])).values()]
    .sort((one, other) => one.atMs - other.atMs)
    .map(({ text }) => text);
  assert.equal(texts.length, 25 + more);
  assert.deepEqual(
    [texts[0], texts[7], texts.at(-1 - more)],
    ['INFO line 0', 'INFO boom ["1795000000000000000","\tat a.b', 'INFO line 24'],
  );
}
