// The command that lists nodes: how it is run, and what becomes of its output.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createNodeLists } from '../../../src/adapters/nodeCommand.ts';
import { fail, succeed } from '../../../src/model/failure.ts';
import type { ProgramCall, RunProgram } from '../../../src/model/outside.ts';

const command = { command: ['./list.sh'], directory: 'ops', variables: { A: 'b' }, environment: ['C'], timeoutMs: 9 };

async function list(answer: string | Awaited<ReturnType<RunProgram>>) {
  const calls: ProgramCall[] = [];
  const lists = createNodeLists(call => {
    calls.push(call);
    const bytes = new Uint8Array(Buffer.from(typeof answer === 'string' ? answer : ''));
    return Promise.resolve(typeof answer === 'string' ? succeed({ bytes, cut: 0, status: 0 }) : answer);
  });
  const variables = { BACKSTOP_ENVIRONMENT: 'production' };
  const request = { environment: 'production', command, variables };
  return { calls, listed: await lists.list(request, new AbortController().signal) };
}

test('runs the program as the file says, and reads what it prints', async () => {
  const { calls, listed } = await list('["a"]');
  assert.deepEqual(listed, succeed([{ name: 'a' }]));
  assert.deepEqual(calls, [
    {
      ...command,
      title: 'Nodes of production',
      values: { BACKSTOP_ENVIRONMENT: 'production' },
      withErrors: false,
      mostBytes: 8_388_608,
    },
  ]);
});

test('names the environment and the program in what went wrong', async () => {
  const failure = fail('bad-answer', 'Nodes of production: its program "./list.sh" ended with exit code 1.');
  assert.deepEqual((await list(failure)).listed, failure);
  const empty = await list('');
  assert.ok(!empty.listed.ok);
  assert.equal(empty.listed.failure.message, 'Nodes of production: its program "./list.sh" listed no node.');
  const long = await list(succeed({ bytes: new Uint8Array(Buffer.from('["a"]')), cut: 1, status: 0 }));
  assert.ok(!long.listed.ok);
  assert.match(long.listed.failure.message, /printed more than 8 MB/);
});
