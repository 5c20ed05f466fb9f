// Turns one answer of Graphite's render API into one value per node and interval.
import type { Decode } from '../../model/evidence/analysis.ts';
import { fail, succeed } from '../../model/failure.ts';
import { gridOf, pointsOfSamples, type Sample } from '../transport/decode/computedMetrics.decode.ts';
import { listMember, member, parseJson, textMember } from '../transport/decode/json.decode.ts';

/**
 * Context: that of a window; `node` is `target`, the name of the series, or a tag. The name of a series of the whole
 * begins with `whole `. `rows` counts series.
 */
export const decodeGraphiteSeries: Decode = (bytes, context) => {
  const answer = parseJson(bytes, 'Graphite');
  if (!answer.ok) return answer;
  if (!Array.isArray(answer.value)) return fail('bad-answer', 'Graphite sent an answer without series.');
  const grid = gridOf(context),
    label = String(context.node);
  const own: Sample[] = [],
    whole: Sample[] = [];
  for (const series of answer.value) {
    const [, isWhole, target = ''] = /^(whole )?(.*)$/s.exec(textMember(series, 'target') ?? '') ?? [];
    const node = grid.nameOf(label === 'target' ? target : (textMember(member(series, 'tags'), label) ?? ''));
    if (node === undefined || node === '') continue;
    for (const point of listMember(series, 'datapoints')) {
      const [value, seconds] = Array.isArray(point) ? (point as readonly unknown[]) : [];
      if (typeof value === 'number' && typeof seconds === 'number')
        (isWhole === undefined ? own : whole).push({ node, atMs: seconds * 1_000, value });
    }
  }
  return succeed({ rows: answer.value.length, points: pointsOfSamples(grid, own, whole) });
};
