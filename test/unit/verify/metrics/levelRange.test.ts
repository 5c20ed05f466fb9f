// The range in which the canary's level lies: it holds at every look together, and agrees with the check.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { rangesOf } from '../../../../src/verify/metrics/levelRange.ts';
import type { Subject } from '../../../../src/verify/metrics/replay.ts';
import { normal, seededRandom } from './simulation.ts';

const noise = 0.1,
  looks = 100,
  baseline = 100,
  threshold = Math.log(20);

/** A metric whose change on the log scale is `shift`, measured ever more exactly. */
function subjectOf(shift: number, seed: number, more: Partial<Subject> = {}): Subject {
  const random = seededRandom(seed);
  let sum = 0;
  const course = Array.from({ length: looks }, (_, at) => {
    sum += shift + noise * normal(random);
    const error = noise / Math.sqrt(at + 1);
    return {
      known: at + 1,
      measured: {
        logEvidence: 0,
        upperShift: sum / (at + 1) + error,
        tolerated: 0.05,
        error,
        leastError: 0,
        doubt: 0,
        have: at + 1,
        need: 3,
        what: 'intervals' as const,
      },
    };
  });
  return {
    metric: { name: 'm', kind: 'gauge', direction: 'increase', canary: {}, baseline: {}, before: {} },
    calibration: { tolerance: 0.05, floor: 0, alpha: 0.05, single: 0.05 },
    test: { measure: () => course[0]!.measured, move: (value, by) => value * Math.exp(by) },
    centre: { canary: baseline * Math.exp(shift), baseline, change: Math.expm1(shift) },
    course,
    highest: 0,
    threshold,
    values: [],
    ...more,
  };
}

test('either end is wrong at any of a hundred looks in less than one of twenty worlds', () => {
  const worlds = 200;
  // What is tolerated must not hide the lower end: the check was sure from the beginning on.
  for (const shift of [0.2, 0.5]) {
    const wrong = { low: 0, high: 0 };
    for (let seed = 0; seed < worlds; seed += 1) {
      const ranges = rangesOf(subjectOf(shift, seed, { sureAtMs: 0 }), 0, 1000),
        level = baseline * Math.exp(shift);
      if (ranges.some(({ low }) => low > level)) wrong.low += 1;
      if (ranges.some(({ high }) => high < level)) wrong.high += 1;
    }
    assert.ok(wrong.low < worlds / 20 && wrong.high < worlds / 20, JSON.stringify(wrong));
  }
});

test('it narrows, and crosses what is tolerated exactly when the check is sure', () => {
  const ranges = rangesOf(subjectOf(0.3, 1, { sureAtMs: 40_000 }), 5_000, 1000),
    limit = baseline * Math.exp(0.05);
  assert.equal(ranges.find(({ low }) => low > limit + 1e-9)?.atMs, 45_000);
  assert.ok(ranges.every(({ atMs, low }) => (atMs >= 45_000 ? low >= limit - 1e-9 : low <= limit + 1e-9)));
  const width = (at: number): number => ranges.at(at)!.high - ranges.at(at)!.low;
  assert.ok(width(-1) < width(50) / 1.2 && width(50) < width(5) / 2);
});

test('a fall is bad where the metric must not fall, and either way is tried where both are bad', () => {
  const metric = subjectOf(0, 0).metric,
    centre = { canary: 80, baseline, change: -0.2 };
  const levels = (['decrease', 'either'] as const).map(direction => {
    const { low, high } = rangesOf(subjectOf(0.2, 3, { metric: { ...metric, direction }, centre }), 0, 1000).at(-1)!;
    return { isAround: low < 82 && high > 80 && high < 96, width: high - low };
  });
  assert.deepEqual(
    levels.map(({ isAround }) => isAround),
    [true, true],
  );
  assert.ok(levels[1]!.width > levels[0]!.width);
});

test('without a scale, a baseline or a change there is no range', () => {
  const measured = subjectOf(0, 0).course[0]!.measured;
  for (const more of [
    { test: undefined },
    { test: { measure: () => measured } },
    { centre: { canary: 1, baseline: null, change: null } },
    { centre: { canary: 1, baseline: 0, change: null } },
  ])
    assert.deepEqual(rangesOf(subjectOf(0, 0, more), 0, 1000), []);
});
