// Reads metrics from Prometheus: range queries whose answers are delivered as the bytes that came.
import type { ReadSummary } from '../../model/evidence/analysis.ts';
import type { QueryRecord } from '../../model/evidence/verdict.ts';
import { succeed } from '../../model/failure.ts';
import type { Result } from '../../model/failure.ts';
import type { ServerConnection } from '../../model/file/connectionFields.ts';
import { sideAttribute } from '../../model/healthSource.ts';
import type { Outside } from '../../model/outside.ts';
import { textOf } from '../transport/http.ts';
import { listMember, parseJson } from '../transport/decode/json.decode.ts';
import { askServer } from '../transport/ownServer.ts';
import { readDeadline } from '../transport/readDeadline.ts';
import { readPage } from '../transport/readPage.ts';
import type { Deliver } from '../vendor.ts';
import { writeRangeQueries, type PrometheusRequest, type RangeQuery } from './promql.ts';

export type MetricsRequest = PrometheusRequest & { readonly connection: ServerConnection };

export async function readPrometheusMetrics(
  deps: Outside,
  request: MetricsRequest,
  deliver: Deliver,
  signal: AbortSignal,
): Promise<Result<ReadSummary>> {
  const deadlineMs = readDeadline(request, deps.clock.now());
  const read = await Promise.all(
    writeRangeQueries(request).map(query => readRange({ deps, request, deliver, deadlineMs, signal }, query)),
  );
  const failed = read.find(one => !one.ok);
  return failed ?? succeed({ queries: read.flatMap(one => (one.ok ? [one.value] : [])) });
}

export function describePrometheusMetrics(request: PrometheusRequest): readonly string[] {
  return [
    ...new Set(writeRangeQueries(request).flatMap(({ query, presence }) => (presence ? [query, presence] : [query]))),
  ];
}

interface Reading {
  readonly deps: Outside;
  readonly request: MetricsRequest;
  readonly deliver: Deliver;
  readonly deadlineMs: number;
  readonly signal: AbortSignal;
}

async function readRange(reading: Reading, range: RangeQuery): Promise<Result<QueryRecord>> {
  const { deps, request, deliver, deadlineMs, signal } = reading;
  const source = request.source.name,
    what = `Prometheus, metric "${range.metric.name}"`;
  const read = await readPage(
    deps.clock,
    { source, text: range.query, what, deadlineMs },
    async () => {
      const answers: Uint8Array<ArrayBuffer>[] = [];
      for (const query of range.presence === undefined ? [range.query] : [range.query, range.presence]) {
        const answer = await askServer(
          deps,
          request.connection,
          { method: 'POST', path: '/api/v1/query_range', parameters: parametersOf(range, query), what, deadlineMs },
          signal,
        );
        if (!answer.ok) return answer;
        answers.push(answer.value.bytes);
      }
      const bytes = joinAnswers(answers);
      const page = { source, decoder: 'prometheusMatrix', bytes, context: contextOf(request, range) };
      return succeed({ page, seen: undefined, warnings: answers.flatMap(warningsOf) });
    },
    deliver,
    signal,
  );
  return read.ok ? succeed(read.value.record) : read;
}

function parametersOf({ fromMs, toMs, intervalMs }: RangeQuery, query: string): Readonly<Record<string, string>> {
  return {
    query,
    start: String((fromMs + intervalMs) / 1000),
    end: String(toMs / 1000),
    step: String(intervalMs / 1000),
  };
}

function contextOf({ source, nodes }: MetricsRequest, { metric, fromMs, toMs, intervalMs }: RangeQuery) {
  const { nodePattern } = source.options;
  return {
    metric: metric.name,
    kind: metric.histogram ? 'histogram' : metric.isCumulative ? 'cumulative' : metric.kind,
    bounds: JSON.stringify(metric.histogram?.bounds ?? []),
    label: sideAttribute(source, metric),
    nodes: JSON.stringify(nodes),
    ...(nodePattern !== undefined && source.versionAttribute === undefined && { nodePattern }),
    fromMs,
    toMs,
    intervalMs,
  };
}

/** The answers of a share and of its whole come as one page, so that they are decoded together: a JSON list. */
function joinAnswers(answers: readonly Uint8Array<ArrayBuffer>[]): Uint8Array<ArrayBuffer> {
  const encoder = new TextEncoder();
  const parts = answers.flatMap((answer, index) => [encoder.encode(index === 0 ? '[' : ','), answer]);
  return new Uint8Array(Buffer.concat([...parts, encoder.encode(']')]));
}

const tailCharacters = 8_192;

/**
 * Of a successful answer, whose warnings stand behind its data: only the end is looked at. Quotes inside of texts are
 * escaped, so that the name can stand nowhere else.
 */
function warningsOf(bytes: Uint8Array): readonly string[] {
  const tail = textOf(bytes.subarray(-tailCharacters), tailCharacters);
  return ['warnings', 'infos'].flatMap(name => {
    const at = tail.lastIndexOf(`"${name}":[`);
    const list = /\[(?:"(?:[^"\\]|\\.)*",?)*\]/.exec(at < 0 ? '' : tail.slice(at))?.[0];
    const parsed = parseJson(`{"list":${list ?? '[]'}}`, '');
    return parsed.ok ? listMember(parsed.value, 'list').map(String) : [];
  });
}
