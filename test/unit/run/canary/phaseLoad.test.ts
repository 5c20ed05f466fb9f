// Hooks around the verification of a phase: a test of the new nodes before traffic, and load that goes on meanwhile and
// ends with it, whatever happens.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { CanaryStage } from '../../../../src/model/pipeline.ts';
import type { HookOutcome } from '../../../../src/model/runs/runEvents.ts';
import { tell } from '../runLines.ts';
import { createWorld, failsAtOnce, type World } from '../worldFixture.ts';
import { canaryStage, pipelineOf } from '../worldPipeline.ts';

const loaded: CanaryStage = {
  ...canaryStage,
  beforeTraffic: 'smoke',
  phases: canaryStage.phases.map(phase => ({ ...phase, during: 'load' })),
};
function pipelineWith(stage = loaded) {
  const pipeline = pipelineOf(stage);
  const hook = pipeline.hooks['check']!;
  const extra = (name: string) => ({ [name]: { ...hook, name, nodes: 'together' as const } });
  return { ...pipeline, hooks: { ...pipeline.hooks, ...extra('load'), ...extra('smoke') } };
}
const first = 'Production/1/during/load/p1+p2#1',
  second = 'Production/2/during/load/p1+p2+p3+p4+p5+p6+p7+p8+p9+p10#1';
const broken: HookOutcome = {
  kind: 'failed',
  durationMs: 5,
  failure: { kind: 'hook-failed', message: 'Hook "load" failed with exit code 1.' },
};
function outcomesOf(world: World): Readonly<Record<string, HookOutcome>> {
  return Object.fromEntries(
    world.events().flatMap(event => (event.type === 'hook-finished' ? [[event.key, event.outcome]] : [])),
  );
}

test('load starts once the nodes run the release and ends with the phase, which is no failure', async context => {
  const world = createWorld(context);
  world.hookOutcomes.set(/during/, 'hang');
  const state = await world.run({ pipeline: pipelineWith() });
  assert.equal(state.outcome, 'promoted');
  assert.deepEqual(
    world.started.filter(key => /smoke|load|deploy\/deploy/.test(key)).map(key => key.split('/').slice(1, 4).join('/')),
    [
      ...['1/deploy/deploy', '1/before-traffic/smoke', '1/during/load'],
      ...['2/deploy/deploy', '2/before-traffic/smoke', '2/during/load'],
    ].flatMap(key =>
      key.endsWith('deploy/deploy') ? world.started.filter(one => one.includes(key)).map(() => key) : [key],
    ),
  );
  const { [first]: one, [second]: other } = outcomesOf(world);
  assert.deepEqual([one?.kind, other?.kind], ['succeeded', 'succeeded']);
  assert.equal(one?.kind === 'succeeded' && one.detail, 'stopped with its phase');
  const upgraded = world.ended.find(({ key }) => key.startsWith('Production/2/deploy'))!;
  assert.ok(world.ended.find(({ key }) => key === first)!.toMs <= upgraded.fromMs, 'before the next phase begins');
});

test('a test before traffic that fails rolls back, and no load is started', async context => {
  const world = createWorld(context);
  world.hookOutcomes.set(/smoke/, broken);
  const state = await world.run({ pipeline: pipelineWith() });
  assert.equal(state.outcome, 'rolled-back');
  assert.ok(!world.started.some(key => key.includes('during')));
});

test('load that fails by itself fails the phase, as the stage says', async context => {
  const world = createWorld(context);
  world.hookOutcomes.set(/during/, broken);
  const state = await world.run({ pipeline: pipelineWith() });
  assert.equal(state.outcome, 'rolled-back');
  assert.match(state.failure?.message ?? state.groups[0]![0]!.failure!.message, /Hook "load" failed/);
  const ignoring = createWorld(context);
  ignoring.hookOutcomes.set(/during/, broken);
  const ignored = await ignoring.run({ pipeline: pipelineWith({ ...loaded, onFailure: { kind: 'ignore' } }) });
  assert.equal(ignored.outcome, 'promoted');
});

test('load whose time is over only ends: the verification judges', async context => {
  const world = createWorld(context);
  world.hookOutcomes.set(/during/, { ...broken, failure: { kind: 'timeout', message: 'took longer than 5 s' } });
  assert.equal((await world.run({ pipeline: pipelineWith() })).outcome, 'promoted');
});

test('load is not retried', async context => {
  const world = createWorld(context);
  world.hookOutcomes.set(/during/, broken);
  const pipeline = pipelineWith({ ...loaded, onFailure: { kind: 'ignore' } });
  const load = { ...pipeline.hooks['load']!, retry: { attempts: 5, delayMs: 10, factor: 1, maxDelayMs: 10 } };
  await world.run({ pipeline: { ...pipeline, hooks: { ...pipeline.hooks, load } } });
  assert.equal(world.calls.filter(key => key.includes('during')).length, 2);
});

test('a bad phase is rolled back while its load is told to end', async context => {
  const world = createWorld(context);
  world.hookOutcomes.set(/during/, 'hang');
  world.scripts.set('2+8', failsAtOnce);
  const state = await world.run({ pipeline: pipelineWith() });
  assert.equal(state.outcome, 'rolled-back');
  assert.equal(outcomesOf(world)[first]?.kind, 'succeeded');
});

test('wherever the process dies, load is started once for each phase, and nothing of it is left', async context => {
  const whole = createWorld(context);
  whole.hookOutcomes.set(/during/, 'hang');
  await whole.run({ pipeline: pipelineWith() });
  const events = whole.events().length;
  const told = tell(whole.events()).at(-1);
  for (let crashAfter = 2; crashAfter < events; crashAfter += 7) {
    const world = createWorld(context);
    world.hookOutcomes.set(/during/, 'hang');
    const pipeline = pipelineWith();
    await world.run({ pipeline, crashAfter }).catch(() => undefined);
    await world.run({ pipeline, runId: 'run-1', resumed: true });
    assert.equal(tell(world.events()).at(-1), told, `after ${crashAfter} events`);
    const loads = world.calls.filter(key => key.includes('during'));
    assert.equal(new Set(loads).size, loads.length, `never twice, after ${crashAfter} events`);
    const finished = outcomesOf(world);
    for (const key of loads) assert.ok(finished[key.replace('run-1/', '')], `${key} ended, after ${crashAfter} events`);
    assert.equal(world.ended.filter(({ key }) => key.includes('during')).length, loads.length);
  }
});
