// Many metrics are asked at once: which of them may be called regressed together.

/**
 * e-BH (Wang & Ramdas 2022): the largest k for which the k-th largest of K e-values reaches K/(kα). While no metric has regressed, the chance that any is
 * rejected is at most α, whatever the dependence between metrics.
 * @returns ln of the value an e-value must reach, and so at least ln(1/α).
 */
export function familyThreshold(logEvidence: readonly number[], alpha: number): number {
  const sorted = [...logEvidence].sort((a, b) => b - a);
  const needed = (k: number): number => Math.log(sorted.length / (k * alpha));
  for (let k = sorted.length; k >= 1; k -= 1) if (sorted[k - 1]! >= needed(k)) return needed(k);
  return needed(1);
}
