// A cluster as a document to read: what it is, where and when it was written, and every sample whole.
import type { ClusterReport } from '../model/verdict.ts';
import { formatCount, formatList, formatMoment, formatNumber, formatTime } from '../protocol/format.ts';
import { plainLine, plainText } from '../protocol/plainText.ts';
import { markWord } from '../protocol/sentences.ts';

const classWords = { known: 'known', unknown: 'unknown', 'unexpected-frequency': 'unexpected frequency' } satisfies Record<ClusterReport['class'], string>;

export function clusterText(cluster: ClusterReport): string {
  const { template, severity, canaryCount, baselineCount, ratio, deployments, firstSeenMs, lastSeenMs, seenIn = [], nearest, feedback } = cluster;
  return [
    plainText(template), '',
    `${classWords[cluster.class]}, ${severity}`,
    `${formatCount(canaryCount, 'canary line')} against ${formatCount(baselineCount, 'baseline line')}${ratio === null ? '' : `, ${formatNumber(ratio)} times as frequent as expected`}`,
    `first ${formatMoment(firstSeenMs)}, last ${formatMoment(lastSeenMs)}`,
    `in ${formatCount(deployments, 'good deployment')}${seenIn.length ? `: ${formatList(seenIn.map(({ version, atMs }) => `${plainLine(version, 80)} (${formatMoment(atMs)})`), 20)}` : ''}`,
    ...(feedback ? [`called ${markWord(feedback)} by a reviewer`] : []),
    ...(nearest ? [`nearest known (similarity ${formatNumber(nearest.similarity)}): ${plainLine(nearest.template)}`] : []),
    ...nodesText('Lines per canary node', cluster.nodes), ...nodesText('Lines per baseline node', cluster.baselineNodes ?? {}),
    ...minutesText(cluster.minutes), ...samplesText('canary', cluster.samples.canary), ...samplesText('baseline', cluster.samples.baseline), '',
  ].join('\n');
}

function nodesText(title: string, nodes: Readonly<Record<string, number>>): readonly string[] {
  const rows = Object.entries(nodes).sort(([one], [other]) => one < other ? -1 : 1);
  return rows.length === 0 ? [] : ['', title, ...rows.map(([node, lines]) => `  ${plainLine(node, 80)}  ${formatNumber(lines)}`)];
}

function minutesText(minutes: ClusterReport['minutes']): readonly string[] {
  if (!minutes) return [];
  const rows = minutes.canary.flatMap((canary, index) => {
    const baseline = minutes.baseline[index] ?? 0;
    return canary + baseline === 0 ? [] : [`  ${formatTime(minutes.startMs + index * 60_000).slice(0, 5)}  canary ${formatNumber(canary)}, baseline ${formatNumber(baseline)}`];
  });
  return rows.length === 0 ? [] : ['', 'Lines per minute', ...rows];
}

function samplesText(from: 'canary' | 'baseline', samples: readonly string[]): readonly string[] {
  return samples.flatMap((sample, index) => ['', `Sample ${index + 1} of ${samples.length}, from the ${from}`, plainText(sample)]);
}
