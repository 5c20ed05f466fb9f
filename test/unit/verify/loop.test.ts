// The check loop: reads again from where it was complete, does not wait for a slow source, and ends when it is told to.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { AnalysisSettings, Look } from '../../../src/model/evidence/analysis.ts';
import type { Feedback } from '../../../src/model/evidence/feedback.ts';
import { fail, succeed } from '../../../src/model/failure.ts';
import type { HealthSources, ReadRequest } from '../../../src/model/ports.ts';
import type { Check, Outcome, VerificationReport } from '../../../src/model/evidence/verdict.ts';
import type { RunningVerification } from '../../../src/model/evidence/verification.ts';
import { startVerification } from '../../../src/verify/loop.ts';
import { createVirtualClock, type VirtualClock } from '../../fakes/virtualClock.ts';

const startMs = 1_000_000;
const settings: AnalysisSettings = {
  sensitivity: 'medium',
  canaryNodes: ['c'],
  baselineNodes: ['b'],
  baselineKind: 'existing',
  canarySinceMs: startMs + 2_000,
  beforeFromMs: startMs - 60_000,
  beforeToMs: startMs,
  intervalMs: 1_000,
  durationMs: 5_000,
  trafficWeight: 1,
  sources: [
    { kind: 'logs', name: 'fast', delayMs: 500 },
    { kind: 'logs', name: 'slow', delayMs: 0 },
  ],
};

const noFeedback: readonly Feedback[] = [];

interface Scene {
  readonly clock: VirtualClock;
  readonly reads: (ReadRequest & { readonly at: number })[];
  readonly looks: (Look & { readonly outcome: Outcome; readonly over: boolean })[];
  readonly closed: { times: number };
  readonly told: (readonly Feedback[])[];
}

async function play(
  outcomeAt: (look: number) => Outcome,
  read: (request: ReadRequest, clock: VirtualClock) => ReturnType<HealthSources['read']>,
  body: (scene: Scene, running: RunningVerification) => Promise<void>,
  feedback = (): readonly Feedback[] => noFeedback,
  extend: { readonly toMs?: number; readonly neededMs?: number | null } = {},
  checks: VerificationReport['checks'] = [],
): Promise<Scene> {
  const clock = createVirtualClock(startMs);
  const scene: Scene = { clock, reads: [], looks: [], closed: { times: 0 }, told: [] };
  let looks = 0;
  const source = (name: string, delayMs: number) => ({
    source: { kind: 'logs' as const, vendor: 'v', name, connection: 'x', nodeAttribute: 'h', delayMs },
    connection: { vendor: 'v', url: 'http://x', credential: 'c' },
  });
  const work = (async () => {
    let asked: Look | undefined;
    const started = await startVerification(
      {
        settings: { ...settings, ...(extend.toMs !== undefined && { extendToMs: extend.toMs }) },
        sources: [source('fast', 500), source('slow', 0)],
        feedback,
        onLook({ report, over }) {
          scene.looks.push({ ...asked!, outcome: report.outcome, over });
        },
      },
      {
        clock,
        healthSources: {
          describe: () => [],
          read(request) {
            scene.reads.push({ ...request, at: clock.now() });
            return read(request, clock);
          },
        },
        analysis: {
          close: () => Promise.resolve(),
          open: () =>
            Promise.resolve(
              succeed({
                ingest: () => Promise.resolve(succeed({ rows: 0 })),
                look(look) {
                  asked = look;
                  return Promise.resolve(
                    succeed({
                      report: {
                        outcome: outcomeAt(looks++),
                        checks: extend.neededMs === undefined ? checks : [undecided(extend.neededMs)],
                        startedAtMs: 0,
                        lookedAtMs: look.atMs,
                        looks: 0,
                      },
                      pages: [],
                    }),
                  );
                },
                setFeedback(entries) {
                  scene.told.push(entries);
                  return Promise.resolve(succeed(undefined));
                },
                learn: () => Promise.resolve(succeed({})),
                keep: () => Promise.resolve(succeed(new Uint8Array())),
                close() {
                  scene.closed.times++;
                },
              }),
            ),
        },
      },
      new AbortController().signal,
    );
    assert.ok(started.ok);
    await body(scene, started.value);
  })();
  await clock.drive(work);
  return scene;
}
function undecided(neededMs: number | null): Check {
  return {
    kind: 'metric',
    source: 'fast',
    name: 'errors',
    outcome: 'inconclusive',
    reasons: [],
    canary: null,
    baseline: null,
    change: null,
    evidence: 1,
    threshold: 20,
    neededMs,
  };
}
const readsAtOnce = (): ReturnType<HealthSources['read']> => Promise.resolve(succeed({ queries: [] }));

test('history is read while the canary settles; the first look comes when it is the canary', async () => {
  const { reads, looks } = await play(
    () => 'inconclusive',
    readsAtOnce,
    async (scene, running) => {
      await scene.clock.sleep(4_500);
      await running.finish({ learn: false });
    },
  );
  assert.equal(reads[0]!.at, startMs);
  assert.equal(reads[0]!.fromMs, settings.beforeFromMs);
  assert.equal(looks[0]!.atMs, settings.canarySinceMs);
});

test('each read begins before the end of the one before, by the delay and one interval', async () => {
  const { reads } = await play(
    () => 'inconclusive',
    readsAtOnce,
    async (scene, running) => {
      await scene.clock.sleep(5_500);
      await running.finish({ learn: false });
    },
  );
  const fast = reads.filter(read => read.source.name === 'fast');
  for (const [index, read] of fast.slice(1).entries()) assert.equal(read.fromMs, fast[index]!.toMs - 500 - 1_000);
});

test('the window is over after its duration and the longest delay', async () => {
  const { looks } = await play(
    () => 'inconclusive',
    readsAtOnce,
    async (scene, running) => {
      await scene.clock.sleep(9_900);
      await running.finish({ learn: false });
    },
  );
  const first = looks.find(look => look.over)!;
  assert.ok(first.atMs >= settings.canarySinceMs + 5_500 && first.atMs < settings.canarySinceMs + 6_500 + 1);
  assert.equal(first.final, true);
  assert.ok(looks.filter(look => look.atMs < first.atMs).every(look => !look.over && !look.final));
});

test(
  'what only wants more time gets it by itself, up to the limit; what time cannot help, or not in time, ' +
    'is over at the end of the window',
  async () => {
    const overAt = async (toMs: number, neededMs: number | null): Promise<number> => {
      const { looks } = await play(
        () => 'inconclusive',
        readsAtOnce,
        async (scene, running) => {
          await scene.clock.sleep(19_900);
          await running.finish({ learn: false });
        },
        undefined,
        { toMs, neededMs },
      );
      return Math.floor((looks.find(look => look.over)!.atMs - settings.canarySinceMs) / 1_000);
    };
    assert.deepEqual(
      [
        await overAt(10_000, 2_000),
        await overAt(10_000, 9_000),
        await overAt(10_000, null),
        await overAt(5_000, 1_000),
      ],
      [9, 6, 6, 6],
    );
  },
);

test('a source that does not answer does not keep the others from being looked at, and counts as unread', async () => {
  const { looks } = await play(
    () => 'inconclusive',
    (request, clock) =>
      request.source.name === 'slow' ? clock.sleep(1e8).then(() => succeed({ queries: [] })) : readsAtOnce(),
    async (scene, running) => {
      await scene.clock.sleep(8_000);
      running.stop();
    },
  );
  assert.ok(looks.length >= 2, `${looks.length} looks`);
  for (const look of looks) {
    assert.equal(look.unread['fast'], undefined);
    assert.match(look.unread['slow']!, /not/);
  }
});

test('what failed is said, asked for again from the same moment, and forgotten when it comes', async () => {
  let reads = 0;
  const { reads: asked, looks } = await play(
    () => 'inconclusive',
    request =>
      request.source.name === 'slow' && reads++ < 4
        ? Promise.resolve(fail('rate-limited', 'Too many requests.'))
        : readsAtOnce(),
    async (scene, running) => {
      await scene.clock.sleep(7_000);
      await running.finish({ learn: false });
    },
  );
  assert.equal(looks[0]!.unread['slow'], 'Too many requests.');
  assert.equal(looks.at(-1)!.unread['slow'], undefined);
  assert.deepEqual(
    asked
      .filter(read => read.source.name === 'slow')
      .slice(0, 5)
      .map(read => read.fromMs),
    Array(5).fill(settings.beforeFromMs),
  );
});

test('after stop nobody looks any more until the last look, which counts evidence up to the stop', async () => {
  let stoppedAt = 0;
  const { looks, closed } = await play(
    look => (look === 0 ? 'inconclusive' : 'fail'),
    readsAtOnce,
    async (scene, running) => {
      await scene.clock.sleep(3_500);
      running.stop();
      stoppedAt = scene.clock.now();
      await scene.clock.sleep(20_000);
      const [first, second] = await Promise.all([running.finish({ learn: false }), running.finish({ learn: false })]);
      assert.equal(first, second, 'finishing twice is finishing once');
      assert.equal(first.report.outcome, 'fail');
    },
  );
  const late = looks.filter(look => look.atMs > stoppedAt);
  assert.equal(late.length, 1);
  assert.equal(late[0]!.untilMs, stoppedAt);
  assert.equal(closed.times, 1);
});

for (const [outcome, unread] of [
  ['fail', []],
  ['pass', ['slow']],
] as const)
  test(`after a verdict of ${outcome}, a node that is gone leaves ${unread.length} source unread`, async () => {
    const { looks } = await play(
      () => outcome,
      ({ source }, clock) =>
        Promise.resolve(
          source.name === 'slow' && clock.now() > startMs + 3_500
            ? fail('unreachable', 'The node restarts.')
            : succeed({ queries: [] }),
        ),
      async (scene, running) => {
        await scene.clock.sleep(3_500);
        running.stop();
        await scene.clock.sleep(1_000);
        await running.finish({ learn: false });
      },
    );
    assert.deepEqual(Object.keys(looks.at(-1)!.unread), unread);
  });

test(
  'what a reviewer says in the middle is heeded at once, ' + 'and told to the analysis only when it changed',
  async () => {
    const said: readonly Feedback[] = [{ key: 'k', template: 't', mark: 'not-a-risk', reason: 'r', by: 'm', atMs: 0 }];
    let now = noFeedback;
    const { looks, told } = await play(
      () => 'inconclusive',
      readsAtOnce,
      async (scene, running) => {
        await scene.clock.sleep(4_300);
        now = said;
        running.lookNow();
        await scene.clock.sleep(50);
        assert.equal(scene.looks.at(-1)?.atMs, startMs + 4_300);
        await scene.clock.sleep(2_000);
        await running.finish({ learn: false });
      },
      () => now,
    );
    assert.deepEqual(told, [noFeedback, said]);
    assert.ok(looks.length > 4);
  },
);

test('a source that was measured to be late is waited for, and read again from where it was complete', async () => {
  const late = {
    name: 'slow',
    kind: 'logs',
    source: 'slow',
    reasons: [{ code: 'late', values: {} }],
    timing: { delayMs: 3_000, completeToMs: 0, lagMs: 4_000 },
  } as unknown as VerificationReport['checks'][number];
  const { looks, reads } = await play(
    () => 'inconclusive',
    readsAtOnce,
    async (scene, running) => {
      await scene.clock.sleep(13_000);
      await running.finish({ learn: false });
    },
    undefined,
    undefined,
    [late],
  );
  const over = looks.find(look => look.over)!;
  assert.ok(
    over.atMs >= settings.canarySinceMs + 8_000 && over.atMs <= settings.canarySinceMs + 9_000,
    String(over.atMs - settings.canarySinceMs),
  );
  const slow = reads.filter(read => read.source.name === 'slow' && read.at > settings.canarySinceMs + 1_000);
  for (const [index, read] of slow.slice(1).entries())
    assert.equal(read.fromMs, Math.max(settings.beforeFromMs, slow[index]!.toMs - 4_000 - 1_000));
});
