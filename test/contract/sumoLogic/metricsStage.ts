// The stage of the contract tests of Sumo Logic's metrics: a service on three nodes whose values are known.
import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import { createHealthSources } from '../../../src/vendors/healthSources.ts';
import { decodeSumoMetrics } from '../../../src/vendors/sumoLogic/metrics.decode.ts';
import { createSumoLogicServer } from '../../../src/demo/sumoLogic/server.ts';
import type { MetricPoint } from '../../../src/model/evidence/evidence.ts';
import { fail, succeed } from '../../../src/model/failure.ts';
import type { Result } from '../../../src/model/failure.ts';
import type { SumoMetricsSource } from '../../../src/vendors/sumoLogic/options.ts';
import type { ReadRequest } from '../../../src/model/ports.ts';
import type { Ending } from '../faults/faultMatrix.ts';
import { startVendor } from '../faults/vendors.ts';
import type { Transport, Vendors } from '../faults/vendors.ts';

export const intervalMs = 10_000;
const shared = { direction: 'increase', unit: '' } as const;
export const source: SumoMetricsSource = {
  kind: 'metrics',
  vendor: 'sumoLogic',
  name: 'load',
  connection: 'sumo',
  nodeAttribute: '_sourcehost',
  delayMs: 0,
  metrics: [
    { name: 'latency', options: { query: 'metric=request_duration', rollup: 'avg' }, kind: 'gauge', ...shared },
    {
      name: 'slowest',
      options: { query: 'metric=request_duration _sourceCategory=prod/*', rollup: 'max' },
      kind: 'gauge',
      ...shared,
    },
    {
      name: 'errors',
      options: { query: 'metric=request_errors', rollup: 'sum' },
      kind: 'count',
      denominator: 'requests',
      nodeAttribute: '_sourceHost',
      ...shared,
    },
    { name: 'requests', options: { query: 'metric=requests', rollup: 'sum' }, kind: 'count', ...shared },
    { name: 'failures', options: { query: 'metric=request_errors', rollup: 'sum' }, kind: 'count', ...shared },
    { name: 'fastest', options: { query: 'metric=request_duration', rollup: 'min' }, kind: 'gauge', ...shared },
    { name: 'CPU', options: { query: 'metric=CPU_*', rollup: 'avg' }, kind: 'gauge', ...shared },
  ],
};

export interface Stage {
  readonly vendors: Vendors;
  readonly request: ReadRequest;
  readonly fromMs: number;
}

/**
 * Two intervals: prod-1 serves 3 requests in each, one of them wrong in the first; prod-2 serves 1 in the second;
 * prod-3 says nothing.
 */
export async function setStage(context: TestContext, transport: Transport): Promise<Stage> {
  const vendors = await startVendor(
    context,
    'sumoLogic',
    transport,
    parts => createSumoLogicServer({ ...parts, accessId: 'suACCESSID', accessKey: 'accessKEYsecret' }).handle,
  );
  const fromMs = Math.floor(vendors.clock.now() / intervalMs) * intervalMs - 2 * intervalMs;
  const serve = (host: string, atMs: number, duration: number, error = false) =>
    vendors.telemetry.addEvent({ type: 'Transaction', atMs, attributes: { host, duration, error } });
  for (const [offset, duration, error] of [
    [0, 1, true],
    [1, 2, false],
    [2, 3, false],
    [10_000, 4, false],
    [11_000, 5, false],
    [19_999, 6, false],
  ] as const)
    serve('prod-1', fromMs + offset, duration, error);
  serve('prod-2', fromMs + 12_000, 8);
  serve('stranger', fromMs + 12_000, 80);
  vendors.telemetry.addEvent({
    type: 'SystemSample',
    atMs: fromMs + 3_000,
    attributes: { host: 'prod-2', cpuPercent: 40 },
  });
  const request = {
    source,
    connection: { vendor: 'sumoLogic', url: `${vendors.url}/api`, credential: 'sumo' },
    nodes: ['prod-1', 'prod-2', 'prod-3'],
    fromMs,
    toMs: fromMs + 2 * intervalMs + 5,
    intervalMs,
  } as const;
  return { vendors, request, fromMs };
}

/** Its times are corrected by the vendor's clock, as a session does. */
export async function read({ vendors, request }: Pick<Stage, 'vendors' | 'request'>) {
  const points: MetricPoint[] = [];
  const result = await vendors.clock.drive(
    createHealthSources(vendors).read(
      request,
      async page => {
        const decoded = decodeSumoMetrics(page.bytes, page.context);
        if (decoded.ok)
          points.push(
            ...(decoded.value.points ?? []).map(point => ({
              ...point,
              atMs: point.atMs - Number(page.context.clockAheadMs ?? 0),
            })),
          );
        return decoded.ok ? succeed({ rows: decoded.value.rows }) : decoded;
      },
      new AbortController().signal,
    ),
  );
  return { result, points };
}

/** Null everywhere is what a node says that reports nothing: it is "no data". */
export function endingOf(result: Result<unknown>, points: readonly MetricPoint[], fromMs: number): Ending {
  if (!result.ok) return { data: 'none', failure: result.failure };
  if (points.every(({ value }) => value === null))
    return {
      data: 'none',
      failure: fail('no-data', 'Sumo Logic, metrics of "load": no node reported anything in the window.').failure,
    };
  try {
    assertAllValues(points, fromMs);
    return { data: 'right' };
  } catch (error) {
    return { data: 'wrong', found: error instanceof Error ? error.message : String(error) };
  }
}

export function assertAllValues(points: readonly MetricPoint[], fromMs: number): void {
  const valuesOf = (metric: string): unknown =>
    ['prod-1', 'prod-2', 'prod-3'].map(node =>
      [0, 1].map(
        index =>
          points.findLast(
            point => point.metric === metric && point.node === node && point.atMs === fromMs + index * intervalMs,
          )?.value,
      ),
    );
  assert.deepEqual(Object.fromEntries(source.metrics.map(({ name }) => [name, valuesOf(name)])), {
    latency: [
      [2, 5],
      [null, 8],
      [null, null],
    ],
    slowest: [
      [3, 6],
      [null, 8],
      [null, null],
    ],
    errors: [
      [1, 0],
      [null, 0],
      [null, null],
    ],
    requests: [
      [3, 3],
      [null, 1],
      [null, null],
    ],
    failures: [
      [1, null],
      [null, null],
      [null, null],
    ],
    fastest: [
      [1, 4],
      [null, 8],
      [null, null],
    ],
    CPU: [
      [null, null],
      [40, null],
      [null, null],
    ],
  });
  assert.ok(points.every(({ node }) => node !== 'stranger'));
}
