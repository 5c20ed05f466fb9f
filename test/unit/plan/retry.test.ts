// Delays between tries, and the calls a hook gets.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Hook } from '../../../src/model/hook.ts';
import { hookCalls, retryDelayMs } from '../../../src/plan/retry.ts';

test('delays grow by the factor up to the longest', () => {
  const policy = { attempts: 6, delayMs: 2_000, factor: 2, maxDelayMs: 10_000 };
  assert.deepEqual(
    [1, 2, 3, 4, 5, 5_000].map(attempt => retryDelayMs(policy, attempt)),
    [2_000, 4_000, 8_000, 10_000, 10_000, 10_000],
  );
});

test('a factor of 1 keeps the delay, a delay of 0 stays 0, and parts of a millisecond are rounded', () => {
  assert.equal(retryDelayMs({ attempts: 3, delayMs: 500, factor: 1, maxDelayMs: 60_000 }, 3), 500);
  assert.equal(retryDelayMs({ attempts: 3, delayMs: 0, factor: 10, maxDelayMs: 60_000 }, 3), 0);
  assert.equal(retryDelayMs({ attempts: 3, delayMs: 101, factor: 1.5, maxDelayMs: 60_000 }, 2), 152);
});

test('a hook for each node is called once per node, a hook for all once with all', () => {
  const hook = {
    kind: 'command',
    name: 'deploy',
    command: ['x'],
    shell: false,
    directory: '.',
    variables: {},
    timeoutMs: 1,
    retry: { attempts: 1, delayMs: 0, factor: 1, maxDelayMs: 0 },
  } as const;
  const each: Hook = { ...hook, nodes: 'each' };
  const together: Hook = { ...hook, nodes: 'together' };
  assert.deepEqual(hookCalls(each, ['a', 'b']), [['a'], ['b']]);
  assert.deepEqual(hookCalls(together, ['a', 'b']), [['a', 'b']]);
  assert.deepEqual([hookCalls(each, []), hookCalls(together, [])], [[], [[]]]);
});
