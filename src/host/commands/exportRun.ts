// Export Run: its events as JSON and its timeline as Markdown, for a ticket or a review.
import { posix } from 'node:path';
import * as vscode from 'vscode';
import { formatDuration, formatMoment, formatTime } from '../../protocol/format.ts';
import { timelineOf } from '../../protocol/timeline.ts';
import { actionSentence, verdictSentence } from '../../protocol/verdictSentence.ts';
import { escapeMarkdown } from '../../protocol/markdown.ts';
import type { HostParts } from '../parts.ts';
import { readTarget } from '../target.ts';
import { chooseRun, runLabel, type ChosenRun } from './choose.ts';

export async function exportRun(parts: HostParts, given: unknown): Promise<void> {
  const { t } = vscode.l10n;
  const chosen = await chooseRun(parts, readTarget(given), t('Export Run'), () => true, t('No run has been started on this machine yet.'));
  if (!chosen) return;
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
  const name = `backstop-run-${chosen.run.number}.json`;
  const target = await vscode.window.showSaveDialog({ filters: { JSON: ['json'] }, title: t('Export Run'), ...(folder && { defaultUri: vscode.Uri.joinPath(folder, name) }) });
  if (!target) return;
  const { name: stem, dir } = posix.parse(target.path);
  const markdown = target.with({ path: posix.join(dir, `${stem}.md`) });
  const { id } = chosen.run;
  await vscode.workspace.fs.writeFile(target, new TextEncoder().encode(`${JSON.stringify({ run: chosen.run, events: chosen.engine.history.events(id) }, null, 2)}\n`));
  await vscode.workspace.fs.writeFile(markdown, new TextEncoder().encode(markdownOf(chosen)));
  await vscode.window.showTextDocument(markdown, { preview: true });
}

function markdownOf({ engine, run, state }: ChosenRun): string {
  const rows = timelineOf(run.id, engine.history.events(run.id)).filter(row => row.level !== 'detail');
  return [
    `# Run ${escapeMarkdown(runLabel(run))}`, '',
    `${escapeMarkdown(verdictSentence(state))}. ${escapeMarkdown(actionSentence(state))}`, '',
    `Started ${formatMoment(run.startedAtMs)} by ${escapeMarkdown(run.by.name)}.`, '',
    '| time | what happened | took |', '| --- | --- | --- |',
    ...rows.map(row => `| ${formatTime(row.atMs)} | ${escapeMarkdown(row.text)} | ${row.durationMs === undefined ? '' : formatDuration(row.durationMs)} |`), '',
  ].join('\n');
}
