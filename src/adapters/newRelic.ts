// Reads metrics from New Relic: NRQL through NerdGraph, one series per metric and node, delivered as the bytes that came.
import type { EvidencePage, ReadSummary } from '../model/analysis.ts';
import { succeed } from '../model/failure.ts';
import type { Failure, Result } from '../model/failure.ts';
import type { MetricsSource } from '../model/pipeline.ts';
import type { ReadRequest } from '../model/ports.ts';
import { createRedactor } from '../model/redact.ts';
import type { QueryRecord } from '../model/verdict.ts';
import { withRetry } from './httpRetry.ts';
import type { Attempt } from './httpRetry.ts';
import { isPassing, nameFailure } from './nerdGraph.ts';
import type { NerdGraphDeps, NewRelicConnection } from './nerdGraph.ts';
import { askNrql } from './newRelicQuery.ts';
import { writeSeriesQueries } from './nrql.ts';
import type { SeriesQuery } from './nrql.ts';
import { readDeadline } from './readDeadline.ts';

export type MetricsRequest = ReadRequest & { readonly source: MetricsSource; readonly connection: NewRelicConnection };
export type Deliver = (page: EvidencePage) => Promise<Result<{ rows: number }>>;

export interface NewRelic {
  read(request: MetricsRequest, deliver: Deliver, signal: AbortSignal): Promise<Result<ReadSummary>>;
  describe(request: MetricsRequest): readonly string[];
}

export function createNewRelic(deps: NerdGraphDeps): NewRelic {
  return {
    async read(request, deliver, signal) {
      const deadlineMs = readDeadline(request, deps.clock.now());
      const context: ReadContext = { deps, request, deliver, deadlineMs, signal };
      const read = await Promise.all(writeSeriesQueries(request).map(query => readSeries(context, query)));
      const failed = read.find(one => !one.ok);
      return failed ?? succeed({ queries: read.flatMap(one => one.ok ? [one.value] : []) });
    },
    describe: request => writeSeriesQueries(request).flatMap(query => query.presence ? [query.nrql, query.presence] : [query.nrql]),
  };
}

interface ReadContext {
  readonly deps: NerdGraphDeps;
  readonly request: MetricsRequest;
  readonly deliver: Deliver;
  readonly deadlineMs: number;
  readonly signal: AbortSignal;
}

async function readSeries(context: ReadContext, query: SeriesQuery): Promise<Result<QueryRecord>> {
  const { deps, request, deadlineMs, signal } = context;
  const startedAtMs = deps.clock.now();
  const delivered = await withRetry(deps.clock, { deadlineMs, signal }, () => tryToRead(context, query));
  if (!delivered.ok) return { ok: false, failure: explain(delivered.failure, query) };
  return succeed({
    source: request.source.name, text: query.presence ? `${query.nrql}\n${query.presence}` : query.nrql,
    atMs: startedAtMs, durationMs: deps.clock.now() - startedAtMs, ...delivered.value,
  });
}

async function tryToRead(context: ReadContext, query: SeriesQuery): Promise<Attempt<{ readonly bytes: number; readonly rows: number }>> {
  const { deps, request, deadlineMs, signal } = context;
  const asked = await askNrql(deps, {
    connection: request.connection, queries: { metric: query.nrql, ...(query.presence !== undefined && { presence: query.presence }) }, what: describeQuery(query), deadlineMs,
  }, signal);
  if (!asked.result.ok) return { result: asked.result, ...(asked.again && { again: asked.again }) };
  const { bytes } = asked.result.value;
  const size = bytes.length;
  const delivered = await context.deliver(pageOf(context.request, query, bytes));
  if (delivered.ok) return { result: succeed({ bytes: size, rows: delivered.value.rows }) };
  const failure = nameFailure(delivered.failure, describeQuery(query), redactorFor(context));
  return { result: { ok: false, failure }, ...(isPassing(failure, true) && { again: {} }) };
}

function pageOf(request: MetricsRequest, query: SeriesQuery, bytes: Uint8Array<ArrayBuffer>): EvidencePage {
  return {
    source: request.source.name, decoder: 'newRelicSeries', bytes,
    context: {
      metric: query.metric.name, kind: query.metric.kind, nodeAttribute: request.source.nodeAttribute, nodes: JSON.stringify(query.nodes),
      fromMs: query.fromMs, toMs: query.toMs, intervalMs: query.intervalMs,
    },
  };
}

function describeQuery(query: SeriesQuery): string {
  return `New Relic, metric "${query.metric.name}"`;
}

/** A refused query is the pipeline's mistake: it is shown as it was asked. */
function explain(failure: Failure, query: SeriesQuery): Failure {
  return failure.kind === 'invalid' ? { ...failure, hint: `The query was: ${query.nrql}` } : failure;
}

function redactorFor(context: ReadContext): (text: string) => string {
  const key = context.deps.credentials.get(context.request.connection.credential);
  return createRedactor(key.ok ? [key.value] : []);
}
