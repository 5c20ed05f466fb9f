// The diagnostics of an installation as a Markdown document, for a report of a problem.
import { formatBytes } from '../../model/byteSize.ts';
import type { Diagnosis } from '../../model/diagnosis.ts';
import { describeFailure } from '../../model/failure.ts';
import type { StoreOverview } from '../../model/storeTools.ts';
import { formatDuration, formatMoment, formatNumber } from '../../protocol/words/format.ts';
import { escapeMarkdown } from '../../protocol/words/markdown.ts';
import { t } from '../../protocol/words/translate.ts';

export interface EditorFacts {
  readonly version: string;
  readonly editor: string;
  readonly isTrusted: boolean;
  readonly folders: number;
  readonly settings: Readonly<Record<string, unknown>>;
  readonly runsHere: number;
}

type Row = readonly string[];

export function diagnosticsText(diagnosis: Diagnosis, facts: EditorFacts): string {
  const { overview, troubles } = diagnosis;
  return [
    `# ${t('Backstop: Diagnostics')}`,
    t(
      'This document stays on your machine. It contains names of runs, environments and folders, and no credentials ' +
        'and no log lines. Read it before you attach it to an issue.',
    ),
    `## ${t('Versions')}`,
    table([t('What'), t('Value')], versionRows(diagnosis, facts)),
    `## ${t('Settings')}`,
    table(
      [t('Setting'), t('Value')],
      [...Object.entries(facts.settings), ...Object.entries(diagnosis.settings)].map(([name, value]) => [
        name,
        typeof value === 'string' ? value : JSON.stringify(value),
      ]),
    ),
    `## ${t('Event loop')}`,
    table([t('What'), t('Value')], eventLoopRows(diagnosis)),
    `## ${t('Store')}`,
    overview ? storeText(overview, diagnosis.store) : t('There is none yet.'),
    ...troubles.map(failure => escapeMarkdown(describeFailure(failure))),
    t('To check the whole store, run `backstop doctor` in a terminal.'),
    `## ${t('Last errors')}`,
    overview?.failures.length
      ? table(
          [t('When'), t('Run'), t('Error')],
          overview.failures.map(({ run, atMs, failure }) => [formatMoment(atMs), `#${run}`, describeFailure(failure)]),
        )
      : t('None in the latest runs.'),
    '',
  ].join('\n\n');
}

function versionRows({ node, platform, upMs, credentials }: Diagnosis, facts: EditorFacts): readonly Row[] {
  return [
    ['Backstop', facts.version],
    ['VS Code', facts.editor],
    ['Node.js', `${node}, ${platform}`],
    [t('Extension host uptime'), formatDuration(upMs)],
    [t('Workspace folders'), formatNumber(facts.folders)],
    [t('Workspace is trusted'), facts.isTrusted ? t('yes') : t('no')],
    [t('Runs in this window'), formatNumber(facts.runsHere)],
    [t('Credentials in the environment'), credentials.length === 0 ? t('none') : credentials.join(', ')],
  ];
}

function eventLoopRows({ eventLoop, memoryBytes }: Diagnosis): readonly Row[] {
  const { measuredMs, meanMs, p99Ms, maxMs } = eventLoop;
  return [
    [t('Measured for'), formatDuration(measuredMs)],
    [t('Mean delay'), `${formatNumber(meanMs)} ms`],
    [t('99th percentile'), `${formatNumber(p99Ms)} ms`],
    [t('Longest delay'), `${formatNumber(maxMs)} ms`],
    [t('Memory of the extension host'), formatBytes(memoryBytes)],
  ];
}

function storeText({ sizes, runs, unfinished, leases, guards }: StoreOverview, path: string): string {
  return [
    table(
      [t('What'), t('Value')],
      [
        [t('File'), path],
        [t('Size'), formatBytes(sizes.database)],
        [t('Journals'), formatBytes(sizes.journals)],
        [t('Hook output'), formatBytes(sizes.hooks)],
        [t('Runs'), formatNumber(runs)],
        [t('Runs that have not ended'), unfinished.map(number => `#${number}`).join(', ') || t('none')],
      ],
    ),
    `### ${t('Leases')}`,
    leases.length === 0
      ? t('None.')
      : table(
          [t('Lease'), t('Process'), t('Renewed')],
          leases.map(one => [one.environment, one.process, one.isDead ? t('ended') : formatMoment(one.renewedAtMs)]),
        ),
    `### ${t('Guardians')}`,
    guards.length === 0
      ? t('None.')
      : table(
          [t('Run'), t('Process'), t('Action'), t('Due')],
          guards.map(({ run, process, act, afterMs, dueAtMs }) => [
            `#${run}`,
            process,
            act,
            dueAtMs === undefined ? t('{0} after its process ends', formatDuration(afterMs)) : formatMoment(dueAtMs),
          ]),
        ),
  ].join('\n\n');
}

function table(head: Row, rows: readonly Row[]): string {
  const line = (cells: Row): string => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(row => line(row.map(escapeMarkdown)))].join('\n');
}
