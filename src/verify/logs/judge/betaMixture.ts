// The evidence that events happen more often on one side than traffic explains: an e-process, valid however often one
// looks. Source: Lindon & Malek, Anytime-Valid Inference for Multinomial Count Data (NeurIPS 2022), one-sided by
// truncating the Beta mixture.
import { lnBeta, lnIncompleteBeta } from '../../specialFunctions.ts';

const concentration = 2;

/**
 * ln E for "the canary's share of these events is at most `share`": positive where there are more on the canary.
 * `canary` and `baseline` are counts so far (real numbers where over-dispersion scaled them down), 0 < share < 1.
 */
export function lnEvidenceOfMore(canary: number, baseline: number, share: number): number {
  return evidenceOfMoreThan(share)(canary, baseline);
}

/** The same for many counts held against one share: what depends on the share alone is computed once. */
export function evidenceOfMoreThan(share: number): (canary: number, baseline: number) => number {
  const a = concentration * share,
    b = concentration * (1 - share);
  const lnPrior = lnBeta(a, b),
    lnTruncated = lnIncompleteBeta(1 - share, b, a),
    lnShare = Math.log(share),
    lnRest = Math.log1p(-share);
  return (canary, baseline) =>
    lnBeta(a + canary, b + baseline) -
    lnPrior +
    lnIncompleteBeta(1 - share, b + baseline, a + canary) -
    lnTruncated -
    canary * lnShare -
    baseline * lnRest;
}

/** Share that the canary would have if its rate were `ratio` times what traffic explains. */
export function shareOf(trafficRatio: number, ratio: number): number {
  return (trafficRatio * ratio) / (1 + trafficRatio * ratio);
}
