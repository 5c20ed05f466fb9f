// Begins a run: a new one, one that a person or its guardian resumes, or a manual rollback.
import { settleEnvironment } from '../model/environmentChoice.ts';
import { fail, succeed, type Failure, type Result } from '../model/failure.ts';
import { identityOf } from '../model/identity.ts';
import type { Feedback } from '../model/evidence/feedback.ts';
import type { Pipeline, Unattended } from '../model/pipeline.ts';
import type { Ports } from '../model/ports.ts';
import type { Engine, RollbackRequest, RunHandle, RunObserver, StartRequest } from '../model/runs/engine.ts';
import type { RunPlan } from '../model/runs/plan.ts';
import type { Instruction, Person, RunEventBody, StageOutcome } from '../model/runs/runEvents.ts';
import { reduceRun } from '../model/runs/reduceRun.ts';
import { stagesOf, type RunState } from '../model/runs/runState.ts';
import type { NeighbouringPhases, RunContext } from './context.ts';
import { claimService, identify, refuseForeign } from './identify.ts';
import { launch, waitForSilentOwner, type LaunchedRun, type RunSetup } from './launch.ts';
import { answerPatiently, patiently } from './ownership/patience.ts';
import { isSameNote, readBeginning } from './ownership/resume.ts';
import { refuseUnlisted, withListedNodes } from './nodes.ts';
import { prepareRun, refuseAdvanceApproval, refuseMissing, type GivenRules, type PreparedRun } from './prepare.ts';
import { planRollback, rollbackStage, runRollback } from './releases/rollbackRun.ts';
import { runPipeline } from './runPipeline.ts';

export interface BeginningRuns {
  readonly ports: Ports;
  readonly phases: NeighbouringPhases;
  readonly rules: GivenRules;
  readonly layOut: (pipeline: Pipeline) => RunPlan;
  readonly readFeedback: () => Result<readonly Feedback[]>;
  readonly tell: Required<RunObserver>;
  /** The runs of this process, by id. */
  readonly running: Map<string, LaunchedRun>;
}

/** A manual rollback makes its own plan. */
const noPlan: RunPlan = { groups: [] };

export async function startRun(runs: BeginningRuns, request: StartRequest): Promise<Result<RunHandle>> {
  const { ports, rules, layOut } = runs;
  const { by, approve = false, from } = request;
  const identified = identify(ports, request.pipeline);
  const earlier = from === undefined ? undefined : reduceRun(from.runId, ports.history.events(from.runId));
  const prepared = await prepareRun(ports, rules, { ...request, pipeline: identified }, earlier);
  if (!prepared.ok) return prepared;
  // A mistake in the feedback file is reported before anything runs, not in the middle of a run.
  const feedback = runs.readFeedback();
  if (!feedback.ok) return feedback;
  const refused = refuseAdvanceApproval(request);
  if (refused) return { ok: false, failure: refused };
  const listed = await withListedNodes(ports, prepared.value.pipeline);
  if (!listed.ok) return refuseUnlisted(listed, 'Nothing was deployed.');
  const pipeline = listed.value;
  const resolved = await refuseMissing(ports, pipeline);
  if (!resolved.ok) return resolved;
  const claimed = await patiently(ports.clock, () => claimService(ports, pipeline));
  if (!claimed.ok) return claimed;
  const plan = layOut(pipeline);
  const { runId, number, started } = await createRun(
    ports,
    by,
    { ...prepared.value, pipeline },
    {
      kind: 'pipeline',
      stages: plan.groups.map(group => group.map(({ stage }) => stage.name)),
      ...(from && { resumes: { runId: from.runId, from: from.stage } }),
    },
  );
  await patiently(ports.clock, () => ports.history.saveRelease(prepared.value.release));
  const { inputs } = prepared.value;
  return begin(runs, number, { runId, pipeline, plan, by, approve, inputs, started }, context => {
    for (const failure of resolved.value.unknown) context.journal.record({ type: 'noted', failure });
    return runPipeline(context, from && earlier && keptFrom(from.stage, earlier));
  });
}

export async function resumeRun(
  runs: BeginningRuns,
  runId: string,
  today: Pipeline | undefined,
  resumedBy: Person,
  unattended?: Unattended,
): Promise<Result<RunHandle>> {
  const { ports, layOut } = runs;
  const { history } = ports;
  const summary = history.findRun(runId);
  const events = summary ? history.events(summary.id) : [];
  const state = summary && reduceRun(summary.id, events);
  if (!summary) return notFound(runId);
  if (!state)
    return fail('invalid', `Run #${summary.number} never began: nothing was done for it.`, {
      hint: 'Start a new run: backstop run',
    });
  if (state.outcome)
    return fail('invalid', `Run #${summary.number} has ended: ${state.outcome}.`, {
      hint: 'To repeat it from a stage: backstop run --from STAGE',
    });
  const began = readBeginning(events, today);
  if (!began.ok) return began;
  const { pipeline, rollback, resumes, difference } = began.value;
  // A guardian is started in the folder of its run, so it needs no check.
  const foreign = unattended ? undefined : refuseForeign(ports, events, summary.number);
  if (foreign) return { ok: false, failure: foreign };
  const silent = await waitForSilentOwner(ports, summary.id);
  if (silent) return { ok: false, failure: silent };
  const setup = {
    runId: summary.id,
    pipeline,
    by: state.by,
    resumedBy,
    approve: false,
    ...(unattended && { unattended }),
  };
  const note = (context: RunContext): void => {
    if (difference) context.journal.recordOnce({ type: 'noted', failure: difference }, isSameNote(difference));
  };
  if (rollback)
    return begin(runs, summary.number, { ...setup, plan: noPlan, inputs: {} }, context => {
      note(context);
      return runRollback(context, rollback.environment);
    });
  const earlier = resumes && reduceRun(resumes.runId, history.events(resumes.runId));
  const kept = resumes && earlier && keptFrom(resumes.from, earlier);
  return begin(runs, summary.number, { ...setup, plan: layOut(pipeline), inputs: state.inputs }, context => {
    note(context);
    return runPipeline(context, kept);
  });
}

export async function startRollback(
  runs: BeginningRuns,
  { pipeline: given, environment, to, by }: RollbackRequest,
): Promise<Result<RunHandle>> {
  const { ports } = runs;
  const settled = settleEnvironment(identify(ports, given), environment);
  const listed = await withListedNodes(ports, settled, [environment]);
  if (!listed.ok) return refuseUnlisted(listed, 'Nothing was changed.');
  const pipeline = listed.value;
  const planned = planRollback(ports.history, pipeline, environment, to);
  if (!planned.ok) return planned;
  const claimed = await patiently(ports.clock, () => claimService(ports, pipeline, [environment]));
  if (!claimed.ok) return claimed;
  const { to: release } = planned.value;
  const prepared = { pipeline, artifact: release.artifact, release, inputs: {} };
  const { runId, number, started } = await createRun(ports, by, prepared, {
    kind: 'rollback',
    rollback: { environment },
    stages: [[rollbackStage]],
  });
  return begin(runs, number, { runId, pipeline, plan: noPlan, by, approve: false, inputs: {}, started }, context =>
    runRollback(context, environment),
  );
}

export async function instructRun(
  { ports: { history, clock }, running }: BeginningRuns,
  runId: string,
  instruction: Instruction,
): ReturnType<Engine['instruct']> {
  const told = await answerPatiently(clock, () => {
    const summary = history.findRun(runId);
    if (!summary) return notFound(runId);
    if (summary.outcome) return fail('invalid', `Run #${summary.number} has ended: ${summary.outcome}.`);
    history.instruct(summary.id, instruction);
    return succeed(summary.id);
  });
  if (!told.ok) return told;
  running.get(told.value)?.inbox.poke();
  return succeed(undefined);
}

function notFound(runId: string): { readonly ok: false; readonly failure: Failure } {
  return fail('not-found', `There is no run '${runId}'.`, { hint: 'See: backstop runs' });
}

type Started = RunEventBody & { readonly type: 'run-started' };

async function createRun(
  { history, ids, clock }: Ports,
  by: Person,
  { pipeline, artifact, release, inputs }: PreparedRun,
  how: Pick<Started, 'kind' | 'stages' | 'rollback' | 'resumes'>,
): Promise<{ readonly runId: string; readonly number: number; readonly started: Started }> {
  const { name, file, service } = pipeline;
  const identity = identityOf(pipeline) === service ? {} : { identity: identityOf(pipeline) };
  const runId = ids.nextRunId();
  const run = {
    id: runId,
    pipeline: name,
    service,
    ...identity,
    by,
    version: artifact.version,
    inputs,
    startedAtMs: clock.now(),
  };
  const number = await patiently(clock, () => history.createRun(run));
  return {
    runId,
    number,
    started: {
      type: 'run-started',
      pipeline: name,
      file,
      service,
      ...identity,
      by,
      artifact,
      inputs,
      release,
      fixed: pipeline,
      ...how,
    },
  };
}

async function begin(
  { ports, phases, tell, running }: BeginningRuns,
  number: number,
  setup: RunSetup,
  body: (context: RunContext) => Promise<void>,
): Promise<Result<RunHandle>> {
  const { runId, pipeline, unattended } = setup;
  const launched = await patiently(ports.clock, () =>
    launch(setup, ports, phases, tell, context => {
      // A run that its guardian resumes needs no second guardian.
      const failure = unattended ? undefined : guard(ports, runId, pipeline);
      if (failure) context.journal.record({ type: 'noted', failure });
      return body(context);
    }),
  );
  if (!launched.ok) return launched;
  running.set(runId, launched.value);
  return succeed({
    runId,
    number,
    done: launched.value.done.finally(() => running.delete(runId)),
    lost: launched.value.lost,
  });
}

function guard({ guardian }: Ports, runId: string, pipeline: Pipeline): Failure | undefined {
  return pipeline.unattended === undefined || pipeline.unattended.act === 'nothing'
    ? undefined
    : guardian?.watch(runId, pipeline);
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
