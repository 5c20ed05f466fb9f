// Which run of before a verification is compared with, who may pin one, and what is chosen where there is none.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { CanaryStage } from '../../../src/model/pipeline.ts';
import type { RunEvent } from '../../../src/model/runs/runEvents.ts';
import { pinRun, unpinRun } from '../../../src/run/releases/pin.ts';
import { createWorld, failsAtOnce, jonas, maria, type World } from './worldFixture.ts';
import { canaryStage, pipelineOf, release } from './worldPipeline.ts';

type Baseline = NonNullable<CanaryStage['verification']['baseline']>;
const compared = (baseline?: Baseline, intervalMs = 1_000) =>
  pipelineOf({
    ...canaryStage,
    verification: { ...canaryStage.verification, intervalMs, ...(baseline !== undefined && { baseline }) },
  });
/** Of each verification of the latest run: against whom, beside how many nodes. */
const sides = ({ told }: World, from: number) =>
  told.slice(from).map(({ earlier, lacking, baselineNodes, dayBefore }) => ({
    ...(earlier && {
      earlier:
        `${earlier.mode} ${earlier.run}${earlier.by === undefined ? '' : ` by ${earlier.by}`}, ` +
        `phase of ${earlier.evidence[0]}`,
    }),
    ...(lacking && { lacking }),
    beside: baselineNodes.length,
    dayBefore: dayBefore !== undefined,
  }));

test('a load test is compared with the pinned run, phase by phase, and with nobody else', async context => {
  const world = createWorld(context);
  await world.run({ release: release('2.0') });
  const pinned = pinRun(world.ports, { runId: '1', by: jonas });
  assert.ok(pinned.ok);
  assert.deepEqual([pinned.value.environment, pinned.value.by], ['production', 'jonas']);
  const before = world.told.length;
  await world.run({ release: release('2.1'), pipeline: compared('pinned') });
  assert.deepEqual(sides(world, before), [
    { earlier: 'load-test 1 by jonas, phase of 2', beside: 0, dayBefore: true },
    { earlier: 'load-test 1 by jonas, phase of 10', beside: 0, dayBefore: true },
  ]);
  const started = world
    .events('run-2')
    .find(
      (event): event is RunEvent & { type: 'verification-started' } =>
        event.type === 'verification-started' && event.purpose === 'canary',
    );
  assert.deepEqual(
    [started?.against, started?.baselineNodes.length],
    [{ mode: 'load-test', runId: 'run-1', number: 1, by: 'jonas' }, 8],
  );
});

test('the pipeline may name the run itself', async context => {
  const world = createWorld(context);
  await world.run({ release: release('2.0') });
  await world.run({ release: release('2.1'), pipeline: compared({ run: 1 }) });
  assert.deepEqual(sides(world, 2)[0], { earlier: 'load-test 1, phase of 2', beside: 0, dayBefore: true });
});

test('where there is no such run the next best is chosen, and it is said why', async context => {
  const world = createWorld(context);
  await world.run({ release: release('2.0'), pipeline: compared('pinned') });
  assert.deepEqual(sides(world, 0), [
    { lacking: { wanted: 'pinned', why: 'none' }, beside: 8, dayBefore: false },
    {
      earlier: 'phase 1, phase of 2',
      lacking: { wanted: 'pinned', why: 'none' },
      beside: 0,
      dayBefore: true,
    },
  ]);
  world.history.createRun({
    id: 'other',
    pipeline: 'other',
    service: 'shop',
    by: maria,
    version: '1',
    inputs: {},
    startedAtMs: 1,
  });
  for (const [run, why] of [
    [2, 'none'],
    [77, 'none'],
  ] as const) {
    const before = world.told.length;
    await world.run({ release: release(`2.${run}`), pipeline: compared({ run }) });
    assert.deepEqual(sides(world, before)[0], { lacking: { wanted: run, why }, beside: 8, dayBefore: false });
  }
  const before = world.told.length;
  await world.run({ release: release('2.9'), pipeline: compared({ run: 1 }, 1_500) });
  assert.deepEqual(sides(world, before)[0], {
    lacking: { wanted: 1, why: 'other-interval' },
    beside: 8,
    dayBefore: false,
  });
});

test('in the first run, the last phase is compared with the earlier one', async context => {
  const world = createWorld(context);
  await world.run({ release: release('2.0') });
  assert.deepEqual(sides(world, 0), [
    { beside: 8, dayBefore: false },
    { earlier: 'phase 1, phase of 2', beside: 0, dayBefore: true },
  ]);
});

test('without a node on the old release the last good run stands by, and nobody needs to pin it', async context => {
  const world = createWorld(context);
  await world.run({ release: release('2.0') });
  await world.run({ release: release('2.1') });
  assert.deepEqual(sides(world, 2), [
    { beside: 8, dayBefore: false },
    { earlier: 'learned 1, phase of 10', beside: 0, dayBefore: true },
  ]);
});

test('a run that is taken up again is compared with the same run, whoever was pinned meanwhile', async context => {
  const world = createWorld(context);
  await world.run({ release: release('2.0') });
  await world.run({ release: release('2.1') });
  assert.ok(pinRun(world.ports, { runId: '1', by: jonas }).ok);
  const pipeline = compared('pinned');
  const before = world.told.length;
  const counted = world.events('run-1').findIndex(event => event.type === 'looked' && event.key === 'Production/1') + 1;
  await assert.rejects(world.run({ release: release('2.2'), pipeline, crashAfter: counted }), /dies now/);
  assert.ok(pinRun(world.ports, { runId: '2', by: maria }).ok);
  await world.run({ runId: 'run-3', release: release('2.2'), pipeline, resumed: true });
  assert.deepEqual(
    sides(world, before)
      .slice(0, 2)
      .map(({ earlier }) => earlier),
    ['load-test 1 by jonas, phase of 2', 'load-test 1 by jonas, phase of 2'],
  );
});

test('a run that goes on, that was rolled back, or of which nothing is kept cannot be pinned', async context => {
  const world = createWorld(context);
  world.history.createRun({
    id: 'open',
    pipeline: 'shop',
    service: 'shop',
    by: maria,
    version: '1',
    inputs: {},
    startedAtMs: 1,
  });
  world.scripts.set('2+8', failsAtOnce);
  await world.run({ release: release('2.0') });
  const refused = (runId: string, environment?: string): string => {
    const answer = pinRun(world.ports, { runId, by: maria, ...(environment !== undefined && { environment }) });
    assert.ok(!answer.ok);
    return answer.failure.message;
  };
  assert.match(refused('open'), /^Run #1 is still running/);
  assert.match(refused('2'), /^Run #2 cannot be a baseline: its stage 'Production' did not pass \(rolled-back\)\./);
  assert.match(refused('99'), /^There is no run '99'\./);
  assert.match(refused('2', 'dev'), /^Of run #2 nothing is kept of 'dev'\./);
});

test('a pin is taken off only of the run that has it', async context => {
  const world = createWorld(context);
  await world.run({ release: release('2.0') });
  await world.run({ release: release('2.1') });
  assert.ok(pinRun(world.ports, { runId: '1', by: maria }).ok);
  assert.ok(!unpinRun(world.ports, { runId: '2', by: maria }).ok);
  assert.ok(unpinRun(world.ports, { runId: '1', by: maria }).ok);
  assert.deepEqual(world.history.pins(), []);
});
