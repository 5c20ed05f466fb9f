// What must hold for any metrics: units, names and silent nodes do not matter, and looking again and again does not
// make alarms.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { MetricWindow, NodeSeries } from '../../../../src/model/evidence/evidence.ts';
import { assessMetrics, type MetricAssessment } from '../../../../src/verify/metrics/assessMetrics.ts';
import { simulateDeployment, type Regression } from './simulation.ts';

const regressions: readonly (Regression | undefined)[] = [
  undefined,
  { metric: 'latency', factor: 1.7, shape: 'step', onset: 0.3 },
  { metric: 'memory', factor: 1.5, shape: 'ramp', onset: 0 },
  { metric: 'errors', factor: 8, shape: 'step', onset: 0 },
];
const deployments = fc
  .record({ seed: fc.integer({ min: 1, max: 1e6 }), which: fc.nat(regressions.length - 1) })
  .map(({ seed, which }) => simulateDeployment(seed, regressions[which]));

function assess(window: MetricWindow, durationMs: number): readonly MetricAssessment[] {
  return assessMetrics(window, { sensitivity: 'medium', minimumMs: durationMs, final: true });
}

function alter(window: MetricWindow, change: (nodes: NodeSeries, kind: 'gauge' | 'count') => NodeSeries): MetricWindow {
  return {
    ...window,
    metrics: window.metrics.map(metric => ({
      ...metric,
      canary: change(metric.canary, metric.kind),
      baseline: change(metric.baseline, metric.kind),
      before: change(metric.before, metric.kind),
    })),
  };
}

const verdicts = (assessments: readonly MetricAssessment[]): unknown =>
  assessments.map(({ name, outcome, sureAtMs }) => ({ name, outcome, sureAtMs }));
const runs = { numRuns: 60 };

test('the unit of a gauge does not matter', () => {
  fc.assert(
    fc.property(deployments, fc.constantFrom(1 / 1024, 4, 1024), ({ window, durationMs }, factor) => {
      const scaled = alter(window, (nodes, kind) =>
        kind === 'count'
          ? nodes
          : Object.fromEntries(
              Object.entries(nodes).map(([node, values]) => [
                node,
                values.map(value => (value === null ? null : value * factor)),
              ]),
            ),
      );
      assert.deepEqual(verdicts(assess(scaled, durationMs)), verdicts(assess(window, durationMs)));
    }),
    runs,
  );
});

test('the order in which nodes are listed does not matter', () => {
  fc.assert(
    fc.property(deployments, ({ window, durationMs }) => {
      const reversed = alter(window, nodes => Object.fromEntries(Object.entries(nodes).reverse()));
      assert.deepEqual(assess(reversed, durationMs), assess(window, durationMs));
    }),
    runs,
  );
});

test('the names of nodes do not matter', () => {
  fc.assert(
    fc.property(deployments, fc.integer({ min: 1, max: 97 }), ({ window, durationMs }, factor) => {
      const name = (node: string): string =>
        `host-${[...node].reduce((sum, letter) => ((sum * 31 + letter.charCodeAt(0)) * factor) % 9973, 7)}-${node}`;
      const renamed = alter(window, nodes =>
        Object.fromEntries(Object.entries(nodes).map(([node, values]) => [name(node), values])),
      );
      assert.deepEqual(assess(renamed, durationMs), assess(window, durationMs));
    }),
    runs,
  );
});

test('a node that never measured anything changes nothing', () => {
  fc.assert(
    fc.property(deployments, ({ window, durationMs }) => {
      const joined = alter(window, nodes => ({
        ...nodes,
        silent: new Array<null>(Object.values(nodes)[0]?.length ?? 0).fill(null),
      }));
      assert.deepEqual(assess(joined, durationMs), assess(window, durationMs));
    }),
    runs,
  );
});

test('a later look never takes a failure back, nor changes when it was sure', () => {
  fc.assert(
    fc.property(deployments, fc.double({ min: 0.3, max: 0.9, noNaN: true }), ({ window, durationMs }, share) => {
      const known = Math.floor((share * durationMs) / window.intervalMs);
      const earlier = {
        ...window,
        metrics: window.metrics.map(metric => ({
          ...metric,
          canary: cut(metric.canary, known),
          baseline: cut(metric.baseline, known),
        })),
      };
      const later = assess(window, durationMs);
      assess(earlier, durationMs).forEach(({ outcome, sureAtMs }, k) => {
        if (outcome === 'fail') assert.deepEqual([later[k]!.outcome, later[k]!.sureAtMs], ['fail', sureAtMs]);
      });
    }),
    runs,
  );
});

test('more of the same evidence never turns a failure into a pass', () => {
  fc.assert(
    fc.property(deployments, ({ window, durationMs }) => {
      const again = alter(window, nodes =>
        Object.fromEntries(Object.entries(nodes).map(([node, values]) => [node, [...values, ...values]])),
      );
      const longer = {
        ...again,
        metrics: again.metrics.map((metric, k) => ({ ...metric, before: window.metrics[k]!.before })),
      };
      const first = assess(window, durationMs);
      assess(longer, durationMs).forEach(({ outcome }, k) => {
        if (first[k]!.outcome === 'fail') assert.equal(outcome, 'fail');
      });
    }),
    runs,
  );
});

function cut(nodes: NodeSeries, known: number): NodeSeries {
  return Object.fromEntries(Object.entries(nodes).map(([node, values]) => [node, values.slice(0, known)]));
}

test('any numbers at all give finite verdicts', () => {
  const value = fc.oneof(fc.constant(null), fc.double(), fc.integer({ min: -3, max: 3 }));
  const nodes = fc.dictionary(fc.string({ maxLength: 3 }), fc.array(value, { maxLength: 12 }), { maxKeys: 3 });
  const metric = fc.record({
    name: fc.constantFrom('a', 'b'),
    kind: fc.constantFrom('gauge', 'count'),
    direction: fc.constantFrom('increase', 'decrease', 'either'),
    canary: nodes,
    baseline: nodes,
    before: nodes,
    denominator: fc.constantFrom('a', 'b', 'missing'),
  });
  const windows = fc.record({
    intervalMs: fc.constantFrom(1000, 15_000, 300_000),
    baselineKind: fc.constantFrom('existing', 'fresh', 'previous'),
    trafficWeight: fc.constantFrom(0.1, 1, 3),
    metrics: fc.array(metric, { maxLength: 3 }),
  });
  fc.assert(
    fc.property(windows, window => {
      for (const { evidence, threshold, outcome, change } of assess(window as MetricWindow, 60_000)) {
        assert.ok(
          Number.isFinite(evidence) && Number.isFinite(threshold) && (change === null || Number.isFinite(change)),
          JSON.stringify({ evidence, threshold, change }),
        );
        assert.ok(['pass', 'fail', 'inconclusive'].includes(outcome));
      }
    }),
    { numRuns: 400 },
  );
});

test('under continuous looking at 400 deployments without a regression, at most 3 % are failed on any metric', () => {
  const alarmed = Array.from({ length: 400 }, (_, seed) => simulateDeployment(seed + 1)).filter(
    ({ window, durationMs }) => assess(window, durationMs).some(({ outcome }) => outcome === 'fail'),
  );
  assert.ok(alarmed.length <= 12, `${alarmed.length} of 400`);
});

test('clear regressions of any shape are mostly found in the same world', () => {
  const found = (regression: Regression): number => {
    const failed = Array.from({ length: 80 }, (_, seed) => simulateDeployment(seed + 9000, regression)).filter(
      ({ window, durationMs }) =>
        assess(window, durationMs).some(
          ({ name, outcome }) => outcome === 'fail' && name.startsWith(regression.metric),
        ),
    );
    return failed.length / 80;
  };
  assert.ok(found({ metric: 'latency', factor: 2, shape: 'step', onset: 0.3 }) > 0.75);
  assert.ok(found({ metric: 'memory', factor: 1.5, shape: 'ramp', onset: 0 }) > 0.7);
  assert.ok(found({ metric: 'requests', factor: 0.4, shape: 'step', onset: 0.3 }) > 0.7);
});
