// Phrases about a log cluster that reasons, checks and documents share.
import { formatCount, formatNumber } from './format.ts';
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

/** `4 new exceptions on 2 canary nodes: 12 lines, none in 31 good deployments`. */
export function unknownSentence(what: string, deployments: number, lines: number, nodes: number): string {
  return t(
    '{0} on {1}: {2}, none {3}',
    what,
    formatCount(nodes, 'canary node'),
    formatCount(lines, 'line'),
    deployments > 0 ? inDeployments(deployments) : t('in the baseline'),
  );
}

export function startUpSentence(what: string, startUps: number, lines: number, nodes: number): string {
  const told = [what, formatCount(lines, 'line'), formatCount(nodes, 'canary node')] as const;
  return startUps > 0
    ? t('new errors at the start: {0} that earlier good starts did not have, {1} on {2}', ...told)
    : t('new errors at the start: {0} with no earlier good start to compare with, {1} on {2}', ...told);
}

export function cleanSentence(canary: string, baseline: string, deployments: number): string {
  return deployments > 0
    ? t(
        'no new or more frequent log event in {0} against {1} and {2}',
        canary,
        baseline,
        formatCount(deployments, 'good deployment'),
      )
    : t('no new or more frequent log event in {0} against {1}', canary, baseline);
}
