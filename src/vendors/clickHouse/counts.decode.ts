// Turns the counts that ClickHouse gives into groups of lines.
import type { Decode, EvidencePage } from '../../model/evidence/analysis.ts';
import type { CountedGroup, CountedSide } from '../../model/evidence/counts.ts';
import { fail, succeed } from '../../model/failure.ts';
import { sideOf, windowOf } from '../transport/decode/countedWindow.decode.ts';
import { member } from '../transport/decode/json.decode.ts';
import { withLevel } from '../transport/decode/logLine.decode.ts';
import { parseAnswer } from './answer.decode.ts';

/**
 * Rows of the level, the lines of the group, and for the canary and for the baseline a sample, slices and nodes; the
 * totals have the lines of all groups.
 */
export const decodeClickHouseCounts: Decode = (bytes, context) => {
  const answer = parseAnswer(bytes);
  if (!answer.ok) return answer;
  const rows = member(answer.value, 'data'),
    totals = member(answer.value, 'totals');
  if (!Array.isArray(rows) || !Array.isArray(totals))
    return fail('bad-answer', 'ClickHouse sent counts without rows or without totals.');
  const groups = rows.flatMap(row => (Array.isArray(row) ? [groupOf(row, context)] : []));
  return succeed({ rows: rows.length, counts: windowOf(context, groups, Number(totals[1])) });
};

function groupOf(row: readonly unknown[], context: EvidencePage['context']): CountedGroup {
  const [level, , canaryLine, canarySlices, canaryNodes, baselineLine, baselineSlices, baselineNodes] = row,
    fromMs = Number(context['fromMs']),
    sliceMs = Number(context['sliceMs']);
  const side = (line: unknown, slices: unknown, nodes: unknown): CountedSide =>
    sideOf(
      typeof line === 'string' && line !== ''
        ? withLevel(line, typeof level === 'string' ? level : undefined)
        : undefined,
      pairsOf(slices).map(([slice, count]) => [fromMs + Number(slice) * sliceMs, count]),
      pairsOf(nodes).map(([node, lines]) => [String(node), lines]),
    );
  return {
    canary: side(canaryLine, canarySlices, canaryNodes),
    baseline: side(baselineLine, baselineSlices, baselineNodes),
  };
}

/** Of `sumMap`: a list of keys and a list of as many values. */
function pairsOf(map: unknown): readonly (readonly [key: unknown, value: unknown])[] {
  const [keys, values] = Array.isArray(map) ? (map as readonly unknown[]) : [];
  return Array.isArray(keys) && Array.isArray(values) ? keys.map((key, i) => [key, values[i] as unknown]) : [];
}
