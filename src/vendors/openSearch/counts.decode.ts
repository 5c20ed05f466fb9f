// Turns the groups that Elasticsearch counts into groups of lines.
import type { Decode } from '../../model/evidence/analysis.ts';
import type { CountedGroup, CountedSide } from '../../model/evidence/counts.ts';
import { succeed } from '../../model/failure.ts';
import { sideOf, windowOf } from '../transport/decode/countedWindow.decode.ts';
import { listMember, member, numberMember, textMember } from '../transport/decode/json.decode.ts';
import { withLevel } from '../transport/decode/logLine.decode.ts';
import { badAnswer, firstOf, parseAnswer } from './answer.decode.ts';

/**
 * Context: {message, the name of its field, most: groups of one answer}, and that of the window. Lines without a word
 * are in no group, and missing only where there are more groups than those of the answer.
 */
export const decodeOpenSearchCounts: Decode = (bytes, context) => {
  const answer = parseAnswer(bytes);
  if (!answer.ok) return answer;
  const buckets = member(member(member(answer.value, 'aggregations'), 'groups'), 'buckets'),
    total = numberMember(member(member(answer.value, 'hits'), 'total'), 'value');
  if (!Array.isArray(buckets) || total === undefined) return badAnswer();
  const field = String(context['message']),
    groups = buckets.flatMap(bucket => groupsOf(bucket, field));
  const counted = windowOf(context, groups, buckets.length < Number(context['most']) ? undefined : total);
  return succeed({ rows: buckets.length, counts: counted });
};

/** One, or one of each level. */
function groupsOf(bucket: unknown, field: string): readonly CountedGroup[] {
  const levels = member(bucket, 'levels');
  return levels === undefined
    ? [groupOf(bucket, field, undefined)]
    : listMember(levels, 'buckets').map(one => groupOf(one, field, textMember(one, 'key')));
}

function groupOf(bucket: unknown, field: string, level: string | undefined): CountedGroup {
  const side = (name: string): CountedSide => {
    const of = member(bucket, name),
      [hit] = listMember(member(member(of, 'sample'), 'hits'), 'hits'),
      text = firstOf(sourceValue(member(hit, '_source'), field));
    return sideOf(
      typeof text === 'string' && text !== '' ? withLevel(text, level) : undefined,
      listMember(member(of, 'slices'), 'buckets').map(one => [Number(member(one, 'key')), member(one, 'doc_count')]),
      listMember(member(of, 'nodes'), 'buckets').map(one => [String(member(one, 'key')), member(one, 'doc_count')]),
    );
  };
  return { canary: side('canary'), baseline: side('baseline') };
}

/** `log.text` is a member of that name, or a member of `log`. */
function sourceValue(source: unknown, field: string): unknown {
  const whole = member(source, field),
    dot = field.indexOf('.');
  if (whole !== undefined || dot < 0) return whole;
  return sourceValue(member(source, field.slice(0, dot)), field.slice(dot + 1));
}
