// With whom a canary is compared: beside it, before it, or in a run of before; each check says so.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { AnalysisSettings, EarlierRun, Look } from '../../../src/model/evidence/analysis.ts';
import type { KeptEvidence, LogLine, MetricPoint } from '../../../src/model/evidence/evidence.ts';
import { succeed } from '../../../src/model/failure.ts';
import type { MetricQuery } from '../../../src/model/healthSource.ts';
import type { Check, Comparison, VerificationReport } from '../../../src/model/evidence/verdict.ts';
import { createEvidenceSession, type EvidenceSession } from '../../../src/verify/session.ts';
import { normal, seededRandom } from './metrics/simulation.ts';

const sinceMs = 600_000,
  durationMs = 600_000,
  intervalMs = 15_000,
  dayMs = 86_400_000;
const metric = (name: string, more: Partial<MetricQuery> = {}): MetricQuery => ({
  name,
  options: { select: '', from: '' },
  kind: 'gauge',
  direction: 'increase',
  unit: '',
  ...more,
});
const metrics = [
  metric('latency'),
  metric('requests', { kind: 'count', direction: 'decrease' }),
  metric('errors', { kind: 'count', denominator: 'requests' }),
];
const nodes = ['n1', 'n2'];
const settings: AnalysisSettings = {
  sensitivity: 'medium',
  canaryNodes: nodes,
  baselineNodes: [],
  baselineKind: 'previous',
  canarySinceMs: sinceMs,
  beforeFromMs: 0,
  beforeToMs: 500_000,
  intervalMs,
  durationMs,
  trafficWeight: 1,
  sources: [
    { kind: 'metrics', name: 'performance', delayMs: 0, metrics },
    { kind: 'logs', name: 'quality', delayMs: 0 },
  ],
};
interface Load {
  readonly seed?: number;
  readonly slower?: number;
  readonly warnings?: number;
  readonly exception?: boolean;
  readonly quietBefore?: boolean;
  readonly stepMs?: number;
}

function linesOf({ warnings = 2, exception = false, quietBefore = false }: Load): LogLine[] {
  return nodes.flatMap((node, n) =>
    Array.from({ length: (sinceMs + durationMs) / 1_000 }, (_, second): LogLine[] => {
      const atMs = second * 1_000 + n * 10;
      if (quietBefore && atMs < sinceMs) return [];
      const line = (text: string, more = 0): LogLine => ({
        node,
        atMs: atMs + more,
        text: `2026-01-01 00:00:00 ${text}`,
      });
      return [
        line(`INFO shop - order ${second} placed`),
        ...Array.from({ length: atMs >= sinceMs && second % 5 === n ? warnings : 0 }, (__, k) =>
          line(`WARN stock - stock of article ${second * 7 + k} is low`, 20 + 50 * k),
        ),
        ...(exception && atMs >= sinceMs && second % 20 === 0
          ? [line('ERROR cart - java.lang.IllegalStateException: cart is gone', 500)]
          : []),
      ];
    }).flat(),
  );
}
function pointsOf({ seed = 1, slower = 1, quietBefore = false, stepMs = intervalMs }: Load): MetricPoint[] {
  const random = seededRandom(seed),
    points: MetricPoint[] = [];
  for (let atMs = 0; atMs < sinceMs + durationMs; atMs += stepMs) {
    if (quietBefore && atMs < sinceMs) continue;
    for (const node of nodes) {
      const noise = Math.exp(0.05 * normal(random));
      points.push(
        { metric: 'latency', node, atMs, value: 100 * noise * (atMs >= sinceMs ? slower : 1) },
        { metric: 'requests', node, atMs, value: Math.round(((40 * stepMs) / 1_000) * noise) },
        { metric: 'errors', node, atMs, value: Math.floor(2 * random()) },
      );
    }
  }
  return points;
}
function sessionOf(
  load: Load,
  told: AnalysisSettings = settings,
  kept?: KeptEvidence,
  more: readonly MetricPoint[] = [],
): EvidenceSession {
  const points = [...pointsOf(load), ...more],
    lines = linesOf(load);
  const answer = () => succeed({ rows: 1, points, lines });
  const session = createEvidenceSession(
    told,
    { sumoMessages: answer, newRelicLogs: answer, newRelicSeries: answer, sumoMetrics: answer },
    text => text,
    kept,
  );
  for (const source of ['performance', 'quality'])
    assert.ok(session.ingest({ source, decoder: 'newRelicSeries', bytes: new Uint8Array(), context: {} }).ok);
  return session;
}
const end: Look = { atMs: sinceMs + durationMs, unread: {}, partial: {}, final: true };
const check = ({ checks }: VerificationReport, name: string): Check => checks.find(one => one.name === name)!;
const outcomes = ({ checks }: VerificationReport) =>
  Object.fromEntries(checks.map(({ name, outcome }) => [name, outcome]));
const comparisons = ({ checks }: VerificationReport): readonly Comparison[] =>
  checks.flatMap(({ comparison }) => comparison ?? []);

/** What a run showed, as the store gives it back. */
function keptOf(load: Load, told: AnalysisSettings = settings): KeptEvidence {
  const session = sessionOf(load, told);
  session.look(end);
  return JSON.parse(JSON.stringify(session.keep())) as KeptEvidence;
}
const loadTest = (more: Partial<EarlierRun> = {}): AnalysisSettings => ({
  ...settings,
  earlier: { mode: 'load-test', run: 12, by: 'maria', evidence: new Uint8Array(), ...more },
});
const idle: Load = { quietBefore: true };

test('a load test like the pinned one passes, though nothing ran before it, and says with what it was compared', () => {
  const report = sessionOf({ ...idle, seed: 2 }, loadTest(), keptOf(idle)).look(end);
  assert.deepEqual(
    [report.outcome, outcomes(report)],
    ['pass', { latency: 'pass', requests: 'pass', errors: 'pass', quality: 'pass' }],
    JSON.stringify(report.checks.map(({ name, reasons }) => [name, reasons])),
  );
  assert.ok(comparisons(report).every(one => one.mode === 'load-test' && one.run === 12 && one.by === 'maria'));
  for (const { reasons } of report.checks)
    assert.deepEqual(reasons.at(-1), { code: 'compared-run', values: { run: 12, mode: 'load-test', by: 'maria' } });
});

test('a load test that is slower, that warns more often or that throws what the pinned one did not fails', () => {
  const kept = keptOf(idle);
  const failed = (load: Load): string[] =>
    sessionOf({ ...idle, seed: 2, ...load }, loadTest(), kept)
      .look(end)
      .checks.filter(({ outcome }) => outcome === 'fail')
      .map(({ name }) => name);
  assert.deepEqual(
    [failed({ slower: 1.6 }), failed({ warnings: 12 }), failed({ exception: true })],
    [['latency'], ['quality'], ['quality']],
  );
});

test(
  'what good deployments taught is known beside a pinned run, ' + 'which alone says how often what it had may come',
  () => {
    const kept = keptOf(idle);
    const taught = sessionOf({ ...idle, warnings: 12, exception: true });
    taught.look(end);
    const learned = taught.learn()['quality']!;
    const told = (load: Load) => {
      const withLearned = {
        ...loadTest(),
        sources: settings.sources.map(source => (source.kind === 'logs' ? { ...source, learned } : source)),
      };
      return check(sessionOf({ ...idle, ...load }, withLearned, kept).look(end), 'quality').outcome;
    };
    assert.deepEqual([told({ exception: true }) === 'fail', told({ warnings: 12 })], [false, 'fail']);
  },
);

test('metrics without a past are compared with the earlier phase of the run, and those with a past are not', () => {
  const told: AnalysisSettings = {
    ...settings,
    baselineNodes: [],
    earlier: { mode: 'phase', run: 12, evidence: new Uint8Array() },
  };
  const kept = keptOf(idle, told);
  const look = (load: Load) => sessionOf({ seed: 2, ...load }, told, kept).look(end);
  const modes = (report: VerificationReport) =>
    ['latency', 'requests', 'errors'].map(name => check(report, name).comparison?.mode);
  assert.deepEqual(
    [modes(look(idle)), modes(look({}))],
    [
      ['phase', 'phase', 'phase'],
      ['previous', 'previous', 'previous'],
    ],
  );
  assert.deepEqual(
    [check(look(idle), 'latency').outcome, check(look({ ...idle, slower: 1.6 }), 'latency').outcome],
    ['pass', 'fail'],
  );
});

test('what ran before a load test is no baseline of it', () => {
  // The time before is as slow as the canary; the pinned run was not.
  const before = pointsOf({}).map(point =>
    point.metric === 'latency' ? { ...point, value: point.value! * 1.6 } : point,
  );
  const report = sessionOf(
    { ...idle, seed: 2, slower: 1.6 },
    loadTest(),
    keptOf(idle),
    before.filter(({ atMs }) => atMs < sinceMs),
  ).look(end);
  assert.equal(check(report, 'latency').outcome, 'fail');
});

test(
  'a metric that the pinned run did not have is compared with the time before, ' + 'a share with its own requests only',
  () => {
    const kept = keptOf({});
    const { requests: _, ...rest } = kept.metrics['performance']!;
    const report = sessionOf({ seed: 2 }, loadTest(), { ...kept, metrics: { performance: rest } }).look(end);
    assert.deepEqual(
      comparisons(report).map(({ mode }) => mode),
      ['load-test', 'previous', 'previous', 'load-test'],
    );
    assert.equal(report.outcome, 'pass', JSON.stringify(report.checks.map(({ name, reasons }) => [name, reasons])));
  },
);

test('a pinned run of finer intervals is joined to those of this one', () => {
  const fine = { ...settings, intervalMs: 5_000 };
  const kept = keptOf({ ...idle, stepMs: 5_000 }, fine);
  assert.ok(kept.metrics['performance']!['latency']!['n1']!.length > (3 * durationMs) / intervalMs - 3);
  const report = sessionOf({ ...idle, seed: 2 }, loadTest(), kept).look(end);
  assert.equal(
    report.outcome,
    'pass',
    JSON.stringify(
      report.checks.map(({ name, reasons, ...one }) => [
        name,
        reasons,
        one.kind === 'metric' && [one.canary, one.baseline],
      ]),
    ),
  );
  assert.ok(
    check(sessionOf({ ...idle, seed: 2, slower: 1.6 }, loadTest(), kept).look(end), 'latency').outcome === 'fail',
  );
});

test(
  'where nothing at all is known of the time before, ' + 'the last good run steps in for metrics; else it does not',
  () => {
    const learned: AnalysisSettings = loadTest({ mode: 'learned', run: 11 });
    const { by: _, ...earlier } = learned.earlier!;
    const told = { ...learned, earlier };
    const stepped = sessionOf({ ...idle, seed: 2, slower: 1.6 }, told, keptOf(idle)).look(end);
    assert.deepEqual(
      [check(stepped, 'latency').outcome, check(stepped, 'latency').comparison],
      ['fail', { mode: 'learned', run: 11 }],
    );
    assert.equal(
      check(sessionOf({ seed: 2 }, told, keptOf({ slower: 3 })).look(end), 'latency').comparison?.mode,
      'previous',
    );
  },
);

test('the run that is wanted and not there is named in every check', () => {
  const report = sessionOf({}, { ...settings, lacking: { wanted: 'pinned', why: 'none' } }).look(end);
  assert.ok(
    report.checks.every(
      ({ reasons, comparison }) =>
        comparison?.mode === 'previous' &&
        reasons.some(({ code, values }) => code === 'lacking-run' && values['wanted'] === 'pinned'),
    ),
  );
});

test('beside nodes of the old release a check says that, before the deployment it says that it is weaker', () => {
  const beside = sessionOf(
    {},
    { ...settings, canaryNodes: ['n1'], baselineNodes: ['n2'], baselineKind: 'existing' },
  ).look(end);
  assert.deepEqual(
    comparisons(beside),
    Array.from({ length: 4 }, () => ({ mode: 'canary' })),
  );
  assert.deepEqual(new Set(comparisons(sessionOf({}).look(end)).map(({ mode }) => mode)), new Set(['previous']));
});

test(
  'a rise that comes every day at this time is no regression where the day before shows it, ' +
    'and is one where it does not',
  () => {
    const told = {
      ...settings,
      canarySinceMs: sinceMs + dayMs,
      beforeFromMs: dayMs,
      beforeToMs: 500_000 + dayMs,
      dayBefore: { fromMs: sinceMs, toMs: sinceMs + durationMs },
    };
    const shifted = (points: readonly MetricPoint[]): MetricPoint[] =>
      points.map(point => ({ ...point, atMs: point.atMs + dayMs }));
    const look = { ...end, atMs: end.atMs + dayMs };
    const judged = (yesterday: Load | undefined, today: Load) => {
      const points = [
        ...shifted(pointsOf(today)),
        ...(yesterday ? pointsOf(yesterday).filter(({ atMs }) => atMs >= sinceMs) : []),
      ];
      const answer = () => succeed({ rows: 1, points });
      const session = createEvidenceSession(
        told,
        { sumoMessages: answer, newRelicLogs: answer, newRelicSeries: answer, sumoMetrics: answer },
        text => text,
      );
      assert.ok(
        session.ingest({ source: 'performance', decoder: 'newRelicSeries', bytes: new Uint8Array(), context: {} }).ok,
      );
      const latency = check(session.look(look), 'latency');
      return [latency.outcome === 'fail', latency.comparison];
    };
    const rising: Load = { seed: 3, slower: 1.5 };
    assert.deepEqual(judged({ seed: 4, slower: 1.5 }, rising), [false, { mode: 'previous', dayBefore: true }]);
    assert.deepEqual(judged({ seed: 4 }, rising), [true, { mode: 'previous', dayBefore: true }]);
    assert.deepEqual(judged(undefined, rising), [true, { mode: 'previous', dayBefore: false }]);
  },
);
