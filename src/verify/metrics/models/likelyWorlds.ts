// Combines the likely worlds: how much larger a shift is than tolerated, and how nodes differ.
import { mixSizes } from './means.ts';
import { boundOf, project, type Asked, type World } from './projection.ts';
import { nodeSpreads } from './worlds.ts';

export interface ShiftEstimate {
  /**
   * The shift since the first interval, estimated with all worlds in mind; its standard error, and the part of that
   * which more data would not take away.
   */
  readonly shift: number;
  readonly error: number;
  readonly leastError: number;
}

/** The column of a step at the first interval. */
type FirstStep = Pick<Asked, 'at' | 'tolerated'>;

/** The probability that a metric has regressed, used when its data informs about other metrics' nodes. */
const regressedOdds = 0.15;

/** Worlds with a share of the sum below e to the minus this are left out. */
export const negligible = 6;

/**
 * The worlds that are not negligible compared with the best one, with or without a shift; a few shapes are enough to
 * tell.
 */
export function likelyWorlds(worlds: readonly World[], asked: readonly Asked[], sign: 1 | -1): readonly World[] {
  const stride = Math.max(1, Math.floor(asked.length / 5));
  const shapes = asked.filter(({ times }, k) => times === 1 && k % stride === 0);
  const projected = { score: 0, information: 0, log: 0 };
  const shifted = worlds.map(world =>
    shapes.reduce((highest, shape) => Math.max(highest, boundOf(project(world, shape, sign, projected))), -Infinity),
  );
  const best = worlds.reduce((highest, { log }) => Math.max(highest, log), -Infinity);
  const bestShifted = shifted.reduce((highest, log) => Math.max(highest, log), -Infinity);
  return worlds.filter(({ log }, k) => log > best - negligible || shifted[k]! > bestShifted - negligible);
}

/**
 * ln of the likelihood with a shift of this shape beyond the tolerance, over the one with a shift at the tolerance,
 * each over all worlds.
 */
export function compare(worlds: readonly World[], shape: Asked, sign: 1 | -1): number {
  const at = worlds.map(world => project(world, shape, sign, { score: 0, information: 0, log: 0 }));
  const top = at.reduce((highest, { log }) => Math.max(highest, log), -Infinity);
  const best = at.reduce((highest, one) => Math.max(highest, boundOf(one)), -Infinity);
  let [nulls, others] = [0, 0];
  for (const one of at) {
    nulls += Math.exp(one.log - top);
    // Leaving terms out of the numerator can only lower the evidence.
    if (one.score > 0 && boundOf(one) > best - 5)
      others += Math.exp(one.log - best + mixSizes(one.score, one.information, shape.times));
  }
  return Math.log(others) + best - Math.log(nulls) - top;
}

/**
 * Treats it as unknown whether this metric has regressed, so that a large difference says little about how nodes
 * differ.
 */
export function tellSpreads(
  worlds: readonly World[],
  firstStep: FirstStep,
  sign: 1 | -1,
  logOdds: readonly number[],
  outside: readonly number[] | undefined,
): number[] {
  const projected = { score: 0, information: 0, log: 0 };
  const top = worlds.reduce((highest, { log }) => Math.max(highest, log), -Infinity);
  const sums = new Array<number>(nodeSpreads.length).fill(Math.exp(-negligible));
  for (const world of worlds) {
    if (world.log < top - 2 * negligible) continue;
    const { score, information } = project(world, firstStep, sign, projected);
    const regressed = score > 0 ? regressedOdds * Math.exp(Math.min(50, mixSizes(score, information, 1))) : 0;
    sums[world.i]! += Math.exp(world.log - top) * (1 - regressedOdds + regressed);
  }
  return sums.map((sum, i) => Math.log(sum) - logOdds[i]! - (outside?.[i] ?? 0));
}

export function estimate(worlds: readonly World[], firstStep: FirstStep, sign: 1 | -1): ShiftEstimate {
  const top = worlds.reduce((highest, { log }) => Math.max(highest, log), -Infinity);
  const projected = { score: 0, information: 0, log: 0 };
  let [weights, shift, square, least] = [0, 0, 0, 0];
  for (const world of worlds) {
    const weight = Math.exp(world.log - top);
    project(world, firstStep, sign, projected);
    const { score, information } = projected;
    if (!(information > 0)) continue;
    const mean = score / information;
    weights += weight;
    shift += weight * mean;
    square += weight * (mean * mean + 1 / information);
    least += weight * world.level;
  }
  if (weights === 0) return { shift: 0, error: Infinity, leastError: 0 };
  const mean = shift / weights;
  return {
    shift: mean,
    error: Math.sqrt(Math.max(0, square / weights - mean * mean)),
    leastError: Math.sqrt(least / weights),
  };
}
