// Limits that people set in addition to the tests: a value beyond a limit fails, and a value inside an ignored range
// does not count.
import type { MetricEvidence } from '../../../model/evidence/evidence.ts';
import type { MetricLimit } from '../../../model/healthSource.ts';
import { lengthOf, mean, readNodes } from '../series/series.ts';

export interface Breach {
  /** The intervals after which the limit had been exceeded too often. */
  readonly known: number;
  readonly value: number;
}

/**
 * The canary's value per interval: the mean of its nodes; for a share, events over the denominator. NaN if nothing was
 * measured.
 */
export function canaryValues(metric: MetricEvidence, denominator: MetricEvidence | undefined): number[] {
  const nodes = readNodes(metric.canary);
  const exposures = denominator && readNodes(denominator.canary);
  return Array.from({ length: lengthOf(metric.canary) }, (_, interval) => {
    let [sum, divisor] = [0, 0];
    for (const { node, values } of nodes) {
      const exposure = exposures ? (exposures.find(other => other.node === node)?.values[interval] ?? Number.NaN) : 1;
      const value = values[interval] ?? Number.NaN;
      if (Number.isNaN(value) || Number.isNaN(exposure)) continue;
      sum += value;
      divisor += exposure;
    }
    return divisor > 0 ? sum / divisor : Number.NaN;
  });
}

/** A gap neither counts nor breaks a row. A later value never changes an earlier breach. */
export function findBreach(values: readonly number[], limit: MetricLimit | undefined): Breach | undefined {
  if (limit === undefined) return undefined;
  let times = 0;
  for (const [interval, value] of values.entries()) {
    if (Number.isNaN(value)) continue;
    const isBeyond = value > (limit.above ?? Infinity) || value < (limit.below ?? -Infinity);
    times = isBeyond ? times + 1 : limit.inARow ? 0 : times;
    if (isBeyond && times >= limit.times) return { known: interval + 1, value };
  }
  return undefined;
}

/** True if the latest quarter of the known values is, on the whole, inside the ignored range. */
export function isIgnored(values: readonly number[], known: number, ignore: MetricEvidence['ignore']): boolean {
  if (ignore === undefined) return false;
  const seen = values.slice(0, known).filter(value => !Number.isNaN(value));
  const latest = mean(seen.slice(-Math.max(1, Math.ceil(seen.length / 4))));
  return latest >= (ignore.from ?? -Infinity) && latest <= (ignore.to ?? Infinity);
}
