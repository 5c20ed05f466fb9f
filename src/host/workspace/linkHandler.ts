// Opens the target of a vscode:// link. A link never acts by itself: every action needs a click in the editor.
import * as vscode from 'vscode';
import { commands, views } from '../../contributions.ts';
import { fail } from '../../model/failure.ts';
import { parseLink } from './links.ts';
import type { HostServices } from '../hostServices.ts';
import { t } from '../../protocol/words/translate.ts';

export function handleLinks({ engineFor, notify, feed }: HostServices): vscode.Disposable {
  return vscode.window.registerUriHandler({
    async handleUri({ path }) {
      const link = parseLink(path);
      if (!link) {
        notify.fail(fail('invalid', t("Backstop can't open this link.")).failure);
        return;
      }
      const engine = await engineFor();
      const run = engine?.history.findRun(link.run);
      if (!engine) return;
      if (!run) {
        notify.fail(fail('not-found', t('There is no run {0} on this machine.', link.run)).failure);
        return;
      }
      feed.poke();
      if (link.kind === 'approval') await vscode.commands.executeCommand(`${views.pipelines}.focus`);
      await vscode.commands.executeCommand(commands.openRun, { runId: run.id });
    },
  });
}
