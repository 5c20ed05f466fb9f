// The published test vectors of the formulas, and how far the engine's own answers are from them.
import { readFileSync } from 'node:fs';
import { lnEvidenceOfMore } from '../../../../src/verify/logs/judge/betaMixture.ts';
import { conditionalLikelihood, CountEvidence } from '../../../../src/verify/metrics/models/counts.ts';
import { familyThreshold } from '../../../../src/verify/metrics/family.ts';

type Vector =
  | {
      readonly fn: 'gridCountE';
      readonly args: { readonly seq: readonly number[][]; readonly tol: number };
      readonly value: readonly number[];
    }
  | {
      readonly fn: 'eBH';
      readonly args: { readonly e: readonly number[]; readonly alpha: number };
      readonly value: readonly number[];
    }
  | {
      readonly fn: 'logECounts';
      readonly args: {
        readonly nc: number;
        readonly nb: number;
        readonly p0: number;
        readonly conc: number;
        readonly oneSided: boolean;
      };
      readonly value: number;
    };

/** Relative, absolute below 1. Infinite where a formula has no vector, or another set of metrics is chosen. */
export function worstDifference(path: string): number {
  const { vectors } = JSON.parse(readFileSync(path, 'utf8')) as { vectors: readonly Vector[] };
  const differences = { gridCountE: [] as number[], eBH: [] as number[], logECounts: [] as number[] };
  for (const vector of vectors) {
    if (vector.fn === 'gridCountE')
      differences.gridCountE.push(
        ...gridEvidence(vector.args.seq, vector.args.tol).map((actual, k) => difference(actual, vector.value[k]!)),
      );
    if (vector.fn === 'eBH') differences.eBH.push(selects(vector.args, vector.value) ? 0 : Infinity);
    if (vector.fn === 'logECounts' && vector.args.oneSided && vector.args.conc === 2)
      differences.logECounts.push(
        difference(lnEvidenceOfMore(vector.args.nc, vector.args.nb, vector.args.p0), vector.value),
      );
  }
  return Math.max(...Object.values(differences).map(some => (some.length === 0 ? Infinity : Math.max(...some))));
}

function difference(actual: number, expected: number): number {
  return Math.abs(actual - expected) / Math.max(1, Math.abs(expected));
}

function selects(
  { e, alpha }: { readonly e: readonly number[]; readonly alpha: number },
  expected: readonly number[],
): boolean {
  const logs = e.map(Math.log),
    threshold = familyThreshold(logs, { alpha, single: 1 });
  return logs.flatMap((log, k) => (log >= threshold ? [k] : [])).join() === expected.join();
}

/** After each of the intervals of [canary, baseline, share of the canary]. */
export function gridEvidence(sequence: readonly (readonly number[])[], tolerance: number): number[] {
  const intervals = sequence.map(([canary, baseline, share]) => ({
    canary: canary!,
    baseline: baseline!,
    share: share!,
  }));
  const evidence = new CountEvidence(intervals, {
    likelihood: conditionalLikelihood,
    tolerance: Math.log1p(tolerance),
    spread: 0,
  });
  return intervals.map((_, t) => evidence.measure([{ from: 0, logWeight: 0 }], t + 1, 1));
}
