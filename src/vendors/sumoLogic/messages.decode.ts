// Turns one page of a Sumo Logic search job's messages into log lines.
import type { Decode } from '../../model/evidence/analysis.ts';
import type { LogLine } from '../../model/evidence/evidence.ts';
import { fail, succeed } from '../../model/failure.ts';
import { member, parseJson } from '../transport/decode/json.decode.ts';

/**
 * Context: {nodeAttribute}. `rows` counts the messages sent, also those that are no use (no time, no text, no node),
 * since paging advances by them. A line's id is its message id with its block id, which together are unique in an
 * account.
 */
export const decodeSumoMessages: Decode = (bytes, context) => {
  const answer = parseJson(bytes, 'Sumo Logic');
  if (!answer.ok) return answer;
  const messages = member(answer.value, 'messages');
  if (!Array.isArray(messages)) return fail('bad-answer', 'Sumo Logic sent a page without messages.');
  const attribute = String(context.nodeAttribute).toLowerCase();
  const lines: LogLine[] = [];
  for (const message of messages) {
    const line = lineOf(member(message, 'map'), attribute);
    if (line) lines.push(line);
  }
  return succeed({ rows: messages.length, lines });
};

function lineOf(map: unknown, attribute: string): LogLine | undefined {
  const atMs = Number(text(map, '_messagetime') ?? NaN);
  const raw = text(map, '_raw'),
    node = text(map, attribute);
  if (raw === undefined || node === undefined || !Number.isFinite(atMs)) return undefined;
  const id = text(map, '_messageid'),
    block = text(map, '_blockid');
  return { atMs, node, text: raw, ...(id !== undefined && { id: block === undefined ? id : `${block}/${id}` }) };
}

/** The vendor sends every value as a string; a number is taken too. */
function text(map: unknown, name: string): string | undefined {
  const value = member(map, name);
  return typeof value === 'string' && value !== '' ? value : typeof value === 'number' ? String(value) : undefined;
}
