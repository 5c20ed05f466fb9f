// What is recorded as working is what the check hook says, where there is one; and a rollback claims no health that
// nobody measured.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createEngine } from '../../../src/engine.ts';
import { reduceRun } from '../../../src/model/runs/reduceRun.ts';
import { stagesOf } from '../../../src/model/runs/runState.ts';
import { actionSentence } from '../../../src/protocol/words/verdictSentence.ts';
import { createWorld, failsAtOnce, maria, type World } from './worldFixture.ts';
import { canaryStage, newRelease, oldRelease, pipelineOf } from './worldPipeline.ts';

const request = {
  pipeline: pipelineOf({ ...canaryStage, verification: { ...canaryStage.verification, sources: [] } }),
  environment: 'production',
  version: '2.0',
  by: maria,
} as const;

function analysing(world: World): Parameters<typeof createEngine>[0] {
  const session = { learn: () => Promise.resolve({ ok: true, value: {} }), close: () => undefined };
  return {
    ...world.ports,
    analysis: { ...world.ports.analysis, open: () => Promise.resolve({ ok: true, value: session as never }) },
  };
}

test('a version that the check hook does not find is not recorded, unless a person insists', async context => {
  const world = createWorld(context);
  const engine = createEngine(analysing(world));
  const refused = await world.clock.drive(engine.adopt(request));
  assert.ok(!refused.ok);
  assert.match(refused.failure.message, /Nothing was recorded: production does not run 2\.0, says hook check/);
  assert.equal(world.history.ledger('shop', 'production').at(-1)?.release, oldRelease.id);
  assert.ok((await world.clock.drive(engine.adopt({ ...request, unchecked: true }))).ok);
  assert.equal(world.history.ledger('shop', 'production').at(-1)?.release, newRelease.id);
});

test('a version that the check hook finds on every node is recorded', async context => {
  const world = createWorld(context);
  for (const node of world.nodes.keys()) world.nodes.set(node, newRelease.id);
  assert.ok((await world.clock.drive(createEngine(analysing(world)).adopt(request))).ok);
  assert.equal(world.history.ledger('shop', 'production').at(-1)?.release, newRelease.id);
});

const told = async (
  context: Parameters<typeof createWorld>[0],
  more: Partial<typeof canaryStage>,
): Promise<{ world: World; action: string }> => {
  const world = createWorld(context);
  const stage = { ...canaryStage, ...more };
  if (stage.verification.sources.length) world.scripts.set('2+8', failsAtOnce);
  else
    world.hookOutcomes.set(/Production\/1\/deploy.*p1/, {
      kind: 'failed',
      durationMs: 1,
      failure: { kind: 'hook-failed', message: 'No.' },
    });
  await world.run({ pipeline: pipelineOf(stage) });
  return { world, action: actionSentence(reduceRun('run-1', world.events())!) };
};

test('without a source no health is claimed and none is waited for; the check hook is named', async context => {
  const { world, action } = await told(context, { verification: { ...canaryStage.verification, sources: [] } });
  assert.match(action, /check hook confirmed 2 of 2; health not measured: no source\. No action needed\.$/);
  const events = world.events();
  const back = events.find(event => event.type === 'rollback-finished')!.at;
  assert.ok(events.at(-1)!.at - back < 5_000, 'nothing is waited for');
});

test('without a check hook only the word of the rollback hook is claimed', async context => {
  const { check: _none, ...unchecked } = canaryStage;
  const world = createWorld(context);
  world.scripts.set('2+8', failsAtOnce);
  await world.run({
    pipeline: pipelineOf({ ...unchecked, verification: { ...canaryStage.verification, proofMs: 0 } }),
  });
  assert.match(actionSentence(reduceRun('run-1', world.events())!), /according to the rollback hook\./);
});

test('a health that could not be measured is said to be so, a measured one is verified', async context => {
  const world = createWorld(context);
  world.scripts.set('2+8', failsAtOnce);
  world.scripts.set('proof', { looks: ['inconclusive'], overAt: 1 });
  await world.run();
  assert.match(
    actionSentence(reduceRun('run-1', world.events())!),
    /check hook confirmed 2 of 2; health could not be measured\./,
  );
  const { action } = await told(context, {});
  assert.match(action, /verified healthy after/);
});

test('what the check hook found after a failed rollback hook is in the ledger, node by node', async context => {
  const world = createWorld(context);
  world.scripts.set('2+8', failsAtOnce);
  const pipeline = pipelineOf(canaryStage);
  const together = {
    ...pipeline,
    hooks: { ...pipeline.hooks, rollback: { ...pipeline.hooks['rollback']!, nodes: 'together' as const } },
  };
  world.hookOutcomes.set(/rollback\/rollback/, {
    kind: 'failed',
    durationMs: 1,
    failure: { kind: 'hook-failed', message: 'p2 is down.' },
  });
  world.when(
    event => event.type === 'rollback-finished',
    () => world.nodes.set('p1', oldRelease.id),
  );
  const state = await world.run({ pipeline: together });
  const runs = new Map(world.history.nodes('shop', 'production').map(({ node, release }) => [node, release]));
  assert.deepEqual([runs.get('p1'), runs.get('p2')], [oldRelease.id, newRelease.id]);
  assert.ok(stagesOf(state)[0]?.rollback?.failure);
});

test('a node whose server could not be reached was not changed, and is not said to be', () => {
  const { failure } = { failure: { kind: 'unreachable', message: 'Jenkins is away.' } as const };
  const call = {
    key: 'k',
    hook: 'deploy',
    purpose: 'step',
    stage: 'Test',
    environment: 'test',
    nodes: ['t-1'],
    phase: 0,
    attempt: 1,
    release: 'r',
    version: '2.0',
    configurationDigest: 'd',
  } as const;
  const started = {
    type: 'run-started',
    pipeline: 'shop',
    file: 'f',
    service: 'shop',
    by: maria,
    artifact: { version: '2.0' },
    inputs: {},
    release: newRelease,
    stages: [['Test']],
  } as const;
  const bodies = (kind: 'unreachable' | 'hook-failed') =>
    [
      started,
      { type: 'stage-started', stage: 'Test', environment: 'test' },
      { type: 'nodes-changed', environment: 'test', nodes: ['t-1'], release: null },
      { type: 'hook-intended', call },
      { type: 'hook-finished', key: 'k', outcome: { kind: 'failed', durationMs: 1, failure: { ...failure, kind } } },
      { type: 'stage-finished', stage: 'Test', outcome: 'failed' },
      { type: 'run-finished', outcome: 'failed' },
    ] as const;
  const sentence = (kind: 'unreachable' | 'hook-failed'): string =>
    actionSentence(
      reduceRun(
        'r',
        bodies(kind).map((body, index) => ({ ...body, seq: index + 1, at: index })),
      )!,
    );
  assert.equal(sentence('unreachable'), 'No later stage ran.');
  assert.equal(sentence('hook-failed'), 'Action needed: the release on t-1 is unknown.');
});
