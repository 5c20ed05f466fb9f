// Turns the hits of one search into log lines.
import type { Decode, EvidencePage } from '../../model/evidence/analysis.ts';
import type { LogLine } from '../../model/evidence/evidence.ts';
import { succeed } from '../../model/failure.ts';
import { member, textMember } from '../transport/decode/json.decode.ts';
import { withLevel } from '../transport/decode/logLine.decode.ts';
import { badAnswer, firstOf, parseAnswer } from './answer.decode.ts';

/**
 * Context: {time, node, message, level?}, names of fields. A line is known by its index and its document.
 * `rows` counts hits, also those that lack a time, a node or a text.
 */
export const decodeOpenSearchHits: Decode = (bytes, context) => {
  const answer = parseAnswer(bytes);
  if (!answer.ok) return answer;
  const hits = member(member(answer.value, 'hits'), 'hits');
  if (!Array.isArray(hits)) return badAnswer();
  return succeed({ rows: hits.length, lines: hits.flatMap(hit => lineOf(hit, context)) });
};

function lineOf(hit: unknown, context: EvidencePage['context']): readonly LogLine[] {
  const fields = member(hit, 'fields');
  const textOf = (name: unknown): string | undefined => {
    const value = firstOf(member(fields, String(name)));
    return typeof value === 'string' ? value : undefined;
  };
  const time = firstOf(member(fields, String(context.time))),
    atMs = Math.floor(typeof time === 'string' && time !== '' ? Number(time) : NaN);
  const node = textOf(context.node),
    text = textOf(context.message),
    id = textMember(hit, '_id');
  if (!Number.isFinite(atMs) || !node || !text || !id) return [];
  const level = context.level === undefined ? undefined : textOf(context.level);
  return [{ atMs, node, text: withLevel(text, level), id: `${textMember(hit, '_index') ?? ''}/${id}` }];
}
