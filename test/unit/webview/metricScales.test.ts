// The axes of the charts of metrics: the canary's time takes a good part of them, and ticks are at round times.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { SeriesSnapshot } from '../../../src/protocol/snapshot/snapshotChecks.ts';
import { spanOf, tickText, timeTicks } from '../../../webview/checks/metricScales.ts';

const sinceMs = new Date(2026, 10, 23, 14, 7, 0).getTime(),
  hourMs = 3_600_000;

function series(intervalMs: number, beforeMs: number, canaryMs: number): SeriesSnapshot {
  const values = Array.from({ length: (beforeMs + canaryMs) / intervalMs }, () => 1);
  return {
    startMs: sinceMs - beforeMs,
    intervalMs,
    canary: values,
    baseline: values,
    low: [],
    high: [],
    nodes: {},
    sinceMs,
  };
}

for (const canaryMs of [15_000, 40_000, 180_000, 600_000, 2_000_000, hourMs])
  test(`a canary of ${canaryMs / 1000} s takes a third to a half of the chart`, () => {
    const span = spanOf([series(1000, 4 * hourMs, canaryMs)]);
    const share = canaryMs / (span.toMs - span.fromMs);
    assert.equal(span.toMs, sinceMs + canaryMs);
    assert.ok(share >= 1 / 3 && share <= 1 / 2, `${share}`);
  });

test('a canary that has just begun has some intervals before it, if the source has them', () => {
  const shown = (beforeMs: number): number => sinceMs - spanOf([series(30_000, beforeMs, 30_000)]).fromMs;
  assert.ok(shown(hourMs) >= 6 * 30_000);
  assert.equal(shown(60_000), 60_000);
});

test('the axis of a canary in progress seldom begins elsewhere', () => {
  const begins = Array.from({ length: 60 }, (_, at) => spanOf([series(10_000, hourMs, (at + 1) * 10_000)]).fromMs);
  assert.equal(new Set(begins).size, 5);
});

test('ticks are at round times, with seconds only if they are needed', () => {
  const texts = (lastMs: number): readonly string[] => {
    const ticks = timeTicks({ fromMs: sinceMs + 1, toMs: sinceMs + lastMs }, 5);
    return ticks.map(tick => tickText(tick, ticks));
  };
  assert.deepEqual(texts(45_000), ['14:07:15', '14:07:30', '14:07:45']);
  assert.deepEqual(texts(600_000), ['14:10', '14:15']);
});
