// Evidence from a canary that begins with a value beyond everything in the time before.

/**
 * How likely a regression is to show in this interval of the canary by a value without precedent: mostly in the first.
 * What is left is never staked.
 */
const stakes = [0.5, 0.2, 0.1] as const;
/** With fewer earlier values, no value counts as unprecedented. */
const leastHistory = 30;

/**
 * While nothing has changed, the chance that a value exceeds all of N exchangeable earlier ones is 1/(N+1), so N+1 on
 * that event, and 0 else, is an e-value (a conformal one); values that hang together count for fewer. Staked interval
 * by interval, it stays an e-process.
 * @param values canary values turned so that the bad direction is up, NaN where missing; `margin`: by how much the
 * highest earlier one must be exceeded
 * @returns ln E
 */
export function measureRecords(
  values: readonly number[],
  earlier: readonly number[],
  persistence: number,
  margin: number,
): number {
  const known = earlier.filter(value => !Number.isNaN(value));
  if (known.length < leastHistory) return 0;
  const precedent = known.reduce((highest, value) => Math.max(highest, value), -Infinity) + margin;
  const odds = known.length * (1 - persistence) + 1;
  let wealth = 1;
  stakes.forEach((stake, interval) => {
    const value = values[interval];
    if (value === undefined || Number.isNaN(value)) return;
    wealth += stake * ((value > precedent ? odds : 0) - 1);
  });
  return Math.log(wealth);
}
