// A call's build is started once, and found: also where Jenkins' answer got lost, where the run was cancelled
// meanwhile, and by the next try of the call.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { TestContext } from 'node:test';
import { runJenkinsHook } from '../../../src/vendors/jenkins/hook.ts';
import type { Fault } from '../../../src/demo/faults/fault.ts';
import type { HookOutcome } from '../../../src/model/runs/runEvents.ts';
import { hookRequest, jenkinsStage } from './stage.ts';
import type { JenkinsStage } from './stage.ts';

interface Call {
  readonly attempt?: number;
  readonly signal?: AbortSignal;
  readonly parameters?: Readonly<Record<string, string>>;
  readonly timeoutMs?: number;
}

function call(
  stage: JenkinsStage,
  { attempt = 1, signal = new AbortController().signal, parameters = {}, timeoutMs = 600_000 }: Call = {},
): Promise<HookOutcome> {
  const request = hookRequest(stage, parameters);
  const key = request.call.key.replace(/#1$/, `#${attempt}`);
  return stage.vendors.clock.drive(
    runJenkinsHook(
      stage.vendors,
      { ...request, hook: { ...request.hook, timeoutMs }, call: { ...request.call, key, attempt } },
      signal,
    ),
  );
}
const describe = (outcome: HookOutcome): unknown => (outcome.kind === 'succeeded' ? outcome.detail : outcome.failure);
const start = (context: TestContext): Promise<JenkinsStage> => jenkinsStage(context, 'in process');
const posts = ({ vendors }: JenkinsStage): number =>
  vendors.requests.filter(request => request.endsWith('/buildWithParameters')).length;
const lostStart: Fault = { kind: 'lostAnswer', match: 'buildWithParameters', times: 1 };

test('a build whose start was answered by nobody is found in the queue, at work, or ended', async context => {
  for (const [ms, unseen] of [
    ['3600', 0],
    ['60000', 0],
    ['300', 3],
  ] as const) {
    const stage = await start(context);
    // Jenkins cannot be asked for a while, so that the build has ended when it is found.
    stage.vendors.fail(
      lostStart,
      ...(unseen > 0 ? [{ kind: 'down', match: 'GET /queue/api/json', times: unseen } as const] : []),
    );
    assert.equal(describe(await call(stage, { parameters: { MS: ms } })), 'build 1 SUCCESS', ms);
    assert.deepEqual([stage.started.length, posts(stage)], [1, 1]);
  }
});

test('a start that Jenkins did not take is not repeated by the same try, and says so', async context => {
  const stage = await start(context);
  stage.vendors.fail({ kind: 'drop', match: 'buildWithParameters', times: 1 });
  assert.match(JSON.stringify(describe(await call(stage))), /neither a build nor a queue item of this call/);
  assert.deepEqual([stage.started.length, posts(stage)], [0, 1]);
  assert.equal(describe(await call(stage, { attempt: 2 })), 'build 1 SUCCESS');
});

test(
  'a refusal of one request is no mistake of the pipeline: ' + 'nothing was started, and the next try may ask again',
  async context => {
    for (const match of ['buildWithParameters', '/api/json']) {
      const stage = await start(context);
      stage.vendors.fail({ kind: 'status', status: 400, match, times: 1 });
      const outcome = await call(stage);
      assert.deepEqual([outcome.kind === 'failed' && outcome.failure.kind, stage.started.length], ['hook-failed', 0]);
      assert.equal(describe(await call(stage, { attempt: 2 })), 'build 1 SUCCESS');
    }
  },
);

test(
  'where Jenkins cannot be asked afterwards, ' + 'it is said that nobody knows; the next try finds the build',
  async context => {
    const stage = await start(context);
    stage.vendors.fail(lostStart, { kind: 'down', match: '/queue/api/json' });
    assert.match(
      JSON.stringify(describe(await call(stage, { parameters: { MS: '3600000' } }))),
      /not known whether the build was started/,
    );
    stage.vendors.fail();
    assert.equal(describe(await call(stage, { attempt: 2, timeoutMs: 7_200_000 })), 'build 1 SUCCESS');
    assert.deepEqual([stage.started.length, posts(stage)], [1, 1]);
  },
);

test('the next try takes a build that succeeded unseen, and repeats one that failed or was ended', async context => {
  for (const [result, builds] of [
    ['SUCCESS', 1],
    ['FAILURE', 2],
  ] as const) {
    const stage = await start(context);
    await stage.post('/job/deploy/buildWithParameters?delay=0sec', {
      MS: '1000',
      RESULT: result,
      BACKSTOP_RUN: 'run-1/prod/1/deploy/go/prod-1#1',
    });
    await stage.vendors.clock.drive(stage.vendors.clock.sleep(5_000));
    assert.equal(describe(await call(stage, { attempt: 2 })), `build ${builds} SUCCESS`);
    assert.equal(stage.started.length, builds);
  }
  const stage = await start(context);
  assert.equal((await call(stage, { timeoutMs: 30_000, parameters: { MS: '3600000' } })).kind, 'failed');
  assert.equal(describe(await call(stage, { attempt: 2 })), 'build 2 SUCCESS');
});

test('a run that is cancelled before Jenkins has answered ends what Jenkins started', async context => {
  const stage = await start(context);
  const controller = new AbortController();
  const http: typeof stage.vendors.http = {
    async request(request) {
      if (!request.url.includes('buildWithParameters')) return stage.vendors.http.request(request);
      await stage.vendors.http.request(request);
      controller.abort();
      return { ok: false, failure: { kind: 'cancelled', message: 'The request was cancelled.' }, sent: true };
    },
  };
  const outcome = await call(
    { ...stage, vendors: { ...stage.vendors, http } },
    { signal: controller.signal, parameters: { MS: '3600000' } },
  );
  assert.equal(outcome.kind === 'failed' && outcome.failure.kind, 'cancelled', JSON.stringify(outcome));
  await stage.vendors.clock.drive(stage.vendors.clock.sleep(10_000));
  assert.deepEqual(
    [stage.started.length, stage.ended.length, stage.vendors.requests.includes('POST /queue/cancelItem')],
    [0, 0, true],
  );
});

test(
  'a build is not lost sight of when Jenkins refuses a few looks at it, ' + 'or forgets its queue item',
  async context => {
    for (const match of ['GET /queue/item', 'GET /job/deploy/1/api']) {
      for (const status of [401, 403, 404]) {
        const stage = await start(context);
        stage.vendors.fail({ kind: 'status', status, match, times: 3 });
        assert.equal(
          describe(await call(stage, { parameters: { MS: '20000' } })),
          'build 1 SUCCESS',
          `${match} ${status}`,
        );
        assert.equal(stage.started.length, 1);
      }
    }
  },
);
