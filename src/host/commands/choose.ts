// Finds the subject of a command: its argument, otherwise the only candidate, otherwise the user's choice.
import { identityOf } from '../../model/identity.ts';
import { fail } from '../../model/failure.ts';
import type { Pipeline } from '../../model/pipeline.ts';
import type { RunSummary } from '../../model/history.ts';
import type { Release } from '../../model/release.ts';
import type { RunState } from '../../model/runs/runState.ts';
import { formatMoment } from '../../protocol/words/format.ts';
import { plainLine } from '../../protocol/words/plainText.ts';
import { runOutcomeWord } from '../../protocol/words/words.ts';
import type { HostEngine } from '../runs/engines.ts';
import type { HostServices } from '../hostServices.ts';
import type { PipelineFile } from '../workspace/pipelineFile.ts';
import { pickOne, type Choice } from '../asking/prompts.ts';
import { describeRelease } from '../documents/releaseText.ts';
import type { Target } from '../workspace/target.ts';
import { t } from '../../protocol/words/translate.ts';

export interface ChosenPipeline {
  readonly folder: string;
  readonly file: string;
  readonly pipeline: Pipeline;
}

/** Read from the disk again, so that the run uses the current file. */
export async function choosePipeline(
  services: HostServices,
  target: Target,
  title: string,
): Promise<ChosenPipeline | undefined> {
  const chosen = await choosePipelineFile(services, target, title);
  if (!chosen) return undefined;
  const read = await services.pipelines.read(chosen.folder, chosen.file);
  if (read?.pipeline) return { folder: read.folder, file: read.file, pipeline: read.pipeline };
  services.notify.fail(fail('invalid', t('{0} has problems. Fix them first (Problems view).', chosen.file)).failure);
  return undefined;
}

/** Includes pipelines with problems. */
export async function choosePipelineFile(
  { pipelines, notify }: HostServices,
  { folder, file }: Target,
  title: string,
): Promise<PipelineFile | undefined> {
  if (pipelines.list().length === 0) await pipelines.refresh();
  const listed = pipelines.list();
  const given =
    file === undefined
      ? undefined
      : listed.find(one => one.file === file && (folder === undefined || one.folder === folder));
  if (listed.length === 0)
    notify.fail(fail('not-found', t('This workspace has no pipeline file in .backstop/pipelines.')).failure);
  return given ?? (listed.length === 1 ? listed[0] : pickPipeline(listed, title));
}

async function pickPipeline(listed: readonly PipelineFile[], title: string): Promise<PipelineFile | undefined> {
  if (listed.length === 0) return undefined;
  const picked = await pickOne({ title }, t('Which pipeline?'), listed.map(pipelineChoice));
  return picked === 'back' ? undefined : picked;
}

export function pipelineChoice(found: PipelineFile): Choice<PipelineFile> {
  return {
    label: plainLine(found.pipeline?.name ?? found.file, 80),
    description: [found.folderName, found.file].filter(Boolean).join(' · '),
    ...(found.pipeline?.description !== undefined && { detail: plainLine(found.pipeline.description, 200) }),
    value: found,
  };
}

export interface ChosenRun {
  readonly engine: HostEngine;
  readonly run: RunSummary;
  readonly state: RunState;
}

/** Lists only runs that fit; shows a message if there are none. */
export async function chooseRun(
  services: HostServices,
  { runId }: Target,
  title: string,
  fits: (state: RunState) => boolean,
  none: string,
): Promise<ChosenRun | undefined> {
  const engine = await services.engineFor();
  if (!engine) return undefined;
  services.feed.poke();
  const found = (run: RunSummary | undefined): ChosenRun | undefined => {
    const state = run && services.feed.state(run.id);
    return run && state && fits(state) ? { engine, run, state } : undefined;
  };
  const fitting = runId !== undefined ? [found(engine.history.findRun(runId))] : services.feed.runs().map(found);
  const runs = fitting.filter(one => one !== undefined);
  if (runs.length === 0) {
    services.notify.fail(fail('not-found', none).failure);
    return undefined;
  }
  if (runs.length === 1) return runs[0];
  const picked = await pickOne(
    { title },
    t('Which run?'),
    runs.map(one => ({
      label: runLabel(one.run),
      description: [
        one.run.outcome ? runOutcomeWord(one.run.outcome) : t('running'),
        plainLine(one.run.by.name, 40),
        formatMoment(one.run.startedAtMs),
      ].join(' · '),
      value: one,
    })),
  );
  return picked === 'back' ? undefined : picked;
}

export function runLabel({ number, pipeline, version }: RunSummary): string {
  return `#${number} ${plainLine(pipeline, 60)} ${plainLine(version, 40)}`;
}

/** The pipeline of a run, as its file in the workspace is now. */
export async function pipelineOfRun(services: HostServices, state: RunState): Promise<ChosenPipeline | undefined> {
  const folder = services.ownRuns.folderOf(state.runId);
  const found =
    services.pipelines.find({
      ...(folder !== undefined && { folder }),
      file: state.file,
      name: state.pipeline,
      service: identityOf(state),
    }) ?? services.pipelines.find({ file: state.file, name: state.pipeline, service: identityOf(state) });
  if (!found) {
    services.notify.fail(
      fail('not-found', t('The pipeline {0} is not in this workspace.', plainLine(state.file, 200))).failure,
    );
    return undefined;
  }
  return choosePipeline(services, found, '');
}

export async function chooseEnvironment(
  { pipeline }: ChosenPipeline,
  { environment }: Target,
  title: string,
): Promise<string | undefined> {
  const names = Object.keys(pipeline.environments);
  if (environment !== undefined && names.includes(environment)) return environment;
  if (names.length === 1) return names[0];
  const picked = await pickOne(
    { title },
    t('Which environment?'),
    names.toReversed().map(name => ({
      label: plainLine(name, 80),
      description: pipeline.environments[name]!.nodes.map(node => plainLine(node, 40)).join(', '),
      value: name,
    })),
  );
  return picked === 'back' ? undefined : picked;
}

export async function chooseRelease(
  engine: HostEngine,
  service: string,
  title: string,
  placeholder: string,
  except: readonly (string | undefined)[] = [],
): Promise<Release | undefined> {
  const ledger = engine.history.ledger(service);
  const releases = engine.history.releases(service).filter(release => !except.includes(release.id));
  const picked = await pickOne(
    { title },
    placeholder,
    releases.map(release => ({ ...describeRelease(release, ledger), value: release })),
  );
  return picked === 'back' ? undefined : picked;
}
