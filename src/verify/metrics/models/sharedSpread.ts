// What the metrics of one deployment tell each other: machines that differ little in one of them mostly differ little
// in the others.
import { nodeSpreadOdds as allOdds } from './worlds.ts';

const nodeSpreadOdds: readonly number[] = allOdds.gauge;

/**
 * The probability that a metric's spread is that of the whole deployment, or this many steps of the scale away, and
 * that it is unrelated.
 */
const nearness = [1, 0.5, 0.12] as const;
const apart = 0.15;
/**
 * Metrics of one process depend on each other (mean, median and percentile of one latency), so each counts only this
 * much.
 */
const counted = 0.7;

const size = nodeSpreadOdds.length;
const kernel: readonly (readonly number[])[] = nodeSpreadOdds.map((_, common) => {
  const near = nodeSpreadOdds.map((odds, own) => odds * (nearness[Math.abs(own - common)] ?? 0));
  const sum = near.reduce((total, one) => total + one, 0);
  return near.map((one, own) => (1 - apart) * (one / sum) + apart * nodeSpreadOdds[own]!);
});

/**
 * Empirical Bayes over the metrics: the spread of the deployment is unknown, each metric's own is near to it or not.
 * @param likelihoods per metric, ln of how likely its data are under each spread of its nodes; undefined where it
 * cannot tell
 * @returns per metric, ln of what the other metrics say for and against each spread
 */
export function shareSpreads(likelihoods: readonly (readonly number[] | undefined)[]): readonly (readonly number[])[] {
  const told = likelihoods.map(logs => logs && commonOf(logs));
  const sums = new Array<number>(size).fill(0);
  for (const logs of told) logs?.forEach((log, common) => (sums[common]! += log));
  return told.map(own => {
    const others = nodeSpreadOdds.map((odds, common) => Math.log(odds) + sums[common]! - (own?.[common] ?? 0));
    const top = Math.max(...others);
    const weights = others.map(log => Math.exp(log - top));
    const total = weights.reduce((sum, weight) => sum + weight, 0);
    return nodeSpreadOdds.map((odds, spread) =>
      Math.log(weights.reduce((sum, weight, common) => sum + weight * kernel[common]![spread]!, 0) / total / odds),
    );
  });
}

/** ln of how likely a metric's data are under each spread of the deployment. */
function commonOf(logs: readonly number[]): number[] {
  const top = Math.max(...logs);
  return kernel.map(near =>
    Math.log(near.reduce((sum, odds, own) => sum + odds * Math.exp(counted * (logs[own]! - top)), 0)),
  );
}
