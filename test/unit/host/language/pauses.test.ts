// Checks wait until a person has stopped typing.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createPauses } from '../../../../src/host/language/diagnosis/pauses.ts';

test('only the last of many calls does something, a pause after it', context => {
  context.mock.timers.enable({ apis: ['setTimeout'] });
  const pauses = createPauses(150);
  const done: string[] = [];
  for (const letter of 'abc') {
    pauses.soon('file', () => {
      done.push(letter);
    });
    context.mock.timers.tick(100);
  }
  pauses.soon('other', () => {
    done.push('other');
  });
  assert.deepEqual(done, []);
  context.mock.timers.tick(50);
  assert.deepEqual(done, ['c']);
  context.mock.timers.tick(100);
  assert.deepEqual(done, ['c', 'other']);
});

test('those who wait go on when it is done, or forgotten, or when there is nothing', async context => {
  context.mock.timers.enable({ apis: ['setTimeout'] });
  const pauses = createPauses(150);
  const done: string[] = [];
  await pauses.settled('file');
  pauses.soon('file', () => {
    done.push('checked');
  });
  const settled = pauses.settled('file').then(() => {
    done.push('told');
  });
  context.mock.timers.tick(150);
  await settled;
  assert.deepEqual(done, ['checked', 'told']);
  pauses.soon('file', () => {
    done.push('never');
  });
  const forgotten = pauses.settled('file');
  pauses.dispose();
  await forgotten;
  context.mock.timers.tick(1_000);
  assert.deepEqual(done, ['checked', 'told']);
});
