// Whose a command hook is: it holds its environment for as long as it runs, whoever died, and nobody but its owner may
// stop it.
import assert from 'node:assert/strict';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import type { OpenHook } from '../../../../src/model/history.ts';
import { isAlive, isGroupAlive } from '../../../../src/adapters/process.ts';
import {
  callHook,
  connectHooks,
  filesOf,
  KEY,
  newHooks,
  readState,
  RUN,
  shellHook,
  until,
  untilFile,
  WAIT_FOR_EVER,
  WAIT_FOR_GO,
} from './hooksFixture.ts';

const skip = process.platform === 'win32' && 'the hooks of this test are shell code';

const open: OpenHook = {
  runId: RUN,
  number: 1,
  kind: 'command',
  timeoutMs: 60_000,
  intendedAtMs: 0,
  call: {
    key: KEY,
    hook: 'deploy',
    purpose: 'deploy',
    stage: 'Production',
    environment: 'production',
    nodes: ['n1'],
    phase: 1,
    attempt: 1,
    release: 'r',
    version: '1.2.0',
    configurationDigest: 'd',
  },
};

test('a hook is under way for everybody until it ends, also without its supervisor', { skip }, async context => {
  const { hooks, folder, home } = newHooks(context);
  const other = connectHooks(folder, home).hooks;
  const call = callHook(hooks, shellHook(WAIT_FOR_GO));
  await untilFile(join(folder, 'alive'));
  await untilFile(join(filesOf(home), 'child.json'));
  assert.equal(other.isUnderWay(open), true);
  const { pid: supervisor } = readState(home, 'pid.json'),
    { pid: child } = readState(home, 'child.json');
  process.kill(supervisor, 'SIGSTOP');
  process.kill(supervisor, 'SIGKILL');
  await until('the supervisor to be gone', () => !isAlive({ pid: supervisor }));
  assert.equal(other.isUnderWay(open), isGroupAlive(child), 'what it started counts, not who watched it');
  writeFileSync(join(folder, 'go'), '');
  await call.outcome;
  await until('its end', () => !other.isUnderWay(open));
});

test('what nobody has started yet never runs once another owner has asked for it', { skip }, async context => {
  const { hooks, folder, home } = newHooks(context);
  assert.equal(connectHooks(folder, home).hooks.isUnderWay(open), false);
  const { outcome } = callHook(hooks, shellHook('echo run >> ran'), { reattach: true });
  const ended = await outcome;
  assert.ok(ended.kind === 'failed');
  assert.match(ended.failure.message, /was never started: another run took its environment/);
  assert.equal(existsSync(join(folder, 'ran')), false);
});

test('who may not act any more starts nothing and stops nothing', { skip }, async context => {
  const { hooks, folder, home } = newHooks(context);
  const none = await callHook(hooks, shellHook('echo run >> ran'), { mayAct: () => false }).outcome;
  assert.ok(none.kind === 'failed' && none.failure.kind === 'overtaken');
  assert.equal(existsSync(filesOf(home)), false);
  let mayAct = true;
  const call = callHook(hooks, shellHook(WAIT_FOR_GO), { mayAct: () => mayAct });
  await untilFile(join(folder, 'alive'));
  mayAct = false;
  call.controller.abort();
  const left = await call.outcome;
  assert.ok(left.kind === 'failed' && left.failure.kind === 'overtaken');
  assert.match(left.failure.message, /is left to the run that took its environment/);
  assert.equal(existsSync(join(filesOf(home), 'stopped.json')), false);
  const owner = callHook(connectHooks(folder, home).hooks, shellHook(WAIT_FOR_GO), { reattach: true });
  writeFileSync(join(folder, 'go'), '');
  assert.equal((await owner.outcome).kind, 'succeeded', 'the new owner gets its end');
});

test('a time-out is by how long the hook ran, not by a clock that is set', { skip }, async context => {
  const { hooks, folder, clock, home } = newHooks(context);
  const call = callHook(hooks, shellHook(WAIT_FOR_EVER, { timeoutMs: 120_000 }));
  await untilFile(join(folder, 'alive'));
  await untilFile(join(filesOf(home), 'child.json'));
  for (const byMs of [3 * 3_600_000, -6 * 3_600_000]) {
    clock.set(byMs);
    const looks = readFileSync(join(filesOf(home), 'pid.json'), 'utf8');
    await clock.sleep(400);
    assert.equal(existsSync(join(filesOf(home), 'stopped.json')), false, looks);
  }
  clock.forward(120_000);
  const outcome = await call.outcome;
  assert.ok(outcome.kind === 'failed' && outcome.failure.kind === 'timeout');
});

test('a hook that runs elsewhere counts as going on until its time-out has passed', context => {
  const { hooks, clock } = newHooks(context);
  const elsewhere = { ...open, kind: 'http', intendedAtMs: clock.now() } as const;
  assert.equal(hooks.isUnderWay(elsewhere), true);
  clock.forward(60_000);
  assert.equal(hooks.isUnderWay(elsewhere), false);
});
