// Test Connections: reads every health source of a pipeline as a verification would, and shows what came back.
import * as vscode from 'vscode';
import { connectionText } from '../connectionText.ts';
import type { HostParts } from '../parts.ts';
import { readTarget } from '../target.ts';
import { choosePipeline } from './choose.ts';

export async function testConnections(parts: HostParts, given: unknown): Promise<void> {
  if (!parts.mayAct()) return;
  const { t } = vscode.l10n;
  const chosen = await choosePipeline(parts, readTarget(given), t('Test Connections'));
  const engine = chosen && await parts.engineFor(chosen.folder);
  if (!engine) return;
  let text = `${t('Connections of {0}', chosen.pipeline.name)}\n\n`;
  const path = `/connections/${chosen.file}/Connections of ${chosen.pipeline.name}.txt`;
  await vscode.window.withProgress({ location: vscode.ProgressLocation.Window, title: t('Backstop tests connections') }, async () => {
    await engine.inspection.testConnections(chosen.pipeline, answer => {
      text += connectionText(answer);
      parts.documents.refresh(path);
    }, AbortSignal.timeout(120_000));
  });
  if (Object.keys(chosen.pipeline.healthSources).length === 0) text += t('It has no health source.');
  await parts.documents.show(path, () => Promise.resolve(text));
}
