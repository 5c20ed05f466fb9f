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
  const a = concentration * share,
    b = concentration * (1 - share);
  return (
    lnBeta(a + canary, b + baseline) -
    lnBeta(a, b) +
    lnIncompleteBeta(1 - share, b + baseline, a + canary) -
    lnIncompleteBeta(1 - share, b, a) -
    canary * Math.log(share) -
    baseline * Math.log1p(-share)
  );
}

/** Share that the canary would have if its rate were `ratio` times what traffic explains. */
export function shareOf(trafficRatio: number, ratio: number): number {
  return (trafficRatio * ratio) / (1 + trafficRatio * ratio);
}
