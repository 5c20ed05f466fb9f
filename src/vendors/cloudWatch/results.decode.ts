// Turns one answer of GetMetricData into one value per node and interval.
import type { Decode } from '../../model/evidence/analysis.ts';
import { fail, succeed } from '../../model/failure.ts';
import { gridOf, pointsOfSamples, type Sample } from '../transport/decode/computedMetrics.decode.ts';
import { listMember, member, parseJson, textMember } from '../transport/decode/json.decode.ts';

/**
 * Context: that of a window. The id of a query is `m` or `w` (the metric, or its whole) with the place of the node in
 * the list. `rows` counts queries. An incomplete answer fails as a whole: it looks like a drop.
 */
export const decodeCloudWatchResults: Decode = (bytes, context) => {
  const answer = parseJson(bytes, 'CloudWatch');
  if (!answer.ok) return answer;
  const results = member(answer.value, 'MetricDataResults');
  if (!Array.isArray(results)) return fail('bad-answer', 'CloudWatch sent an answer without results.');
  const statuses = results.map(result => textMember(result, 'StatusCode'));
  if (textMember(answer.value, 'NextToken') !== undefined || statuses.some(status => status === 'PartialData'))
    return fail('bad-answer', 'CloudWatch sent a part of the values only.');
  if (statuses.some(status => status === 'InternalError'))
    return fail('unreachable', 'CloudWatch could not compute the values.');
  if (statuses.some(status => status === 'Forbidden'))
    return fail('unauthorized', 'The credential may not read these metrics of CloudWatch.');
  const other = statuses.find(status => status !== undefined && status !== 'Complete');
  if (other !== undefined) return fail('bad-answer', 'CloudWatch did not compute all of the values.', { cause: other });
  const grid = gridOf(context);
  const samples: { readonly m: Sample[]; readonly w: Sample[] } = { m: [], w: [] };
  for (const result of results) {
    const [, kind, place] = /^([mw])(\d+)$/.exec(textMember(result, 'Id') ?? '') ?? [],
      node = grid.nodes[Number(place)];
    if (node === undefined) continue;
    const values = listMember(result, 'Values');
    for (const [k, seconds] of listMember(result, 'Timestamps').entries()) {
      const value = values[k];
      if (typeof value === 'number' && typeof seconds === 'number')
        samples[kind as 'm' | 'w'].push({ node, atMs: seconds * 1_000, value });
    }
  }
  return succeed({ rows: results.length, points: pointsOfSamples(grid, samples.m, samples.w) });
};
