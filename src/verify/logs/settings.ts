// What the sensitivities mean, and the other figures that decide when a cluster is suspicious. One place, documented.
import type { Severity } from '../../model/evidence/evidence.ts';
import type { Sensitivity } from '../../model/pipeline.ts';

export interface Strictness {
  /**
   * Evidence (an e-value) at which the check fails: over all looks a good canary is failed with at most the probability
   * 1/threshold.
   */
  readonly threshold: number;
  /** False-discovery rate over the clusters of one check. */
  readonly discoveryRate: number;
  /** A rate up to so many times the expected one is within bounds. */
  readonly tolerance: number;
  /** Least change of a rate that is worth a word. */
  readonly leastRatio: number;
}

/** Error budgets: of good canaries, at most one in 100, 20 or 5 may be failed by its logs. */
const strictness: Readonly<Record<Sensitivity, Strictness>> = {
  low: { threshold: 100, discoveryRate: 0.04, tolerance: 1.5, leastRatio: 2 },
  medium: { threshold: 20, discoveryRate: 0.05, tolerance: 1.05, leastRatio: 1.5 },
  high: { threshold: 5, discoveryRate: 0.4, tolerance: 1, leastRatio: 1.25 },
};

export function strictnessOf(sensitivity: Sensitivity): Strictness {
  return strictness[sensitivity];
}

/**
 * How much of the check's evidence each kind of it is; they add up to 1, so that their mean is an e-value like each of
 * them.
 */
export const evidenceShares = { unknownErrors: 0.6, unknownOfAnySeverity: 0.1, missing: 0.1, frequency: 0.2 } as const;

/**
 * How much one line of an unknown cluster counts, and how much all lines of such a cluster may count together. Errors
 * and worse are set by what a person expects, not by a bound: beside a baseline of as much traffic five lines of one
 * new error fail at `medium` and one holds, and one fatal line fails. Of 38 real logs split in alternating blocks of
 * 50 lines two failed and eleven held (2026-11-30).
 */
export const unknownWeights: Readonly<Record<Severity, { readonly line: number; readonly most: number }>> = {
  trace: { line: 0.02, most: 0.1 },
  debug: { line: 0.02, most: 0.1 },
  info: { line: 0.05, most: 0.2 },
  unknown: { line: 0.2, most: 0.6 },
  warn: { line: 0.3, most: 1.5 },
  error: { line: 1.5, most: Infinity },
  fatal: { line: 8, most: Infinity },
};
/**
 * New releases log new warnings and new information: all of it together counts no more than that, and never fails one.
 */
export const mostWarnings = 3,
  mostInformation = 0.5;

/** An unknown cluster that is no error holds a release once it counts as much as one line of an error. */
export const holdsFrom = 1;

/** How much the evidence of a changed frequency counts: more of an error is a risk, more of information is news. */
export const frequencyWeights: Readonly<Record<Severity, { readonly up: number; readonly down: number }>> = {
  trace: { up: 0, down: 0 },
  debug: { up: 0, down: 0 },
  info: { up: 0.02, down: 0.05 },
  unknown: { up: 0.1, down: 0.1 },
  warn: { up: 0.1, down: 0.02 },
  error: { up: 1, down: 0.02 },
  fatal: { up: 2, down: 0.02 },
};

/** What is known of a kind of place before the reference shows anything of it. */
export interface PlaceKind {
  /** Lines without a new word that it counts as having shown. */
  readonly prior: number;
  /** How fast words that are seen show that there are more: as this power of their number. */
  readonly growth: number;
  /** From so many words on a new one may be a rare one, so that how often it came counts. */
  readonly fewWords: number;
}

/**
 * Words of a sentence hardly ever change, the first one least, and the last one is often a value; what stands after `=`
 * or in quotes often does, and a name nearly always.
 */
export const placeKinds = {
  first: { prior: 1000, growth: 1, fewWords: 4 },
  prose: { prior: 80, growth: 1.25, fewWords: 3 },
  last: { prior: 30, growth: 2, fewWords: 3 },
  value: { prior: 4, growth: 2, fewWords: 2 },
  name: { prior: 4, growth: 2, fewWords: 1 },
  combination: { prior: 4, growth: 1, fewWords: 1 },
} as const satisfies Record<string, PlaceKind>;

/**
 * From this evidence on a word that the reference never had in its place makes an event of its own; a word of trouble
 * multiplies it.
 */
export const newWordEvidence = { least: 20, trouble: 10 } as const;

/**
 * A new word is news, however usual new words are in its place, if the canary has so many lines with it, and so many
 * times more than the reference lets expect of everything that it resembles. Such a rise would be told as a frequency
 * otherwise.
 */
export const surge = { least: 5, factor: 3 } as const;

/**
 * How bad an event's level says it is: 0 nothing to worry about or no level at all, 1 a warning, 2 an error and worse.
 */
export type SeverityRank = 0 | 1 | 2;

/** Part of what an event is: the same words logged at a worse rank are another event. */
export function rankOf(severity: Severity | undefined): SeverityRank {
  return severity === undefined || !isTrouble(severity) ? 0 : isError(severity) ? 2 : 1;
}

export function isError(severity: Severity): boolean {
  return severity === 'error' || severity === 'fatal';
}

export function isTrouble(severity: Severity): boolean {
  return severity === 'warn' || isError(severity);
}
