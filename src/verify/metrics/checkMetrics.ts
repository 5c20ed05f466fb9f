// Converts one source's metrics into checks of a report: the verdict, what would have changed it, and the lines of the
// chart.
import type { AnalysisSettings, AnalysisSource } from '../../model/evidence/analysis.ts';
import type { MetricWindow } from '../../model/evidence/evidence.ts';
import {
  runReasons,
  type Allowance,
  type Comparison,
  type MetricCheck,
  type MetricForecast,
  type MetricSeries,
  type Reason,
} from '../../model/evidence/verdict.ts';
import { compareMetrics, type MetricPast } from '../metricWindow.ts';
import { assessReplay, bandOf } from './assessMetrics.ts';
import { drawMetric } from './chart.ts';
import { forecastMetrics } from './forecast.ts';
import { rangesOf } from './levelRange.ts';
import { replayLooks, type Subject } from './replay.ts';
import type { SeriesMemory } from './series/carriedSeries.ts';
import { askWhatIf } from './whatIf.ts';

/** The lines start as long before the canary as it has run, but at least this long. */
const leastHistoryMs = 300_000;

export type Forecasts = readonly (MetricForecast | undefined)[];

/** What the comparison will be able to detect, once the time before has been read. */
export function forecastSource(
  source: AnalysisSource & { kind: 'metrics' },
  past: MetricPast,
  settings: AnalysisSettings,
  minimumMs: number,
): Forecasts {
  return forecastMetrics(
    compareMetrics(source, past, settings, settings.canarySinceMs).window,
    { sensitivity: settings.sensitivity, minimumMs },
    settings.durationMs,
  );
}

interface Moment {
  /** The time up to which evidence is complete and counts. */
  readonly endMs: number;
  readonly minimumMs: number;
  readonly final: boolean;
  readonly forecasts: Forecasts;
  /** Results of earlier evaluations of the same window. */
  readonly memory: SeriesMemory;
}

export function checkMetrics(
  source: AnalysisSource & { kind: 'metrics' },
  past: MetricPast,
  settings: AnalysisSettings,
  { endMs, minimumMs, final, forecasts, memory }: Moment,
): MetricCheck[] {
  const question = {
    sensitivity: settings.sensitivity,
    minimumMs,
    final,
    early: settings.passAfterMs !== undefined && !final,
  };
  const { window, comparisons } = compareMetrics(source, past, settings, endMs);
  const replay = replayLooks(window, question, memory);
  const assessments = assessReplay(replay, question);
  // Computed only for results that someone can act on.
  const isDecisive = final || assessments.some(({ outcome }) => outcome === 'fail');
  const whatIfs = isDecisive ? askWhatIf(replay, assessments, question) : [];
  const chart = chartWindow(source, past, settings, endMs);
  return assessments.map(({ sureAtMs: _, reasons, ...assessment }, k) => ({
    kind: 'metric',
    source: source.name,
    ...assessment,
    reasons: [...reasons, ...reasonsOf(comparisons[k]!, assessment.name)],
    comparison: comparisons[k]!,
    allowed: allowanceOf(replay.subjects[k]!),
    ...(window.metrics[k]!.unit && { unit: window.metrics[k]!.unit }),
    ...(whatIfs[k]?.length && { whatIf: whatIfs[k] }),
    series: drawSubject(replay.subjects[k]!, k, chart),
    ...(forecasts[k] && { forecast: forecasts[k] }),
  }));
}

/**
 * Reasons for a metric that is not compared with nodes running at the same time, and for a comparison that the pipeline
 * asked for but that is not available.
 */
function reasonsOf(comparison: Comparison, metric: string): readonly Reason[] {
  return [
    ...(comparison.mode === 'previous' ? [{ code: 'compared-before' as const, values: { metric } }] : []),
    ...runReasons(comparison),
  ];
}

function allowanceOf({ metric, calibration }: Subject): Allowance {
  const { tolerance, floor } = calibration;
  return { tolerance, ...(floor > 0 && { floor }), direction: metric.direction };
}

interface ChartWindow extends MetricWindow {
  readonly startMs: number;
  /** First interval of the canary. */
  readonly canaryFrom: number;
}

/** The same nodes, from before the canary on. */
function chartWindow(
  source: AnalysisSource & { kind: 'metrics' },
  past: MetricPast,
  settings: AnalysisSettings,
  endMs: number,
): ChartWindow {
  const { intervalMs, canarySinceMs, beforeFromMs } = settings;
  const fromMs = Math.max(beforeFromMs, canarySinceMs - Math.max(leastHistoryMs, endMs - canarySinceMs));
  const first = Math.ceil(Math.min(fromMs, canarySinceMs) / intervalMs);
  return {
    ...compareMetrics(source, past, { ...settings, canarySinceMs: first * intervalMs }, endMs).window,
    startMs: first * intervalMs,
    canaryFrom: Math.ceil(canarySinceMs / intervalMs) - first,
  };
}

function drawSubject(
  subject: Subject,
  k: number,
  { metrics, intervalMs, trafficWeight, baselineKind, startMs, canaryFrom }: ChartWindow,
): MetricSeries {
  const metric = metrics[k]!;
  const denominator = metric.kind === 'count' ? metrics.find(({ name }) => name === metric.denominator) : undefined;
  return drawMetric({
    metric,
    denominator,
    startMs,
    intervalMs,
    trafficWeight,
    band: (baseline, exposure) => bandOf(subject, baseline, exposure),
    ranges: rangesOf(subject, startMs + canaryFrom * intervalMs, intervalMs),
    ...(baselineKind === 'previous' && { previous: { level: subject.centre.baseline, from: canaryFrom } }),
  });
}
