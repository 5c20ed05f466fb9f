// The special functions the tests stand on, written here because no small library has all of them in log form.

/** Lanczos coefficients for g = 607/128, n = 15 (Godfrey; as in Numerical Recipes, 3rd edition, section 6.1). */
const lanczos = [
  0.99999999999999709182, 57.156235665862923517, -59.597960355475491248, 14.136097974741747174, -0.49191381609762019978, 0.33994649984811888699e-4,
  0.46523628927048575665e-4, -0.98374475304879564677e-4, 0.15808870322491248884e-3, -0.21026444172410488319e-3, 0.2174396181152126432e-3,
  -0.16431810653676389022e-3, 0.84418223983852743293e-4, -0.2619083840158140867e-4, 0.36899182659531622704e-5,
] as const;

/** ln Γ(x) for x > 0. */
export function logGamma(x: number): number {
  if (!(x > 0)) return Number.NaN;
  const t = x + 5.2421875;
  let sum: number = lanczos[0];
  for (let k = 1; k < lanczos.length; k += 1) sum += lanczos[k]! / (x + k);
  return (x + 0.5) * Math.log(t) - t + Math.log(2.5066282746310005 * sum / x);
}

/** ln B(a, b). */
export function logBeta(a: number, b: number): number {
  return logGamma(a) + logGamma(b) - logGamma(a + b);
}

/** ln I_x(a, b), the regularised incomplete beta function: continued fraction (Abramowitz & Stegun 26.5.8) by Lentz's method; exact far into the tails. */
export function logIncompleteBeta(x: number, a: number, b: number): number {
  if (x <= 0) return -Infinity;
  if (x >= 1) return 0;
  if (x < (a + 1) / (a + b + 2)) return logTail(x, a, b);
  return Math.log1p(-Math.exp(logTail(1 - x, b, a)));
}

function logTail(x: number, a: number, b: number): number {
  return a * Math.log(x) + b * Math.log1p(-x) - logBeta(a, b) - Math.log(a) + Math.log(continuedFraction(x, a, b));
}

function continuedFraction(x: number, a: number, b: number): number {
  const tiny = 1e-300;
  const away = (value: number): number => (Math.abs(value) < tiny ? tiny : value);
  const limit = 200 + Math.ceil(10 * Math.sqrt(a + b));
  let c = 1;
  let d = 1 / away(1 - (a + b) * x / (a + 1));
  let value = d;
  for (let m = 1; m <= limit; m += 1) {
    const even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m));
    d = 1 / away(1 + even * d);
    c = away(1 + even / c);
    value *= d * c;
    const odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1));
    d = 1 / away(1 + odd * d);
    c = away(1 + odd / c);
    const step = d * c;
    value *= step;
    if (Math.abs(step - 1) < 1e-15) break;
  }
  return value;
}

/** ln Φ(z). Near the middle Φ(z) = ½ + φ(z)·(z + z³/3 + z⁵/15 + …) (Marsaglia 2004), below -5 the continued fraction of Mills' ratio (A&S 26.2.14). */
export function logNormalCdf(z: number): number {
  if (z > 5) return Math.log1p(-Math.exp(logNormalCdf(-z)));
  const logDensity = -0.5 * z * z - 0.9189385332046727;
  if (z < -5) {
    let fraction = 0;
    for (let k = 60; k >= 1; k -= 1) fraction = k / (-z + fraction);
    return logDensity - Math.log(-z + fraction);
  }
  let term = z;
  let sum = z;
  for (let k = 3; Math.abs(term) > 1e-17 * Math.abs(sum) && k < 400; k += 2) {
    term *= z * z / k;
    sum += term;
  }
  return Math.log(0.5 + sum * Math.exp(logDensity));
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
