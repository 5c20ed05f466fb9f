// Lets New Relic count log lines by their patterns, where there are too many to read them.
import type { NodePace } from '../../model/evidence/counts.ts';
import { fail, succeed, type Result } from '../../model/failure.ts';
import type { Outside } from '../../model/outside.ts';
import type { CountRequest, LineCounter } from '../../model/ports.ts';
import { countDeadline } from '../transport/countLines.ts';
import { member, numberMember, parseJson, textMember } from '../transport/decode/json.decode.ts';
import type { NewRelicLogsRequest } from './logs.ts';
import { mostNodes, widen, writeCountQueries, writeNodesQuery } from './nrql/nrqlLogs.ts';
import { newRelicLimits } from './options.ts';
import { readNrql } from './query.ts';

export function createNewRelicCounter(deps: Outside): LineCounter {
  return {
    async probe(request, signal) {
      const asked = request as NewRelicLogsRequest,
        { source, nodes, fromMs, toMs } = asked;
      if (nodes.length > mostNodes || (source.options.messageAttribute ?? 'message') !== 'message')
        return fail('invalid', `New Relic, "${source.name}": its patterns do not tell these lines apart.`);
      if (nodes.length === 0 || fromMs >= toMs) return succeed({ paces: [], queries: [] });
      const probed = await readNrql(
        deps,
        source.name,
        questionOf(deps, asked, { nodes: writeNodesQuery(source, asked) }),
        bytes => Promise.resolve(pacesOf(bytes)),
        signal,
      );
      return probed.ok ? succeed({ paces: probed.value.taken.paces, queries: [probed.value.record] }) : probed;
    },
    async count(request, deliver, signal) {
      const asked = { ...inSeconds(request), sliceMs: widen(request) } as NewRelicLogsRequest & CountRequest,
        { source, part, nodes, canaryNodes, fromMs, toMs, sliceMs } = asked;
      if (nodes.length === 0 || fromMs >= toMs) return succeed({ queries: [] });
      const context = {
        part,
        fromMs,
        toMs,
        sliceMs,
        nodes: JSON.stringify(nodes),
        canary: JSON.stringify(canaryNodes),
        nodeAttribute: source.nodeAttribute,
        messageAttribute: 'message',
        most: (asked.connection.options.limits ?? newRelicLimits).rows,
      };
      const read = await readNrql(
        deps,
        source.name,
        questionOf(deps, asked, writeCountQueries(source, asked)),
        bytes => deliver({ source: source.name, decoder: 'newRelicCounts', bytes, context }),
        signal,
      );
      return read.ok ? succeed({ queries: [read.value.record] }) : read;
    },
  };
}

/** Buckets begin with a second. Windows that follow one another still do. */
function inSeconds(request: CountRequest): CountRequest {
  const atSecond = (atMs: number): number => Math.ceil(atMs / 1000) * 1000;
  return { ...request, fromMs: atSecond(request.fromMs), toMs: atSecond(request.toMs) };
}

function questionOf({ clock }: Outside, request: NewRelicLogsRequest, queries: Readonly<Record<string, string>>) {
  const { source, connection } = request;
  return { connection, queries, what: `New Relic, "${source.name}"`, deadlineMs: countDeadline(request, clock.now()) };
}

function pacesOf(bytes: Uint8Array): Result<{ readonly rows: number; readonly paces: readonly NodePace[] }> {
  const parsed = parseJson(bytes, 'New Relic');
  if (!parsed.ok) return parsed;
  const rows = member(member(member(member(member(parsed.value, 'data'), 'actor'), 'account'), 'nodes'), 'results');
  if (!Array.isArray(rows)) return fail('bad-answer', 'New Relic answered a query for nodes without results.');
  return succeed({ rows: rows.length, paces: rows.flatMap(paceOf) });
}

function paceOf(row: unknown): readonly NodePace[] {
  const node = textMember(row, 'facet'),
    [lines, firstMs, newestMs] = ['lines', 'first', 'newest'].map(name => numberMember(row, name));
  return node !== undefined && lines !== undefined && lines > 0 && firstMs !== undefined && newestMs !== undefined
    ? [{ node, lines, firstMs, newestMs }]
    : [];
}
