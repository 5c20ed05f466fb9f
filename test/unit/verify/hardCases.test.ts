// What other judges get wrong: hardly any traffic, zeros, gaps, values that are none, one node against one, counters
// that begin anew, and a side that dies.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decodeNewRelicSeries } from '../../../src/vendors/newRelic/metrics.decode.ts';
import type { AnalysisSettings, EvidencePage } from '../../../src/model/evidence/analysis.ts';
import type { LogLine, MetricEvidence, MetricPoint, NodeSeries } from '../../../src/model/evidence/evidence.ts';
import { succeed } from '../../../src/model/failure.ts';
import type { MetricQuery } from '../../../src/model/healthSource.ts';
import type { Check, Outcome } from '../../../src/model/evidence/verdict.ts';
import { assessMetrics, type MetricAssessment } from '../../../src/verify/metrics/assessMetrics.ts';
import { createEvidenceSession } from '../../../src/verify/session.ts';
import { normal, seededRandom } from './metrics/simulation.ts';

const intervalMs = 15_000,
  length = 40;
function series(
  seed: number,
  nodes: readonly string[],
  value: (t: number, noise: number) => number | null,
): NodeSeries {
  const random = seededRandom(seed);
  return Object.fromEntries(
    nodes.map(node => [node, Array.from({ length }, (_, t) => value(t, Math.exp(0.06 * normal(random))))]),
  );
}
function assess(...metrics: readonly Partial<MetricEvidence>[]): MetricAssessment {
  return assessMetrics(
    {
      intervalMs,
      baselineKind: 'fresh',
      trafficWeight: 1,
      metrics: metrics.map(metric => ({
        name: 'latency',
        kind: 'gauge',
        direction: 'increase',
        before: {},
        canary: series(1, ['c'], (_, noise) => 100 * noise),
        baseline: series(2, ['b1', 'b2'], (_, noise) => 100 * noise),
        ...metric,
      })),
    },
    { sensitivity: 'medium', minimumMs: length * intervalMs, final: true },
  ).at(-1)!;
}
const said = ({ outcome, reasons }: Pick<MetricAssessment, 'outcome' | 'reasons'>): readonly string[] => [
  outcome,
  ...reasons.map(({ code }) => code),
];
const steady = (nodes: readonly string[], value: number): NodeSeries =>
  Object.fromEntries(nodes.map(node => [node, new Array<number>(length).fill(value)]));

test('hardly any traffic: no error share, however high, of a handful of requests fails or passes', () => {
  const requests: Partial<MetricEvidence> = {
    name: 'requests',
    kind: 'count',
    direction: 'decrease',
    canary: series(1, ['c'], t => (t % 20 === 0 ? 1 : 0)),
    baseline: series(2, ['b1', 'b2'], t => (t % 10 === 0 ? 1 : 0)),
  };
  const of = (errors: number): Outcome =>
    assess(requests, {
      name: 'errors',
      kind: 'count',
      denominator: 'requests',
      canary: { c: requests.canary!['c']!.map((value, t) => (t < 20 * errors ? value : 0)) },
      baseline: steady(['b1', 'b2'], 0),
    }).outcome;
  assert.deepEqual([0, 1, 2].map(of), ['inconclusive', 'inconclusive', 'inconclusive']);
});

test('no traffic at all on either side of a share is inconclusive, and says that requests are missing', () => {
  const nothing: Partial<MetricEvidence> = {
    canary: steady(['c'], 0),
    baseline: steady(['b1', 'b2'], 0),
    kind: 'count',
  };
  const { outcome, reasons } = assess(
    { ...nothing, name: 'requests' },
    { ...nothing, name: 'errors', denominator: 'requests' },
  );
  assert.deepEqual(
    [outcome, reasons[0]!.code, reasons[0]!.values['what']],
    ['inconclusive', 'not-enough-data', 'requests'],
  );
});

test(
  'a baseline of zeros: nothing beside nothing passes, something beside it has no change in percent, ' +
    'and what is tolerated in its unit passes',
  () => {
    const zero = steady(['b1', 'b2'], 0);
    assert.equal(assess({ canary: steady(['c'], 0), baseline: zero }).outcome, 'pass');
    const risen = assess({ canary: series(3, ['c'], (_, noise) => 5 * noise), baseline: zero });
    assert.deepEqual([risen.outcome, risen.change], ['fail', null]);
    assert.notEqual(
      assess({ canary: series(3, ['c'], (_, noise) => 5 * noise), baseline: zero, floor: 20 }).outcome,
      'fail',
    );
  },
);

test('what is no number is missing: NaN, infinities and null say the same', () => {
  const holes = (hole: number | null) =>
    assess({
      canary: series(1, ['c'], (t, noise) => (t % 4 === 0 ? hole : 100 * noise)),
      baseline: series(2, ['b1', 'b2'], (t, noise) => (t % 5 === 0 ? hole : 100 * noise)),
    });
  assert.equal(holes(null).outcome, 'pass');
  for (const hole of [Number.NaN, Infinity, -Infinity]) assert.deepEqual(holes(hole), holes(null));
});

test(
  'one node against one: a lasting offset that two healthy nodes may have is no regression, a doubling is, ' +
    'and so is a rise that begins while both are watched',
  () => {
    const judge = (effect: (t: number) => number): Outcome =>
      assess({
        canary: series(5, ['c'], (t, noise) => 100 * effect(t) * noise),
        baseline: series(6, ['b'], (_, noise) => 100 * noise),
      }).outcome;
    assert.notEqual(
      judge(() => 1.12),
      'fail',
    );
    assert.equal(
      judge(() => 2),
      'fail',
    );
    assert.equal(
      judge(t => (t < 12 ? 1 : 1.5)),
      'fail',
    );
  },
);

test(
  'a baseline that dies is no baseline any more; what was sure before stays sure; ' +
    'of several nodes the others stand for it',
  () => {
    const dies = (nodes: readonly string[], at: number): NodeSeries =>
      series(2, nodes, (t, noise) => (t < at ? 100 * noise : null));
    assert.deepEqual(said(assess({ baseline: dies(['b1', 'b2'], 20) })), ['inconclusive', 'no-baseline-data']);
    assert.equal(
      assess({ baseline: dies(['b1', 'b2'], 20), canary: series(1, ['c'], (_, noise) => 200 * noise) }).outcome,
      'fail',
    );
    const other = { ...dies(['b1'], 20), ...series(7, ['b2', 'b3'], (_, noise) => 100 * noise) };
    assert.equal(assess({ baseline: other }).outcome, 'pass');
    assert.equal(
      assess({ baseline: other, canary: series(1, ['c'], (t, noise) => (t < 22 ? 100 : 180) * noise) }).outcome,
      'fail',
    );
  },
);

const sinceMs = 600_000,
  durationMs = 600_000;
const settings: AnalysisSettings = {
  sensitivity: 'medium',
  canaryNodes: ['c'],
  baselineNodes: ['b1', 'b2'],
  baselineKind: 'existing',
  canarySinceMs: sinceMs,
  beforeFromMs: 0,
  beforeToMs: sinceMs,
  intervalMs,
  durationMs,
  trafficWeight: 1,
  sources: [{ kind: 'logs', name: 'quality', delayMs: 0 }],
};
function look(
  told: AnalysisSettings,
  page: Pick<EvidencePage, 'source' | 'context' | 'bytes'>,
  content: { lines?: readonly LogLine[]; points?: readonly MetricPoint[] } | undefined,
): readonly Check[] {
  const given = () => succeed({ rows: 1, ...content });
  const session = createEvidenceSession(
    told,
    {
      sumoMessages: given,
      newRelicLogs: given,
      sumoMetrics: given,
      newRelicSeries: content ? given : decodeNewRelicSeries,
    },
    text => text,
  );
  const taken = session.ingest({ ...page, decoder: 'newRelicSeries' });
  assert.ok(taken.ok, JSON.stringify(taken));
  return session.look({ atMs: sinceMs + durationMs, unread: {}, partial: {}, final: true }).checks;
}

test('log lines of a baseline that dies: the canary is no more frequent than it, and is not passed either', () => {
  const lines = ['c', 'b1', 'b2']
    .flatMap(node =>
      Array.from({ length: (sinceMs + durationMs) / 1_000 }, (_, second): LogLine => ({
        node,
        atMs: second * 1_000,
        text:
          `2026-01-01 00:00:00 ${second % 7 === 0 ? 'ERROR mail - could not send' : 'INFO shop - order placed'} ` +
          `${second}`,
      })),
    )
    .filter(({ node, atMs }) => node === 'c' || atMs < sinceMs + durationMs / 3);
  const [check] = look(settings, { source: 'quality', bytes: new Uint8Array(), context: {} }, { lines });
  assert.equal(check!.outcome, 'inconclusive', JSON.stringify(check!.reasons));
  assert.ok(check!.reasons.some(({ code }) => code === 'late'));
});

test('counters that begin anew with the deployment are neither a fall nor a spike, and a real fall is found', () => {
  const requests: MetricQuery = {
    name: 'requests',
    options: { select: 'latest(requests_total)', from: 'Metric' },
    kind: 'count',
    isCumulative: true,
    direction: 'either',
    unit: '',
  };
  const judge = (afterwards: number): Check => {
    const random = seededRandom(9);
    const results = ['c', 'b1', 'b2'].flatMap((node, n) => {
      let standing = 1e6 * (n + 1);
      return Array.from({ length: (sinceMs + durationMs) / intervalMs }, (_, k) => {
        const atMs = k * intervalMs,
          isNew = node === 'c' && atMs >= sinceMs;
        const added = Math.round(100 * Math.exp(0.06 * normal(random)) * (isNew ? afterwards : 1));
        standing = isNew && atMs === sinceMs ? added : standing + added;
        return { facet: node, host: node, beginTimeSeconds: atMs / 1_000, value: standing, samples: 1 };
      });
    });
    const told: AnalysisSettings = {
      ...settings,
      sources: [{ kind: 'metrics', name: 'performance', delayMs: 0, metrics: [requests] }],
    };
    const context = {
      metric: 'requests',
      kind: 'cumulative',
      bounds: 0,
      nodeAttribute: 'host',
      nodes: '["c","b1","b2"]',
      fromMs: 0,
      toMs: sinceMs + durationMs,
      intervalMs,
    };
    return look(
      told,
      {
        source: 'performance',
        context,
        bytes: new TextEncoder().encode(
          JSON.stringify({ data: { actor: { account: { metric: { results } } } } }),
        ) as Uint8Array<ArrayBuffer>,
      },
      undefined,
    )[0]!;
  };
  const healthy = judge(1);
  assert.equal(healthy.outcome, 'pass', JSON.stringify(healthy.reasons));
  assert.ok(healthy.kind === 'metric' && Math.abs(healthy.change!) < 0.1, 'and it is shown as what was added');
  assert.equal(judge(0.5).outcome, 'fail');
});
