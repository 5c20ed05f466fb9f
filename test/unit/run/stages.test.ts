// Groups, approvals, failure strategies, busy environments and repeated runs.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ApprovalStage } from '../../../src/model/pipeline.ts';
import { findLastWorking } from '../../../src/model/release.ts';
import { isUnverified } from '../../../src/model/runs/verified.ts';
import { verdictSentence } from '../../../src/protocol/words/verdictSentence.ts';
import { standingWord } from '../../../src/protocol/words/words.ts';
import { runTone } from '../../../src/terminal/show/runTree.ts';
import { tell } from './runLines.ts';
import { createWorld, jonas, maria } from './worldFixture.ts';
import { canaryStage, deployStage, oldRelease, newRelease, pipelineOf } from './worldPipeline.ts';

const approval: ApprovalStage = {
  kind: 'approval',
  name: 'Approval',
  message: 'Ship it?',
  approvers: [],
  minimum: 1,
  starterMayApprove: false,
  commentRequired: false,
  inputs: [],
  timeoutMs: 60_000,
  onTimeout: 'reject',
};
const anna = { name: 'anna', via: 'cli' } as const;

test('the stages of a group run in parallel, groups in order', async context => {
  const world = createWorld(context);
  await world.run({
    pipeline: pipelineOf([deployStage, { ...deployStage, name: 'Test', environment: 'test' }], canaryStage),
  });
  const at = (type: 'stage-started' | 'stage-finished', stage: string): number =>
    world.events().find(event => event.type === type && event.stage === stage)!.at;
  assert.equal(at('stage-started', 'Dev'), at('stage-started', 'Test'));
  assert.ok(at('stage-started', 'Production') >= Math.max(at('stage-finished', 'Dev'), at('stage-finished', 'Test')));
});

test('an approval by somebody else lets the run go on', async context => {
  const world = createWorld(context);
  world.when(
    event => event.type === 'asked',
    runId => world.instruct(runId, { type: 'approve', by: jonas }),
  );
  assert.equal((await world.run({ pipeline: pipelineOf(approval, canaryStage) })).outcome, 'promoted');
});

test('the one who started the run may not approve it; the refusal is kept', async context => {
  const world = createWorld(context);
  world.when(
    event => event.type === 'asked',
    runId => world.instruct(runId, { type: 'approve', by: maria }),
  );
  const state = await world.run({ pipeline: pipelineOf(approval, canaryStage) });
  assert.equal(state.outcome, 'rejected');
  assert.match(state.questions[0]!.answers[0]!.refused!, /maria started this run/);
});

test('two approvals mean two people; those not named and those without a comment do not count', async context => {
  const world = createWorld(context);
  const strict = { ...approval, minimum: 2, approvers: ['jonas', 'anna'], commentRequired: true };
  world.when(
    event => event.type === 'asked',
    runId => {
      world.instruct(runId, { type: 'approve', by: { name: 'eve', via: 'cli' }, comment: 'me too' });
      world.instruct(runId, { type: 'approve', by: jonas });
      world.instruct(runId, { type: 'approve', by: jonas, comment: 'fine' });
      world.instruct(runId, { type: 'approve', by: jonas, comment: 'again' });
      world.instruct(runId, { type: 'approve', by: anna, comment: 'ok' });
    },
  );
  const state = await world.run({ pipeline: pipelineOf(strict) });
  assert.equal(state.outcome, 'promoted');
  assert.deepEqual(
    state.questions[0]!.answers.map(({ answer, refused }) => [answer.by.name, refused === undefined]),
    [
      ['eve', false],
      ['jonas', false],
      ['jonas', true],
      ['jonas', false],
      ['anna', true],
    ],
  );
});

test('one rejection ends it, with the reason', async context => {
  const world = createWorld(context);
  world.when(
    event => event.type === 'asked',
    runId => world.instruct(runId, { type: 'reject', by: jonas, comment: 'freeze until Monday' }),
  );
  const state = await world.run({ pipeline: pipelineOf(approval, canaryStage) });
  assert.equal(state.outcome, 'rejected');
  assert.match(state.failure!.message, /jonas rejected Approval: freeze until Monday/);
  assert.deepEqual(world.started, []);
});

test('silence is no approval', async context => {
  const world = createWorld(context);
  assert.equal((await world.run({ pipeline: pipelineOf(approval) })).outcome, 'rejected');
  const second = createWorld(context);
  assert.equal((await second.run({ pipeline: pipelineOf({ ...approval, onTimeout: 'hold' }) })).outcome, 'held');
});

test('an approval in advance counts only where the starter may approve', async context => {
  const world = createWorld(context);
  assert.equal(
    (await world.run({ approve: true, pipeline: pipelineOf({ ...approval, starterMayApprove: true }) })).outcome,
    'promoted',
  );
  const second = createWorld(context);
  assert.equal((await second.run({ approve: true, pipeline: pipelineOf(approval) })).outcome, 'rejected');
});

const broken = { kind: 'failed', durationMs: 1, failure: { kind: 'hook-failed', message: 'exit 1' } } as const;

test('onFailure stop: the run fails and later stages do not start', async context => {
  const world = createWorld(context);
  world.hookOutcomes.set(/^Dev.*deploy/, broken);
  const state = await world.run({ pipeline: pipelineOf(deployStage, canaryStage) });
  assert.equal(state.outcome, 'failed');
  assert.equal(state.groups[1]![0]!.status, 'pending');
});

test('onFailure ignore: the run goes on, and the failure stays visible', async context => {
  const world = createWorld(context);
  world.hookOutcomes.set(/^Dev.*deploy/, broken);
  const state = await world.run({
    pipeline: pipelineOf({ ...deployStage, onFailure: { kind: 'ignore' } }, canaryStage),
  });
  assert.equal(state.outcome, 'promoted');
  assert.equal(state.groups[0]![0]!.status, 'failed');
});

test('onFailure rollback of a deploy stage brings its nodes back', async context => {
  const world = createWorld(context);
  world.hookOutcomes.set(/^Dev.*\/step\/deploy/, broken);
  const state = await world.run({ pipeline: pipelineOf({ ...deployStage, onFailure: { kind: 'rollback' } }) });
  assert.equal(state.outcome, 'rolled-back');
  assert.equal(world.nodes.get('d1'), oldRelease.id);
});

test('a stage is repeated as often as its retry says', async context => {
  const world = createWorld(context);
  world.hookOutcomes.set(/^Dev\/0\/check/, broken);
  const state = await world.run({
    pipeline: pipelineOf({ ...deployStage, retry: { attempts: 2, delayMs: 1_000, factor: 1, maxDelayMs: 1_000 } }),
  });
  assert.equal(state.outcome, 'promoted');
  assert.equal(world.nodes.get('d1'), newRelease.id);
});

test('a condition that does not hold skips the stage', async context => {
  const world = createWorld(context);
  const state = await world.run({
    pipeline: pipelineOf(
      { ...deployStage, when: { op: 'equals', left: { version: true }, right: { literal: '9' } } },
      canaryStage,
    ),
  });
  assert.equal(state.groups[0]![0]!.status, 'skipped');
  assert.equal(state.outcome, 'promoted');
});

test('a busy environment refuses or queues, as the pipeline says', async context => {
  const world = createWorld(context);
  world.history.createRun({
    id: 'other',
    pipeline: 'shop',
    service: 'shop',
    by: jonas,
    version: '9',
    inputs: {},
    startedAtMs: 1,
  });
  for (const environment of ['dev', 'production'])
    assert.ok(world.history.acquireLease(`shop/${environment}`, 'other', 1e9).held);
  const refused = await world.run({ pipeline: pipelineOf(deployStage) });
  assert.equal(refused.outcome, 'failed');
  assert.match(refused.failure!.message, /Environment dev is busy/);
  world.when(
    event => event.type === 'environment-waited-for',
    () => world.history.releaseLease('shop/production', 'other'),
  );
  assert.equal((await world.run()).outcome, 'promoted');
});

test('two runs never work on one environment at the same time', async context => {
  const world = createWorld(context);
  await world.clock.drive(Promise.all([world.run({ runId: 'a' }), world.run({ runId: 'b' })]));
  const span = (runId: string): [number, number] => {
    const events = world.events(runId);
    return [
      events.find(event => event.type === 'stage-started')!.at,
      events.find(event => event.type === 'stage-finished')!.at,
    ];
  };
  const [first, second] = [span('a'), span('b')].sort((one, other) => one[0] - other[0]) as [
    [number, number],
    [number, number],
  ];
  assert.ok(second[0] >= first[1], `${JSON.stringify([first, second])}`);
});

test('cancelling a deploy stage ends its hooks and starts nothing more', async context => {
  const world = createWorld(context);
  world.hookOutcomes.set(/^Dev.*deploy/, 'hang');
  world.when(
    event => event.type === 'hook-intended',
    runId => world.instruct(runId, { type: 'cancel', by: maria }),
  );
  const state = await world.run({ pipeline: pipelineOf(deployStage, canaryStage) });
  assert.deepEqual([state.outcome, state.cancelledBy?.name], ['cancelled', 'maria']);
  assert.deepEqual(tell(world.events()).at(-1), 'run cancelled');
});

test('the check hook of a deploy stage runs after its steps, without being named there', async context => {
  const world = createWorld(context);
  await world.run({ pipeline: pipelineOf({ ...deployStage, steps: ['deploy'] }) });
  assert.deepEqual(world.started, ['Dev/0/step/deploy/d1#1', 'Dev/0/check/check/d1#1']);
});

test(
  'what a person says while a phase is being upgraded counts as soon as it is judged, ' + 'and only for that phase',
  async context => {
    const world = createWorld(context);
    world.when(
      event => event.type === 'phase-started',
      runId => world.instruct(runId, { type: 'rollback', by: jonas }),
    );
    assert.equal((await world.run()).outcome, 'rolled-back');
  },
);

test('what nothing verified is deployed, not verified; after a deploy stage one can go back to it', async context => {
  const { check: _, ...unchecked } = { ...deployStage, steps: ['deploy'] };
  const world = createWorld(context);
  const state = await world.run({ pipeline: pipelineOf(unchecked) });
  assert.equal(state.outcome, 'promoted');
  assert.equal(isUnverified(state), true);
  assert.equal(verdictSentence(state), '2.0 passed every stage, not verified');
  assert.equal(runTone(state), 'warn');
  const [entry] = world.history.ledger('shop', 'dev').slice(-1);
  assert.equal(entry?.standing, 'deployed');
  assert.equal(standingWord('deployed'), 'deployed, not verified');
  assert.equal(findLastWorking(world.history.ledger('shop', 'dev')), newRelease.id);

  const canary = createWorld(context);
  const phases = canaryStage.phases.map(phase => ({ ...phase, verify: false as const }));
  const promoted = await canary.run({ pipeline: pipelineOf({ ...canaryStage, phases, watchMs: 0 }) });
  assert.equal(promoted.outcome, 'promoted');
  assert.match(verdictSentence(promoted), /^2\.0 runs on all 10 nodes, not verified$/);
  assert.equal(canary.history.ledger('shop', 'production').at(-1)?.standing, 'unverified');
  assert.equal(standingWord('unverified'), 'deployed, not verified');
  assert.equal(findLastWorking(canary.history.ledger('shop', 'production')), oldRelease.id);
});

test('a check hook, or a verification that passed, verifies', async context => {
  const world = createWorld(context);
  const state = await world.run({ pipeline: pipelineOf(deployStage) });
  assert.deepEqual([isUnverified(state), runTone(state)], [false, 'good']);
  assert.equal(world.history.ledger('shop', 'dev').at(-1)?.standing, 'verified');
  const canary = createWorld(context);
  assert.equal(isUnverified(await canary.run()), false);
});
