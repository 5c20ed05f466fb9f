// The special functions that the tests of logs and metrics need, in log form, so that evidence neither overflows nor
// vanishes. No package fits: simple-statistics and jstat lack the incomplete beta function or its accuracy, cephes
// needs WebAssembly, and @stdlib's brings two hundred packages. Formulas: NIST Digital Library of Mathematical
// Functions (dlmf.nist.gov), and the articles named beside each. Accuracy against mpmath: specialFunctions.test.ts.

const halfLogTwoPi = 0.9189385332046727;

/**
 * Godfrey's coefficients (2001, public domain) of Lanczos' approximation (1964) with g = 7 and nine terms: relative
 * error of Γ below 1e-14.
 */
const lanczosShift = 7;
const lanczos = [
  0.99999999999980993, 676.5203681218851, -1259.1392167224028, 771.32342877765313, -176.61502916214059,
  12.507343278686905, -0.13857109526572012, 9.9843695780195716e-6, 1.5056327351493116e-7,
] as const;

/** From here on six terms of Stirling's series leave an error below 1e-16. */
const stirlingFrom = 12;
/** B₂ₖ / (2k(2k-1)), DLMF 5.11.1. */
const stirling = [1 / 12, -1 / 360, 1 / 1260, -1 / 1680, 1 / 1188, -691 / 360360] as const;

/** What Stirling's formula leaves out of ln Γ(x). */
function stirlingRest(x: number): number {
  const square = 1 / (x * x);
  let sum = 0;
  for (let k = stirling.length - 1; k >= 0; k -= 1) sum = sum * square + stirling[k]!;
  return sum / x;
}

/** ln Γ(x) for x > 0. */
export function lnGamma(x: number): number {
  if (x >= stirlingFrom) return (x - 0.5) * Math.log(x) - x + halfLogTwoPi + stirlingRest(x);
  if (x < 0.5) return lnGamma(x + 1) - Math.log(x);
  let series: number = lanczos[0];
  for (let k = 1; k < lanczos.length; k += 1) series += lanczos[k]! / (x - 1 + k);
  const shifted = x - 0.5 + lanczosShift;
  return halfLogTwoPi + (x - 0.5) * Math.log(shifted) - shifted + Math.log(series);
}

/**
 * ln B(a, b) for a, b > 0. Large parts of Stirling's formula cancel, so they are left out before they are rounded
 * (Didonato & Morris 1992, ACM Algorithm 708).
 */
export function lnBeta(a: number, b: number): number {
  const [small, large] = a < b ? [a, b] : [b, a];
  if (large < stirlingFrom) return lnGamma(small) + lnGamma(large) - lnGamma(small + large);
  const rest = stirlingRest(large) - stirlingRest(small + large);
  const grown = Math.log1p(small / large);
  if (small < stirlingFrom)
    return lnGamma(small) - small * Math.log(large) - (small + large - 0.5) * grown + small + rest;
  return (
    halfLogTwoPi -
    0.5 * Math.log(small) -
    small * Math.log1p(large / small) -
    (large - 0.5) * grown +
    stirlingRest(small) +
    rest
  );
}

/**
 * ln of the regularized incomplete beta function I_x(a, b) for a, b > 0, by the side of the mean on which its continued
 * fraction converges fast.
 */
export function lnIncompleteBeta(x: number, a: number, b: number): number {
  if (x <= 0) return -Infinity;
  if (x >= 1) return 0;
  const front = lnBetaTerm(x, a, b);
  if (x * (a + b + 2) < a + 1) return front + Math.log(betaFraction(x, a, b) / a);
  const other = Math.exp(front + Math.log(betaFraction(1 - x, b, a) / b));
  return other >= 1 ? -Infinity : Math.log1p(-other);
}

/**
 * ln of x^a (1-x)^b / B(a, b). For large a and b, it is computed from its peak at a/(a+b), where it is known without
 * cancellation.
 */
function lnBetaTerm(x: number, a: number, b: number): number {
  if (Math.min(a, b) < stirlingFrom) return a * Math.log(x) + b * Math.log1p(-x) - lnBeta(a, b);
  const beyond = x * b - (1 - x) * a;
  return (
    a * Math.log1p(beyond / a) +
    b * Math.log1p(-beyond / b) +
    0.5 * (Math.log(a) + Math.log(b / (a + b))) -
    halfLogTwoPi +
    stirlingRest(a + b) -
    stirlingRest(a) -
    stirlingRest(b)
  );
}

/**
 * It converges after a number of steps that grows with the root of the larger parameter: this many suffice up to ten
 * million events.
 */
const mostSteps = 10_000;
const converged = 1e-14;

/**
 * 1/(1 + d₁/(1 + d₂/(1 + …))) of DLMF 8.17.22, from the front (modified Lentz method: Thompson & Barnett 1986), two
 * terms a step.
 */
function betaFraction(x: number, a: number, b: number): number {
  const sum = a + b;
  let denominator = 1 / awayFromZero(1 - (sum * x) / (a + 1));
  let numerator = 1;
  let value = denominator;
  for (let m = 1; m < mostSteps; m += 1) {
    const at = a + 2 * m;
    const even = (m * (b - m) * x) / ((at - 1) * at);
    numerator = awayFromZero(1 + even / numerator);
    denominator = 1 / awayFromZero(1 + even * denominator);
    value *= numerator * denominator;
    const odd = (-(a + m) * (sum + m) * x) / (at * (at + 1));
    numerator = awayFromZero(1 + odd / numerator);
    denominator = 1 / awayFromZero(1 + odd * denominator);
    const change = numerator * denominator;
    value *= change;
    if (Math.abs(change - 1) < converged) break;
  }
  return value;
}

function awayFromZero(value: number): number {
  return Math.abs(value) < 1e-300 ? 1e-300 : value;
}

/** ln φ(z) of the standard normal density. */
function logNormalDensity(z: number): number {
  return -0.5 * z * z - halfLogTwoPi;
}

/** Below this the series loses digits, and the continued fraction takes few steps. */
const normalTail = -3;

/**
 * ln Φ(z). Near the middle Φ(z) = ½ + φ(z)·(z + z³/3 + z⁵/15 + …) (Marsaglia 2004), below it the continued fraction of
 * Mills' ratio (DLMF 7.9.3).
 */
export function logNormalCdf(z: number): number {
  if (z > -normalTail) return Math.log1p(-Math.exp(logNormalCdf(-z)));
  if (z < normalTail) {
    let fraction = 0;
    for (let k = Math.ceil(8 + 300 / (z * z)); k >= 1; k -= 1) fraction = k / (fraction - z);
    return logNormalDensity(z) - Math.log(fraction - z);
  }
  let term = z;
  let sum = z;
  for (let k = 3; Math.abs(term) > 1e-17 * Math.abs(sum); k += 2) {
    term *= (z * z) / k;
    sum += term;
  }
  return Math.log(0.5 + sum * Math.exp(logNormalDensity(z)));
}

/** ln Σ exp(x). */
export function logSumExp(values: readonly number[]): number {
  let top = -Infinity;
  for (const value of values) if (value > top) top = value;
  if (top === -Infinity) return -Infinity;
  let sum = 0;
  for (const value of values) sum += Math.exp(value - top);
  return top + Math.log(sum);
}
