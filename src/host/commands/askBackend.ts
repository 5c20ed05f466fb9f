// The part of New Pipeline… that asks which server has the metrics of the service, and shows what that server offers.
import * as vscode from 'vscode';
import type { Result } from '../../model/failure.ts';
import type { Offered, OfferedSignal, Starter, StarterBackend, StarterChoices } from '../../model/starter.ts';
import { t } from '../../protocol/words/translate.ts';
import { pickMany, pickOne, typeLine } from '../asking/prompts.ts';
import type { HostServices } from '../hostServices.ts';
import { promptFor } from './setCredentials.ts';

/** The choices together with what was found; undefined if the user cancelled. */
export async function askBackend(
  services: HostServices,
  folder: string,
  starter: Starter,
  choices: StarterChoices,
): Promise<StarterChoices | undefined> {
  const title = t('New Pipeline');
  const picked = await pickOne({ title }, t('Which server has the metrics of the service?'), [
    { label: t('None of these, or decide later'), value: '' },
    ...starter.backends.map(({ kind, title: label }) => ({ label, value: kind })),
  ]);
  if (picked === undefined || picked === 'back') return undefined;
  const suggested = starter.backends.find(({ kind }) => kind === picked);
  if (!suggested) return choices;
  const connect = (text: string): Result<StarterBackend> => starter.connect(text, choices.service);
  const typed = await typeLine(
    { title: `${title}: ${suggested.title}` },
    {
      prompt: t('Connection, as written in the pipeline file'),
      value: suggested.connection,
      check(text) {
        const read = connect(text);
        return read.ok ? undefined : read.failure.message;
      },
    },
  );
  if (typed === undefined || typed === 'back') return undefined;
  const backend = connect(typed.text);
  if (!backend.ok || !(await askCredential(services, folder, backend.value))) return undefined;
  const asked = { ...choices, backend: backend.value };
  const offered = await lookUp(starter, asked, backend.value, suggested.title);
  if (!offered.ok) {
    services.notify.fail(offered.failure);
    return asked;
  }
  const signals = await pickSignals(title, offered.value);
  return signals && { ...asked, offered: { ...offered.value, signals } };
}

/** False if the user cancelled. */
async function askCredential(
  services: HostServices,
  folder: string,
  { vendor, connection: { credential } }: StarterBackend,
): Promise<boolean> {
  if (credential === undefined) return true;
  await services.secrets.load();
  if (services.secrets.has(folder, credential) || services.hasEnvironmentCredential(credential)) return true;
  const typed = await typeLine(
    { title: `${t('Set Credentials')}: ${credential}` },
    { prompt: await promptFor(services, vendor), password: true },
  );
  if (typed === undefined || typed === 'back') return false;
  await services.secrets.set(credential, typed.text.trim());
  return true;
}

async function lookUp(
  starter: Starter,
  choices: StarterChoices,
  backend: StarterBackend,
  title: string,
): Promise<Result<Offered>> {
  const place = { location: vscode.ProgressLocation.Notification, title: t('Asking {0}…', title), cancellable: true };
  return vscode.window.withProgress(place, (_, token) => {
    const stop = new AbortController();
    token.onCancellationRequested(() => stop.abort());
    return starter.offered(choices, backend, stop.signal);
  });
}

/** All are selected at first; undefined if the user cancelled. */
async function pickSignals(title: string, offered: Offered): Promise<readonly OfferedSignal[] | undefined> {
  if (offered.signals.length === 0) return [];
  return pickMany(
    { title },
    t('What should be verified? {0}', offered.where),
    offered.signals.map(one => ({ label: one.role, detail: one.sample, value: one })),
  );
}
