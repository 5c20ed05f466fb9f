// The stage of Prometheus' contract tests: a service on three nodes that was scraped, and whose values are known.
import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import type { MetricPoint } from '../../../src/model/evidence/evidence.ts';
import { fail, succeed } from '../../../src/model/failure.ts';
import type { Result } from '../../../src/model/failure.ts';
import type { ReadRequest } from '../../../src/model/ports.ts';
import { createHealthSources } from '../../../src/vendors/healthSources.ts';
import { decodePrometheusMatrix } from '../../../src/vendors/prometheus/matrix.decode.ts';
import type { PrometheusSource } from '../../../src/vendors/prometheus/options.ts';
import type { Ending } from '../faults/faultMatrix.ts';
import { startVendor } from '../faults/vendors.ts';
import type { Transport, Vendors } from '../faults/vendors.ts';
import { createPrometheusServer, type PrometheusServerOptions } from './server.ts';

export const intervalMs = 10_000;
export const source: PrometheusSource = {
  kind: 'metrics',
  vendor: 'prometheus',
  name: 'quality',
  connection: 'prom',
  nodeAttribute: 'instance',
  delayMs: 0,
  options: { scrapeMs: 5_000 },
  metrics: [
    { name: 'latency', options: { query: 'latency' }, kind: 'gauge', direction: 'increase', unit: 's' },
    {
      name: 'requests',
      options: { query: 'requests_total' },
      kind: 'count',
      isCumulative: true,
      direction: 'decrease',
      unit: '',
    },
    {
      name: 'errors',
      options: { query: 'requests_total{code="500"}' },
      kind: 'count',
      isCumulative: true,
      denominator: 'requests',
      direction: 'increase',
      unit: '',
    },
  ],
};
export const authorization = `Basic ${Buffer.from('promUSERNAME:promPASSWORDsecret').toString('base64')}`;

export interface Stage {
  readonly vendors: Vendors;
  readonly request: ReadRequest;
  readonly fromMs: number;
}

/**
 * Two intervals. prod-1 is scraped every 5 s: 30 requests in each, and 4 errors in the second, whose counter appears
 * with them. prod-2 begins in the first interval; prod-3 is not scraped.
 */
export async function setStage(
  context: TestContext,
  transport: Transport,
  options: Partial<PrometheusServerOptions> = {},
): Promise<Stage> {
  const vendors = await startVendor(context, 'other', transport, parts =>
    createPrometheusServer({ ...parts, asks: { header: 'authorization', value: authorization }, ...options }),
  );
  const toMs = Math.floor(vendors.clock.now() / intervalMs) * intervalMs,
    fromMs = toMs - 2 * intervalMs;
  const scrape = (instance: string, atMs: number, labels: Readonly<Record<string, string>>, value: number): void =>
    vendors.telemetry.addEvent({ type: 'sample', atMs, attributes: { ...labels, instance, value } });
  for (let atMs = fromMs - 2 * intervalMs; atMs <= toMs; atMs += 5_000) {
    const sinceMs = atMs - fromMs;
    scrape(
      'prod-1:8080',
      atMs,
      { __name__: 'requests_total', code: '200' },
      1_000 + sinceMs / 500 + (sinceMs > 10_000 ? 16 : 20),
    );
    scrape('prod-1:8080', atMs, { __name__: 'latency' }, sinceMs <= intervalMs ? 2 : 5);
    if (sinceMs > intervalMs) scrape('prod-1:8080', atMs, { __name__: 'requests_total', code: '500' }, 4);
    if (sinceMs > intervalMs) scrape('prod-2', atMs, { __name__: 'latency' }, 8);
    if (sinceMs >= 5_000) scrape('prod-2', atMs, { __name__: 'requests_total', code: '200' }, sinceMs / 1_000);
  }
  scrape('stranger:8080', fromMs, { __name__: 'latency' }, 80);
  const request = {
    source,
    connection: { vendor: 'prometheus', url: vendors.url, credential: 'prom', options: {} },
    nodes: ['prod-1', 'prod-2', 'prod-3'],
    fromMs,
    toMs: toMs + 5,
    intervalMs,
  } as const;
  return { vendors, request, fromMs };
}

export async function read(
  { vendors, request }: Pick<Stage, 'vendors' | 'request'>,
  signal = new AbortController().signal,
) {
  const points: MetricPoint[] = [];
  const sources = createHealthSources(vendors);
  const startMs = vendors.clock.now();
  // Its times are corrected by the vendor's clock, as a session does.
  const result = await vendors.clock.drive(
    sources.read(
      request,
      async page => {
        const decoded = decodePrometheusMatrix(page.bytes, page.context);
        const aheadMs = Number(page.context.clockAheadMs ?? 0);
        if (decoded.ok)
          for (const point of decoded.value.points ?? []) points.push({ ...point, atMs: point.atMs - aheadMs });
        return decoded.ok ? succeed({ rows: decoded.value.rows }) : decoded;
      },
      signal,
    ),
  );
  return { result, points, waitedMs: vendors.clock.now() - startMs };
}

/** Of the two intervals; an interval that was read again has the value that was read last. */
export function valuesOf(points: readonly MetricPoint[], metric: string, fromMs: number) {
  return Object.fromEntries(
    ['prod-1', 'prod-2', 'prod-3'].map(node => [
      node,
      [0, 1].map(
        k =>
          points.findLast(
            point => point.metric === metric && point.node === node && point.atMs === fromMs + k * intervalMs,
          )?.value ?? null,
      ),
    ]),
  );
}

export function assertAllValues(points: readonly MetricPoint[], fromMs: number): void {
  assert.deepEqual(
    ['latency', 'requests', 'errors'].map(metric => valuesOf(points, metric, fromMs)),
    [
      { 'prod-1': [2, 5], 'prod-2': [null, 8], 'prod-3': [null, null] },
      { 'prod-1': [20, 20], 'prod-2': [null, 10], 'prod-3': [null, null] },
      { 'prod-1': [0, 4], 'prod-2': [null, 0], 'prod-3': [null, null] },
    ],
  );
}

/** As `assertAllValues`; where nothing at all was measured that is what is said. */
export function endingOf(result: Result<unknown>, points: readonly MetricPoint[], fromMs: number): Ending {
  if (!result.ok) return { data: 'none', failure: result.failure };
  if (points.every(point => point.value === null))
    return {
      data: 'none',
      failure: fail('no-data', 'Prometheus, metric "latency": no node reported anything in the window.').failure,
    };
  try {
    assertAllValues(points, fromMs);
    return { data: 'right' };
  } catch (error) {
    return { data: 'wrong', found: error instanceof Error ? error.message : String(error) };
  }
}
