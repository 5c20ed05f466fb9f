// The panel's source: what is new in the store since the last look, from whichever process, without holding the thread.
import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { deflateRawSync } from 'node:zlib';
import { followRun, type FeedbackSource, type RunFollower } from '../../../src/host/panel/runFollower.ts';
import { fail, succeed } from '../../../src/model/failure.ts';
import type { Feedback } from '../../../src/model/evidence/feedback.ts';
import type { RunEvent } from '../../../src/model/runs/runEvents.ts';
import { pageChecks } from '../../../src/model/evidence/reportPages.ts';
import { applyPatch, compareSnapshots } from '../../../src/protocol/snapshot/patch.ts';
import { createSnapshots } from '../../../src/protocol/snapshot/snapshot.ts';
import type { Check, ClusterReport } from '../../../src/model/evidence/verdict.ts';
import { newHistory, someRun } from '../adapters/store/historyFixture.ts';
import { cluster, fourExceptions, latency, quality, rolledBackStory } from '../terminal/stories.ts';

const story: readonly RunEvent[] = rolledBackStory.map((event, index) => ({ ...event, seq: index + 1 }));
const key = 'Production/1/verify';

function setUp(
  context: TestContext,
  source: FeedbackSource = {},
): {
  readonly history: ReturnType<typeof newHistory>;
  readonly follower: RunFollower;
  save(lookedAtMs: number, checks: readonly Check[]): void;
} {
  const history = newHistory(context);
  history.createRun(someRun('r'));
  return {
    history,
    follower: followRun({ runId: 'r', history, now: () => 1, feedback: () => Promise.resolve(source) }),
    save: (lookedAtMs, checks) =>
      history.saveReport(
        'r',
        key,
        lookedAtMs,
        pageChecks(checks).map(page => deflateRawSync(page)),
      ),
  };
}

test('a run is followed as it is written, and a look replaces what was drawn of the one before', async context => {
  const { history, follower, save } = setUp(context);
  assert.equal(await follower.next(), undefined);
  const looked = story.findIndex(event => event.type === 'looked');
  history.append('r', story.slice(0, looked + 1));
  save(1, [
    latency,
    { ...quality('inconclusive', 3), clusters: [cluster('calm', { class: 'known', canaryCount: 4 })] },
  ]);
  const first = await follower.next();
  assert.deepEqual([first?.ended, first?.clusters.shown.map(one => one.template)], [false, ['calm']]);
  history.append('r', story.slice(looked + 1));
  save(2, [
    latency,
    { ...quality('fail', 24), clusters: [...fourExceptions, cluster('calm', { class: 'known', canaryCount: 4 })] },
  ]);
  const last = await follower.next();
  assert.deepEqual([last?.ended, last?.clusters.shown.map(one => one.letter)], [true, ['A', 'B', 'C', 'D', undefined]]);
  assert.equal(last?.clusters.shown[4], first?.clusters.shown[0]);
  assert.equal(follower.find(last?.clusters.shown[0]?.id ?? '')?.cluster.key, fourExceptions[0]?.key);
  assert.ok(first && last);
  assert.deepEqual(compareSnapshots(first, last).reduce(applyPatch, first), last);
});

test('what reviewers said is shown with who and why, and what the verdict would have been', async context => {
  const said: readonly Feedback[] = fourExceptions.map(({ key: of, template }) => ({
    key: of,
    template,
    mark: 'not-a-risk',
    reason: 'known',
    by: 'maria',
    atMs: 7,
  }));
  const unused = (): never => assert.fail();
  const { history, follower } = setUp(context, {
    engine: { feedback: () => succeed(said), reconsider: () => 'pass', mark: unused, unmark: unused },
  });
  history.append('r', story);
  const snapshot = await follower.next();
  assert.deepEqual(snapshot?.feedback, {
    wouldBe: 'With the feedback since then, the verification would have passed.',
  });
  assert.deepEqual(snapshot?.clusters.shown[0]?.feedback, {
    mark: 'not-a-risk',
    reason: 'known',
    by: 'maria',
    atMs: 7,
  });
});

test('a file with a mistake, or a folder that is not open, is said in the panel', async context => {
  const unused = (): never => assert.fail();
  const broken = setUp(context, {
    engine: {
      feedback: () => fail('invalid', 'feedback.yaml has a mistake.', { hint: 'Correct it.' }),
      reconsider: unused,
      mark: unused,
      unmark: unused,
    },
  });
  broken.history.append('r', story);
  assert.deepEqual((await broken.follower.next())?.feedback, { problem: 'feedback.yaml has a mistake. Correct it.' });
  const closed = setUp(context, { refused: 'Not open.' });
  closed.history.append('r', story);
  assert.deepEqual((await closed.follower.next())?.feedback, { refused: 'Not open.' });
});

test('ten thousand clusters are drawn whole, and in steps between which others may work', async context => {
  const { history, follower, save } = setUp(context);
  history.append('r', story);
  const many: readonly ClusterReport[] = Array.from({ length: 10_000 }, (_, index) =>
    cluster(`Boom ${index} in module ${index % 97}`, {
      minutes: { startMs: 0, canary: [1, 2, 3], baseline: [0, 0, 0] },
      nearest: { key: `k${index}`, template: `Bang ${index} in module ${index % 89}`, similarity: 0.7 },
    }),
  );
  const checks = [{ ...quality('fail', 24), clusters: many }];
  save(1, checks);
  const snapshot = await follower.next();
  assert.equal(snapshot?.clusters.shown.length, 10_000);
  const snapshots = createSnapshots('r');
  snapshots.add(story);
  const drawing = snapshots.build(1, { checks: () => checks });
  let steps = 0;
  while (!drawing.next().done) steps += 1;
  assert.ok(steps >= 10_000, `${steps} steps`);
});
