// Set Credentials…: lists the credentials that the pipelines use and whether they are set, and stores a new value.
import { credentialVariable } from '../../model/outside.ts';
import type { HostServices } from '../hostServices.ts';
import { credentialsOf } from '../workspace/pipelineFile.ts';
import { pickOne, typeLine, type Choice } from '../asking/prompts.ts';
import { t } from '../../protocol/words/translate.ts';

interface Wanted {
  readonly name: string;
  readonly vendor?: string;
}

export async function setCredentials(services: HostServices): Promise<void> {
  const title = t('Set Credentials');
  await Promise.all([services.secrets.load(), services.pipelines.refresh()]);
  const titles = new Map((await services.engines.vendors()).map(({ kind, title: name }) => [kind, name]));
  for (;;) {
    const picked = await pickOne({ title }, t('Which credential?'), choices(services, titles));
    if (picked === undefined || picked === 'back') return;
    const wanted = picked.name === '' ? await askName(title) : picked;
    if (!wanted) return;
    const typed = await typeLine(
      { title: `${title}: ${wanted.name}`, canGoBack: true },
      { prompt: `${await promptFor(services, wanted.vendor)} ${t('Leave it empty to remove it.')}`, password: true },
    );
    if (typed === 'back') continue;
    if (typed === undefined) return;
    await services.secrets.set(wanted.name, typed.text.trim());
  }
}

function choices(
  { pipelines, secrets, hasEnvironmentCredential }: HostServices,
  titles: ReadonlyMap<string, string>,
): readonly Choice<Wanted>[] {
  const found = new Map<string, { readonly choice: Choice<Wanted> }>();
  for (const { folder, pipeline } of pipelines.list()) {
    if (!pipeline) continue;
    for (const name of credentialsOf(pipeline)) {
      const connection = Object.values(pipeline.connections).find(one => one.credential === name);
      const isStored = secrets.has(folder, name),
        isGiven = hasEnvironmentCredential(name);
      found.set(name, {
        choice: {
          label: `$(${isStored || isGiven ? 'pass' : 'circle-outline'}) ${name}`,
          description: [titles.get(connection?.vendor ?? '') ?? '', sourceOf(isStored, isGiven, name)]
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

/** A credential in the editor's secret storage takes precedence over the environment. */
function sourceOf(isStored: boolean, isGiven: boolean, name: string): string {
  if (isStored) return t("from the editor's secret storage");
  return isGiven ? t('from {0}', credentialVariable(name)) : t('not set');
}

async function askName(title: string): Promise<Wanted | undefined> {
  const typed = await typeLine(
    { title },
    {
      prompt: t('Name of the credential, as in the pipeline file'),
      check: text => (/^[\w.-]{1,100}$/.test(text) ? undefined : t('Letters, digits, dots, dashes and underscores.')),
    },
  );
  return typed === undefined || typed === 'back' ? undefined : { name: typed.text };
}

/** A sentence about the form of this vendor's credential. */
export async function promptFor({ engines }: HostServices, vendor: string | undefined): Promise<string> {
  const credential = (await engines.vendors()).find(({ kind }) => kind === vendor)?.credential;
  return credential ? t(credential.prompt) : t('A token, or user:password.');
}
