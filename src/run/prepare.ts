// Checks everything that can be wrong before a run starts: inputs, artifact, configuration, approvals in advance, and
// names that do not resolve.
import { chooseEnvironments } from '../model/environmentChoice.ts';
import { fail, succeed, type Failure, type Result } from '../model/failure.ts';
import { problemsOf, type SourceCheck } from '../model/evidence/sourceCheck.ts';
import { identityOf } from '../model/identity.ts';
import {
  allStages,
  connectionOf,
  listsVersions,
  type Approval,
  type InputValues,
  type Pipeline,
  type Stage,
} from '../model/pipeline.ts';
import type { Ports } from '../model/ports.ts';
import type { Artifact, Configuration, Release } from '../model/release.ts';
import type { StartRequest } from '../model/runs/engine.ts';
import { stagesOf, type RunState } from '../model/runs/runState.ts';
import type { NeighbouringPhases } from './context.ts';
import { lastWorkingRelease } from './releases/ledger.ts';
import { mayApproveInAdvance } from './stages/approvalStage.ts';

/** The checks of the definition phase for the inputs and the version that a person gives. */
export interface GivenRules extends Pick<NeighbouringPhases, 'checkInputs'> {
  checkVersion(source: Pipeline['artifact'], version: string): Result<string>;
}

export interface PreparedRun {
  /** With the environments that the inputs choose. */
  readonly pipeline: Pipeline;
  readonly artifact: Artifact;
  readonly release: Release;
  readonly inputs: InputValues;
}

/** A run that repeats another one keeps its release and its inputs. */
export async function prepareRun(
  ports: Ports,
  rules: GivenRules,
  { pipeline, inputs: given, version, from }: StartRequest,
  earlier: RunState | undefined,
): Promise<Result<PreparedRun>> {
  if (from && !earlier)
    return fail('not-found', `There is no run '${from.runId}' to repeat.`, { hint: 'See: backstop runs' });
  const stages = allStages(pipeline).map(stage => stage.name);
  if (from && !stages.includes(from.stage))
    return fail('invalid', `Pipeline ${pipeline.name} has no stage '${from.stage}'.`, {
      hint: `It has: ${stages.join(', ')}.`,
    });
  const inputs = rules.checkInputs(pipeline.inputs, {
    ...Object.fromEntries(Object.entries(earlier?.inputs ?? {}).map(([name, value]) => [name, String(value)])),
    ...given,
  });
  if (!inputs.ok) return inputs;
  const chosen = chooseEnvironments(pipeline, inputs.value);
  const moved = earlier && refuseMove(pipeline, chosen, earlier);
  if (moved) return { ok: false, failure: moved };
  if (earlier && (version === undefined || version === earlier.artifact.version))
    return succeed({
      pipeline: chosen,
      artifact: earlier.artifact,
      release: earlier.release,
      inputs: inputs.value,
    });
  const artifact = await findArtifact(ports, rules, pipeline, version);
  if (!artifact.ok) return artifact;
  const captured = ports.configurations.capture(pipeline.configuration.files, pipeline.configuration.variables);
  if (!captured.ok) return captured;
  return succeed({
    pipeline: chosen,
    artifact: artifact.value,
    release: makeRelease(ports, pipeline, artifact.value, captured.value),
    inputs: inputs.value,
  });
}

/** The stages that a repeated run does not run again did their work where the earlier run was. */
function refuseMove(pipeline: Pipeline, chosen: Pipeline, earlier: RunState): Failure | undefined {
  const began = new Map(stagesOf(earlier).map(({ name, environment }) => [name, environment]));
  const now = new Map(allStages(chosen).map(stage => [stage.name, stage]));
  for (const { name, ...stage } of allStages(pipeline)) {
    const before = began.get(name),
      after = now.get(name);
    if (stage.kind === 'approval' || !stage.environmentChoice || before === undefined) continue;
    if (after && after.kind !== 'approval' && after.environment !== before)
      return fail(
        'refused',
        `The earlier run deployed '${name}' to ${before}, and with these inputs it would be ${after.environment}.`,
        { hint: `Give the input ${stage.environmentChoice.input} as before, or start a new run without --from.` },
      ).failure;
  }
  return undefined;
}

export async function findArtifact(
  ports: Ports,
  { checkVersion }: GivenRules,
  pipeline: Pipeline,
  version: string | undefined,
): Promise<Result<Artifact>> {
  const { artifact: source } = pipeline;
  if (source.kind === 'version') {
    if (version === undefined)
      return fail('invalid', `Pipeline ${pipeline.name} wants to be told which version to deploy.`, {
        hint: 'Give it with: --version VERSION',
      });
    const checked = checkVersion(source, version);
    return checked.ok ? succeed({ version: checked.value }) : checked;
  }
  const builds = await ports.artifacts.list(source, connectionOf(pipeline, source), 50, new AbortController().signal);
  if (!builds.ok) return builds;
  const asked = builds.value.filter(one => version === undefined || one.artifact.version === version);
  const build = asked.find(one => one.refused === undefined);
  if (build) return succeed(build.artifact);
  if (version !== undefined && asked[0]?.refused)
    return fail('refused', `Version ${version} cannot be deployed: ${asked[0].refused}`);
  if (listsVersions(source))
    return fail(
      'not-found',
      version === undefined
        ? `The program that lists the versions lists none: ${source.job}`
        : `Version ${version} is not among the first ${builds.value.length} that this program lists: ${source.job}`,
    );
  const which = version === undefined ? 'successful build' : `successful build of version ${version}`;
  return fail(
    'not-found',
    `${source.title} job ${source.job} has no ${which} among its last ${builds.value.length}.`,
    builds.value[0]?.refused ? { cause: builds.value[0].refused } : {},
  );
}

export function makeRelease(
  { configurations, clock }: Ports,
  pipeline: Pipeline,
  artifact: Artifact,
  configuration: Configuration,
): Release {
  return {
    id: configurations.releaseId(identityOf(pipeline), artifact, configuration.digest),
    service: pipeline.service,
    ...(identityOf(pipeline) !== pipeline.service && { identity: identityOf(pipeline) }),
    artifact,
    configuration,
    createdAt: clock.now(),
  };
}

export function refuseAdvanceApproval({ approve = false, pipeline, by, from }: StartRequest): Failure | undefined {
  if (!approve) return undefined;
  const groups = pipeline.stages;
  const first = from ? groups.findIndex(group => group.some(stage => stage.name === from.stage)) : 0;
  const stage = groups
    .slice(first)
    .flat()
    .find(one => approvalsOf(one).some(approval => !mayApproveInAdvance(approval, by.name)));
  return (
    stage &&
    fail(
      'refused',
      `${by.name} cannot approve '${stage.name}' in advance: the pipeline wants somebody else, ` +
        'more than one person, a comment or inputs.',
      { hint: 'Start without --approve, and approve when it asks.' },
    ).failure
  );
}

function approvalsOf(stage: Stage): readonly Approval[] {
  if (stage.kind === 'approval') return [stage];
  return stage.kind === 'canary' ? stage.phases.flatMap(({ approval }) => approval ?? []) : [];
}

/** Long enough for a busy vendor, and short enough for a person who waits. */
const checkedWithinMs = 20_000;

export async function checkSources(
  { sourceChecks, history, clock }: Ports,
  pipeline: Pipeline,
  onCheck: (check: SourceCheck) => void,
  signal: AbortSignal,
): Promise<readonly SourceCheck[]> {
  const tooLate = new AbortController(),
    done = new AbortController();
  void clock.sleep(checkedWithinMs, done.signal).then(() => {
    tooLate.abort();
  });
  const isNew = (environment: string, node?: string): boolean =>
    node === undefined
      ? history.ledger(identityOf(pipeline), environment).length === 0
      : !history.nodes(identityOf(pipeline), environment).some(known => known.node === node && known.release !== null);
  const versions = (environment: string): readonly string[] => {
    const working = lastWorkingRelease({ ports: { history }, pipeline }, environment);
    return working.ok ? [working.value.artifact.version] : [];
  };
  const checks = await sourceChecks.check(
    { pipeline, isNew, versions },
    onCheck,
    AbortSignal.any([signal, tooLate.signal]),
  );
  done.abort();
  return checks;
}

/** A name that does not resolve is reported before anything is deployed; a verification would only see no data. */
export async function refuseMissing(
  ports: Ports,
  pipeline: Pipeline,
): Promise<Result<{ readonly unknown: readonly Failure[] }>> {
  const checks = await checkSources(
    ports,
    pipeline,
    () => {
      /* all results are shown together */
    },
    new AbortController().signal,
  );
  const [first, ...others] = problemsOf(checks, 'missing');
  if (!first) return succeed({ unknown: problemsOf(checks, 'unknown') });
  const more = others.map(({ message }) => message).join(' ');
  return fail(first.kind, `Nothing was deployed. ${first.message}`, {
    ...(more !== '' && { cause: more }),
    hint: `${first.hint ? `${first.hint} ` : ''}See: backstop check-sources ${pipeline.name}`,
  });
}
