// Turns the counts that VictoriaLogs gives, as JSON lines, into groups of lines, and what each node has written.
import type { Decode } from '../../model/evidence/analysis.ts';
import type { CountedGroup, CountedSide, NodePace } from '../../model/evidence/counts.ts';
import { fail, succeed, type Result } from '../../model/failure.ts';
import { sideOf, windowOf } from '../transport/decode/countedWindow.decode.ts';
import { parseJson, textMember } from '../transport/decode/json.decode.ts';
import { withLevel } from '../transport/decode/logLine.decode.ts';
import { createNodeNames } from '../transport/decode/nodeNames.decode.ts';
import { levelFields, nanosecondsOf } from './lines.decode.ts';

type NameOf = (value: string) => string | undefined;

interface Cell {
  readonly node: string;
  readonly atMs: number;
  readonly lines: number;
}

/** Context: {node, the name of its field, nodes and canary: JSON lists, nodePattern?}, and that of the window. */
export const decodeVictoriaLogsCounts: Decode = (bytes, context) => {
  const records = readRecords(bytes);
  if (!records.ok) return records;
  const canary = new Set(namesIn(context['canary'])),
    pattern = context['nodePattern'];
  const nameOf = createNodeNames(namesIn(context['nodes']), pattern === undefined ? undefined : String(pattern));
  const groups = records.value.map(record => groupOf(record, String(context['node']), nameOf, canary));
  const counted = windowOf(context, groups);
  // With a pattern, lines of other nodes are among those that the server counted.
  const total = pattern === undefined ? Number(textMember(records.value[0], 'total') ?? 0) : counted.total;
  return succeed({ rows: groups.length, counts: { ...counted, total } });
};

/** Of the answer that tells how many lines each value of the node's field has. */
export function readPaces(bytes: Uint8Array, field: string, nameOf: NameOf): Result<readonly NodePace[]> {
  const records = readRecords(bytes);
  if (!records.ok) return records;
  return succeed(
    records.value.flatMap(record => {
      const node = nameOf(textMember(record, field) ?? ''),
        [firstMs, newestMs] = ['first', 'newest'].map(name => millisecondsOf(textMember(record, name))),
        lines = Number(textMember(record, 'lines'));
      if (node === undefined || firstMs === undefined || newestMs === undefined || !(lines > 0)) return [];
      return [{ node, lines, firstMs, newestMs }];
    }),
  );
}

function readRecords(bytes: Uint8Array): Result<readonly unknown[]> {
  const text = new TextDecoder().decode(bytes);
  // Each line ends with a line break: an answer that was cut does not.
  if (text !== '' && !text.endsWith('\n'))
    return fail('bad-answer', 'VictoriaLogs sent an answer that ends in the middle.');
  const records: unknown[] = [];
  for (const line of text.split('\n')) {
    if (line === '') continue;
    const record = parseJson(line, 'VictoriaLogs');
    if (!record.ok) return record;
    records.push(record.value);
  }
  return succeed(records);
}

function namesIn(list: unknown): readonly string[] {
  const parsed = parseJson(String(list), 'VictoriaLogs');
  return parsed.ok && Array.isArray(parsed.value) ? parsed.value.map(String) : [];
}

function groupOf(record: unknown, field: string, nameOf: NameOf, canary: ReadonlySet<string>): CountedGroup {
  const level = levelFields.map(name => textMember(record, name) ?? '').find(value => value !== '');
  const parsed = parseJson(textMember(record, 'counts') ?? '', 'VictoriaLogs');
  const cells = parsed.ok && Array.isArray(parsed.value) ? parsed.value.flatMap(one => cellOf(one, field, nameOf)) : [];
  const side = (those: readonly Cell[], sample: string | undefined): CountedSide =>
    sideOf(
      sample === undefined || sample === '' ? undefined : withLevel(sample, level),
      those.map(({ atMs, lines }) => [atMs, lines]),
      those.map(({ node, lines }) => [node, lines]),
    );
  return {
    canary: side(
      cells.filter(({ node }) => canary.has(node)),
      textMember(record, 'canary_text'),
    ),
    baseline: side(
      cells.filter(({ node }) => !canary.has(node)),
      textMember(record, 'baseline_text'),
    ),
  };
}

function cellOf(cell: unknown, field: string, nameOf: NameOf): readonly Cell[] {
  const node = nameOf(textMember(cell, field) ?? ''),
    atMs = millisecondsOf(textMember(cell, '_time')),
    lines = Number(textMember(cell, 'backstop_lines'));
  return node !== undefined && atMs !== undefined && lines > 0 ? [{ node, atMs, lines }] : [];
}

function millisecondsOf(time: string | undefined): number | undefined {
  const ns = nanosecondsOf(time ?? '');
  return ns === undefined ? undefined : Number(ns.slice(0, -6));
}
