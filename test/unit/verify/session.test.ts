// One verification's evidence: who is canary when, what limits do to a verdict, and what never leaves in a sample.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { AnalysisSettings, Look } from '../../../src/model/analysis.ts';
import type { LogLine, MetricPoint } from '../../../src/model/evidence.ts';
import { fail, succeed } from '../../../src/model/failure.ts';
import { createRedactor } from '../../../src/model/redact.ts';
import type { LogsCheck } from '../../../src/model/verdict.ts';
import { createEvidenceSession, type EvidenceSession } from '../../../src/verify/session.ts';

const sinceMs = 600_000;
const settings: AnalysisSettings = {
  sensitivity: 'medium', canaryNodes: ['c'], baselineNodes: ['b1', 'b2'], baselineKind: 'existing', canarySinceMs: sinceMs, beforeFromMs: 0, beforeToMs: 500_000,
  intervalMs: 10_000, durationMs: 120_000, trafficWeight: 1,
  sources: [{ kind: 'logs', name: 'quality', delayMs: 0 }, { kind: 'metrics', name: 'performance', delayMs: 0, metrics: [{ name: 'p95', select: '', from: '', kind: 'gauge', direction: 'increase', unit: 'ms' }] }],
};
const look = (more: Partial<Look> = {}): Look => ({ atMs: sinceMs + 120_000, unread: {}, partial: {}, final: true, ...more });

function sessionWith(lines: readonly LogLine[], points: readonly MetricPoint[], secrets: readonly string[] = [], told = settings): EvidenceSession {
  const session = createEvidenceSession(told, {
    sumoMessages: () => succeed({ rows: lines.length, lines }), newRelicLogs: () => succeed({ rows: lines.length, lines }), newRelicSeries: () => succeed({ rows: points.length, points }),
  }, createRedactor(secrets));
  const page = { bytes: new Uint8Array(), context: {} };
  assert.ok(session.ingest({ ...page, source: 'quality', decoder: 'sumoMessages' }).ok);
  assert.ok(session.ingest({ ...page, source: 'performance', decoder: 'newRelicSeries' }).ok);
  return session;
}
const logs = (session: EvidenceSession, at = look()): LogsCheck => session.look(at).checks.find(check => check.kind === 'logs')!;

const every = (node: string, fromMs: number, toMs: number, text: string, stepMs = 1_000): LogLine[] =>
  Array.from({ length: Math.floor((toMs - fromMs) / stepMs) }, (_, index) => ({ node, atMs: fromMs + index * stepMs, text: `2026-01-01 00:00:00 INFO shop - ${text} ${index}` }));
const steady = (nodes: readonly string[]): LogLine[] => nodes.flatMap(node => every(node, 0, sinceMs + 120_000, 'order placed'));
const flat = (): MetricPoint[] => ['c', 'b1', 'b2'].flatMap(node => Array.from({ length: 72 }, (_, index) => ({ metric: 'p95', node, atMs: index * 10_000, value: 100 + (index * 7 + node.length) % 5 })));

test('lines count by node and time: canary, baseline, before; what lies between and strangers do not', () => {
  const check = logs(sessionWith([...steady(['c', 'b1', 'b2']), ...every('stranger', 0, sinceMs + 120_000, 'order placed')], flat()));
  assert.deepEqual([check.canaryLines, check.baselineLines], [120, 240]);
});

test('a healthy canary passes at the end of the window, and not before it', () => {
  const session = sessionWith(steady(['c', 'b1', 'b2']), flat());
  const early = session.look(look({ atMs: sinceMs + 100_000, final: false }));
  assert.equal(early.outcome, 'inconclusive');
  assert.ok(early.checks.every(check => check.outcome === 'pass'), JSON.stringify(early.checks.map(check => [check.name, check.outcome, check.reasons])));
  assert.equal(session.look(look()).outcome, 'pass');
});

test('it may pass before its time where the pipeline says so, and not before every check is sure enough', () => {
  const outcomes = (passAfterMs: number): string[] => {
    const session = sessionWith(steady(['c', 'b1', 'b2']), flat(), [], { ...settings, passAfterMs });
    return [40_000, 110_000].map(elapsedMs => session.look(look({ atMs: sinceMs + elapsedMs, final: false })).outcome);
  };
  assert.deepEqual([outcomes(100_000), outcomes(20_000)], [['inconclusive', 'pass'], ['pass', 'pass']]);
});

test('a source that could not be read, or only in part, never passes', () => {
  for (const limit of [{ unread: { quality: 'HTTP 503' } }, { partial: { quality: { read: 10, total: 20 } } }]) {
    const report = sessionWith(steady(['c', 'b1', 'b2']), flat()).look(look(limit));
    assert.equal(report.outcome, 'inconclusive');
    assert.match(report.checks.find(check => check.name === 'quality')!.reasons[0]!.code, /could-not-read|partial/);
  }
});

const failing = ['c', 'c', 'c', 'c', 'c', 'c'].map((node, index): LogLine => ({ node, atMs: sinceMs + 10_000 + index * 5_000, text: `2026-01-01 00:00:00 ERROR shop - java.lang.IllegalStateException: zone ${index} of NRAK-ABCDEFGHIJKLMNOPQRSTUVWXYZ1 is closed for hunter2secret` }));

test('an exception that only the canary shows fails, also when another source is silent', () => {
  const session = sessionWith([...steady(['c', 'b1', 'b2']), ...failing], []);
  assert.equal(session.look(look({ final: false, atMs: sinceMs + 60_000 })).outcome, 'fail');
});

test('evidence from after the decision does not count', () => {
  const session = sessionWith([...steady(['c', 'b1', 'b2']), ...failing], flat());
  assert.equal(logs(session, look({ untilMs: sinceMs + 5_000 })).clusters.filter(cluster => cluster.class === 'unknown').length, 0);
});

test('samples and what is learned hold no secret', () => {
  const session = sessionWith([...steady(['c', 'b1', 'b2']), ...failing], flat(), ['hunter2secret']);
  const told = JSON.stringify([session.look(look()), session.learn()]);
  assert.ok(told.includes('IllegalStateException'));
  assert.ok(!told.includes('hunter2secret') && !told.includes('NRAK-ABCDEF'), told.slice(0, 2_000));
});

test('a page that cannot be decoded is a failure, and so is one of an unknown source', () => {
  const session = createEvidenceSession(settings, { sumoMessages: () => fail('bad-answer', 'cut'), newRelicSeries: () => succeed({ rows: 0 }), newRelicLogs: () => succeed({ rows: 0 }) }, text => text);
  assert.equal(session.ingest({ source: 'quality', decoder: 'sumoMessages', bytes: new Uint8Array(), context: {} }).ok, false);
  assert.equal(session.ingest({ source: 'nobody', decoder: 'newRelicSeries', bytes: new Uint8Array(), context: {} }).ok, false);
});
