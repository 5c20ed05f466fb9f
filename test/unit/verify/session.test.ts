// One verification's evidence: who is canary when, what limits do to a verdict, and what never leaves in a sample.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { AnalysisSettings, Look, VersionSides } from '../../../src/model/evidence/analysis.ts';
import type { LogLine, MetricPoint } from '../../../src/model/evidence/evidence.ts';
import { fail, succeed } from '../../../src/model/failure.ts';
import { createRedactor } from '../../../src/model/redact.ts';
import { secretForms } from '../../../src/vendors/definitions.ts';
import type { LogsCheck } from '../../../src/model/evidence/verdict.ts';
import { createEvidenceSession, type EvidenceSession } from '../../../src/verify/session.ts';

const sinceMs = 600_000;
const settings: AnalysisSettings = {
  sensitivity: 'medium',
  canaryNodes: ['c'],
  baselineNodes: ['b1', 'b2'],
  baselineKind: 'existing',
  canarySinceMs: sinceMs,
  beforeFromMs: 0,
  beforeToMs: 500_000,
  intervalMs: 10_000,
  durationMs: 120_000,
  trafficWeight: 1,
  sources: [
    { kind: 'logs', name: 'quality', delayMs: 0 },
    {
      kind: 'metrics',
      name: 'performance',
      delayMs: 0,
      metrics: [{ name: 'p95', options: { select: '', from: '' }, kind: 'gauge', direction: 'increase', unit: 'ms' }],
    },
  ],
};
const look = (more: Partial<Look> = {}): Look => ({
  atMs: sinceMs + 120_000,
  unread: {},
  partial: {},
  final: true,
  ...more,
});

function sessionWith(
  lines: readonly LogLine[],
  points: readonly MetricPoint[],
  secrets: readonly string[] = [],
  told = settings,
): EvidenceSession {
  const session = createEvidenceSession(
    told,
    {
      sumoMessages: () => succeed({ rows: lines.length, lines }),
      newRelicLogs: () => succeed({ rows: lines.length, lines }),
      newRelicSeries: () => succeed({ rows: points.length, points }),
      sumoMetrics: () => succeed({ rows: points.length, points }),
    },
    createRedactor(secrets, secretForms),
  );
  const page = { bytes: new Uint8Array(), context: {} };
  assert.ok(session.ingest({ ...page, source: 'quality', decoder: 'sumoMessages' }).ok);
  assert.ok(session.ingest({ ...page, source: 'performance', decoder: 'newRelicSeries' }).ok);
  return session;
}
const logs = (session: EvidenceSession, at = look()): LogsCheck =>
  session.look(at).checks.find(check => check.kind === 'logs')!;

const every = (node: string, fromMs: number, toMs: number, text: string, stepMs = 1_000): LogLine[] =>
  Array.from({ length: Math.floor((toMs - fromMs) / stepMs) }, (_, index) => ({
    node,
    atMs: fromMs + index * stepMs,
    text: `2026-01-01 00:00:00 INFO shop - ${text} ${index}`,
  }));
const steady = (nodes: readonly string[]): LogLine[] =>
  nodes.flatMap(node => every(node, 0, sinceMs + 120_000, 'order placed'));
const flat = (): MetricPoint[] =>
  ['c', 'b1', 'b2'].flatMap(node =>
    Array.from({ length: 72 }, (_, index) => ({
      metric: 'p95',
      node,
      atMs: index * 10_000,
      value: 100 + ((index * 7 + node.length) % 5),
    })),
  );

test('lines count by node and time: canary, baseline, before; what lies between and strangers do not', () => {
  const check = logs(
    sessionWith([...steady(['c', 'b1', 'b2']), ...every('stranger', 0, sinceMs + 120_000, 'order placed')], flat()),
  );
  assert.deepEqual([check.canaryLines, check.baselineLines], [120, 240]);
});

test('a healthy canary passes at the end of the window, and not before it', () => {
  const session = sessionWith(steady(['c', 'b1', 'b2']), flat());
  const early = session.look(look({ atMs: sinceMs + 100_000, final: false }));
  assert.equal(early.outcome, 'inconclusive');
  assert.ok(
    early.checks.every(check => check.outcome === 'pass'),
    JSON.stringify(early.checks.map(check => [check.name, check.outcome, check.reasons])),
  );
  assert.equal(session.look(look()).outcome, 'pass');
});

test('it may pass before its time where the pipeline says so, and not before every check is sure enough', () => {
  const outcomes = (passAfterMs: number): string[] => {
    const session = sessionWith(steady(['c', 'b1', 'b2']), flat(), [], { ...settings, passAfterMs });
    return [40_000, 110_000].map(elapsedMs => session.look(look({ atMs: sinceMs + elapsedMs, final: false })).outcome);
  };
  assert.deepEqual(
    [outcomes(100_000), outcomes(20_000)],
    [
      ['inconclusive', 'pass'],
      ['pass', 'pass'],
    ],
  );
});

test('a source that could not be read, or only in part, never passes', () => {
  for (const limit of [{ unread: { quality: 'HTTP 503' } }, { partial: { quality: { read: 10, total: 20 } } }]) {
    const report = sessionWith(steady(['c', 'b1', 'b2']), flat()).look(look(limit));
    assert.equal(report.outcome, 'inconclusive');
    assert.match(report.checks.find(check => check.name === 'quality')!.reasons[0]!.code, /could-not-read|partial/);
  }
});

const failing = ['c', 'c', 'c', 'c', 'c', 'c'].map((node, index): LogLine => ({
  node,
  atMs: sinceMs + 10_000 + index * 5_000,
  text:
    '2026-01-01 00:00:00 ERROR shop - java.lang.IllegalStateException: ' +
    `zone ${index} of NRAK-ABCDEFGHIJKLMNOPQRSTUVWXYZ1 is closed for hunter2secret`,
}));

test('an exception that only the canary shows fails, also when another source is silent', () => {
  const session = sessionWith([...steady(['c', 'b1', 'b2']), ...failing], []);
  assert.equal(session.look(look({ final: false, atMs: sinceMs + 60_000 })).outcome, 'fail');
});

test('evidence from after the decision does not count', () => {
  const session = sessionWith([...steady(['c', 'b1', 'b2']), ...failing], flat());
  assert.equal(
    logs(session, look({ untilMs: sinceMs + 5_000 })).clusters.filter(cluster => cluster.class === 'unknown').length,
    0,
  );
});

test('samples and what is learned hold no secret', () => {
  const session = sessionWith([...steady(['c', 'b1', 'b2']), ...failing], flat(), ['hunter2secret']);
  const told = JSON.stringify([session.look(look()), session.learn()]);
  assert.ok(told.includes('IllegalStateException'));
  assert.ok(!told.includes('hunter2secret') && !told.includes('NRAK-ABCDEF'), told.slice(0, 2_000));
});

test('a page that cannot be decoded is a failure, and so is one of an unknown source', () => {
  const session = createEvidenceSession(
    settings,
    {
      sumoMessages: () => fail('bad-answer', 'cut'),
      newRelicSeries: () => succeed({ rows: 0 }),
      newRelicLogs: () => succeed({ rows: 0 }),
      sumoMetrics: () => succeed({ rows: 0 }),
    },
    text => text,
  );
  assert.equal(
    session.ingest({ source: 'quality', decoder: 'sumoMessages', bytes: new Uint8Array(), context: {} }).ok,
    false,
  );
  assert.equal(
    session.ingest({ source: 'nobody', decoder: 'newRelicSeries', bytes: new Uint8Array(), context: {} }).ok,
    false,
  );
});

/** A session that is given lines page by page. */
function pagedSession(
  pages: readonly (readonly LogLine[])[],
  context: Readonly<Record<string, number>> = {},
): { readonly session: EvidenceSession; next(): void } {
  let page = 0;
  const session = createEvidenceSession(
    { ...settings, sources: [{ kind: 'logs', name: 'quality', delayMs: 30_000 }] },
    {
      sumoMessages: () => succeed({ rows: 1, lines: pages[page++] ?? [] }),
      newRelicSeries: () => fail('invalid', 'none'),
      newRelicLogs: () => fail('invalid', 'none'),
      sumoMetrics: () => fail('invalid', 'none'),
    },
    text => text,
  );
  return {
    session,
    next: () =>
      assert.ok(session.ingest({ source: 'quality', decoder: 'sumoMessages', bytes: new Uint8Array(), context }).ok),
  };
}
const withIds = (lines: readonly LogLine[]): LogLine[] =>
  lines.map(line => ({ ...line, id: `${line.node}/${line.atMs}/${line.text}` }));
const trouble = (node: string, fromMs: number): LogLine[] =>
  every(node, fromMs, fromMs + 10_000, 'java.lang.IllegalStateException: database is gone', 2_000).map(line => ({
    ...line,
    text: line.text.replace('INFO', 'ERROR'),
  }));
const unknownOf = (check: LogsCheck): number => check.clusters.filter(cluster => cluster.class === 'unknown').length;

test('what only the canary shows waits until the baseline, whose lines come a minute later, is there as well', () => {
  const canary = withIds([...every('c', 0, sinceMs + 60_000, 'order placed'), ...trouble('c', sinceMs + 40_000)]);
  const baseline = withIds(
    ['b1', 'b2'].flatMap(node => [
      ...every(node, 0, sinceMs + 60_000, 'order placed'),
      ...trouble(node, sinceMs + 40_000),
    ]),
  );
  const { session, next } = pagedSession([
    [...canary, ...baseline.filter(line => line.atMs < sinceMs)],
    [...canary, ...baseline],
  ]);
  next();
  const early = logs(session, look({ atMs: sinceMs + 60_000, final: false }));
  assert.equal(unknownOf(early), 0);
  assert.equal(Math.round(early.timing!.delayMs / 1000), 61);
  assert.deepEqual(early.reasons.at(-1), {
    code: 'late',
    values: { source: 'quality', delayMs: early.timing!.delayMs, expectedMs: 30_000 },
  });
  next();
  const late = logs(session, look({ atMs: sinceMs + 61_000, final: false }));
  assert.deepEqual([unknownOf(late), late.outcome === 'fail'], [0, false]);
});

test('a line that comes late is judged when it comes, once, however often it is read', () => {
  const steadyLines = withIds(steady(['c', 'b1', 'b2'])),
    late = withIds(trouble('c', sinceMs + 20_000));
  const { session, next } = pagedSession([steadyLines, [...steadyLines, ...late], [...steadyLines, ...late]]);
  const counts = [1, 2, 3].map(times => {
    next();
    const check = logs(session, look({ atMs: sinceMs + 90_000 + times * 10_000, final: false }));
    return [unknownOf(check), check.clusters.find(cluster => cluster.class === 'unknown')?.canaryCount ?? 0];
  });
  assert.deepEqual(counts, [
    [0, 0],
    [1, 5],
    [1, 5],
  ]);
});

test('times of a vendor whose clock is ahead are taken back, and it is said', () => {
  const shifted = withIds(
    [...steady(['c', 'b1', 'b2']), ...failing].map(line => ({ ...line, atMs: line.atMs + 300_000 })),
  );
  const { session, next } = pagedSession([shifted], { clockAheadMs: 300_000 });
  next();
  const check = logs(session, look({ clockAhead: { quality: 300_000 } }));
  assert.deepEqual([check.canaryLines, check.baselineLines, check.outcome], [126, 240, 'fail']);
  assert.deepEqual(check.reasons.at(-1), { code: 'clock-skew', values: { source: 'quality', aheadMs: 300_000 } });
  assert.equal(check.timing!.clockAheadMs, 300_000);
});

test('logs told apart by version: pods come and go, and what ran before is the past of the last phase', () => {
  const lines = [
    ...every('1.0', 0, sinceMs + 120_000, 'order placed', 500),
    ...every('2.0', sinceMs - 5_000, sinceMs + 120_000, 'order placed', 500),
    ...every('2.0', sinceMs, sinceMs + 120_000, 'payment lost: card', 5_000).map(line => ({
      ...line,
      text: line.text.replace('INFO', 'ERROR'),
    })),
  ];
  const pods = { canaryNodes: ['pod-7'], baselineNodes: ['pod-1', 'pod-2'] };
  const [source] = settings.sources;
  const byVersion = (versions: VersionSides, more = {}): AnalysisSettings => ({
    ...{ ...settings, ...pods, ...more },
    sources: [{ ...source!, versions } as AnalysisSettings['sources'][number], settings.sources[1]!],
  });
  const beside = logs(sessionWith(lines, flat(), [], byVersion({ canary: ['2.0'], baseline: ['1.0'], before: [] })));
  assert.equal(beside.outcome, 'fail');
  assert.equal(beside.baselineLines > 200, true);
  const last = byVersion(
    { canary: ['2.0'], baseline: [], before: ['1.0'] },
    { baselineNodes: [], baselineKind: 'previous' },
  );
  const alone = logs(sessionWith(lines, flat(), [], last));
  assert.equal(alone.outcome, 'fail');
  assert.deepEqual(
    alone.clusters.filter(cluster => cluster.class === 'unknown').map(({ template }) => template.includes('payment')),
    [true],
  );
});
