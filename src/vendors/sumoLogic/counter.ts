// Lets Sumo Logic count log lines, where there are too many to read them: search jobs whose records are counts.
import type { NodePace } from '../../model/evidence/counts.ts';
import { fail, succeed, type Result } from '../../model/failure.ts';
import type { Outside } from '../../model/outside.ts';
import type { CountRequest, LineCounter } from '../../model/ports.ts';
import { countDeadline } from '../transport/countLines.ts';
import { createSumoClient, type CallSumo } from './client.ts';
import { widen, writeCount, writeProbe } from './countQuery.ts';
import { recordsOf, textOfRecord } from './counts.decode.ts';
import { writeQuery, type LogsRequest } from './logs.ts';
import { runSearchJob } from './searchJob.ts';

type Bytes = Uint8Array<ArrayBuffer>;

/** Of one count: more are no groups any more. */
const mostRecords = 50_000;

export function createSumoCounter(deps: Outside): LineCounter {
  const call = createSumoClient(deps);
  return {
    probesSlowly: true,
    async probe(request, signal) {
      const { source, nodes, fromMs, toMs } = request;
      // What is counted is scanned several times.
      if (source.kind === 'logs' && source.mostScannedBytes !== undefined)
        return fail('invalid', `Sumo Logic, "${source.name}": \`mostScanned\` does not allow a count of the lines.`);
      if (nodes.length === 0 || fromMs >= toMs) return succeed({ paces: [], queries: [] });
      const query = writeProbe(writeQuery(request as LogsRequest), source.nodeAttribute ?? '');
      const found = await runJob(deps, call, request as LogsRequest, query, signal);
      if (!found.ok) return found;
      const { pages, record } = found.value;
      const paces = pages.flatMap(page => {
        const records = recordsOf(page);
        return records.ok ? records.value.flatMap(one => paceOf(one, source.nodeAttribute)) : [];
      });
      return succeed({ paces: [...new Map(paces.map(pace => [pace.node, pace])).values()], queries: [record] });
    },
    async count(request, deliver, signal) {
      const { source, part, nodes, fromMs, toMs, canaryNodes } = request as LogsRequest & CountRequest;
      if (nodes.length === 0 || fromMs >= toMs) return succeed({ queries: [] });
      const sliceMs = widen(request),
        query = writeCount(writeQuery(request as LogsRequest), source.nodeAttribute, sliceMs);
      const found = await runJob(deps, call, request as LogsRequest, query, signal);
      if (!found.ok) return found;
      const context = { part, fromMs, toMs, sliceMs, node: source.nodeAttribute, canary: JSON.stringify(canaryNodes) };
      const taken = await deliver({
        source: source.name,
        decoder: 'sumoCounts',
        bytes: listOf(found.value.pages),
        context,
      });
      return taken.ok ? succeed({ queries: [found.value.record] }) : taken;
    },
  };
}

/**
 * Pages are kept until the last one is there: only together they are the counts. Those of a job that was lost come
 * again.
 */
async function runJob(deps: Outside, call: CallSumo, request: LogsRequest, query: string, signal: AbortSignal) {
  const { source, connection, fromMs, toMs } = request,
    atMs = deps.clock.now(),
    what = `Sumo Logic, "${source.name}"`;
  const pages: Bytes[] = [];
  const deliver = (bytes: Bytes): Promise<Result<{ rows: number }>> => {
    const records = recordsOf(bytes);
    if (records.ok) pages.push(bytes);
    return Promise.resolve(records.ok ? succeed({ rows: records.value.length }) : records);
  };
  const job = { connection, query, fromMs, toMs, wants: 'records', what, refuseAbove: mostRecords } as const;
  const outcome = await runSearchJob(
    { call, clock: deps.clock, deliver },
    { ...job, deadlineMs: countDeadline(request, atMs) },
    signal,
  );
  if (!outcome.ok) return outcome;
  if (outcome.value.kind === 'too-many')
    return fail('invalid', `${what}: ${outcome.value.total} records are too many to be groups of log lines.`);
  const { bytes, read, warnings } = outcome.value,
    durationMs = deps.clock.now() - atMs;
  const record = { source: source.name, text: query, atMs, durationMs, bytes, rows: read };
  return succeed({ pages, record: { ...record, ...(warnings.length > 0 && { warnings }) } });
}

/** A JSON list of the pages. */
function listOf(pages: readonly Bytes[]): Bytes {
  const parts = pages.flatMap((page, i) => (i === 0 ? [page] : [comma, page]));
  return new Uint8Array(Buffer.concat([Buffer.from('['), ...parts, Buffer.from(']')]));
}
const comma = Buffer.from(',');

function paceOf(record: unknown, nodeAttribute = ''): readonly NodePace[] {
  const node = textOfRecord(record, nodeAttribute),
    [lines, firstMs, newestMs] = ['lines', 'first', 'newest'].map(name =>
      Number(textOfRecord(record, `backstop_${name}`)),
    );
  return node !== undefined && lines! > 0 && Number.isFinite(firstMs! + newestMs!)
    ? [{ node, lines: lines!, firstMs: firstMs!, newestMs: newestMs! }]
    : [];
}
