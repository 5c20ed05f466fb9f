// A run as one HTML file that needs no network and no editor: the panel with its snapshot, or plain HTML without
// scripts.
import { formatCount, formatTime } from '../words/format.ts';
import { escapeHtml, panelPage } from '../panelPage.ts';
import { embedJson, type PageLanguage } from '../words/pageLanguage.ts';
import { reportStyle } from './reportTheme.ts';
import type { RunSnapshot } from '../snapshot/snapshot.ts';
import type { CheckSnapshot } from '../snapshot/snapshotChecks.ts';
import type { ClusterSnapshot } from '../snapshot/clusterSnapshot.ts';
import { tookOf } from './timeline.ts';
import { t } from '../words/translate.ts';

/** Id of the element that holds the snapshot. */
export const snapshotElement = 'backstop-run';

export interface ReportParts {
  readonly title: string;
  readonly snapshot: RunSnapshot;
  /** The built panel, `dist/panel.js`. */
  readonly script: string;
  /** Random, for this file only. */
  readonly nonce: string;
  /** The language of the snapshot; absent: English. */
  readonly language?: PageLanguage;
}

export function reportPage({ title, snapshot, script, nonce, language }: ReportParts): string {
  const code = script
    .replace(/\n\/\/# sourceMappingURL=.*\s*$/, '\n')
    .replace(/<\/(script)/gi, '<\\/$1')
    .replaceAll('<!--', '\\x3C!--');
  return panelPage({
    title,
    nonce,
    policy: ["form-action 'none'", "base-uri 'none'"],
    language,
    style: reportStyle,
    body: [
      `<noscript>${plainReport(snapshot)}</noscript>`,
      `<script type="application/json" id="${snapshotElement}">${embedJson(snapshot)}</script>`,
    ],
    script: { code },
  });
}

function plainReport({ header, checks, clusters, timeline }: RunSnapshot): string {
  const risky = clusters.shown.filter(cluster => cluster.letter !== undefined);
  const rows = timeline.filter(row => row.level !== 'detail');
  return [
    '<main>',
    element('p', `${header.service}, ${header.about}`),
    element('h1', header.verdict),
    element('p', header.action),
    list(header.facts.map(({ name, value, more = '' }) => `${name}: ${value} ${more}`)),
    element('h2', t('Checks')),
    list(checks.map(plainCheck)),
    element('h2', t('Log events')),
    element('p', riskSentence(risky.length, clusters.shown.length + clusters.hidden)),
    ...risky.map(plainCluster),
    element('h2', t('Timeline')),
    list(rows.map(row => `${formatTime(row.atMs)} ${row.text} ${tookOf(row)}`)),
    '</main>',
  ].join('\n');
}

function element(name: 'h1' | 'h2' | 'h3' | 'li' | 'p' | 'pre', text: string): string {
  return `<${name}>${escapeHtml(text)}</${name}>`;
}

function list(items: readonly string[]): string {
  return `<ul>${items.map(item => element('li', item)).join('')}</ul>`;
}

function riskSentence(risky: number, total: number): string {
  return risky === 1
    ? t('{0} of {1} is a risk.', formatCount(risky, 'cluster'), formatCount(total, 'log event'))
    : t('{0} of {1} are a risk.', formatCount(risky, 'cluster'), formatCount(total, 'log event'));
}

function plainCheck({ name, source, outcome, sentence, data, whatIf }: CheckSnapshot): string {
  const words = { pass: t('Passed'), fail: t('Failed'), inconclusive: t('Inconclusive') }[outcome];
  return `${name} (${source}): ${words}: ${sentence}. ${data}. ${whatIf.join('; ')}`;
}

function plainCluster({
  letter = '',
  severity,
  template,
  why,
  canaryCount,
  samples: [sample],
}: ClusterSnapshot): string {
  return [
    element('h3', `${letter}: ${severity.toUpperCase()} ${template}`),
    element('p', `${formatCount(canaryCount, 'canary line')}. ${why}.`),
    ...(sample ? [element('pre', sample.text)] : []),
  ].join('\n');
}
