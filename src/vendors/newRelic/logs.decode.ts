// Turns one NerdGraph answer of log events into log lines.
import type { Decode, EvidencePage } from '../../model/evidence/analysis.ts';
import type { LogLine } from '../../model/evidence/evidence.ts';
import { fail, succeed } from '../../model/failure.ts';
import { member, numberMember, parseJson, textMember } from '../transport/decode/json.decode.ts';
import { madeId, withLevel } from '../transport/decode/logLine.decode.ts';
import { findNerdGraphFailure } from './metrics.decode.ts';

/**
 * Context: {nodeAttribute, messageAttribute}. `rows` counts the events sent, also those that are no use (no time, no
 * text, no node). A line's id is its message id; an event without one is known by time, node and text, and by how many
 * the same came before it: a window that is read again gives the same ids.
 */
export const decodeNewRelicLogs: Decode = (bytes, context) => {
  const answer = parseJson(bytes, 'New Relic');
  if (!answer.ok) return answer;
  const failure = findNerdGraphFailure(answer.value);
  if (failure) return { ok: false, failure };
  const rows = member(member(member(member(member(answer.value, 'data'), 'actor'), 'account'), 'lines'), 'results');
  if (!Array.isArray(rows)) return fail('bad-answer', 'New Relic answered a query for log lines without results.');
  return succeed({ rows: rows.length, lines: linesOf(rows, context) });
};

export function linesOf(rows: readonly unknown[], context: EvidencePage['context']): readonly LogLine[] {
  const alike = new Map<string, number>();
  return rows.flatMap(row => lineOf(row, context, alike));
}

function lineOf(
  row: unknown,
  { nodeAttribute, messageAttribute }: EvidencePage['context'],
  alike: Map<string, number>,
): readonly LogLine[] {
  const atMs = numberMember(row, 'timestamp'),
    node = textMember(row, String(nodeAttribute)),
    message = textMember(row, String(messageAttribute)) ?? '';
  const thrown = thrownOf(row, message);
  const text = thrown === '' ? message : message === '' ? thrown : `${message}\n${thrown}`;
  if (atMs === undefined || node === undefined || text === '') return [];
  return [
    {
      atMs,
      node,
      text: withLevel(text, textMember(row, 'level')),
      id: textMember(row, 'messageId') ?? madeId(`${atMs}/${node}/${text}`, alike),
    },
  ];
}

/** The stack, or class and message where there is none, unless the line tells them itself. */
function thrownOf(row: unknown, message: string): string {
  const [kind, reason, stack] = [
    textMember(row, 'error.class') ?? '',
    textMember(row, 'error.message') ?? '',
    textMember(row, 'error.stack') ?? '',
  ];
  if (kind === '' || message.includes(kind)) return '';
  const head = reason === '' ? kind : `${kind}: ${reason}`;
  return stack === '' ? head : stack.includes(kind) ? stack : `${head}\n${stack}`;
}
