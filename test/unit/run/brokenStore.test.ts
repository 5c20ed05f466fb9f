// A store that breaks under a run stops it where it is, with its nodes named, and the run can be taken up.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { StoreError } from '../../../src/model/failure.ts';
import { createWorld } from './worldFixture.ts';
import { newRelease } from './worldPipeline.ts';

test(
  'a store that cannot be written any more stops the run, ' + 'names its nodes, and the run is taken up later',
  async context => {
    const world = createWorld(context);
    const { history } = world.ports;
    const { append } = history;
    world.when(
      event => event.type === 'verification-started' && event.key === 'Production/1',
      () => {
        Object.assign(history, {
          append: () => {
            throw new StoreError({ kind: 'store', message: 'The history is locked.', hint: 'End the other process.' });
          },
        });
      },
    );
    const stopped = await world.run();
    assert.equal(stopped.outcome, undefined);
    assert.equal(stopped.stopped?.kind, 'store');
    assert.match(
      stopped.stopped.message,
      /^The run stopped, as its history cannot be written: The history is locked\. Version 2\.0 stays on [\w-]+( and [\w-]+)?\.$/,
    );
    assert.match(stopped.stopped.hint!, /^End the other process\. Then resume the run: backstop resume \d+$/);
    assert.equal(history.findRun('run-1')?.outcome, undefined);

    Object.assign(history, { append });
    const ended = await world.run({ runId: 'run-1', resumed: true });
    assert.deepEqual([ended.outcome, new Set(world.nodes.values()).has(newRelease.id)], ['promoted', true]);
  },
);

test('what became of the store is noted in the journal of the run that goes on', async context => {
  const world = createWorld(context);
  const notices = [{ kind: 'store' as const, message: 'The history was deleted. It was rebuilt.' }];
  Object.assign(world.ports.history, { takeNotices: () => notices.splice(0) });
  const { outcome, notes } = await world.run();
  assert.deepEqual(
    [outcome, notes.map(({ message }) => message)],
    ['promoted', ['The history was deleted. It was rebuilt.']],
  );
});
