// A local server that answers the vendor's own SQL over known log records, as ClickHouse does: it reads the moments,
// the nodes, the condition and the page out of it.
import { withFaults } from '../../../src/demo/faults/faults.ts';
import { basicCredentials, jsonResponse, textResponse } from '../../../src/demo/servers/httpServer.ts';
import type { DemoResponse, Handler } from '../../../src/demo/servers/httpServer.ts';
import type { VendorParts } from '../faults/vendors.ts';
import { countBy, groupLines, pacesOf } from '../logServer/counted.ts';

export interface ClickHouseServerOptions extends VendorParts {
  readonly user: string;
  readonly password: string;
  /** Of the column of times. */
  readonly precisionMs?: number;
  /** So many queries fail half-way: what was found by then comes with HTTP 200. */
  readonly brokenOff?: number;
}

export function createClickHouseServer(options: ClickHouseServerOptions): Handler {
  const { telemetry, faults, sleep, user, password, precisionMs = 1 } = options;
  let brokenOff = options.brokenOff ?? 0;
  const answer: Handler = request => {
    const given = basicCredentials(request);
    if (given?.user !== user || given.password !== password)
      return Promise.resolve(exception(403, 516, `${given?.user ?? 'default'}: Authentication failed`));
    if (request.method !== 'POST' || request.path !== '/')
      return Promise.resolve(textResponse(404, 'There is no handle\n'));
    const seen = faults.view('other', telemetry).logs(0, faults.now('other') + 1);
    const rows = seen.map(({ atMs, node, category, text, id }) => {
      const ns = BigInt(Math.floor(atMs / precisionMs) * precisionMs) * 1_000_000n;
      return { atMs, ns, node, service: category, text, id };
    });
    const whole = run(request.body, [...new Map(rows.map(row => [row.id, row])).values()]);
    return Promise.resolve(brokenOff-- > 0 ? halfOf(whole) : whole);
  };
  return withFaults('other', faults, sleep, failWith, answer);
}

interface Row {
  readonly atMs: number;
  readonly ns: bigint;
  readonly node: string;
  readonly service: string;
  readonly text: string;
}

function run(sql: string, rows: readonly Row[]): DemoResponse {
  const service = /service = '([^']*)'\)/.exec(sql)?.[1];
  const known = rows.filter(row => service === undefined || row.service === service);
  if (/nowhere/.test(sql)) return exception(404, 60, "Table otel.nowhere doesn't exist. (UNKNOWN_TABLE)");
  if (/cityHash64|AS backstop_node, count\(\)/.test(sql)) return countOf(sql, known);
  if (/GROUP BY/.test(sql)) {
    const byNode = [...Map.groupBy(known, ({ node }) => node)].sort(([, one], [, other]) => other.length - one.length);
    return answerOf(byNode.map(([node]) => [node]));
  }
  const page = /LIMIT (\d+)(?: OFFSET (\d+))? FORMAT JSONCompact$/.exec(sql),
    window = windowOf(sql, known);
  if (!page || !window) return exception(400, 62, `Syntax error: failed at position ${sql.length}. (SYNTAX_ERROR)`);
  const found = window.sort(
    (one, other) => compare(one.ns, other.ns) || compare(one.node, other.node) || compare(one.text, other.text),
  );
  const [, limit, offset = 0] = page.map(Number);
  return answerOf(
    found
      .slice(offset || 0, (offset || 0) + limit!)
      .map(({ ns, node, text }) => [String(ns), node, text, /backstop_level/.test(sql) ? 'Error' : undefined]),
  );
}

/** Undefined: the query has no window. */
function windowOf(sql: string, known: readonly Row[]): Row[] | undefined {
  const where = sql.slice(sql.indexOf(' WHERE ')),
    moments = [...where.matchAll(/at (>=|<) fromUnixTimestamp64Nano\((\d+)\)/g)].map(([, , ns = '0']) => BigInt(ns)),
    nodes = namesIn(/IN \(([^)]*)\)/.exec(where)?.[1]);
  return moments.length === 2
    ? known.filter(({ ns, node }) => ns >= moments[0]! && ns < moments[1]! && nodes.includes(node))
    : undefined;
}

function namesIn(list = ''): readonly string[] {
  return [...list.matchAll(/'([^']*)'/g)].map(([, name]) => name!);
}

/** How many lines each node has, or the groups of both sides. */
function countOf(sql: string, known: readonly Row[]): DemoResponse {
  const lines = windowOf(sql, known) ?? [];
  if (!sql.includes('cityHash64'))
    return jsonResponse(200, {
      data: pacesOf(lines).map(one => [one.node, one.lines, one.firstMs, one.newestMs].map(String)),
    });
  const canary = namesIn(/IN \(([^)]*)\) AS backstop_canary/.exec(sql)?.[1]),
    [, fromMs = NaN, sliceMs = NaN] = / - (\d+), (\d+)\) AS backstop_slice/.exec(sql)?.map(Number) ?? [];
  const side = (those: readonly Row[]) => [
    those[0]?.text ?? '',
    columnsOf(countBy(those, ({ atMs }) => Math.floor((atMs - fromMs) / sliceMs))),
    columnsOf(countBy(those, ({ node }) => node)),
  ];
  const data = groupLines(lines).map(those => [
    '',
    String(those.length),
    ...side(those.filter(({ node }) => canary.includes(node))),
    ...side(those.filter(({ node }) => !canary.includes(node))),
  ]);
  return jsonResponse(200, { data, totals: ['', String(lines.length)] });
}

function columnsOf(pairs: readonly (readonly [unknown, number])[]) {
  return [pairs.map(([key]) => key), pairs.map(([, count]) => String(count))];
}

function compare(one: bigint | string, other: bigint | string): number {
  return one < other ? -1 : one > other ? 1 : 0;
}

function answerOf(data: readonly (readonly (string | undefined)[])[]): DemoResponse {
  const rows = data.map(row => row.filter(value => value !== undefined));
  return jsonResponse(200, { meta: [], data: rows, rows: rows.length, statistics: { elapsed: 0.001 } });
}

function exception(status: number, code: number, text: string): DemoResponse {
  return textResponse(status, `Code: ${code}. DB::Exception: ${text} (version 26.7.1)\n`, {
    'X-ClickHouse-Exception-Code': String(code),
  });
}

/** As `http_write_exception_in_output_format` has it: JSON that is whole, of a result that is not. */
function halfOf({ body, ...whole }: DemoResponse): DemoResponse {
  const { data, ...rest } = JSON.parse(String(body)) as { readonly data: readonly unknown[] };
  const cut = { ...rest, data: data.slice(0, data.length / 2), exception: 'Code: 241. DB::Exception: Memory limit' };
  return { ...whole, body: JSON.stringify(cut) };
}

function failWith(status: number): DemoResponse {
  return exception(status, 241, 'Memory limit exceeded. (MEMORY_LIMIT_EXCEEDED)');
}
