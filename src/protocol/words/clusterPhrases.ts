// Phrases about a log cluster that reasons, checks and documents share.
import { formatNumber } from './format.ts';
import { t } from './translate.ts';

export const longestTemplate = 160;

/** `in 31 good deployments`. */
export function inDeployments(count: number): string {
  return count === 1
    ? t('in {0} good deployment', formatNumber(count))
    : t('in {0} good deployments', formatNumber(count));
}

/** `3.1 times as frequent as expected`; without a ratio, only the direction. */
export function frequencyPhrase(ratio: number | null, direction: string | undefined): string {
  if (ratio !== null) return t('{0} times as frequent as expected', formatNumber(ratio));
  return direction === 'down' ? t('less frequent than expected') : t('more frequent than expected');
}
