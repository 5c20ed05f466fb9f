// Measurements that answer by themselves: how often they are asked, which answers count, and when they end.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { AnalysisSettings } from '../../../src/model/evidence/analysis.ts';
import type { Answer } from '../../../src/model/evidence/evidence.ts';
import { fail, succeed } from '../../../src/model/failure.ts';
import type { MeasurementSource } from '../../../src/model/healthSource.ts';
import type { ReadRequest } from '../../../src/model/ports.ts';
import type { MeasurementCheck } from '../../../src/model/evidence/verdict.ts';
import type { RunningVerification, VerificationLook } from '../../../src/model/evidence/verification.ts';
import { startVerification } from '../../../src/verify/loop.ts';
import { createEvidenceSession } from '../../../src/verify/session.ts';
import { createVirtualClock, type VirtualClock } from '../../fakes/virtualClock.ts';

const startMs = 1_000_000,
  sinceMs = startMs + 2_000;
const settings: AnalysisSettings = {
  sensitivity: 'medium',
  canaryNodes: ['c'],
  baselineNodes: ['b'],
  baselineKind: 'existing',
  canarySinceMs: sinceMs,
  beforeFromMs: startMs - 60_000,
  beforeToMs: startMs,
  intervalMs: 1_000,
  durationMs: 5_000,
  extendToMs: 10_000,
  trafficWeight: 1,
  sources: [],
};
const measured = { environment: 'production', stage: 'Production', phase: 1, purpose: 'canary' } as const;

interface Scene {
  readonly clock: VirtualClock;
  readonly asked: ReadRequest[];
  readonly stopped: number[];
  readonly looks: VerificationLook[];
}
type Reply = Answer['outcome'] | 'broken' | { readonly afterMs: number; readonly outcome: Answer['outcome'] };

/** The n-th time it is asked it says the n-th reply; the last one again and again. */
async function play(
  given: Partial<MeasurementSource>,
  replies: readonly Reply[],
  body: (scene: Scene, running: RunningVerification) => Promise<void> = scene => scene.clock.sleep(13_000),
): Promise<Scene> {
  const clock = createVirtualClock(startMs);
  const scene: Scene = { clock, asked: [], stopped: [], looks: [] };
  const source: MeasurementSource = {
    ...{ kind: 'measurement', vendor: 'own', name: 'checkout', delayMs: 0, ask: 'each-evaluation', failures: 1 },
    ...given,
  };
  const answered = { bytes: new Uint8Array(), source: 'checkout', decoder: 'answer' };
  const { kind, name, delayMs, failures } = source;
  const session = createEvidenceSession(
    { ...settings, sources: [{ kind, name, delayMs, failures }] },
    {
      answer(_, { outcome, atMs }) {
        const answer = { atMs: Number(atMs), outcome: String(outcome) as Answer['outcome'], why: 'because of s3cret' };
        return succeed({ rows: 1, answers: [answer] });
      },
    },
    text => text.replaceAll('s3cret', '***'),
  );
  const work = (async () => {
    const started = await startVerification(
      {
        settings: { ...settings, sources: [{ kind, name, delayMs, failures }] },
        sources: [{ source, connection: { vendor: 'own', url: '' } }],
        measured: { ...measured, nodes: ['c'], otherNodes: ['b'], sinceMs },
        feedback: () => [],
        onLook: look => scene.looks.push(look),
      },
      {
        clock,
        healthSources: {
          describe: () => [],
          async read(request, deliver, signal) {
            scene.asked.push(request);
            const reply = replies[Math.min(replies.length, scene.asked.length) - 1]!;
            if (reply === 'broken') return fail('bad-answer', 'It ended with exit code 3.');
            if (typeof reply === 'object') await clock.sleep(reply.afterMs, signal);
            if (signal.aborted) {
              scene.stopped.push(clock.now());
              return fail('cancelled', 'It was stopped.');
            }
            const outcome = typeof reply === 'object' ? reply.outcome : reply;
            const delivered = await deliver({ ...answered, context: { outcome, atMs: clock.now() } });
            return delivered.ok ? succeed({ queries: [] }) : delivered;
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
                close: () => {},
              }),
            ),
        },
      },
      new AbortController().signal,
    );
    assert.ok(started.ok);
    await body(scene, started.value);
    await started.value.finish({ learn: false });
  })();
  await clock.drive(work);
  return scene;
}
const checkOf = ({ report }: VerificationLook): MeasurementCheck => report.checks[0] as MeasurementCheck;
const saidOf = ({ looks }: Scene): string => looks.map(look => checkOf(look).outcome[0]).join('');
const verdictOf = ({ looks }: Scene): string => looks.find(({ over }) => over)!.report.outcome;

test('it is asked from the canary on, at every evaluation, and told what it measures', async () => {
  const { asked, looks } = await play({}, ['pass'], ({ clock }) => clock.sleep(8_000));
  assert.equal(asked[0]!.toMs, sinceMs);
  assert.deepEqual(asked[0]!.measured, { ...measured, nodes: ['c'], otherNodes: ['b'], sinceMs });
  assert.equal(asked.length, looks.length - 1, 'the last evaluation asks nothing more');
});

test('it passes with the window, not before; its secrets are taken out', async () => {
  const scene = await play({}, ['pass']);
  assert.deepEqual(
    scene.looks.slice(0, 6).map(({ report }) => report.outcome),
    [...new Array<string>(5).fill('inconclusive'), 'pass'],
  );
  const { outcome, reasons, answers } = checkOf(scene.looks.at(-1)!);
  assert.equal(outcome, 'pass');
  assert.deepEqual(reasons, [
    {
      code: 'answered',
      values: { source: 'checkout', outcome: 'pass', why: 'because of ***', failed: 0, failures: 1 },
    },
  ]);
  assert.ok(answers.every(({ why }) => why === 'because of ***'));
});

test('a failure fails at once; of several in a row, the last', async () => {
  assert.equal(saidOf(await play({}, ['pass', 'fail'], ({ clock }) => clock.sleep(4_000))).slice(0, 2), 'pf');
  const counted = await play({ failures: 3 }, ['fail', 'fail', 'pass', 'fail', 'fail', 'fail'], ({ clock }) =>
    clock.sleep(8_000),
  );
  assert.equal(saidOf(counted).slice(0, 6), 'iipiif');
});

test('inconclusive is neither good nor bad: it is given the time that it may take, and never passes', async () => {
  const undecided = await play({}, ['inconclusive']);
  assert.equal(verdictOf(undecided), 'inconclusive');
  assert.ok(undecided.looks.findIndex(({ over }) => over) >= 10, 'up to `extendTo`');
  assert.equal(verdictOf(await play({}, [...new Array<Reply>(7).fill('inconclusive'), 'pass'])), 'pass');
});

test('what broke has not answered: it never passes, and does not fail', async () => {
  const scene = await play({}, ['pass', 'broken']);
  assert.equal(verdictOf(scene), 'inconclusive');
  assert.deepEqual(checkOf(scene.looks[2]!).reasons[0], {
    code: 'could-not-read',
    values: { source: 'checkout', failure: 'It ended with exit code 3.' },
  });
});

test('once a phase, it is asked until it has answered, however long that takes', async () => {
  const scene = await play({ ask: 'once-per-phase' }, ['broken', { afterMs: 6_000, outcome: 'pass' }]);
  assert.equal(scene.asked.length, 2);
  assert.equal(checkOf(scene.looks[2]!).outcome, 'inconclusive');
  assert.equal(verdictOf(scene), 'pass');
});

test('what is still measured when the decision is made is stopped', async () => {
  const slow = { afterMs: 60_000, outcome: 'pass' } as const;
  const scene = await play({ ask: 'once-per-phase' }, [slow], async ({ clock }, running) => {
    await clock.sleep(5_000);
    running.stop();
    await clock.sleep(1_000);
  });
  assert.deepEqual(scene.stopped, [startMs + 5_000]);
  assert.equal(checkOf(scene.looks.at(-1)!).reasons[0]!.code, 'not-answered');
});
