// Open Run: the run panel of a run.
import * as vscode from 'vscode';
import type { HostParts } from '../parts.ts';
import { openRunPanel } from '../runPanel.ts';
import { readTarget } from '../target.ts';
import { chooseRun } from './choose.ts';

export async function openRun(parts: HostParts, given: unknown): Promise<void> {
  const { t } = vscode.l10n;
  const chosen = await chooseRun(parts, readTarget(given), t('Open Run'), () => true, t('No run has been started on this machine yet.'));
  if (chosen) openRunPanel(parts, chosen.engine, chosen.run.id);
}
