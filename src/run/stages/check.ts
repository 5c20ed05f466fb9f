// Starts a verification of some nodes, journals its looks, and keeps what it found at the end.
import type { CheckTask } from './checkTask.ts';
import type { AnalysisSettings, AnalysisSource, EarlierRun } from '../../model/evidence/analysis.ts';
import { identityOf } from '../../model/identity.ts';
import { describeFailure, type Failure } from '../../model/failure.ts';
import type { LearnedEvents } from '../../model/evidence/evidence.ts';
import { connectionOf, type Verification } from '../../model/pipeline.ts';
import type { RunEvent } from '../../model/runs/runEvents.ts';
import type { Check, VerificationReport } from '../../model/evidence/verdict.ts';
import type { FinishedVerification, Measured } from '../../model/evidence/verification.ts';
import { jumpFailure, watchClock } from '../ownership/clockWatch.ts';
import type { RunContext } from '../context.ts';
import { chooseRun, keyOf, readRun } from './earlierRun.ts';
import { followFeedback } from '../feedback.ts';
import { isListed, setsWeight } from '../nodes.ts';
import type { Scope } from './scope.ts';
import { startUpSource } from '../releases/ledger.ts';
import { versionsOf } from '../releases/versions.ts';

type Started = RunEvent & { readonly type: 'verification-started' };
type VerificationTask = Parameters<RunContext['phases']['startVerification']>[0];

const mostBrief = 12;

export interface RunningCheck {
  stop(): void;
  finish(options: { readonly learn: boolean }): Promise<FinishedVerification>;
}

/**
 * `over`: its time has passed; `jumped`: the clock was set meanwhile, so that this verification says nothing and is to
 * be begun anew.
 */
export type HearLook = (
  report: VerificationReport,
  state: { readonly over: boolean; readonly jumped: boolean },
) => void;

/** `onLook` also hears of a verification that could not even start: inconclusive, and over. */
export async function startCheck(
  context: RunContext,
  task: CheckTask,
  scope: Scope,
  onLook: HearLook,
): Promise<RunningCheck> {
  // What the nodes run says which versions are compared.
  await context.kept();
  const watch = watchClock(context.ports.clock);
  const { journal } = context;
  const { key, purpose, verification, weigh = report => report } = task;
  const started = begin(context, task);
  const earlier = readRun(context, task, started);
  // Beside a run of before nobody else counts, be there nodes on the old release or not.
  const baselineNodes = earlier?.mode === 'load-test' ? [] : task.baselineNodes;
  const opened = await context.phases.startVerification(
    {
      sources: sourcesOf(context, verification),
      settings: settingsOf(context, { ...task, baselineNodes }, started, earlier),
      measured: measuredBy(context, { ...task, baselineNodes }, started.sinceMs),
      feedback: followFeedback(context),
      onLook({ report, pages, queries, over }) {
        try {
          // First what is looked up, then what says that it is there.
          if (pages && !task.weigh) context.ports.history.saveReport(context.runId, key, report.lookedAtMs, pages);
          const jumpedByMs = watch.jumpedByMs(),
            told = discount(weigh(report), jumpedByMs);
          journal.record({ type: 'looked', key, report: brief(told), queries });
          onLook(told, { over, jumped: jumpedByMs !== 0 });
        } catch (error) {
          context.breakOff(error);
        }
      },
    },
    scope.signal,
  );
  if (!opened.ok) {
    const report = weigh(reportOfNothing(started.sinceMs, context.ports.clock.now(), opened.failure));
    onLook(report, { over: true, jumped: false });
    return alreadyOver(report);
  }
  context.inbox.listen(started.at, scope.signal, ({ type }) => {
    if (type === 'feedback') opened.value.lookNow();
  });
  return {
    stop: () => opened.value.stop(),
    async finish(options) {
      const jumpedByMs = watch.jumpedByMs();
      const whole = jumpedByMs === 0;
      const answered = await opened.value.finish({
        learn: options.learn && whole,
        keep: purpose === 'canary' && whole,
      });
      const finished = { ...answered, report: discount(weigh(answered.report), jumpedByMs) };
      keepShown(context, task, finished);
      recordEnd(context, key, finished.report);
      return finished;
    },
  };
}

function alreadyOver(report: VerificationReport): RunningCheck {
  return {
    stop() {
      /* nothing runs */
    },
    finish: () => Promise.resolve({ report }),
  };
}

function begin(context: RunContext, task: CheckTask): Started {
  const { key, stage, phase, purpose, canaryNodes, verification } = task;
  return context.journal.recordOnce(
    {
      type: 'verification-started',
      key,
      stage,
      phase,
      purpose,
      sinceMs: task.canarySinceMs,
      intervalMs: verification.intervalMs,
      durationMs: verification.durationMs,
      canaryNodes,
      baselineNodes: task.baselineNodes,
      ...chooseRun(context, task),
    },
    event => event.key === key,
  );
}

function sourcesOf({ pipeline }: RunContext, { sources }: Verification): VerificationTask['sources'] {
  return sources
    .map(name => pipeline.healthSources[name]!)
    .map(source => ({ source, connection: connectionOf(pipeline, source) }));
}

function settingsOf(
  context: RunContext,
  task: CheckTask,
  started: Started,
  earlier: EarlierRun | undefined,
): AnalysisSettings {
  const { purpose, canaryNodes, baselineNodes, verification } = task;
  return {
    version: context.release.artifact.version,
    sensitivity: verification.sensitivity,
    ...(verification.values && { values: verification.values }),
    canaryNodes,
    baselineNodes,
    baselineKind: baselineNodes.length > 0 ? 'existing' : 'previous',
    ...trafficOf(context, task),
    canarySinceMs: started.sinceMs,
    beforeFromMs: task.beforeToMs - verification.historyMs,
    beforeToMs: task.beforeToMs,
    intervalMs: verification.intervalMs,
    durationMs: verification.durationMs,
    ...(purpose === 'canary' && {
      extendToMs: Math.max(verification.durationMs, verification.extendToMs ?? 2 * verification.durationMs),
    }),
    ...(purpose === 'canary' && verification.passAfterMs !== undefined && { passAfterMs: verification.passAfterMs }),
    ...(earlier && { earlier }),
    ...(started.lacking && { lacking: started.lacking }),
    ...dayBefore(task, started.sinceMs, baselineNodes),
    sources: sourcesOf(context, verification).map(({ source }) => analysisSource(context, task, source)),
  };
}

function reportOfNothing(startedAtMs: number, lookedAtMs: number, failure: Failure): VerificationReport {
  return { outcome: 'inconclusive', checks: [], startedAtMs, lookedAtMs, looks: 0, failure };
}

function recordEnd({ journal }: RunContext, key: string, report: VerificationReport): void {
  const firstAnomalyMs = firstAnomaly(report);
  journal.recordOnce(
    {
      type: 'verification-finished',
      key,
      report,
      ...(firstAnomalyMs !== undefined && { firstAnomalyMs }),
    },
    event => event.key === key,
  );
}

/** Where a hook sets the traffic, or nodes come and go, the sides' nodes do not tell how much of it they receive. */
function trafficOf(
  context: RunContext,
  { stage, phase, environment, canaryNodes, baselineNodes }: CheckTask,
): Pick<AnalysisSettings, 'trafficWeight' | 'measuresTraffic'> {
  if (baselineNodes.length === 0 || !(setsWeight(context, environment) || isListed(context, environment)))
    return { trafficWeight: 1 };
  const planned = context.plan.groups.flat().find(one => one.stage.name === stage);
  const weight = planned?.phases[phase - 1]?.weight;
  const ratio = weight === undefined || weight >= 1 ? undefined : weight / (1 - weight);
  const trafficWeight = ratio === undefined ? 1 : (ratio * baselineNodes.length) / canaryNodes.length;
  return { trafficWeight, measuresTraffic: true };
}

/** A clock that jumps costs evidence, and never gives any. */
function discount(report: VerificationReport, jumpedByMs: number): VerificationReport {
  return jumpedByMs === 0 ? report : { ...report, outcome: 'inconclusive', failure: jumpFailure(jumpedByMs) };
}

function analysisSource(
  context: RunContext,
  task: CheckTask,
  source: RunContext['pipeline']['healthSources'][string],
): AnalysisSource {
  const versions = source.versionAttribute !== undefined && { versions: versionsOf(context, task) };
  if (source.kind === 'metrics') {
    const { name, delayMs, metrics } = source;
    return { kind: 'metrics', name, delayMs, metrics, ...versions };
  }
  if (source.kind === 'measurement') {
    const { kind, name, delayMs, failures } = source;
    return { kind, name, delayMs, failures };
  }
  const learned = learnedBefore(context, task, source.name);
  return { kind: 'logs', name: source.name, delayMs: source.delayMs, ...(learned && { learned }), ...versions };
}

function measuredBy(context: RunContext, task: CheckTask, sinceMs: number): Measured {
  const { environment, stage, phase, purpose, canaryNodes, baselineNodes } = task;
  const { canary, baseline, before } = versionsOf(context, task);
  const [version] = canary,
    [otherVersion] = purpose === 'proof' ? [] : [...baseline, ...before];
  return {
    ...{ environment, stage, phase, purpose, sinceMs, nodes: canaryNodes, otherNodes: baselineNodes },
    ...(version !== undefined && { version }),
    ...(otherVersion !== undefined && { otherVersion }),
  };
}

/** While nodes start, what earlier start-ups taught counts too, and their number. */
function learnedBefore(
  { ports: { history }, pipeline }: RunContext,
  { purpose, environment }: CheckTask,
  source: string,
): LearnedEvents | undefined {
  const usual = history.learned(identityOf(pipeline), environment, source);
  if (purpose !== 'start-up') return usual;
  const startUps = history.learned(identityOf(pipeline), environment, startUpSource(source));
  const own = new Set(startUps?.clusters.map(({ key }) => key));
  const clusters = [...(startUps?.clusters ?? []), ...(usual?.clusters ?? []).filter(({ key }) => !own.has(key))];
  return startUps || usual ? { format: 1, deployments: startUps?.deployments ?? 0, clusters } : undefined;
}

const dayMs = 86_400_000;

/** Where no node is left on the old release: how metrics move from one day to the next is no regression. */
function dayBefore(
  { purpose, verification: { durationMs, historyMs }, beforeToMs }: CheckTask,
  sinceMs: number,
  baselineNodes: readonly string[],
): Pick<AnalysisSettings, 'dayBefore'> {
  const fromMs = sinceMs - dayMs,
    toMs = fromMs + durationMs;
  return purpose === 'proof' || purpose === 'start-up' || baselineNodes.length > 0 || toMs > beforeToMs - historyMs
    ? {}
    : { dayBefore: { fromMs, toMs } };
}

/** What could not be kept is noted: no later run can be compared with it, and this one is none the worse. */
function keepShown(
  { ports: { history }, runId, journal }: RunContext,
  { environment, key, phase, verification: { intervalMs } }: CheckTask,
  { kept }: FinishedVerification,
): void {
  if (kept?.ok) history.saveEvidence({ runId, environment, key: keyOf(key), phase, intervalMs }, kept.value);
  else if (kept)
    journal.record({
      type: 'noted',
      failure: {
        ...kept.failure,
        message: `What the canary showed could not be kept for later comparisons: ${describeFailure(kept.failure)}`,
      },
    });
}

/**
 * Looks come every few seconds: what they keep of the anomalies is their names; the last report, and the one in the
 * store, tell more.
 */
function brief(report: VerificationReport): VerificationReport {
  return {
    ...report,
    checks: report.checks.map((check): Check => {
      if (check.kind !== 'logs') return check;
      const clusters = check.clusters
        .slice(0, mostBrief)
        .map(cluster => ({ ...cluster, samples: { canary: [], baseline: [] } }));
      return { ...check, clusters, hiddenClusters: check.hiddenClusters + check.clusters.length - clusters.length };
    }),
  };
}

function firstAnomaly(report: VerificationReport): number | undefined {
  const times = report.checks.flatMap(check =>
    check.kind === 'logs'
      ? check.clusters.filter(cluster => cluster.class !== 'known').map(cluster => cluster.firstSeenMs)
      : [],
  );
  return times.length > 0 ? Math.min(...times) : undefined;
}
