// Histograms: under continuous looking seldom called regressed when they are not, and found when the tail, or all of
// it, moves.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { AnalysisSettings, AnalysisSource } from '../../../../src/model/evidence/analysis.ts';
import type { MetricPoint } from '../../../../src/model/evidence/evidence.ts';
import type { MetricQuery } from '../../../../src/model/healthSource.ts';
import type { Outcome } from '../../../../src/model/evidence/verdict.ts';
import { assessMetrics } from '../../../../src/verify/metrics/assessMetrics.ts';
import { percentileSeries } from '../../../../src/verify/metrics/series/histograms.ts';
import { compareMetrics } from '../../../../src/verify/metricWindow.ts';
import { createPointStore } from '../../../../src/verify/pointStore.ts';
import { normal, seededRandom } from './simulation.ts';

const bounds = [0.05, 0.1, 0.2, 0.4, 0.8, 1.6],
  intervalMs = 15_000,
  looks = 200,
  historyMs = 40 * intervalMs;
const metric: MetricQuery = {
  name: 'latency',
  options: { select: 'duration', from: 'Transaction' },
  kind: 'gauge',
  histogram: { bounds, percentile: 95 },
  direction: 'increase',
  unit: 's',
};
const source: AnalysisSource & { kind: 'metrics' } = {
  kind: 'metrics',
  name: 'performance',
  delayMs: 0,
  metrics: [metric],
};

interface World {
  readonly seed: number;
  readonly canaries?: number;
  readonly baselines?: number;
  readonly requests?: number;
  /** Latency of the canary over that of the others; `tail`: of its slowest twentieth alone. */
  readonly slower?: number;
  readonly tail?: number;
  /** All slow down together from the middle on, and wander. */
  readonly drift?: number;
}

/** Requests of lognormal latency, on nodes that differ by 3 %. */
function judge(
  { seed, canaries = 2, baselines = 4, requests = 40, slower = 1, tail = 1, drift = 0.2 }: World,
  sensitivity: 'medium' | 'high' = 'medium',
  intervals = looks,
) {
  const random = seededRandom(seed);
  const canaryNodes = Array.from({ length: canaries }, (_, k) => `c${k}`),
    baselineNodes = Array.from({ length: baselines }, (_, k) => `b${k}`);
  const settings: AnalysisSettings = {
    sensitivity,
    canaryNodes,
    baselineNodes,
    baselineKind: baselines > 0 ? 'fresh' : 'previous',
    canarySinceMs: historyMs,
    beforeFromMs: 0,
    beforeToMs: historyMs,
    intervalMs,
    durationMs: intervals * intervalMs,
    trafficWeight: 1,
    sources: [source],
  };
  const store = createPointStore(settings),
    points: MetricPoint[] = [];
  const level = new Map([...canaryNodes, ...baselineNodes].map(node => [node, 0.03 * normal(random)]));
  let shared = 0;
  for (let atMs = 0; atMs < historyMs + intervals * intervalMs; atMs += intervalMs) {
    shared = 0.9 * shared + drift * 0.2 * normal(random);
    for (const [node, own] of level) {
      const isRegressed = node.startsWith('c') && atMs >= historyMs;
      const counts = bounds.map(() => 0);
      for (let k = 0; k < requests; k += 1) {
        const z = normal(random);
        const value = 0.1 * Math.exp(0.7 * z + own + shared) * (isRegressed ? slower * (z > 1.645 ? tail : 1) : 1);
        bounds.forEach((bound, at) => {
          if (value > bound) counts[at]! += 1;
        });
      }
      points.push(
        { metric: 'latency', node, atMs, value: requests },
        ...counts.map((value, over): MetricPoint => ({ metric: 'latency', node, atMs, over, value })),
      );
    }
  }
  store.add(points);
  const { window } = compareMetrics(source, { points: store }, settings, historyMs + intervals * intervalMs);
  return assessMetrics(window, { sensitivity, minimumMs: (intervals * intervalMs) / 2, final: true })[0]!;
}
const share = (runs: number, world: (seed: number) => World, outcome: Outcome): number =>
  Array.from({ length: runs }, (_, seed) => judge(world(seed + 1)).outcome).filter(one => one === outcome).length /
  runs;

test(
  'looked at two hundred times, at most one in twenty healthy canaries is failed, beside many nodes, ' +
    'beside one and with few requests',
  () => {
    assert.ok(share(60, seed => ({ seed }), 'fail') <= 0.05);
    assert.ok(share(60, seed => ({ seed: 1_000 + seed, canaries: 1, baselines: 1 }), 'fail') <= 0.05);
    assert.ok(share(60, seed => ({ seed: 2_000 + seed, requests: 4 }), 'fail') <= 0.05);
  },
);

test('a fifth slower is found in four of five, and so is a tail that is twice as long while the middle stays', () => {
  assert.ok(share(60, seed => ({ seed, slower: 1.2 }), 'fail') >= 0.8);
  assert.ok(share(15, seed => ({ seed: 500 + seed, tail: 2 }), 'fail') >= 0.8);
});

test('a healthy one passes, faster never fails, and what is shown is the percentile', () => {
  assert.ok(share(20, seed => ({ seed }), 'pass') >= 0.9);
  assert.notEqual(judge({ seed: 3, slower: 0.7 }).outcome, 'fail');
  const { canary, baseline, change } = judge({ seed: 4, slower: 1.5, drift: 0 });
  const truth = 0.1 * Math.exp(0.7 * 1.645);
  assert.ok(Math.abs(baseline! / truth - 1) < 0.15, String(baseline));
  assert.ok(Math.abs(canary! / truth - 1.5) < 0.25, String(canary));
  assert.ok(change! > 0.3 && change! < 0.7);
});

test('with no node left it is compared with the time before', () => {
  const alone = (seed: number, slower: number): Outcome => judge({ seed, slower, baselines: 0, drift: 0.05 }).outcome;
  assert.deepEqual([alone(1, 1) === 'fail', alone(1, 2)], [false, 'fail']);
});

test('percentiles are even inside of a bucket; none without requests, the last bound above it', () => {
  const series = (...over: readonly (readonly (number | null)[])[]) => over.map(values => ({ a: values }));
  const of = (total: readonly (number | null)[], over: readonly (readonly (number | null)[])[], percentile: number) =>
    percentileSeries({ a: total }, series(...over), [1, 2], percentile)['a'];
  assert.deepEqual(
    of(
      [100, 100, 0, null, 10],
      [
        [50, 100, 0, null, null],
        [0, 60, 0, null, null],
      ],
      90,
    ),
    [1.8, 2, null, null, null],
  );
  assert.deepEqual(of([100], [[10], [0]], 50), [50 / 90]);
});

test('a bound that nobody ever exceeds, and one that everybody does, do no harm', () => {
  const odd = { ...metric, histogram: { bounds: [0.000_1, 1_000], percentile: 95 } };
  const settings: AnalysisSettings = {
    sensitivity: 'medium',
    canaryNodes: ['c'],
    baselineNodes: ['b'],
    baselineKind: 'existing',
    canarySinceMs: 0,
    beforeFromMs: 0,
    beforeToMs: 0,
    intervalMs,
    durationMs: 600_000,
    trafficWeight: 1,
    sources: [],
  };
  const store = createPointStore(settings);
  for (const node of ['c', 'b'])
    for (let atMs = 0; atMs < 600_000; atMs += intervalMs)
      store.add([
        { metric: 'latency', node, atMs, value: 50 },
        { metric: 'latency', node, atMs, over: 0, value: 50 },
        { metric: 'latency', node, atMs, over: 1, value: 0 },
      ]);
  const { window } = compareMetrics({ ...source, metrics: [odd] }, { points: store }, settings, 600_000);
  const [assessed] = assessMetrics(window, { sensitivity: 'medium', minimumMs: 300_000, final: true });
  assert.equal(assessed!.outcome, 'pass', JSON.stringify(assessed));
});
