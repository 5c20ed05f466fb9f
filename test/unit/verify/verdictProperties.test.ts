// What must not change a verdict of logs and metrics together: order within a second, names of nodes, where a file or
// an answer is cut, a restart; and more of the same.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { openLogFile } from '../../../src/adapters/files/logFiles.ts';
import type { AnalysisSettings, Look } from '../../../src/model/evidence/analysis.ts';
import type { LogLine, MetricPoint } from '../../../src/model/evidence/evidence.ts';
import { succeed } from '../../../src/model/failure.ts';
import type { MetricQuery } from '../../../src/model/healthSource.ts';
import type { LogsCheck, VerificationReport } from '../../../src/model/evidence/verdict.ts';
import { compareLogs } from '../../../src/verify/logs/compareLogs.ts';
import { createEvidenceSession, type EvidenceSession } from '../../../src/verify/session.ts';
import { ordinaryLines, seeded, stamp, startMs } from './logs/synthetic.ts';
import { normal, seededRandom } from './metrics/simulation.ts';

const intervalMs = 5_000,
  durationMs = 120_000,
  historyMs = 60_000,
  sinceMs = startMs + historyMs;
const canaryNodes = ['c1', 'c2'],
  baselineNodes = ['b1', 'b2', 'b3'];
const metric = (name: string, more: Partial<MetricQuery> = {}): MetricQuery => ({
  name,
  options: { select: '', from: '' },
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
  beforeFromMs: startMs,
  beforeToMs: sinceMs,
  intervalMs,
  durationMs,
  trafficWeight: 1,
  sources: [
    { kind: 'logs', name: 'quality', delayMs: 0 },
    {
      kind: 'metrics',
      name: 'performance',
      delayMs: 0,
      metrics: [
        metric('latency'),
        metric('requests', { kind: 'count', direction: 'decrease' }),
        metric('errors', { kind: 'count', denominator: 'requests' }),
      ],
    },
  ],
};

interface Evidence {
  readonly lines: readonly LogLine[];
  readonly points: readonly MetricPoint[];
}

/** Healthy, slower, failing more often, and with an exception that nobody has seen, in every mixture. */
const evidences = fc
  .record({
    seed: fc.integer({ min: 1, max: 1e6 }),
    slower: fc.constantFrom(1, 1.7),
    failing: fc.constantFrom(1, 12),
    exceptions: fc.constantFrom(0, 0, 6),
  })
  .map(({ seed, slower, failing, exceptions }): Evidence => {
    const random = seededRandom(seed),
      points: MetricPoint[] = [];
    for (let atMs = startMs; atMs < sinceMs + durationMs; atMs += intervalMs) {
      for (const node of [...canaryNodes, ...baselineNodes]) {
        const isNew = node.startsWith('c') && atMs >= sinceMs;
        const latency = 100 * Math.exp(0.08 * normal(random)) * (isNew ? slower : 1),
          requests = 60 + Math.floor(20 * random()),
          errors = Math.floor(requests * 0.01 * (isNew ? failing : 1) + random());
        for (const [name, value] of Object.entries({ latency, requests, errors }))
          points.push({ metric: name, node, atMs, value });
      }
    }
    const traffic = { fromMs: startMs, toMs: sinceMs + durationMs, perNodeAndSecond: 0.5 };
    const thrown = Array.from({ length: exceptions }, (_, k): LogLine => {
      const atMs = sinceMs + 15_000 + k * 11_000;
      return {
        atMs,
        node: canaryNodes[k % 2]!,
        id: `x${k}`,
        text:
          `${stamp(atMs)} ERROR [worker-${k}] shop.order.Orders - java.lang.IllegalStateException: ` +
          `order ${k} has no warehouse`,
      };
    });
    return {
      points,
      lines: [
        ...ordinaryLines({ ...traffic, seed, nodes: baselineNodes }),
        ...ordinaryLines({ ...traffic, seed: seed + 1, nodes: canaryNodes }),
        ...thrown,
      ].sort((one, other) => one.atMs - other.atMs),
    };
  });

function open(told = settings): EvidenceSession {
  const refuse = () => succeed({ rows: 0 });
  return createEvidenceSession(
    told,
    { sumoMessages: decode, newRelicSeries: decode, newRelicLogs: refuse, sumoMetrics: refuse },
    text => text,
  );
}
/** A page is what stands in it, as JSON. */
function decode(bytes: Uint8Array) {
  const { lines = [], points = [] } = JSON.parse(new TextDecoder().decode(bytes)) as Partial<Evidence>;
  return succeed({ rows: lines.length + points.length, lines, points });
}
function tell(session: EvidenceSession, { lines = [], points = [] }: Partial<Evidence>): void {
  const page = (content: Partial<Evidence>): Uint8Array<ArrayBuffer> =>
    new TextEncoder().encode(JSON.stringify(content));
  if (lines.length > 0)
    assert.ok(session.ingest({ source: 'quality', decoder: 'sumoMessages', context: {}, bytes: page({ lines }) }).ok);
  if (points.length > 0)
    assert.ok(
      session.ingest({ source: 'performance', decoder: 'newRelicSeries', context: {}, bytes: page({ points }) }).ok,
    );
}
const lookAt = (atMs: number, final: boolean): Look => ({ atMs, unread: {}, partial: {}, final });
const end = lookAt(sinceMs + durationMs, true);
function judge(evidence: Evidence, told = settings, at = end): VerificationReport {
  const session = open(told);
  tell(session, evidence);
  return session.look(at);
}

/** All that is said, but names of nodes, places, and how it looked on the way. */
function said({ outcome, checks }: VerificationReport): unknown {
  return {
    outcome,
    checks: checks
      .filter(check => check.kind !== 'measurement')
      .map(check => ({
        name: check.name,
        outcome: check.outcome,
        reasons: check.reasons,
        evidence: Number(check.evidence.toPrecision(9)),
        comparison: check.comparison,
        whatIf: check.whatIf,
        neededMs: check.neededMs,
        ...(check.kind === 'metric'
          ? { canary: check.canary, baseline: check.baseline, change: check.change }
          : { canaryLines: check.canaryLines, baselineLines: check.baselineLines, clusters: clustersOf(check) }),
      })),
  };
}
function clustersOf({ clusters }: Pick<LogsCheck, 'clusters'>): unknown {
  return clusters.map(({ key, class: kind, template, severity, canaryCount, baselineCount, direction }) => ({
    key,
    kind,
    template,
    severity,
    canaryCount,
    baselineCount,
    direction,
  }));
}
const runs = { numRuns: 8 };

test('shuffling lines inside a second, and the values of an interval, changes no verdict', () => {
  fc.assert(
    fc.property(evidences, fc.integer(), (evidence, seed) => {
      const random = seeded(seed);
      const shuffle = <T extends { readonly atMs: number }>(items: readonly T[], widthMs: number): T[] =>
        items
          .map(item => ({ item, order: Math.floor(item.atMs / widthMs) + random() }))
          .sort((one, other) => one.order - other.order)
          .map(({ item }) => item);
      const seconds = evidence.lines.map(line => ({ ...line, atMs: Math.floor(line.atMs / 1_000) * 1_000 }));
      assert.deepEqual(
        said(judge({ lines: shuffle(seconds, 1_000), points: shuffle(evidence.points, intervalMs) })),
        said(judge({ ...evidence, lines: seconds })),
      );
    }),
    runs,
  );
});

test('renaming nodes changes no verdict', () => {
  fc.assert(
    fc.property(evidences, fc.stringMatching(/^[a-z0-9-]{1,8}$/), fc.boolean(), (evidence, word, turned) => {
      const all = [...canaryNodes, ...baselineNodes],
        names = new Map(all.map((node, k) => [node, `${word}-${turned ? all.length - k : k}`]));
      const rename = <T extends { readonly node: string }>(items: readonly T[]): T[] =>
        items.map(item => ({ ...item, node: names.get(item.node)! }));
      const told = {
        ...settings,
        canaryNodes: canaryNodes.map(node => names.get(node)!),
        baselineNodes: baselineNodes.map(node => names.get(node)!),
      };
      assert.deepEqual(
        said(judge({ lines: rename(evidence.lines), points: rename(evidence.points) }, told)),
        said(judge(evidence)),
      );
    }),
    runs,
  );
});

test(
  'the pieces in which answers come, looks in between, what is read twice and a restart in the middle change no ' +
    'verdict',
  () => {
    fc.assert(
      fc.property(
        evidences,
        fc.array(fc.double({ min: 0.05, max: 0.95, noNaN: true }), { minLength: 1, maxLength: 6 }),
        fc.option(fc.nat(5), { nil: undefined }),
        (evidence, cuts, restartsAt) => {
          let session = open(),
            fromMs = startMs;
          const whole = { told: [] as Evidence[] };
          for (const [k, share] of [...cuts.toSorted((one, other) => one - other), 1].entries()) {
            const toMs = startMs + share * (historyMs + durationMs);
            // The bucket under way, and lines that may have come late, are asked for again.
            const within = <T extends { readonly atMs: number }>(items: readonly T[]): T[] =>
              items.filter(({ atMs }) => atMs >= fromMs - 2 * intervalMs && atMs < toMs);
            const piece = { lines: within(evidence.lines), points: within(evidence.points) };
            whole.told.push(piece);
            // Who takes a run up again reads all of it again.
            if (k === restartsAt) {
              session = open();
              for (const earlier of whole.told) tell(session, earlier);
            } else tell(session, piece);
            if (toMs > sinceMs && share < 1) session.look(lookAt(toMs, false));
            fromMs = toMs;
          }
          assert.deepEqual(said(session.look(end)), said(judge(evidence)));
        },
      ),
      runs,
    );
  },
);

test('more of the same evidence never turns a fail into a pass, of no check and not as a whole', () => {
  let failed = 0;
  fc.assert(
    fc.property(evidences, fc.integer({ min: 2, max: 3 }), (evidence, times) => {
      const once = judge(evidence);
      if (once.outcome === 'fail') failed += 1;
      const repeat = <T extends { readonly atMs: number; readonly id?: string }>(items: readonly T[]): T[] => [
        ...items.filter(({ atMs }) => atMs < sinceMs),
        ...Array.from({ length: times }, (_, turn) =>
          items
            .filter(({ atMs }) => atMs >= sinceMs)
            .map(item => ({
              ...item,
              atMs: item.atMs + turn * durationMs,
              ...(item.id !== undefined && { id: `${item.id} ${turn}` }),
            })),
        ).flat(),
      ];
      const more = judge(
        { lines: repeat(evidence.lines), points: repeat(evidence.points) },
        settings,
        lookAt(sinceMs + times * durationMs, true),
      );
      if (once.outcome === 'fail') assert.equal(more.outcome, 'fail');
      for (const [k, check] of once.checks.entries())
        if (check.outcome === 'fail') assert.equal(more.checks[k]!.outcome, 'fail', check.name);
    }),
    { numRuns: 15 },
  );
  assert.ok(failed > 0, 'some of them fail');
});

test('splitting a file into chunks at any byte changes no verdict, be it plain or cut inside of a sign', async () => {
  const words = 'größer 注文 №';
  const files = fc.record({
    seed: fc.integer({ min: 1, max: 1e6 }),
    exceptions: fc.constantFrom(0, 9),
    end: fc.constantFrom('\n', '\r\n'),
  });
  function write({
    seed,
    exceptions,
    end: lineEnd,
  }: {
    readonly seed: number;
    readonly exceptions: number;
    readonly end: string;
  }) {
    const text = (nodes: readonly string[], more: readonly string[], turn: number): Buffer =>
      Buffer.from(
        [
          ...ordinaryLines({
            fromMs: sinceMs,
            toMs: sinceMs + 60_000,
            nodes,
            perNodeAndSecond: 0.7,
            seed: seed + turn,
          }).map(({ text: line }) => `${line} ${words}`),
          ...more,
        ].join(lineEnd) + lineEnd,
      );
    const thrown = Array.from({ length: exceptions }, (_, k) => [
      `${stamp(sinceMs + 61_000 + 3_000 * k)} ERROR [worker-${k}] shop.order.Orders - Bestellung ${k} schlug fehl`,
      `shop.ÜberlaufException: 注文 ${k}`,
      `\tat shop.order.Orders.place(Orders.java:${k})`,
    ]).flat();
    return { baseline: text(['b1', 'b2'], [], 0), canary: text(['c1', 'c2'], thrown, 1), isBad: exceptions > 0 };
  }
  async function* cut(bytes: Buffer, sizes: readonly number[]): AsyncGenerator<Buffer> {
    for (let at = 0, k = 0; at < bytes.length; k += 1) {
      const size = sizes[k % sizes.length]!;
      yield await Promise.resolve(bytes.subarray(at, at + size));
      at += size;
    }
  }
  async function verify(
    { baseline, canary }: { readonly baseline: Buffer; readonly canary: Buffer },
    sizes: readonly number[],
  ): Promise<LogsCheck> {
    const lines = async (bytes: Buffer, node: string) => {
      const opened = await openLogFile('-', node, cut(bytes, sizes));
      assert.ok(opened.ok);
      return opened.value;
    };
    const checked = await compareLogs({
      baseline: await lines(baseline, 'baseline'),
      canary: await lines(canary, 'canary'),
      sensitivity: 'medium',
      trafficRatio: 1,
    });
    assert.ok(checked.ok);
    return checked.value;
  }
  await fc.assert(
    fc.asyncProperty(
      files,
      fc.array(fc.integer({ min: 1, max: 900 }), { minLength: 1, maxLength: 20 }),
      async (given, sizes) => {
        const file = write(given);
        const whole = await verify(file, [1 << 20]),
          pieces = await verify(file, sizes),
          bytes = await verify(file, [1]);
        assert.equal(whole.outcome === 'fail', file.isBad);
        for (const one of [pieces, bytes]) assert.deepEqual({ ...one, samples: 0 }, { ...whole, samples: 0 });
      },
    ),
    { numRuns: 6 },
  );
});
