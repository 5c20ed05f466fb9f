// The figures of a metric's row: shares in per cent, points, better and worse in words, and what is allowed.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { MetricCheck } from '../../../src/model/evidence/verdict.ts';
import type { MetricQuery, MetricsSource } from '../../../src/model/healthSource.ts';
import type { Pipeline } from '../../../src/model/pipeline.ts';
import type { RunEvent } from '../../../src/model/runs/runEvents.ts';
import { snapshotRun } from '../../../src/protocol/snapshot/snapshot.ts';
import { metricFigures } from '../../../src/protocol/snapshot/snapshotMetric.ts';
import { latency, rolledBackStory, startMs } from '../terminal/stories.ts';

type Declared = Partial<Pick<MetricQuery, 'direction' | 'denominator' | 'tolerance' | 'limit'>>;
const rows: readonly (readonly [
  what: string,
  check: Partial<MetricCheck>,
  declared: Declared | undefined,
  shown: readonly [canary: string, baseline: string, change: string, allowed: string, limit: number | undefined],
])[] = [
  [
    'a slower latency',
    { canary: 212, baseline: 208, change: 0.019, unit: 'ms' },
    { direction: 'increase', tolerance: 0.1 },
    ['212 ms', '208 ms', '+1.9 %', 'up to +10 %', 228.8],
  ],
  [
    'a faster latency',
    { canary: 180, baseline: 200, change: -0.1, unit: 'ms' },
    { direction: 'increase' },
    ['180 ms', '200 ms', '10 % faster', '', undefined],
  ],
  [
    'a share of a count, in per cent',
    { canary: 0.0021, baseline: 0.0019, change: 0.105 },
    { direction: 'increase', denominator: 'requests', limit: { above: 0.01, times: 1, inARow: false } },
    ['0.21 %', '0.19 %', '+0.02 points', 'at most 1 %', 1],
  ],
  [
    'a throughput that rises',
    { canary: 44, baseline: 40, change: 0.1, unit: '/s' },
    { direction: 'decrease', tolerance: 0.25 },
    ['44 /s', '40 /s', '10 % higher', 'down to -25 %', 30],
  ],
  [
    'a percentage with a floor, in points',
    {
      canary: 40,
      baseline: 37,
      change: 0.081,
      unit: '%',
      allowed: { tolerance: 0.1, floor: 15, direction: 'increase' },
    },
    { direction: 'increase' },
    ['40 %', '37 %', '+3 points', 'up to +15 points', 52],
  ],
  [
    'what only the reason tells',
    {
      canary: 101,
      baseline: 100,
      change: 0.01,
      reasons: [{ code: 'metric-in-band', values: { metric: 'm', tolerance: 0.05, direction: 'either' } }],
    },
    undefined,
    ['101', '100', '+1 %', '±5 %', undefined],
  ],
  [
    'the tolerance that was applied by default, also to what failed',
    {
      outcome: 'fail',
      canary: 130,
      baseline: 100,
      change: 0.3,
      unit: 'ms',
      allowed: { tolerance: 0.05, direction: 'increase' },
    },
    { direction: 'increase' },
    ['130 ms', '100 ms', '+30 %', 'up to +5 %', 105],
  ],
  [
    'a change in its own unit that is more than the tolerated share',
    {
      canary: 8,
      baseline: 4,
      change: 1,
      unit: 'ms',
      allowed: { tolerance: 0.05, floor: 5, direction: 'increase' },
    },
    { direction: 'increase' },
    ['8 ms', '4 ms', '+100 %', 'up to +5 ms', 9],
  ],
  ['no data', { canary: null, baseline: 3, change: null }, undefined, ['no data', '3', '', '', undefined]],
];

for (const [what, check, declared, shown] of rows)
  test(`a metric's row shows ${what}`, () => {
    const whole: MetricCheck = {
      kind: 'metric',
      source: 's',
      name: 'm',
      outcome: 'pass',
      reasons: [],
      canary: null,
      baseline: null,
      change: null,
      evidence: 1,
      threshold: 20,
      ...check,
    };
    const source = declared && ({ kind: 'metrics', metrics: [{ name: 'm', ...declared }] } as unknown as MetricsSource);
    const { canary, baseline, change, allowed, limit } = metricFigures(whole, source);
    assert.deepEqual([canary, baseline, change, allowed, limit && Number(limit.toPrecision(6))], [...shown]);
  });

test('a check shows the same figures in its data as in its row', () => {
  const source = { kind: 'metrics', metrics: [{ name: latency.name, denominator: 'requests' }] },
    fixed = { hooks: {}, connections: {}, healthSources: { [latency.source]: source } } as unknown as Pipeline,
    { unit, ...share }: MetricCheck = { ...latency, canary: 0.00264, baseline: 0.0019 };
  assert.equal(unit, 'ms');
  const events = rolledBackStory.map((event): RunEvent => {
    if (event.type === 'run-started') return { ...event, fixed };
    if (event.type !== 'looked' && event.type !== 'verification-finished') return event;
    return { ...event, report: { ...event.report, checks: [share] } };
  });
  const check = snapshotRun('run', events, startMs + 3_600_000)?.checks[0];
  assert.deepEqual([check?.figures?.canary, check?.data], ['0.264 %', 'canary 0.264 %, baseline 0.19 %']);
});
