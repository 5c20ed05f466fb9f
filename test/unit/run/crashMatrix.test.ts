// Samples of `npm run bench -- crash` and `disturb`: whoever is killed or disturbed, at exact points, no hook runs
// twice, and everybody says what the fleet runs.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { disturbances, momentsOf, playDisturbed } from '../../bench/crash/disturbances.ts';
import { clean, judge, type Whole } from '../../bench/crash/judge.ts';
import { describePoint, playPoint, pointsOf } from '../../bench/crash/matrix.ts';
import { openStage, playWhole } from '../../bench/crash/stage.ts';
import { stories, type Story } from '../../bench/crash/stories.ts';

/** Every so many points; no divisor of the number of events of a story, so that all sorts of points are among them. */
const step = 41;
const wholes = new Map<Story, Promise<Whole>>();

/** Each story is played undisturbed once. */
function wholeOf(story: Story): Promise<Whole> {
  const whole = wholes.get(story) ?? playWhole(story);
  wholes.set(story, whole);
  return whole;
}

for (const story of stories)
  test(
    `${story.name}: killed at every ${step}th point, ` + 'nothing is done twice, lost, or half done in silence',
    async () => {
      const whole = await wholeOf(story);
      const points = pointsOf(story, whole, step);
      assert.ok(points.length > 5);
      for (const point of points) assert.deepEqual(await playPoint(point, whole), clean, describePoint(point));
    },
  );

for (const [index, disturbance] of disturbances.entries())
  test(`${disturbance.name}: at one moment of each story, everybody says what the fleet runs`, async () => {
    for (const [place, story] of stories.entries()) {
      const whole = await wholeOf(story);
      const moments = momentsOf(disturbance, whole);
      // Spread over the stories, so that all sorts of moments are among them.
      const moment = moments[((index * stories.length + place) * 7) % moments.length]!;
      assert.deepEqual(await playDisturbed(disturbance, story, whole, moment), clean, `${story.name} at ${moment}`);
    }
  });

test('what is judged by the matrix would be found', async () => {
  const [, healthy] = stories;
  assert.ok(healthy);
  const whole = await wholeOf(healthy);
  const stage = openStage(healthy);
  const happening = { story: healthy, victim: 'owner', meanwhile: 'nothing' } as const;
  try {
    const { world } = stage;
    const states = await world.clock.drive(stage.playAll());
    assert.deepEqual(judge(happening, whole, world, states), clean);
    world.nodes.set('p1', 'something else');
    world.calls.push(world.calls[0]!);
    world.calls.splice(1, 1);
    const { twice, lost, halfDeployed, ledger, wrongEnd } = judge(happening, whole, world, states);
    assert.deepEqual(
      [twice, lost, halfDeployed, ledger, wrongEnd].map(({ length }) => length),
      [1, 1, 1, 1, 1],
    );
  } finally {
    stage.close();
  }
});
