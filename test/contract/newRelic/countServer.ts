// A local NerdGraph that answers the vendor's own NRQL that counts log lines, in the form that the documentation gives:
// rows by facet, by facet and bucket, and events.
import { withFaults } from '../../../src/demo/faults/faults.ts';
import { jsonResponse, type DemoResponse, type Handler } from '../../../src/demo/servers/httpServer.ts';
import type { LogRecord } from '../../../src/demo/fleet/telemetry.ts';
import type { VendorParts } from '../faults/vendors.ts';
import { cellsOf, groupLines, pacesOf } from '../logServer/counted.ts';

export interface CountServerOptions extends VendorParts {
  /** Lines that no pattern fits. */
  readonly unmatched: RegExp;
}

export function createCountServer({ telemetry, faults, sleep, unmatched }: CountServerOptions): Handler {
  const answer: Handler = request => {
    if (request.headers['api-key'] !== 'NRAK-CONTRACTTESTKEY')
      return Promise.resolve(jsonResponse(401, { errors: [{ message: 'Unauthorized' }] }));
    const { account: _, ...queries } = (JSON.parse(request.body) as { variables: Record<string, string> }).variables;
    const seen = faults.view('other', telemetry).logs(0, faults.now('other') + 1),
      records = [...new Map(seen.map(record => [record.id, record])).values()];
    const account = Object.entries(queries).map(([alias, nrql]) => {
      const results = resultsOf(nrql, records, unmatched);
      return [alias, { results, queryProgress: { queryId: null, completed: true } }] as const;
    });
    return Promise.resolve(jsonResponse(200, { data: { actor: { account: Object.fromEntries(account) } } }));
  };
  return withFaults('other', faults, sleep, failWith, answer);
}

function failWith(status: number): DemoResponse {
  return jsonResponse(status, { errors: [{ message: 'It failed.' }] });
}

function resultsOf(nrql: string, records: readonly LogRecord[], unmatched: RegExp): readonly object[] {
  const [, fromMs = 0, toMs = 0] = / SINCE (\d+) UNTIL (\d+)/.exec(nrql)?.map(Number) ?? [],
    service = /service = '(\w+)'/.exec(nrql)?.[1],
    nodes = namesIn(/\) AND host IN \(([^)]*)\)/.exec(nrql)?.[1]);
  const window = records.filter(
    ({ atMs, node, category }) => atMs >= fromMs && atMs < toMs && category === service && nodes.includes(node),
  );
  if (nrql.includes('FACET host'))
    return pacesOf(window).map(({ node, lines, firstMs, newestMs }) => ({
      facet: node,
      host: node,
      lines,
      first: firstMs,
      newest: newestMs,
    }));
  const [matched, others] = [false, true].map(wanted => window.filter(({ text }) => unmatched.test(text) === wanted));
  if (nrql.includes('IS NULL OR'))
    return others!.map(({ atMs, node, text, id }) => ({
      timestamp: atMs,
      messageId: String(id),
      message: text,
      host: node,
    }));
  if (!nrql.includes('FACET')) return [{ lines: window.length }];
  return groupLines(matched!).flatMap(lines => rowsOf(nrql, lines, fromMs));
}

/** Of one pattern: with the columns that are asked for, or a row for each bucket. */
function rowsOf(nrql: string, lines: readonly LogRecord[], fromMs: number): readonly object[] {
  const facet = lines[0]!.text.replace(/\w*\d\w*/g, '<*>'),
    columns = [...nrql.matchAll(/filter\((\w+)\([^)]*\), WHERE host IN \(([^)]*)\)\) AS '(\w+)'/g)],
    sliceMs = Number(/TIMESERIES (\d+) seconds/.exec(nrql)?.[1]) * 1000;
  const rowOf = (those: readonly LogRecord[]): object =>
    Object.fromEntries(
      columns.map(([, name, list, alias]) => {
        const own = those.filter(({ node }) => namesIn(list).includes(node));
        return [alias!, name === 'count' ? own.length : alias!.endsWith('Text') ? (own.at(-1)?.text ?? null) : null];
      }),
    );
  const common = { facet, 'newrelic.logPattern': facet };
  if (Number.isNaN(sliceMs)) return [{ ...common, ...rowOf(lines) }];
  const begins = [...new Set(cellsOf(lines, sliceMs, fromMs).map(({ atMs }) => atMs))];
  return begins.map(beginMs => ({
    ...common,
    beginTimeSeconds: beginMs / 1000,
    endTimeSeconds: (beginMs + sliceMs) / 1000,
    ...rowOf(lines.filter(({ atMs }) => atMs >= beginMs && atMs < beginMs + sliceMs)),
  }));
}

function namesIn(list = ''): readonly string[] {
  return [...list.matchAll(/'([^']*)'/g)].map(([, name]) => name!);
}
