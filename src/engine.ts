// The sentence: parse, plan, run, verify, decide. Hands one phase to another as plain functions, so that a phase never imports its neighbour.
import { decide } from './decide/decide.ts';
import { addFeedback, removeFeedback } from './definition/editFeedback.ts';
import { checkInputs, checkVersion } from './definition/compile/inputs.ts';
import { parseFeedback } from './definition/parseFeedback.ts';
import { parsePipeline } from './definition/parsePipeline.ts';
import type {
  AdoptRequest,
  Engine,
  RollbackRequest,
  RunHandle,
  RunObserver,
  StartRequest,
} from './model/runs/engine.ts';
import { fail, succeed, type Failure, type Result } from './model/failure.ts';
import { allStages, type InputValues, type Pipeline } from './model/pipeline.ts';
import type { RunPlan } from './model/runs/plan.ts';
import type { Ports } from './model/ports.ts';
import type { Artifact, Configuration, Release } from './model/release.ts';
import type { Person, RunEventBody, StageOutcome } from './model/runs/runEvents.ts';
import { reduceRun, stagesOf, type RunState } from './model/runs/runState.ts';
import { problemsOf, type SourceCheck } from './model/evidence/sourceCheck.ts';
import { dependsOnOutcomes, evaluateCondition, formatCondition } from './plan/conditions.ts';
import { describeRun, type DryRunFacts } from './plan/dryRun.ts';
import { layOutRun } from './plan/layOut.ts';
import { hookCalls, retryDelayMs } from './plan/retry.ts';
import { adoptRelease } from './run/releases/adopt.ts';
import { checkAdopted } from './run/releases/adoptCheck.ts';
import { mayApproveInAdvance } from './run/stages/approvalStage.ts';
import type { NeighbouringPhases, RunContext } from './run/context.ts';
import { createFeedbackKeeping } from './run/feedbackKeeping.ts';
import { launch, waitForSilentOwner, type LaunchedRun, type RunSetup } from './run/launch.ts';
import { lastWorkingRelease } from './run/releases/ledger.ts';
import { pinRun, unpinRun } from './run/releases/pin.ts';
import { planRollback, rollbackStage, runRollback } from './run/releases/rollbackRun.ts';
import { runPipeline } from './run/runPipeline.ts';
import { isSameNote, readBeginning } from './run/ownership/resume.ts';
import { hookVariables } from './run/variables.ts';
import { compareLogs } from './verify/logs/compareLogs.ts';
import { groupBytes } from './verify/logs/record/grouping.ts';
import { forecastPhase } from './verify/forecastPhase.ts';
import { startVerification } from './verify/loop.ts';
import { reconsider } from './verify/reconsider.ts';

/** A rollback by hand is laid out by itself. */
const noPlan: RunPlan = { groups: [] };

export function createEngine(ports: Ports): Engine {
  const { history, clock, ids } = ports;
  const observers = new Set<RunObserver>();
  const running = new Map<string, LaunchedRun>();
  const tell: Required<RunObserver> = {
    onEvent: (...told) => {
      for (const observer of observers) observer.onEvent?.(...told);
    },
    onOutput: (...told) => {
      for (const observer of observers) observer.onOutput?.(...told);
    },
  };
  const keeping = createFeedbackKeeping(ports, { parse: parseFeedback, add: addFeedback, remove: removeFeedback });
  const phases: NeighbouringPhases = {
    retryDelayMs,
    hookCalls,
    evaluateCondition,
    checkInputs,
    decide,
    readFeedback: keeping.read,
    startVerification: (task, signal) => startVerification(task, ports, signal),
  };

  function begin(number: number, setup: RunSetup, body: (context: RunContext) => Promise<void>): Result<RunHandle> {
    const { runId } = setup;
    const launched = launch(setup, ports, phases, tell, body);
    if (!launched.ok) return launched;
    running.set(runId, launched.value);
    return succeed({
      runId,
      number,
      done: launched.value.done.finally(() => running.delete(runId)),
      lost: launched.value.lost,
    });
  }

  async function start(request: StartRequest): Promise<Result<RunHandle>> {
    const { pipeline, by, approve = false, from } = request;
    const earlier = from === undefined ? undefined : reduceRun(from.runId, history.events(from.runId));
    const prepared = await prepareRun(ports, request, earlier);
    if (!prepared.ok) return prepared;
    // A file that cannot be read is corrected before anything runs, not in the middle of it.
    const feedback = keeping.read();
    if (!feedback.ok) return feedback;
    const refused = refuseAdvanceApproval(request);
    if (refused) return { ok: false, failure: refused };
    const checks = await checkSources(
      ports,
      pipeline,
      () => {
        /* they are looked at together */
      },
      new AbortController().signal,
    );
    const missing = refuseMissing(problemsOf(checks, 'missing'), pipeline);
    if (missing) return missing;
    const { artifact, release, inputs } = prepared.value;
    const plan = layOutRun(pipeline);
    const runId = ids.nextRunId();
    const number = history.createRun({
      id: runId,
      pipeline: pipeline.name,
      service: pipeline.service,
      by,
      version: artifact.version,
      inputs,
      startedAtMs: clock.now(),
    });
    history.saveRelease(release);
    const started: RunEventBody & { type: 'run-started' } = {
      type: 'run-started',
      pipeline: pipeline.name,
      file: pipeline.file,
      service: pipeline.service,
      by,
      artifact,
      inputs,
      release,
      kind: 'pipeline',
      fixed: pipeline,
      stages: stageNames(plan),
      ...(from && { resumes: { runId: from.runId, from: from.stage } }),
    };
    return begin(number, { runId, pipeline, plan, by, approve, inputs, started }, context => {
      for (const failure of problemsOf(checks, 'unknown')) context.journal.record({ type: 'noted', failure });
      return runPipeline(context, from && earlier && keptFrom(from.stage, earlier));
    });
  }

  async function resume(runId: string, today: Pipeline | undefined, resumedBy: Person): Promise<Result<RunHandle>> {
    const summary = history.findRun(runId);
    const events = summary ? history.events(summary.id) : [];
    const state = summary && reduceRun(summary.id, events);
    if (!summary || !state) return fail('not-found', `There is no run '${runId}'.`, { hint: 'See: backstop runs' });
    if (state.outcome)
      return fail('invalid', `Run #${summary.number} has ended: ${state.outcome}.`, {
        hint: 'To repeat it from a stage: backstop run --from STAGE',
      });
    const began = readBeginning(events, today);
    if (!began.ok) return began;
    const { pipeline, rollback, resumes, difference } = began.value;
    const silent = await waitForSilentOwner(ports, summary.id);
    if (silent) return { ok: false, failure: silent };
    const setup = { runId: summary.id, pipeline, by: state.by, resumedBy, approve: false };
    const note = (context: RunContext): void => {
      if (difference) context.journal.recordOnce({ type: 'noted', failure: difference }, isSameNote(difference));
    };
    if (rollback)
      return begin(summary.number, { ...setup, plan: noPlan, inputs: {} }, context => {
        note(context);
        return runRollback(context, rollback.environment);
      });
    const earlier = resumes && reduceRun(resumes.runId, history.events(resumes.runId));
    const kept = resumes && earlier && keptFrom(resumes.from, earlier);
    return begin(summary.number, { ...setup, plan: layOutRun(pipeline), inputs: state.inputs }, context => {
      note(context);
      return runPipeline(context, kept);
    });
  }

  function rollBack({ pipeline, environment, to, by }: RollbackRequest): Result<RunHandle> {
    const planned = planRollback(history, pipeline, environment, to);
    if (!planned.ok) return planned;
    const { to: release } = planned.value;
    const runId = ids.nextRunId();
    const number = history.createRun({
      id: runId,
      pipeline: pipeline.name,
      service: pipeline.service,
      by,
      version: release.artifact.version,
      inputs: {},
      startedAtMs: clock.now(),
    });
    const started: RunEventBody & { type: 'run-started' } = {
      type: 'run-started',
      pipeline: pipeline.name,
      file: pipeline.file,
      service: pipeline.service,
      by,
      artifact: release.artifact,
      inputs: {},
      release,
      kind: 'rollback',
      fixed: pipeline,
      rollback: { environment },
      stages: [[rollbackStage]],
    };
    return begin(number, { runId, pipeline, plan: noPlan, by, approve: false, inputs: {}, started }, context =>
      runRollback(context, environment),
    );
  }

  async function adopt({ pipeline, environment, version, by, unchecked }: AdoptRequest): Promise<Result<Release>> {
    const { environments, name } = pipeline;
    if (!environments[environment])
      return fail('invalid', `Pipeline ${name} has no environment '${environment}'.`, {
        hint: `It has: ${Object.keys(environments).join(', ')}.`,
      });
    const checked = checkVersion(pipeline.artifact, version);
    if (!checked.ok) return checked;
    const captured = ports.configurations.capture(pipeline.configuration.files, pipeline.configuration.variables);
    if (!captured.ok) return captured;
    const canary = allStages(pipeline).find(stage => stage.kind === 'canary' && stage.environment === environment);
    // What runs may be of a build that its server has long forgotten.
    const built = pipeline.artifact.kind === 'build' ? await findArtifact(ports, pipeline, checked.value) : undefined;
    const release = makeRelease(ports, pipeline, built?.ok ? built.value : { version: checked.value }, captured.value);
    const asked = unchecked ? succeed(undefined) : await checkAdopted(ports, hookCalls, pipeline, environment, release);
    if (!asked.ok) return asked;
    return adoptRelease(
      ports,
      pipeline,
      environment,
      canary?.kind === 'canary' ? canary.verification : undefined,
      release,
      by,
    );
  }

  return {
    parse: parsePipeline,
    layOut: layOutRun,
    async dryRun(request) {
      const prepared = await prepareRun(ports, request, undefined);
      if (!prepared.ok) return prepared;
      const { pipeline } = request;
      const plan = layOutRun(pipeline);
      return succeed(
        describeRun({
          pipeline,
          plan,
          forecasts: await forecastPhases(ports, pipeline, plan),
          ...prepared.value,
          nowMs: clock.now(),
          evaluateCondition,
          dependsOnOutcomes,
          formatCondition,
          hookCalls,
          variables: (call, release) =>
            hookVariables(
              { runId: 'RUN', pipeline, inputs: prepared.value.inputs, fence: undefined },
              call,
              release,
              'CONFIG_DIR',
            ),
          queries: read => ports.healthSources.describe(read),
          lastWorking: environment => lastWorkingRelease({ ports, pipeline }, environment, prepared.value.release),
        }),
      );
    },
    checkSources: (pipeline, onCheck, signal) => checkSources(ports, pipeline, onCheck, signal),
    start,
    adopt,
    compareLogs,
    history,
    resume,
    rollBack: request => Promise.resolve(rollBack(request)),
    groupLines: groupBytes,
    instruct(runId, instruction) {
      const summary = history.findRun(runId);
      if (!summary) return fail('not-found', `There is no run '${runId}'.`, { hint: 'See: backstop runs' });
      if (summary.outcome) return fail('invalid', `Run #${summary.number} has ended: ${summary.outcome}.`);
      history.instruct(summary.id, instruction);
      running.get(summary.id)?.inbox.poke();
      return succeed(undefined);
    },
    pin: request => pinRun(ports, request),
    unpin: request => unpinRun(ports, request),
    feedback: keeping.read,
    mark: keeping.mark,
    unmark: keeping.unmark,
    reconsider(checks) {
      const entries = keeping.read();
      return reconsider(checks, entries.ok ? entries.value : []);
    },
    watch(observer) {
      observers.add(observer);
      return () => observers.delete(observer);
    },
    close: () => ports.analysis.close(),
  };
}

/** Each phase's, where there is something to tell. */
async function forecastPhases(ports: Ports, pipeline: Pipeline, plan: RunPlan): Promise<DryRunFacts['forecasts']> {
  const phases = plan.groups.flat().flatMap(planned => planned.phases);
  const told = await Promise.all(
    phases.map(async phase => [phase, await forecastPhase(pipeline, phase, ports)] as const),
  );
  return new Map(
    told.flatMap(([phase, answer]) =>
      answer.ok && answer.value.length === 0
        ? []
        : [[phase, answer.ok ? { metrics: answer.value } : { metrics: [], failure: answer.failure }] as const],
    ),
  );
}

interface PreparedRun {
  readonly artifact: Artifact;
  readonly release: Release;
  readonly inputs: InputValues;
}

/** All that can be wrong before anything is started. A repeated run keeps the release and the inputs of the one it repeats. */
async function prepareRun(
  ports: Ports,
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
  const inputs = checkInputs(pipeline.inputs, {
    ...Object.fromEntries(Object.entries(earlier?.inputs ?? {}).map(([name, value]) => [name, String(value)])),
    ...given,
  });
  if (!inputs.ok) return inputs;
  if (earlier && (version === undefined || version === earlier.artifact.version))
    return succeed({ artifact: earlier.artifact, release: earlier.release, inputs: inputs.value });
  const artifact = await findArtifact(ports, pipeline, version);
  if (!artifact.ok) return artifact;
  const captured = ports.configurations.capture(pipeline.configuration.files, pipeline.configuration.variables);
  if (!captured.ok) return captured;
  return succeed({
    artifact: artifact.value,
    release: makeRelease(ports, pipeline, artifact.value, captured.value),
    inputs: inputs.value,
  });
}

async function findArtifact(ports: Ports, pipeline: Pipeline, version: string | undefined): Promise<Result<Artifact>> {
  const { artifact: source } = pipeline;
  if (source.kind === 'version') {
    if (version === undefined)
      return fail('invalid', `Pipeline ${pipeline.name} wants to be told which version to deploy.`, {
        hint: 'Give it with: --version VERSION',
      });
    const checked = checkVersion(source, version);
    return checked.ok ? succeed({ version: checked.value }) : checked;
  }
  const builds = await ports.artifacts.list(
    source,
    pipeline.connections[source.connection]!,
    50,
    new AbortController().signal,
  );
  if (!builds.ok) return builds;
  const asked = builds.value.filter(one => version === undefined || one.artifact.version === version);
  const build = asked.find(one => one.refused === undefined);
  if (build) return succeed(build.artifact);
  if (version !== undefined && asked[0]?.refused)
    return fail('refused', `Version ${version} cannot be deployed: ${asked[0].refused}`);
  const which = version === undefined ? 'successful build' : `successful build of version ${version}`;
  return fail(
    'not-found',
    `${source.title} job ${source.job} has no ${which} among its last ${builds.value.length}.`,
    builds.value[0]?.refused ? { cause: builds.value[0].refused } : {},
  );
}

function makeRelease(
  { configurations, clock }: Ports,
  { service }: Pipeline,
  artifact: Artifact,
  configuration: Configuration,
): Release {
  return {
    id: configurations.releaseId(service, artifact, configuration.digest),
    service,
    artifact,
    configuration,
    createdAt: clock.now(),
  };
}

function refuseAdvanceApproval({ approve = false, pipeline, by, from }: StartRequest) {
  if (!approve) return undefined;
  const groups = pipeline.stages;
  const first = from ? groups.findIndex(group => group.some(stage => stage.name === from.stage)) : 0;
  const stage = groups
    .slice(first)
    .flat()
    .find(one => one.kind === 'approval' && !mayApproveInAdvance(one, by.name));
  return (
    stage &&
    fail(
      'refused',
      `${by.name} cannot approve '${stage.name}' in advance: the pipeline wants somebody else, more than one person, a comment or inputs.`,
      { hint: 'Start without --approve, and approve when it asks.' },
    ).failure
  );
}

/** Long enough for a busy vendor, short enough for a person who waits. */
const checkedWithinMs = 20_000;

async function checkSources(
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
      ? history.ledger(pipeline.service, environment).length === 0
      : !history.nodes(pipeline.service, environment).some(known => known.node === node && known.release !== null);
  const checks = await sourceChecks.check({ pipeline, isNew }, onCheck, AbortSignal.any([signal, tooLate.signal]));
  done.abort();
  return checks;
}

/** A name that does not resolve is told before anything is deployed, never by a verification that sees nothing. */
function refuseMissing(
  missing: readonly Failure[],
  { name }: Pipeline,
): { readonly ok: false; readonly failure: Failure } | undefined {
  const [first, ...others] = missing;
  if (!first) return undefined;
  const more = others.map(({ message }) => message).join(' ');
  return fail(first.kind, `Nothing was deployed. ${first.message}`, {
    ...(more !== '' && { cause: more }),
    hint: `${first.hint ? `${first.hint} ` : ''}See: backstop check-sources ${name}`,
  });
}

function stageNames(plan: RunPlan): readonly (readonly string[])[] {
  return plan.groups.map(group => group.map(({ stage }) => stage.name));
}

function keptFrom(
  stage: string,
  earlier: RunState,
): { readonly stage: string; readonly outcomes: ReadonlyMap<string, StageOutcome> } {
  const ended = stagesOf(earlier).flatMap(({ name, status }) =>
    status === 'pending' || status === 'queued' || status === 'running' ? [] : [[name, status] as const],
  );
  return { stage, outcomes: new Map(ended) };
}
