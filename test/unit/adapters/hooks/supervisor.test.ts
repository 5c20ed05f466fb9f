// A hook outlives whoever started it, is found again, runs once, and is stopped with all that it started.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { isAlive } from '../../../../src/adapters/process.ts';
import { processStart } from '../../../../src/adapters/platform.ts';
import type { Failure } from '../../../../src/model/failure.ts';
import type { HookOutcome } from '../../../../src/model/runs/runEvents.ts';
import {
  callHook,
  connectHooks,
  filesOf,
  newHooks,
  readState,
  VENDOR_KEY,
  SECRET,
  shellHook,
  until,
  untilFile,
  WAIT_FOR_EVER,
  WAIT_FOR_GO,
} from './hooksFixture.ts';

const skip = process.platform === 'win32';
/** Says that it runs, then waits for a file that the test makes. */
const PATIENT = `echo run >> ran; echo first; touch started; ${WAIT_FOR_GO}; echo last; exit 5`;

function failureOf(outcome: HookOutcome): Failure {
  assert.equal(outcome.kind, 'failed');
  return (outcome as HookOutcome & { kind: 'failed' }).failure;
}

function pidIn(path: string): number {
  return Number(readFileSync(path, 'utf8'));
}

async function startAndKill(folder: string, home: string, script: string): Promise<void> {
  const starter = spawn(process.execPath, [join(import.meta.dirname, 'hookStarter.ts'), folder, home, script], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  await untilFile(join(folder, 'started'));
  await untilFile(join(filesOf(home), 'child.json'));
  starter.kill('SIGKILL');
  await once(starter, 'exit');
}

test(
  'a hook survives the death of its starter; another process hears its whole output and its end, and it ran once',
  { skip },
  async context => {
    const { hooks, folder, home } = newHooks(context);
    await startAndKill(folder, home, PATIENT);
    assert(isAlive(readState(home, 'child.json')));
    const call = callHook(hooks, shellHook(PATIENT), { reattach: true });
    await until('what was said before', () => call.text('out') === 'first\n');
    writeFileSync(join(folder, 'go'), '');
    assert.match(failureOf(await call.outcome).message, /exit code 5/);
    assert.equal(call.text('out'), 'first\nlast\n');
    assert.equal(readFileSync(join(folder, 'ran'), 'utf8'), 'run\n');
  },
);

test(
  'a hook that ended while nobody looked is read, not repeated, as often as it is asked for',
  { skip },
  async context => {
    const { hooks, folder, home } = newHooks(context);
    await startAndKill(folder, home, PATIENT);
    writeFileSync(join(folder, 'go'), '');
    await untilFile(join(filesOf(home), 'exit.json'));
    const first = callHook(hooks, shellHook(PATIENT), { reattach: true });
    const outcome = await first.outcome;
    const second = callHook(hooks, shellHook(PATIENT));
    assert.deepEqual(await second.outcome, outcome);
    assert.deepEqual([first.text('out'), second.text('out')], ['first\nlast\n', 'first\nlast\n']);
    assert.equal(readFileSync(join(folder, 'ran'), 'utf8'), 'run\n');
  },
);

test('asked for by many at once, it is started once, and all hear the same', { skip }, async context => {
  const { folder, home } = newHooks(context);
  const calls = Array.from({ length: 5 }, () =>
    callHook(connectHooks(folder, home).hooks, shellHook('echo run >> ran; echo out; exit 3')),
  );
  const outcomes = await Promise.all(calls.map(call => call.outcome));
  assert.equal(readFileSync(join(folder, 'ran'), 'utf8'), 'run\n');
  assert.deepEqual(
    outcomes,
    outcomes.map(() => outcomes[0]),
  );
  assert.deepEqual(
    calls.map(call => call.text('out')),
    calls.map(() => 'out\n'),
  );
});

test(
  'a starter that died before its supervisor claimed the hook leaves it to be started, once',
  { skip },
  async context => {
    const { hooks, folder, home, clock } = newHooks(context);
    mkdirSync(filesOf(home), { recursive: true });
    const call = callHook(hooks, shellHook('echo run >> ran'), { reattach: true });
    clock.forward(10_000);
    assert.equal((await call.outcome).kind, 'succeeded');
    assert.equal(readFileSync(join(folder, 'ran'), 'utf8'), 'run\n');
  },
);

test(
  'when the supervisor was killed, nobody knows how it ended: it has failed, is not repeated, ' +
    'and nothing of it runs on',
  { skip },
  async context => {
    const { hooks, folder, home } = newHooks(context);
    const call = callHook(hooks, shellHook(PATIENT));
    await until('what it says first', () => call.text('out') === 'first\n');
    await untilFile(join(filesOf(home), 'child.json'));
    const child = readState(home, 'child.json');
    process.kill(readState(home, 'pid.json').pid, 'SIGKILL');
    const failure = failureOf(await call.outcome);
    assert.equal(failure.kind, 'hook-failed');
    assert.match(
      failure.message,
      /ended without a status: its supervisor is gone .* What was left of it was stopped\.$/,
    );
    assert.equal(failure.cause, 'first');
    await until('the end of the hook', () => !isAlive(child));
    const again = failureOf(await callHook(hooks, shellHook(PATIENT), { reattach: true }).outcome);
    assert.match(again.message, /ended without a status/);
    assert.equal(readFileSync(join(folder, 'ran'), 'utf8'), 'run\n');
  },
);

test(
  "after a restart of the machine another process has the supervisor's pid: that is seen",
  { skip: skip || processStart(process.pid) === undefined },
  async context => {
    const { hooks, home } = newHooks(context);
    mkdirSync(filesOf(home), { recursive: true });
    writeFileSync(
      join(filesOf(home), 'pid.json'),
      JSON.stringify({ pid: process.pid, start: 'an earlier boot/1', startedAtMs: Date.now() }),
    );
    assert.match(
      failureOf(await callHook(hooks, shellHook('echo run'), { reattach: true }).outcome).message,
      /ended without a status/,
    );
  },
);

test('a supervisor that cannot run is a failure that says why', { skip }, async context => {
  const { folder, home } = newHooks(context);
  const supervisorPath = join(folder, 'supervisor.js');
  writeFileSync(supervisorPath, 'throw new Error("out of order")');
  const broken = failureOf(
    await callHook(connectHooks(folder, home, process.env, { supervisorPath }).hooks, shellHook('true')).outcome,
  );
  assert.equal(broken.message, 'Hook "deploy" on n1, n2 could not be started: its supervisor failed.');
  assert.match(broken.cause!, /out of order/);
  const missing = failureOf(
    await callHook(
      connectHooks(folder, home, process.env, { execPath: join(folder, 'no-node') }).hooks,
      shellHook('true'),
      { runId: 'other' },
    ).outcome,
  );
  assert.match(missing.cause!, /ENOENT/);
});

test(
  'a supervisor that was ended before it claimed the hook is replaced, and the hook runs once',
  { skip },
  async context => {
    const { folder, home } = newHooks(context);
    const supervisorPath = join(folder, 'supervisor.mjs');
    writeFileSync(
      supervisorPath,
      `import { existsSync, writeFileSync } from 'node:fs';
    if (existsSync('${folder}/tried')) await import('${join(import.meta.dirname, '../../../../src/supervisor.ts')}');
    else { writeFileSync('${folder}/tried', ''); process.kill(process.pid, 'SIGKILL'); }`,
    );
    const { outcome } = callHook(
      connectHooks(folder, home, process.env, { supervisorPath }).hooks,
      shellHook('echo run >> ran'),
    );
    assert.equal((await outcome).kind, 'succeeded');
    assert.equal(readFileSync(join(folder, 'ran'), 'utf8'), 'run\n');
  },
);

test(
  'supervisors that claim nothing for too long are given up, and what they might still run never runs',
  { skip },
  async context => {
    const { folder, home } = newHooks(context);
    const supervisorPath = join(folder, 'supervisor.mjs');
    writeFileSync(
      supervisorPath,
      `import { appendFileSync, existsSync } from 'node:fs';
    appendFileSync('${folder}/tried', 'x');
    while (existsSync('${folder}') && !existsSync('${folder}/go'))
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 20);
    await import('${join(import.meta.dirname, '../../../../src/supervisor.ts')}');
    appendFileSync('${folder}/tried', 'y');`,
    );
    const { hooks, clock } = connectHooks(folder, home, process.env, { supervisorPath });
    const call = callHook(hooks, shellHook('echo run >> ran')),
      tried = (): string => (existsSync(join(folder, 'tried')) ? readFileSync(join(folder, 'tried'), 'utf8') : '');
    await until('the first', () => tried() === 'x');
    clock.forward(10_000);
    await until('the second', () => tried() === 'xx');
    clock.forward(10_000);
    assert.match(failureOf(await call.outcome).message, /could not be started: its supervisor failed\.$/);
    writeFileSync(join(folder, 'go'), '');
    await until('both to look', () => tried() === 'xxyy');
    assert.match(
      failureOf(await callHook(hooks, shellHook('echo run >> ran'), { reattach: true }).outcome).message,
      /could not be started: its supervisor failed\.$/,
    );
    assert.equal(existsSync(join(folder, 'ran')), false);
  },
);

test('a claim that was never finished is a hook of which nobody knows how it ended', { skip }, async context => {
  const { hooks, home, clock } = newHooks(context);
  mkdirSync(filesOf(home), { recursive: true });
  writeFileSync(join(filesOf(home), 'pid.json'), '');
  const call = callHook(hooks, shellHook('true'), { reattach: true });
  clock.forward(10_000);
  assert.match(failureOf(await call.outcome).message, /ended without a status/);
});

test(
  'cancelling stops the hook and everything it started, and says so again to whoever asks later',
  { skip },
  async context => {
    const { hooks, folder, home } = newHooks(context);
    const script =
      'sh -c \'sh -c "echo \\$\\$ > grandchild; exec sleep 60" & echo $$ > child; wait\' & echo before; wait';
    const call = callHook(hooks, shellHook(script));
    await until(
      'the grandchild',
      () => existsSync(join(folder, 'grandchild')) && pidIn(join(folder, 'grandchild')) > 0,
    );
    await until('the child', () => existsSync(join(folder, 'child')) && pidIn(join(folder, 'child')) > 0);
    await until('what it says', () => call.text('out') === 'before\n');
    call.controller.abort();
    const outcome = await call.outcome;
    assert.equal(failureOf(outcome).kind, 'cancelled');
    assert.match(failureOf(outcome).message, /^Hook "deploy" on n1, n2 was cancelled after \d/);
    for (const name of ['child', 'grandchild'])
      await until(`the end of the ${name}`, () => !isAlive({ pid: pidIn(join(folder, name)) }));
    assert.deepEqual(await callHook(hooks, shellHook(script), { reattach: true }).outcome, outcome);
    await until('the end of the supervisor', () => !isAlive(readState(home, 'pid.json')));
  },
);

test('a hook that will not hear is ended after a grace', { skip }, async context => {
  const { hooks, folder, home, clock } = newHooks(context);
  const call = callHook(hooks, shellHook(`trap "echo deaf" TERM; echo $$ > deaf; ${WAIT_FOR_EVER}`));
  await until('the hook', () => existsSync(join(folder, 'deaf')) && pidIn(join(folder, 'deaf')) > 0);
  call.controller.abort();
  await until('its answer to SIGTERM', () => call.text('out').includes('deaf'));
  assert(isAlive({ pid: pidIn(join(folder, 'deaf')) }));
  clock.forward(5_000);
  assert.equal(failureOf(await call.outcome).kind, 'cancelled');
  assert.equal(readState(home, 'exit.json')['signal'], 'SIGKILL');
  assert.equal(isAlive({ pid: pidIn(join(folder, 'deaf')) }), false);
});

test('cancelled before it was started, it never runs', { skip }, async context => {
  const { hooks, folder, home } = newHooks(context);
  const early = callHook(hooks, shellHook('echo run >> ran'));
  early.controller.abort();
  const outcome = await early.outcome;
  assert.equal(failureOf(outcome).kind, 'cancelled');
  const aborted = new AbortController();
  aborted.abort();
  const { outcome: never } = callHook(
    { ...hooks, run: request => hooks.run(request, aborted.signal) },
    shellHook('echo run >> ran'),
    { runId: 'other' },
  );
  assert.deepEqual(await never, {
    kind: 'failed',
    durationMs: 0,
    failure: { kind: 'cancelled', message: 'Hook "deploy" on n1, n2 was cancelled before it was started.' },
  });
  const again = callHook(hooks, shellHook('echo run >> ran'), { reattach: true });
  assert.equal(failureOf(await again.outcome).kind, 'cancelled');
  await until(
    'its supervisor to end',
    () => !existsSync(join(filesOf(home), 'child.json')) || existsSync(join(filesOf(home), 'exit.json')),
  );
  assert(!existsSync(join(folder, 'ran')));
});

test('a hook that had ended before it was cancelled keeps its own end', { skip }, async context => {
  const { hooks } = newHooks(context);
  const call = callHook(hooks, shellHook('echo fine'));
  assert.equal((await call.outcome).kind, 'succeeded');
  const aborted = new AbortController();
  aborted.abort();
  const later = callHook({ ...hooks, run: request => hooks.run(request, aborted.signal) }, shellHook('echo fine'), {
    reattach: true,
  });
  assert.equal((await later.outcome).kind, 'succeeded');
});

test('a time-out counts from the true start, also for one who attaches later', { skip }, async context => {
  const { hooks, folder, home, clock } = newHooks(context);
  await startAndKill(folder, home, PATIENT);
  clock.forward(59_000);
  const call = callHook(hooks, shellHook(PATIENT, { timeoutMs: 90_000 }), { reattach: true });
  await until('what was said before', () => call.text('out') === 'first\n');
  clock.forward(40_000);
  assert.deepEqual(failureOf(await call.outcome), {
    kind: 'timeout',
    message: 'Hook "deploy" on n1, n2 was stopped: it ran longer than 1.5 min.',
    hint: 'Raise its "timeout" if it needs more.',
  });
  assert.equal(isAlive(readState(home, 'child.json')), false);
  assert.equal(failureOf(await callHook(hooks, shellHook(PATIENT), { reattach: true }).outcome).kind, 'timeout');
});

test('a stop that its process did not live to finish is finished by the next one', { skip }, async context => {
  const { hooks, folder, home } = newHooks(context);
  await startAndKill(folder, home, PATIENT);
  writeFileSync(join(filesOf(home), 'stopped.json'), JSON.stringify({ reason: 'cancelled', atMs: Date.now() }));
  assert.equal(failureOf(await callHook(hooks, shellHook(PATIENT), { reattach: true }).outcome).kind, 'cancelled');
  assert.equal(isAlive(readState(home, 'child.json')), false);
});

test('a supervisor that is told to end asks its hook to end, and writes down how it did', { skip }, async context => {
  const { hooks, folder, home } = newHooks(context);
  const call = callHook(hooks, shellHook(`trap "echo saved; exit 9" TERM; touch started; ${WAIT_FOR_EVER}`));
  await untilFile(join(folder, 'started'));
  await untilFile(join(filesOf(home), 'child.json'));
  process.kill(readState(home, 'pid.json').pid, 'SIGTERM');
  assert.match(failureOf(await call.outcome).message, /exit code 9/);
  assert.equal(call.text('out'), 'saved\n');
});

test(
  'when the supervisor and the shell of a hook were killed, what they had started is stopped, and that is said',
  { skip },
  async context => {
    const { hooks, folder, home } = newHooks(context);
    const call = callHook(hooks, shellHook(`sh -c 'echo $$ > inner; exec sleep 600' & wait`));
    await untilFile(join(folder, 'inner'));
    await untilFile(join(filesOf(home), 'child.json'));
    await until('its number', () => readFileSync(join(folder, 'inner'), 'utf8').endsWith('\n'));
    const inner = pidIn(join(folder, 'inner'));
    process.kill(readState(home, 'pid.json').pid, 'SIGKILL');
    process.kill(readState(home, 'child.json').pid, 'SIGKILL');
    assert.match(failureOf(await call.outcome).message, /its supervisor is gone .* What was left of it was stopped\.$/);
    await until('the end of what the shell had started', () => !isAlive({ pid: inner }));
  },
);

test(
  'what a hook writes is redacted on the disk also when everybody who would have tidied up is dead',
  { skip },
  async context => {
    const { home, folder } = newHooks(context);
    await startAndKill(
      folder,
      home,
      `echo first ${SECRET}, ${VENDOR_KEY}; touch started; echo ${SECRET} >&2; ${WAIT_FOR_GO}; echo last ${SECRET}`,
    );
    process.kill(readState(home, 'pid.json').pid, 'SIGTERM');
    await untilFile(join(filesOf(home), 'exit.json'));
    const log = readFileSync(join(filesOf(home), 'output.log'), 'utf8');
    assert.match(log, /first \[redacted\]/);
    assert.doesNotMatch(log, new RegExp(`${SECRET}|${VENDOR_KEY}`));
  },
);
