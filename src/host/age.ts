// How long ago something was, for tree rows and code lenses. It is coarse, so that updating it every minute is enough.
import type { Translate } from './language/texts.ts';

/** `6 min`, `3 h`, `2 d`; undefined within the first minute. */
export function formatAge(ageMs: number, t: Translate): string | undefined {
  const minutes = Math.floor(ageMs / 60_000);
  if (minutes < 1) return undefined;
  if (minutes < 60) return t('{0} min', minutes);
  return minutes < 24 * 60 ? t('{0} h', Math.floor(minutes / 60)) : t('{0} d', Math.floor(minutes / (24 * 60)));
}
