// Compares canary and baseline metric by metric, at any moment of the run. Each metric has regressed, is fine, or is
// inconclusive.
import type { MetricEvidence, MetricWindow } from '../../model/evidence/evidence.ts';
import type { Outcome, Reason } from '../../model/evidence/verdict.ts';
import type { Band, Measurement } from './series/measurement.ts';
import type { SeriesMemory } from './series/carriedSeries.ts';
import { replayLooks, type Question, type Replay, type Subject } from './replay.ts';
import { isIgnored } from './models/limits.ts';
import { fellSilent, lengthOf } from './series/series.ts';

export interface MetricSettings extends Question {
  /** True if no more time will be given. */
  readonly final: boolean;
  /** True if a pass at this evaluation ends the verification early. */
  readonly early?: boolean;
}

export interface MetricAssessment {
  readonly name: string;
  readonly outcome: Outcome;
  readonly reasons: readonly Reason[];
  readonly canary: number | null;
  readonly baseline: number | null;
  /** The relative change against the baseline; null if undefined. */
  readonly change: number | null;
  /** The largest e-value so far, and the one that fails the metric. */
  readonly evidence: number;
  readonly threshold: number;
  /** The end of the interval at which the test was certain for the first time, in ms after the start of the window. */
  readonly sureAtMs?: number;
  /** For an inconclusive metric: the additional time that it needs at this traffic; null if more time may not help. */
  readonly neededMs?: number | null;
}

/** A pass means that a change of more than this share, beyond the tolerance, is unlikely. */
const materialChange = 0.5;
/** The share of the (log) evidence for a failure above which a metric is no longer fine. */
const suspicion = 0.5;

/**
 * Stateless: recomputed at each evaluation. Valid under continuous evaluation: each metric's evidence is an e-process
 * (the largest value so far decides), and all metrics share one chance of a false alarm (family.ts). A failed metric
 * remains failed at every later evaluation of the same, growing window.
 */
export function assessMetrics(
  window: MetricWindow,
  settings: MetricSettings,
  memory?: SeriesMemory,
): readonly MetricAssessment[] {
  return assessReplay(replayLooks(window, settings, memory), settings);
}

export function assessReplay({ window, subjects }: Replay, settings: MetricSettings): readonly MetricAssessment[] {
  return subjects.map(subject => conclude(subject, window, settings));
}

export function conclude(subject: Subject, window: MetricWindow, settings: MetricSettings): MetricAssessment {
  const { metric, centre, highest, threshold, breach } = subject;
  const failures: Reason[] = [
    ...(breach ? [overstepped(metric, breach.value)] : []),
    ...(subject.sureAtMs === undefined ? [] : [regressed(subject)]),
  ];
  const sureAtMs =
    failures.length === 0
      ? undefined
      : Math.min(subject.sureAtMs ?? Infinity, breach ? breach.known * window.intervalMs : Infinity);
  const said: Said =
    sureAtMs === undefined ? judgeUndecided(subject, window, settings) : { outcome: 'fail', reasons: failures };
  return {
    name: metric.name,
    outcome: said.outcome,
    reasons: said.reasons,
    ...centre,
    evidence: asEvidence(highest),
    threshold: Math.exp(threshold),
    ...(sureAtMs !== undefined && { sureAtMs }),
    ...(said.neededMs !== undefined && { neededMs: said.neededMs }),
  };
}

/** The range in which one value of the canary would not be surprising; undefined if nothing can be compared. */
export function bandOf({ test }: Subject, baseline: number, exposure: number): Band | undefined {
  return test?.band?.(baseline, exposure);
}

/** Limits an e-value so that people can read it and JSON can represent it. */
function asEvidence(logEvidence: number): number {
  return logEvidence === -Infinity ? 1 : Math.exp(Math.min(logEvidence, 300));
}

interface Said {
  readonly outcome: Outcome;
  readonly reasons: readonly Reason[];
  readonly neededMs?: number | null;
}

function judgeUndecided(subject: Subject, window: MetricWindow, settings: MetricSettings): Said {
  const { metric, calibration, centre, latest, threshold } = subject;
  const concurrent = window.baselineKind !== 'previous';
  const missing = (code: 'no-canary-data' | 'no-baseline-data'): Said => ({
    outcome: 'inconclusive',
    reasons: [{ code, values: { metric: metric.name } }],
    neededMs: null,
  });
  if (centre.canary === null || (concurrent && fellSilent(metric.canary, metric.baseline)))
    return missing('no-canary-data');
  if (centre.baseline === null || (concurrent && fellSilent(metric.baseline, metric.canary)))
    return missing('no-baseline-data');
  const { intervalMs } = window;
  const knownMs = Math.max(0, ...window.metrics.map(({ canary }) => lengthOf(canary))) * intervalMs;
  const restMs = Math.max(0, settings.minimumMs - knownMs);
  const tooLittle = (have: number, need: number, what: string, neededMs: number | null): Said => ({
    outcome: 'inconclusive',
    neededMs: neededMs === null ? null : Math.max(neededMs, restMs),
    reasons: [{ code: 'not-enough-data', values: { have: Math.floor(have), need: Math.ceil(need), what } }],
  });
  if (latest === undefined) return tooLittle(0, 1, 'intervals', intervalMs);
  const { have, need, what, logEvidence, upperShift, doubt, tolerated } = latest;
  const lackingMs = have < need ? (have > 0 ? (knownMs * (need - have)) / have : null) : 0;
  if (restMs > 0 && !settings.final) return tooLittle(knownMs / 1000, settings.minimumMs / 1000, 'seconds', lackingMs);
  if (have < need) return tooLittle(have, need, what, lackingMs);
  const bound = Math.log(Math.exp(tolerated) + materialChange);
  const mayBeBad = upperShift + (settings.early ? doubt : 0) > bound || logEvidence > suspicion * threshold;
  if (mayBeBad && !isIgnored(subject.values, Infinity, metric.ignore)) {
    const times = logEvidence > suspicion * threshold ? null : timesMore(latest, bound);
    return tooLittle(
      have,
      times === null ? have + 1 : Math.max(have + 1, have * times),
      what,
      times === null ? null : knownMs * (times - 1),
    );
  }
  return {
    outcome: 'pass',
    reasons: [
      {
        code: 'metric-in-band',
        values: { ...described(subject), tolerance: calibration.tolerance, direction: metric.direction },
      },
    ],
  };
}

/**
 * The factor by which the amount of data must grow until the upper end of the change is below the bound; null if noise
 * is not the only reason why it is above.
 */
function timesMore({ upperShift, error, leastError }: Measurement, bound: number): number | null {
  const room = bound - (upperShift - error);
  if (!Number.isFinite(error) || room <= leastError) return null;
  return (error ** 2 - leastError ** 2) / (room ** 2 - leastError ** 2);
}

function overstepped({ name, unit = '', denominator, limit }: MetricEvidence, value: number): Reason {
  const [side, bound] =
    value > (limit?.above ?? Infinity) ? (['above', limit?.above] as const) : (['below', limit?.below] as const);
  return {
    code: 'metric-limit',
    values: {
      metric: name,
      unit,
      ...(denominator !== undefined && { denominator }),
      value,
      side,
      limit: bound ?? 0,
      times: limit?.times ?? 1,
      inARow: String(limit?.inARow ?? false),
    },
  };
}

function regressed(subject: Subject): Reason {
  return { code: 'metric-regressed', values: { ...described(subject), evidence: asEvidence(subject.highest) } };
}

function described({
  metric,
  centre,
}: {
  readonly metric: MetricEvidence;
  readonly centre: Subject['centre'];
}): Record<string, string | number> {
  return {
    metric: metric.name,
    unit: metric.unit ?? '',
    ...(metric.denominator !== undefined && { denominator: metric.denominator }),
    ...(centre.canary !== null && { canary: centre.canary }),
    ...(centre.baseline !== null && { baseline: centre.baseline }),
    ...(centre.change !== null && { change: centre.change }),
  };
}
