// What becomes of a new build of a watched job: it is offered, and on a click its summary is shown as by Deploy…; or it is deployed, where its pipeline says so.
import * as vscode from 'vscode';
import type { Build } from '../../../model/ports.ts';
import { plainLine } from '../../../protocol/words/plainText.ts';
import type { HostParts } from '../../parts.ts';
import type { WatchedPipeline } from '../../runs/watchedJobs.ts';
import { beginRun } from '../canary/begin.ts';
import { deploy } from './deploy.ts';

export async function offerBuild(
  parts: HostParts,
  { folder, file, pipeline }: WatchedPipeline,
  { artifact }: Build,
): Promise<void> {
  const { t } = vscode.l10n;
  const { version, build } = artifact;
  const text = t(
    '{0} {1} was built (#{2} of {3}). Deploy it?',
    plainLine(pipeline.service, 60),
    plainLine(version, 40),
    build?.number ?? 0,
    plainLine(build?.job ?? '', 80),
  );
  if (!(await parts.notify.suggest(text, t('Deploy…')))) return;
  const { inputs } = parts.remembered.last(folder, file);
  const isPrepared = pipeline.inputs.every(
    input => !input.required || input.default !== undefined || inputs[input.name] !== undefined,
  );
  await parts.remembered.keep(folder, file, { version, inputs, ...(isPrepared && { isPrepared }) });
  await deploy(parts, { folder, file });
}

export async function deployBuild(
  parts: HostParts,
  { folder, pipeline }: WatchedPipeline,
  { artifact }: Build,
): Promise<void> {
  const engine = await parts.engineFor(folder);
  if (!engine) return;
  await beginRun(
    parts,
    folder,
    await engine.start({
      pipeline,
      inputs: {},
      version: artifact.version,
      by: { name: nameOfServer(pipeline), via: 'policy' },
    }),
  );
}

function nameOfServer({ artifact, name }: WatchedPipeline['pipeline']): string {
  return artifact.kind === 'build' ? artifact.title : name;
}
