// What the sensitivities mean, and the other figures that decide when a cluster is suspicious. One place, documented.
import type { Severity } from '../../model/evidence.ts';
import type { Sensitivity } from '../../model/pipeline.ts';

export interface Strictness {
  /** Evidence (an e-value) at which the check fails: a false alarm over all looks has at most the probability 1/threshold. */
  readonly threshold: number;
  /** False-discovery rate over the clusters of one check. */
  readonly discoveryRate: number;
  /** A rate up to so many times the expected one is within bounds. */
  readonly tolerance: number;
  /** Least change of a rate that is worth a word. */
  readonly leastRatio: number;
}

const strictness: Readonly<Record<Sensitivity, Strictness>> = {
  low: { threshold: 50, discoveryRate: 0.05, tolerance: 1.5, leastRatio: 2 },
  medium: { threshold: 20, discoveryRate: 0.1, tolerance: 1.05, leastRatio: 1.5 },
  high: { threshold: 10, discoveryRate: 0.2, tolerance: 1, leastRatio: 1.3 },
};

export function strictnessOf(sensitivity: Sensitivity): Strictness {
  return strictness[sensitivity];
}

/** How much one line of an unknown cluster counts, and how much all lines of such a cluster may count together. New releases log new information: that alone never fails one. */
export const unknownWeights: Readonly<Record<Severity, { readonly line: number; readonly most: number }>> = {
  trace: { line: 0.02, most: 0.1 }, debug: { line: 0.02, most: 0.1 }, info: { line: 0.05, most: 0.2 },
  unknown: { line: 0.3, most: 1 }, warn: { line: 0.3, most: 2 }, error: { line: 1, most: Infinity }, fatal: { line: 2, most: Infinity },
};

/** How much the evidence of a changed frequency counts: more of an error is a risk, more of information is news. */
export const frequencyWeights: Readonly<Record<Severity, { readonly up: number; readonly down: number }>> = {
  trace: { up: 0, down: 0 }, debug: { up: 0, down: 0 }, info: { up: 0.02, down: 0.05 },
  unknown: { up: 0.1, down: 0.1 }, warn: { up: 0.1, down: 0.02 }, error: { up: 1, down: 0.02 }, fatal: { up: 2, down: 0.02 },
};
