// Turns rows of a file with the values of metrics into one value for each metric, node and interval.
import type { Decode } from '../../model/evidence/analysis.ts';
import { succeed } from '../../model/failure.ts';
import { pointsOfSamples, type WantedMetric } from '../transport/text/samplePoints.decode.ts';
import { readJsonSamples, readTable, type SampleKeys } from '../transport/text/samples.decode.ts';

/**
 * Context: {metrics: JSON list of WantedMetric, keys: JSON of SampleKeys, format, zone, nowMs, fromMs, toMs,
 * intervalMs}, and {node} where the whole file is that of one node. Rows without a time are left out.
 */
export const decodeFileSamples: Decode = (bytes, context) => {
  const text = new TextDecoder('utf-8').decode(bytes);
  const keys = JSON.parse(String(context['keys'])) as SampleKeys,
    metrics = JSON.parse(String(context['metrics'])) as readonly WantedMetric[];
  const { zone, nowMs, fromMs, toMs, intervalMs, format } = context;
  const read = format === 'csv' ? readTable : readJsonSamples;
  const { samples, rows } = read(text, keys, { zone: zone === 'utc' ? 'utc' : 'local', nowMs: Number(nowMs) });
  const dated = samples.flatMap(sample => {
    const node = context['node'] ?? sample.labels.get(keys.node);
    return sample.atMs === undefined || node === undefined
      ? []
      : [{ ...sample, atMs: sample.atMs, node: String(node) }];
  });
  const window = { fromMs: Number(fromMs), toMs: Number(toMs), intervalMs: Number(intervalMs) };
  return succeed({ rows, points: pointsOfSamples(dated, metrics, window) });
};
