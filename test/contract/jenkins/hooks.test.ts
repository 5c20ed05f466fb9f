// The contract of hooks that are Jenkins jobs: a build is started once and ends as it ended there, with its output and
// without secrets.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { TestContext } from 'node:test';
import type { Http, HttpRequest, HttpResult } from '../../../src/model/outside.ts';
import type { JenkinsHook } from '../../../src/vendors/jenkins/options.ts';
import { runJenkinsHook } from '../../../src/vendors/jenkins/hook.ts';
import type { JenkinsJob } from '../../../src/demo/jenkins/builds.ts';
import { createJenkinsServer } from '../../../src/demo/jenkins/server.ts';
import type { Hook } from '../../../src/model/hook.ts';
import type { HookRequest } from '../../../src/model/ports.ts';
import type { HookOutcome } from '../../../src/model/runs/runEvents.ts';
import { credentials, startVendor, transports } from '../faults/vendors.ts';
import type { Transport, Vendors } from '../faults/vendors.ts';
import { common, kindOf, requestOf } from '../hookRequest.ts';

interface Stage {
  readonly vendors: Vendors;
  readonly run: (
    hook?: Partial<JenkinsHook> & Partial<JenkinsHook['options']>,
    more?: Partial<HookRequest>,
    signal?: AbortSignal,
    http?: Http,
  ) => Promise<{ outcome: HookOutcome; output: string }>;
  readonly builds: Record<string, string>[];
}

/**
 * Job `team/deploy` logs, sleeps `MS`, logs again and ends as `RESULT` says; `plain` takes no parameters; `keyless` has
 * none for the call's key.
 */
async function setStage(context: TestContext, transport: Transport, asPassword = false): Promise<Stage> {
  const builds: Record<string, string>[] = [];
  const vendors = await startVendor(context, 'jenkins', transport, parts => {
    const run: JenkinsJob['run'] = async (parameters, log, signal) => {
      builds.push({ ...parameters });
      log('Déploiement 🚀 of jenkinsTOKEN11');
      await parts.sleep(Number(parameters['MS'] || 1_000));
      if (!signal.aborted) log('done');
      return (parameters['RESULT'] || 'SUCCESS') as 'SUCCESS';
    };
    const declare = (...names: readonly string[]) => names.map(name => ({ name, description: '', defaultValue: '' }));
    return createJenkinsServer({
      ...parts,
      user: 'robot',
      ...(asPassword ? { token: 'another', password: 'jenkinsTOKEN11' } : { token: 'jenkinsTOKEN11' }),
      jobs: [
        {
          name: 'team/deploy',
          description: '',
          parameters: declare('VERSION', 'RESULT', 'MS', 'BACKSTOP_RUN'),
          concurrent: true,
          run,
        },
        { name: 'plain', description: '', parameters: [], run },
        { name: 'keyless', description: '', parameters: declare('VERSION'), run },
        { name: 'shop/feature%2Fx', description: '', parameters: declare('BACKSTOP_RUN'), pipeline: true, run },
        ...(['term', 'kill'] as const).map((force): JenkinsJob => ({
          name: `until-${force}`,
          description: '',
          parameters: declare('MS', 'BACKSTOP_RUN'),
          pipeline: true,
          endsOnlyBy: force,
          run,
        })),
        { name: 'deaf', description: '', parameters: declare('MS', 'BACKSTOP_RUN'), endsOnlyBy: 'term', run },
        { name: 'off', description: '', parameters: [], disabled: true, run },
      ],
    }).handle;
  });
  const connections = { ci: { vendor: 'jenkins', url: vendors.url, credential: 'jenkins' } } as const;
  return {
    vendors,
    builds,
    async run(
      { expectResult = ['SUCCESS'], ...hook } = {},
      more = {},
      signal = new AbortController().signal,
      http = vendors.http,
    ) {
      const output: string[] = [];
      const whole: Hook = {
        ...common,
        kind: 'job',
        vendor: 'jenkins',
        title: 'Jenkins',
        name: 'go',
        connection: 'ci',
        job: 'team/deploy',
        options: { expectResult },
        parameters: { VERSION: '${BACKSTOP_VERSION}' },
        ...hook,
      };
      const outcome = await vendors.clock.drive(
        runJenkinsHook({ ...vendors, http, credentials }, requestOf(whole, output, { connections, ...more }), signal),
      );
      return { outcome, output: output.join('') };
    },
  };
}

for (const transport of transports) {
  test(
    `${transport}: a build is started once with the call's key, ` + 'and its whole console comes, without secrets',
    async context => {
      const stage = await setStage(context, transport);
      const { outcome, output } = await stage.run();
      assert.deepEqual(
        [outcome.kind, outcome.kind === 'succeeded' && outcome.detail],
        ['succeeded', 'build 1 SUCCESS'],
        JSON.stringify(outcome),
      );
      assert.deepEqual(stage.builds, [
        { VERSION: '1.2 "rc"', RESULT: '', MS: '', BACKSTOP_RUN: 'run-1/prod/1/deploy/go/prod-1#1' },
      ]);
      assert.equal(output, 'Started by user robot\nDéploiement 🚀 of [redacted]\ndone\nFinished: SUCCESS\n');
    },
  );

  test(`${transport}: passing faults neither fail the hook nor start a second build`, async context => {
    const stage = await setStage(context, transport);
    stage.vendors.fail(
      { kind: 'status', status: 503, times: 2, match: 'GET' },
      { kind: 'drop', times: 9, match: '/1/' },
      { kind: 'malformed', times: 1, match: 'queue' },
      { kind: 'status', status: 429, times: 1, match: 'POST' },
    );
    const { outcome } = await stage.run({ parameters: { MS: '20000' } });
    assert.equal(outcome.kind, 'succeeded', JSON.stringify(outcome));
    assert.equal(stage.builds.length, 1);
  });

  test(`${transport}: a password session sends the crumb that Jenkins asks for`, async context => {
    const stage = await setStage(context, transport, true);
    const { outcome } = await stage.run();
    assert.equal(outcome.kind, 'succeeded', JSON.stringify(outcome));
    assert.equal(stage.builds.length, 1);
  });
}

test('every result but SUCCESS fails, naming build and result', async context => {
  const stage = await setStage(context, 'in process');
  for (const result of ['UNSTABLE', 'FAILURE', 'NOT_BUILT']) {
    const { outcome } = await stage.run({ parameters: { RESULT: result } });
    assert.equal(kindOf(outcome), 'hook-failed');
    assert.match(JSON.stringify(outcome), new RegExp(`Jenkins build \\d ended as ${result}`));
  }
});

test('a hook may expect another result', async context => {
  const stage = await setStage(context, 'in process');
  const { outcome } = await stage.run({ parameters: { RESULT: 'UNSTABLE' }, expectResult: ['SUCCESS', 'UNSTABLE'] });
  assert.deepEqual([outcome.kind, outcome.kind === 'succeeded' && outcome.detail], ['succeeded', 'build 1 UNSTABLE']);
});

test('the branch of a multibranch job is built by the name that Jenkins gives it', async context => {
  const stage = await setStage(context, 'in process');
  const { outcome } = await stage.run({ job: 'shop/feature%2Fx', parameters: {} });
  assert.equal(outcome.kind, 'succeeded', JSON.stringify(outcome));
  assert.ok(
    stage.vendors.requests.some(request => request === 'POST /job/shop/job/feature%252Fx/buildWithParameters'),
    stage.vendors.requests.join('\n'),
  );
});

test('a build that does not heed stop is told with more force, and one that goes on is named', async context => {
  const orders = async (job: string) => {
    const stage = await setStage(context, 'in process');
    const { outcome } = await stage.run({ job, timeoutMs: 30_000, parameters: { MS: '3600000' } });
    assert.equal(kindOf(outcome), 'timeout');
    const told = stage.vendors.requests.flatMap(request => /^POST .*\/1\/(\w+)$/.exec(request)?.[1] ?? []);
    return [...told, outcome.kind === 'failed' ? outcome.failure.cause : ''];
  };
  assert.deepEqual(await orders('until-term'), ['stop', 'term', undefined]);
  assert.deepEqual(await orders('until-kill'), ['stop', 'term', 'kill', undefined]);
  assert.deepEqual(await orders('deaf'), ['stop', 'term', 'Build 1 continues although Jenkins was told to stop it.']);
});

test('a waiting item that becomes a build while it is cancelled is stopped as a build', async context => {
  const stage = await setStage(context, 'in process');
  const controller = new AbortController();
  void stage.vendors.clock.sleep(50).then(() => {
    controller.abort();
  });
  const late: Http = {
    async request(request) {
      if (request.url.includes('/queue/cancelItem')) await stage.vendors.clock.sleep(2_000);
      return stage.vendors.http.request(request);
    },
  };
  const { outcome } = await stage.run({ parameters: { MS: '3600000' } }, {}, controller.signal, late);
  assert.deepEqual([kindOf(outcome), outcome.kind === 'failed' && outcome.failure.cause], ['cancelled', undefined]);
  assert.ok(
    stage.vendors.requests.some(request => request.endsWith('/1/stop')),
    stage.vendors.requests.join('\n'),
  );
});

test('two calls that Jenkins folds into one build are told apart by their key, and the second fails', async context => {
  const stage = await setStage(context, 'in process');
  const http: Http = {
    request: request =>
      stage.vendors.http.request(
        request.url.includes('/queue/item/')
          ? request
          : {
              ...request,
              ...(request.body?.includes('BACKSTOP_RUN') && {
                body: request.body.replace(/BACKSTOP_RUN=[^&]*/, 'BACKSTOP_RUN=run-1%2Fanother'),
              }),
            },
      ),
  };
  const { outcome } = await stage.run({}, {}, new AbortController().signal, http);
  assert.match(
    JSON.stringify(outcome),
    /Jenkins folded this call into build 1 of .*, which was started for run-1\/another/,
  );
});

test('a start that may have arrived is not repeated', async context => {
  const stage = await setStage(context, 'in process');
  stage.vendors.fail({ kind: 'drop', match: 'POST' });
  const { outcome } = await stage.run();
  assert.equal(kindOf(outcome), 'unreachable');
  assert.match(JSON.stringify(outcome), /neither a build nor a queue item of this call/);
  assert.equal(stage.vendors.requests.filter(request => request.startsWith('POST')).length, 1);
});

test('a cancelled run stops its build, in the queue and later', async context => {
  for (const afterMs of [50, 5_000]) {
    const stage = await setStage(context, 'in process');
    const controller = new AbortController();
    void stage.vendors.clock.sleep(afterMs).then(() => {
      controller.abort();
    });
    const { outcome } = await stage.run({ parameters: { MS: '3600000' } }, {}, controller.signal);
    assert.equal(kindOf(outcome), 'cancelled');
    assert.ok(
      stage.vendors.requests.some(request =>
        afterMs === 50 ? request === 'POST /queue/cancelItem' : request.endsWith('/1/stop'),
      ),
      stage.vendors.requests.join('\n'),
    );
  }
});

test('a build beyond the time-out of its hook is stopped', async context => {
  const stage = await setStage(context, 'in process');
  const { outcome } = await stage.run({ timeoutMs: 30_000, parameters: { MS: '3600000' } });
  assert.equal(kindOf(outcome), 'timeout');
  assert.ok(outcome.durationMs <= 31_000);
  assert.ok(stage.vendors.requests.some(request => request.endsWith('/1/stop')));
});

test('a restarted engine finds its build, waiting, running or ended, and starts none', async context => {
  for (const restartAfterMs of [20, 5_000, 100_000, 1_000_000]) {
    const stage = await setStage(context, 'in process');
    const auth = {
      Authorization: `Basic ${Buffer.from('robot:jenkinsTOKEN11').toString('base64')}`,
      'Content-Type': 'application/x-www-form-urlencoded',
    };
    await stage.vendors.http.request({
      method: 'POST',
      url: `${stage.vendors.url}/job/team/job/deploy/buildWithParameters`,
      headers: auth,
      timeoutMs: 1_000,
      body: new URLSearchParams({ MS: '60000', BACKSTOP_RUN: 'run-1/prod/1/deploy/go/prod-1#1' }).toString(),
    });
    await stage.vendors.clock.drive(stage.vendors.clock.sleep(restartAfterMs));
    const { outcome, output } = await stage.run({ timeoutMs: 120_000 }, { reattach: true });
    assert.equal(outcome.kind, 'succeeded', JSON.stringify(outcome));
    assert.match(output, /done\nFinished: SUCCESS\n$/);
    assert.equal(stage.builds.length, 1, String(restartAfterMs));
  }
});

test(
  'a run that was cancelled while nobody followed it ends its build, ' + 'waiting or running, and starts none',
  async context => {
    for (const afterMs of [20, 5_000, 100_000]) {
      const stage = await setStage(context, 'in process');
      const auth = {
        Authorization: `Basic ${Buffer.from('robot:jenkinsTOKEN11').toString('base64')}`,
        'Content-Type': 'application/x-www-form-urlencoded',
      };
      await stage.vendors.http.request({
        method: 'POST',
        url: `${stage.vendors.url}/job/team/job/deploy/buildWithParameters`,
        headers: auth,
        timeoutMs: 1_000,
        body: new URLSearchParams({ MS: '60000', BACKSTOP_RUN: 'run-1/prod/1/deploy/go/prod-1#1' }).toString(),
      });
      await stage.vendors.clock.drive(stage.vendors.clock.sleep(afterMs));
      const { outcome } = await stage.run({}, { reattach: true }, AbortSignal.abort());
      assert.deepEqual([kindOf(outcome), outcome.kind === 'failed' && outcome.failure.cause], ['cancelled', undefined]);
      const orders = stage.vendors.requests.filter(request => /cancelItem|stop$/.test(request));
      assert.deepEqual(
        orders,
        afterMs === 20 ? ['POST /queue/cancelItem'] : afterMs === 5_000 ? ['POST /job/team/job/deploy/1/stop'] : [],
      );
      assert.ok(stage.builds.length <= 1);
    }
  },
);

test('a restarted engine starts the build that was never started', async context => {
  const stage = await setStage(context, 'in process');
  const { outcome } = await stage.run({}, { reattach: true });
  assert.equal(outcome.kind, 'succeeded');
  assert.equal(stage.builds.length, 1);
});

test('where builds bear no key a restarted engine does not start a second one', async context => {
  const stage = await setStage(context, 'in process');
  for (const job of ['keyless', 'plain']) {
    const { outcome } = await stage.run({ job, parameters: {} }, { reattach: true });
    assert.match(JSON.stringify(outcome), /Give the job a string parameter BACKSTOP_RUN/);
  }
  assert.equal(stage.builds.length, 0);
});

test(
  'a job without parameters runs; a missing, ' + 'a disabled and an unknown one fail before anything starts',
  async context => {
    const stage = await setStage(context, 'in process');
    assert.equal((await stage.run({ job: 'plain', parameters: {} })).outcome.kind, 'succeeded');
    assert.equal(kindOf((await stage.run({ job: 'nope' })).outcome), 'not-found');
    assert.equal(kindOf((await stage.run({ job: 'off' })).outcome), 'refused');
    assert.equal(kindOf((await stage.run({ connection: 'nope' })).outcome), 'invalid');
    assert.equal(kindOf((await stage.run({ parameters: { VERSION: '${BACKSTOP_NOPE}' } })).outcome), 'invalid');
    assert.equal(stage.builds.length, 1);
  },
);

test('a console that cannot be read is given up with a word, and the build still tells how it ended', async context => {
  const stage = await setStage(context, 'in process');
  const http = {
    request: (request: HttpRequest) =>
      request.url.includes('progressiveText')
        ? Promise.resolve<HttpResult>({ ok: false, failure: { kind: 'bad-answer', message: 'too large' }, sent: true })
        : stage.vendors.http.request(request),
  };
  const { outcome, output } = await stage.run({ parameters: { MS: '20000' } }, {}, new AbortController().signal, http);
  assert.equal(outcome.kind, 'succeeded', JSON.stringify(outcome));
  assert.match(output, /^\(The rest of the console could not be read: .*too large\)\n$/);
});
