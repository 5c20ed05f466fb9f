// A command hook is told what to do, heard while it runs, and its end is said in words.
import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { environmentCredentials } from '../../../../src/vendors/transport/credentials.ts';
import { programFailure } from '../../../../src/adapters/hooks/hookProgram.ts';
import { createHooks } from '../../../../src/adapters/hooks/hooks.ts';
import { createRedactor } from '../../../../src/model/redact.ts';
import type { Failure } from '../../../../src/model/failure.ts';
import type { HookOutcome } from '../../../../src/model/runs/runEvents.ts';
import {
  callHook,
  filesOf,
  newHooks,
  readState,
  SECRET,
  shellHook,
  until,
  untilFile,
  WAIT_FOR_GO,
} from './hooksFixture.ts';

const skip = process.platform === 'win32';

function failureOf(outcome: HookOutcome): Failure {
  assert.equal(outcome.kind, 'failed');
  return (outcome as HookOutcome & { kind: 'failed' }).failure;
}

test(
  'a hook that ends well succeeds, with its last line as detail, and its output in order',
  { skip },
  async context => {
    const { hooks } = newHooks(context);
    const call = callHook(hooks, shellHook('echo one; echo two >&2; printf three'));
    const outcome = await call.outcome;
    assert.deepEqual({ ...outcome, durationMs: 0 }, { kind: 'succeeded', durationMs: 0, detail: 'three' });
    assert(outcome.durationMs > 0 && outcome.durationMs < 20_000);
    assert.deepEqual([call.text('out'), call.text('err')], ['one\nthree\n', 'two\n']);
  },
);

test('output is heard while the hook still runs, in whole lines', { skip }, async context => {
  const { hooks, folder } = newHooks(context);
  const call = callHook(hooks, shellHook(`printf "first\\nsec"; ${WAIT_FOR_GO}; printf "ond\\n"`));
  await until('the first line', () => call.text('out') === 'first\n');
  writeFileSync(join(folder, 'go'), '');
  assert.equal((await call.outcome).kind, 'succeeded');
  assert.deepEqual(call.pieces, [
    ['out', 'first\n'],
    ['out', 'second\n'],
  ]);
});

test('a hook that fails says with which code, on which nodes, and what it said last', { skip }, async context => {
  const { hooks, home } = newHooks(context);
  const failure = failureOf(
    await callHook(hooks, shellHook('echo starting; echo "no space left" >&2; exit 3')).outcome,
  );
  assert.deepEqual(failure, {
    kind: 'hook-failed',
    message: 'Hook "deploy" on n1, n2 failed with exit code 3.',
    cause: 'no space left',
    hint: `Its whole output is in ${join(filesOf(home), 'output.log')}.`,
  });
});

test('a hook that is killed from outside says by what', { skip }, async context => {
  const { hooks } = newHooks(context);
  assert.equal(
    failureOf(await callHook(hooks, shellHook('kill -9 $$')).outcome).message,
    'Hook "deploy" on n1, n2 was ended by SIGKILL.',
  );
});

test(
  'arguments are passed as they are, but for BACKSTOP placeholders, and no shell reads them',
  { skip },
  async context => {
    const { hooks } = newHooks(context);
    const command = [
      process.execPath,
      '-e',
      'console.log(JSON.stringify(process.argv.slice(1)))',
      '--',
      '${BACKSTOP_VERSION}',
      'v=${BACKSTOP_VERSION}/${BACKSTOP_VERSION}',
      '$HOME `id` ${HOME} "quoted" *',
      '${OTHER}',
      '',
    ];
    const variables = { BACKSTOP_VERSION: '$(touch pwned) "; ${BACKSTOP_X} $&' };
    const call = callHook(hooks, shellHook('', { command, shell: false }), { variables });
    assert.equal((await call.outcome).kind, 'succeeded');
    const version = variables.BACKSTOP_VERSION;
    assert.deepEqual(JSON.parse(call.text('out')), [
      version,
      `v=${version}/${version}`,
      '$HOME `id` ${HOME} "quoted" *',
      '${OTHER}',
      '',
    ]);
  },
);

test('a shell gets variables from its environment, so that a value is never code', { skip }, async context => {
  const { hooks, folder } = newHooks(context);
  const call = callHook(hooks, shellHook('echo "${BACKSTOP_VERSION}"'), {
    variables: { BACKSTOP_VERSION: '$(touch pwned); `touch pwned`' },
  });
  await call.outcome;
  assert.equal(call.text('out'), '$(touch pwned); `touch pwned`\n');
  assert.deepEqual(readdirSync(folder), []);
});

test('a placeholder that nothing sets stops the hook before it starts', { skip }, async context => {
  const { hooks, home } = newHooks(context);
  const failure = failureOf(
    await callHook(
      hooks,
      shellHook('', { command: ['touch', '${BACKSTOP_VERSOIN}', '${BACKSTOP_NODE}'], shell: false }),
    ).outcome,
  );
  assert.deepEqual(failure, {
    kind: 'invalid',
    message:
      'Hook "deploy" could not be started: its command names ${BACKSTOP_VERSOIN}, ${BACKSTOP_NODE}, ' +
      'which this run does not set.',
    hint: 'It sets BACKSTOP_VERSION.',
  });
  assert.deepEqual(readdirSync(home), []);
});

test(
  "a hook sees what is listed and what it names of our environment, its own variables and the run's, which win; " +
    'never a credential it does not name',
  { skip },
  async context => {
    const env = {
      PATH: process.env['PATH'],
      LC_ALL: 'C',
      KUBECONFIG: 'named',
      GITHUB_TOKEN: 'ghp',
      AWS_SECRET_ACCESS_KEY: 'aws',
      BACKSTOP_HOME: '/home',
      BACKSTOP_CREDENTIAL_NEW_RELIC: SECRET,
      backstop_credential_x: 'y',
      BACKSTOP_CREDENTIAL_REGISTRY: 'registry-pass',
      NODE_OPTIONS: '--no-deprecation',
      ELECTRON_RUN_AS_NODE: '1',
    };
    const { hooks, home } = newHooks(context, env);
    const hook = shellHook('', {
      command: [
        process.execPath,
        '-p',
        'JSON.stringify({ ...process.env, TOKEN: process.env.TOKEN.split("").reverse().join("") })',
      ],
      shell: false,
      environment: ['KUBECONFIG', 'BACKSTOP_CREDENTIAL_NEW_RELIC', 'NOT_SET'],
      variables: { MINE: 'mine', BACKSTOP_VERSION: 'lost', TOKEN: 'user:${credential:registry}', NODE_DEBUG_X: '1' },
    });
    const call = callHook(hooks, hook, { variables: { BACKSTOP_VERSION: '1.2.0', ZONE: 'eu' } });
    assert.equal((await call.outcome).kind, 'succeeded');
    const seen = JSON.parse(call.text('out')) as Record<string, string>;
    assert.deepEqual(
      Object.fromEntries(Object.entries(seen).filter(([name]) => !['PATH', 'PWD', 'SHLVL', '_'].includes(name))),
      {
        LC_ALL: 'C',
        KUBECONFIG: 'named',
        MINE: 'mine',
        TOKEN: 'ssap-yrtsiger:resu',
        BACKSTOP_VERSION: '1.2.0',
        ZONE: 'eu',
        NODE_DEBUG_X: '1',
      },
    );
    assert(!readFileSync(join(filesOf(home), 'request.json'), 'utf8').includes('registry-pass'));
  },
);

test('a credential that is not set stops the hook before it starts', { skip }, async context => {
  const { hooks } = newHooks(context, {});
  const failure = failureOf(
    await callHook(hooks, shellHook('true', { variables: { TOKEN: '${credential:registry}' } })).outcome,
  );
  assert.deepEqual(
    [failure.kind, failure.message],
    ['unauthorized', 'Hook "deploy" could not be started: The credential "registry" is not set.'],
  );
  assert.match(failure.hint!, /BACKSTOP_CREDENTIAL_REGISTRY/);
});

test(
  'secrets are redacted in what is heard, in failures, and in what stays on the disk, ' +
    'even when they come in two pieces',
  { skip },
  async context => {
    const { hooks, folder, home } = newHooks(context);
    const [start, end] = [SECRET.slice(0, 6), SECRET.slice(6)];
    const call = callHook(
      hooks,
      shellHook(
        `printf 'password ${start}'; ${WAIT_FOR_GO}; printf '${end} end\\n'; echo ${btoa(SECRET)}; ` +
          `echo 'is ${SECRET}' >&2; exit 1`,
      ),
    );
    await untilFile(join(folder, 'alive'));
    assert.doesNotMatch(readFileSync(join(filesOf(home), 'output.log'), 'latin1'), new RegExp(start));
    writeFileSync(join(folder, 'go'), '');
    assert.equal(failureOf(await call.outcome).cause, 'is [redacted]');
    assert.equal(call.text('out'), 'password [redacted] end\n[redacted]\n');
    const log = readFileSync(join(filesOf(home), 'output.log'), 'utf8');
    assert.match(log, /password \[redacted\] end/);
    assert(!log.includes(SECRET) && !log.includes(start));
  },
);

test('what lies on the disk is for its owner alone', { skip }, async context => {
  const { hooks, home } = newHooks(context);
  await callHook(hooks, shellHook('echo x')).outcome;
  const files = readdirSync(filesOf(home)).sort();
  assert.deepEqual(files, ['child.json', 'exit.json', 'output.log', 'pid.json', 'request.json', 'supervisor.log']);
  assert.deepEqual(
    files.map(file => statSync(join(filesOf(home), file)).mode & 0o777),
    files.map(() => 0o600),
  );
  assert.equal(statSync(filesOf(home)).mode & 0o777, 0o700);
  assert.equal(readFileSync(join(filesOf(home), 'supervisor.log'), 'utf8'), '');
});

test('a program that is not there, or not executable, is named with what to do', { skip }, async context => {
  const { hooks, folder } = newHooks(context);
  writeFileSync(join(folder, 'deploy.sh'), '#!/bin/sh\n', { mode: 0o644 });
  const ask = async (command: string[], key: string): Promise<Failure> => {
    const { outcome } = callHook(hooks, shellHook('', { command, shell: false }), { runId: key });
    return failureOf(await outcome);
  };
  const [missing, sentence, notExecutable] = await Promise.all([
    ask(['no-such-program', 'x'], 'a'),
    ask(['echo hello world'], 'b'),
    ask(['./deploy.sh'], 'c'),
  ]);
  assert.equal(
    missing!.message,
    'Hook "deploy" on n1, n2 could not be started: there is no program "no-such-program".',
  );
  assert.match(missing!.hint!, /PATH/);
  assert.match(sentence!.hint!, /as a list, or set "shell: true"/);
  assert.match(notExecutable!.hint!, /chmod \+x/);
});

test('a hook runs in its folder of the workspace, which must be there', { skip }, async context => {
  const { hooks, folder } = newHooks(context);
  mkdirSync(join(folder, 'deploy'));
  const call = callHook(hooks, shellHook('pwd', { directory: 'deploy' }));
  await call.outcome;
  assert.equal(call.text('out').trim().endsWith(join(folder, 'deploy')), true);
  const failure = failureOf(
    await callHook(hooks, shellHook('pwd', { directory: 'deplyo' }), { runId: 'other' }).outcome,
  );
  assert.match(failure.message, /its folder .*deplyo does not exist/);
});

test(
  '100 MB of output neither blocks the hook nor is kept; its beginning and its end are',
  { skip, timeout: 60_000 },
  async context => {
    const { hooks, home } = newHooks(context);
    const script =
      'const line = "y".repeat(99) + "\\n", piece = line.repeat(1000); console.log("begin"); let i = 0; ' +
      '(function next() { while (i++ < 1000) if (!process.stdout.write(piece)) return ' +
      'process.stdout.once("drain", next); console.log("end"); process.exitCode = 4; })()';
    const call = callHook(hooks, shellHook('', { command: [process.execPath, '-e', script], shell: false }));
    const failure = failureOf(await call.outcome);
    const text = call.text('out');
    assert(text.startsWith('begin\nyyy') && text.endsWith('yyy\nend\n'));
    assert(text.length > 10_000_000 && text.length < 11_000_000, String(text.length));
    assert(statSync(join(filesOf(home), 'output.log')).size < 11_000_000);
    assert.match(call.text('err'), /^\n?\[(\d+) bytes of output were not kept here\]\n$/);
    assert(failure.cause!.length <= 2_000);
  },
);

test('one line without an end is heard as its beginning and its length', { skip, timeout: 60_000 }, async context => {
  const { hooks } = newHooks(context);
  const call = callHook(hooks, shellHook('head -c 5000000 /dev/zero | tr "\\0" x; echo; echo next'));
  await call.outcome;
  const [line, next] = call.text('out').split('\n');
  assert.match(line!, /^x{16384} \[\.\.\. 4983616 more characters\]$/);
  assert.equal(next, 'next');
});

test('output that is no UTF-8 is heard as well as it can be', { skip }, async context => {
  const { hooks } = newHooks(context);
  const call = callHook(hooks, shellHook("printf 'a\\377b\\303\\274\\r\\n'"));
  await call.outcome;
  assert.equal(call.text('out'), 'a\ufffdbü\n');
});

test(
  'a background process that holds the output open does not hold up the end of the hook',
  { skip },
  async context => {
    const { hooks, folder } = newHooks(context);
    const call = callHook(
      hooks,
      shellHook('sh -c "echo \\$\\$ > daemon; exec sleep 60" & echo done; while [ ! -s daemon ]; do sleep 0.02; done'),
    );
    await untilFile(join(folder, 'daemon'));
    const outcome = await call.outcome;
    process.kill(Number(readFileSync(join(folder, 'daemon'), 'utf8')), 'SIGKILL');
    assert.deepEqual([outcome.kind, call.text('out')], ['succeeded', 'done\n']);
  },
);

test('the files say who ran the hook and how it ended', { skip }, async context => {
  const { hooks, home } = newHooks(context);
  await callHook(hooks, shellHook('exit 7')).outcome;
  const exit = readState(home, 'exit.json');
  assert.deepEqual([exit['exitCode'], exit['signal']], [7, null]);
  assert((exit['startedAtMs'] as number) <= (exit['endedAtMs'] as number));
});

test(
  'HTTP and Jenkins hooks go to those who know them, and trouble with our own folder is a failure, not a throw',
  { skip },
  async context => {
    const { folder, home, clock } = newHooks(context);
    writeFileSync(join(home, 'hooks'), 'a file where a folder should be');
    const answer = (detail: string) => (): Promise<HookOutcome> =>
      Promise.resolve({ kind: 'succeeded', durationMs: 1, detail });
    const hooks = createHooks({
      folder,
      home,
      clock,
      env: {},
      supervisorPath: 'none',
      execPath: process.execPath,
      credentials: environmentCredentials({}),
      redact: createRedactor([]),
      secrets: () => [],
      runHttp: answer('http'),
      runJob: answer('job'),
    });
    const common = { name: 'deploy', timeoutMs: 60_000, retry: shellHook('').retry, nodes: 'each' } as const;
    const http = callHook(hooks, {
      ...common,
      kind: 'http',
      method: 'POST',
      url: 'http://localhost',
      headers: {},
      expectStatus: [200],
    });
    const job = callHook(hooks, {
      ...common,
      kind: 'job',
      vendor: 'any',
      title: 'Any',
      connection: 'ci',
      job: 'deploy',
      parameters: {},
    });
    assert.deepEqual(
      (await Promise.all([http.outcome, job.outcome])).map(outcome => 'detail' in outcome && outcome.detail),
      ['http', 'job'],
    );
    const failure = failureOf(await callHook(hooks, shellHook('true')).outcome);
    assert.deepEqual([failure.kind, failure.message], ['store', `Hook "deploy" could not be followed in ${home}.`]);
  },
);

test(
  'a script whose interpreter is missing, or that has Windows line ends, is said by name, ' +
    'before it runs and when it does',
  { skip },
  async context => {
    const { hooks, folder } = newHooks(context);
    const scripts = {
      'gone.sh': '#!/opt/nowhere/sh\necho x\n',
      'env.sh': '#!/usr/bin/env no-such-shell\necho x\n',
      'crlf.sh': '#!/bin/sh\r\necho x\r\n',
      'env-crlf.sh': '#!/usr/bin/env sh\r\necho x\r\n',
      'plain.sh': '#!/bin/sh\necho x\n',
    };
    for (const [name, text] of Object.entries(scripts)) writeFileSync(join(folder, name), text, { mode: 0o755 });
    writeFileSync(join(folder, 'flat.sh'), '#!/bin/sh\n', { mode: 0o644 });
    const said: Record<string, RegExp | undefined> = {
      './gone.sh': /names the interpreter "\/opt\/nowhere\/sh" in its first line, which is not installed/,
      './env.sh': /names the interpreter "no-such-shell" in its first line/,
      './crlf.sh': /the first line of ".\/crlf.sh" ends with a carriage return \(CRLF\)/,
      './env-crlf.sh': /ends with a carriage return \(CRLF\)/,
      './flat.sh': /cannot be run: it is not executable/,
      './none.sh': /there is no program ".\/none.sh"/,
      'no-such-program': /there is no program "no-such-program"/,
      './plain.sh': undefined,
      sh: undefined,
    };
    for (const [program, expected] of Object.entries(said)) {
      const hook = shellHook('', { command: [program, '-c', 'true'], shell: false });
      const before = programFailure(hook, folder, process.env['PATH']!);
      if (!expected) {
        assert.equal(before, undefined);
        continue;
      }
      assert.match(before!.message, /^Hook "deploy" cannot be started: /);
      assert.match(before!.message, expected);
      const outcome = await callHook(hooks, hook, { runId: `run-${Object.keys(said).indexOf(program)}` }).outcome;
      const failure = failureOf(outcome);
      assert.match(failure.message, /^Hook "deploy" on n1, n2 could not be started: /);
      assert.match(failure.message, expected);
    }
  },
);
