// Turns one answer of Loki's streams into log lines.
import type { Decode } from '../../model/evidence/analysis.ts';
import type { LogLine } from '../../model/evidence/evidence.ts';
import { fail, succeed } from '../../model/failure.ts';
import { listMember, member, parseJson, textMember } from '../transport/decode/json.decode.ts';
import { madeId, withLevel } from '../transport/decode/logLine.decode.ts';
import { createNodeNames } from '../transport/decode/nodeNames.decode.ts';

const levelLabels = ['level', 'severity_text', 'detected_level'] as const;

interface Entry {
  readonly ns: string;
  readonly node: string;
  readonly text: string;
  readonly level: string | undefined;
}

/**
 * Context: {label, nodes: a JSON list, nodePattern?}. `rows` counts the lines sent, also those that are no use (no
 * time, no node). Lines of several streams are in the order of their times. A line is known by time, node and text, and
 * by how many the same came before it: a page that begins where another ended gives the same ids.
 */
export const decodeLokiStreams: Decode = (bytes, context) => {
  const answer = parseJson(bytes, 'Loki');
  if (!answer.ok) return answer;
  const data = member(answer.value, 'data'),
    streams = member(data, 'result');
  if (textMember(answer.value, 'status') === 'error')
    return {
      ok: false,
      failure: {
        ...fail('invalid', 'Loki refused the query.').failure,
        cause: textMember(answer.value, 'error') ?? '',
      },
    };
  if (!Array.isArray(streams)) return fail('bad-answer', 'Loki sent an answer without a result.');
  if (textMember(data, 'resultType') !== 'streams')
    return fail('invalid', 'The query computes a metric, and Backstop reads log lines.');
  const nodes = parseJson(String(context.nodes), 'Loki');
  const nameOf = createNodeNames(
    nodes.ok && Array.isArray(nodes.value) ? nodes.value.map(String) : [],
    context.nodePattern === undefined ? undefined : String(context.nodePattern),
  );
  let rows = 0;
  const entries = (streams as readonly unknown[]).flatMap((stream): readonly Entry[] => {
    const labels = member(stream, 'stream'),
      values = listMember(stream, 'values'),
      node = nameOf(textMember(labels, String(context.label)) ?? '');
    rows += values.length;
    if (node === undefined || node === '') return [];
    const level = levelLabels.map(label => textMember(labels, label)).find(one => one !== undefined);
    return values.flatMap(value => {
      const [ns, text] = Array.isArray(value) ? (value as readonly unknown[]) : [];
      if (typeof ns !== 'string' || !/^\d{1,20}$/.test(ns) || typeof text !== 'string' || text === '') return [];
      return [{ ns, node, text, level }];
    });
  });
  const alike = new Map<string, number>();
  return succeed({ rows, lines: entries.sort(byTime).map(entry => lineOf(entry, alike)) });
};

function byTime(one: Entry, other: Entry): number {
  if (one.ns.length !== other.ns.length) return one.ns.length - other.ns.length;
  return one.ns < other.ns ? -1 : one.ns > other.ns ? 1 : 0;
}

function lineOf({ ns, node, text, level }: Entry, alike: Map<string, number>): LogLine {
  return {
    atMs: Number(ns.slice(0, -6)),
    node,
    text: withLevel(text, level),
    id: madeId(`${ns}/${node}/${text}`, alike),
  };
}
