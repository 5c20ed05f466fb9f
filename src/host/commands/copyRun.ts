// Copy Link and Copy Summary: a run for a chat or a ticket, as an address that opens it, or as a few lines of Markdown.
import * as vscode from 'vscode';
import { runSummary } from '../../protocol/report/runSummary.ts';
import { feedbackOf } from '../panel/panelFeedback.ts';
import type { HostServices } from '../hostServices.ts';
import { followRun } from '../panel/runFollower.ts';
import { readTarget } from '../workspace/target.ts';
import { runLink } from '../workspace/links.ts';
import { chooseRun, type ChosenRun } from './choose.ts';
import { t } from '../../protocol/words/translate.ts';

export async function copyLink(services: HostServices, given: unknown): Promise<void> {
  const chosen = await choose(services, given, t('Copy Link'));
  if (!chosen) return;
  await vscode.env.clipboard.writeText(linkTo(services, chosen));
  services.notify.say(t('The link to run {0} was copied.', `#${chosen.run.number}`));
}

export async function copySummary(services: HostServices, given: unknown): Promise<void> {
  const chosen = await choose(services, given, t('Copy Summary'));
  if (!chosen) return;
  const snapshot = await followRun({
    runId: chosen.run.id,
    history: chosen.engine.history,
    now: Date.now,
    feedback: state => feedbackOf(services, state),
  }).next();
  if (!snapshot) return;
  await vscode.env.clipboard.writeText(runSummary(snapshot, linkTo(services, chosen)));
  services.notify.say(t('The summary of run {0} was copied.', `#${chosen.run.number}`));
}

function choose(services: HostServices, given: unknown, title: string): Promise<ChosenRun | undefined> {
  return chooseRun(services, readTarget(given), title, () => true, t('No run has been started on this machine yet.'));
}

function linkTo({ context }: HostServices, { run }: ChosenRun): string {
  return runLink(vscode.env.uriScheme, context.extension.id, run.id);
}
