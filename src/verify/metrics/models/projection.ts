// What one shape of a shift says in one world: score and information after level and warming up took their share.

/**
 * A shape to evaluate: the position of its sums, the tolerated part of it, and its possible sizes in units of a step.
 */
export interface Asked {
  readonly at: number;
  readonly logWeight: number;
  readonly tolerated: number;
  readonly times: number;
  readonly isOwn: boolean;
}

/**
 * One way that noise, node spread and warming up may be: variances of the noise and of the level, what is unknown of
 * level and warming up together, and their estimates.
 */
export interface World {
  readonly sums: readonly number[];
  readonly v: number;
  readonly level: number;
  /** Which node spread. */
  readonly i: number;
  /** The inverse of the information about the level and two shapes of warm-up; zeros if nothing warms up. */
  readonly i00: number;
  readonly i01: number;
  readonly i02: number;
  readonly i11: number;
  readonly i12: number;
  readonly i22: number;
  readonly p0: number;
  readonly p1: number;
  readonly p2: number;
  readonly log: number;
}

/**
 * Score and information of a shape beyond what is tolerated of it, after the nuisances took their share, and ln of the
 * likelihood at the tolerance.
 */
export interface Projection {
  score: number;
  information: number;
  log: number;
}

/** Written into `into`, since this is called several thousand times per evaluation. */
export function project(
  { sums, v, i00, i01, i02, i11, i12, i22, p0, p1, p2, log }: World,
  { at, tolerated }: Pick<Asked, 'at' | 'tolerated'>,
  sign: 1 | -1,
  into: Projection,
): Projection {
  const [h1, h2, h3] = [sums[at + 2]! / v, sums[at + 3]! / v, sums[at + 4]! / v];
  const score = sign * (sums[at + 1]! / v - h1 * p0 - h2 * p1 - h3 * p2);
  const known = h1 * (i00 * h1 + 2 * i01 * h2 + 2 * i02 * h3) + h2 * (i11 * h2 + 2 * i12 * h3) + i22 * h3 * h3;
  const information = Math.max(0, sums[at]! / v - known);
  into.score = score - tolerated * information;
  into.information = information;
  into.log = log + tolerated * score - 0.5 * tolerated * tolerated * information;
  return into;
}

/** ln of the likelihood of the shift that fits best. */
export function boundOf({ log, score, information }: Projection): number {
  return score > 0 && information > 0 ? log + (score * score) / (2 * information) : log;
}
