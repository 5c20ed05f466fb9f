// Replays all evaluations of a window's metrics that a run would have had. What was certain at one of them stays
// certain.
import type { MetricEvidence, MetricWindow } from '../../model/evidence/evidence.ts';
import type { Sensitivity } from '../../model/pipeline.ts';
import { calibrate, type Calibration } from './calibration.ts';
import { confirmedEvidence } from './confirmation.ts';
import { SeriesMemory } from './series/carriedSeries.ts';
import { describeCentre, type Centre } from './models/centre.ts';
import { familyThreshold } from './family.ts';
import { testCount } from './series/frequencies.ts';
import { testGauge } from './models/gauges.ts';
import { testHistogram } from './series/histograms.ts';
import { canaryValues, findBreach, isIgnored, type Breach } from './models/limits.ts';
import type { Measurement, MetricTest } from './series/measurement.ts';
import { testAgainstPrevious } from './models/previous.ts';
import { lengthOf } from './series/series.ts';
import { shareSpreads } from './models/sharedSpread.ts';

export interface Question {
  readonly sensitivity: Sensitivity;
  /** The minimum canary time before a pass. */
  readonly minimumMs: number;
}

export interface Subject {
  readonly metric: MetricEvidence;
  readonly calibration: Calibration;
  readonly test: MetricTest | undefined;
  readonly centre: Centre;
  readonly latest?: Measurement;
  /** The measurements at each evaluation so far. */
  readonly course: { readonly known: number; readonly measured: Measurement }[];
  /** ln of the largest confirmed evidence so far, and of the required evidence. */
  readonly highest: number;
  readonly threshold: number;
  /** The end of the interval at which the test was certain for the first time, in ms after the start of the window. */
  readonly sureAtMs?: number;
  /** A limit set by a person was exceeded, whatever the test says. */
  readonly breach?: Breach;
  /** The canary's value per interval, if a person set a limit. */
  readonly values: readonly number[];
}

export interface Replay {
  readonly window: MetricWindow;
  readonly question: Question;
  readonly subjects: readonly Subject[];
  readonly looks: readonly Look[];
}

interface Look {
  /** The number of known intervals. */
  readonly known: number;
  /** ln of each metric's evidence, as far as the evaluation before confirms it. */
  readonly logs: readonly number[];
  /** What the other metrics said, at the evaluation before, about how the nodes differ. */
  readonly outside: readonly (readonly number[])[] | undefined;
}

/**
 * Evaluating more often gains nothing and costs time. A short verification evaluates more often, so that it has several
 * evaluations.
 */
const longestStepMs = 15_000,
  leastLooks = 12,
  densely = 40;

type Mutable<T> = { -readonly [Key in keyof T]: T[Key] };

/** `memory` is from an earlier replay of the same run; it saves time and does not change the result. */
export function replayLooks(window: MetricWindow, question: Question, memory = new SeriesMemory()): Replay {
  memory.rewind();
  const subjects = window.metrics.map(metric =>
    openSubject(metric, calibrate(metric, question.sensitivity, window.baselineKind), window, question, memory),
  );
  const looks: Look[] = [];
  let outside: Look['outside'];
  let before = subjects.map(() => -Infinity);
  for (const known of looksWithin(window, question)) {
    const logs = subjects.map((subject, k) => measureAt(subject, known, outside?.[k]));
    looks.push({ known, logs: logs.map((log, k) => confirmed(window, log, before[k]!)), outside });
    before = logs;
    outside = shareSpreads(subjects.map(({ latest }) => latest?.spreads));
  }
  for (const { known, logs } of looks) {
    const threshold = familyThreshold(logs, subjects[0]!.calibration);
    subjects.forEach((subject, k) => weigh(subject, logs[k]!, threshold, known * window.intervalMs));
  }
  return { window, question, subjects, looks };
}

/** The result of one metric if it, or its settings, had been different while the other metrics are unchanged. */
export function replayOne(
  { window, question, looks }: Replay,
  index: number,
  metric: MetricEvidence,
  calibration: Calibration,
): Subject {
  const altered = { ...window, metrics: window.metrics.map((other, k) => (k === index ? metric : other)) };
  const subject = openSubject(metric, calibration, altered, question, new SeriesMemory());
  let before = -Infinity;
  for (const { known, logs, outside } of looks) {
    const measured = measureAt(subject, known, outside?.[index]);
    const log = confirmed(window, measured, before);
    before = measured;
    weigh(
      subject,
      log,
      familyThreshold(
        logs.map((other, k) => (k === index ? log : other)),
        calibration,
      ),
      known * window.intervalMs,
    );
    if (subject.sureAtMs !== undefined) break;
  }
  return subject;
}

function openSubject(
  metric: MetricEvidence,
  calibration: Calibration,
  window: MetricWindow,
  { minimumMs }: Question,
  memory: SeriesMemory,
): Mutable<Subject> {
  const planned = Math.max(1, Math.ceil(minimumMs / window.intervalMs));
  const denominator =
    metric.kind === 'count' ? window.metrics.find(({ name }) => name === metric.denominator) : undefined;
  const centre = describeCentre(metric, denominator, window);
  const measurable = centre.canary !== null && centre.baseline !== null;
  const { histogram } = metric;
  const open = histogram
    ? () => testHistogram(metric, histogram, window, calibration, planned, memory)
    : window.baselineKind === 'previous'
      ? () => testAgainstPrevious(metric, denominator, window, calibration, planned)
      : () =>
          metric.kind === 'count'
            ? testCount(metric, denominator, window, calibration, planned, memory)
            : testGauge(metric, window, calibration, planned, memory);
  const values = metric.limit || metric.ignore ? canaryValues(metric, denominator) : [];
  const breach = findBreach(values, metric.limit);
  return {
    metric,
    calibration,
    centre,
    values,
    ...(breach && { breach }),
    test: measurable ? open() : undefined,
    course: [],
    highest: -Infinity,
    threshold: Math.max(-Math.log(calibration.single), Math.log(window.metrics.length / calibration.alpha)),
  };
}

/**
 * Evaluates at regular intervals, and half as often after every forty evaluations, because little changes late in a
 * long run. The moments are the same in every longer window.
 */
function looksWithin({ metrics, intervalMs }: MetricWindow, { minimumMs }: Question): number[] {
  const length = Math.max(0, ...metrics.map(metric => lengthOf(metric.canary)));
  let stride = Math.max(1, Math.floor(Math.min(longestStepMs, minimumMs / leastLooks) / intervalMs));
  const looks: number[] = [];
  for (let known = stride; known <= length; known += stride) {
    looks.push(known);
    if (looks.length % densely === 0) stride *= 2;
  }
  return looks;
}

function measureAt(subject: Mutable<Subject>, known: number, outside: readonly number[] | undefined): number {
  const latest = subject.test?.measure(known, outside);
  if (latest) {
    subject.latest = latest;
    subject.course.push({ known, measured: latest });
  }
  return latest === undefined || isIgnored(subject.values, known, subject.metric.ignore)
    ? -Infinity
    : latest.logEvidence;
}

/** Against an earlier time, values without precedent count (records.ts), which are momentary by nature. */
function confirmed({ baselineKind }: MetricWindow, logEvidence: number, before: number): number {
  return baselineKind === 'previous' ? logEvidence : confirmedEvidence(logEvidence, before);
}

function weigh(subject: Mutable<Subject>, log: number, threshold: number, atMs: number): void {
  subject.highest = Math.max(subject.highest, log);
  if (subject.sureAtMs !== undefined || log < threshold) return;
  subject.sureAtMs = atMs;
  subject.threshold = threshold;
}
