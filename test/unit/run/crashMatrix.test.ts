// A sample of `npm run bench -- crash`: whoever is killed, at every so many exact points, no hook runs twice, and
// everybody says what the fleet runs.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  describePoint,
  judge,
  openStage,
  playPoint,
  playWhole,
  pointsOf,
  type Point,
  type Verdict,
} from '../../bench/crash/matrix.ts';
import { stories } from '../../bench/crash/stories.ts';

/** Every so many points; no divisor of the number of events of a story, so that all sorts of points are among them. */
const step = 41;
const good: Verdict = { twice: [], lost: [], halfDeployed: [], ledger: [], wrongEnd: [], hung: [] };

for (const story of stories)
  test(
    `${story.name}: killed at every ${step}th point, ` + 'nothing is done twice, lost, or half done in silence',
    async () => {
      const whole = await playWhole(story);
      const points = pointsOf(story, whole, step);
      assert.ok(points.length > 5);
      for (const point of points) assert.deepEqual(await playPoint(point, whole), good, describePoint(point));
    },
  );

test('what is judged by the matrix would be found', async () => {
  const [, healthy] = stories;
  assert.ok(healthy);
  const whole = await playWhole(healthy);
  const stage = openStage(healthy);
  const point: Point = { story: healthy, event: 1, moment: 'after', victim: 'owner', meanwhile: 'nothing' };
  try {
    const { world } = stage;
    const states = await world.clock.drive(stage.playUndisturbed());
    assert.deepEqual(judge(point, whole, world, states), good);
    world.nodes.set('p1', 'something else');
    world.calls.push(world.calls[0]!);
    world.calls.splice(1, 1);
    const { twice, lost, halfDeployed, ledger, wrongEnd } = judge(point, whole, world, states);
    assert.deepEqual(
      [twice, lost, halfDeployed, ledger, wrongEnd].map(({ length }) => length),
      [1, 1, 1, 1, 1],
    );
  } finally {
    stage.close();
  }
});
