// A cluster as a document: its template, where and when it was logged, and every sample in full.
import type { ClusterReport } from '../../model/evidence/verdict.ts';
import {
  joinParts,
  formatCount,
  formatList,
  formatMoment,
  formatNumber,
  formatTime,
} from '../../protocol/words/format.ts';
import { plainLine, plainText } from '../../protocol/words/plainText.ts';
import { frequencyPhrase, inDeployments } from '../../protocol/words/clusterPhrases.ts';
import { t } from '../../protocol/words/translate.ts';
import { markWord } from '../../protocol/words/words.ts';

export function clusterText(cluster: ClusterReport): string {
  const { template, severity, deployments, firstSeenMs, lastSeenMs, seenIn = [], nearest, feedback } = cluster;
  return [
    plainText(template),
    '',
    joinParts([className(cluster.class), severity]),
    countsPhrase(cluster),
    t('first {0}, last {1}', formatMoment(firstSeenMs), formatMoment(lastSeenMs)),
    `${inDeployments(deployments)}${
      seenIn.length
        ? `: ${formatList(
            seenIn.map(({ version, atMs }) => `${plainLine(version, 80)} (${formatMoment(atMs)})`),
            20,
          )}`
        : ''
    }`,
    ...(feedback ? [t('marked {0} by a reviewer', markWord(feedback))] : []),
    ...(nearest
      ? [t('nearest known (similarity {0}): {1}', formatNumber(nearest.similarity), plainLine(nearest.template))]
      : []),
    ...nodesText(t('Lines per canary node'), cluster.nodes),
    ...nodesText(t('Lines per baseline node'), cluster.baselineNodes ?? {}),
    ...minutesText(cluster.minutes),
    ...samplesText('canary', cluster.samples.canary),
    ...samplesText('baseline', cluster.samples.baseline),
    '',
  ].join('\n');
}

function className(name: ClusterReport['class']): string {
  return { known: t('known'), unknown: t('unknown'), 'unexpected-frequency': t('unexpected frequency') }[name];
}

/** The line counts of both sides, and how much more or less frequent the cluster became. */
export function countsPhrase({ canaryCount, baselineCount, ratio }: ClusterReport): string {
  return joinParts([
    t('{0} against {1}', formatCount(canaryCount, 'canary line'), formatCount(baselineCount, 'baseline line')),
    ratio !== null && frequencyPhrase(ratio, undefined),
  ]);
}

function nodesText(title: string, nodes: Readonly<Record<string, number>>): readonly string[] {
  const rows = Object.entries(nodes).sort(([one], [other]) => (one < other ? -1 : 1));
  return rows.length === 0
    ? []
    : ['', title, ...rows.map(([node, lines]) => `  ${plainLine(node, 80)}  ${formatNumber(lines)}`)];
}

function minutesText(minutes: ClusterReport['minutes']): readonly string[] {
  if (!minutes) return [];
  const rows = minutes.canary.flatMap((canary, index) => {
    const baseline = minutes.baseline[index] ?? 0;
    if (canary + baseline === 0) return [];
    const minute = formatTime(minutes.startMs + index * 60_000).slice(0, 5);
    return [`  ${minute}  ${t('canary {0}, baseline {1}', formatNumber(canary), formatNumber(baseline))}`];
  });
  return rows.length === 0 ? [] : ['', t('Lines per minute'), ...rows];
}

function samplesText(from: 'canary' | 'baseline', samples: readonly string[]): readonly string[] {
  return samples.flatMap((sample, index) => [
    '',
    from === 'canary'
      ? t('Sample {0} of {1}, from the canary', index + 1, samples.length)
      : t('Sample {0} of {1}, from the baseline', index + 1, samples.length),
    plainText(sample),
  ]);
}
