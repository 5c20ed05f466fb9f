// A local server with Datadog's API over known records, with the answers that were recorded from the real one: log
// events by cursor, timeseries, and change events.
import { withFaults } from '../../../src/demo/faults/faults.ts';
import { jsonResponse } from '../../../src/demo/servers/httpServer.ts';
import type { DemoRequest, DemoResponse, Handler } from '../../../src/demo/servers/httpServer.ts';
import type { VendorParts } from '../faults/vendors.ts';
import { compute, requestsOf } from '../metricServer/stage.ts';

export interface DatadogServerOptions extends VendorParts {
  /** Header of the answers, from the given request on. */
  readonly limit?: { readonly remaining: number; readonly resetSec: number };
  /** So many requests are answered with 429 and no Retry-After. */
  readonly refusals?: number;
  readonly events?: unknown[];
  /** What each page of lines says of itself. */
  readonly warning?: string;
}

export function createDatadogServer(options: DatadogServerOptions): Handler {
  let refusals = options.refusals ?? 0;
  const answer: Handler = request => {
    const { 'dd-api-key': apiKey, 'dd-application-key': applicationKey } = request.headers;
    if (apiKey !== 'dogAPIKEYsecret' || applicationKey !== 'dogAPPLICATIONKEY')
      return Promise.resolve(jsonResponse(403, { errors: ['Forbidden'] }));
    if (refusals-- > 0) return Promise.resolve(withHeaders(jsonResponse(429, { errors: ['Too many requests'] }), 0, 7));
    const response = route(request, options);
    const { limit } = options;
    return Promise.resolve(limit ? withHeaders(response, limit.remaining, limit.resetSec) : response);
  };
  return withFaults('other', options.faults, options.sleep, status => jsonResponse(status, { errors: ['no'] }), answer);
}

function withHeaders(response: DemoResponse, remaining: number, resetSec: number): DemoResponse {
  const headers = { 'X-RateLimit-Remaining': String(remaining), 'X-RateLimit-Reset': String(resetSec) };
  return { ...response, headers: { ...response.headers, ...headers } };
}

function route({ method, path, query, body }: DemoRequest, options: DatadogServerOptions): DemoResponse {
  if (method === 'GET' && path.includes('/metrics'))
    return describe(path, new URLSearchParams(query).get('filter[tags]'));
  if (method !== 'POST') return jsonResponse(405, { errors: ['Method not allowed'] });
  if (path === '/api/v2/logs/events/search') return search(JSON.parse(body) as Search, options);
  if (path === '/api/v2/query/timeseries') return timeseries(JSON.parse(body) as Timeseries, options);
  if (path !== '/api/v2/events') return jsonResponse(404, { errors: ['Not found'] });
  options.events?.push(JSON.parse(body));
  return jsonResponse(202, {
    data: { attributes: { attributes: { evt: { id: '84', uid: 'AZsKLCxv' } } }, id: '_', type: 'event' },
  });
}

const types: Readonly<Record<string, string>> = { requests: 'count', errors: 'rate', latency: 'gauge' };

/** The metrics with a tag, the tags of a metric, or its type. */
function describe(path: string, tag: string | null): DemoResponse {
  const [, name = '', part] = /^\/api\/v[12]\/metrics(?:\/(\w+)(\/all-tags)?)?$/.exec(path) ?? [];
  if (name === '')
    return jsonResponse(200, {
      data: tag === 'service:shop' ? Object.keys(types).map(id => ({ type: 'metrics', id })) : [],
    });
  if (part === undefined) return jsonResponse(200, { type: types[name], unit: name === 'latency' ? 'second' : null });
  const tags = ['host:prod-1', 'host:prod-2', 'env:prod', 'service:shop'];
  return jsonResponse(200, { data: { id: name, type: 'metrics', attributes: { tags } } });
}

interface Search {
  readonly filter: { readonly query: string; readonly from: string; readonly to: string };
  readonly page: { readonly limit: number; readonly cursor?: string };
}

function search({ filter, page }: Search, { telemetry, faults, warning }: DatadogServerOptions): DemoResponse {
  if (filter.query.includes('service:(')) return jsonResponse(400, { errors: ['Invalid query: unbalanced'] });
  const nodes = [...filter.query.matchAll(/"([^"]+)"/g)].map(([, node]) => node!),
    service = /service:(\w+)/.exec(filter.query)?.[1];
  const seen = faults.view('other', telemetry).logs(0, faults.now('other') + 1);
  const found = [...new Map(seen.map(record => [record.id, record])).values()].filter(
    ({ atMs, node, category }) =>
      // The end counts to the range.
      atMs >= Date.parse(filter.from) && atMs <= Date.parse(filter.to) && nodes.includes(node) && category === service,
  );
  const from = Number(page.cursor ?? 0),
    events = found.slice(from, from + page.limit);
  return jsonResponse(200, {
    meta: {
      ...(events.length > 0 && { page: { after: String(from + events.length) } }),
      ...(warning !== undefined && { warnings: [{ code: 'unknown_index', detail: warning }] }),
    },
    data: events.map(({ atMs, node, text, id }) => ({
      id: `AQAAA${id}`,
      type: 'log',
      attributes: {
        status: 'info',
        timestamp: new Date(atMs).toISOString(),
        host: node,
        message: text,
        tags: [`pod_name:${node}`],
        attributes: { meta: { page: { after: 'of an event' } } },
      },
    })),
  });
}

interface Timeseries {
  readonly data: {
    readonly attributes: {
      readonly from: number;
      readonly to: number;
      readonly interval: number;
      readonly queries: readonly { readonly query: string }[];
    };
  };
}

function timeseries({ data: { attributes } }: Timeseries, options: DatadogServerOptions): DemoResponse {
  const { from, to, interval, queries } = attributes;
  const requests = requestsOf(options);
  const times: number[] = [];
  for (let atMs = from; atMs <= to; atMs += interval) times.push(atMs);
  const series = queries.flatMap(({ query }, index) => {
    const [, metric = ''] = /^\w+:(\w+)/.exec(query) ?? [];
    return ['prod-1', 'prod-2', 'stranger'].map(node => ({
      head: { group_tags: [`host:${node}`], query_index: index, unit: null },
      values: times.map(atMs => compute(requests, metric, node, atMs, atMs + interval) ?? null),
    }));
  });
  return jsonResponse(200, {
    data: {
      id: '0',
      type: 'timeseries_response',
      attributes: { series: series.map(({ head }) => head), times, values: series.map(({ values }) => values) },
    },
  });
}
