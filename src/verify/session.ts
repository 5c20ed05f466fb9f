// One verification's evidence: decodes pages, tells canary from baseline and before, and answers each look with a
// report.
import type {
  AnalysisSettings,
  AnalysisSource,
  Decode,
  DecoderName,
  EvidencePage,
  Look,
} from '../model/evidence/analysis.ts';
import type {
  KeptEvidence,
  KeptLogs,
  LearnedEvents,
  LogLine,
  MetricPoint,
  NodeSeries,
} from '../model/evidence/evidence.ts';
import type { Feedback } from '../model/evidence/feedback.ts';
import { fail, succeed, type Result } from '../model/failure.ts';
import {
  combineOutcomes,
  runReasons,
  type Check,
  type Comparison,
  type LogsCheck,
  type Outcome,
  type VerificationReport,
} from '../model/evidence/verdict.ts';
import { createLogAnalysis, type LogAnalysis } from './logs/logAnalysis.ts';
import { checkMetrics, forecastSource, type Forecasts } from './metrics/checkMetrics.ts';
import { SeriesMemory } from './metrics/series/carriedSeries.ts';
import { redactCheck, withLimits, withTiming } from './checkRemarks.ts';
import { createFreshness, type Freshness } from './freshness.ts';
import { partsOf, type KeptRun, type MetricPast } from './metricWindow.ts';
import { createPointStore } from './pointStore.ts';
import { settingsOf, sortByRole, trafficRatio } from './sides.ts';

export interface EvidenceSession {
  ingest(page: EvidencePage): Result<{ rows: number }>;
  look(look: Look): VerificationReport;
  /** Replaces what reviewers said; the next look heeds it. */
  setFeedback(entries: readonly Feedback[]): void;
  learn(): Readonly<Record<string, LearnedEvents>>;
  /** What the canary showed until the last look. */
  keep(): KeptEvidence;
}

type LogsState = {
  readonly source: AnalysisSource & { kind: 'logs' };
  readonly analysis: LogAnalysis;
  readonly freshness: Freshness;
  /** A run of before stands for the time before. */ readonly standIn: boolean;
  /** Not counted yet: only a look says until when lines count. */ arrived: LogLine[];
};
type MetricsState = {
  readonly source: AnalysisSource & { kind: 'metrics' };
  readonly past: MetricPast;
  readonly freshness: Freshness;
  /** Up to when the last look counted. */ endMs: number;
  /** So that each evaluation only works out what is new. */
  readonly memory: SeriesMemory;
  /** Made once: later values tell nothing of the time before. */ forecasts?: Forecasts;
};

export function createEvidenceSession(
  settings: AnalysisSettings,
  decoders: Readonly<Record<DecoderName, Decode>>,
  redact: (text: string) => string,
  kept?: KeptEvidence,
): EvidenceSession {
  const earlier = settings.earlier && kept && { ...settings.earlier, evidence: kept };
  const logs = settings.sources
    .filter(source => source.kind === 'logs')
    .map((source): LogsState => {
      const standIn = earlierLogs(source.name, settings, earlier);
      const analysis = createLogAnalysis({
        sensitivity: settings.sensitivity,
        ...(settings.values && { values: settings.values }),
        baselineKind: settings.baselineKind,
        trafficRatio: trafficRatio(settings, standIn.earlier?.logs),
        ...(settings.version !== undefined && { version: settings.version }),
        ...(source.learned && { learned: source.learned }),
        ...(source.feedback && { feedback: source.feedback }),
        ...standIn,
      });
      return {
        source,
        arrived: [],
        standIn: standIn.earlier !== undefined,
        freshness: createFreshness(settings),
        analysis,
      };
    });
  const metrics = settings.sources
    .filter(source => source.kind === 'metrics')
    .map((source): MetricsState => ({
      source,
      freshness: createFreshness(settingsOf(settings, source)),
      past: pastOf(settings, earlier),
      memory: new SeriesMemory(),
      endMs: settings.canarySinceMs,
    }));
  let looks = 0;

  return {
    ingest(page) {
      const decode = decoders[page.decoder];
      if (!decode) return fail('bad-answer', `No decoder is named ${page.decoder}.`);
      const decoded = decode(page.bytes, page.context);
      if (!decoded.ok) return decoded;
      const { rows, lines = [], points = [] } = decoded.value;
      const log = logs.find(({ source }) => source.name === page.source);
      const metric = metrics.find(({ source }) => source.name === page.source);
      if (!log && !metric)
        return fail('invalid', `No health source named '${page.source}' belongs to this verification.`);
      const aheadMs = Number(page.context['clockAheadMs'] ?? 0);
      for (const line of lines) {
        const ours = aheadMs === 0 ? line : { ...line, atMs: line.atMs - aheadMs };
        log?.arrived.push(ours);
        log?.freshness.note(ours.node, ours.atMs);
      }
      if (metric)
        addPoints(
          metric,
          aheadMs === 0 ? points : points.map(point => ({ ...point, atMs: point.atMs - aheadMs })),
          settings,
        );
      return succeed({ rows });
    },
    look(look) {
      const checks = [
        ...metrics.flatMap(state => assessMetrics(state, settingsOf(settings, state.source), look)),
        ...logs.map(state => assessLogs(state, settings, look)),
      ].map(check => redactCheck(withLimits(check, look), redact));
      return {
        outcome: outcomeSoFar(checks, settings, look),
        checks,
        startedAtMs: settings.canarySinceMs,
        lookedAtMs: look.atMs,
        looks: ++looks,
      };
    },
    setFeedback(entries) {
      for (const { analysis } of logs) analysis.setFeedback(entries);
    },
    keep: () => ({
      format: 1,
      intervalMs: settings.intervalMs,
      metrics: Object.fromEntries(
        metrics.map(({ source, past, endMs }) => [
          source.name,
          Object.fromEntries(
            source.metrics
              .flatMap(partsOf)
              .map(({ name }) => [name, keepSeries(past, name, settingsOf(settings, source), endMs)]),
          ),
        ]),
      ),
      logs: Object.fromEntries(
        logs.map(({ source, analysis }) => {
          const { clusters, ...rest } = analysis.keep();
          return [
            source.name,
            { ...rest, clusters: clusters.map(cluster => ({ ...cluster, template: redact(cluster.template) })) },
          ];
        }),
      ),
    }),
    learn: () =>
      Object.fromEntries(
        logs.map(state => {
          countArrived(state, settings, Infinity);
          const learned = state.analysis.learn();
          return [
            state.source.name,
            {
              ...learned,
              clusters: learned.clusters.map(cluster => ({ ...cluster, template: redact(cluster.template) })),
            },
          ];
        }),
      ),
  };
}

/** Nodes and intervals of a metric that are kept: the first of them. */
const mostKeptNodes = 64,
  mostKeptIntervals = 2_000;

function keepSeries(
  { points }: MetricPast,
  metric: string,
  { canaryNodes, canarySinceMs, intervalMs }: AnalysisSettings,
  endMs: number,
): NodeSeries {
  return points.series(
    metric,
    canaryNodes.slice(0, mostKeptNodes),
    canarySinceMs,
    Math.min(endMs, canarySinceMs + mostKeptIntervals * intervalMs),
  );
}

function pastOf({ intervalMs, beforeFromMs, dayBefore }: AnalysisSettings, earlier: KeptRun | undefined): MetricPast {
  return {
    points: createPointStore({ intervalMs, beforeFromMs }),
    ...(dayBefore && { dayBefore: createPointStore({ intervalMs, beforeFromMs: dayBefore.fromMs }) }),
    ...(earlier && { earlier }),
  };
}

/** What lies before the time before is of the day before, and says nothing of how late evidence comes now. */
function addPoints(
  { past, freshness }: MetricsState,
  points: readonly MetricPoint[],
  { beforeFromMs }: AnalysisSettings,
): void {
  const recent = points.every(({ atMs }) => atMs >= beforeFromMs)
    ? points
    : points.filter(({ atMs }) => atMs >= beforeFromMs);
  past.points.add(recent);
  for (const { node, atMs, value } of recent) if (value !== null) freshness.note(node, atMs);
  if (past.dayBefore && recent.length < points.length)
    past.dayBefore.add(points.filter(({ atMs }) => atMs < beforeFromMs));
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

/** A single check may be called fine after half of the window, or when the whole may be. */
function leastMs({ durationMs, passAfterMs = Infinity }: AnalysisSettings): number {
  return Math.min(durationMs / 2, passAfterMs);
}

/**
 * A check may be fine before the window is over; the verification passes only at its end, unless it may earlier, and
 * fails at once.
 */
function outcomeSoFar(
  checks: readonly Check[],
  { passAfterMs = Infinity, canarySinceMs, sources }: AnalysisSettings,
  { final, atMs }: Look,
): Outcome {
  const outcome = combineOutcomes(checks.map(check => check.outcome));
  const mayPass = final || atMs >= canarySinceMs + passAfterMs + Math.max(0, ...sources.map(source => source.delayMs));
  return outcome === 'pass' && !mayPass ? 'inconclusive' : outcome;
}

/** What is later waits: the other side may not have arrived. A late line counts when it comes. */
function countArrived(state: LogsState, settings: AnalysisSettings, endMs: number, untilMs = Infinity): void {
  const [counted, waiting] = [[] as LogLine[], [] as LogLine[]];
  for (const line of state.arrived) if (line.atMs < untilMs) (line.atMs < endMs ? counted : waiting).push(line);
  for (const [role, those] of sortByRole(counted, settings))
    if (role !== 'before' || !state.standIn) state.analysis.add(those, role);
  state.arrived = waiting;
}

function assessLogs(state: LogsState, settings: AnalysisSettings, look: Look): Check {
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

function assessMetrics(state: MetricsState, settings: AnalysisSettings, look: Look): Check[] {
  const { source, past, freshness } = state;
  if (look.unread[source.name] === undefined)
    state.forecasts ??= forecastSource(source, past, settings, leastMs(settings));
  // A bucket is noted by its start: the newest may still be filling.
  const fresh = freshness.measure(look.atMs, source.delayMs + settings.intervalMs, isRead(source.name, look));
  const endMs = Math.min(look.atMs - source.delayMs, fresh.completeToMs, look.untilMs ?? Infinity);
  state.endMs = endMs;
  return checkMetrics(source, past, settings, {
    endMs,
    minimumMs: leastMs(settings),
    final: look.final,
    forecasts: state.forecasts ?? [],
    memory: state.memory,
  }).map(check => withTiming(check, source.delayMs, fresh, look));
}

function isRead(source: string, { unread }: Look): boolean {
  return unread[source] === undefined;
}
