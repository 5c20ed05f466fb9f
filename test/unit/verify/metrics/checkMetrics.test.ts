// What a report says of a metric beside its verdict: the lines that show it, what would have changed it, and how long
// it still wants.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { AnalysisSettings, AnalysisSource } from '../../../../src/model/evidence/analysis.ts';
import type { MetricPoint } from '../../../../src/model/evidence/evidence.ts';
import type { MetricQuery } from '../../../../src/model/healthSource.ts';
import { succeed } from '../../../../src/model/failure.ts';
import type { MetricCheck, VerificationReport } from '../../../../src/model/evidence/verdict.ts';
import { SeriesMemory } from '../../../../src/verify/metrics/series/carriedSeries.ts';
import { checkMetrics, forecastSource } from '../../../../src/verify/metrics/checkMetrics.ts';
import { createPointStore } from '../../../../src/verify/pointStore.ts';
import { createEvidenceSession } from '../../../../src/verify/session.ts';
import { normal, seededRandom } from './simulation.ts';

const intervalMs = 10_000,
  sinceMs = 1_800_000;
const latency: MetricQuery = {
  name: 'latency',
  options: { select: '', from: '' },
  kind: 'gauge',
  direction: 'increase',
  unit: 'ms',
};
const requests: MetricQuery = {
  name: 'requests',
  options: { select: '', from: '' },
  kind: 'count',
  direction: 'decrease',
  unit: '',
};
const errors: MetricQuery = { ...requests, name: 'errors', denominator: 'requests', direction: 'increase' };

interface World {
  readonly metrics?: readonly MetricQuery[];
  readonly canary?: readonly string[];
  readonly baseline?: readonly string[];
  readonly elapsedMs?: number;
  readonly final?: boolean;
  readonly minimumMs?: number;
  readonly value?: (metric: string, isCanary: boolean, atMs: number, noise: number) => number | null;
}

function check({
  metrics = [latency],
  canary = ['a', 'b'],
  baseline = ['c', 'd', 'e'],
  elapsedMs = 600_000,
  final = true,
  minimumMs = 300_000,
  value = (_, __, ___, noise) => 100 * noise,
}: World): MetricCheck[] {
  const random = seededRandom(7);
  const nodes = [...canary, ...baseline];
  const points: MetricPoint[] = [];
  for (let atMs = 0; atMs < sinceMs + elapsedMs; atMs += intervalMs) {
    for (const metric of metrics) {
      for (const node of nodes)
        points.push({
          metric: metric.name,
          node,
          atMs,
          value: value(metric.name, canary.includes(node) && atMs >= sinceMs, atMs, Math.exp(0.06 * normal(random))),
        });
    }
  }
  const settings: AnalysisSettings = {
    sensitivity: 'medium',
    canaryNodes: canary,
    baselineNodes: baseline,
    baselineKind: 'existing',
    canarySinceMs: sinceMs,
    beforeFromMs: 0,
    beforeToMs: sinceMs - 60_000,
    intervalMs,
    durationMs: 2 * minimumMs,
    trafficWeight: 1,
    sources: [],
  };
  const store = createPointStore(settings);
  store.add(points);
  const source: AnalysisSource & { kind: 'metrics' } = { kind: 'metrics', name: 'performance', delayMs: 0, metrics };
  return checkMetrics(source, { points: store }, settings, {
    endMs: sinceMs + elapsedMs,
    minimumMs,
    final,
    forecasts: forecastSource(source, { points: store }, settings, minimumMs),
    memory: new SeriesMemory(),
  });
}

const slower =
  (from = sinceMs) =>
  (_: string, isCanary: boolean, atMs: number, noise: number): number =>
    100 * noise * (isCanary && atMs >= from ? 1.4 : 1);
const shares = (series: readonly (number | null)[], within: (value: number, k: number) => boolean): number =>
  series.filter((value, k) => value !== null && within(value, k)).length / series.length;

test('the lines begin before the canary, keep to 240 points, and hold a canary that is fine inside the band', () => {
  const { series, outcome } = check({ elapsedMs: 1_800_000 })[0]!;
  assert.equal(outcome, 'pass');
  const { canary, baseline, low, high, nodes, startMs } = series!;
  assert.deepEqual(
    [startMs, series!.intervalMs, canary.length, baseline.length, low.length, high.length, Object.keys(nodes)],
    [0, 20_000, 180, 180, 180, 180, ['a', 'b', 'c', 'd', 'e']],
  );
  assert.ok(shares(canary, (value, k) => value >= low[k]! && value <= high[k]!) > 0.97);
});

test('a canary that has regressed lies outside the band, from when it has', () => {
  const { series, outcome } = check({ value: slower() })[0]!;
  assert.equal(outcome, 'fail');
  const { canary, high, startMs, intervalMs: step } = series!;
  assert.equal((sinceMs - startMs) / step, 60);
  assert.ok(
    shares(canary.slice(0, 60), (value, k) => value > high[k]!) < 0.05 &&
      shares(canary.slice(60), (value, k) => value > high[k + 60]!) > 0.9,
  );
});

test('the range of the level narrows, and lies beyond what is allowed once the check is sure', () => {
  const atEach = [60_000, 120_000, 240_000].map(elapsedMs => check({ value: slower(), elapsedMs, final: false })[0]!);
  const longest = atEach.at(-1)!,
    ranges = longest.series!.range!;
  assert.deepEqual(longest.allowed, { tolerance: 0.05, direction: 'increase' });
  const widths = ranges.map(({ low, high }) => high - low);
  assert.ok(widths.at(-1)! < widths[0]! / 2, `${widths[0]} to ${widths.at(-1)}`);
  for (const { outcome, series, baseline } of atEach)
    assert.equal(series!.range!.at(-1)!.low >= baseline! * 1.049, outcome === 'fail');
  assert.equal(ranges.at(-1)!.atMs, sinceMs + 240_000);
});

test('a gap is a gap, and a share is shown as a share with its own band', () => {
  const value = (metric: string, _: boolean, atMs: number): number | null =>
    atMs === sinceMs ? null : metric === 'errors' ? 2 : 100;
  const { series } = check({ metrics: [requests, errors], value })[1]!;
  assert.deepEqual([series!.canary[60], series!.canary[61], series!.baseline[61]], [null, 0.02, 0.02]);
  assert.ok(series!.low[61]! < 0.01 && series!.high[61]! > 0.03);
});

test('with no old node left the baseline line is the time before, then its level', () => {
  const { series } = check({ canary: ['a', 'b'], baseline: [] })[0]!;
  assert.deepEqual(
    [series!.canary[59], series!.baseline[60], series!.baseline[60] === series!.baseline[90]],
    [null, series!.baseline.at(-1), true],
  );
  assert.ok(Math.abs(series!.baseline[0]! - 100) < 20);
});

test('a failure says at which tolerance, and at which change, it would have been none', () => {
  const { whatIf, outcome, change } = check({ value: slower() })[0]!;
  assert.equal(outcome, 'fail');
  const tolerance = whatIf!.find(one => one.code === 'tolerance')!,
    smaller = whatIf!.find(one => one.code === 'change')!;
  assert.ok(
    tolerance.code === 'tolerance' &&
      tolerance.outcome !== 'fail' &&
      tolerance.tolerance > 0.1 &&
      tolerance.tolerance < 0.4,
    JSON.stringify(tolerance),
  );
  assert.equal(
    check({ value: slower(), metrics: [{ ...latency, tolerance: tolerance.tolerance }] })[0]!.outcome,
    tolerance.outcome,
  );
  assert.equal(
    check({ value: slower(), metrics: [{ ...latency, tolerance: tolerance.tolerance - 0.01 }] })[0]!.outcome,
    'fail',
  );
  assert.ok(
    smaller.code === 'change' && smaller.outcome !== 'fail' && smaller.change > 0.05 && smaller.change < change!,
    JSON.stringify(smaller),
  );
});

test('a pass says which change would have failed', () => {
  const { whatIf, outcome } = check({})[0]!;
  const larger = whatIf!.find(one => one.code === 'change')!;
  assert.ok(outcome === 'pass' && larger.code === 'change' && larger.outcome === 'fail');
  const [below, above] = [0.97, 1.03].map(
    nearly =>
      check({ value: (_, isCanary, __, noise) => 100 * noise * (isCanary ? (1 + larger.change) * nearly : 1) })[0]!
        .outcome,
  );
  assert.ok(below !== 'fail' && above === 'fail', `${below}, ${above}`);
});

test('what is undecided says how much longer it wants at this traffic', () => {
  const early = check({ elapsedMs: 120_000, final: false })[0]!;
  assert.deepEqual([early.outcome, early.neededMs, early.whatIf], ['inconclusive', 180_000, undefined]);
  const rare = check({
    metrics: [requests, errors],
    elapsedMs: 300_000,
    value: (metric, _, atMs) => (metric === 'requests' ? Number(atMs % 60_000 === 0) : 0),
  })[1]!;
  assert.deepEqual([rare.outcome, rare.neededMs], ['inconclusive', 600_000]);
  const silent = check({ value: (_, isCanary) => (isCanary ? null : 1) })[0]!;
  assert.deepEqual([silent.outcome, silent.neededMs, silent.series!.canary.at(-1)], ['inconclusive', null, null]);
});

test('a forecast says what the planned time can show, and how long a change of a half takes', () => {
  const forecastOf = (world: World, k = 0) => check({ elapsedMs: 0, final: false, ...world })[k]!.forecast;
  const steady = forecastOf({});
  assert.ok(
    steady!.durationMs === 600_000 && steady!.smallestChange! <= 0.2 && steady!.neededMs === 600_000,
    JSON.stringify(steady),
  );
  const rare = (metric: string, _: boolean, atMs: number, noise: number): number =>
    metric === 'requests' ? Math.round(20 * noise) : Number(atMs % 50_000 === 0);
  const scarce = forecastOf({ metrics: [requests, errors], value: rare }, 1);
  assert.ok(scarce!.smallestChange! >= 0.75 && (scarce!.neededMs ?? Infinity) > 600_000, JSON.stringify(scarce));
  assert.equal(forecastOf({ value: () => null }), undefined);
});

const limited = (limit: MetricQuery['limit'], beyond: readonly number[]): MetricCheck =>
  check({
    metrics: [{ ...latency, tolerance: 10, ...(limit && { limit }) }],
    elapsedMs: 300_000,
    final: false,
    value: (_, isCanary, atMs, noise) =>
      isCanary && beyond.includes((atMs - sinceMs) / intervalMs) ? 300 : 100 * noise,
  })[0]!;

test('a limit fails at once, after so many intervals, or after so many in a row, and says so', () => {
  const { outcome, reasons } = limited({ above: 250, times: 1, inARow: false }, [4]);
  assert.deepEqual(
    [outcome, reasons],
    [
      'fail',
      [
        {
          code: 'metric-limit',
          values: { metric: 'latency', unit: 'ms', value: 300, side: 'above', limit: 250, times: 1, inARow: 'false' },
        },
      ],
    ],
  );
  const three = { above: 250, times: 3 };
  assert.deepEqual(
    [
      [4, 9],
      [4, 9, 14],
    ].map(beyond => limited({ ...three, inARow: false }, beyond).outcome),
    ['pass', 'fail'],
  );
  assert.deepEqual(
    [
      [4, 9, 14],
      [7, 8, 9],
    ].map(beyond => limited({ ...three, inARow: true }, beyond).outcome),
    ['pass', 'fail'],
  );
  assert.equal(limited({ below: 50, times: 1, inARow: false }, []).outcome, 'pass');
});

test('a limit needs no baseline', () => {
  const value = (_: string, isCanary: boolean): number | null => (isCanary ? 300 : null);
  assert.equal(
    check({ metrics: [{ ...latency, limit: { above: 250, times: 1, inARow: false } }], value })[0]!.outcome,
    'fail',
  );
});

test('inside the range that is left alone no test fails, outside of it it does', () => {
  const outcome = (to: number): string =>
    check({ metrics: [{ ...latency, ignore: { to } }], value: slower() })[0]!.outcome;
  assert.deepEqual([outcome(200), outcome(120)], ['pass', 'fail']);
});

test('a change smaller than the floor never fails, be the metric a gauge, a share or nearly always zero', () => {
  const fails = (
    floor: number | undefined,
    metric: MetricQuery,
    value: NonNullable<World['value']> = slower(),
  ): string =>
    check({
      metrics: metric.denominator
        ? [requests, { ...metric, ...(floor !== undefined && { floor }) }]
        : [{ ...metric, ...(floor !== undefined && { floor }) }],
      value,
    }).at(-1)!.outcome;
  assert.deepEqual([fails(undefined, latency), fails(60, latency), fails(10, latency)], ['fail', 'pass', 'fail']);
  const erring = (metric: string, isCanary: boolean, atMs: number): number =>
    metric === 'requests' ? 200 : isCanary ? 4 : Number(atMs % 100_000 === 0);
  assert.deepEqual(
    [fails(undefined, errors, erring), fails(0.05, errors, erring), fails(0.005, errors, erring)],
    ['fail', 'pass', 'fail'],
  );
});

test(
  'a session that begins in the middle and reads everything ' + 'anew says what one that was there from the start says',
  () => {
    const points = sessionPoints();
    const watched = sessionOf(),
      restarted = sessionOf();
    for (let atMs = sinceMs; atMs < sinceMs + 600_000; atMs += 30_000) {
      watched.ingest(points.filter(point => point.atMs < atMs));
      watched.look(atMs);
    }
    watched.ingest(points);
    restarted.ingest([...points].reverse());
    assert.deepEqual(
      { ...restarted.look(sinceMs + 600_000), looks: 0 },
      { ...watched.look(sinceMs + 600_000), looks: 0 },
    );
  },
);

function sessionPoints(): MetricPoint[] {
  const random = seededRandom(11);
  return Array.from({ length: (sinceMs + 600_000) / intervalMs }, (_, index) => index * intervalMs).flatMap(atMs =>
    ['a', 'b', 'c'].map((node): MetricPoint => ({
      metric: 'latency',
      node,
      atMs,
      value: 100 * Math.exp(0.06 * normal(random)) * (node === 'a' && atMs > sinceMs + 200_000 ? 1.5 : 1),
    })),
  );
}

function sessionOf(): { ingest(points: readonly MetricPoint[]): void; look(atMs: number): VerificationReport } {
  let page: readonly MetricPoint[] = [];
  const session = createEvidenceSession(
    {
      sensitivity: 'medium',
      canaryNodes: ['a'],
      baselineNodes: ['b', 'c'],
      baselineKind: 'existing',
      canarySinceMs: sinceMs,
      beforeFromMs: 0,
      beforeToMs: sinceMs,
      intervalMs,
      durationMs: 600_000,
      trafficWeight: 1,
      sources: [{ kind: 'metrics', name: 'performance', delayMs: 0, metrics: [latency] }],
    },
    {
      newRelicSeries: () => succeed({ rows: 1, points: page }),
      newRelicLogs: () => succeed({ rows: 0 }),
      sumoMessages: () => succeed({ rows: 0 }),
      sumoMetrics: () => succeed({ rows: 0 }),
    },
    text => text,
  );
  return {
    ingest(points) {
      page = points;
      session.ingest({ source: 'performance', decoder: 'newRelicSeries', bytes: new Uint8Array(), context: {} });
    },
    look: atMs => session.look({ atMs, unread: {}, partial: {}, final: atMs >= sinceMs + 600_000 }),
  };
}
