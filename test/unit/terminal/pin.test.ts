// `backstop pin` and `backstop unpin`: which run later ones are compared with, and what is said of one that cannot be.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { PinRequest } from '../../../src/model/runs/engine.ts';
import { fail, succeed } from '../../../src/model/failure.ts';
import { backstop } from './fakes.ts';
import { promotedStory } from './stories.ts';

const runs = [{ id: 'run-12', number: 12, events: promotedStory }];
const pin = {
  pipeline: 'storefront',
  service: 'storefront',
  environment: 'production',
  runId: 'run-12',
  by: 'maria',
  atMs: 1,
};

test('a run is pinned by the person at the keyboard, in the environment that is named', async () => {
  const asked: PinRequest[] = [];
  const over = {
    pin: (request: PinRequest) => {
      asked.push(request);
      return Promise.resolve(succeed(pin));
    },
    unpin: (request: PinRequest) => {
      asked.push(request);
      return Promise.resolve(succeed(pin));
    },
  };
  const pinned = await backstop(['pin', 'last'], { runs, over });
  const unpinned = await backstop(['unpin', '#12', '-e', 'production'], { runs, over });
  assert.deepEqual([pinned.status, unpinned.status], [0, 0]);
  assert.deepEqual(asked, [
    { runId: 'run-12', by: { name: 'maria', via: 'cli' } },
    { runId: 'run-12', environment: 'production', by: { name: 'maria', via: 'cli' } },
  ]);
  assert.match(
    pinned.out.replaceAll(/\s+/g, ' '),
    /^Run #12 is pinned: verifications of storefront in production that say `baseline: pinned` are compared with it from now on\./,
  );
  assert.match(unpinned.out.replaceAll(/\s+/g, ' '), /^Run #12 is no longer pinned/);
});

test('a run that cannot be a baseline is refused with 3, and so is none', async () => {
  const refused = await backstop(['pin', '12'], {
    runs,
    over: { pin: () => Promise.resolve(fail('refused', 'Run #12 cannot be a baseline.')) },
  });
  const none = await backstop(['pin', '13'], { runs });
  assert.deepEqual([refused.status, none.status], [3, 3]);
  assert.match(refused.err, /Run #12 cannot be a baseline\./);
});
