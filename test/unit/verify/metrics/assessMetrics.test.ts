// What a person would call a regression fails, and soon; what merely happens in production does not.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { MetricEvidence, MetricWindow, NodeSeries } from '../../../../src/model/evidence/evidence.ts';
import {
  assessMetrics,
  type MetricAssessment,
  type MetricSettings,
} from '../../../../src/verify/metrics/assessMetrics.ts';
import { normal, seededRandom } from './simulation.ts';

const intervalMs = 15_000;
const length = 40;

/** One value per interval: level, times node's own offset, times noise, times what `effect` says. */
function series(
  seed: number,
  nodes: readonly string[],
  level: number,
  effect: (t: number, node: string) => number = () => 1,
  count = length,
  spread = 0.03,
): NodeSeries {
  const random = seededRandom(seed);
  return Object.fromEntries(
    nodes.map(node => {
      const own = Math.exp(spread * normal(random));
      return [
        node,
        Array.from({ length: count }, (_, t) => level * own * Math.exp(0.08 * normal(random)) * effect(t, node)),
      ];
    }),
  );
}

function gauge(parts: Partial<MetricEvidence>): MetricEvidence {
  return {
    name: 'latency',
    kind: 'gauge',
    direction: 'increase',
    unit: 'ms',
    canary: series(1, ['c0', 'c1'], 100),
    baseline: series(2, ['b0', 'b1', 'b2'], 100),
    before: series(3, ['b0', 'b1', 'b2'], 100, () => 1, 60),
    ...parts,
  };
}

function windowOf(metrics: readonly MetricEvidence[], parts: Partial<MetricWindow> = {}): MetricWindow {
  return { intervalMs, metrics, baselineKind: 'existing', trafficWeight: 1, ...parts };
}

const settings: MetricSettings = { sensitivity: 'medium', minimumMs: length * intervalMs, final: true };

function assess(
  metric: MetricEvidence,
  parts: Partial<MetricWindow> = {},
  more: Partial<MetricSettings> = {},
): MetricAssessment {
  return assessMetrics(windowOf([metric], parts), { ...settings, ...more })[0]!;
}

const codes = ({ outcome, reasons }: MetricAssessment): readonly string[] => [
  outcome,
  ...reasons.map(({ code }) => code),
];

test('nothing changed: pass, with the numbers that say so', () => {
  const { outcome, reasons, canary, baseline, change } = assess(gauge({}));
  assert.deepEqual(
    [outcome, reasons[0]!.code, reasons[0]!.values['metric'], reasons[0]!.values['tolerance']],
    ['pass', 'metric-in-band', 'latency', 0.05],
  );
  assert.ok(Math.abs(canary! - 100) < 10 && Math.abs(baseline! - 100) < 10 && Math.abs(change!) < 0.1);
});

test('a step of a half fails within a minute and a half of its onset', () => {
  const onset = 20;
  const { outcome, reasons, sureAtMs, evidence, threshold } = assess(
    gauge({ canary: series(1, ['c0', 'c1'], 100, t => (t < onset ? 1 : 1.5)) }),
  );
  assert.deepEqual([outcome, reasons[0]!.code], ['fail', 'metric-regressed']);
  assert.ok(sureAtMs! > onset * intervalMs && sureAtMs! <= onset * intervalMs + 90_000, `sure at ${sureAtMs}`);
  assert.ok(evidence >= threshold);
});

test('a leak fails though no two intervals differ by much', () => {
  assert.equal(
    assess(
      gauge({
        name: 'memory',
        canary: series(1, ['c0', 'c1'], 500, t => 1 + (0.6 * t) / length),
        baseline: series(2, ['b0', 'b1', 'b2'], 500),
      }),
    ).outcome,
    'fail',
  );
});

test('a tail that grows on one node of two fails', () => {
  assert.equal(
    assess(gauge({ name: 'p99', canary: series(1, ['c0', 'c1'], 100, (_, node) => (node === 'c0' ? 4 : 1)) })).outcome,
    'fail',
  );
});

test('a change in the good direction never fails', () => {
  assert.equal(assess(gauge({ canary: series(1, ['c0', 'c1'], 100, () => 0.2) })).outcome, 'pass');
  assert.equal(assess(gauge({ direction: 'decrease', canary: series(1, ['c0', 'c1'], 100, () => 5) })).outcome, 'pass');
});

test('either direction: both a rise and a fall fail', () => {
  for (const factor of [0.5, 2])
    assert.equal(
      assess(gauge({ direction: 'either', canary: series(1, ['c0', 'c1'], 100, () => factor) })).outcome,
      'fail',
    );
});

const confounders: readonly (readonly [string, Partial<MetricEvidence>])[] = [
  [
    'an incident that both sides share',
    {
      canary: series(1, ['c0', 'c1'], 100, t => (t > 15 && t < 22 ? 3 : 1)),
      baseline: series(2, ['b0', 'b1', 'b2'], 100, t => (t > 15 && t < 22 ? 3 : 1)),
    },
  ],
  [
    'a load step that both sides share',
    {
      canary: series(1, ['c0', 'c1'], 100, t => (t > 20 ? 1.6 : 1)),
      baseline: series(2, ['b0', 'b1', 'b2'], 100, t => (t > 20 ? 1.6 : 1)),
    },
  ],
  ['a warm-up beside old nodes', { canary: series(1, ['c0', 'c1'], 100, t => 1 + 0.5 * Math.exp((-t * 15) / 40)) }],
  [
    'nodes that differ by nature',
    {
      canary: series(1, ['c0', 'c1'], 108),
      baseline: series(2, ['b0', 'b1', 'b2'], 100, (_, node) => ({ b0: 0.88, b1: 1, b2: 1.1 })[node]!),
      before: series(3, ['b0', 'b1', 'b2'], 100, (_, node) => ({ b0: 0.88, b1: 1, b2: 1.1 })[node]!, 60),
    },
  ],
  ['one interval far out', { canary: series(1, ['c0', 'c1'], 100, t => (t === 25 ? 30 : 1)) }],
  [
    'a reset on the baseline alone',
    { name: 'memory', baseline: series(2, ['b0', 'b1', 'b2'], 100, t => (t > 20 ? 0.88 : 1)) },
  ],
];
for (const [what, parts] of confounders)
  test(`${what} is no regression`, () => {
    assert.notEqual(assess(gauge(parts)).outcome, 'fail');
  });

test('a canary with a quarter of the requests may be twice as noisy, and nodes that are missing add to it', () => {
  const before = series(3, ['b0', 'b1', 'b2', 'b3'], 100, () => 1, 60);
  for (let seed = 10; seed < 15; seed += 1) {
    const random = seededRandom(seed);
    const { c0, c1 } = series(seed, ['c0', 'c1'], 100, () => Math.exp(0.16 * normal(random)));
    const canary = { c0: c0!, c1: c1!.map(value => (random() < 0.5 ? null : value)) };
    const baseline = series(seed + 100, ['b0', 'b1', 'b2', 'b3'], 100);
    const { outcome } = assess(gauge({ canary, baseline, before }), { trafficWeight: 0.25 });
    assert.notEqual(outcome, 'fail', `seed ${seed}`);
  }
});

test('gaps on either side cost data, not correctness', () => {
  const holed = (nodes: NodeSeries): NodeSeries =>
    Object.fromEntries(
      Object.entries(nodes).map(([node, values], k) => [
        node,
        values.map((value, t) => ((t + k) % 3 === 0 ? null : value)),
      ]),
    );
  const calm = gauge({});
  assert.equal(assess({ ...calm, canary: holed(calm.canary), baseline: holed(calm.baseline) }).outcome, 'pass');
  assert.equal(
    assess({ ...calm, canary: holed(series(1, ['c0', 'c1'], 100, () => 1.6)), baseline: holed(calm.baseline) }).outcome,
    'fail',
  );
});

test('no data on one side is inconclusive and says which', () => {
  const empty = { c0: [null, null, Number.NaN], c1: [] };
  assert.deepEqual(codes(assess(gauge({ canary: empty }))), ['inconclusive', 'no-canary-data']);
  assert.deepEqual(codes(assess(gauge({ canary: {} }))), ['inconclusive', 'no-canary-data']);
  assert.deepEqual(codes(assess(gauge({ baseline: {} }))), ['inconclusive', 'no-baseline-data']);
  assert.deepEqual(codes(assess(gauge({ baseline: {}, canary: {} }))), ['inconclusive', 'no-canary-data']);
});

test('a canary that fell silent is not judged by what it showed before', () => {
  const calm = gauge({});
  const silenced = Object.fromEntries(
    Object.entries(calm.canary).map(([node, values]) => [node, values.map((value, t) => (t < 20 ? value : null))]),
  );
  assert.deepEqual(codes(assess({ ...calm, canary: silenced })), ['inconclusive', 'no-canary-data']);
});

test('too little data at the end is inconclusive and says what is missing', () => {
  const { outcome, reasons } = assess(
    gauge({ canary: { c0: [100, 101] }, baseline: { b0: [99, 100], b1: [101, 102] } }),
  );
  assert.deepEqual(
    [outcome, reasons[0]!.code, reasons[0]!.values],
    ['inconclusive', 'not-enough-data', { have: 2, need: 3, what: 'intervals' }],
  );
});

test('before the least time is over nothing passes, but what is sure fails', () => {
  const early = { ...settings, minimumMs: 3_600_000, final: false };
  assert.deepEqual(codes(assess(gauge({}), {}, early)), ['inconclusive', 'not-enough-data']);
  assert.equal(assess(gauge({ canary: series(1, ['c0', 'c1'], 100, () => 2) }), {}, early).outcome, 'fail');
});

test("a metric's own tolerance wins over the default", () => {
  const canary = series(1, ['c0', 'c1'], 100, () => 1.5);
  assert.equal(assess(gauge({ canary })).outcome, 'fail');
  assert.notEqual(assess(gauge({ canary, tolerance: 0.8 })).outcome, 'fail');
});

test('a more sensitive check fails where a less sensitive one does not yet', () => {
  const canary = series(1, ['c0', 'c1'], 100, () => 1.6);
  const sureAt = (['high', 'medium', 'low'] as const).map(
    sensitivity => assess(gauge({ canary }), {}, { sensitivity }).sureAtMs ?? Infinity,
  );
  assert.deepEqual(
    [...sureAt].sort((a, b) => a - b),
    sureAt,
  );
});

test('degenerate series are well defined', () => {
  const constant = (value: number, nodes: readonly string[], count = length): NodeSeries =>
    Object.fromEntries(nodes.map(node => [node, new Array<number>(count).fill(value)]));
  const judge = (canary: number, baseline: number, direction: MetricEvidence['direction'] = 'increase'): string =>
    assess(
      gauge({
        direction,
        canary: constant(canary, ['c0', 'c1']),
        baseline: constant(baseline, ['b0', 'b1']),
        before: {},
      }),
      { baselineKind: 'fresh' },
    ).outcome;
  assert.deepEqual(
    [
      judge(10, 10),
      judge(0, 0),
      judge(-5, -5),
      judge(1e300, 1e300),
      judge(100, 10),
      judge(10, 100, 'decrease'),
      judge(55, 0),
      judge(0, 55),
    ],
    ['pass', 'pass', 'pass', 'pass', 'fail', 'fail', 'fail', 'pass'],
  );
  for (const count of [0, 1])
    assert.equal(
      assess(gauge({ canary: constant(1e9, ['c0'], count), baseline: constant(1, ['b0'], count), before: {} })).outcome,
      'inconclusive',
    );
});

test('what has failed stays failed at every later look', () => {
  const canary = series(1, ['c0', 'c1'], 100, t => (t > 8 && t < 22 ? 2 : 1));
  const outcomes = Array.from({ length }, (_, known) => {
    const cut = (nodes: NodeSeries): NodeSeries =>
      Object.fromEntries(Object.entries(nodes).map(([node, values]) => [node, values.slice(0, known + 1)]));
    const whole = gauge({ canary });
    return assess(
      { ...whole, canary: cut(whole.canary), baseline: cut(whole.baseline) },
      {},
      { final: known === length - 1 },
    ).sureAtMs;
  });
  const first = outcomes.findIndex(sure => sure !== undefined);
  assert.ok(first > 8);
  assert.deepEqual(new Set(outcomes.slice(first)), new Set([outcomes[first]]));
});

test('against an earlier time: a shift fails, the usual wandering passes', () => {
  const wander = (t: number): number => 1 + 0.05 * Math.sin(t / 9);
  const earlier = series(4, ['n0'], 100, wander, 200);
  const parts = { baselineKind: 'previous' } as const;
  assert.equal(
    assess(gauge({ canary: series(5, ['n0'], 100, wander), baseline: earlier, before: {} }), parts).outcome,
    'pass',
  );
  assert.equal(
    assess(gauge({ canary: series(5, ['n0'], 180, wander), baseline: earlier, before: {} }), parts).outcome,
    'fail',
  );
  assert.equal(
    assess(gauge({ canary: series(5, ['n0'], 180, wander), baseline: {}, before: earlier }), parts).outcome,
    'fail',
    'with no baseline node left, the history stands for it',
  );
});
