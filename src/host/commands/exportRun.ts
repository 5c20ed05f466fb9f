// Export Run: writes a report as one file, or the events as JSON with the timeline as Markdown, for a ticket or a
// review.
import { randomBytes } from 'node:crypto';
import { posix } from 'node:path';
import * as vscode from 'vscode';
import { formatDuration, formatMoment, formatTime } from '../../protocol/words/format.ts';
import { escapeMarkdown } from '../../protocol/words/markdown.ts';
import { reportPage } from '../../protocol/report/reportPage.ts';
import { timelineOf } from '../../protocol/report/timeline.ts';
import { actionSentence, verdictSentence } from '../../protocol/words/verdictSentence.ts';
import { editorLanguage } from '../workspace/editorLanguage.ts';
import { feedbackOf } from '../panel/panelFeedback.ts';
import type { HostServices } from '../hostServices.ts';
import { followRun } from '../panel/runFollower.ts';
import { readTarget } from '../workspace/target.ts';
import { chooseRun, runLabel, type ChosenRun } from './choose.ts';
import { t } from '../../protocol/words/translate.ts';

export async function exportRun(services: HostServices, given: unknown): Promise<void> {
  const chosen = await chooseRun(
    services,
    readTarget(given),
    t('Export Run'),
    () => true,
    t('No run has been started on this machine yet.'),
  );
  if (!chosen) return;
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
  const target = await vscode.window.showSaveDialog({
    filters: { [t('Report')]: ['html'], JSON: ['json'] },
    title: t('Export Run'),
    ...(folder && { defaultUri: vscode.Uri.joinPath(folder, `backstop-run-${chosen.run.number}.html`) }),
  });
  if (!target) return;
  if (/\.html?$/i.test(target.path)) await writeReport(services, chosen, target);
  else await writeEvents(chosen, target);
}

async function writeReport(services: HostServices, { engine, run }: ChosenRun, target: vscode.Uri): Promise<void> {
  const snapshot = await followRun({
    runId: run.id,
    history: engine.history,
    now: Date.now,
    feedback: state => feedbackOf(services, state),
    vendors: services.engines.vendors,
  }).next();
  if (!snapshot) return;
  const script = new TextDecoder().decode(
    await vscode.workspace.fs.readFile(vscode.Uri.joinPath(services.context.extensionUri, 'dist', 'panel.js')),
  );
  const language = editorLanguage();
  const page = reportPage({
    title: runLabel(run),
    snapshot: { ...snapshot, feedback: { refused: t('This is a report. Mark log events in the editor.') } },
    script,
    nonce: randomBytes(16).toString('hex'),
    ...(language && { language }),
  });
  await vscode.workspace.fs.writeFile(target, new TextEncoder().encode(page));
  services.notify.say(t('Run {0} was saved to {1}.', `#${run.number}`, posix.basename(target.path)));
}

async function writeEvents(chosen: ChosenRun, target: vscode.Uri): Promise<void> {
  const { name: stem, dir } = posix.parse(target.path);
  const markdown = target.with({ path: posix.join(dir, `${stem}.md`) });
  await vscode.workspace.fs.writeFile(
    target,
    new TextEncoder().encode(
      `${JSON.stringify({ run: chosen.run, events: chosen.engine.history.events(chosen.run.id) }, null, 2)}\n`,
    ),
  );
  await vscode.workspace.fs.writeFile(markdown, new TextEncoder().encode(markdownOf(chosen)));
  await vscode.window.showTextDocument(markdown, { preview: true });
}

function markdownOf({ engine, run, state }: ChosenRun): string {
  const rows = timelineOf(run.id, engine.history.events(run.id)).filter(row => row.level !== 'detail');
  return [
    `# ${t('Run {0}', escapeMarkdown(runLabel(run)))}`,
    '',
    `${escapeMarkdown(verdictSentence(state))}. ${escapeMarkdown(actionSentence(state))}`,
    '',
    t('Started {0} by {1}.', formatMoment(run.startedAtMs), escapeMarkdown(run.by.name)),
    '',
    `| ${t('time')} | ${t('event')} | ${t('took')} |`,
    '| --- | --- | --- |',
    ...rows.map(({ atMs, text, durationMs }) => {
      const took = durationMs === undefined ? '' : formatDuration(durationMs);
      return `| ${formatTime(atMs)} | ${escapeMarkdown(text)} | ${took} |`;
    }),
    '',
  ].join('\n');
}
