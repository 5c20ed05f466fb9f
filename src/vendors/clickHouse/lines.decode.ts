// Turns one answer of ClickHouse into log lines.
import type { Decode, EvidencePage } from '../../model/evidence/analysis.ts';
import type { LogLine } from '../../model/evidence/evidence.ts';
import { fail, succeed } from '../../model/failure.ts';
import { member } from '../transport/decode/json.decode.ts';
import { madeId, skippedOf, withLevel } from '../transport/decode/logLine.decode.ts';
import { parseAnswer } from './answer.decode.ts';

/**
 * Rows of time in nanoseconds, node, text and perhaps level. Context: {moment, skipped}, the nanosecond with which the
 * page begins, and how many of its lines came before this page. `rows` counts the rows sent, also those without use.
 * A line is known by time, node and text, and by how many the same came before it: a page that begins where another
 * ended gives the same ids.
 */
export const decodeClickHouseLines: Decode = (bytes, context) => {
  const answer = parseAnswer(bytes);
  if (!answer.ok) return answer;
  const rows = member(answer.value, 'data');
  if (!Array.isArray(rows)) return fail('bad-answer', 'ClickHouse sent an answer without rows.');
  const alike = new Map<string, number>();
  return succeed({ rows: rows.length, lines: rows.flatMap(row => lineOf(row, context, alike)) });
};

function lineOf(row: unknown, context: EvidencePage['context'], alike: Map<string, number>): readonly LogLine[] {
  const [ns, node, text, level] = Array.isArray(row) ? (row as readonly unknown[]) : [];
  if (typeof ns !== 'string' || !/^\d{1,20}$/.test(ns) || typeof node !== 'string' || node === '') return [];
  if (typeof text !== 'string' || text === '') return [];
  return [
    {
      atMs: Number(ns.slice(0, -6)),
      node,
      text: withLevel(text, typeof level === 'string' ? level : undefined),
      id: madeId(`${ns}/${node}/${text}${skippedOf(ns, context)}`, alike),
    },
  ];
}
