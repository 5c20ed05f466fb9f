// Turns one answer of VictoriaLogs, which is JSON lines, into log lines.
import type { Decode, EvidencePage } from '../../model/evidence/analysis.ts';
import type { LogLine } from '../../model/evidence/evidence.ts';
import { fail, succeed } from '../../model/failure.ts';
import { parseJson, textMember } from '../transport/decode/json.decode.ts';
import { madeId, skippedOf, withLevel } from '../transport/decode/logLine.decode.ts';
import { createNodeNames } from '../transport/decode/nodeNames.decode.ts';

export const levelFields = ['level', 'severity_text', 'severity'] as const;

/**
 * Context: {node, the name of its field, nodes: a JSON list, nodePattern?, moment, skipped}. `rows` counts the lines
 * sent, also those that are no use. A line is known by time, node and text, and by how many the same came before it.
 */
export const decodeVictoriaLogsLines: Decode = (bytes, context) => {
  const text = new TextDecoder().decode(bytes);
  // Each line ends with a line break: an answer that was cut does not.
  if (text !== '' && !text.endsWith('\n'))
    return fail('bad-answer', 'VictoriaLogs sent an answer that ends in the middle.');
  const nodes = parseJson(String(context.nodes), 'VictoriaLogs');
  const nameOf = createNodeNames(
    nodes.ok && Array.isArray(nodes.value) ? nodes.value.map(String) : [],
    context.nodePattern === undefined ? undefined : String(context.nodePattern),
  );
  const alike = new Map<string, number>(),
    lines: LogLine[] = [];
  let rows = 0,
    timed = 0;
  for (const line of text.split('\n')) {
    if (line === '') continue;
    rows += 1;
    const record = parseJson(line, 'VictoriaLogs');
    if (!record.ok) return record;
    const ns = nanosecondsOf(textMember(record.value, '_time') ?? '');
    if (ns === undefined) continue;
    timed += 1;
    lines.push(...lineOf(record.value, ns, nameOf, context, alike));
  }
  return rows > 0 && timed === 0
    ? fail('invalid', 'The query gives no log lines: they have no `_time`.')
    : succeed({ rows, lines });
};

function lineOf(
  record: unknown,
  ns: string,
  nameOf: (value: string) => string | undefined,
  context: EvidencePage['context'],
  alike: Map<string, number>,
): readonly LogLine[] {
  const node = nameOf(textMember(record, String(context.node)) ?? ''),
    text = textMember(record, '_msg') ?? '';
  if (node === undefined || node === '' || text === '') return [];
  const level = levelFields.map(field => textMember(record, field) ?? '').find(value => value !== '');
  return [
    {
      atMs: Number(ns.slice(0, -6)),
      node,
      text: withLevel(text, level),
      id: madeId(`${ns}/${node}/${text}${skippedOf(ns, context)}`, alike),
    },
  ];
}

/** Since 1970, of `2023-01-01T13:32:13.123456789Z` with any number of places. */
export function nanosecondsOf(time: string): string | undefined {
  const [, seconds = '', places = ''] = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?Z$/.exec(time) ?? [];
  const ms = Date.parse(`${seconds}Z`);
  return Number.isNaN(ms) || ms <= 0 ? undefined : `${ms / 1000}${places.padEnd(9, '0')}`;
}
