// Lets ClickHouse count log lines, where there are too many to read them.
import type { NodePace } from '../../model/evidence/counts.ts';
import { succeed, type Result } from '../../model/failure.ts';
import type { Outside } from '../../model/outside.ts';
import type { CountRequest, LineCounter } from '../../model/ports.ts';
import { countLines, probeLines, type CountQuestion } from '../transport/countLines.ts';
import { listMember } from '../transport/decode/json.decode.ts';
import { parseAnswer } from './answer.decode.ts';
import { writeCountQuery, writeProbeQuery } from './countSql.ts';
import { callOf, type ClickHouseRequest } from './logs.ts';

export function createClickHouseCounter(deps: Outside): LineCounter {
  return {
    probe(request, signal) {
      const asked = request as ClickHouseRequest;
      return probeLines(deps, request, questionOf(asked, writeProbeQuery(asked)), pacesOf, signal);
    },
    count(request, deliver, signal) {
      const asked = request as ClickHouseRequest & CountRequest,
        question = questionOf(asked, writeCountQuery(asked));
      return countLines(deps, request, question, { decoder: 'clickHouseCounts' }, deliver, signal);
    },
  };
}

function questionOf({ source, connection }: ClickHouseRequest, text: string): CountQuestion {
  return { connection, text, call: deadlineMs => callOf(source, connection, text, deadlineMs) };
}

function pacesOf(bytes: Uint8Array): Result<readonly NodePace[]> {
  const parsed = parseAnswer(bytes);
  return parsed.ok ? succeed(listMember(parsed.value, 'data').flatMap(paceOf)) : parsed;
}

function paceOf(row: unknown): readonly NodePace[] {
  const [node, ...numbers] = Array.isArray(row) ? (row as readonly unknown[]) : [];
  const [lines = NaN, firstMs = NaN, newestMs = NaN] = numbers.map(Number);
  return typeof node === 'string' && lines > 0 && Number.isFinite(firstMs + newestMs)
    ? [{ node, lines, firstMs, newestMs }]
    : [];
}
