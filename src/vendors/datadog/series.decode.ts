// Turns one answer of Datadog's timeseries into one value per node and interval.
import type { Decode } from '../../model/evidence/analysis.ts';
import { fail, succeed } from '../../model/failure.ts';
import { gridOf, pointsOfSamples, type Sample } from '../transport/decode/computedMetrics.decode.ts';
import { listMember, member, parseJson, textMember } from '../transport/decode/json.decode.ts';
import { createTagNames, valueOfTag } from './tags.decode.ts';

/** Context: that of a window. The first query is the metric's, the second that of its whole. `rows` counts series. */
export const decodeDatadogSeries: Decode = (bytes, context) => {
  const answer = parseJson(bytes, 'Datadog');
  if (!answer.ok) return answer;
  const refused = textMember(answer.value, 'errors');
  if (refused !== undefined)
    return { ok: false, failure: { ...fail('invalid', 'Datadog refused the query.').failure, cause: refused } };
  const attributes = member(member(answer.value, 'data'), 'attributes'),
    series = member(attributes, 'series');
  if (!Array.isArray(series)) return fail('bad-answer', 'Datadog sent an answer without series.');
  const grid = gridOf(context),
    tag = String(context.node),
    nameOf = createTagNames(tag, grid.nodes),
    times = listMember(attributes, 'times'),
    values = listMember(attributes, 'values');
  const samples: [Sample[], Sample[]] = [[], []];
  for (const [index, one] of series.entries()) {
    const value = valueOfTag(listMember(one, 'group_tags'), tag);
    const node = value === undefined ? undefined : nameOf(value);
    if (node === undefined) continue;
    const list = samples[member(one, 'query_index') === 1 ? 1 : 0],
      ofSeries = values[index];
    for (const [k, value] of (Array.isArray(ofSeries) ? (ofSeries as readonly unknown[]) : []).entries()) {
      const atMs = times[k];
      if (typeof value === 'number' && typeof atMs === 'number') list.push({ node, atMs, value });
    }
  }
  return succeed({ rows: series.length, points: pointsOfSamples(grid, ...samples) });
};
