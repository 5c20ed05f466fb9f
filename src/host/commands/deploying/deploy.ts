// Deploy…: asks for pipeline, inputs and version, and shows what will change. Each step can go back, and known values
// are skipped.
import * as vscode from 'vscode';
import { views } from '../../../contributions.ts';
import { listsVersions, type RunInput } from '../../../model/pipeline.ts';
import { describeFailure } from '../../../model/failure.ts';
import type { Build } from '../../../model/ports.ts';
import { formatDuration, formatMoment } from '../../../protocol/words/format.ts';
import { plainLine } from '../../../protocol/words/plainText.ts';
import { runDialogue, type Step } from '../../asking/dialogue.ts';
import type { HostEngine } from '../../runs/engines.ts';
import { problemOfInput, problemOfVersion } from '../../asking/inputValues.ts';
import type { HostServices } from '../../hostServices.ts';
import { showPlan } from './dryRun.ts';
import { summaryLines } from '../../documents/planText.ts';
import { pickOne, typeLine, type Choice } from '../../asking/prompts.ts';
import { readTarget } from '../../workspace/target.ts';
import { beginRun } from '../canary/begin.ts';
import { choosePipeline, pipelineChoice, type ChosenPipeline } from '../choose.ts';
import type { DryRun } from '../../../model/runs/plan.ts';
import { t } from '../../../protocol/words/translate.ts';

export interface Deployment {
  readonly chosen?: ChosenPipeline;
  readonly version?: string | undefined;
  readonly inputs: Readonly<Record<string, string>>;
}

export async function deploy(services: HostServices, given: unknown): Promise<void> {
  if (!services.mayAct()) return;
  const target = readTarget(given);
  const title = t('Deploy');
  const known = target.file !== undefined || services.pipelines.list().length <= 1;
  const chosen = known ? await choosePipeline(services, target, title) : undefined;
  if (known && !chosen) return;
  const engine = await services.engineFor(chosen?.folder);
  if (!engine) return;
  const stepsFor = (state: Deployment): readonly Step<Deployment>[] => [
    ...(known ? [] : [askPipeline(services, title)]),
    ...(state.chosen?.pipeline.inputs ?? []).map(input => askInput(services, input, title)),
    ...(state.chosen ? [askVersion(services, title), showSummary(services, title)] : []),
  ];
  const prepared = chosen && services.remembered.last(chosen.folder, chosen.file);
  const start: Deployment = {
    inputs: {},
    ...(chosen && { chosen }),
    ...(prepared?.isPrepared && { inputs: prepared.inputs, version: prepared.version }),
  };
  const deployment = await runDialogue(start, stepsFor, prepared?.isPrepared ? stepsFor(start).length - 1 : 0);
  if (deployment) await startDeployment(services, deployment, target.file === undefined);
}

/** Starts the run, and shows the tree unless the command came from there. */
export async function startDeployment(
  services: HostServices,
  { chosen, version, inputs }: Deployment,
  showTree: boolean,
): Promise<void> {
  if (!chosen) return;
  const { folder, file, pipeline } = chosen;
  const engine = await services.engineFor(folder);
  if (!engine) return;
  await services.remembered.keep(folder, file, { inputs, ...(version !== undefined && { version }) });
  const started = await engine.start({
    pipeline,
    inputs,
    by: await services.person(folder),
    ...(version !== undefined && { version }),
  });
  if ((await beginRun(services, folder, started)) && showTree)
    await vscode.commands.executeCommand(`${views.pipelines}.focus`);
}

function askPipeline(services: HostServices, title: string): Step<Deployment> {
  return async (state, place) => {
    const picked = await pickOne(
      { title, ...place },
      t('Which pipeline?'),
      services.pipelines.list().map(pipelineChoice),
    );
    if (picked === 'back' || picked === undefined) return picked;
    const chosen = await choosePipeline(services, picked, title);
    return chosen && { ...state, chosen };
  };
}

function askInput(services: HostServices, input: RunInput, title: string): Step<Deployment> {
  return async (state, place) => {
    const { chosen } = state;
    if (!chosen) return undefined;
    const before =
      state.inputs[input.name] ??
      services.remembered.last(chosen.folder, chosen.file).inputs[input.name] ??
      (input.default === undefined ? '' : String(input.default));
    const name = plainLine(input.name, 80),
      prompt = plainLine(input.description ?? input.name, 200);
    const values =
      input.type === 'boolean' ? ['true', 'false'] : input.type === 'choice' ? (input.values ?? []) : undefined;
    const answer = values
      ? await pickOne(
          { title: `${title}: ${name}`, ...place },
          prompt,
          values.map(value => ({ label: plainLine(value, 80), value })),
          before,
        )
      : await typeLine(
          { title: `${title}: ${name}`, ...place },
          { prompt, value: before, check: text => problemOfInput(input, text, t) },
        );
    if (answer === undefined || answer === 'back') return answer;
    const text = typeof answer === 'string' ? answer : answer.text;
    const { [input.name]: _, ...others } = state.inputs;
    return { ...state, inputs: text === '' ? others : { ...others, [input.name]: text } };
  };
}

function askVersion(services: HostServices, title: string): Step<Deployment> {
  return async (state, place) => {
    const { chosen } = state;
    const engine = chosen && (await services.engineFor(chosen.folder));
    if (!engine) return undefined;
    if (chosen.pipeline.artifact.kind === 'build') {
      const picked = await pickOne(
        { title, ...place },
        listsVersions(chosen.pipeline.artifact) ? t('Which version?') : t('Which build?'),
        listBuilds(engine, chosen),
        state.version,
      );
      return picked === 'back' || picked === undefined ? picked : { ...state, version: picked };
    }
    const { artifact } = chosen.pipeline;
    const value = state.version ?? services.remembered.last(chosen.folder, chosen.file).version;
    const typed = await typeLine(
      { title, ...place },
      {
        prompt: t('Version to deploy'),
        ...(value !== undefined && { value }),
        check: text => problemOfVersion(artifact, text, t),
      },
    );
    return typed === 'back' || typed === undefined ? typed : { ...state, version: typed.text.trim() };
  };
}

async function listBuilds(engine: HostEngine, { pipeline }: ChosenPipeline): Promise<readonly Choice<string>[]> {
  const builds = await engine.inspection.builds(pipeline, 20);
  if (!builds.ok) return [{ label: `$(error) ${plainLine(describeFailure(builds.failure), 300)}`, alwaysShow: true }];
  if (builds.value.length === 0) {
    const label = listsVersions(pipeline.artifact)
      ? t('The program lists no version yet.')
      : t('The job has no build yet.');
    return [{ label, alwaysShow: true }];
  }
  return builds.value.map(buildChoice);
}

/** A build that cannot be deployed is listed with the reason. */
export function buildChoice({ artifact, standing, result, startedAtMs, durationMs, refused }: Build): Choice<string> {
  const icon = {
    building: 'loading~spin',
    passed: 'pass',
    unstable: 'warning',
    failed: 'error',
    cancelled: 'circle-slash',
  }[standing];
  return {
    label: `$(${icon}) ${plainLine(artifact.version, 80)}`,
    description: [
      artifact.build ? `#${artifact.build.number}` : '',
      standing === 'building' ? t('building') : (result ?? ''),
      startedAtMs === undefined ? '' : formatMoment(startedAtMs),
      durationMs === undefined ? '' : formatDuration(durationMs),
    ]
      .filter(Boolean)
      .join(' · '),
    ...(refused === undefined ? { value: artifact.version } : { detail: plainLine(refused, 300) }),
  };
}

function showSummary(services: HostServices, title: string): Step<Deployment> {
  return async (state, place) => {
    const { chosen, version, inputs } = state;
    const engine = chosen && (await services.engineFor(chosen.folder));
    if (!engine) return undefined;
    const plan = engine.dryRun({
      pipeline: chosen.pipeline,
      inputs,
      by: { name: '', via: 'editor' },
      ...(version !== undefined && { version }),
    });
    const items = plan.then((made): readonly Choice<'deploy' | 'dryRun'>[] =>
      made.ok
        ? [
            {
              label: `$(rocket) ${deployLabel(made.value)}`,
              description: Object.entries(inputs)
                .map(([name, value]) => `${plainLine(name, 40)}=${plainLine(value, 60)}`)
                .join(', '),
              value: 'deploy',
            },
            { label: `$(beaker) ${t('Dry Run')}`, description: t('every hook, node and query'), value: 'dryRun' },
            { label: t('What will happen'), kind: vscode.QuickPickItemKind.Separator },
            ...summaryLines(made.value),
          ]
        : [{ label: `$(error) ${plainLine(describeFailure(made.failure), 400)}`, alwaysShow: true }],
    );
    const picked = await pickOne({ title, ...place }, t('Press Enter to deploy'), items);
    if (picked !== 'dryRun') return picked === 'deploy' ? state : picked;
    const made = await plan;
    if (made.ok) await showPlan(services, made.value, chosen.pipeline.name, []);
    return undefined;
  };
}

function deployLabel({ service, artifact }: DryRun): string {
  return t('Deploy {0} {1}', plainLine(service, 60), plainLine(artifact.version, 40));
}
