// The settings of a verification: its sources, the nodes to compare, and what is known from earlier runs.
import type { CheckTask } from './checkTask.ts';
import type { AnalysisSettings, AnalysisSource, EarlierRun } from '../../../model/evidence/analysis.ts';
import { identityOf } from '../../../model/identity.ts';
import type { LearnedEvents } from '../../../model/evidence/evidence.ts';
import { trafficByWeights } from '../../../model/runs/nodeWeights.ts';
import { connectionOf, type Verification } from '../../../model/pipeline.ts';
import type { RunEvent } from '../../../model/runs/runEvents.ts';
import type { Measured } from '../../../model/evidence/verification.ts';
import type { RunContext } from '../../context.ts';
import { isListed, setsWeight, weightsNow } from '../../nodes.ts';
import { startUpSource } from '../../releases/ledger.ts';
import { versionsOf } from '../../releases/versions.ts';

type Started = RunEvent & { readonly type: 'verification-started' };
type VerificationTask = Parameters<RunContext['phases']['startVerification']>[0];

export function sourcesOf({ pipeline }: RunContext, { sources }: Verification): VerificationTask['sources'] {
  return sources
    .map(name => pipeline.healthSources[name]!)
    .map(source => ({ source, connection: connectionOf(pipeline, source) }));
}

export function settingsOf(
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

/**
 * If a hook sets the traffic, if a command lists the nodes, or if nodes have weights, the number of nodes does not
 * determine their share of the traffic.
 */
function trafficOf(
  context: RunContext,
  { stage, phase, environment, canaryNodes, baselineNodes }: CheckTask,
): Pick<AnalysisSettings, 'trafficWeight' | 'measuresTraffic'> {
  const byNodes = trafficByWeights(weightsNow(context, environment), canaryNodes, baselineNodes) ?? 1;
  if (
    baselineNodes.length === 0 ||
    !(setsWeight(context, environment) || isListed(context, environment) || byNodes !== 1)
  )
    return { trafficWeight: 1 };
  const planned = context.plan.groups.flat().find(one => one.stage.name === stage);
  const weight = planned?.phases[phase - 1]?.weight;
  const ratio = weight === undefined || weight >= 1 ? undefined : weight / (1 - weight);
  const trafficWeight = ratio === undefined ? byNodes : (ratio * baselineNodes.length) / canaryNodes.length;
  return { trafficWeight, measuresTraffic: true };
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

export function measuredBy(context: RunContext, task: CheckTask, sinceMs: number): Measured {
  const { environment, stage, phase, purpose, canaryNodes, baselineNodes } = task;
  const { canary, baseline, before } = versionsOf(context, task);
  const [version] = canary,
    [otherVersion] = purpose === 'proof' ? [] : [...baseline, ...before];
  return {
    environment,
    stage,
    phase,
    purpose,
    sinceMs,
    nodes: canaryNodes,
    otherNodes: baselineNodes,
    ...(version !== undefined && { version }),
    ...(otherVersion !== undefined && { otherVersion }),
  };
}

/** For starting nodes, the events and the number of earlier start-ups count too. */
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

/** If no node is left on the old release, the same time of the day before shows how metrics usually move. */
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
