// Functions in log form, so that evidence neither overflows nor vanishes.

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
    term *= (z * z) / k;
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
