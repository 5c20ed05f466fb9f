// Finds out what would have changed a metric's verdict: another sensitivity, another tolerance, or another change of
// the canary.
import type { MetricEvidence, NodeSeries } from '../../model/evidence/evidence.ts';
import type { Sensitivity } from '../../model/pipeline.ts';
import type { Outcome, WhatIf } from '../../model/evidence/verdict.ts';
import { assessReplay, conclude, type MetricAssessment, type MetricSettings } from './assessMetrics.ts';
import { calibrate, type Calibration } from './calibration.ts';
import { replayLooks, replayOne, type Replay } from './replay.ts';

/** Nearest first. */
const others: Readonly<Record<Sensitivity, readonly Sensitivity[]>> = {
  low: ['medium', 'high'],
  medium: ['low', 'high'],
  high: ['medium', 'low'],
};
/** The steps in which tolerances and changes are tried, and the largest of them. */
const tolerancePercent = 1,
  farthestTolerance = 500;
const changeFactor = 1.02,
  farthestChange = 120;
/**
 * The maximum number of values and evaluations for all answers together, because a report must not wait for details.
 * Failed metrics come first.
 */
const affordable = 1_500_000;

export function askWhatIf(
  replay: Replay,
  assessments: readonly MetricAssessment[],
  settings: MetricSettings,
): readonly (readonly WhatIf[])[] {
  const answers: WhatIf[][] = assessments.map(() => []);
  let spent = 0;
  const whole = replay.subjects.reduce((sum, { metric }) => sum + costOf(metric, replay), 0);
  for (const sensitivity of others[settings.sensitivity]) {
    if (spent + whole > affordable) break;
    spent += whole;
    const altered = { ...settings, sensitivity };
    assessReplay(replayLooks(replay.window, altered), altered).forEach(({ outcome }, k) => {
      if (outcome !== assessments[k]!.outcome && answers[k]!.length === 0)
        answers[k]!.push({ code: 'sensitivity', outcome, sensitivity });
    });
  }
  const order = assessments
    .map((_, k) => k)
    .sort((a, b) => Number(assessments[b]!.outcome === 'fail') - Number(assessments[a]!.outcome === 'fail'));
  for (const k of order) {
    const cost = 20 * costOf(replay.subjects[k]!.metric, replay);
    if (spent + cost > affordable) continue;
    spent += cost;
    answers[k]!.push(
      ...askTolerance(replay, k, assessments[k]!, settings),
      ...askChange(replay, k, assessments[k]!, settings),
    );
  }
  return answers;
}

function costOf({ canary, baseline, before }: MetricEvidence, { looks }: Replay): number {
  const values = [canary, baseline, before]
    .flatMap(nodes => Object.values(nodes))
    .reduce((sum, { length }) => sum + length, 0);
  return values + 4 * looks.reduce((sum, { known }) => sum + known, 0);
}

/**
 * For a failure, the smallest tolerance at which it would not fail. For a pass, the largest one below its own at which
 * it would fail.
 */
function askTolerance(replay: Replay, k: number, { outcome }: MetricAssessment, settings: MetricSettings): WhatIf[] {
  if (outcome === 'inconclusive') return [];
  const { metric } = replay.subjects[k]!;
  const own = calibrate(metric, settings.sensitivity, replay.window.baselineKind);
  const at = (tolerance: number): Outcome => outcomeOf(replay, k, metric, { ...own, tolerance }, settings);
  const failing = outcome === 'fail';
  const first = failing ? Math.floor((own.tolerance / tolerancePercent) * 100) + 1 : 0;
  const last = failing ? farthestTolerance : Math.ceil((own.tolerance / tolerancePercent) * 100) - 1;
  // Counted away from the tolerance that holds.
  const step = findFirst(last - first + 1, index => (at(percent(index)) === 'fail') !== failing);
  function percent(index: number): number {
    return ((failing ? first + index : last - index) * tolerancePercent) / 100;
  }
  return step === undefined ? [] : [{ code: 'tolerance', outcome: at(percent(step)), tolerance: percent(step) }];
}

/** For a failure, the change that would just not have failed. Otherwise, the smallest change that would have failed. */
function askChange(
  replay: Replay,
  k: number,
  { outcome, change }: MetricAssessment,
  settings: MetricSettings,
): WhatIf[] {
  const { metric } = replay.subjects[k]!;
  // For a histogram, it is unknown how its counts would have changed.
  if (change === null || change === -1 || metric.histogram) return [];
  const own = calibrate(metric, settings.sensitivity, replay.window.baselineKind);
  const upwards = metric.direction === 'either' ? change >= 0 : metric.direction === 'increase';
  const failing = outcome === 'fail';
  const factor = (index: number): number => changeFactor ** ((failing === upwards ? -1 : 1) * (index + 1));
  const at = (index: number): Outcome =>
    outcomeOf(replay, k, { ...metric, canary: scale(metric.canary, factor(index)) }, own, settings);
  const step = findFirst(farthestChange, index => (at(index) === 'fail') !== failing);
  return step === undefined
    ? []
    : [{ code: 'change', outcome: at(step), change: Number(((1 + change) * factor(step) - 1).toPrecision(3)) }];
}

function outcomeOf(
  replay: Replay,
  k: number,
  metric: MetricEvidence,
  calibration: Calibration,
  settings: MetricSettings,
): Outcome {
  return conclude(replayOne(replay, k, metric, calibration), replay.window, settings).outcome;
}

function scale(nodes: NodeSeries, factor: number): NodeSeries {
  return Object.fromEntries(
    Object.entries(nodes).map(([node, values]) => [
      node,
      values.map(value => (value === null ? null : value * factor)),
    ]),
  );
}

/** The first of `count` indices at which the condition holds, given that it also holds at all later ones. */
function findFirst(count: number, holds: (index: number) => boolean): number | undefined {
  if (count <= 0 || !holds(count - 1)) return undefined;
  let [low, high] = [0, count - 1];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (holds(middle)) high = middle;
    else low = middle + 1;
  }
  return high;
}
