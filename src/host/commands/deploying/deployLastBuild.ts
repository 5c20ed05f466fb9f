// Deploys the last build: the newest successful build, after its summary was seen; inputs are asked where they are needed.
import * as vscode from 'vscode';
import { fail } from '../../../model/failure.ts';
import { formatMoment } from '../../../protocol/words/format.ts';
import type { HostParts } from '../../parts.ts';
import { readTarget } from '../../workspace/target.ts';
import { choosePipeline } from '../choose.ts';
import { deploy, startDeployment } from './deploy.ts';

export async function deployLastBuild(parts: HostParts, given: unknown): Promise<void> {
  if (!parts.mayAct()) return;
  const { t } = vscode.l10n;
  const target = readTarget(given);
  const built = parts.pipelines.list().filter(({ pipeline }) => pipeline?.artifact.kind === 'build');
  const wanted = target.file === undefined && built.length === 1 ? built[0]! : target;
  const chosen = await choosePipeline(parts, wanted, t('Deploy Last Build'));
  if (!chosen) return;
  const engine = await parts.engineFor(chosen.folder);
  const builds = await engine?.inspection.builds(chosen.pipeline, 20);
  if (!builds) return;
  if (!builds.ok) {
    parts.notify.fail(builds.failure);
    return;
  }
  const newest = builds.value.find(build => build.refused === undefined);
  if (!newest) {
    parts.notify.fail(
      fail(
        'not-found',
        t('The job has no build that can be deployed.'),
        builds.value[0]?.refused ? { cause: builds.value[0].refused } : {},
      ).failure,
    );
    return;
  }
  const { version, build } = newest.artifact;
  await parts.remembered.keep(chosen.folder, chosen.file, {
    ...parts.remembered.last(chosen.folder, chosen.file),
    version,
  });
  if (chosen.pipeline.inputs.some(input => input.required && input.default === undefined)) {
    await deploy(parts, { folder: chosen.folder, file: chosen.file });
    return;
  }
  const detail = build ? t('Build #{0} of {1}, {2}.', build.number, build.job, formatMoment(newest.startedAtMs)) : '';
  if (await parts.notify.confirm(t('Deploy {0} {1}?', chosen.pipeline.service, version), detail, t('Deploy')))
    await startDeployment(parts, { chosen, version, inputs: {} }, target.file === undefined);
}
