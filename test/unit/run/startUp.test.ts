// Everything that the canary writes since its first node received the release is evidence.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ClusterReport, LogsCheck } from '../../../src/model/evidence/verdict.ts';
import { reduceRun } from '../../../src/model/runs/reduceRun.ts';
import { actionSentence } from '../../../src/protocol/words/verdictSentence.ts';
import { tell } from './runLines.ts';
import { createWorld, maria, type Script, type World } from './worldFixture.ts';
import { canaryStage, oldRelease, pipelineOf } from './worldPipeline.ts';

/** What the comparison says of a start with these new events. */
function finds(more: Partial<ClusterReport>, startUps = 0): Script {
  const cluster = { key: 'k', class: 'unknown', severity: 'error', nodes: { p1: 9 }, canaryCount: 9, evidence: 1e6 };
  const check = {
    kind: 'logs',
    source: 'quality',
    name: 'quality',
    outcome: 'fail',
    reasons: [],
    clusters: [{ ...cluster, samples: { canary: [], baseline: [] }, ...more }],
    hiddenClusters: 0,
    canaryLines: 9,
    baselineLines: 9,
    learnedDeployments: startUps,
    evidence: 1,
    threshold: 20,
  } as unknown as LogsCheck;
  return { looks: ['fail'], overAt: 1, checks: [check] };
}
const crashLoop = finds({ severity: 'fatal' }, 3);
const allOld = (world: World): boolean => [...world.nodes.values()].every(id => id === oldRelease.id);

test('the evidence of a start begins before its first hook, and ends where the verification begins', async context => {
  const world = createWorld(context);
  assert.equal((await world.run()).outcome, 'promoted');
  const hooks = world.events().filter(event => event.type === 'hook-intended' && event.call.purpose === 'deploy');
  const firstOf = (phase: number): number =>
    Math.min(
      ...hooks.flatMap(event => (event.type === 'hook-intended' && event.call.phase === phase ? [event.at] : [])),
    );
  assert.deepEqual(
    world.startUps.map(one => [one.canaryNodes.length, one.canarySinceMs <= firstOf(world.startUps.indexOf(one) + 1)]),
    [
      [2, true],
      [8, true],
    ],
    'the new nodes of each phase',
  );
  assert.deepEqual(
    world.startUps.map(one => one.sources.map(({ kind }) => kind)),
    [['logs'], ['logs']],
  );
});

test('a crash loop at the start stops the upgrade and brings the nodes back', async context => {
  const world = createWorld(context);
  world.hookOutcomes.set(/Production\/1\/deploy/, 60_000);
  world.scripts.set('start-up 2+8', crashLoop);
  const state = await world.run();
  assert.equal(state.outcome, 'rolled-back');
  assert.ok(allOld(world));
  assert.equal(world.told.filter(({ durationMs }) => durationMs === 10_000).length, 0, 'before its verification');
  const decided = world.events().find(event => event.type === 'decided');
  assert.equal(decided?.type === 'decided' && decided.reasons[0]?.code, 'start-up-errors');
  assert.match(state.failure?.message ?? '', /failed its verification while its nodes were upgraded and started/);
});

test('one that shows in the settle time, or only in the verification, rolls back too', async context => {
  for (const looks of [2, 4]) {
    const world = createWorld(context);
    world.scripts.set('start-up 8+0', { ...crashLoop, looks: [...Array<'pass'>(looks).fill('pass'), 'fail'] });
    const state = await world.run();
    assert.equal(state.outcome, 'rolled-back', `after ${looks} looks`);
    assert.ok(allOld(world));
  }
});

test('new errors at a first start hold for a person, who may promote', async context => {
  const world = createWorld(context);
  world.scripts.set('start-up 2+8', finds({}));
  world.when(
    event => event.type === 'asked',
    runId => world.instruct(runId, { type: 'promote', by: maria }),
  );
  const state = await world.run();
  assert.equal(state.outcome, 'promoted');
  const lines = tell(world.events());
  assert.ok(lines.includes('asked hold') && lines.includes('closed promote'), lines.join('\n'));
});

test('when nobody answers they stay held, and the reason is told', async context => {
  const world = createWorld(context);
  world.scripts.set('start-up 2+8', finds({}));
  const state = await world.run();
  assert.equal(state.outcome, 'held');
  const reasons = state.groups
    .flat()
    .flatMap(stage => stage.decisions)
    .flatMap(one => one.reasons);
  assert.ok(reasons.some(({ code, values }) => code === 'start-up-errors' && values['startUps'] === 0));
  assert.ok(actionSentence(state));
});

test('with earlier good starts the same errors roll back, and healthy lines of a start do nothing', async context => {
  const bad = createWorld(context);
  bad.scripts.set('start-up 2+8', finds({}, 3));
  assert.equal((await bad.run()).outcome, 'rolled-back');
  const healthy = createWorld(context);
  healthy.scripts.set('start-up 2+8', finds({ severity: 'info' }));
  healthy.scripts.set('start-up 8+0', finds({ severity: 'warn' }, 3));
  assert.equal((await healthy.run()).outcome, 'promoted');
});

test('a good deployment teaches what is usual at a start, and a bad one does not', async context => {
  const learnedOf = (world: World): number | undefined =>
    world.history.learned('shop', 'production', 'quality (start-up)')?.deployments;
  const good = createWorld(context);
  await good.run();
  assert.equal(learnedOf(good), 1);
  const source = good.startUps[0]?.sources[0];
  assert.equal(source?.kind === 'logs' && source.learned, undefined, 'the first has none');
  await good.run();
  const later = good.startUps.at(-1)?.sources[0];
  assert.equal(later?.kind === 'logs' && later.learned?.deployments, 1);
  const bad = createWorld(context);
  bad.scripts.set('start-up 8+0', crashLoop);
  await bad.run();
  assert.equal(learnedOf(bad), undefined);
});

test('a run that died while its nodes started looks at all of the start when it is resumed', async context => {
  const world = createWorld(context);
  await assert.rejects(world.run({ crashAfter: 8 }));
  world.scripts.set('start-up 2+8', crashLoop);
  const state = await world.run({ runId: 'run-1', resumed: true });
  assert.equal(state.outcome, 'rolled-back');
  const [first, again] = world.startUps;
  assert.equal(again?.canarySinceMs, first?.canarySinceMs);
  assert.ok(reduceRun('run-1', world.events()));
});

test('a pipeline without logs, and a phase that nothing verifies, are not looked at', async context => {
  const world = createWorld(context);
  const phases = [{ nodes: { share: 1 }, settleMs: 1_000, verify: false as const }];
  await world.run({ pipeline: pipelineOf({ ...canaryStage, phases }) });
  assert.deepEqual(world.startUps, []);
});
