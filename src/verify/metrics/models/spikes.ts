// Trims single values that are far from all others: one pause for garbage collection is not a regression, two in a row
// may be.
import { median } from '../series/series.ts';

/** The number of values that determine the middle. */
const remembered = 25;
/**
 * How far from the middle, in standard deviations, one value alone may lie, and two in a row; three in a row may lie
 * anywhere.
 */
const alone = 2,
  twice = 4;
/** With fewer values than this, an anchored series counts its anchor as one value. */
const few = 4;
/** Fewer values do not allow an estimate of their scatter. */
const enough = 8;

/** Only earlier values decide whether a value is trimmed, so that later ones never change an earlier evaluation. */
export class SpikeClip {
  private readonly latest: number[] = [];
  /** How far the two values before were from the middle. */
  private before: readonly [number, number] = [0, 0];
  private readonly isAnchored: boolean;

  /** Anchored: the level is most likely about zero, which counts as a value while there are few. */
  constructor(isAnchored: boolean) {
    this.isAnchored = isAnchored;
  }

  /**
   * `slack` is a distance that is always accepted; `deviation` is the known noise from other sources than the values
   * read here.
   */
  read(value: number, slack: number, deviation: number): number {
    const { latest, before } = this;
    latest.push(value);
    if (latest.length > remembered) latest.shift();
    const centre = median(this.isAnchored && latest.length < few ? [0, ...latest] : latest);
    const scatter = latest.length < enough ? 0 : 1.4826 * median(latest.map(one => Math.abs(one - centre)));
    const noise = Math.max(Math.min(2 * deviation, scatter), deviation);
    const away = value - centre;
    const shared = (...others: readonly number[]): number =>
      others.every(one => one * away > 0) ? Math.min(Math.abs(away), ...others.map(Math.abs)) : 0;
    const limit = Math.max(
      slack + alone * noise,
      Math.min(shared(before[0]), slack + twice * noise),
      shared(...before),
    );
    this.before = [away, before[0]];
    return centre + Math.max(-limit, Math.min(limit, away));
  }
}
