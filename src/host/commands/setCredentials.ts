// Set Credentials…: which ones the pipelines want, which are set, and a line to type one; it goes to the editor's SecretStorage alone.
import * as vscode from 'vscode';
import type { HostParts } from '../parts.ts';
import { credentialsOf } from '../workspace/pipelineFile.ts';
import { pickOne, typeLine, type Choice } from '../asking/prompts.ts';

interface Wanted {
  readonly name: string;
  readonly vendor?: string;
}

export async function setCredentials(parts: HostParts): Promise<void> {
  const { t } = vscode.l10n;
  const title = t('Set Credentials');
  await Promise.all([parts.secrets.load(), parts.pipelines.refresh()]);
  for (;;) {
    const picked = await pickOne({ title }, t('Which credential?'), choices(parts));
    if (picked === undefined || picked === 'back') return;
    const wanted = picked.name === '' ? await askName(title) : picked;
    if (!wanted) return;
    const typed = await typeLine(
      { title: `${title}: ${wanted.name}`, canGoBack: true },
      { prompt: `${await promptFor(parts, wanted.vendor)} ${t('An empty line removes it.')}`, password: true },
    );
    if (typed === 'back') continue;
    if (typed === undefined) return;
    await parts.secrets.set(wanted.name, typed.text.trim());
  }
}

function choices({ pipelines, secrets }: HostParts): readonly Choice<Wanted>[] {
  const { t } = vscode.l10n;
  const found = new Map<string, { readonly choice: Choice<Wanted> }>();
  for (const { folder, pipeline } of pipelines.list()) {
    if (!pipeline) continue;
    for (const name of credentialsOf(pipeline)) {
      const connection = Object.values(pipeline.connections).find(one => one.credential === name);
      const isSet = secrets.has(folder, name);
      found.set(name, {
        choice: {
          label: `$(${isSet ? 'pass' : 'circle-outline'}) ${name}`,
          description: [isSet ? t('set') : t('not set'), connection ? connection.vendor : '']
            .filter(Boolean)
            .join(' · '),
          ...(connection && { detail: connection.url }),
          value: { name, ...(connection && { vendor: connection.vendor }) },
        },
      });
    }
  }
  return [
    ...[...found.values()].map(({ choice }) => choice),
    { label: `$(add) ${t('Another name…')}`, value: { name: '' } },
  ];
}

async function askName(title: string): Promise<Wanted | undefined> {
  const typed = await typeLine(
    { title },
    {
      prompt: vscode.l10n.t('Name of the credential, as in the pipeline file'),
      check: text =>
        /^[\w.-]{1,100}$/.test(text) ? undefined : vscode.l10n.t('Letters, digits, dots, dashes and underscores.'),
    },
  );
  return typed === undefined || typed === 'back' ? undefined : { name: typed.text };
}

/** What a credential of this vendor is made of. */
async function promptFor({ engines }: HostParts, vendor: string | undefined): Promise<string> {
  const { t } = vscode.l10n;
  const definition = (await engines.vendors()).find(({ kind }) => kind === vendor);
  return definition ? t(definition.credential.prompt) : t('A token, or user:password.');
}
