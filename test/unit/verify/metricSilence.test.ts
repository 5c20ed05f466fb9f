// One metric that stops while the others of its source go on: they do not stand in for it.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { AnalysisSettings } from '../../../src/model/evidence/analysis.ts';
import type { MetricPoint } from '../../../src/model/evidence/evidence.ts';
import { succeed } from '../../../src/model/failure.ts';
import type { MetricQuery } from '../../../src/model/healthSource.ts';
import type { VerificationReport } from '../../../src/model/evidence/verdict.ts';
import { createEvidenceSession } from '../../../src/verify/session.ts';
import { normal, seededRandom } from './metrics/simulation.ts';

const intervalMs = 15_000,
  durationMs = 600_000,
  sinceMs = 1_200_000;
const canaryNodes = ['c1', 'c2'],
  baselineNodes = ['b1', 'b2'];
const metric = (name: string, more: Partial<MetricQuery> = {}): MetricQuery => ({
  name,
  options: {},
  kind: 'gauge',
  direction: 'increase',
  unit: '',
  ...more,
});
const settings: AnalysisSettings = {
  sensitivity: 'medium',
  canaryNodes,
  baselineNodes,
  baselineKind: 'existing',
  canarySinceMs: sinceMs,
  beforeFromMs: 0,
  beforeToMs: sinceMs - 60_000,
  intervalMs,
  durationMs,
  trafficWeight: 1,
  sources: [
    {
      kind: 'metrics',
      name: 'performance',
      delayMs: 0,
      metrics: [
        metric('latency'),
        metric('requests', { kind: 'count', direction: 'either' }),
        metric('errors', { kind: 'count', denominator: 'requests' }),
      ],
    },
  ],
};

/** The last look, of one every interval; `has` says which values there are, and `lateMs` how late they can be read. */
function verify(
  has: (metric: string, node: string, atMs: number) => boolean,
  lateMs: (metric: string) => number = () => 0,
): VerificationReport {
  const random = seededRandom(3);
  const all: MetricPoint[] = [];
  for (let atMs = 0; atMs < sinceMs + durationMs; atMs += intervalMs)
    for (const node of [...canaryNodes, ...baselineNodes]) {
      const noise = Math.exp(0.05 * normal(random));
      for (const [name, value] of [
        ['latency', 100 * noise],
        ['requests', Math.round(600 * noise)],
        ['errors', Math.floor(2 * random())],
      ] as const)
        if (has(name, node, atMs - sinceMs)) all.push({ metric: name, node, atMs, value });
    }
  let nowMs = sinceMs;
  const answer = () => {
    const points = all.filter(({ metric, atMs }) => atMs + intervalMs + lateMs(metric) <= nowMs);
    return succeed({ rows: 1, points, lines: [] });
  };
  const session = createEvidenceSession(
    settings,
    { sumoMessages: answer, newRelicLogs: answer, newRelicSeries: answer, sumoMetrics: answer },
    text => text,
  );
  let report: VerificationReport | undefined;
  for (nowMs = sinceMs; nowMs <= sinceMs + durationMs; nowMs += intervalMs) {
    assert.ok(
      session.ingest({ source: 'performance', decoder: 'newRelicSeries', bytes: new Uint8Array(), context: {} }).ok,
    );
    report = session.look({ atMs: nowMs, unread: {}, partial: {}, final: nowMs >= sinceMs + durationMs });
  }
  return report!;
}
const outcomes = (report: VerificationReport) => Object.fromEntries(report.checks.map(one => [one.name, one.outcome]));
const silenceOf = (report: VerificationReport, name: string) =>
  report.checks
    .filter(check => check.name === name)
    .flatMap(({ reasons }) => reasons)
    .filter(({ code }) => code === 'silent')
    .map(({ values: { nodes, sinceMs: since } }) => [nodes, Number(since) - sinceMs]);
const allPass = { latency: 'pass', requests: 'pass', errors: 'pass' };

for (const stopsMs of [60_000, 300_000, 480_000])
  test(`a canary whose latency stops after ${stopsMs / 1_000} s does not pass, though it still counts requests`, () => {
    const report = verify((name, node, atMs) => !(name === 'latency' && canaryNodes.includes(node) && atMs >= stopsMs));
    assert.deepEqual(outcomes(report), { ...allPass, latency: 'inconclusive' });
    assert.deepEqual(silenceOf(report, 'latency'), [['c1, c2', stopsMs - intervalMs]]);
    assert.deepEqual(silenceOf(report, 'requests'), []);
  });

test('a metric that stops on the baseline, that stops everywhere, or that comes late does not count against it', () => {
  const stops = (nodes: readonly string[]) =>
    outcomes(verify((name, node, atMs) => !(name === 'latency' && nodes.includes(node) && atMs >= 480_000)));
  assert.deepEqual(stops(baselineNodes), allPass);
  assert.deepEqual(stops([...canaryNodes, ...baselineNodes]), allPass);
  const late = verify(
    () => true,
    name => (name === 'latency' ? 120_000 : 0),
  );
  assert.deepEqual([outcomes(late), silenceOf(late, 'latency')], [allPass, []]);
});

test('errors that no longer occur on the canary are no silence', () => {
  const report = verify((name, node, atMs) => !(name === 'errors' && canaryNodes.includes(node) && atMs >= 480_000));
  assert.deepEqual([outcomes(report), silenceOf(report, 'errors')], [allPass, []]);
});
