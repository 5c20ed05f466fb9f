// Test Connections: asks every source that a pipeline names, as a run does before its first stage, and shows what came
// back.
import * as vscode from 'vscode';
import { connectionText } from '../documents/connectionText.ts';
import type { HostParts } from '../parts.ts';
import { readTarget } from '../workspace/target.ts';
import { choosePipeline } from './choose.ts';

export async function testConnections(parts: HostParts, given: unknown): Promise<void> {
  if (!parts.mayAct()) return;
  const { t } = vscode.l10n;
  const chosen = await choosePipeline(parts, readTarget(given), t('Test Connections'));
  const engine = chosen && (await parts.engineFor(chosen.folder));
  if (!engine) return;
  let asked = 0;
  const name = t('Connections of {0}', chosen.pipeline.name),
    path = `/connections/${chosen.file}/${name}.txt`;
  let text = `${name}\n\n`;
  await vscode.window.withProgress(
    { location: vscode.ProgressLocation.Window, title: t('Testing connections') },
    async () => {
      await engine.checkSources(
        chosen.pipeline,
        check => {
          asked += 1;
          text += connectionText(check);
          parts.documents.refresh(path);
        },
        new AbortController().signal,
      );
    },
  );
  if (asked === 0) text += t('It has no external connections.');
  await parts.documents.show(path, () => Promise.resolve(text));
}
