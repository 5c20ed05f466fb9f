// A local server with the searches of OpenSearch and Elasticsearch over known records: points in time, pages behind the
// last document, and aggregations by node and interval.
import { withFaults } from '../../../src/demo/faults/faults.ts';
import { jsonResponse } from '../../../src/demo/servers/httpServer.ts';
import type { DemoRequest, DemoResponse, Handler } from '../../../src/demo/servers/httpServer.ts';
import type { VendorParts } from '../faults/vendors.ts';
import { countBy, groupLines, pacesOf, type CountedLine } from '../logServer/counted.ts';
import { requestsOf } from '../metricServer/stage.ts';

export interface OpenSearchServerOptions extends VendorParts {
  /** What `Authorization` must be. */
  readonly authorization: string;
  readonly product: 'openSearch' | 'elasticsearch';
  /** So many shards fail in the first search. */
  readonly failedShards: number;
  /** So many clusters are skipped by the first search. */
  readonly skippedClusters: number;
  /** What its licence does not have is refused. */
  readonly isBasic: boolean;
  /** Records that are written while a page is on its way. */
  readonly onPage?: () => void;
}

interface Document {
  readonly atMs: number;
  readonly id: string;
  readonly node: string;
  readonly service: string;
  readonly text: string;
}
/** What was in the index when a point in time was opened. */
type Pits = Map<string, readonly Document[]>;

export const basic = `Basic ${Buffer.from('searchUSERNAME:searchPASSWORD').toString('base64')}`;

export function createOpenSearchServer(given: VendorParts & Partial<OpenSearchServerOptions>): Handler {
  const options: OpenSearchServerOptions = {
    authorization: basic,
    product: 'openSearch',
    failedShards: 0,
    skippedClusters: 0,
    isBasic: false,
    ...given,
  };
  const pits: Pits = new Map(),
    marked = new Set<string>();
  const { failedShards, skippedClusters } = options;
  let failures = failedShards + skippedClusters > 0 ? 1 : 0;
  const answer: Handler = request => {
    if (request.headers['authorization'] !== options.authorization)
      return Promise.resolve(errorOf(401, 'security_exception', 'unable to authenticate'));
    const response = route(request, options, pits, marked);
    if (!request.path.endsWith('/_search') || failures-- <= 0) return Promise.resolve(response);
    const partial = {
      ...(JSON.parse(response.body) as object),
      _shards: { total: 5, failed: failedShards },
      ...(skippedClusters > 0 && { _clusters: { total: 3, successful: 2, skipped: skippedClusters } }),
    };
    return Promise.resolve(jsonResponse(200, partial));
  };
  return withFaults('other', options.faults, options.sleep, status => errorOf(status, 'proxy', 'says no'), answer);
}

function route(request: DemoRequest, options: OpenSearchServerOptions, pits: Pits, marked: Set<string>): DemoResponse {
  const { method, path, body } = request,
    isElastic = options.product === 'elasticsearch';
  if (/nowhere/.test(path)) return errorOf(404, 'index_not_found_exception', 'no such index [nowhere]');
  if (method === 'POST' && path.endsWith(isElastic ? '/_pit' : '/_search/point_in_time')) {
    const id = `pit"${pits.size}=`;
    pits.set(id, documentsOf(options));
    return jsonResponse(200, isElastic ? { id } : { pit_id: id, creation_time: 1 });
  }
  if (method === 'DELETE' && path === (isElastic ? '/_pit' : '/_search/point_in_time')) {
    const asked = JSON.parse(body) as { id?: string; pit_id?: readonly string[] };
    for (const id of asked.pit_id ?? [asked.id ?? '']) pits.delete(id);
    return jsonResponse(200, { succeeded: true, open: pits.size });
  }
  const created = /\/_create\/(\w+)$/.exec(path)?.[1];
  if (created !== undefined) {
    if (marked.has(created)) return errorOf(409, 'version_conflict_engine_exception', 'document already exists');
    marked.add(created);
    return jsonResponse(201, { _id: created, result: 'created' });
  }
  if (method === 'GET' && path.endsWith('/_field_caps')) return jsonResponse(200, { fields: fieldCaps });
  if (method !== 'POST' || !path.endsWith('/_search')) return errorOf(405, 'illegal', 'Incorrect HTTP method');
  if (body.includes('"now-1h"')) return lookOf(JSON.parse(body) as Look, options);
  const search = JSON.parse(body) as Search;
  if (/service:\(/.test(body)) return errorOf(400, 'search_phase_execution_exception', 'all shards failed');
  if (search.pit) {
    const page = pageOf(search, pits.get(search.pit.id), options);
    options.onPage?.();
    return page;
  }
  if (search.aggs?.groups) return countOf(search, options);
  if (search.aggs?.nodes.aggs?.newest) return probeOf(search, options);
  return search.aggs?.nodes.aggs?.intervals ? bucketsOf(search, options) : nodesOf(search, options);
}

const fieldCaps = {
  '@timestamp': { date: {} },
  'host.name': { keyword: {} },
  'service.name': { keyword: {} },
  'http.response.status_code': { long: {} },
  latency: { float: {} },
  note: { text: {}, keyword: {} },
};

interface Look {
  readonly query: {
    readonly bool: { readonly filter: readonly [object, { readonly term: Readonly<Record<string, string>> }] };
  };
  readonly aggs: Readonly<
    Record<
      string,
      {
        readonly terms?: { readonly field: string };
        readonly filter?: { readonly query_string?: { readonly query: string } };
        readonly aggs?: { readonly value: object };
      }
    >
  >;
}

/** Of the last hour: the indices of a service, or its nodes with what is computed. */
function lookOf({ query, aggs }: Look, options: OpenSearchServerOptions): DemoResponse {
  const isShop = query.bool.filter[1].term['service.name'] === 'shop',
    requests = isShop ? requestsOf(options) : [];
  const aggregations = Object.entries(aggs).map(([name, { terms, filter, aggs: inner }]) => {
    if (terms?.field === '_index')
      return [
        name,
        { buckets: isShop ? [{ key: '.ds-logs-shop-2026.11.30-000001', doc_count: requests.length }] : [] },
      ];
    if (terms) {
      const nodes = [...new Set(requests.map(({ attributes }) => attributes['node']))];
      return [name, { buckets: nodes.map(key => ({ key, doc_count: 1 })) }];
    }
    const failed = filter?.query_string?.query.includes('[500 TO 599]') === true;
    const found = requests.filter(({ attributes }) => !failed || attributes['failed'] === true);
    return [name, { doc_count: found.length, ...(inner && { value: { values: { '95.0': 8 } } }) }];
  });
  return jsonResponse(200, { aggregations: Object.fromEntries(aggregations) as object });
}

interface Search {
  readonly size: number;
  readonly pit?: { readonly id: string };
  readonly query: {
    readonly bool: {
      readonly filter: readonly {
        readonly range?: Readonly<Record<string, { readonly gte: number; readonly lt?: number }>>;
        readonly terms?: Readonly<Record<string, readonly string[]>>;
        readonly query_string?: { readonly query: string };
      }[];
    };
  };
  readonly search_after?: readonly [number, string, string?];
  readonly aggs?: {
    readonly groups?: {
      readonly categorize_text: { readonly field: string; readonly size: number };
      readonly aggs: {
        readonly canary: {
          readonly filter: { readonly terms: Readonly<Record<string, readonly string[]>> };
          readonly aggs: {
            readonly slices: { readonly date_histogram: { readonly fixed_interval: string; readonly offset: string } };
          };
        };
      };
    };
    readonly nodes: {
      readonly terms: { readonly field: string };
      readonly aggs?: {
        readonly newest?: object;
        readonly intervals: {
          readonly date_histogram: { readonly fixed_interval: string };
          readonly aggs: {
            readonly selected: {
              readonly filter: { readonly query_string?: { readonly query: string } };
              readonly aggs?: unknown;
            };
          };
        };
      };
    };
  };
}

function documentsOf({ telemetry, faults }: VendorParts): readonly Document[] {
  const seen = faults.view('other', telemetry).logs(0, faults.now('other') + 1);
  const documents = seen.map(({ atMs, id, node, category, text }) => ({
    atMs,
    id: String(id).padStart(9, '0'),
    node,
    service: category,
    text,
  }));
  return [...new Map(documents.map(document => [document.id, document])).values()];
}

function rangeOf({ query: { bool } }: Search) {
  const [range = { gte: 0 }] = Object.values(bool.filter.find(one => one.range)?.range ?? {}),
    [nodes] = Object.values(bool.filter.find(one => one.terms)?.terms ?? {}),
    service = /service:(\w+)/.exec(bool.filter.find(one => one.query_string)?.query_string?.query ?? '')?.[1];
  return { fromMs: range.gte, toMs: range.lt ?? Infinity, nodes, service };
}

function pageOf(search: Search, documents: readonly Document[] | undefined, options: OpenSearchServerOptions) {
  if (!documents) return errorOf(404, 'search_context_missing_exception', 'No search context found');
  const { fromMs, toMs, nodes, service } = rangeOf(search);
  const [afterMs, afterId] = search.search_after ?? [-1, ''];
  const found = documents
    .filter(
      ({ atMs, node, service: its }) =>
        atMs >= fromMs && atMs < toMs && nodes?.includes(node) && (service === undefined || its === service),
    )
    .sort((one, other) => one.atMs - other.atMs || (one.id < other.id ? -1 : 1))
    .filter(({ atMs, id }) => atMs > afterMs || (atMs === afterMs && id > afterId));
  const hits = found.slice(0, search.size).map(({ atMs, id, node, text }) => ({
    _index: 'logs-1',
    _id: id,
    _score: null,
    fields: { '@timestamp': [String(atMs)], 'host.name': [node], message: [text] },
    sort: options.product === 'elasticsearch' ? [atMs, id] : [atMs, id, 'logs-1'],
  }));
  return jsonResponse(200, {
    pit_id: search.pit!.id,
    timed_out: false,
    _shards: { total: 5, successful: 5, skipped: 0, failed: 0 },
    hits: { hits },
  });
}

function bucketsOf(search: Search, options: OpenSearchServerOptions): DemoResponse {
  const { fromMs, toMs, nodes: asked } = rangeOf(search),
    { terms, aggs: inner } = search.aggs!.nodes,
    { intervals } = inner!,
    stepMs = Number(/^(\d+)ms$/.exec(intervals.date_histogram.fixed_interval)![1]),
    { filter, aggs } = intervals.aggs.selected;
  const requests = requestsOf(options).filter(({ atMs }) => atMs >= fromMs && atMs < toMs);
  const known = new Set(requests.map(({ attributes }) => String(attributes['node'])));
  // No document has another field.
  const nodes = terms.field === 'host.name' ? (asked ?? [...known]) : [];
  const buckets = nodes.flatMap(node => {
    const own = requests.filter(({ attributes }) => attributes['node'] === node);
    if (own.length === 0) return [];
    const byInterval = Map.groupBy(own, ({ atMs }) => Math.floor(atMs / stepMs) * stepMs);
    return {
      key: node,
      doc_count: own.length,
      intervals: {
        buckets: [...byInterval].map(([key, inside]) => {
          const selected = inside.filter(
            ({ attributes }) => !filter.query_string?.query.includes('failed:true') || attributes['failed'] === true,
          );
          const mean = selected.reduce((sum, { attributes }) => sum + Number(attributes['latency']), 0);
          return {
            key,
            doc_count: inside.length,
            selected: { doc_count: selected.length, ...(aggs ? { value: { value: mean / selected.length } } : {}) },
          };
        }),
      },
    };
  });
  return jsonResponse(200, { timed_out: false, _shards: { failed: 0 }, aggregations: { nodes: { buckets } } });
}

function linesOf(search: Search, options: OpenSearchServerOptions): readonly Document[] {
  const { fromMs, toMs, nodes, service } = rangeOf(search);
  return documentsOf(options).filter(
    one =>
      one.atMs >= fromMs &&
      one.atMs < toMs &&
      nodes?.includes(one.node) &&
      (service === undefined || one.service === service),
  );
}

function probeOf(search: Search, options: OpenSearchServerOptions): DemoResponse {
  const buckets = pacesOf(linesOf(search, options)).map(({ node, lines, firstMs, newestMs }) => ({
    key: node,
    doc_count: lines,
    first: { value: firstMs },
    newest: { value: newestMs },
  }));
  return jsonResponse(200, { timed_out: false, _shards: { failed: 0 }, aggregations: { nodes: { buckets } } });
}

function countOf(search: Search, options: OpenSearchServerOptions): DemoResponse {
  if (options.isBasic)
    return errorOf(403, 'security_exception', 'current license is non-compliant for [categorize-text-agg]');
  const { categorize_text: groups, aggs } = search.aggs!.groups!,
    canaryNodes = Object.values(aggs.canary.filter.terms)[0]!,
    { fixed_interval: interval, offset } = aggs.canary.aggs.slices.date_histogram,
    [sliceMs, offsetMs] = [interval, offset].map(parseInt) as [number, number];
  const lines = linesOf(search, options);
  const sideOf = (those: readonly Document[]) => ({
    doc_count: those.length,
    sample: { hits: { hits: those.slice(0, 1).map(({ text }) => ({ _source: { [groups.field]: text } })) } },
    slices: bucketsBy(those, ({ atMs }) => Math.floor((atMs - offsetMs) / sliceMs) * sliceMs + offsetMs),
    nodes: bucketsBy(those, ({ node }) => node),
  });
  const buckets = groupLines(lines).map(those => ({
    key: those[0]!.text.replace(/\w*\d\w*/g, '').trim(),
    doc_count: those.length,
    canary: sideOf(those.filter(({ node }) => canaryNodes.includes(node))),
    baseline: sideOf(those.filter(({ node }) => !canaryNodes.includes(node))),
  }));
  return jsonResponse(200, {
    timed_out: false,
    _shards: { failed: 0 },
    hits: { total: { value: lines.length, relation: 'eq' }, hits: [] },
    aggregations: { groups: { buckets: buckets.slice(0, groups.size) } },
  });
}

function bucketsBy<Key>(lines: readonly Document[], keyOf: (line: CountedLine) => Key) {
  return { buckets: countBy(lines, keyOf).map(([key, count]) => ({ key, doc_count: count })) };
}

function nodesOf(search: Search, options: OpenSearchServerOptions): DemoResponse {
  const { service } = rangeOf(search);
  const found = documentsOf(options).filter(({ service: its }) => service === undefined || its === service);
  const names = search.aggs?.nodes.terms.field === 'host.name' ? [...new Set(found.map(({ node }) => node))] : [];
  return jsonResponse(200, {
    _shards: { failed: 0 },
    aggregations: { nodes: { buckets: names.sort().map(key => ({ key, doc_count: 1 })) } },
  });
}

function errorOf(status: number, type: string, reason: string): DemoResponse {
  return jsonResponse(status, { error: { root_cause: [], type, reason }, status });
}
