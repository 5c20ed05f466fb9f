// A run in the environment that its inputs choose: nodes, ledger, lock and dry run are of that one, a resumed run keeps
// it, and a rollback finds the way.
import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { createEngine } from '../../../src/engine.ts';
import { succeed } from '../../../src/model/failure.ts';
import type { Pipeline } from '../../../src/model/pipeline.ts';
import { parsePipeline } from '../../../src/definition/parsePipeline.ts';
import { readBeginning } from '../../../src/run/ownership/resume.ts';
import { createWorld, maria } from './worldFixture.ts';
import { oldRelease } from './worldPipeline.ts';

const file = `version: 1
service: shop
id: git.example/shop
inputs:
  region: { type: choice, values: [eu, us] }
environments:
  production-eu: { nodes: [eu-1, eu-2] }
  production-us: { nodes: { command: [./nodes.sh] } }
hooks:
  deploy: { command: [./deploy.sh] }
  check: { command: [./check.sh] }
stages:
  - stage: Production
    environment: production-\${inputs.region}
    steps: [deploy]
    rollback: deploy
    check: check
`;

function open(context: TestContext) {
  const world = createWorld(context);
  const asked: string[] = [],
    checked: string[][] = [];
  const engine = createEngine({
    ...world.ports,
    nodeLists: {
      list: ({ environment }) => {
        asked.push(environment);
        return Promise.resolve(succeed([{ name: 'us-1' }, { name: 'us-2' }]));
      },
    },
    sourceChecks: {
      check: ({ pipeline }) => {
        checked.push(Object.keys(pipeline.environments));
        return Promise.resolve([]);
      },
    },
  });
  const { pipeline, problems } = engine.parse(file, 'shop.yaml');
  assert.ok(pipeline, JSON.stringify(problems));
  const start = async (region: string, more: object = {}) => {
    const request = { pipeline, inputs: { region }, version: '2.0', by: maria, ...more };
    const started = await world.clock.drive(engine.start(request));
    if (!started.ok) return { failure: started.failure };
    return { runId: started.value.runId, state: await world.clock.drive(started.value.done) };
  };
  return { world, engine, pipeline, start, asked, checked };
}

test('a run asks for, checks, deploys to and records the chosen environment alone', async context => {
  const { world, engine, pipeline, start, asked, checked } = open(context);
  const { runId, state } = await start('eu');
  assert.equal(state?.outcome, 'promoted', state?.failure?.message);
  assert.deepEqual([asked, checked], [[], [['production-eu']]]);
  assert.deepEqual(
    [...world.nodes.keys()].filter(node => /^(?:eu|us)-/.test(node)),
    ['eu-1', 'eu-2'],
  );
  assert.deepEqual(
    ['production-eu', 'production-us'].map(name => engine.history.ledger(pipeline.identity!, name).length > 0),
    [true, false],
  );
  const events = world.history.events(runId!);
  const began = events.find(event => event.type === 'run-started');
  assert.deepEqual(began?.inputs, { region: 'eu' });
  assert.deepEqual(Object.keys(began?.fixed?.environments ?? {}), ['production-eu']);
  assert.ok(events.every(event => !JSON.stringify(event).includes('production-us')));
});

test('a dry run shows the hooks with the nodes of the chosen environment', async context => {
  const { engine, pipeline } = open(context);
  const dry = await engine.dryRun({ pipeline, inputs: { region: 'us' }, version: '2.0', by: maria });
  assert.ok(dry.ok);
  const [stage] = dry.value.groups.flat();
  assert.equal(stage?.environment, 'production-us');
  const [deploy] = stage.steps;
  assert.ok(deploy?.kind === 'hook');
  assert.deepEqual(deploy.nodes, ['us-1', 'us-2']);
  assert.equal(deploy.variables['BACKSTOP_ENVIRONMENT'], 'production-us');
});

test('a resumed run keeps its environment, and only what was written differently is a difference', async context => {
  const { world, pipeline, start } = open(context);
  const { runId } = await start('eu');
  const events = world.history.events(runId!);
  const began = (today: Pipeline) => {
    const read = readBeginning(events, today);
    assert.ok(read.ok);
    return [read.value.pipeline.stages.flat().map(stage => 'environment' in stage && stage.environment), read.value];
  };
  const [environments, same] = began(pipeline);
  assert.deepEqual(environments, ['production-eu']);
  assert.equal('difference' in same!, false);
  const moved = parsePipeline(file.replace('production-${inputs.region}', 'production-us'), 'shop.yaml').pipeline!;
  const [, other] = began(moved);
  assert.ok('difference' in other!);
});

test('a rollback by hand and the checks without a run find the stage that can deploy there', async context => {
  const { world, engine, pipeline, start, checked } = open(context);
  const before = {
    service: pipeline.identity!,
    release: oldRelease.id,
    standing: 'verified' as const,
    runId: 'before',
  };
  world.history.record({ ...before, environment: 'production-us', at: 1 });
  assert.equal((await start('us')).state?.outcome, 'promoted');
  const begun = await world.clock.drive(engine.rollBack({ pipeline, environment: 'production-us', by: maria }));
  assert.ok(begun.ok, JSON.stringify(begun));
  assert.equal((await world.clock.drive(begun.value.done)).outcome, 'rolled-back');
  assert.equal(world.nodes.get('us-1'), oldRelease.id);
  await engine.checkSources(pipeline, () => undefined, new AbortController().signal);
  assert.deepEqual(checked.at(-1), ['production-eu', 'production-us']);
  assert.deepEqual(
    engine.layOut(pipeline).groups[0]!.map(({ stage, nodes }) => [stage.name, nodes]),
    [
      ['Production (production-eu)', ['eu-1', 'eu-2']],
      ['Production (production-us)', []],
    ],
  );
});

test('a run cannot be repeated from a stage with an input that moves it elsewhere', async context => {
  const { world, start } = open(context);
  world.hookOutcomes.set(/./, {
    kind: 'failed',
    durationMs: 1,
    failure: { kind: 'hook-failed', message: 'It fails.' },
  });
  const { runId } = await start('eu');
  world.hookOutcomes.clear();
  const from = { runId: runId!, stage: 'Production' };
  const { failure } = await start('us', { from });
  assert.equal(
    failure?.message,
    "The earlier run deployed 'Production' to production-eu, and with these inputs it would be production-us.",
  );
  assert.equal((await start('eu', { from })).state?.outcome, 'promoted');
});
