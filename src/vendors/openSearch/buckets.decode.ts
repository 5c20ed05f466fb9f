// Turns the aggregations of one search into one value per node and interval.
import type { Decode } from '../../model/evidence/analysis.ts';
import { succeed } from '../../model/failure.ts';
import { gridOf, pointsOfSamples, type Sample } from '../transport/decode/computedMetrics.decode.ts';
import { listMember, member, numberMember } from '../transport/decode/json.decode.ts';
import { badAnswer, parseAnswer } from './answer.decode.ts';

/**
 * Context: that of a window. `rows` counts nodes. A node with any document of the service in the window counted zero in
 * an interval that has none.
 */
export const decodeOpenSearchBuckets: Decode = (bytes, context) => {
  const answer = parseAnswer(bytes);
  if (!answer.ok) return answer;
  const nodes = member(member(member(answer.value, 'aggregations'), 'nodes'), 'buckets');
  if (!Array.isArray(nodes)) return badAnswer();
  const grid = gridOf(context);
  const own: Sample[] = [],
    present: Sample[] = [];
  for (const bucket of nodes) {
    const node = grid.nameOf(String(member(bucket, 'key')));
    if (node === undefined) continue;
    for (let k = 0; k < grid.length; k++) present.push({ node, atMs: grid.fromMs + k * grid.intervalMs, value: 0 });
    for (const interval of listMember(member(bucket, 'intervals'), 'buckets')) {
      const atMs = numberMember(interval, 'key'),
        value = valueOf(member(interval, 'selected'));
      if (atMs !== undefined && value !== undefined) own.push({ node, atMs, value });
    }
  }
  return succeed({ rows: nodes.length, points: pointsOfSamples(grid, own, present) });
};

/** A sum of no documents is 0 to the server; it counts as no value of a level. */
function valueOf(selected: unknown): number | undefined {
  const count = numberMember(selected, 'doc_count'),
    computed = member(selected, 'value');
  if (computed === undefined) return count;
  if (count === 0) return undefined;
  const percentiles = member(computed, 'values');
  return percentiles === undefined
    ? numberMember(computed, 'value')
    : numberMember({ first: Object.values(percentiles as object)[0] as unknown }, 'first');
}
