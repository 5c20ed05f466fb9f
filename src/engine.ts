// Runs the phases in order: parse, plan, run, verify, decide. Passes one phase to another as plain functions, so that a
// phase never imports its neighbour.
import { decide } from './decide/decide.ts';
import { judgeStartUp } from './decide/startUp.ts';
import { addFeedback, removeFeedback } from './definition/editFeedback.ts';
import { checkInputs, checkVersion } from './definition/compile/inputs.ts';
import { parseFeedback } from './definition/parseFeedback.ts';
import { parsePipeline } from './definition/parsePipeline.ts';
import { everyEnvironment } from './model/environmentChoice.ts';
import { succeed, type Result } from './model/failure.ts';
import type { Pipeline } from './model/pipeline.ts';
import type { Ports } from './model/ports.ts';
import type { Engine, RunObserver, StartRequest } from './model/runs/engine.ts';
import type { DryRun, Forecast, PlannedComparison, PlannedPhase, RunPlan } from './model/runs/plan.ts';
import { dependsOnOutcomes, evaluateCondition, formatCondition } from './plan/conditions.ts';
import { describeRun } from './plan/dryRun.ts';
import { layOutPhase, layOutRun } from './plan/layOut.ts';
import { hookCalls, retryDelayMs } from './plan/retry.ts';
import { instructRun, resumeRun, startRollback, startRun, type BeginningRuns } from './run/begin.ts';
import type { NeighbouringPhases } from './run/context.ts';
import { createFeedbackKeeping } from './run/feedbackKeeping.ts';
import { identify, takeOver, warnOfSharers } from './run/identify.ts';
import { checkNodes, warnOfWeights, withListedNodes } from './run/nodes.ts';
import { checkSources, prepareRun } from './run/prepare.ts';
import { answerPatiently } from './run/ownership/patience.ts';
import { adopt } from './run/releases/adopt.ts';
import { lastWorkingRelease } from './run/releases/ledger.ts';
import { pinRun, unpinRun } from './run/releases/pin.ts';
import { hookVariables } from './run/variables.ts';
import { compareLogs } from './verify/logs/compareLogs.ts';
import { groupBytes } from './verify/logs/record/grouping.ts';
import { forecastPhase } from './verify/forecastPhase.ts';
import { startVerification } from './verify/loop.ts';
import { reconsider } from './verify/reconsider.ts';

const rules = { checkInputs, checkVersion };

export function createEngine(ports: Ports): Engine {
  const observers = createObservers();
  const keeping = createFeedbackKeeping(ports, { parse: parseFeedback, add: addFeedback, remove: removeFeedback });
  const phases: NeighbouringPhases = {
    retryDelayMs,
    hookCalls,
    layOutPhase,
    evaluateCondition,
    checkInputs,
    decide,
    judgeStartUp,
    readFeedback: keeping.read,
    startVerification: (task, signal) => startVerification(task, ports, signal),
  };
  const runs: BeginningRuns = {
    ports,
    phases,
    rules,
    layOut: layOutRun,
    readFeedback: keeping.read,
    tell: observers.tell,
    running: new Map(),
  };
  return {
    parse(...given) {
      const { pipeline, problems } = parsePipeline(...given);
      return { ...(pipeline && { pipeline: identify(ports, pipeline) }), problems };
    },
    identify: (...given) => identify(ports, ...given),
    takeOver: pipeline => answerPatiently(ports.clock, () => takeOver(ports, pipeline)),
    layOut: pipeline => layOutRun(everyEnvironment(pipeline)),
    dryRun: request => dryRun(ports, request),
    async checkSources(given, onCheck, signal) {
      const { pipeline, checks } = await checkNodes(ports, identify(ports, everyEnvironment(given)), onCheck, signal);
      return [...checks, ...(await checkSources(ports, pipeline, onCheck, signal))];
    },
    comparisons: pipeline => comparisons(ports, identify(ports, everyEnvironment(pipeline))),
    start: request => startRun(runs, request),
    resume: (...given) => resumeRun(runs, ...given),
    rollBack: request => startRollback(runs, request),
    adopt: request => adopt(ports, rules, hookCalls, request),
    instruct: (runId, instruction) => instructRun(runs, runId, instruction),
    pin: request => answerPatiently(ports.clock, () => pinRun(ports, request)),
    unpin: request => answerPatiently(ports.clock, () => unpinRun(ports, request)),
    feedback: keeping.read,
    mark: keeping.mark,
    unmark: keeping.unmark,
    reconsider(checks) {
      const entries = keeping.read();
      return reconsider(checks, entries.ok ? entries.value : []);
    },
    compareLogs,
    groupLines: groupBytes,
    history: ports.history,
    watch: observers.watch,
    close: () => ports.analysis.close(),
  };
}

function createObservers(): { readonly watch: Engine['watch']; readonly tell: Required<RunObserver> } {
  const observers = new Set<RunObserver>();
  return {
    watch(observer) {
      observers.add(observer);
      return () => observers.delete(observer);
    },
    tell: {
      onEvent: (...told) => {
        for (const observer of observers) observer.onEvent?.(...told);
      },
      onOutput: (...told) => {
        for (const observer of observers) observer.onOutput?.(...told);
      },
    },
  };
}

async function dryRun(ports: Ports, request: StartRequest): Promise<Result<DryRun>> {
  const prepared = await prepareRun(
    ports,
    rules,
    { ...request, pipeline: identify(ports, request.pipeline) },
    undefined,
  );
  if (!prepared.ok) return prepared;
  const listed = await withListedNodes(ports, prepared.value.pipeline);
  if (!listed.ok) return listed;
  const pipeline = listed.value;
  const { inputs, release } = prepared.value;
  const plan = layOutRun(pipeline);
  return succeed(
    describeRun({
      ...prepared.value,
      pipeline,
      plan,
      forecasts: await forecastPhases(ports, pipeline, plan),
      nowMs: ports.clock.now(),
      evaluateCondition,
      dependsOnOutcomes,
      formatCondition,
      hookCalls,
      variables: (call, released) =>
        hookVariables({ runId: 'RUN', pipeline, inputs, fence: undefined }, call, released, 'CONFIG_DIR'),
      queries: read => ports.healthSources.describe(read),
      warnings: environment => [
        ...warnOfSharers(ports, pipeline, environment),
        ...warnOfWeights(pipeline, environment),
      ],
      lastWorking: environment => lastWorkingRelease({ ports, pipeline }, environment, release),
    }),
  );
}

/** Calls the observers of each phase that has one. */
async function forecastPhases(
  ports: Ports,
  pipeline: Pipeline,
  plan: RunPlan,
): Promise<ReadonlyMap<PlannedPhase, Forecast>> {
  const told = await Promise.all(
    plan.groups
      .flat()
      .flatMap(({ stage, phases }) =>
        stage.kind === 'canary'
          ? phases.map(async phase => [phase, await forecastPhase(pipeline, stage.environment, phase, ports)] as const)
          : [],
      ),
  );
  return new Map(
    told.flatMap(([phase, answer]) =>
      answer.ok && answer.value.length === 0
        ? []
        : [[phase, answer.ok ? { metrics: answer.value } : { metrics: [], failure: answer.failure }] as const],
    ),
  );
}

/** None where the nodes cannot be listed, which the check of the nodes says. */
async function comparisons(ports: Ports, given: Pipeline): Promise<readonly PlannedComparison[]> {
  const listed = await withListedNodes(ports, given);
  if (!listed.ok) return [];
  const pipeline = listed.value;
  const plan = layOutRun(pipeline);
  const forecasts = await forecastPhases(ports, pipeline, plan);
  return plan.groups.flat().flatMap(({ stage, phases }) =>
    phases.flatMap((phase): readonly PlannedComparison[] => {
      const { number, of, canaryNodes, baselineNodes, verification } = phase;
      if (!verification || verification.sources.length === 0) return [];
      const { durationMs, sources } = verification;
      const hasMetrics = sources.some(name => pipeline.healthSources[name]?.kind === 'metrics');
      const forecast = forecasts.get(phase) ?? (hasMetrics ? { metrics: [] } : undefined);
      return [
        {
          stage: stage.name,
          phase: number,
          of,
          canaryNodes,
          baselineNodes,
          durationMs,
          sources,
          ...(forecast && { forecast }),
        },
      ];
    }),
  );
}
