// The stage for the contract tests of vendors that compute the values of metrics themselves: requests of a service on
// two nodes, and of a third that says nothing.
import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import type { TelemetryEvent } from '../../../src/demo/fleet/telemetry.ts';
import type { Handler } from '../../../src/demo/servers/httpServer.ts';
import type { Decode } from '../../../src/model/evidence/analysis.ts';
import type { MetricPoint } from '../../../src/model/evidence/evidence.ts';
import { fail, succeed, type Result } from '../../../src/model/failure.ts';
import type { MetricsSource } from '../../../src/model/healthSource.ts';
import type { ReadRequest } from '../../../src/model/ports.ts';
import { createHealthSources } from '../../../src/vendors/healthSources.ts';
import type { Ending } from '../faults/faultMatrix.ts';
import { startVendor, transports, type Transport, type VendorParts, type Vendors } from '../faults/vendors.ts';

/** A vendor's part of the stage. */
export interface MetricServer {
  /** Its metrics are `latency`, `requests`, and `errors` per requests. */
  readonly source: MetricsSource;
  readonly credential: string;
  readonly connection?: object;
  readonly decode: Decode;
  /** Of an interval of a node in which it counted nothing, but did in another. */
  readonly quiet: number | null;
  readonly intervalMs?: number;
  createServer(parts: VendorParts): Handler;
}

export interface MetricStage {
  readonly vendors: Vendors;
  readonly request: ReadRequest;
  readonly fromMs: number;
}

export interface ReadPoints {
  readonly result: Result<unknown>;
  readonly points: readonly MetricPoint[];
}

/**
 * Two intervals. prod-1: 20 requests in each, of 2 s and then of 5 s, 4 of which fail; the first stands at the very
 * begin of its interval, and the last at its very end. prod-2: 10 of 8 s, in the second.
 */
export async function setMetricStage(
  server: MetricServer,
  context: TestContext,
  transport: Transport,
): Promise<MetricStage> {
  const { source, intervalMs = 10_000 } = server;
  const vendors = await startVendor(context, 'other', transport, parts => server.createServer(parts));
  const toMs = Math.floor(vendors.clock.now() / intervalMs) * intervalMs,
    fromMs = toMs - 2 * intervalMs;
  const add = (node: string, atMs: number, latency: number, failed = false): void =>
    vendors.telemetry.addEvent({ type: 'request', atMs, attributes: { node, service: 'shop', latency, failed } });
  for (let i = 0; i < 20; i++) {
    const sinceMs = Math.floor((i * (intervalMs - 1)) / 19);
    add('prod-1', fromMs + sinceMs, 2);
    add('prod-1', fromMs + intervalMs + sinceMs, 5, i < 4);
    if (i % 2) add('prod-2', fromMs + intervalMs + sinceMs, 8);
  }
  add('stranger', fromMs + 5, 80);
  add('prod-1', toMs, 900);
  const connection = {
    vendor: source.vendor,
    url: vendors.url,
    credential: server.credential,
    options: server.connection ?? {},
  };
  const request = { source, connection, nodes: ['prod-1', 'prod-2', 'prod-3'], fromMs, toMs: toMs + 5, intervalMs };
  return { vendors, request, fromMs };
}

export async function readPoints(
  { decode }: MetricServer,
  { vendors, request }: Pick<MetricStage, 'vendors' | 'request'>,
): Promise<ReadPoints> {
  const points: MetricPoint[] = [];
  const result = await vendors.clock.drive(
    createHealthSources(vendors).read(
      request,
      async page => {
        const decoded = decode(page.bytes, page.context);
        // Its times are corrected by the vendor's clock, as a session does.
        const aheadMs = Number(page.context.clockAheadMs ?? 0);
        if (decoded.ok)
          for (const point of decoded.value.points ?? []) points.push({ ...point, atMs: point.atMs - aheadMs });
        return decoded.ok ? succeed({ rows: decoded.value.rows }) : decoded;
      },
      new AbortController().signal,
    ),
  );
  return { result, points };
}

export function assertAllValues(
  { quiet }: MetricServer,
  points: readonly MetricPoint[],
  { fromMs, request: { intervalMs } }: Pick<MetricStage, 'fromMs' | 'request'>,
): void {
  const valuesOf = (metric: string) =>
    ['prod-1', 'prod-2', 'prod-3'].map(node =>
      [0, 1].map(
        k =>
          points.findLast(
            point => point.metric === metric && point.node === node && point.atMs === fromMs + k * intervalMs,
          )?.value ?? null,
      ),
    );
  assert.deepEqual(['latency', 'requests', 'errors'].map(valuesOf), [
    [
      [2, 5],
      [null, 8],
      [null, null],
    ],
    [
      [20, 20],
      [quiet, 10],
      [null, null],
    ],
    [
      [0, 4],
      [quiet, 0],
      [null, null],
    ],
  ]);
}

/** `requests`: what the vendor was asked, as `METHOD /path`. */
export function testEveryValue(server: MetricServer, requests: readonly string[]): void {
  for (const transport of transports)
    test(`${transport}: every value of a metric comes, at the border of its interval too`, async context => {
      const stage = await setMetricStage(server, context, transport);
      const { result, points } = await readPoints(server, stage);
      assert.ok(result.ok, JSON.stringify(result));
      assertAllValues(server, points, stage);
      assert.deepEqual(stage.vendors.requests, requests);
    });
}

/** Where nothing at all was measured that is what is said. */
export function endingOf(server: MetricServer, { result, points }: ReadPoints, stage: MetricStage): Ending {
  if (!result.ok) return { data: 'none', failure: result.failure };
  if (points.every(point => point.value === null))
    return {
      data: 'none',
      failure: fail('no-data', 'metric "latency": no node reported anything in the window.').failure,
    };
  try {
    assertAllValues(server, points, stage);
    return { data: 'right' };
  } catch (error) {
    return { data: 'wrong', found: error instanceof Error ? error.message : String(error) };
  }
}

/** What a vendor computes of the requests of one node in [fromMs, toMs); undefined: there is none. */
export function compute(
  events: readonly TelemetryEvent[],
  metric: string,
  node: string,
  fromMs: number,
  toMs: number,
): number | undefined {
  const found = events.filter(
    ({ atMs, attributes }) =>
      attributes['node'] === node &&
      atMs >= fromMs &&
      atMs < toMs &&
      (metric !== 'errors' || attributes['failed'] === true),
  );
  if (found.length === 0) return undefined;
  if (metric !== 'latency') return found.length;
  return found.reduce((sum, { attributes }) => sum + Number(attributes['latency']), 0) / found.length;
}

/** The requests that a vendor knows, by its own clock, each once. */
export function requestsOf({ telemetry, faults }: VendorParts): readonly TelemetryEvent[] {
  return faults.view('other', telemetry).events('request', 0, faults.now('other') + 1);
}
