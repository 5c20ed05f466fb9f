// Asks once before a credential is sent to a host that only the workspace names, since a repository may name its own.
import * as vscode from 'vscode';
import type { HostUse } from '../../model/hostUse.ts';
import { t } from '../../protocol/words/translate.ts';

const asked = new Map<string, Promise<boolean>>();

/** Two simultaneous requests share one answer. After a refusal, the user is asked again at the next start. */
export function askForHost(use: HostUse): Promise<boolean> {
  const key = JSON.stringify([use.credential, use.host]);
  const question = asked.get(key) ?? ask(use).finally(() => asked.delete(key));
  asked.set(key, question);
  return question;
}

async function ask({ credential, host }: HostUse): Promise<boolean> {
  const allow = t('Allow');
  const detail = host.startsWith('http:')
    ? t(
        'The pipeline of this workspace names that address. The connection is not encrypted: ' +
          'anyone on the network could read the credential.',
      )
    : t(
        'The pipeline of this workspace names that address. Allow it only if you know who operates it. ' +
          'You are asked only once.',
      );
  const answer = await vscode.window.showWarningMessage(
    t('Send the credential "{0}" to {1}?', credential, host),
    { modal: true, detail },
    allow,
  );
  return answer === allow;
}
