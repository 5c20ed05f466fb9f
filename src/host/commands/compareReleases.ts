// Compare Releases: artifact and every configuration file of two releases, side by side in the editor's own diff.
import { identityOf, plainService, repositoryIn } from '../../model/identity.ts';
import * as vscode from 'vscode';
import { findLastWorking, type Release } from '../../model/release.ts';
import { shortId } from '../../protocol/words/format.ts';
import type { HostEngine } from '../runs/engines.ts';
import type { HostServices } from '../hostServices.ts';
import { pickOne } from '../asking/prompts.ts';
import { releaseText } from '../documents/releaseText.ts';
import { readTarget, type Target } from '../workspace/target.ts';
import { chooseRelease } from './choose.ts';
import { t } from '../../protocol/words/translate.ts';

export async function compareReleases(services: HostServices, given: unknown): Promise<void> {
  const target = readTarget(given),
    title = t('Compare Releases');
  const engine = await services.engineFor(target.folder);
  if (!engine) return;
  const service = target.service ?? (await chooseService(services, engine, title));
  if (service === undefined) return;
  const right = releaseOf(engine, target) ?? (await chooseRelease(engine, service, title, t('Which release?')));
  if (!right) return;
  const left =
    releaseBefore(engine, service, target, right) ??
    (await chooseRelease(engine, service, title, t('Compare {0} with which release?', right.artifact.version), [
      right.id,
    ]));
  if (!left) return;
  const paths = [...new Set([...left.configuration.files, ...right.configuration.files].map(file => file.path))].sort();
  const pair = (name: string, textOf: (release: Release) => string): [vscode.Uri, vscode.Uri, vscode.Uri] => {
    const uri = (release: Release): vscode.Uri =>
      services.documents.make(`/release/${shortId(release.id)}/${name}`, () => Promise.resolve(textOf(release)));
    return [uri(right), uri(left), uri(right)];
  };
  await vscode.commands.executeCommand(
    'vscode.changes',
    t('{0}: {1} and {2}', plainService(service), left.artifact.version, right.artifact.version),
    [pair('release.txt', releaseText), ...paths.map(path => pair(path, release => fileText(engine, release, path)))],
  );
}

async function chooseService(
  { pipelines }: HostServices,
  { history }: HostEngine,
  title: string,
): Promise<string | undefined> {
  const services = [
    ...new Set([
      ...pipelines.list().flatMap(({ pipeline }) => (pipeline ? [identityOf(pipeline)] : [])),
      ...history.runs({ limit: 100 }).map(identityOf),
    ]),
  ];
  if (services.length === 1) return services[0];
  const picked = await pickOne(
    { title },
    t('Which service?'),
    services.map(service => ({
      label: plainService(service),
      ...(services.filter(other => plainService(other) === plainService(service)).length > 1 && {
        description: repositoryIn(service) ?? '',
      }),
      value: service,
    })),
  );
  return picked === 'back' ? undefined : picked;
}

function releaseOf({ history }: HostEngine, { release, runId }: Target): Release | undefined {
  if (release !== undefined) return history.release(release);
  const started = runId === undefined ? undefined : history.events(runId).find(event => event.type === 'run-started');
  return started?.release;
}

/** For an environment or a run, the last working release other than `right`. */
function releaseBefore(
  { history }: HostEngine,
  service: string,
  { environment, runId }: Target,
  right: Release,
): Release | undefined {
  if (environment === undefined && runId === undefined) return undefined;
  const id = findLastWorking(history.ledger(service, environment), right.id);
  return id === undefined ? undefined : history.release(id);
}

/** A missing file counts as empty, so the diff shows it as added or removed. */
function fileText({ inspection }: HostEngine, { configuration }: Release, path: string): string {
  const file = configuration.files.find(one => one.path === path);
  if (!file) return '';
  const content = inspection.configurationFile(file.digest);
  return content.ok ? new TextDecoder().decode(content.value) : content.failure.message;
}
