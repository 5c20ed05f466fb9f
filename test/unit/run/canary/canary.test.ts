// The canary's story: phases, decisions, holds, questions, and the way back.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { CanaryStage } from '../../../../src/model/pipeline.ts';
import { findLastWorking } from '../../../../src/model/release.ts';
import { tell } from '../runLines.ts';
import { createWorld, failsAtOnce, jonas, maria, neverKnows, passes } from '../worldFixture.ts';
import { canaryStage, deployStage, newRelease, oldRelease, pipelineOf, release } from '../worldPipeline.ts';

test('a healthy canary is promoted to all nodes, verified in the ledger, and teaches the baseline', async context => {
  const world = createWorld(context);
  const state = await world.run();
  assert.deepEqual(tell(world.events()), [
    'ledger production deploying',
    'phase 1 of 2: p1 p2',
    'decided promote by policy',
    'phase 2 of 2: p3 p4 p5 p6 p7 p8 p9 p10',
    'decided promote by policy',
    'ledger production verified',
    'stage Production passed',
    'run promoted',
  ]);
  assert.equal(state.outcome, 'promoted');
  assert.ok([...world.nodes].filter(([node]) => node.startsWith('p')).every(([, id]) => id === newRelease.id));
  assert.equal(world.history.learned('shop', 'production', 'quality')?.deployments, 1);
  assert.deepEqual(world.markers, ['canary 2.0']);
});

test(
  'a failed verification rolls back artifact and configuration of the canary nodes at once, ' + 'and proves it',
  async context => {
    const world = createWorld(context);
    world.scripts.set('2+8', failsAtOnce);
    const state = await world.run();
    assert.deepEqual(tell(world.events()), [
      'ledger production deploying',
      'phase 1 of 2: p1 p2',
      'decided rollback by policy',
      'rollback 2.0 -> 1.0 on p1 p2',
      'ledger production rolled-back',
      'proven',
      'stage Production rolled-back',
      'run rolled-back',
    ]);
    assert.ok([...world.nodes.values()].every(id => id === oldRelease.id));
    assert.deepEqual(world.markers, ['canary 2.0', 'rollback 1.0']);
    assert.equal(world.history.learned('shop', 'production', 'quality'), undefined, 'a bad deployment must not teach');
    const { rollback } = state.groups[0]![0]!;
    assert.deepEqual(rollback?.difference.variables, [{ name: 'mode', from: 'new', to: 'old' }]);
    assert.equal(findLastWorking(world.history.ledger('shop', 'production')), oldRelease.id);
  },
);

test('both rollback calls run at the same time', async context => {
  const world = createWorld(context);
  world.scripts.set('2+8', failsAtOnce);
  await world.run();
  const times = world
    .events()
    .flatMap(event => (event.type === 'hook-intended' && event.call.purpose === 'rollback' ? [event.at] : []));
  assert.equal(times.length, 2);
  assert.equal(times[0], times[1]);
});

test('a gradual rollback brings back some nodes after the others, those that came last first', async context => {
  const groupsOf = async (rollbackBatches: CanaryStage['rollbackBatches']): Promise<readonly string[]> => {
    const world = createWorld(context);
    world.scripts.set('10+0', failsAtOnce);
    const stage = { ...canaryStage, ...(rollbackBatches && { rollbackBatches }) };
    assert.equal((await world.run({ pipeline: pipelineOf(stage) })).outcome, 'rolled-back');
    const times = world
      .events()
      .flatMap(event =>
        event.type === 'hook-intended' && event.call.purpose === 'rollback'
          ? [[event.at, event.call.nodes] as const]
          : [],
      );
    return [...Map.groupBy(times, ([at]) => at).values()].map(group => group.flatMap(([, nodes]) => nodes).join(' '));
  };
  assert.deepEqual(await groupsOf(undefined), ['p1 p2 p3 p4 p5 p6 p7 p8 p9 p10']);
  assert.deepEqual(await groupsOf({ nodes: { share: 0.35 }, order: 'newest-first' }), [
    'p10 p9 p8 p7',
    'p6 p5 p4 p3',
    'p2 p1',
  ]);
  assert.deepEqual(await groupsOf({ nodes: { count: 7 }, order: 'listed' }), ['p1 p2 p3 p4 p5 p6 p7', 'p8 p9 p10']);
});

test('nobody looks at nodes that are being rolled back, but what arrives late is in the last report', async context => {
  const world = createWorld(context);
  world.scripts.set('2+8', failsAtOnce);
  await world.run();
  const types = world.events().map(event => event.type);
  assert.deepEqual(
    types
      .slice(types.indexOf('rollback-started'), types.indexOf('rollback-finished'))
      .filter(type => type === 'looked'),
    [],
  );
  assert.ok(types.indexOf('verification-finished') > types.indexOf('rollback-finished'));
});

test('the rollback goes to the newest verified release, not to the previous one', async context => {
  const world = createWorld(context);
  const broken = release('1.5');
  world.history.saveRelease(broken);
  world.history.record({
    service: 'shop',
    environment: 'production',
    release: broken.id,
    standing: 'failed',
    runId: 'x',
    at: 2,
  });
  world.scripts.set('2+8', failsAtOnce);
  await world.run();
  assert.ok(tell(world.events()).includes('rollback 2.0 -> 1.0 on p1 p2'));
});

test('without any working release a failure says so instead of guessing', async context => {
  const world = createWorld(context);
  world.history.record({
    service: 'shop',
    environment: 'production',
    release: oldRelease.id,
    standing: 'failed',
    runId: 'x',
    at: 2,
  });
  world.scripts.set('2+8', failsAtOnce);
  const state = await world.run();
  assert.equal(state.outcome, 'failed');
  assert.match(state.failure!.message, /none to go back to/);
  assert.match(state.failure!.hint!, /backstop adopt/);
});

test('an inconclusive verification never promotes: it holds, and ends held', async context => {
  const world = createWorld(context);
  world.scripts.set('2+8', neverKnows);
  const state = await world.run();
  assert.deepEqual(tell(world.events()).slice(2), [
    'asked hold',
    'decided hold by policy',
    'closed timed-out',
    'decided hold by policy',
    'ledger production held',
    'stage Production held',
    'run held',
  ]);
  assert.equal(state.outcome, 'held');
  assert.equal(world.nodes.get('p3'), oldRelease.id);
});

test('missing data rolls back after the hold where the pipeline says so', async context => {
  const world = createWorld(context);
  world.scripts.set('2+8', neverKnows);
  const state = await world.run({
    pipeline: pipelineOf({ ...canaryStage, verification: { ...canaryStage.verification, missingData: 'rollback' } }),
  });
  assert.equal(state.outcome, 'rolled-back');
  assert.equal(world.nodes.get('p1'), oldRelease.id);
});

test('a held canary that starts to fail is rolled back while it waits', async context => {
  const world = createWorld(context);
  world.scripts.set('2+8', {
    looks: ['inconclusive', 'inconclusive', 'inconclusive', 'inconclusive', 'inconclusive', 'fail'],
    overAt: 3,
  });
  const state = await world.run();
  assert.equal(state.outcome, 'rolled-back');
  assert.ok(tell(world.events()).includes('closed overtaken'));
});

test('a held canary whose data arrive late is promoted by what they say', async context => {
  const world = createWorld(context);
  world.scripts.set('2+8', {
    looks: ['inconclusive', 'inconclusive', 'inconclusive', 'inconclusive', 'pass'],
    overAt: 3,
  });
  assert.equal((await world.run()).outcome, 'promoted');
});

test('a person promotes a held canary, and the ledger says that it was by hand', async context => {
  const world = createWorld(context);
  world.scripts.set('2+8', neverKnows);
  world.when(
    event => event.type === 'asked',
    runId => world.instruct(runId, { type: 'promote', by: jonas, comment: 'seen the dashboards' }),
  );
  const state = await world.run();
  assert.equal(state.outcome, 'promoted');
  assert.ok(tell(world.events()).includes('ledger production promoted-by-hand'));
});

test('onFailure ask: a person rolls back', async context => {
  const world = createWorld(context);
  world.scripts.set('2+8', failsAtOnce);
  world.when(
    event => event.type === 'asked',
    runId => world.instruct(runId, { type: 'rollback', by: jonas }),
  );
  await world.run({ pipeline: pipelineOf({ ...canaryStage, onFailure: { kind: 'ask', forMs: 60_000 } }) });
  const told = tell(world.events());
  assert.ok(told.includes('decided rollback by jonas'));
  assert.ok(told.includes('run rolled-back'));
});

test('onFailure ask: when nobody answers in time it rolls back', async context => {
  const world = createWorld(context);
  world.scripts.set('2+8', failsAtOnce);
  await world.run({ pipeline: pipelineOf({ ...canaryStage, onFailure: { kind: 'ask', forMs: 60_000 } }) });
  const asked = world.events().find(event => event.type === 'asked')!;
  const decided = world.events().findLast(event => event.type === 'decided')!;
  assert.equal(decided.at - asked.at, 60_000);
  assert.ok(tell(world.events()).includes('run rolled-back'));
});

test('onFailure ask: a person goes on, by hand', async context => {
  const world = createWorld(context);
  world.scripts.set('2+8', failsAtOnce);
  world.when(
    event => event.type === 'asked',
    runId => world.instruct(runId, { type: 'promote', by: jonas }),
  );
  assert.equal(
    (await world.run({ pipeline: pipelineOf({ ...canaryStage, onFailure: { kind: 'ask', forMs: 60_000 } }) })).outcome,
    'promoted',
  );
});

test('onFailure stop leaves the nodes as they are, and the ledger says failed', async context => {
  const world = createWorld(context);
  world.scripts.set('2+8', failsAtOnce);
  const state = await world.run({ pipeline: pipelineOf({ ...canaryStage, onFailure: { kind: 'stop' } }) });
  assert.equal(state.outcome, 'failed');
  assert.equal(world.nodes.get('p1'), newRelease.id);
});

test('a person rolls back in the middle of a phase', async context => {
  const world = createWorld(context);
  world.when(
    event => event.type === 'looked',
    runId => world.instruct(runId, { type: 'rollback', by: jonas, comment: 'support is on the phone' }),
  );
  const state = await world.run();
  assert.equal(state.outcome, 'rolled-back');
  assert.ok(tell(world.events()).includes('decided rollback by jonas'));
});

test('a person holds a canary that would pass, then promotes it', async context => {
  const world = createWorld(context);
  world.when(
    event => event.type === 'looked',
    runId => world.instruct(runId, { type: 'hold', by: jonas }),
  );
  world.when(
    event => event.type === 'asked',
    runId => world.instruct(runId, { type: 'promote', by: jonas }),
  );
  const state = await world.run();
  assert.equal(state.outcome, 'promoted');
  assert.ok(tell(world.events()).includes('closed promote'));
});

test('a skipped verification is written down with who and why', async context => {
  const world = createWorld(context);
  world.when(
    event => event.type === 'looked',
    runId => world.instruct(runId, { type: 'skip-verification', by: jonas, comment: 'hotfix' }),
  );
  await world.run();
  assert.deepEqual(
    world
      .events()
      .filter(event => event.type === 'verification-skipped')
      .map(event => [event.by.name, event.why]),
    [['jonas', 'hotfix']],
  );
});

test('a regression in the last phase rolls back all ten nodes', async context => {
  const world = createWorld(context);
  world.scripts.set('10+0', failsAtOnce);
  await world.run();
  assert.ok([...world.nodes.values()].every(id => id === oldRelease.id));
});

test('a regression that shows while the promoted release is watched rolls back too', async context => {
  const world = createWorld(context);
  world.scripts.set('10+0', passes);
  const state = await world.run({
    pipeline: pipelineOf({
      ...canaryStage,
      phases: [{ nodes: { share: 1 }, settleMs: 0, verify: false }],
      watchMs: 20_000,
    }),
  });
  assert.equal(state.outcome, 'promoted');
  const second = createWorld(context);
  second.scripts.set('10+0', failsAtOnce);
  assert.equal(
    (
      await second.run({
        pipeline: pipelineOf({
          ...canaryStage,
          phases: [{ nodes: { share: 1 }, settleMs: 0, verify: false }],
          watchMs: 20_000,
        }),
      })
    ).outcome,
    'rolled-back',
  );
});

test('a failing deploy hook is retried, then the canary is rolled back', async context => {
  const world = createWorld(context);
  world.hookOutcomes.set(/deploy\/p2#/, {
    kind: 'failed',
    durationMs: 1,
    failure: { kind: 'hook-failed', message: 'deploy exited with 1' },
  });
  const state = await world.run();
  assert.equal(state.outcome, 'rolled-back');
  assert.equal(world.started.filter(key => key.includes('deploy/p2')).length, 2);
  assert.equal(world.nodes.get('p1'), oldRelease.id);
});

test('a rollback hook that fails for good: says exactly which node runs what', async context => {
  const world = createWorld(context);
  world.scripts.set('2+8', failsAtOnce);
  world.hookOutcomes.set(/rollback\/p2#/, {
    kind: 'failed',
    durationMs: 1,
    failure: { kind: 'hook-failed', message: 'ssh: no route' },
  });
  const state = await world.run();
  assert.equal(state.outcome, 'failed');
  assert.match(state.failure!.message, /Not all nodes are back on 1\.0: p2 runs 2\.0\./);
  assert.deepEqual(state.groups[0]![0]!.rollback!.nodesRun, { p1: oldRelease.id, p2: newRelease.id });
  assert.equal(world.started.filter(key => key.includes('rollback/p2')).length, 2, 'retried once');
});

test('a rollback whose nodes are still unhealthy is not called proven', async context => {
  const world = createWorld(context);
  world.scripts.set('2+8', failsAtOnce);
  world.scripts.set('proof', failsAtOnce);
  const state = await world.run();
  assert.equal(state.outcome, 'failed');
  assert.match(state.failure!.message, /verification still fails/);
});

test('cancelling a canary brings its nodes back; the rollback itself cannot be cancelled', async context => {
  const world = createWorld(context);
  world.when(
    event => event.type === 'looked',
    runId => world.instruct(runId, { type: 'cancel', by: maria }),
  );
  world.when(
    event => event.type === 'rollback-started',
    runId => world.instruct(runId, { type: 'cancel', by: maria }),
  );
  const state = await world.run();
  assert.equal(state.outcome, 'cancelled');
  assert.ok(tell(world.events()).includes('proven'));
  assert.ok([...world.nodes.values()].every(id => id === oldRelease.id));
});

test('a hanging deploy hook is ended by the stage time-out, and the canary rolled back', async context => {
  const world = createWorld(context);
  world.hookOutcomes.set(/deploy\/deploy\/p1#/, 'hang');
  const state = await world.run({ pipeline: pipelineOf({ ...canaryStage, timeoutMs: 120_000 }) });
  assert.equal(state.outcome, 'rolled-back');
  assert.match(
    world
      .events()
      .findLast(
        event => event.type === 'hook-finished' && event.key.includes('deploy/p1') && event.outcome.kind === 'failed',
      )!.type,
    /hook-finished/,
  );
});

test('a marker that cannot be placed is noted and stops nothing', async context => {
  const world = createWorld(context);
  const ports = {
    ...world.ports,
    markers: {
      place: () =>
        Promise.resolve({ ok: false as const, failure: { kind: 'unauthorized' as const, message: 'New Relic: 401' } }),
    },
  };
  Object.assign(world.ports, ports);
  const state = await world.run({ pipeline: pipelineOf(deployStage, canaryStage) });
  assert.equal(state.outcome, 'promoted');
  assert.deepEqual(
    state.notes.map(note => note.message),
    ['New Relic: 401'],
  );
});

test('a retried verification starts afresh, with a window of its own', async context => {
  const world = createWorld(context);
  world.scripts.set('2+8', { looks: ['inconclusive', 'inconclusive', 'pass'], overAt: 3 });
  world.when(
    event => event.type === 'looked',
    runId => world.instruct(runId, { type: 'retry-verification', by: jonas }),
  );
  const state = await world.run();
  assert.equal(state.outcome, 'promoted');
  assert.deepEqual(
    world
      .events()
      .flatMap(event => (event.type === 'verification-started' && event.purpose !== 'start-up' ? [event.key] : [])),
    ['Production/1', 'Production/1/again-1', 'Production/2/meanwhile', 'Production/2'],
  );
});
