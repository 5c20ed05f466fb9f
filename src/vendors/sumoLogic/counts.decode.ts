// Turns the records of a Sumo Logic search job that counts log lines into groups of lines.
import type { Decode, EvidencePage } from '../../model/evidence/analysis.ts';
import type { CountedGroup, CountedSide } from '../../model/evidence/counts.ts';
import { fail, succeed, type Result } from '../../model/failure.ts';
import { sideOf, windowOf } from '../transport/decode/countedWindow.decode.ts';
import { member, parseJson } from '../transport/decode/json.decode.ts';

/**
 * Context: {node, the name of its attribute, canary: JSON list}, and that of the window. A list of pages; a record has
 * the lines of a group on one node in one slice, and one of them; it may come twice.
 */
export const decodeSumoCounts: Decode = (bytes, context) => {
  const pages = parseJson(bytes, 'Sumo Logic');
  if (!pages.ok) return pages;
  if (!Array.isArray(pages.value)) return fail('bad-answer', 'Sumo Logic sent counts without records.');
  const all = pages.value.flatMap(page => listOf(page) ?? []),
    records = [...new Map(all.map(record => [keyOf(record, context), record])).values()];
  const groups = [...Map.groupBy(records, record => textOfRecord(record, 'backstop_text') ?? '').values()];
  const counted = groups.map(those => groupOf(those, context));
  return succeed({ rows: records.length, counts: windowOf(context, counted) });
};

function keyOf(record: unknown, { node }: EvidencePage['context']): string {
  return ['backstop_text', String(node), '_timeslice'].map(name => textOfRecord(record, name)).join('\n');
}

export function recordsOf(page: Uint8Array): Result<readonly unknown[]> {
  const parsed = parseJson(page, 'Sumo Logic');
  if (!parsed.ok) return parsed;
  const records = listOf(parsed.value);
  return records ? succeed(records) : fail('bad-answer', 'Sumo Logic sent a page without records.');
}

function listOf(page: unknown): readonly unknown[] | undefined {
  const records = member(page, 'records');
  return Array.isArray(records) ? records : undefined;
}

/** Every value is sent as a text, under a name in small letters. */
export function textOfRecord(record: unknown, name: string): string | undefined {
  const value = member(member(record, 'map'), name.toLowerCase());
  return typeof value === 'string' ? value : typeof value === 'number' ? String(value) : undefined;
}

function groupOf(records: readonly unknown[], { node, canary }: EvidencePage['context']): CountedGroup {
  const parsed = parseJson(String(canary), 'Sumo Logic'),
    canaryNodes = parsed.ok && Array.isArray(parsed.value) ? parsed.value.map(String) : [];
  const nodeOf = (record: unknown): string => textOfRecord(record, String(node)) ?? '',
    linesOf = (record: unknown): number => Number(textOfRecord(record, 'backstop_lines'));
  const side = (isCanary: boolean): CountedSide => {
    const own = records.filter(record => canaryNodes.includes(nodeOf(record)) === isCanary);
    return sideOf(
      own[0] && textOfRecord(own[0], 'backstop_sample'),
      own.map(record => [Number(textOfRecord(record, '_timeslice')), linesOf(record)]),
      own.map(record => [nodeOf(record), linesOf(record)]),
    );
  };
  return { canary: side(true), baseline: side(false) };
}
