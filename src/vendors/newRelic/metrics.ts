// Reads metrics from New Relic: NRQL through NerdGraph, one series per metric and node, delivered as the bytes that
// came.
import type { EvidencePage, ReadSummary } from '../../model/evidence/analysis.ts';
import { succeed } from '../../model/failure.ts';
import type { Result } from '../../model/failure.ts';
import type { ReadRequest } from '../../model/ports.ts';
import type { Outside } from '../../model/outside.ts';
import type { Deliver } from '../vendor.ts';
import type { NewRelicConnection, NewRelicMetricsSource } from './options.ts';
import { readNrql } from './query.ts';
import { nodeAttributeOf, writeSeriesQueries } from './nrql/nrql.ts';
import type { SeriesQuery } from './nrql/nrql.ts';
import { readDeadline } from '../transport/readDeadline.ts';

export type MetricsRequest = ReadRequest & {
  readonly source: NewRelicMetricsSource;
  readonly connection: NewRelicConnection;
};

export async function readNewRelicMetrics(
  deps: Outside,
  request: MetricsRequest,
  deliver: Deliver,
  signal: AbortSignal,
): Promise<Result<ReadSummary>> {
  const deadlineMs = readDeadline(request, deps.clock.now());
  const {
    source: { name },
    connection,
  } = request;
  const read = await Promise.all(
    writeSeriesQueries(request).map(query =>
      readNrql(
        deps,
        name,
        {
          connection,
          queries: { metric: query.nrql, ...(query.presence !== undefined && { presence: query.presence }) },
          what: `New Relic, metric "${query.metric.name}"`,
          deadlineMs,
        },
        bytes => deliver(pageOf(request, query, bytes)),
        signal,
      ),
    ),
  );
  const failed = read.find(one => !one.ok);
  return failed ?? succeed({ queries: read.flatMap(one => (one.ok ? [one.value.record] : [])) });
}

export function describeNewRelicMetrics(request: MetricsRequest): readonly string[] {
  return writeSeriesQueries(request).flatMap(query => (query.presence ? [query.nrql, query.presence] : [query.nrql]));
}

function pageOf(request: MetricsRequest, query: SeriesQuery, bytes: Uint8Array<ArrayBuffer>): EvidencePage {
  return {
    source: request.source.name,
    decoder: 'newRelicSeries',
    bytes,
    context: {
      metric: query.metric.name,
      kind: query.metric.histogram ? 'histogram' : query.metric.isCumulative ? 'cumulative' : query.metric.kind,
      bounds: query.metric.histogram?.bounds.length ?? 0,
      nodeAttribute: nodeAttributeOf(request.source, query.metric),
      nodes: JSON.stringify(query.nodes),
      fromMs: query.fromMs,
      toMs: query.toMs,
      intervalMs: query.intervalMs,
    },
  };
}
