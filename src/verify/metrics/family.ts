// Several metrics are tested at once: decides which of them count as regressed together.
import type { Calibration } from './calibration.ts';

/**
 * Metrics that confirm each other: as in e-BH, each of two needs half of the evidence that one needs. More than two
 * need no less.
 */
const together = 2;

/**
 * e-BH (Wang & Ramdas 2022): the largest k for which the k-th largest of K e-values reaches K/(kα). While no metric has
 * regressed, the chance that any is rejected is at most α, whatever the dependence between metrics.
 * @returns ln of the value an e-value must reach; at least that of a metric judged by itself, or half of it where
 * another one reaches it too.
 */
export function familyThreshold(
  logEvidence: readonly number[],
  { alpha, single }: Pick<Calibration, 'alpha' | 'single'>,
): number {
  const sorted = [...logEvidence].sort((a, b) => b - a);
  const needed = (k: number): number =>
    Math.max(-Math.log(Math.min(k, together) * single), Math.log(sorted.length / (k * alpha)));
  for (let k = sorted.length; k >= 1; k -= 1) if (sorted[k - 1]! >= needed(k)) return needed(k);
  return needed(1);
}
