// Validate Pipelines: checks every pipeline file of the workspace and shows the problems.
import * as vscode from 'vscode';
import type { HostServices } from '../hostServices.ts';
import { t } from '../../protocol/words/translate.ts';

export async function validatePipelines({ notify, validatePipelines: validate }: HostServices): Promise<void> {
  const { files, broken } = await validate();
  if (files === 0) notify.say(t('This workspace has no pipeline file in .backstop/pipelines.'));
  else if (broken === 0)
    notify.say(files === 1 ? t('The pipeline file is valid.') : t('All {0} pipeline files are valid.', files));
  else await vscode.commands.executeCommand('workbench.actions.view.problems');
}
