// Test Connections: queries every source of a pipeline, as a run does before its first stage, and shows the results.
import * as vscode from 'vscode';
import { comparisonText, connectionText } from '../documents/connectionText.ts';
import type { HostServices } from '../hostServices.ts';
import { readTarget } from '../workspace/target.ts';
import { choosePipeline } from './choose.ts';
import { t } from '../../protocol/words/translate.ts';

export async function testConnections(services: HostServices, given: unknown): Promise<void> {
  if (!services.mayAct()) return;
  const chosen = await choosePipeline(services, readTarget(given), t('Test Connections'));
  const engine = chosen && (await services.engineFor(chosen.folder));
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
          services.documents.refresh(path);
        },
        new AbortController().signal,
      );
      for (const comparison of await engine.comparisons(chosen.pipeline)) text += comparisonText(comparison);
    },
  );
  if (asked === 0) text += t('It has no external connections.');
  await services.documents.show(path, () => Promise.resolve(text));
}
