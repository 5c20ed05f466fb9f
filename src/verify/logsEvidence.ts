// The log sources of a verification: lines that have arrived, what they are compared with, and a check at each look.
import type { AnalysisSettings, AnalysisSource, Look } from '../model/evidence/analysis.ts';
import type { KeptLogs, LearnedEvents, LogLine } from '../model/evidence/evidence.ts';
import { runReasons, type Check, type Comparison, type LogsCheck } from '../model/evidence/verdict.ts';
import { withTiming } from './checkRemarks.ts';
import { createFreshness, type Freshness } from './freshness.ts';
import { createLogAnalysis, type LogAnalysis } from './logs/logAnalysis.ts';
import { isRead, leastMs } from './lookRules.ts';
import type { KeptRun } from './metricWindow.ts';
import { settingsOf, sortByRole, trafficRatio } from './sides.ts';

export type LogsState = {
  readonly source: AnalysisSource & { kind: 'logs' };
  readonly analysis: LogAnalysis;
  readonly freshness: Freshness;
  /** A run of before stands for the time before. */ readonly standIn: boolean;
  /** Not counted yet: only a look says until when lines count. */ arrived: LogLine[];
};

export function openLogs(settings: AnalysisSettings, earlier: KeptRun | undefined): readonly LogsState[] {
  return settings.sources
    .filter(source => source.kind === 'logs')
    .map((source): LogsState => {
      const own = settingsOf(settings, source);
      const standIn = earlierLogs(source.name, settings, earlier);
      const analysis = createLogAnalysis({
        sensitivity: settings.sensitivity,
        ...(settings.values && { values: settings.values }),
        baselineKind: settings.baselineKind,
        trafficRatio: trafficRatio(own, standIn.earlier?.logs),
        ...(settings.version !== undefined && { version: settings.version }),
        ...(source.learned && { learned: source.learned }),
        ...(source.feedback && { feedback: source.feedback }),
        ...standIn,
      });
      return {
        source,
        arrived: [],
        standIn: standIn.earlier !== undefined,
        freshness: createFreshness(own),
        analysis,
      };
    });
}

/** Of metrics the last good run may step in; of logs there is what good deployments taught. */
function earlierLogs(
  source: string,
  { canarySinceMs }: AnalysisSettings,
  earlier: KeptRun | undefined,
): { readonly earlier?: { readonly logs: KeptLogs; readonly canarySinceMs: number } } {
  const logs = earlier?.mode === 'load-test' ? earlier.evidence.logs[source] : undefined;
  return logs && logs.nodes > 0 ? { earlier: { logs, canarySinceMs } } : {};
}

/** `aheadMs`: how far the clock of the source is ahead. */
export function addLines({ arrived, freshness }: LogsState, lines: readonly LogLine[], aheadMs: number): void {
  for (const line of lines) {
    const ours = aheadMs === 0 ? line : { ...line, atMs: line.atMs - aheadMs };
    arrived.push(ours);
    freshness.note(ours.node, ours.atMs);
  }
}

/** What is later waits: the other side may not have arrived. A late line counts when it comes. */
function countArrived(state: LogsState, settings: AnalysisSettings, endMs: number, untilMs = Infinity): void {
  const [counted, waiting] = [[] as LogLine[], [] as LogLine[]];
  for (const line of state.arrived) if (line.atMs < untilMs) (line.atMs < endMs ? counted : waiting).push(line);
  for (const [role, those] of sortByRole(counted, settings))
    if (role !== 'before' || !state.standIn) state.analysis.add(those, role);
  state.arrived = waiting;
}

/** `trafficRatio`: as it was measured. */
export function assessLogs(state: LogsState, settings: AnalysisSettings, look: Look, trafficRatio?: number): Check {
  const { source, analysis, freshness } = state;
  const fresh = freshness.measure(look.atMs, source.delayMs, isRead(source.name, look));
  // Against a concurrent baseline a line counts as soon as both sides are there. Against the past only time does that
  // is over for sure: its share of the past is known.
  const completeToMs =
    settings.baselineNodes.length === 0
      ? Math.min(fresh.completeToMs, look.atMs - source.delayMs)
      : fresh.completeToMs + 1;
  const endMs = Math.min(completeToMs, look.untilMs ?? Infinity);
  countArrived(state, settings, endMs, look.untilMs);
  const check = analysis.assess({
    name: source.name,
    source: source.name,
    atMs: endMs,
    canarySinceMs: settings.canarySinceMs,
    minimumMs: leastMs(settings),
    ...(trafficRatio !== undefined && { trafficRatio }),
  });
  const comparison = compareLogs(state, check, settings);
  return withTiming(
    { ...check, comparison, reasons: [...check.reasons, ...runReasons(comparison)] },
    source.delayMs,
    fresh,
    look,
  );
}

function compareLogs(
  { standIn }: LogsState,
  { baselineLines, learnedDeployments }: LogsCheck,
  { baselineNodes, earlier, lacking }: AnalysisSettings,
): Comparison {
  const more = lacking ? { lacking } : {};
  if (standIn && earlier)
    return { mode: 'load-test', run: earlier.run, ...(earlier.by !== undefined && { by: earlier.by }), ...more };
  if (baselineNodes.length > 0) return { mode: 'canary', ...more };
  return baselineLines === 0 && learnedDeployments > 0
    ? { mode: 'learned', deployments: learnedDeployments, ...more }
    : { mode: 'previous', dayBefore: false, ...more };
}

export function keepLogs({ analysis }: LogsState, redact: (text: string) => string): KeptLogs {
  const { clusters, ...rest } = analysis.keep();
  return { ...rest, clusters: clusters.map(cluster => ({ ...cluster, template: redact(cluster.template) })) };
}

export function learnLogs(
  state: LogsState,
  settings: AnalysisSettings,
  redact: (text: string) => string,
): LearnedEvents {
  countArrived(state, settings, Infinity);
  const learned = state.analysis.learn();
  return {
    ...learned,
    clusters: learned.clusters.map(cluster => ({ ...cluster, template: redact(cluster.template) })),
  };
}
