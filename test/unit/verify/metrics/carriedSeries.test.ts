// What is carried from look to look changes nothing: every look says what it would have said with all intervals read
// anew.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { MetricWindow, NodeSeries } from '../../../../src/model/evidence/evidence.ts';
import { assessMetrics } from '../../../../src/verify/metrics/assessMetrics.ts';
import { SeriesMemory } from '../../../../src/verify/metrics/series/carriedSeries.ts';
import { simulateDeployment } from './simulation.ts';

function change(
  window: MetricWindow,
  alter: (values: NodeSeries[string], node: number) => NodeSeries[string],
): MetricWindow {
  const all = (series: NodeSeries): NodeSeries =>
    Object.fromEntries(Object.entries(series).map(([node, values], k) => [node, alter(values, k)]));
  return {
    ...window,
    metrics: window.metrics.map(metric => ({ ...metric, canary: all(metric.canary), baseline: all(metric.baseline) })),
  };
}

const cut = (window: MetricWindow, length: number): MetricWindow => change(window, values => values.slice(0, length));

/** Fails at the first look that says anything else than a fresh one. */
function compareLooks(windows: readonly MetricWindow[], durationMs: number): void {
  const memory = new SeriesMemory();
  for (const window of windows) {
    const settings = { sensitivity: 'medium', minimumMs: durationMs, final: true } as const;
    assert.deepEqual(assessMetrics(window, settings, memory), assessMetrics(window, settings));
  }
}

const lengths = [1, 2, 4, 5, 8, 13, 20, 21, 30];

test('a growing window is judged as if it were read anew, healthy or not', () => {
  for (const seed of [1, 2, 3, 4]) {
    const { window, durationMs } = simulateDeployment(
      seed,
      seed % 2 === 0 ? { metric: 'latency', factor: 1.5, shape: 'step', onset: 0.3 } : undefined,
    );
    compareLooks(
      lengths.map(length => cut(window, length)),
      durationMs,
    );
  }
});

test('a node that appears late, gaps, and values that come later for an earlier interval are taken as they are', () => {
  const { window, durationMs } = simulateDeployment(5);
  const late = change(window, (values, node) => (node === 1 ? values.map((one, t) => (t < 10 ? null : one)) : values));
  const gaps = change(window, (values, node) => values.map((one, t) => ((t + node) % 5 === 0 ? null : one)));
  for (const altered of [late, gaps])
    compareLooks(
      lengths.map(length => cut(altered, length)),
      durationMs,
    );
  const corrected = change(window, (values, node) =>
    values.map((one, t) => (t === 8 && node === 0 && one !== null ? one * 4 : one)),
  );
  compareLooks([cut(window, 12), cut(corrected, 12), cut(window, 20)], durationMs);
  compareLooks([cut(gaps, 12), cut(window, 12), cut(window, 20), cut(gaps, 20)], durationMs);
});

test('a shorter window, other nodes and another plan begin anew', () => {
  const { window, durationMs } = simulateDeployment(6);
  const other = simulateDeployment(7).window;
  compareLooks([cut(window, 20), cut(window, 7), cut(other, 15), cut(window, 20)], durationMs);
  const memory = new SeriesMemory();
  for (const minimumMs of [durationMs, durationMs / 2, durationMs * 2]) {
    const settings = { sensitivity: 'medium', minimumMs, final: true } as const;
    assert.deepEqual(assessMetrics(window, settings, memory), assessMetrics(window, settings));
  }
});
