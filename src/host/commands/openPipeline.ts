// Open Pipeline File: opens the file of a tree item.
import * as vscode from 'vscode';
import type { HostServices } from '../hostServices.ts';
import { readTarget } from '../workspace/target.ts';
import { choosePipelineFile } from './choose.ts';
import { t } from '../../protocol/words/translate.ts';

export async function openPipeline(services: HostServices, given: unknown): Promise<void> {
  const { folder, file } = readTarget(given);
  // Files with problems are opened too, so that they can be corrected.
  const found =
    folder !== undefined && file !== undefined
      ? { folder, file }
      : await choosePipelineFile(services, {}, t('Open Pipeline File'));
  if (found) await vscode.window.showTextDocument(vscode.Uri.joinPath(vscode.Uri.file(found.folder), found.file));
}
