// Turns the counts that New Relic gives of its patterns, and the lines that have none, into groups of lines.
import type { Decode, EvidencePage } from '../../model/evidence/analysis.ts';
import type { CountedGroup, CountedSide } from '../../model/evidence/counts.ts';
import type { LogLine } from '../../model/evidence/evidence.ts';
import { fail, succeed } from '../../model/failure.ts';
import { sideOf, windowOf } from '../transport/decode/countedWindow.decode.ts';
import { member, numberMember, parseJson, textMember } from '../transport/decode/json.decode.ts';
import { withLevel } from '../transport/decode/logLine.decode.ts';
import { linesOf } from './logs.decode.ts';
import { findNerdGraphFailure, namesOf } from './metrics.decode.ts';

/**
 * Context: {nodes and canary: JSON lists, nodeAttribute, messageAttribute, most: lines of one answer}, and that of the
 * window. Lines without a pattern are groups of one line; where there are more of them than an answer has, patterns do
 * not help, and the count is refused.
 */
export const decodeNewRelicCounts: Decode = (bytes, context) => {
  const answer = parseJson(bytes, 'New Relic');
  if (!answer.ok) return answer;
  const failure = findNerdGraphFailure(answer.value);
  if (failure) return { ok: false, failure };
  const account = member(member(member(answer.value, 'data'), 'actor'), 'account'),
    [all, groups, slices, lines] = ['all', 'groups', 'slices', 'lines'].map(name =>
      member(member(account, name), 'results'),
    );
  const total = numberMember(Array.isArray(all) ? all[0] : undefined, 'lines');
  if (!Array.isArray(groups) || !Array.isArray(slices) || !Array.isArray(lines) || total === undefined)
    return fail('bad-answer', 'New Relic answered a count of log lines without results.');
  if (lines.length >= Number(context['most']))
    return fail('invalid', `New Relic has no pattern for ${lines.length} or more of ${total} log lines.`);
  const bySlice = Map.groupBy(slices as readonly unknown[], row => textMember(row, 'facet') ?? '');
  const counted = [
    ...groups.flatMap(row => groupOf(row, bySlice.get(textMember(row, 'facet') ?? '') ?? [], context)),
    ...linesOf(lines, context).map(line => groupOfLine(line, context)),
  ];
  return succeed({ rows: groups.length + lines.length, counts: windowOf(context, counted, total) });
};

function groupOf(row: unknown, slices: readonly unknown[], context: EvidencePage['context']): readonly CountedGroup[] {
  if (textMember(row, 'facet') === undefined) return [];
  const canaryNodes = namesOf(String(context['canary'])),
    nodes = namesOf(String(context['nodes'])).map((node, i) => [node, numberMember(row, `node${i}`) ?? 0] as const);
  const side = (name: 'canary' | 'baseline'): CountedSide => {
    const text = textMember(row, `${name}Text`);
    return sideOf(
      text === undefined || text === '' ? undefined : withLevel(text, textMember(row, `${name}Level`)),
      slices.map(slice => [(numberMember(slice, 'beginTimeSeconds') ?? NaN) * 1000, member(slice, name)]),
      nodes.filter(([node, lines]) => lines > 0 && canaryNodes.includes(node) === (name === 'canary')),
    );
  };
  return [{ canary: side('canary'), baseline: side('baseline') }];
}

function groupOfLine({ atMs, node, text }: LogLine, context: EvidencePage['context']): CountedGroup {
  const fromMs = Number(context['fromMs']),
    sliceMs = Number(context['sliceMs']);
  const one = sideOf(text, [[fromMs + Math.floor((atMs - fromMs) / sliceMs) * sliceMs, 1]], [[node, 1]]),
    none = sideOf(undefined, [], []);
  return namesOf(String(context['canary'])).includes(node)
    ? { canary: one, baseline: none }
    : { canary: none, baseline: one };
}
