// The stage of New Relic's contract tests: a service on three nodes whose values are known.
import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import { createHealthSources } from '../../../src/vendors/healthSources.ts';
import { decodeNewRelicSeries } from '../../../src/vendors/newRelic/metrics.decode.ts';
import { createNewRelicServer } from '../../../src/demo/newRelic/newRelicServer.ts';
import type { AccountLimits } from '../../../src/demo/newRelic/newRelicOptions.ts';
import type { MetricPoint } from '../../../src/model/evidence/evidence.ts';
import { fail, succeed } from '../../../src/model/failure.ts';
import type { Result } from '../../../src/model/failure.ts';
import type { NewRelicMetricsSource } from '../../../src/vendors/newRelic/options.ts';
import type { ReadRequest } from '../../../src/model/ports.ts';
import type { Ending, MatrixFault } from '../faults/faultMatrix.ts';
import { startVendor } from '../faults/vendors.ts';
import type { Transport, Vendors } from '../faults/vendors.ts';

export const intervalMs = 10_000;
export const source: NewRelicMetricsSource = {
  kind: 'metrics',
  vendor: 'newRelic',
  name: 'apm',
  connection: 'nr',
  nodeAttribute: 'host',
  delayMs: 0,
  metrics: [
    {
      name: 'latency',
      options: { select: 'average(duration)', from: 'Transaction' },
      kind: 'gauge',
      direction: 'increase',
      unit: 's',
    },
    {
      name: 'p95',
      options: { select: 'percentile(duration, 95)', from: 'Transaction' },
      kind: 'gauge',
      direction: 'increase',
      unit: 's',
    },
    {
      name: 'errors',
      options: { select: 'count(*)', from: 'Transaction', where: 'error IS true' },
      kind: 'count',
      direction: 'increase',
      unit: '',
    },
  ],
};

/** NerdGraph's own way to fail: an error's class beside HTTP 200. */
export const errorsWithin200 = (
  [
    ['TIMEOUT', true],
    ['TOO_MANY_REQUESTS', true],
    ['SERVER_ERROR', true],
    ['INTERNAL_SERVER_ERROR', true],
    ['UNAUTHORIZED', false],
  ] as const
).map(([errorClass, passes]): MatrixFault => ({
  name: `HTTP 200, ${errorClass}`,
  faults: [{ kind: 'graphqlErrors', errorClass }],
  passes,
}));

export interface Stage {
  readonly vendors: Vendors;
  readonly request: ReadRequest;
  readonly fromMs: number;
}

/**
 * Two buckets: prod-1 serves 3 requests in each, one of them wrong in the first; prod-2 serves 1 in the second; prod-3
 * says nothing.
 */
export async function setStage(context: TestContext, transport: Transport, limits?: AccountLimits): Promise<Stage> {
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
        ...(limits && { limits }),
      }).handle,
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
  const request = {
    source,
    connection: { vendor: 'newRelic', url: vendors.url, credential: 'nr', options: { account: 7 } },
    nodes: ['prod-1', 'prod-2', 'prod-3'],
    fromMs,
    toMs: fromMs + 2 * intervalMs + 5,
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
        const decoded = decodeNewRelicSeries(page.bytes, page.context);
        if (decoded.ok)
          points.push(
            ...(decoded.value.points ?? []).map(point => ({
              ...point,
              atMs: point.atMs - Number(page.context.clockAheadMs ?? 0),
            })),
          );
        return decoded.ok ? succeed({ rows: decoded.value.rows }) : decoded;
      },
      signal,
    ),
  );
  return { result, points, waitedMs: vendors.clock.now() - startMs };
}

/** As `assertAllValues`; where nothing at all was measured that is what is said. */
export function endingOf(result: Result<unknown>, points: readonly MetricPoint[], fromMs: number): Ending {
  if (!result.ok) return { data: 'none', failure: result.failure };
  if (points.every(point => point.value === null))
    return {
      data: 'none',
      failure: fail('no-data', 'New Relic, metric "latency": no node reported anything in the window.').failure,
    };
  try {
    assertAllValues(points, fromMs);
    return { data: 'right' };
  } catch (error) {
    return { data: 'wrong', found: error instanceof Error ? error.message : String(error) };
  }
}

export function valuesOf(
  points: readonly MetricPoint[],
  metric: string,
  fromMs: number,
): Record<string, readonly (number | null)[]> {
  const nodes = [...new Set(points.map(point => point.node))].sort();
  return Object.fromEntries(
    nodes.map(node => [
      node,
      [0, 1].map(
        bucket =>
          points.findLast(
            point => point.metric === metric && point.node === node && point.atMs === fromMs + bucket * intervalMs,
          )?.value ?? null,
      ),
    ]),
  );
}

export function assertAllValues(points: readonly MetricPoint[], fromMs: number): void {
  assert.deepEqual(valuesOf(points, 'latency', fromMs), {
    'prod-1': [2, 5],
    'prod-2': [null, 8],
    'prod-3': [null, null],
  });
  assert.deepEqual(valuesOf(points, 'errors', fromMs), {
    'prod-1': [1, 0],
    'prod-2': [null, 0],
    'prod-3': [null, null],
  });
  assert.equal(valuesOf(points, 'p95', fromMs)['prod-2']![1], 8);
}
