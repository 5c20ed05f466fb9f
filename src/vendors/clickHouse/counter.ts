// Lets ClickHouse count log lines, where there are too many to read them.
import { succeed } from '../../model/failure.ts';
import type { Result } from '../../model/failure.ts';
import type { ReadSummary } from '../../model/evidence/analysis.ts';
import type { NodePace } from '../../model/evidence/counts.ts';
import type { Outside } from '../../model/outside.ts';
import type { CountRequest, LineCounter, Probe } from '../../model/ports.ts';
import { contextOfCounts, countDeadline } from '../transport/countRequest.ts';
import { listMember, parseJson } from '../transport/json.decode.ts';
import { askServer } from '../transport/ownServer.ts';
import { readPage } from '../transport/readPage.ts';
import type { Deliver } from '../vendor.ts';
import { callOf, type ClickHouseRequest } from './logs.ts';
import { writeCountQuery, writeProbeQuery } from './countSql.ts';

export function createClickHouseCounter(deps: Outside): LineCounter {
  return {
    probe: (request, signal) => probeLines(deps, request as ClickHouseRequest, signal),
    count: (request, deliver, signal) => countLines(deps, request as ClickHouseRequest & CountRequest, deliver, signal),
  };
}

async function probeLines(deps: Outside, request: ClickHouseRequest, signal: AbortSignal): Promise<Result<Probe>> {
  const { source, connection, nodes, fromMs, toMs } = request;
  if (nodes.length === 0 || fromMs >= toMs) return succeed({ paces: [], queries: [] });
  const startedAtMs = deps.clock.now(),
    text = writeProbeQuery(request),
    call = callOf(source, connection, text, countDeadline(request, startedAtMs));
  const answer = await askServer(deps, connection, call, signal);
  if (!answer.ok) return answer;
  const { bytes } = answer.value,
    parsed = parseJson(bytes, call.what);
  if (!parsed.ok) return parsed;
  const paces = listMember(parsed.value, 'data').flatMap(paceOf);
  const record = { source: source.name, text, atMs: startedAtMs, durationMs: deps.clock.now() - startedAtMs };
  return succeed({ paces, queries: [{ ...record, bytes: bytes.length, rows: paces.length }] });
}

function paceOf(row: unknown): readonly NodePace[] {
  const [node, ...numbers] = Array.isArray(row) ? (row as readonly unknown[]) : [];
  const [lines = NaN, firstMs = NaN, newestMs = NaN] = numbers.map(Number);
  return typeof node === 'string' && lines > 0 && Number.isFinite(firstMs + newestMs)
    ? [{ node, lines, firstMs, newestMs }]
    : [];
}

async function countLines(
  deps: Outside,
  request: ClickHouseRequest & CountRequest,
  deliver: Deliver,
  signal: AbortSignal,
): Promise<Result<ReadSummary>> {
  const { source, connection, nodes, fromMs, toMs } = request;
  if (nodes.length === 0 || fromMs >= toMs) return succeed({ queries: [] });
  const deadlineMs = countDeadline(request, deps.clock.now()),
    text = writeCountQuery(request),
    call = { ...callOf(source, connection, text, deadlineMs), longestMs: Infinity };
  const read = await readPage(
    deps.clock,
    { source: source.name, text, what: call.what, deadlineMs },
    async () => {
      const answer = await askServer(deps, connection, call, signal);
      if (!answer.ok) return answer;
      const page = { source: source.name, decoder: 'clickHouseCounts', bytes: answer.value.bytes };
      return succeed({ page: { ...page, context: contextOfCounts(request) }, seen: undefined });
    },
    deliver,
    signal,
  );
  return read.ok ? succeed({ queries: [read.value.record] }) : read;
}
