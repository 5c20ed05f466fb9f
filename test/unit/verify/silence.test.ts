// Who has fallen silent, and who is only late: a whole verification on a clock that jumps, from pages of lines to what
// is said and when it ends.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { AnalysisSettings, EvidencePage } from '../../../src/model/evidence/analysis.ts';
import type { LogLine } from '../../../src/model/evidence/evidence.ts';
import { fail, succeed } from '../../../src/model/failure.ts';
import type { Reason, VerificationReport } from '../../../src/model/evidence/verdict.ts';
import { startVerification } from '../../../src/verify/loop.ts';
import { createEvidenceSession } from '../../../src/verify/session.ts';
import { createVirtualClock } from '../../fakes/virtualClock.ts';

const intervalMs = 10_000,
  durationMs = 300_000,
  sinceMs = 1_800_000_000_000;
const canaryNodes = ['c1', 'c2'],
  baselineNodes = ['b1', 'b2'];

interface World {
  /** Ms after the canary began from which this node tells nothing more. */
  readonly silentFromMs?: (node: string) => number;
  /** How long after its time a line can be read. */
  readonly lateMs?: (node: string, atMs: number) => number;
  /** Whether the source answers. */
  readonly answers?: (nowMs: number) => boolean;
  readonly baseline?: readonly string[];
}

interface Seen {
  /** Ms after the canary began. */
  readonly atMs: number;
  readonly report: VerificationReport;
  readonly over: boolean;
}

const lines = (node: string, fromMs: number, toMs: number): LogLine[] =>
  Array.from({ length: Math.max(0, Math.ceil((toMs - fromMs) / 1_000)) }, (_, k) => {
    const atMs = Math.ceil(fromMs / 1_000) * 1_000 + k * 1_000;
    return { node, atMs, id: `${node}/${atMs}`, text: `2026-01-01 00:00:00 INFO shop - order ${atMs / 1_000} placed` };
  });

/** Every look of a verification of five minutes, until it is over or twenty minutes have passed. */
async function watch({
  silentFromMs = () => Infinity,
  lateMs = () => 0,
  answers = () => true,
  baseline = baselineNodes,
}: World): Promise<readonly Seen[]> {
  const settings: AnalysisSettings = {
    sensitivity: 'medium',
    canaryNodes,
    baselineNodes: baseline,
    baselineKind: 'existing',
    canarySinceMs: sinceMs,
    beforeFromMs: sinceMs - 600_000,
    beforeToMs: sinceMs - 60_000,
    intervalMs,
    durationMs,
    trafficWeight: 1,
    sources: [{ kind: 'logs', name: 'quality', delayMs: 5_000 }],
  };
  const clock = createVirtualClock(sinceMs);
  const none = (): ReturnType<typeof fail> => fail('invalid', 'none');
  const read = (_: Uint8Array, { fromMs, toMs, nowMs }: EvidencePage['context']) => {
    const found = [...canaryNodes, ...baseline]
      .flatMap(node => lines(node, Number(fromMs), Math.min(Number(toMs), sinceMs + silentFromMs(node))))
      .filter(({ node, atMs }) => atMs + lateMs(node, atMs - sinceMs) <= Number(nowMs));
    return succeed({ rows: found.length, lines: found });
  };
  const session = createEvidenceSession(
    settings,
    { sumoMessages: read, newRelicLogs: none, newRelicSeries: none, sumoMetrics: none },
    text => text,
  );
  const seen: Seen[] = [];
  const work = (async () => {
    const started = await startVerification(
      {
        settings,
        sources: [
          {
            source: {
              kind: 'logs',
              vendor: 'sumoLogic',
              name: 'quality',
              connection: 'x',
              options: { query: '*' },
              nodeAttribute: 'h',
              delayMs: 5_000,
            },
            connection: { vendor: 'sumoLogic', url: 'http://x', credential: 'c' },
          },
        ],
        feedback: () => [],
        onLook: ({ report, over }) => seen.push({ atMs: report.lookedAtMs - sinceMs, report, over }),
      },
      {
        clock,
        healthSources: {
          describe: () => [],
          async read({ fromMs, toMs }, onPage) {
            if (!answers(clock.now() - sinceMs)) return fail('unreachable', 'It does not answer.');
            const context = { fromMs, toMs, nowMs: clock.now() };
            await onPage({ source: 'quality', decoder: 'sumoMessages', bytes: new Uint8Array(), context });
            return succeed({ queries: [] });
          },
        },
        analysis: {
          close: () => Promise.resolve(),
          open: () =>
            Promise.resolve(
              succeed({
                ingest: page => Promise.resolve(session.ingest(page)),
                look: look => Promise.resolve(succeed({ report: session.look(look), pages: [] })),
                setFeedback: () => Promise.resolve(succeed(undefined)),
                learn: () => Promise.resolve(succeed({})),
                keep: () => Promise.resolve(succeed(new Uint8Array())),
                close: () => undefined,
              }),
            ),
        },
      },
      new AbortController().signal,
    );
    assert.ok(started.ok);
    while (clock.now() < sinceMs + 1_200_000 && !seen.at(-1)?.over) await clock.sleep(1_000);
    started.value.stop();
  })();
  await clock.drive(work);
  return seen;
}

const reasonOf = ({ report }: Seen, code: Reason['code']): Reason | undefined =>
  report.checks[0]!.reasons.find(reason => reason.code === code);
const firstSaid = (seen: readonly Seen[], code: Reason['code']): Seen | undefined =>
  seen.find(one => reasonOf(one, code));
const codesOf = ({ report }: Seen): readonly string[] => report.checks[0]!.reasons.map(({ code }) => code);
const of = (nodes: readonly string[], atMs: number) => (node: string) => (nodes.includes(node) ? atMs : Infinity);

test('all is well: nothing is said of lateness or silence, and it passes at the end of its window', async () => {
  const seen = await watch({});
  const last = seen.at(-1)!;
  assert.deepEqual(
    [last.over, last.report.outcome, firstSaid(seen, 'silent'), firstSaid(seen, 'late')],
    [true, 'pass', undefined, undefined],
  );
  assert.ok(last.atMs <= durationMs + 2 * intervalMs, String(last.atMs));
});

for (const silentMs of [0, 100_000, 200_000]) {
  test(
    `a canary that falls silent ${silentMs / 1_000} s after it began is said so within five intervals, ` +
      'and is held at the end of the window',
    async () => {
      const seen = await watch({ silentFromMs: of(canaryNodes, silentMs) });
      const said = firstSaid(seen, 'silent')!,
        last = seen.at(-1)!;
      assert.ok(said.atMs <= silentMs + 5 * intervalMs, String(said.atMs));
      assert.deepEqual(reasonOf(said, 'silent')!.values, {
        source: 'quality',
        side: 'canary',
        nodes: 'c1, c2',
        count: 2,
        sinceMs: sinceMs + silentMs - 1_000,
        eachSinceMs: canaryNodes.map(() => sinceMs + silentMs - 1_000).join(', '),
      });
      assert.deepEqual(
        [last.over, last.report.outcome, last.report.checks[0]!.reasons[0]!.code],
        [true, 'inconclusive', 'silent'],
      );
      assert.ok(!codesOf(last).includes('late') && !codesOf(last).includes('no-canary-data'), codesOf(last).join());
      assert.ok(last.atMs <= durationMs + 2 * intervalMs, String(last.atMs));
    },
  );
}

test('one canary node that falls silent is named, and the canary is held although the other node goes on', async () => {
  const seen = await watch({ silentFromMs: of(['c2'], 100_000) });
  const last = seen.at(-1)!;
  assert.deepEqual([reasonOf(last, 'silent')!.values['nodes'], last.report.outcome], ['c2', 'inconclusive']);
  assert.ok(firstSaid(seen, 'silent')!.atMs <= 100_000 + 5 * intervalMs);
  assert.ok(last.atMs <= durationMs + 2 * intervalMs, String(last.atMs));
});

test('a canary that comes back is not silent any more, and may pass', async () => {
  const gone = (node: string, atMs: number): boolean => node.startsWith('c') && atMs >= 60_000 && atMs < 120_000;
  const seen = await watch({ lateMs: (node, atMs) => (gone(node, atMs) ? Infinity : 0) });
  assert.ok(firstSaid(seen, 'silent'));
  assert.deepEqual([reasonOf(seen.at(-1)!, 'silent'), seen.at(-1)!.report.outcome], [undefined, 'pass']);
});

test(
  'a baseline that falls silent is said so, ' + 'and the canary that it cannot be compared with does not pass',
  async () => {
    const seen = await watch({ silentFromMs: of(baselineNodes, 100_000) });
    const last = seen.at(-1)!;
    assert.deepEqual(
      [reasonOf(last, 'silent')!.values['side'], reasonOf(last, 'silent')!.values['nodes'], last.report.outcome],
      ['baseline', 'b1, b2', 'inconclusive'],
    );
    assert.ok(last.atMs <= durationMs + 2 * intervalMs, String(last.atMs));
  },
);

test('both sides silent: it may be the source, which is said at once and waited for up to ten minutes', async () => {
  const seen = await watch({ silentFromMs: () => 100_000 });
  const last = seen.at(-1)!;
  assert.equal(reasonOf(last, 'silent')!.values['side'], 'every');
  assert.ok(firstSaid(seen, 'silent')!.atMs <= 100_000 + 5 * intervalMs);
  assert.deepEqual([last.over, last.report.outcome], [true, 'inconclusive']);
  assert.ok(last.atMs >= durationMs + 600_000 - 100_000 && last.atMs <= durationMs + 620_000, String(last.atMs));
});

test('where all nodes run the new release, their silence is not waited for longer than the window', async () => {
  const seen = await watch({ silentFromMs: of(canaryNodes, 200_000), baseline: [] });
  const last = seen.at(-1)!;
  assert.deepEqual([reasonOf(last, 'silent')!.values['side'], last.report.outcome], ['every', 'inconclusive']);
  assert.ok(last.atMs <= durationMs + 2 * intervalMs, String(last.atMs));
});

test('a source that is late as a whole is late, never silent, and keeps its patience until it can pass', async () => {
  const seen = await watch({ lateMs: () => 120_000 });
  const last = seen.at(-1)!;
  assert.deepEqual(
    [firstSaid(seen, 'silent'), codesOf(last).includes('late'), last.report.outcome],
    [undefined, true, 'pass'],
  );
  assert.ok(last.atMs >= durationMs + 120_000 && last.atMs <= durationMs + 150_000, String(last.atMs));
});

test('a canary whose lines come late, or in batches of a minute, is late and not silent', async () => {
  const worlds: readonly World[] = [
    { lateMs: node => (node.startsWith('c') ? 90_000 : 0) },
    { lateMs: (node, atMs) => (node.startsWith('c') ? 30_000 - (((atMs % 30_000) + 30_000) % 30_000) : 0) },
  ];
  for (const world of worlds) {
    const seen = await watch(world);
    assert.deepEqual([firstSaid(seen, 'silent')?.atMs, seen.at(-1)!.report.outcome], [undefined, 'pass']);
    assert.ok(firstSaid(seen, 'late'));
  }
});

test('while a source cannot be read, nobody is called silent or late', async () => {
  const seen = await watch({ answers: nowMs => nowMs < 100_000 });
  const last = seen.at(-1)!;
  assert.deepEqual(
    [firstSaid(seen, 'silent'), firstSaid(seen, 'late'), last.report.checks[0]!.reasons[0]!.code, last.report.outcome],
    [undefined, undefined, 'could-not-read', 'inconclusive'],
  );
  assert.ok(last.over && last.atMs <= durationMs + 2 * intervalMs, String(last.atMs));
});
