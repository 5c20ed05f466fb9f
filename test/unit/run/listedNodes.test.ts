// Nodes that a command lists: asked at each phase, journalled, told apart by their version, and brought back as they
// are at that moment.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { TestContext } from 'node:test';
import { createEngine } from '../../../src/engine.ts';
import { succeed } from '../../../src/model/failure.ts';
import type { Ports } from '../../../src/model/ports.ts';
import { createPodFleet, podPipeline } from './canary/podFleet.ts';
import { tell } from './runLines.ts';
import { createWorld, failsAtOnce } from './worldFixture.ts';
import { canaryStage, deployStage, newRelease, oldRelease, pipelineOf } from './worldPipeline.ts';

function createPods(context: TestContext, hidden = false) {
  const world = createWorld(context);
  const fleet = createPodFleet(world, { hidden });
  const run = (more: Parameters<typeof world.run>[0] = {}) =>
    world.run({ pipeline: podPipeline(canaryStage), ports: fleet.ports, ...more });
  return { world, fleet, run };
}

test('pods with new names are the canary by their version, and all of them are promoted', async context => {
  const { world, fleet, run } = createPods(context);
  const state = await run();
  assert.equal(state.outcome, 'promoted', state.failure?.message);
  const [first, second] = world.told;
  assert.deepEqual(first?.canaryNodes, ['shop-6']);
  assert.deepEqual(first?.baselineNodes, ['shop-2', 'shop-3', 'shop-4', 'shop-5']);
  assert.deepEqual([...(second?.canaryNodes ?? [])], ['shop-6', 'shop-7', 'shop-8', 'shop-9', 'shop-10']);
  assert.deepEqual(second?.baselineNodes, []);
  assert.deepEqual(fleet.calls.at(-1), { purpose: 'check', nodes: ['shop-7', 'shop-8', 'shop-9', 'shop-10'] });
  const known = world.history.nodes('shop', 'production');
  assert.deepEqual(known.map(({ node }) => node).sort(), fleet.pods.map(({ name }) => name).sort());
  assert.ok(known.every(({ release }) => release === newRelease.id));
});

test('a bad release goes back on the pods that there are, and is proven on the names that came', async context => {
  const { world, fleet, run } = createPods(context);
  world.scripts.set('1+4', failsAtOnce);
  // One of the canary is replaced while it is judged, and the environment is scaled.
  world.when(
    event => event.type === 'looked',
    () => {
      fleet.pods = fleet.pods.filter(({ name }) => name !== 'shop-6');
      fleet.add('2.0', 2);
      fleet.add('1.0', 1);
    },
  );
  const state = await run();
  assert.equal(state.outcome, 'rolled-back', state.failure?.message);
  assert.ok(tell(world.events()).includes('rollback 2.0 -> 1.0 on shop-7 shop-8'));
  assert.deepEqual(
    fleet.calls.filter(({ purpose }) => purpose === 'rollback'),
    [{ purpose: 'rollback', nodes: ['shop-7', 'shop-8'] }],
  );
  const known = world.history.nodes('shop', 'production');
  assert.ok(known.length === fleet.pods.length && known.every(({ release }) => release === oldRelease.id));
});

test('nodes without a version are told apart by their names, and new ones are on no side', async context => {
  const { world, fleet, run } = createPods(context, true);
  fleet.answer = question => ['a', 'b', 'c', 'd', 'e', ...(question > 1 ? ['f'] : [])].map(name => ({ name }));
  const pipeline = podPipeline({ ...canaryStage, check: undefined! });
  await run({ pipeline });
  assert.deepEqual(world.told[0]?.canaryNodes, ['a']);
  assert.deepEqual(world.told[0]?.baselineNodes, ['b', 'c', 'd', 'e']);
  assert.deepEqual(world.told[1]?.canaryNodes, ['a', 'b', 'c', 'd', 'e', 'f']);
});

const troubles = [
  { name: 'the command fails', answer: () => 'It cannot.', message: /Nothing was deployed. It cannot./ },
  {
    name: 'it fails in the second phase',
    answer: (question: number) => (question > 2 && question < 6 ? 'It cannot.' : undefined),
    message: /It cannot./,
  },
  {
    name: 'no node runs the new version',
    answer: () => [
      { name: 'a', version: '1.0' },
      { name: 'b', version: '1.0' },
    ],
    message: /No node of production runs 2.0 after it was deployed there/,
  },
];
for (const { name, answer, message } of troubles)
  test(`the run stops with one message where ${name}`, async context => {
    const { world, fleet, run } = createPods(context);
    fleet.answer = answer;
    const state = await run();
    const told = world.events().flatMap(event => ('failure' in event && event.failure ? [event.failure.message] : []));
    assert.match(told[0] ?? '', message);
    assert.notEqual(state.outcome, 'promoted');
    assert.ok(tell(world.events()).every(line => line !== 'decided promote by policy' || name.includes('second')));
  });

test('a command that lists nobody any more does not keep the canary from going back', async context => {
  const { world, fleet, run } = createPods(context);
  world.scripts.set('1+4', failsAtOnce);
  fleet.answer = question => (question > 2 ? 'It cannot.' : undefined);
  await run();
  assert.deepEqual(
    fleet.calls.filter(({ purpose }) => purpose === 'rollback'),
    [{ purpose: 'rollback', nodes: ['shop-6'] }],
  );
  assert.ok(
    world.events().some(event => event.type === 'noted' && /nodes that were known before/.test(event.failure.message)),
  );
});

for (const crashAfter of [4, 6, 8, 10, 12, 14, 17])
  test(`killed after event ${crashAfter}, a run goes by what was listed, and deploys once`, async context => {
    const { world, fleet, run } = createPods(context);
    await run({ runId: 'run-1', crashAfter }).catch(() => undefined);
    assert.ok(world.events().every(event => event.type !== 'run-finished'));
    const state = await run({ runId: 'run-1', resumed: true });
    assert.equal(state.outcome, 'promoted', state.failure?.message);
    const keys = world.events().flatMap(event => (event.type === 'nodes-listed' ? [event.key] : []));
    assert.equal(new Set(keys).size, keys.length);
    const deployed = fleet.calls.filter(({ purpose }) => purpose === 'deploy').map(({ nodes }) => nodes.length);
    assert.deepEqual(deployed, [1, 4]);
  });

test('a deploy stage deploys to the nodes of the moment and knows those that it left', async context => {
  const { world, fleet, run } = createPods(context);
  const stage = { ...deployStage, environment: 'production', steps: ['deploy'], check: undefined! };
  const state = await run({ pipeline: podPipeline(stage) });
  assert.equal(state.outcome, 'promoted', state.failure?.message);
  assert.equal(fleet.calls[0]?.nodes.length, 5);
  assert.deepEqual(
    world.history
      .nodes('shop', 'production')
      .map(({ node }) => node)
      .sort(),
    fleet.pods.map(({ name }) => name).sort(),
  );
});

test('a pod whose version somebody changed by hand is no baseline', async context => {
  const { world, fleet, run } = createPods(context);
  fleet.pods = fleet.pods.map(pod => (pod.name === 'shop-4' ? { ...pod, version: '1.0-hotfix' } : pod));
  await run();
  assert.deepEqual(world.told[0]?.baselineNodes, ['shop-2', 'shop-3', 'shop-5']);
  const notes = world.events().flatMap(event => (event.type === 'noted' ? [event.failure.message] : []));
  assert.deepEqual(notes, [
    'shop-4 (1.0-hotfix) runs not 1.0, the last working release: it is not part of the baseline.',
  ]);
});

test('the check hook finds a node that was changed by hand, once, and nothing is compared with it', async context => {
  const world = createWorld(context);
  world.nodes.set('p7', 'by hand');
  const stage = { ...canaryStage, checksBefore: true as const };
  const state = await world.run({ pipeline: pipelineOf(stage) });
  assert.equal(state.outcome, 'promoted', state.failure?.message);
  assert.deepEqual(world.told[0]?.baselineNodes, ['p3', 'p4', 'p5', 'p6', 'p8', 'p9', 'p10']);
  const asked = world.started.filter(key => key.startsWith('Production/before/'));
  assert.equal(asked.length, 11, 'one for each node, and a second attempt for the one that failed');
});

test('where no node runs the last working release, nothing is deployed', async context => {
  const world = createWorld(context);
  for (const node of world.nodes.keys()) world.nodes.set(node, 'by hand');
  const state = await world.run({ pipeline: pipelineOf({ ...canaryStage, checksBefore: true }) });
  assert.match(
    state.failure?.message ?? '',
    /^Nothing was deployed. No node of production runs 1.0, its last working release, says hook check/,
  );
  assert.ok(world.started.every(key => !key.includes('/deploy/')));
});

test('weights of the nodes say how much of the traffic each side receives', async context => {
  const traffic = async (weightOf: (version: string) => number | undefined) => {
    const { world, fleet, run } = createPods(context);
    const list: Ports['nodeLists']['list'] = async (...asked) => {
      const listed = await fleet.ports.nodeLists.list(...asked);
      if (!listed.ok) return listed;
      return succeed(
        listed.value.map(node => {
          const weight = weightOf(node.version ?? '');
          return { ...node, ...(weight !== undefined && { weight }) };
        }),
      );
    };
    await run({ ports: { ...fleet.ports, nodeLists: { list } } });
    return [world.told[0]?.trafficWeight, world.told[0]?.measuresTraffic];
  };
  const { version } = newRelease.artifact;
  assert.deepEqual(await traffic(one => (one === version ? 20 : 80)), [0.25, true]);
  assert.deepEqual(await traffic(one => (one === version ? undefined : 80)), [1, true], 'an unknown unit');
});

test('weights in the file count where they are unequal', async context => {
  const traffic = async (weights: Readonly<Record<string, number>>) => {
    const world = createWorld(context);
    const pipeline = pipelineOf(canaryStage);
    const production = { ...pipeline.environments['production']!, weights };
    await world.run({ pipeline: { ...pipeline, environments: { ...pipeline.environments, production } } });
    return [world.told[0]?.trafficWeight, world.told[0]?.measuresTraffic];
  };
  const { nodes } = pipelineOf(canaryStage).environments['production']!;
  const all = (of: number) => Object.fromEntries(nodes.map(node => [node, of]));
  assert.deepEqual(await traffic({ ...all(1), [nodes[0]!]: 3 }), [2, true]);
  assert.deepEqual(await traffic(all(5)), [1, undefined]);
  assert.deepEqual(
    await traffic({ ...all(1), [nodes[0]!]: 0, [nodes[1]!]: 0 }),
    [1, undefined],
    'a canary without traffic',
  );
});

test('what would be compared, before a run, is told of the nodes that there are', async context => {
  const { world, fleet } = createPods(context);
  const comparisons = () => createEngine(fleet.ports).comparisons(podPipeline(canaryStage));
  assert.deepEqual(
    (await comparisons()).map(({ canaryNodes, baselineNodes }) => [canaryNodes.length, baselineNodes.length]),
    [
      [1, 4],
      [5, 0],
    ],
  );
  fleet.answer = () => 'It cannot.';
  assert.deepEqual(await world.clock.drive(comparisons()), []);
});
