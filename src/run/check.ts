// Starts a verification of some nodes, journals its looks, and keeps what it found at the end.
import type { AnalysisSource } from '../model/analysis.ts';
import type { Verification } from '../model/pipeline.ts';
import type { Check, VerificationReport } from '../model/verdict.ts';
import type { FinishedVerification } from '../model/verification.ts';
import type { RunContext } from './context.ts';
import { followFeedback } from './feedback.ts';
import type { Scope } from './scope.ts';
import { versionsOf } from './versions.ts';

const mostBrief = 12;

export interface CheckTask {
  /** Stable across a restart. */
  readonly key: string;
  readonly stage: string;
  readonly environment: string;
  readonly phase: number;
  readonly purpose: 'canary' | 'watch' | 'proof';
  readonly verification: Verification;
  readonly canaryNodes: readonly string[];
  readonly baselineNodes: readonly string[];
  readonly canarySinceMs: number;
  /** The time before is what lies before this. */
  readonly beforeToMs: number;
}

export interface RunningCheck {
  stop(): void;
  finish(options: { readonly learn: boolean }): Promise<FinishedVerification>;
}

/** `onLook` also hears of a verification that could not even start: inconclusive, and over. */
export async function startCheck(context: RunContext, task: CheckTask, scope: Scope, onLook: (report: VerificationReport, over: boolean) => void): Promise<RunningCheck> {
  const { journal } = context;
  const { key, stage, phase, purpose, canaryNodes, baselineNodes, verification } = task;
  const started = journal.recordOnce({ type: 'verification-started', key, stage, phase, purpose, sinceMs: task.canarySinceMs, intervalMs: verification.intervalMs, durationMs: verification.durationMs, canaryNodes, baselineNodes }, event => event.key === key);
  const sources = verification.sources.map(name => context.pipeline.healthSources[name]!).map(source => ({ source, connection: context.pipeline.connections[source.connection]! }));
  const opened = await context.phases.startVerification({
    sources,
    settings: {
      version: context.release.artifact.version, sensitivity: verification.sensitivity, canaryNodes, baselineNodes, baselineKind: baselineNodes.length > 0 ? 'existing' : 'previous', trafficWeight: 1,
      canarySinceMs: started.sinceMs, beforeFromMs: task.beforeToMs - verification.historyMs, beforeToMs: task.beforeToMs,
      intervalMs: verification.intervalMs, durationMs: verification.durationMs,
      ...(purpose === 'canary' && { extendToMs: Math.max(verification.durationMs, verification.extendToMs ?? 2 * verification.durationMs) }),
      ...(purpose === 'canary' && verification.passAfterMs !== undefined && { passAfterMs: verification.passAfterMs }),
      sources: sources.map(({ source }) => analysisSource(context, task, source)),
    },
    feedback: followFeedback(context),
    onLook({ report, pages, queries, over }) {
      try {
        // First what is looked up, then what says that it is there.
        if (pages) context.ports.history.saveReport(context.runId, key, report.lookedAtMs, pages);
        journal.record({ type: 'looked', key, report: brief(report), queries });
        onLook(report, over);
      } catch (error) {
        context.breakOff(error);
      }
    },
  }, scope.signal);
  if (!opened.ok) {
    const nowMs = context.ports.clock.now();
    const report: VerificationReport = { outcome: 'inconclusive', checks: [], startedAtMs: started.sinceMs, lookedAtMs: nowMs, looks: 0, failure: opened.failure };
    onLook(report, true);
    return { stop() { /* nothing runs */ }, finish: () => Promise.resolve({ report }) };
  }
  context.inbox.listen(started.at, scope.signal, ({ type }) => { if (type === 'feedback') opened.value.lookNow(); });
  return {
    stop: () => opened.value.stop(),
    async finish(options) {
      const finished = await opened.value.finish(options);
      const firstAnomalyMs = firstAnomaly(finished.report);
      journal.recordOnce({ type: 'verification-finished', key, report: finished.report, ...(firstAnomalyMs !== undefined && { firstAnomalyMs }) }, event => event.key === key);
      return finished;
    },
  };
}

function analysisSource(context: RunContext, task: CheckTask, source: RunContext['pipeline']['healthSources'][string]): AnalysisSource {
  if (source.kind === 'metrics') {
    const { name, delayMs, metrics, versionAttribute } = source;
    return { kind: 'metrics', name, delayMs, metrics, ...(versionAttribute !== undefined && { versions: versionsOf(context, task) }) };
  }
  const learned = context.ports.history.learned(context.pipeline.service, task.environment, source.name);
  return { kind: 'logs', name: source.name, delayMs: source.delayMs, ...(learned && { learned }) };
}

/** Looks come every few seconds: what they keep of the anomalies is their names; the last report, and the one in the store, tell more. */
function brief(report: VerificationReport): VerificationReport {
  return { ...report, checks: report.checks.map((check): Check => {
    if (check.kind === 'metric') return check;
    const clusters = check.clusters.slice(0, mostBrief).map(cluster => ({ ...cluster, samples: { canary: [], baseline: [] } }));
    return { ...check, clusters, hiddenClusters: check.hiddenClusters + check.clusters.length - clusters.length };
  }) };
}

function firstAnomaly(report: VerificationReport): number | undefined {
  const times = report.checks.flatMap(check => check.kind === 'logs' ? check.clusters.filter(cluster => cluster.class !== 'known').map(cluster => cluster.firstSeenMs) : []);
  return times.length > 0 ? Math.min(...times) : undefined;
}
