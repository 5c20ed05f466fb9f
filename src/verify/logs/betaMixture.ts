// The evidence that events happen more often on one side than traffic explains: an e-process, valid however often one looks.
// Source: Lindon & Malek, Anytime-Valid Inference for Multinomial Count Data (NeurIPS 2022), one-sided by truncating the Beta mixture.

const coefficients = [
  76.18009172947146, -86.50532032941677, 24.01409824083091, -1.231739572450155, 0.1208650973866179e-2,
  -0.5395239384953e-5,
];

/** ln Γ(x) for x > 0 (Lanczos; relative error below 1e-10). */
export function lnGamma(x: number): number {
  const shifted = x + 5.5;
  let series = 1.000000000190015;
  for (let i = 0; i < 6; i++) series += coefficients[i]! / (x + 1 + i);
  return (x + 0.5) * Math.log(shifted) - shifted + Math.log((2.5066282746310005 * series) / x);
}

function lnBeta(a: number, b: number): number {
  return lnGamma(a) + lnGamma(b) - lnGamma(a + b);
}

/** ln of the regularized incomplete beta function I_x(a, b); continued fraction (Lentz). */
export function lnIncompleteBeta(x: number, a: number, b: number): number {
  if (x <= 0) return -Infinity;
  if (x >= 1) return 0;
  const front = a * Math.log(x) + b * Math.log1p(-x) - lnBeta(a, b);
  if (x < (a + 1) / (a + b + 2)) return front + Math.log(continuedFraction(x, a, b) / a);
  const other = Math.exp(front + Math.log(continuedFraction(1 - x, b, a) / b));
  return other >= 1 ? -745 : Math.log1p(-other);
}

function continuedFraction(x: number, a: number, b: number): number {
  const tiny = 1e-300;
  let c = 1,
    d = 1 - ((a + b) * x) / (a + 1);
  if (Math.abs(d) < tiny) d = tiny;
  d = 1 / d;
  let value = d;
  for (let m = 1; m <= 500; m++) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
    d = 1 + even * d;
    if (Math.abs(d) < tiny) d = tiny;
    c = 1 + even / c;
    if (Math.abs(c) < tiny) c = tiny;
    d = 1 / d;
    value *= d * c;
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    d = 1 + odd * d;
    if (Math.abs(d) < tiny) d = tiny;
    c = 1 + odd / c;
    if (Math.abs(c) < tiny) c = tiny;
    d = 1 / d;
    const step = d * c;
    value *= step;
    if (Math.abs(step - 1) < 1e-12) break;
  }
  return value;
}

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
