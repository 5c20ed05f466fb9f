// Turns what a program printed at several readings into one value for each metric, node and interval.
import type { Decode, EvidencePage } from '../../model/evidence/analysis.ts';
import { fail, succeed } from '../../model/failure.ts';
import { pointsOfSamples, type DatedSample, type WantedMetric } from '../transport/text/samplePoints.decode.ts';
import { readSamples, type ReadSamples, type Sample, type SampleKeys } from '../transport/text/samples.decode.ts';

/**
 * Context: {source, program, metrics: JSON list of WantedMetric, keys: JSON of SampleKeys, zone, nowMs, fromMs, toMs,
 * intervalMs, readings: JSON list of [time of reading, bytes]}, and {node}, or {nodes: JSON list of names} for the
 * output of all. A value without a time is of the time of reading. `rows` counts what the newest reading has; where it
 * has nothing but what is no value, it fails.
 */
export const decodeCommandSamples: Decode = (bytes, context) => {
  const readings = JSON.parse(String(context['readings'])) as readonly (readonly [number, number])[];
  let end = bytes.length;
  const read = readings.toReversed().map(([atMs, length]) => {
    end -= length;
    return { atMs, ...readOne(bytes.subarray(end, end + length), context) };
  });
  const newest = read[0] ?? { samples: [], rows: 0 };
  if (newest.rows > 0 && newest.samples.length === 0)
    return fail(
      'bad-answer',
      `Health source "${context['source']}": "${context['program']}" prints no value that can be read.`,
      { hint: 'It prints `name value` lines as Prometheus does, or JSON with the keys of `keys`.' },
    );
  const { fromMs, toMs, intervalMs } = context;
  const window = { fromMs: Number(fromMs), toMs: Number(toMs), intervalMs: Number(intervalMs) };
  const metrics = JSON.parse(String(context['metrics'])) as readonly WantedMetric[];
  return succeed({ rows: newest.rows, points: pointsOfSamples(datedSamples(read, context), metrics, window) });
};

function readOne(bytes: Uint8Array, { keys, zone, nowMs }: EvidencePage['context']): ReadSamples {
  const clock = { zone: zone === 'utc' ? 'utc' : 'local', nowMs: Number(nowMs) } as const;
  return readSamples(new TextDecoder('utf-8').decode(bytes), JSON.parse(String(keys)) as SampleKeys, clock);
}

/** Newest first. What is told with its time again and again counts as the newest reading tells it. */
function datedSamples(
  read: readonly (Pick<ReadSamples, 'samples'> & { readonly atMs: number })[],
  context: EvidencePage['context'],
): readonly DatedSample[] {
  let toldFromMs = Infinity;
  return read.flatMap(({ atMs, samples }) => {
    const untold = samples.filter(sample => (sample.atMs ?? -Infinity) < toldFromMs);
    toldFromMs = untold.reduce((least, sample) => Math.min(least, sample.atMs ?? Infinity), toldFromMs);
    return untold.flatMap(sample => dated(sample, atMs, context));
  });
}

/** Where the program runs for all nodes, a label says whose the value is. */
function dated(sample: Sample, atMs: number, { node, nodes, keys }: EvidencePage['context']): readonly DatedSample[] {
  const own = node ?? sample.labels.get((JSON.parse(String(keys)) as SampleKeys).node);
  const isKnown = node !== undefined || (JSON.parse(String(nodes)) as readonly unknown[]).includes(own);
  if (own === undefined || !isKnown) return [];
  const standing = sample.atMs === undefined && { isStanding: true };
  return [{ ...sample, node: String(own), atMs: sample.atMs ?? atMs, ...standing }];
}
