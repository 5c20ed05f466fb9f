// A local server with Loki's API over known log records: a stream selector with equality and regular expressions, one
// filter, pages from either end, and the answers and errors that were recorded from a real one.
import { withFaults } from '../../../src/demo/faults/faults.ts';
import type { LogRecord } from '../../../src/demo/fleet/telemetry.ts';
import { jsonResponse, textResponse } from '../../../src/demo/servers/httpServer.ts';
import type { DemoRequest, DemoResponse, Handler } from '../../../src/demo/servers/httpServer.ts';
import type { VendorParts } from '../faults/vendors.ts';

export interface LokiServerOptions extends VendorParts {
  readonly token: string;
  readonly tenant?: string;
  readonly mostEntries?: number;
  readonly longestMs?: number;
  /** An answer with more lines than this is too large for the server's own parts. */
  readonly mostLinesOfMessage?: number;
}

type Labels = Readonly<Record<string, string>>;
const labelsOf = ({ node, category }: LogRecord): Labels => ({ app: category, host: `${node}:3100`, level: 'info' });

export function createLokiServer(options: LokiServerOptions): Handler {
  const { telemetry, faults, sleep, token, tenant } = options;
  const answer: Handler = request => {
    if (request.headers['authorization'] !== `Bearer ${token}`)
      return Promise.resolve(textResponse(401, 'Unauthorized\n'));
    if (tenant !== undefined && request.headers['x-scope-orgid'] !== tenant)
      return Promise.resolve(textResponse(401, 'no org id\n'));
    // What is the same in everything is stored once.
    const records = new Map(
      faults
        .view('other', telemetry)
        .logs(0, faults.now('other') + 1)
        .map(record => [JSON.stringify([record.atMs, record.node, record.category, record.text]), record]),
    );
    return Promise.resolve(route(request, [...records.values()], options));
  };
  return withFaults('other', faults, sleep, failWith, answer);
}

function route(request: DemoRequest, records: readonly LogRecord[], options: LokiServerOptions): DemoResponse {
  if (request.method !== 'GET') return textResponse(405, '');
  const { path, query } = request;
  if (path === '/loki/api/v1/query_range') return queryRange(query, records, options);
  if (path === '/loki/api/v1/query') return countLines(query, records);
  if (path === '/loki/api/v1/series') {
    const found = select(query.get('match[]') ?? '', records) ?? [];
    return succeed([...new Set(found.map(record => JSON.stringify(labelsOf(record))))].map(one => JSON.parse(one)));
  }
  return textResponse(404, '404 page not found\n');
}

function queryRange(
  query: URLSearchParams,
  records: readonly LogRecord[],
  { mostEntries = 5_000, longestMs = Infinity, mostLinesOfMessage = Infinity }: LokiServerOptions,
): DemoResponse {
  const [start, end] = ['start', 'end'].map(name => BigInt(query.get(name) ?? '0'));
  const limit = Number(query.get('limit') ?? 100);
  if (limit > mostEntries)
    return refuse(`max entries limit per query exceeded, limit > max_entries_limit (${limit} > ${mostEntries})`);
  if (end! <= start!) return refuse('end timestamp must not be before or equal to start time');
  if (end! - start! > BigInt(Math.min(longestMs, 1e12)) * 1_000_000n)
    return refuse('the query time range exceeds the limit (query length: 960h0m0s, limit: 721h0m0s)');
  const text = query.get('query') ?? '';
  const selected = select(text, records);
  if (!selected)
    return refuse(`parse error at line 1, col ${text.length}: syntax error: unexpected $end, expecting } or ,`);
  const found = selected.filter(({ atMs }) => toNs(atMs) >= start! && toNs(atMs) < end!);
  const page = query.get('direction') === 'forward' ? found.slice(0, limit) : found.toReversed().slice(0, limit);
  if (page.length > mostLinesOfMessage)
    return textResponse(
      500,
      'rpc error: code = ResourceExhausted desc = grpc: received message larger than max (5 vs 4)',
    );
  const streams = Map.groupBy(page, record => JSON.stringify(labelsOf(record)));
  return succeed({
    resultType: 'streams',
    result: [...streams].map(([labels, lines]) => ({
      stream: JSON.parse(labels) as Labels,
      values: lines.map(line => [String(toNs(line.atMs)), line.text]),
    })),
    stats: { summary: { totalEntriesReturned: page.length } },
  });
}

function countLines(query: URLSearchParams, records: readonly LogRecord[]): DemoResponse {
  const [, selector = '', range] = /^sum\(count_over_time\((.*) \[(\d+)ns\]\)\)$/.exec(query.get('query') ?? '') ?? [];
  const endNs = BigInt(query.get('time') ?? '0'),
    fromNs = endNs - BigInt(range ?? '0');
  const found = (select(selector, records) ?? []).filter(({ atMs }) => toNs(atMs) > fromNs && toNs(atMs) <= endNs);
  return succeed({ resultType: 'vector', result: [{ metric: {}, value: [0, String(found.length)] }] });
}

function toNs(atMs: number): bigint {
  return BigInt(atMs) * 1_000_000n;
}

/** `{app="shop", host=~...}`, then perhaps `!= "text"` and a filter of a label. Undefined: it cannot be read. */
function select(query: string, records: readonly LogRecord[]): readonly LogRecord[] | undefined {
  const read = /^\{([^{}]*(?:\{1,5\}[^{}]*)*)\}(?: != "([^"]*)")?(?: \| (.*))?$/.exec(query);
  if (!read) return undefined;
  const [, selector = '', without, filter = ''] = read;
  const matchers = [...`${selector}, ${filter}`.matchAll(/(\w+)=(~?)(?:"([^"]*)"|`([^`]*)`)/g)].map(
    ([, label = '', isPattern, quoted, raw]) => {
      const value = quoted ?? raw ?? '';
      return (labels: Labels): boolean =>
        isPattern ? new RegExp(`^(?:${value})$`).test(labels[label] ?? '') : labels[label] === value;
    },
  );
  return records.filter(
    record =>
      matchers.every(fits => fits(labelsOf(record))) && (without === undefined || !record.text.includes(without)),
  );
}

function succeed(data: unknown): DemoResponse {
  return jsonResponse(200, { status: 'success', data });
}

/** Bare text under the type of JSON, as it was recorded. */
function refuse(error: string): DemoResponse {
  return textResponse(400, error, { 'Content-Type': 'application/json; charset=UTF-8' });
}

function failWith(status: number): DemoResponse {
  return textResponse(status, status === 429 ? 'too many outstanding requests\n' : 'The proxy says no.\n');
}
