// Cuts single values that lie far from all others: a pause for garbage collection is no regression, two of them in a row may be.
import { median } from './series.ts';

/** Values that say where the middle is, and how far from it (in robust standard deviations) one value alone may lie. */
const remembered = 25;
const farthest = 3;
const few = 4;

/** A value is cut by those before it alone, so that a later one never changes an earlier look. */
export class SpikeClip {
  private readonly latest: number[] = [];
  private before = 0;
  private readonly isAnchored: boolean;

  /** Anchored: the level is most likely about zero, which counts as a value while there are few. */
  constructor(isAnchored: boolean) {
    this.isAnchored = isAnchored;
  }

  /** `slack`: a distance that is always let through; `deviation`: what is known of the noise beside the values read here. */
  read(value: number, slack: number, deviation: number): number {
    const { latest } = this;
    latest.push(value);
    if (latest.length > remembered) latest.shift();
    const centre = median(this.isAnchored && latest.length < few ? [0, ...latest] : latest);
    const scatter = Math.min(2 * deviation, 1.4826 * median(latest.map(one => Math.abs(one - centre))));
    const away = value - centre;
    const twice = this.before * away > 0 ? Math.min(Math.abs(this.before), Math.abs(away)) : 0;
    const limit = Math.max(slack + farthest * Math.max(scatter, deviation), twice);
    this.before = away;
    return centre + Math.max(-limit, Math.min(limit, away));
  }
}
