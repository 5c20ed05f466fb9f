// Canary against baseline, metric by metric, at any moment of the run: which metrics have regressed, which are fine, and which cannot be said.
import type { MetricEvidence, MetricWindow } from '../../model/evidence.ts';
import type { Sensitivity } from '../../model/pipeline.ts';
import type { Outcome, Reason } from '../../model/verdict.ts';
import { calibrate, type Calibration } from './calibration.ts';
import { describeCentre, type Centre } from './centre.ts';
import { familyThreshold } from './family.ts';
import { testCount } from './frequencies.ts';
import { testGauge } from './gauges.ts';
import type { Measurement, MetricTest } from './measurement.ts';
import { testAgainstPrevious } from './previous.ts';
import { fellSilent, lengthOf } from './series.ts';

export interface MetricSettings {
  readonly sensitivity: Sensitivity;
  /** Least canary time before a pass may be said. */
  readonly minimumMs: number;
  /** No more time will be given. */
  readonly final: boolean;
}

export interface MetricAssessment {
  readonly name: string;
  readonly outcome: Outcome;
  readonly reasons: readonly Reason[];
  readonly canary: number | null;
  readonly baseline: number | null;
  /** Relative change against the baseline, null where it cannot be said. */
  readonly change: number | null;
  /** Largest e-value so far, and the one that suffices. */
  readonly evidence: number;
  readonly threshold: number;
  /** End of the interval at which it first was sure, ms after the start of the window. */
  readonly sureAtMs?: number;
}

/** Looking more often than this gains nothing and costs time; a short verification looks oftener, so that it has looks at all. */
const longestStepMs = 15_000, leastLooks = 12;
/** A pass says that a change of more than this share, beyond the tolerance, is unlikely. */
const materialChange = 0.5;
/** Share of the (log) evidence for a failure at which "fine" can no longer be said. */
const suspicion = 0.5;

/**
 * Stateless: recomputed from what is known at each look. Valid under continuous looking: each metric's evidence is an e-process (largest value so far decides), and the
 * family of metrics shares one chance of a false alarm (family.ts). A failed metric stays failed at every later look of the same, growing window.
 */
export function assessMetrics(window: MetricWindow, settings: MetricSettings): readonly MetricAssessment[] {
  const planned = Math.max(1, Math.ceil(settings.minimumMs / window.intervalMs));
  const subjects = window.metrics.map(metric => openSubject(metric, window, settings, planned));
  const length = Math.max(0, ...window.metrics.map(metric => lengthOf(metric.canary)));
  const stride = Math.max(1, Math.floor(Math.min(longestStepMs, settings.minimumMs / leastLooks) / window.intervalMs));
  for (let known = stride; known <= length; known += stride) lookAt(subjects, known, window.intervalMs);
  return subjects.map(subject => conclude(subject, length * window.intervalMs, settings));
}

interface Subject {
  readonly metric: MetricEvidence;
  readonly calibration: Calibration;
  readonly test: MetricTest | undefined;
  readonly centre: Centre;
  /** The baseline was measured at the same time. */
  readonly concurrent: boolean;
  latest?: Measurement;
  highest: number;
  threshold: number;
  sureAtMs?: number;
}

function openSubject(metric: MetricEvidence, window: MetricWindow, { sensitivity }: MetricSettings, planned: number): Subject {
  const calibration = calibrate(metric, sensitivity);
  const denominator = metric.kind === 'count' ? window.metrics.find(({ name }) => name === metric.denominator) : undefined;
  const centre = describeCentre(metric, denominator, window);
  const measurable = centre.canary !== null && centre.baseline !== null;
  const open = window.baselineKind === 'previous'
    ? () => testAgainstPrevious(metric, denominator, window, calibration, planned)
    : () => (metric.kind === 'count' ? testCount(metric, denominator, window, calibration, planned) : testGauge(metric, window, calibration, planned));
  return {
    metric, calibration, centre, concurrent: window.baselineKind !== 'previous', test: measurable ? open() : undefined,
    highest: -Infinity, threshold: Math.log(window.metrics.length / calibration.alpha),
  };
}

/** All metrics at one moment: those that fail now fail together. */
function lookAt(subjects: readonly Subject[], known: number, intervalMs: number): void {
  const logs = subjects.map(subject => {
    subject.latest = subject.test?.measure(known);
    return subject.latest?.logEvidence ?? -Infinity;
  });
  const threshold = familyThreshold(logs, subjects[0]!.calibration.alpha);
  subjects.forEach((subject, k) => {
    subject.highest = Math.max(subject.highest, logs[k]!);
    if (subject.sureAtMs !== undefined || logs[k]! < threshold) return;
    subject.sureAtMs = known * intervalMs;
    subject.threshold = threshold;
  });
}

function conclude(subject: Subject, knownMs: number, settings: MetricSettings): MetricAssessment {
  const { metric, centre, highest, threshold, sureAtMs } = subject;
  const { outcome, reason } = sureAtMs === undefined ? judgeUndecided(subject, knownMs, settings) : { outcome: 'fail' as const, reason: regressed(subject) };
  return {
    name: metric.name, outcome, reasons: [reason], ...centre, evidence: asEvidence(highest), threshold: Math.exp(threshold),
    ...(sureAtMs !== undefined && { sureAtMs }),
  };
}

/** An e-value that a person can read and JSON can hold. */
function asEvidence(logEvidence: number): number {
  return logEvidence === -Infinity ? 1 : Math.exp(Math.min(logEvidence, 300));
}

function judgeUndecided(subject: Subject, knownMs: number, settings: MetricSettings): { outcome: Outcome; reason: Reason } {
  const { metric, calibration, centre, latest, threshold, concurrent } = subject;
  const missing = (code: 'no-canary-data' | 'no-baseline-data'): { outcome: Outcome; reason: Reason } => ({ outcome: 'inconclusive', reason: { code, values: { metric: metric.name } } });
  if (centre.canary === null || (concurrent && fellSilent(metric.canary, metric.baseline))) return missing('no-canary-data');
  if (centre.baseline === null) return missing('no-baseline-data');
  const tooLittle = (have: number, need: number, what: string): { outcome: Outcome; reason: Reason } => (
    { outcome: 'inconclusive', reason: { code: 'not-enough-data', values: { have, need, what } } });
  if (knownMs < settings.minimumMs && !settings.final) return tooLittle(Math.round(knownMs / 1000), Math.round(settings.minimumMs / 1000), 'seconds');
  if (latest === undefined) return tooLittle(0, 1, 'intervals');
  if (latest.have < latest.need) return tooLittle(latest.have, latest.need, latest.what);
  const bound = calibration.tolerance + materialChange;
  const upper = Math.expm1(latest.upperShift);
  if (upper > bound || latest.logEvidence > suspicion * threshold) return tooLittle(latest.have, latest.have + 1, latest.what);
  return { outcome: 'pass', reason: { code: 'metric-in-band', values: { ...described(subject), tolerance: calibration.tolerance } } };
}

function regressed(subject: Subject): Reason {
  return { code: 'metric-regressed', values: { ...described(subject), evidence: asEvidence(subject.highest) } };
}

function described({ metric, centre }: Subject): Record<string, string | number> {
  return {
    metric: metric.name, unit: metric.unit ?? '',
    ...(centre.canary !== null && { canary: centre.canary }), ...(centre.baseline !== null && { baseline: centre.baseline }), ...(centre.change !== null && { change: centre.change }),
  };
}
