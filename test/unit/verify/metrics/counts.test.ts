// Counts are judged by the canary's share of the exposure: rare events, bursts, uneven traffic and zero baselines.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { MetricEvidence, MetricWindow, NodeSeries } from '../../../../src/model/evidence/evidence.ts';
import { assessMetrics, type MetricAssessment } from '../../../../src/verify/metrics/assessMetrics.ts';
import { seededRandom } from './simulation.ts';

const intervalMs = 15_000;
const length = 40;

function poisson(seed: number, nodes: readonly string[], mean: (t: number) => number): NodeSeries {
  const random = seededRandom(seed);
  const draw = (rate: number): number => {
    let count = 0;
    for (let left = rate - -Math.log(1 - random()); left > 0; left += Math.log(1 - random())) count += 1;
    return count;
  };
  return Object.fromEntries(nodes.map(node => [node, Array.from({ length }, (_, t) => draw(mean(t)))]));
}

function requests(perCanary: number, perBaseline: number, effect: (t: number) => number = () => 1): MetricEvidence {
  return {
    name: 'requests',
    kind: 'count',
    direction: 'decrease',
    canary: poisson(1, ['c0'], t => perCanary * effect(t)),
    baseline: poisson(2, ['b0', 'b1'], () => perBaseline),
    before: {},
  };
}

function errors(canary: NodeSeries, baseline: NodeSeries): MetricEvidence {
  return {
    name: 'errors',
    kind: 'count',
    denominator: 'requests',
    direction: 'increase',
    canary,
    baseline,
    before: {},
  };
}

function assess(metrics: readonly MetricEvidence[], parts: Partial<MetricWindow> = {}): readonly MetricAssessment[] {
  return assessMetrics(
    { intervalMs, baselineKind: 'fresh', trafficWeight: 1, metrics, ...parts },
    { sensitivity: 'medium', minimumMs: length * intervalMs, final: true },
  );
}

test('errors six times as frequent fail; the same share of requests passes', () => {
  const load = requests(100, 100);
  assert.deepEqual(
    assess([
      load,
      errors(
        poisson(3, ['c0'], () => 3),
        poisson(4, ['b0', 'b1'], () => 0.5),
      ),
    ]).map(({ outcome }) => outcome),
    ['pass', 'fail'],
  );
  assert.deepEqual(
    assess([
      load,
      errors(
        poisson(3, ['c0'], () => 0.5),
        poisson(4, ['b0', 'b1'], () => 0.5),
      ),
    ]).map(({ outcome }) => outcome),
    ['pass', 'pass'],
  );
});

test('a canary with a quarter of the traffic has a quarter of the requests, and that is no fall', () => {
  assert.equal(assess([requests(25, 100)], { trafficWeight: 0.25 })[0]!.outcome, 'pass');
  assert.equal(assess([requests(25, 100)])[0]!.outcome, 'fail');
});

test('errors that follow shifting traffic are no regression', () => {
  const share = (t: number): number => 20 + 4 * t;
  const load: MetricEvidence = { ...requests(0, 100), canary: poisson(1, ['c0'], share) };
  assert.notEqual(
    assess([
      load,
      errors(
        poisson(3, ['c0'], t => share(t) / 50),
        poisson(4, ['b0', 'b1'], () => 2),
      ),
    ])[1]!.outcome,
    'fail',
  );
});

test('errors where there were none at all fail, and their change has no number', () => {
  const { outcome, change, baseline } = assess([
    requests(100, 100),
    errors(
      poisson(3, ['c0'], () => 1),
      poisson(4, ['b0', 'b1'], () => 0),
    ),
  ])[1]!;
  assert.deepEqual([outcome, change, baseline], ['fail', null, 0]);
});

test('one error, or one burst of errors in a single interval, does not fail a release', () => {
  const zeros = new Array<number>(length).fill(0);
  for (const burst of [1, 40])
    assert.notEqual(
      assess([requests(2, 2), errors({ c0: zeros.with(7, burst) }, { b0: zeros, b1: zeros })])[1]!.outcome,
      'fail',
    );
});

test('no errors on either side pass once there were requests enough, and not before', () => {
  const zeros = new Array<number>(length).fill(0);
  assert.equal(assess([requests(10, 10), errors({ c0: zeros }, { b0: zeros, b1: zeros })])[1]!.outcome, 'pass');
  const { outcome, reasons } = assess([requests(0.2, 10), errors({ c0: zeros }, { b0: zeros, b1: zeros })])[1]!;
  assert.deepEqual(
    [outcome, reasons[0]!.code, reasons[0]!.values['what']],
    ['inconclusive', 'not-enough-data', 'requests'],
  );
});

test('a count without a denominator is compared by node and time', () => {
  const plain = (canary: number): MetricEvidence => ({
    name: 'exceptions',
    kind: 'count',
    direction: 'increase',
    canary: poisson(3, ['c0'], () => canary),
    baseline: poisson(4, ['b0', 'b1', 'b2'], () => 1),
    before: {},
  });
  assert.deepEqual([assess([plain(1)])[0]!.outcome, assess([plain(5)])[0]!.outcome], ['pass', 'fail']);
});

test('requests that stop fail soon', () => {
  const { outcome, sureAtMs } = assess([requests(50, 50, t => (t < 20 ? 1 : 0))])[0]!;
  assert.equal(outcome, 'fail');
  assert.ok(sureAtMs! <= 20 * intervalMs + 60_000);
});

test('errors reported without their requests are inconclusive, never a pass', () => {
  const silent: MetricEvidence = { ...requests(10, 10), canary: { c0: new Array<null>(length).fill(null) } };
  assert.equal(
    assess([
      silent,
      errors(
        poisson(3, ['c0'], () => 1),
        poisson(4, ['b0', 'b1'], () => 1),
      ),
    ])[1]!.outcome,
    'inconclusive',
  );
});
