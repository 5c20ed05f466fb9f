// A run in a few lines of Markdown, for chat and tickets: the verdict, its facts, what failed, and the new log events.
import type { RunSnapshot } from '../snapshot/snapshot.ts';
import type { CheckSnapshot } from '../snapshot/snapshotChecks.ts';
import type { ClusterSnapshot } from '../snapshot/clusterSnapshot.ts';
import { formatCount, formatList, formatNumber } from '../words/format.ts';
import { escapeMarkdown } from '../words/markdown.ts';
import { t } from '../words/translate.ts';

const mostClusters = 6,
  longestTemplate = 200;

/** `link`: opens the run in the editor. */
export function runSummary({ header, checks, clusters }: RunSnapshot, link: string): string {
  const { service, about, verdict, action, facts } = header,
    risky = clusters.shown.filter(({ letter }) => letter !== undefined);
  const counted = checks.filter(({ outcome }) => outcome !== 'pass');
  return [
    `**${escapeMarkdown(`${service}: ${verdict}`)}**`,
    '',
    escapeMarkdown(action),
    '',
    escapeMarkdown(about),
    '',
    ...facts.map(
      ({ name, value, more }) => `- ${escapeMarkdown(`${name}: ${[value, more].filter(Boolean).join(' ')}`)}`,
    ),
    ...counted.map(check => `- ${checkLine(check)}`),
    ...(checks.length > counted.length
      ? [`- ${escapeMarkdown(t('Passed: {0}', formatCount(checks.length - counted.length, 'check')))}`]
      : []),
    ...(risky.length ? ['', ...risky.slice(0, mostClusters).map(cluster => `- ${clusterLine(cluster)}`)] : []),
    ...(risky.length > mostClusters ? [`- ${t('{0} more', formatNumber(risky.length - mostClusters))}`] : []),
    '',
    `[${t('Open Run')}](${link})`,
    '',
  ].join('\n');
}

function checkLine({ name, source, outcome, running, sentence }: CheckSnapshot): string {
  const where = name === source ? name : `${name} (${source})`;
  return escapeMarkdown(
    running
      ? t('{0} so far: {1}', where, sentence)
      : outcome === 'fail'
        ? t('{0} failed: {1}', where, sentence)
        : t('{0} is inconclusive: {1}', where, sentence),
  );
}

function clusterLine({ letter = '', template, canaryCount, nodes }: ClusterSnapshot): string {
  const told = template.length > longestTemplate ? `${template.slice(0, longestTemplate)}…` : template,
    on = nodes.filter(({ lines }) => lines > 0).map(({ name }) => name);
  return escapeMarkdown(
    `${letter} ${told.replaceAll('<*>', '…')}: ${
      on.length ? t('{0} on {1}', formatCount(canaryCount, 'line'), formatList(on)) : formatCount(canaryCount, 'line')
    }`,
  );
}
