// A person's gate between two phases of a canary.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { PhaseApproval, Pipeline } from '../../../../src/model/pipeline.ts';
import type { Instruction, Person, RunEvent } from '../../../../src/model/runs/runEvents.ts';
import { tell } from '../runLines.ts';
import { createWorld, failsAtOnce, jonas, maria, type World } from '../worldFixture.ts';
import { canaryStage, newRelease, oldRelease, pipelineOf } from '../worldPipeline.ts';

const approval: PhaseApproval = {
  message: 'Go on?',
  approvers: [],
  minimum: 1,
  starterMayApprove: false,
  commentRequired: false,
  inputs: [],
  timeoutMs: 60_000,
  onTimeout: 'rollback',
};

function gated(changes: Partial<PhaseApproval> = {}, onFailure = canaryStage.onFailure): Pipeline {
  const [first, ...rest] = canaryStage.phases;
  return pipelineOf({
    ...canaryStage,
    onFailure,
    phases: [{ ...first!, approval: { ...approval, ...changes } }, ...rest],
  });
}

function answer(
  world: World,
  by: Person,
  type: Exclude<Instruction['type'], 'feedback'>,
  when: (event: RunEvent) => boolean = event => event.type === 'asked',
): void {
  world.when(when, runId => {
    void world.clock.sleep(5_000).then(() => world.instruct(runId, { type, by }));
  });
}

const gate = (event: RunEvent): boolean => event.type === 'asked' && event.question.id === 'Production/1/approval';

test('a phase is followed by the next one only after a person said so', async context => {
  const world = createWorld(context);
  answer(world, jonas, 'approve');
  const state = await world.run({ pipeline: gated() });
  assert.deepEqual(tell(world.events()), [
    'ledger production deploying',
    'phase 1 of 2: p1 p2',
    'decided promote by policy',
    'asked approval',
    'closed approved',
    'phase 2 of 2: p3 p4 p5 p6 p7 p8 p9 p10',
    'decided promote by policy',
    'ledger production verified',
    'stage Production passed',
    'run promoted',
  ]);
  assert.equal(state.outcome, 'promoted');
});

for (const type of ['reject', 'rollback'] as const)
  test(`a ${type} rolls the canary back, by the one who said it`, async context => {
    const world = createWorld(context);
    answer(world, type === 'rollback' ? maria : jonas, type);
    const state = await world.run({ pipeline: gated() });
    assert.deepEqual(tell(world.events()).slice(3), [
      'asked approval',
      'closed rejected',
      `decided rollback by ${type === 'rollback' ? 'maria' : 'jonas'}`,
      'rollback 2.0 -> 1.0 on p1 p2',
      'ledger production rolled-back',
      'proven',
      'stage Production rolled-back',
      'run rolled-back',
    ]);
    assert.equal(world.nodes.get('p1'), oldRelease.id);
    assert.match(state.failure?.message ?? '', /phase 2 of Production/);
  });

test('who started the run may not approve where the pipeline says so, and silence rolls back', async context => {
  const world = createWorld(context);
  answer(world, maria, 'approve');
  const state = await world.run({ pipeline: gated() });
  assert.deepEqual(tell(world.events()).slice(3, 7), [
    'asked approval',
    'closed timed-out',
    'decided rollback by policy',
    'rollback 2.0 -> 1.0 on p1 p2',
  ]);
  assert.equal(state.failure?.message, 'Nobody decided on phase 2 of Production within 60 s.');
});

test('silence holds where the pipeline says so', async context => {
  const world = createWorld(context);
  const state = await world.run({ pipeline: gated({ onTimeout: 'hold' }) });
  assert.equal(state.outcome, 'held');
  assert.equal(world.nodes.get('p1'), newRelease.id);
  assert.equal(world.nodes.get('p3'), oldRelease.id);
});

test('an approval in advance counts where the pipeline lets the starter approve', async context => {
  const world = createWorld(context);
  const state = await world.run({ pipeline: gated({ starterMayApprove: true }), approve: true });
  assert.equal(state.outcome, 'promoted');
});

test('a regression that shows while a person is waited for is rolled back at once', async context => {
  const world = createWorld(context);
  world.when(gate, () => {
    world.scripts.set('guard 2+8', failsAtOnce);
  });
  // The guard begins just before the question.
  world.scripts.set('guard 2+8', { looks: ['inconclusive', 'inconclusive', 'inconclusive', 'fail'], overAt: 9 });
  const state = await world.run({ pipeline: gated() });
  assert.deepEqual(tell(world.events()).slice(3, 8), [
    'asked approval',
    'closed overtaken',
    'decided rollback by policy',
    'rollback 2.0 -> 1.0 on p1 p2',
    'ledger production rolled-back',
  ]);
  assert.match(state.failure?.message ?? '', /while it waited for an approval/);
  assert.deepEqual(world.guards[0]?.canaryNodes, ['p1', 'p2']);
});

test('with `ask` a regression while waiting asks what to do about it', async context => {
  const world = createWorld(context);
  world.scripts.set('guard 2+8', { looks: ['inconclusive', 'fail', 'fail', 'fail'], overAt: 9 });
  answer(world, jonas, 'rollback', event => event.type === 'asked' && event.question.kind === 'ask');
  await world.run({ pipeline: gated({}, { kind: 'ask', forMs: 60_000 }) });
  assert.deepEqual(tell(world.events()).slice(3, 8), [
    'asked approval',
    'closed overtaken',
    'asked ask',
    'closed rollback',
    'decided rollback by jonas',
  ]);
});

test('with `ask` a person may continue after a regression, and is asked for no approval again', async context => {
  const world = createWorld(context);
  world.scripts.set('guard 2+8', { looks: ['inconclusive', 'fail', 'fail', 'fail'], overAt: 9 });
  answer(world, jonas, 'promote', event => {
    if (event.type !== 'asked' || event.question.kind !== 'ask') return false;
    world.scripts.delete('guard 2+8');
    return true;
  });
  const state = await world.run({ pipeline: gated({}, { kind: 'ask', forMs: 60_000 }) });
  assert.deepEqual(tell(world.events()).slice(3), [
    'asked approval',
    'closed overtaken',
    'asked ask',
    'closed promote',
    'decided continue by jonas',
    'phase 2 of 2: p3 p4 p5 p6 p7 p8 p9 p10',
    'decided promote by policy',
    'ledger production promoted-by-hand',
    'stage Production passed',
    'run promoted',
  ]);
  assert.equal(state.outcome, 'promoted');
});

test('a cancelled run brings the waiting canary back', async context => {
  const world = createWorld(context);
  answer(world, maria, 'cancel');
  const state = await world.run({ pipeline: gated() });
  assert.equal(state.outcome, 'cancelled');
  assert.ok([...world.nodes.values()].every(id => id === oldRelease.id));
});

test('killed at each event, a resumed run asks once, keeps the answer, and deploys nothing twice', async context => {
  const whole = createWorld(context);
  answer(whole, jonas, 'approve');
  await whole.run({ pipeline: gated() });
  const total = whole.events().length;
  const from = whole.events().findIndex(event => event.type === 'phase-finished');
  const next = whole.events().findIndex(event => event.type === 'phase-started' && event.phase === 2);
  const asked = whole.events().findIndex(gate);
  assert.ok(from > 0 && next > from && total > next);
  for (let point = from; point <= next + 2; point++) {
    const world = createWorld(context);
    answer(world, jonas, 'approve', gate);
    await world.run({ pipeline: gated(), crashAfter: point }).catch(() => undefined);
    // Nobody of the test hears of the event with which the process dies.
    if (point === asked + 1) world.instruct('run-1', { type: 'approve', by: jonas });
    const state = await world.run({ runId: 'run-1', pipeline: gated(), resumed: true });
    assert.equal(state.outcome, 'promoted', `killed after event ${point}`);
    assert.equal(world.events().filter(gate).length, 1);
    assert.equal(new Set(world.started).size, world.started.length);
  }
});

test('a journalled time-out is not undone by an approval that comes while nobody runs the run', async context => {
  const world = createWorld(context);
  const pipeline = gated({ onTimeout: 'hold' });
  const sample = createWorld(context);
  await sample.run({ pipeline });
  const closed = sample.events().findIndex(event => event.type === 'question-closed');
  await world.run({ pipeline, crashAfter: closed + 1 }).catch(() => undefined);
  world.instruct('run-1', { type: 'approve', by: jonas });
  const state = await world.run({ runId: 'run-1', pipeline, resumed: true });
  assert.equal(state.outcome, 'held');
});
