// A local Search Job API that answers the vendor's own searches that count log lines, with records in the form of the
// documentation.
import { withFaults } from '../../../src/demo/faults/faults.ts';
import type { LogRecord } from '../../../src/demo/fleet/telemetry.ts';
import {
  basicCredentials,
  jsonResponse,
  type DemoResponse,
  type Handler,
} from '../../../src/demo/servers/httpServer.ts';
import type { VendorParts } from '../faults/vendors.ts';
import { cellsOf, groupLines, pacesOf } from '../logServer/counted.ts';

export interface CountServerOptions extends VendorParts {
  /** Says of every search that it is wrong. */
  readonly refuses: boolean;
}

interface Search {
  readonly query: string;
  readonly from: number;
  readonly to: number;
}

const path = '/api/v1/search/jobs';

export function createCountServer({ telemetry, faults, sleep, refuses }: CountServerOptions): Handler {
  const jobs = new Map<string, readonly object[]>();
  const answer: Handler = request => {
    if (basicCredentials(request)?.password !== 'accessKEYsecret') return Promise.resolve(failWith(401));
    if (request.method === 'POST' && request.path === path) {
      const seen = faults.view('other', telemetry).logs(0, faults.now('other') + 1),
        id = `JOB${jobs.size}`;
      jobs.set(
        id,
        recordsOf(JSON.parse(request.body) as Search, [...new Map(seen.map(one => [one.id, one])).values()]),
      );
      return Promise.resolve(jsonResponse(202, { id }));
    }
    const [, id = '', rest = ''] = new RegExp(`^${path}/(\\w+)(/records)?`).exec(request.path) ?? [],
      records = jobs.get(id);
    if (!records) return Promise.resolve(failWith(404));
    return Promise.resolve(jsonResponse(200, rest === '' ? stateOf(records, refuses) : { fields: [], records }));
  };
  return withFaults('other', faults, sleep, failWith, answer);
}

function stateOf(records: readonly object[], refuses: boolean) {
  const pendingErrors = refuses ? ['Parse error: no such operator'] : [];
  return { state: 'DONE GATHERING RESULTS', messageCount: 0, recordCount: records.length, pendingErrors };
}

function failWith(status: number): DemoResponse {
  return jsonResponse(status, { status, id: 'ABC', code: 'internal.error', message: 'It failed.' });
}

function recordsOf({ query, from, to }: Search, records: readonly LogRecord[]): readonly object[] {
  const category = /_sourceCategory=(\w+)/.exec(query)?.[1],
    nodes = [...query.matchAll(/_sourceHost="([^"]*)"/g)].map(([, node]) => node!);
  const lines = records.filter(
    ({ atMs, node, category: its }) => atMs >= from && atMs < to && its === category && nodes.includes(node),
  );
  const recordOf = (values: Readonly<Record<string, string | number>>): object => ({
    map: Object.fromEntries(Object.entries(values).map(([name, value]) => [name, String(value)])),
  });
  if (query.includes('backstop_first'))
    return pacesOf(lines).map(({ node, lines: count, firstMs, newestMs }) =>
      recordOf({ _sourcehost: node, backstop_lines: count, backstop_first: firstMs, backstop_newest: newestMs }),
    );
  const sliceMs = Number(/\| timeslice (\d+)s \|/.exec(query)?.[1]) * 1000;
  return groupLines(lines).flatMap(those =>
    cellsOf(those, sliceMs).map(({ node, atMs, lines: count }) =>
      recordOf({
        backstop_text: those[0]!.text.replace(/\w*\d\w*/g, '0'),
        _sourcehost: node,
        _timeslice: atMs,
        backstop_lines: count,
        backstop_sample: those.find(one => one.node === node)!.text,
      }),
    ),
  );
}
