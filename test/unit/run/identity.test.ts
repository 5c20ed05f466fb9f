// What is deployed is known by service and repository: two repositories with a service of one name share nothing.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createEngine } from '../../../src/engine.ts';
import type { Engine } from '../../../src/model/runs/engine.ts';
import type { Pipeline } from '../../../src/model/pipeline.ts';
import type { RunState } from '../../../src/model/runs/runState.ts';
import { createWorld, maria, type World } from './worldFixture.ts';
import { canaryStage, newRelease, pipelineOf } from './worldPipeline.ts';

const plain = { ...canaryStage, phases: [{ nodes: { share: 1 }, settleMs: 1_000, verify: false as const }] };

function engineIn(world: World, name: string, folder = `/work/${name}`): Engine {
  return createEngine({ ...world.ports, repository: () => ({ name, folder }) });
}

function pipelineWith(nodes: readonly string[], more: Partial<Pipeline> = {}): Pipeline {
  const pipeline = pipelineOf(plain);
  const production = { ...pipeline.environments['production']!, nodes };
  return { ...pipeline, environments: { production }, ...more };
}

async function deploy(world: World, engine: Engine, pipeline: Pipeline, version: string): Promise<RunState> {
  const started = await engine.start({ pipeline, inputs: {}, version, by: maria });
  assert.ok(started.ok, started.ok ? '' : started.failure.message);
  return world.clock.drive(started.value.done);
}

async function refusal(engine: Engine, pipeline: Pipeline): Promise<string> {
  const started = await engine.start({ pipeline, inputs: {}, version: '9.0', by: maria });
  return started.ok ? 'started' : `${started.failure.message} | ${started.failure.hint ?? ''}`;
}

test('a second repository neither sees nor brings back the releases of the first', async context => {
  const world = createWorld(context);
  const first = engineIn(world, 'git.example/a'),
    second = engineIn(world, 'git.example/b');
  const own = pipelineWith(['x1', 'x2'], { service: 'cart' }),
    other = pipelineWith(['y1', 'y2'], { service: 'cart' });
  assert.equal((await deploy(world, first, own, '2.0')).outcome, 'promoted');
  const dry = await second.dryRun({ pipeline: other, inputs: {}, version: '3.0', by: maria });
  assert.ok(dry.ok);
  assert.equal(JSON.stringify(dry.value).includes('2.0'), false, 'the plan names no version of the other');
  const back = await second.rollBack({ pipeline: other, environment: 'production', to: '2.0', by: maria });
  assert.ok(!back.ok);
  assert.match(back.failure.message, /No release of cart is called '2.0'/);
  const state = await deploy(world, second, other, '3.0');
  assert.deepEqual([state.service, state.identity], ['cart', 'cart@git.example/b']);
  const { history } = world;
  assert.deepEqual(
    ['cart', 'cart@git.example/a', 'cart@git.example/b'].map(one => [
      history.ledger(one, 'production').length > 0,
      history.nodes(one, 'production').map(({ node }) => node),
      history.runs({ limit: 9, service: one }).map(run => [run.service, run.version]),
    ]),
    [
      [false, [], []],
      [true, ['x1', 'x2'], [['cart', '2.0']]],
      [true, ['y1', 'y2'], [['cart', '3.0']]],
    ],
  );
  assert.notEqual(history.releases('cart@git.example/a')[0]?.id, history.releases('cart@git.example/b')[0]?.id);
});

test('their runs do not wait for each other, and each has its own lease', async context => {
  const world = createWorld(context);
  const runs = await Promise.all(
    ['a', 'b'].map(name =>
      engineIn(world, `git.example/${name}`).start({
        pipeline: pipelineWith([`${name}1`, `${name}2`], { service: 'cart' }),
        inputs: {},
        version: '2.0',
        by: maria,
      }),
    ),
  );
  const states = await world.clock.drive(
    Promise.all(runs.map(run => (run.ok ? run.value.done : Promise.reject(new Error(run.failure.message))))),
  );
  assert.deepEqual(
    states.map(({ outcome }) => outcome),
    ['promoted', 'promoted'],
  );
  const waited = ['run-1', 'run-2']
    .flatMap(id => world.events(id))
    .filter(({ type }) => type === 'environment-waited-for');
  assert.deepEqual(waited, []);
});

test('nodes of another repository are refused by name, and the same `id` makes two repositories one', async context => {
  const world = createWorld(context);
  await deploy(world, engineIn(world, 'git.example/a'), pipelineWith(['x1', 'x2'], { service: 'cart' }), '2.0');
  const second = engineIn(world, 'git.example/b');
  const shared = pipelineWith(['x2', 'x3'], { service: 'cart' });
  assert.match(
    await refusal(second, shared),
    /^Nothing was changed: x2 in production is deployed by git\.example\/a, as its own service cart.* `id: git\.example\/a`/,
  );
  assert.match(await refusal(second, shared), /--take-over/);
  const adopted = await world.clock.drive(
    second.adopt({ pipeline: shared, environment: 'production', version: '2.0', by: maria, unchecked: true }),
  );
  assert.ok(!adopted.ok && adopted.failure.kind === 'refused');
  assert.equal(world.history.runs({ limit: 9 }).length, 1, 'no run was made');
  const state = await deploy(world, second, { ...shared, repository: 'git.example/a' }, '3.0');
  assert.equal(state.identity, 'cart@git.example/a');
  const another = await deploy(world, second, pipelineWith(['x1'], { service: 'other' }), '9.0');
  assert.equal(another.outcome, 'promoted', 'another service may have the same nodes');
});

test('the dry run warns of nodes that others deploy to, and claims none', async context => {
  const world = createWorld(context);
  await deploy(world, engineIn(world, 'git.example/a'), pipelineWith(['x1', 'x2'], { service: 'cart' }), '2.0');
  await deploy(world, engineIn(world, 'git.example/c'), pipelineWith(['x2', 'x3'], { service: 'search' }), '1.4');
  const second = engineIn(world, 'git.example/b');
  const warningsFor = async (nodes: readonly string[], repository?: string): Promise<readonly string[]> => {
    const pipeline = pipelineWith(nodes, { service: 'cart', ...(repository && { repository }) });
    const dry = await second.dryRun({ pipeline, inputs: {}, version: '3.0', by: maria });
    assert.ok(dry.ok);
    return dry.value.groups.flatMap(group =>
      group.flatMap(stage => stage.warnings.filter(one => /deployed/.test(one))),
    );
  };
  const shared = 'x2 in production is deployed to by the service search as well (git.example/c).';
  assert.deepEqual(await warningsFor(['x1', 'x2', 'y1']), [
    'A run would be refused: x1, x2 in production are deployed by git.example/a, as its own service cart.',
    shared,
  ]);
  assert.deepEqual(await warningsFor(['x2', 'y1'], 'git.example/a'), [shared], 'the same `id` makes them one');
  assert.deepEqual(await warningsFor(['y1', 'y2']), []);
  const owner = await deploy(world, engineIn(world, 'git.example/d'), pipelineWith(['y1'], { service: 'cart' }), '5.0');
  assert.equal(owner.outcome, 'promoted', 'what was only planned is free');
});

test('nodes that the other repository gave up are free', async context => {
  const world = createWorld(context);
  const first = engineIn(world, 'git.example/a');
  await deploy(world, first, pipelineWith(['x1', 'x2'], { service: 'cart' }), '2.0');
  await deploy(world, first, pipelineWith(['x1'], { service: 'cart' }), '2.1');
  const state = await deploy(world, engineIn(world, 'git.example/b'), pipelineWith(['x2'], { service: 'cart' }), '3.0');
  assert.equal(state.outcome, 'promoted');
});

test('the repository that replaces another takes its releases over', async context => {
  const world = createWorld(context);
  const pipeline = pipelineWith(['x1', 'x2'], { service: 'cart' });
  await deploy(world, engineIn(world, 'git.example/old'), pipeline, '2.0');
  const moved = engineIn(world, 'git.example/new');
  const taken = await moved.takeOver(pipeline);
  assert.deepEqual(taken, { ok: true, value: { identity: 'cart@git.example/old' } });
  assert.equal((await deploy(world, moved, pipeline, '3.0')).identity, 'cart@git.example/old');
  assert.equal((await moved.takeOver(pipeline)).ok, false, 'there is nothing more to take over');
});

test('a folder that gets a remote stays what it was', async context => {
  const world = createWorld(context);
  const pipeline = pipelineWith(['x1', 'x2'], { service: 'cart' });
  await deploy(world, engineIn(world, '/work/cart', '/work/cart'), pipeline, '2.0');
  const state = await deploy(world, engineIn(world, 'git.example/cart', '/work/cart'), pipeline, '3.0');
  assert.equal(state.identity, 'cart@/work/cart');
});

test('the bare name of an older Backstop goes to the first repository that deploys from its file', async context => {
  const world = createWorld(context);
  const { history } = world;
  const pipeline = pipelineWith(['p1', 'p2']);
  // Runs of an older Backstop.
  await world.run({ pipeline: { ...pipeline, file: 'shop.yaml' }, runId: 'before' });
  const stranger = engineIn(world, 'git.example/stranger');
  assert.match(
    await refusal(stranger, { ...pipeline, file: 'other.yaml' }),
    /p1, p2 in production are deployed by another repository or pipeline file.*--take-over/,
  );
  const first = engineIn(world, 'git.example/shop');
  const dry = await first.dryRun({ pipeline, inputs: {}, version: '3.0', by: maria });
  assert.ok(dry.ok && JSON.stringify(dry.value).includes('"1.0"'), 'it sees what it would claim');
  assert.equal((await deploy(world, first, pipeline, '3.0')).identity, undefined, 'it goes on under the bare name');
  assert.match(await refusal(stranger, pipeline), /are deployed by another repository or pipeline file/);
  const elsewhere = await deploy(world, stranger, pipelineWith(['q1']), '4.0');
  assert.equal(elsewhere.identity, 'shop@git.example/stranger');
  assert.equal(history.ledger('shop', 'production').at(-1)?.standing, 'unverified');
});

test('a run is not resumed from another repository', async context => {
  const world = createWorld(context);
  const pipeline = pipelineWith(['x1', 'x2'], { service: 'cart' });
  const started = await engineIn(world, 'git.example/a').start({ pipeline, inputs: {}, version: '2.0', by: maria });
  assert.ok(started.ok);
  const resumed = await engineIn(world, 'git.example/b').resume(started.value.runId, pipeline, maria);
  assert.ok(!resumed.ok);
  assert.match(resumed.failure.message, /Run #1 is of another repository: git\.example\/a\./);
  await world.clock.drive(started.value.done);
  assert.equal(newRelease.service, 'shop');
});
