// The stage for the contract tests of servers that give log lines: lines of two nodes, beside those of a stranger and
// of another service.
import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import type { Handler } from '../../../src/demo/servers/httpServer.ts';
import type { Decode, ReadSummary } from '../../../src/model/evidence/analysis.ts';
import type { LogLine } from '../../../src/model/evidence/evidence.ts';
import { succeed, type Result } from '../../../src/model/failure.ts';
import type { LogsSource } from '../../../src/model/healthSource.ts';
import type { ReadRequest } from '../../../src/model/ports.ts';
import { createHealthSources } from '../../../src/vendors/healthSources.ts';
import { startVendor, type Transport, type VendorParts, type Vendors } from '../faults/vendors.ts';

/** A vendor's part of the stage. */
export interface LogServer<Source extends LogsSource, Options> {
  readonly source: Source;
  /** The name of what it is asked with. */
  readonly credential: string;
  readonly decode: Decode;
  /** What stands before a line that names no level itself. */
  readonly level: string;
  /** What the connection holds beside its address. */
  readonly connection?: object;
  createServer(parts: VendorParts, options: Partial<Options>): Handler;
}

export interface Stage<Source extends LogsSource> {
  readonly vendors: Vendors;
  readonly request: ReadRequest & { readonly source: Source };
}

export interface ReadLines {
  readonly result: Result<ReadSummary>;
  readonly lines: readonly LogLine[];
  readonly waitedMs: number;
}

export interface LogStage<Source extends LogsSource, Options> {
  setStage(context: TestContext, transport: Transport, options?: Partial<Options>): Promise<Stage<Source>>;
  read(stage: Stage<Source>, signal?: AbortSignal): Promise<ReadLines>;
  /** Each once, oldest first. `more`: lines that were written beside them. */
  assertAllLines(lines: readonly LogLine[], more?: number): void;
}

/** Lines of the two nodes. */
export const stageLines = 25;
const boom = 'boom ["1795000000000000000","\tat a.b';

export function createLogStage<Source extends LogsSource, Options>(
  server: LogServer<Source, Options>,
): LogStage<Source, Options> {
  const { source, level } = server;
  return {
    async setStage(context, transport, options = {}) {
      const vendors = await startVendor(context, 'other', transport, parts => server.createServer(parts, options));
      const toMs = vendors.clock.now(),
        fromMs = toMs - 60_000;
      writeLines(vendors, fromMs);
      const connection = {
        vendor: source.vendor,
        url: vendors.url,
        credential: server.credential,
        options: server.connection ?? {},
      };
      const nodes = ['prod-1', 'prod-2'];
      return { vendors, request: { source, connection, nodes, fromMs, toMs, intervalMs: 10_000 } };
    },
    read: (stage, signal = new AbortController().signal) => readLines(server.decode, stage, signal),
    assertAllLines(lines, more = 0) {
      const texts = [...new Map(lines.map(line => [line.id, line])).values()]
        .sort((one, other) => one.atMs - other.atMs)
        .map(({ text }) => text);
      assert.equal(texts.length, stageLines + more);
      assert.deepEqual(
        [texts[0], texts[7], texts.at(-1 - more)],
        [`${level}line 0`, `${level}${boom}`, `${level}line ${stageLines - 1}`],
      );
    },
  };
}

function writeLines({ telemetry }: Vendors, fromMs: number): void {
  const add = (atMs: number, node: string, category: string, text: string): void =>
    telemetry.addLog({ atMs, node, category, text });
  for (let i = 0; i < stageLines; i++)
    add(fromMs + i * 2_000, i % 2 ? 'prod-1' : 'prod-2', 'shop', i === 7 ? boom : `line ${i}`);
  add(fromMs + 5, 'prod-9', 'shop', 'of a stranger');
  add(fromMs + 6, 'prod-1', 'access', 'of another service');
  add(fromMs - 1, 'prod-1', 'shop', 'too early');
}

async function readLines(
  decode: Decode,
  { vendors, request }: Stage<LogsSource>,
  signal: AbortSignal,
): Promise<ReadLines> {
  const lines: LogLine[] = [];
  const sources = createHealthSources(vendors);
  const startMs = vendors.clock.now();
  const result = await vendors.clock.drive(
    sources.read(
      request,
      async page => {
        const decoded = decode(page.bytes, page.context);
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
