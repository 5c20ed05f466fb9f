// A local server with VictoriaLogs' API over known log records, as its documents describe it: a stream filter, the
// vendor's own pipes, and JSON lines.
import { withFaults } from '../../../src/demo/faults/faults.ts';
import type { LogRecord } from '../../../src/demo/fleet/telemetry.ts';
import { jsonResponse, textResponse } from '../../../src/demo/servers/httpServer.ts';
import type { DemoRequest, DemoResponse, Handler } from '../../../src/demo/servers/httpServer.ts';
import type { VendorParts } from '../faults/vendors.ts';
import { cellsOf, groupLines, pacesOf } from '../logServer/counted.ts';

export interface VictoriaLogsServerOptions extends VendorParts {
  readonly token: string;
  readonly account?: string;
}

export function createVictoriaLogsServer({
  telemetry,
  faults,
  sleep,
  token,
  account = '0:0',
}: VictoriaLogsServerOptions): Handler {
  const answer: Handler = request => {
    if (request.headers['authorization'] !== `Bearer ${token}`)
      return Promise.resolve(textResponse(401, 'missing `Authorization` request header\n'));
    const asked = `${request.headers['accountid'] ?? 0}:${request.headers['projectid'] ?? 0}`;
    const seen = faults.view('other', telemetry).logs(0, faults.now('other') + 1);
    const records = asked === account ? [...new Map(seen.map(record => [record.id, record])).values()] : [];
    return Promise.resolve(route(request, records));
  };
  return withFaults('other', faults, sleep, status => textResponse(status, 'remoteAddr: it failed\n'), answer);
}

function route({ method, path, body }: DemoRequest, records: readonly LogRecord[]): DemoResponse {
  if (method !== 'POST') return textResponse(405, '');
  const form = new URLSearchParams(body),
    query = form.get('query') ?? '';
  const app = /^\{app="(\w+)"\}/.exec(query)?.[1];
  if (app === undefined) return textResponse(400, `cannot parse query [${query}]: unexpected token\n`);
  const found = records.filter(({ category }) => category === app);
  const values = (names: readonly string[]): DemoResponse =>
    jsonResponse(200, { values: names.map(value => ({ value, hits: 1 })) });
  if (path === '/select/logsql/field_values')
    return values(form.get('field') === 'host' ? [...new Set(found.map(hostOf))] : []);
  if (path === '/select/logsql/field_names') return values(found.length > 0 ? ['_msg', '_time', 'host'] : []);
  if (path !== '/select/logsql/query') return textResponse(400, `unsupported path requested: ${path}\n`);
  const [, nodes] = /\| filter "host":~("(?:[^"\\]|\\.)*")/.exec(query) ?? [],
    [, offset = '0', limit = ''] =
      /\| sort by \(_time, "\w+", _msg\)(?: offset (\d+))? limit (\d+) \|/.exec(query) ?? [];
  const pattern = new RegExp(nodes === undefined ? '' : (JSON.parse(nodes) as string));
  const [start, end] = ['start', 'end'].map(name => BigInt(form.get(name) ?? 0));
  const window = found.filter(record => nsOf(record) >= start! && nsOf(record) < end! && pattern.test(hostOf(record)));
  if (query.includes(' stats by ')) return rowsOf(countOf(query, window));
  const page = window
    .sort((one, other) => one.atMs - other.atMs || compare(hostOf(one), hostOf(other)) || compare(one.text, other.text))
    .slice(Number(offset), Number(offset) + Number(limit));
  return rowsOf(page.map(rowOf));
}

function rowsOf(rows: readonly object[]): DemoResponse {
  const body = rows.map(row => `${JSON.stringify(row)}\n`).join('');
  return { status: 200, headers: { 'Content-Type': 'application/stream+json' }, body };
}

/** How many lines each node has, or the groups of both sides. */
function countOf(query: string, records: readonly LogRecord[]): readonly object[] {
  const lines = records.map(record => ({ ...record, node: hostOf(record) }));
  if (!query.includes('collapse_nums'))
    return pacesOf(lines).map(({ node, lines: count, firstMs, newestMs }, i) => ({
      // Rows of different lengths, so that half of an answer ends within one.
      ...(i === 0 && { _stream: '{}' }),
      host: node,
      lines: String(count),
      first: timeOf(firstMs),
      newest: timeOf(newestMs),
    }));
  const sliceMs = Number(/_time:(\d+)ms/.exec(query)?.[1]),
    canary = new RegExp(JSON.parse(/ if \("host":~("(?:[^"\\]|\\.)*")\)/.exec(query)?.[1] ?? '"$^"') as string);
  return groupLines(lines).map(those => ({
    level: 'info',
    total: String(lines.length),
    counts: JSON.stringify(
      cellsOf(those, sliceMs).map(({ node, atMs, lines: count }) => ({
        _time: timeOf(atMs),
        host: node,
        backstop_lines: String(count),
      })),
    ),
    canary_text: those.find(({ node }) => canary.test(node))?.text ?? '',
    baseline_text: those.find(({ node }) => !canary.test(node))?.text ?? '',
  }));
}

/** Without zeros at the end. */
function timeOf(atMs: number): string {
  return new Date(atMs).toISOString().replace(/\.?0*Z$/, 'Z');
}

function rowOf(record: LogRecord): Readonly<Record<string, string>> {
  return {
    _msg: record.text,
    _time: timeOf(record.atMs),
    host: hostOf(record),
    level: 'info',
  };
}

function hostOf({ node }: LogRecord): string {
  return `${node}:9428`;
}

function nsOf({ atMs }: LogRecord): bigint {
  return BigInt(atMs) * 1_000_000n;
}

function compare(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0;
}
