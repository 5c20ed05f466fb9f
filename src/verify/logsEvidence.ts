// The log sources of a verification: received lines, what they are compared with, and a check at each evaluation.
import type { AnalysisSettings, AnalysisSource, Look } from '../model/evidence/analysis.ts';
import { readUntil, shareOf, type SampledSource } from '../model/evidence/sampling.ts';
import type { CountedSide, CountedWindow } from '../model/evidence/counts.ts';
import type { KeptLogs, LearnedEvents, LogLine } from '../model/evidence/evidence.ts';
import { runReasons, type Check, type Comparison, type LogsCheck, type Reason } from '../model/evidence/verdict.ts';
import { withLimits, withTiming } from './checkRemarks.ts';
import { createFreshness, type Freshness } from './freshness.ts';
import { createLogAnalysis, type LogAnalysis, type Shares } from './logs/logAnalysis.ts';
import { isRead, leastMs } from './lookRules.ts';
import type { KeptRun } from './metricWindow.ts';
import { settingsOf, sortByRole, trafficRatio } from './sides.ts';
import { createSliceEdges } from './sliceEdges.ts';

export type LogsState = {
  readonly source: AnalysisSource & { kind: 'logs' };
  readonly analysis: LogAnalysis;
  readonly freshness: Freshness;
  /** An earlier run that replaces the time before. */ readonly standIn: boolean;
  /** The share of that run's lines that was read. */ readonly earlierShare: number | undefined;
  /** Lines that the next evaluation may count. */ arrived: LogLine[];
  /** Absent if all lines were read. A source may return more than the requested slices. */
  sampled: SampledSource | undefined;
  readonly isInSlice: ReturnType<typeof createSliceEdges>;
  /** What the source counted itself, by part and start. Once there is any, lines do not count any more. */
  readonly counted: Map<string, CountedWindow>;
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
        counted: new Map(),
        sampled: undefined,
        isInSlice: createSliceEdges(),
        standIn: standIn.earlier !== undefined,
        earlierShare: standIn.earlier && (standIn.earlier.logs.share ?? 1),
        freshness: createFreshness(own),
        analysis,
      };
    });
}

/** For metrics, the last good run may be used. For logs, there is what was learned from good deployments. */
function earlierLogs(
  source: string,
  { canarySinceMs }: AnalysisSettings,
  earlier: KeptRun | undefined,
): { readonly earlier?: { readonly logs: KeptLogs; readonly canarySinceMs: number } } {
  const logs = earlier?.mode === 'load-test' ? earlier.evidence.logs[source] : undefined;
  return logs && logs.nodes > 0 ? { earlier: { logs, canarySinceMs } } : {};
}

/** `aheadMs` is how far the clock of the source is ahead. */
export function addLines({ arrived, freshness }: LogsState, lines: readonly LogLine[], aheadMs: number): void {
  for (const line of lines) {
    const ours = aheadMs === 0 ? line : { ...line, atMs: line.atMs - aheadMs };
    arrived.push(ours);
    freshness.note(ours.node, ours.atMs);
  }
}

/** Replaces the counts of the same part from the same time on. */
export function addCounts({ counted }: LogsState, window: CountedWindow, aheadMs: number): void {
  const inOurTime = (side: CountedSide): CountedSide => ({
    ...side,
    slices: side.slices.map(([atMs, lines]) => [atMs - aheadMs, lines]),
  });
  const fromMs = window.fromMs - aheadMs;
  counted.set(`${window.part} ${fromMs}`, {
    ...window,
    fromMs,
    toMs: window.toMs - aheadMs,
    groups: window.groups.map(({ canary, baseline }) => ({
      canary: inOurTime(canary),
      baseline: inOurTime(baseline),
    })),
  });
}

/** Later lines wait, because those of the other side may not have arrived. A late line counts when it arrives. */
function countArrived(state: LogsState, settings: AnalysisSettings, endMs: number, untilMs = Infinity): void {
  const [counted, waiting] = [[] as LogLine[], [] as LogLine[]];
  const { arrived, sampled, isInSlice } = state;
  if (sampled) arrived.sort((one, other) => one.atMs - other.atMs);
  for (const line of arrived)
    if (line.atMs < untilMs && (!sampled || isInSlice(line, sampled)))
      (line.atMs < endMs ? counted : waiting).push(line);
  for (const [role, those] of sortByRole(counted, settings))
    if (role !== 'before' || !state.standIn) state.analysis.add(those, role);
  state.arrived = waiting;
}

/** `trafficRatio` is the measured one. */
export function assessLogs(state: LogsState, settings: AnalysisSettings, look: Look, trafficRatio?: number): Check {
  const { source, analysis, freshness } = state,
    counted = look.counted?.[source.name],
    sampled = (state.sampled = look.sampled?.[source.name]);
  for (const pace of counted?.paces ?? []) freshness.notePace(pace);
  const readToMs = sampled ? readUntil(sampled, look.atMs) : look.atMs,
    fresh = freshness.measure(readToMs, source.delayMs, isRead(source.name, look));
  const endMs = countUntil(state, settings, look, fresh.completeToMs);
  const shares = sharesOf(sampled, settings, endMs, state.earlierShare),
    check = analysis.assess({
      name: source.name,
      source: source.name,
      atMs: endMs,
      canarySinceMs: settings.canarySinceMs,
      minimumMs: leastMs(settings),
      ...(trafficRatio !== undefined && { trafficRatio }),
      ...(shares && { shares }),
    });
  const comparison = compareLogs(state, check, settings);
  const reasons = [
    ...check.reasons,
    ...runReasons(comparison),
    ...countedReasons(state, check, counted?.mostLines),
    ...sampledReasons(source.name, sampled, shares),
  ];
  const timed = withTiming({ ...check, comparison, reasons }, source.delayMs, fresh, look);
  return withUncounted(timed, state, look);
}

/** Counts the available lines, and returns the time up to which they cover both sides. */
function countUntil(state: LogsState, settings: AnalysisSettings, look: Look, completeToMs: number): number {
  const { source, analysis, counted } = state;
  if (counted.size > 0) {
    state.arrived = [];
    analysis.replaceByCounts([...counted.values()]);
    return Math.max(settings.canarySinceMs, ...sidesOf(state).map(({ toMs }) => toMs));
  }
  // Against a concurrent baseline, a line counts as soon as both sides have arrived. Against the past, only elapsed
  // time counts, because only its share of the past is known.
  const completeMs =
    settings.baselineNodes.length === 0 ? Math.min(completeToMs, look.atMs - source.delayMs) : completeToMs + 1;
  const endMs = Math.min(completeMs, look.untilMs ?? Infinity);
  countArrived(state, settings, endMs, look.untilMs);
  return endMs;
}

function sidesOf({ counted }: LogsState): readonly CountedWindow[] {
  return [...counted.values()].filter(({ part }) => part === 'sides');
}

/** How the lines were obtained, and how many there were. */
function countedReasons(
  { source, counted }: LogsState,
  { clusters, hiddenClusters }: LogsCheck,
  mostLines: number | undefined,
): readonly Reason[] {
  if (counted.size === 0 || mostLines === undefined) return [];
  const lines = [...counted.values()].reduce((sum, { total }) => sum + total, 0),
    values = { source: source.name, lines, clusters: clusters.length + hiddenClusters, mostLines };
  return [{ code: 'counted-by-source', values }];
}

function sharesOf(
  sampled: SampledSource | undefined,
  { canarySinceMs, beforeFromMs, beforeToMs }: AnalysisSettings,
  endMs: number,
  earlierShare: number | undefined,
): Shares | undefined {
  if (!sampled && earlierShare === undefined) return undefined;
  const share = (fromMs: number, toMs: number): number => (sampled ? shareOf(sampled, { fromMs, toMs }) : 1);
  return { canary: share(canarySinceMs, endMs), before: earlierShare ?? share(beforeFromMs, beforeToMs) };
}

function sampledReasons(
  source: string,
  sampled: SampledSource | undefined,
  shares: Shares | undefined,
): readonly Reason[] {
  if (!sampled || !shares) return [];
  return [{ code: 'sampled', values: { source, share: shares.canary, mostLines: sampled.mostLines } }];
}

/** Lines in groups that the source left out are missing evidence. */
function withUncounted(check: LogsCheck, state: LogsState, look: Look): Check {
  const sides = sidesOf(state),
    total = sides.reduce((sum, window) => sum + window.total, 0);
  const read = sides
    .flatMap(({ groups }) => groups)
    .reduce((sum, { canary, baseline }) => sum + canary.lines + baseline.lines, 0);
  return read < total
    ? withLimits(check, { ...look, unread: {}, partial: { [state.source.name]: { read, total } } })
    : check;
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
  if (state.counted.size === 0) countArrived(state, settings, Infinity);
  const learned = state.analysis.learn();
  return {
    ...learned,
    clusters: learned.clusters.map(cluster => ({ ...cluster, template: redact(cluster.template) })),
  };
}
