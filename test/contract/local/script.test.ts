// Scripts that measure by themselves: real programs, what they answer, and how they break.
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { test } from 'node:test';
import type { TestContext } from 'node:test';
import fc from 'fast-check';
import { parsePipeline } from '../../../src/definition/parsePipeline.ts';
import { decodeScriptAnswer } from '../../../src/vendors/script/answer.decode.ts';
import { setStage, type Read, type Stage } from './stage.ts';

const program = (body: string, more = ''): string =>
  `{ script: { command: [${process.execPath}, -e, ${JSON.stringify(body)}]${more} } }`;
const ask = (context: TestContext, body: string, more = ''): Promise<Read> =>
  setStage(context, program(body, more)).read();

test('its exit code answers, and its last line says why', async context => {
  const rows = [
    ['console.log("starting\\n20 orders placed")', '', 'pass', '20 orders placed'],
    ['console.log("7 of 20 orders were lost"); process.exitCode = 10', '', 'fail', '7 of 20 orders were lost'],
    ['process.exitCode = 20', '', 'inconclusive', ''],
    ['process.exitCode = 1', ', exitCodes: { fail: 1 }', 'fail', ''],
  ] as const;
  for (const [body, more, outcome, why] of rows) {
    const { answers, failure } = await ask(context, body, more);
    assert.deepEqual([failure, answers.map(one => [one.outcome, one.why])], [undefined, [[outcome, why]]], body);
  }
});

test('a JSON object as the last line answers too', async context => {
  const said = (text: string): Promise<Read> =>
    ask(context, `console.log('noise'); console.log(${JSON.stringify(text)})`);
  const { answers } = await said('{"answer":"inconclusive","reason":"only 3 orders"}');
  assert.deepEqual(
    answers.map(({ outcome, why }) => [outcome, why]),
    [['inconclusive', 'only 3 orders']],
  );
  for (const text of ['{"answer":"good"}', '{}', '{"answer":"pass"']) {
    const broken = await said(text);
    assert.deepEqual(broken.answers, []);
    assert.match(broken.failure!.message, /has no answer that is known/);
  }
});

test('what breaks, or takes too long, is no answer', async context => {
  const broken = await ask(context, 'throw new Error("no connection to the shop")');
  assert.deepEqual(broken.answers, []);
  assert.match(broken.failure!.message, /^Health source "local": its program ".*" ended with exit code 1/);
  const slow = await ask(context, 'setInterval(() => {}, 1000)', ', timeout: 1s');
  assert.match(slow.failure!.message, /took longer than 1 s/);
});

test('it is told what it measures, and has no secret of the environment', async context => {
  const stage = setStage(
    context,
    program(
      'const e = process.env; console.log([e.BACKSTOP_NODES, e.BACKSTOP_OTHER_NODES, e.BACKSTOP_VERSION, ' +
        'e.BACKSTOP_OTHER_VERSION, e.BACKSTOP_PHASE, e.BACKSTOP_SINCE, e.CI_TOKEN, e.SHOP_TOKEN].join("|"))',
      ", variables: { SHOP_TOKEN: '${credential:known}' }",
    ),
    { env: { PATH: process.env['PATH'], CI_TOKEN: 'x' } },
  );
  const { answers } = await stage.read({
    fromMs: Date.UTC(2026, 0, 30, 12),
    measured: {
      ...{ environment: 'production', stage: 'Production', phase: 2, purpose: 'canary', sinceMs: 0 },
      ...{ version: '2.0', otherVersion: '1.9', nodes: ['node-1'], otherNodes: ['node-2', 'node-3'] },
    },
  });
  assert.equal(answers[0]!.why, 'node-1|node-2,node-3|2.0|1.9|2|2026-01-30T12:00:00.000Z||s3cret-value');
});

test('there is no shell unless it is asked for', async context => {
  const without = await ask(context, 'console.log(process.argv.at(-1))', '').then(({ answers }) => answers[0]!.why);
  assert.ok(!without.includes('node-1'));
  const stage = setStage(
    context,
    "{ script: { command: 'echo one; echo $((20 + 2)) orders | tail -n 1', shell: true } }",
  );
  assert.equal((await stage.read()).answers[0]!.why, '22 orders');
});

test('one that is stopped takes its children with it', async context => {
  const stage: Stage = setStage(context, "{ script: { command: 'sleep 1 && touch late & wait', shell: true } }");
  const source = stage.pipeline.healthSources['local']! as { readonly options?: unknown };
  const stop = new AbortController();
  const { command, shell, directory, variables, environment } = source.options as never as Readonly<
    Record<'command' | 'environment', readonly string[]>
  > & { readonly shell: boolean; readonly directory: string; readonly variables: Readonly<Record<string, string>> };
  const running = stage.outside.machine!.runProgram(
    {
      ...{ title: 'x', command, shell, directory, variables, environment, values: {} },
      ...{ timeoutMs: 10_000, withErrors: false, mostBytes: 1_000 },
    },
    stop.signal,
  );
  await setTimeout(100);
  stop.abort();
  assert.equal((await running).ok, false);
  await setTimeout(1_200);
  assert.ok(!existsSync(join(stage.folder, 'late')));
});

test('what does not fit together is refused with its place', () => {
  const problemsOf = (script: string): readonly string[] =>
    parsePipeline(
      `version: 1
service: shop
environments: { production: { nodes: [a, b] } }
hooks: { deploy: { command: [./deploy.sh] }, rollback: { command: [./rollback.sh] } }
healthSources: { checkout: { script: ${script} } }
stages:
  - { stage: P, environment: production, canary: { deploy: deploy, rollback: rollback, phases: [{ nodes: 50% }] } }
`,
      'shop.yaml',
    )
      .problems.filter(({ severity }) => severity === 'error')
      .map(({ message }) => message);
  assert.deepEqual(problemsOf('{ command: [./measure.sh] }'), []);
  assert.match(problemsOf('{ command: ./measure.sh }').join(), /is a list of the program and its arguments/);
  assert.match(problemsOf('{ command: [a], shell: true }').join(), /With `shell: true` the command is one text/);
  assert.match(problemsOf('{ command: [a], exitCodes: { fail: 20 } }').join(), /An exit code says one thing/);
  assert.match(problemsOf('{ command: [a], exitCodes: { fail: 0 } }').join(), /fail/);
  assert.match(problemsOf('{}').join(), /command/);
});

test('whatever it prints, there is one answer or one failure, never a pass by mistake', () => {
  const status = fc.constantFrom(0, 10, 20);
  const line = fc.oneof(
    fc.string(),
    fc.json(),
    fc.constantFrom('{"answer":"pass"}', '{"answer":null}', '{"reason":{}}'),
  );
  fc.assert(
    fc.property(fc.array(line), fc.uint8Array(), status, (lines, noise, code) => {
      const bytes = new Uint8Array(Buffer.concat([Buffer.from(noise), Buffer.from(`\n${lines.join('\n')}\n`)]));
      const context = { source: 's', program: 'p', status: code, failCode: 10, atMs: 5 };
      const decoded = decodeScriptAnswer(bytes, context);
      if (!decoded.ok) return decoded.failure.kind === 'bad-answer' && code === 0;
      const [{ outcome, why, atMs } = { outcome: 'none', why: '', atMs: 0 }] = decoded.value.answers ?? [];
      assert.ok(atMs === 5 && typeof why === 'string' && why.length <= 500);
      if (code !== 0) assert.equal(outcome, code === 10 ? 'fail' : 'inconclusive');
      return ['pass', 'fail', 'inconclusive'].includes(outcome);
    }),
  );
});
