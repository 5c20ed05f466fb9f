// A watched job: each new good build is offered once on the machine, deployed only where the pipeline says so, and a
// Jenkins that is down disturbs nobody.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import type { TestContext } from 'node:test';
import { configurationDigest, releaseId } from '../../../src/adapters/files/configurations.ts';
import { openHistory } from '../../../src/adapters/store/history.ts';
import type { HostEngine } from '../../../src/host/runs/engines.ts';
import { pollMs, watchJobs } from '../../../src/host/runs/watchedJobs.ts';
import { fail, StoreError, succeed } from '../../../src/model/failure.ts';
import type { Pipeline } from '../../../src/model/pipeline.ts';
import type { Build } from '../../../src/model/ports.ts';
import { createVirtualClock } from '../../fakes/virtualClock.ts';

const build = (number: number, standing: Build['standing'] = 'passed'): Build => ({
  artifact: { version: `2.${number}`, build: { job: 'shop', number, url: '' } },
  standing,
  startedAtMs: number * 1000,
  durationMs: 1,
  ...(standing !== 'passed' && { refused: 'It failed.' }),
});

function setStage(context: TestContext) {
  const folder = mkdtempSync(join(tmpdir(), 'watched-'));
  const clock = createVirtualClock();
  const opened = openHistory(join(folder, 'history.db'), clock.now);
  assert.ok(opened.ok);
  const history = opened.value;
  const over = new AbortController();
  context.after(() => {
    over.abort();
    history.close();
    rmSync(folder, { recursive: true });
  });
  const stage = {
    builds: [build(1)] as readonly Build[],
    down: false,
    asked: 0,
    trusted: true,
    wanted: true,
    told: [] as string[],
  };
  const engine = {
    history,
    inspection: {
      builds: () => {
        stage.asked += 1;
        return Promise.resolve(stage.down ? fail('unreachable', 'Jenkins is down.') : succeed(stage.builds));
      },
    },
  } as unknown as HostEngine;
  return {
    clock,
    stage,
    history,
    openWindow(name: string, watch: 'offer' | 'deploy' | 'off' = 'offer'): void {
      const pipeline = {
        name: 'p',
        service: 'shop',
        connections: { ci: { url: 'https://ci.example' } },
        artifact: { kind: 'build', vendor: 'any', title: 'Any', connection: 'ci', job: 'shop', watch },
      } as unknown as Pipeline;
      void watchJobs(
        {
          clock,
          log: {
            debug() {
              /* quiet */
            },
            warn() {
              /* quiet */
            },
          },
          pipelines: () => [
            { folder: '/w', file: 'p.yaml', pipeline },
            { folder: '/w', file: 'broken.yaml' },
          ],
          open: () => Promise.resolve(succeed(engine)),
          isTrusted: () => stage.trusted,
          wantsOffers: () => stage.wanted,
          offer: (_, offered) => {
            stage.told.push(`${name} offers ${offered.artifact.version}`);
          },
          deploy: (_, offered) => {
            stage.told.push(`${name} deploys ${offered.artifact.version}`);
          },
        },
        over.signal,
      );
    },
    pass: (times = 1) => clock.drive(clock.sleep(times * pollMs + 1)),
  };
}

test('what was there at first is no news; the next good build is offered once, by one window', async context => {
  const { stage, openWindow, pass } = setStage(context);
  openWindow('one');
  openWindow('two');
  await pass(2);
  stage.builds = [build(3, 'building'), build(2), build(1)];
  await pass(3);
  stage.builds = [build(4), build(3, 'failed'), build(2), build(1)];
  await pass(3);
  assert.deepEqual(
    stage.told.map(text => text.replace(/^\w+/, '')),
    [' offers 2.2', ' offers 2.4'],
  );
});

test('a build that succeeded while no window was open is offered by the next; so is the first ever', async context => {
  const { stage, openWindow, pass, history } = setStage(context);
  stage.builds = [build(1, 'failed')];
  openWindow('one');
  await pass();
  stage.builds = [build(2), build(1, 'failed')];
  openWindow('later');
  await pass();
  assert.equal(stage.told.length, 1);
  assert.equal(history.noteBuild(JSON.stringify(['https://ci.example', 'shop', 'shop', 'p']), 2000), 'known');
});

test('a store that is busy for a while costs no offer and ends no watch', async context => {
  const { stage, openWindow, pass, history } = setStage(context);
  openWindow('one');
  await pass();
  stage.builds = [build(2), build(1)];
  const { noteBuild } = history;
  Object.assign(history, {
    noteBuild() {
      throw new StoreError({ kind: 'store', message: 'The history is locked.' }, true);
    },
  });
  await pass(2);
  assert.deepEqual(stage.told, []);
  Object.assign(history, { noteBuild });
  await pass();
  assert.deepEqual(stage.told, ['one offers 2.2']);
});

test(
  'only a pipeline that says so deploys by itself; one that says off, ' +
    'an untrusted workspace and an unwilling person ask nothing',
  async context => {
    const { stage, openWindow, pass } = setStage(context);
    openWindow('one', 'deploy');
    openWindow('two', 'off');
    await pass();
    stage.builds = [build(2), build(1)];
    await pass();
    assert.deepEqual(stage.told, ['one deploys 2.2']);
    const asked = stage.asked;
    stage.trusted = false;
    await pass(5);
    assert.equal(stage.asked, asked);
    const other = setStage(context);
    other.stage.wanted = false;
    other.openWindow('three');
    await other.pass(5);
    assert.deepEqual([other.stage.asked, other.stage.told], [0, []]);
  },
);

test('a build that is already on its way is not offered', async context => {
  const { clock, stage, openWindow, pass, history } = setStage(context);
  openWindow('one');
  await pass();
  history.createRun({
    id: 'r',
    pipeline: 'p',
    service: 'shop',
    by: { name: 'maria', via: 'cli' },
    version: '2.2',
    inputs: {},
    startedAtMs: clock.now(),
  });
  stage.builds = [build(2), build(1)];
  await pass();
  assert.deepEqual(stage.told, []);
});

test('a build that was rolled back is never deployed again, nor is a new build of its version', async context => {
  const { clock, stage, openWindow, pass, history } = setStage(context);
  openWindow('one', 'deploy');
  await pass();
  const started = { pipeline: 'p', service: 'shop', by: { name: 'maria', via: 'cli' }, inputs: {} } as const;
  history.createRun({ ...started, id: 'r', version: '2.2', startedAtMs: clock.now() });
  history.append('r', [{ type: 'run-finished', outcome: 'rolled-back', seq: 1, at: clock.now() }]);
  stage.builds = [build(2), build(1)];
  await pass();
  assert.deepEqual(stage.told, []);
  await pass();
  stage.builds = [{ ...build(2), startedAtMs: clock.now() }, build(1)];
  await pass(2);
  assert.deepEqual(stage.told, ['one offers 2.2']);
  stage.builds = [{ ...build(3), startedAtMs: clock.now() }, ...stage.builds];
  await pass(2);
  assert.deepEqual(stage.told, ['one offers 2.2', 'one deploys 2.3']);
});

test('what was rolled back by a later run, long ago, is not deployed again either', async context => {
  const { clock, stage, openWindow, pass, history } = setStage(context);
  openWindow('one', 'deploy');
  await pass();
  const started = { pipeline: 'p', service: 'shop', by: { name: 'maria', via: 'cli' }, inputs: {} } as const;
  const digest = configurationDigest([], {}),
    artifact = { version: '2.2' };
  const release = releaseId('shop', artifact, digest);
  const configuration = { digest, files: [], variables: {} };
  history.saveRelease({ id: release, service: 'shop', artifact, configuration, createdAt: 0 });
  history.createRun({ ...started, id: 'good', version: '2.2', startedAtMs: 0 });
  history.append('good', [{ type: 'run-finished', outcome: 'promoted', seq: 1, at: 0 }]);
  const entry = { service: 'shop', environment: 'production', release, runId: 'good', at: 0 };
  history.record({ ...entry, standing: 'verified' });
  history.record({ ...entry, standing: 'rolled-back' });
  for (let n = 0; n < 25; n++) history.createRun({ ...started, id: `r${n}`, version: '2.1', startedAtMs: 0 });
  stage.builds = [{ ...build(2), startedAtMs: clock.now() }, build(1)];
  await pass(2);
  assert.deepEqual(stage.told, ['one offers 2.2']);
});

test('a version that a program lists is deployed once, when it is new', async context => {
  const { clock, stage, openWindow, pass, history } = setStage(context);
  const list = (...versions: readonly string[]): void => {
    stage.builds = versions.map(version => ({ artifact: { version }, standing: 'passed' }));
  };
  const told = async (): Promise<readonly string[]> => {
    stage.told = [];
    await pass(2);
    return stage.told;
  };
  list('v2', 'v1');
  openWindow('one', 'deploy');
  assert.deepEqual(await told(), []);
  list('v3', 'v2', 'v1');
  assert.deepEqual(await told(), ['one deploys v3']);
  list('v2', 'v1');
  assert.deepEqual(await told(), [], 'v3 was taken away');
  list('v3', 'v2', 'v1');
  assert.deepEqual(await told(), [], 'v3 is back');
  history.createRun({
    id: 'r',
    pipeline: 'p',
    service: 'shop',
    by: { name: 'maria', via: 'cli' },
    version: 'v4',
    inputs: {},
    startedAtMs: clock.now(),
  });
  list('v4', 'v3');
  assert.deepEqual(await told(), [], 'somebody deploys v4');
  list();
  assert.deepEqual(await told(), []);
  list('v5');
  assert.deepEqual(await told(), ['one deploys v5']);
});

test(
  'a Jenkins that is down is asked less and less often, ' +
    'and says nothing; when it is back, what it built is offered',
  async context => {
    const { stage, openWindow, pass } = setStage(context);
    openWindow('one');
    await pass();
    stage.down = true;
    const before = stage.asked;
    await pass(60);
    assert.ok(stage.asked - before <= 8, String(stage.asked - before));
    assert.deepEqual(stage.told, []);
    stage.down = false;
    stage.builds = [build(2), build(1)];
    await pass(16);
    assert.deepEqual(stage.told, ['one offers 2.2']);
  },
);
