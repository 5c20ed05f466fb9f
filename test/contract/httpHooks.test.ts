// The contract of HTTP hooks: a call ends as it was answered, is sent once, and shows its answer without secrets.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Hook } from '../../src/model/hook.ts';
import type { HttpRequest, HttpResult } from '../../src/model/outside.ts';
import { runHttpHook } from '../../src/vendors/transport/httpHook.ts';
import { createVirtualClock } from '../fakes/virtualClock.ts';
import { credentials } from './faults/vendors.ts';
import { common, kindOf, requestOf } from './hookRequest.ts';

type HttpHook = Hook & { kind: 'http' };
async function runHttp(
  hook: Partial<HttpHook>,
  answer: HttpResult | Partial<(HttpResult & { ok: true })['value']> = {},
) {
  const sent: HttpRequest[] = [],
    output: string[] = [];
  const result: HttpResult =
    'ok' in answer
      ? answer
      : { ok: true, value: { status: 200, headers: {}, cookies: [], bytes: new Uint8Array(), ...answer } };
  const http = {
    request: async (request: HttpRequest) => {
      sent.push(request);
      return result;
    },
  };
  const whole: HttpHook = {
    ...common,
    kind: 'http',
    name: 'go',
    method: 'POST',
    url: 'https://deploy.example/go',
    headers: {},
    expectStatus: [],
    ...hook,
  };
  const outcome = await runHttpHook(
    { http, clock: createVirtualClock(), credentials },
    requestOf(whole, output),
    new AbortController().signal,
  );
  return { outcome, sent, output: output.join('') };
}

test('an HTTP hook without a body sends its BACKSTOP_ variables, with a key that stays the same', async () => {
  const { outcome, sent } = await runHttp({ credential: 'hook' });
  assert.equal(outcome.kind, 'succeeded');
  assert.equal(sent.length, 1);
  assert.deepEqual(JSON.parse(sent[0]!.body!), {
    BACKSTOP_VERSION: '1.2 "rc"',
    BACKSTOP_NODES: 'prod-1,prod-2',
    BACKSTOP_RUN: 'run-1',
  });
  assert.deepEqual(sent[0]!.headers, {
    'Content-Type': 'application/json',
    'Idempotency-Key': 'run-1/prod/1/deploy/go/prod-1#1',
    Authorization: 'Bearer hookTOKENsecret',
  });
});

test('placeholders are encoded for where they land', async () => {
  const json = await runHttp({
    url: 'https://deploy.example/${BACKSTOP_VERSION}?n=${BACKSTOP_NODES}',
    headers: { 'X-Nodes': '${BACKSTOP_NODES}' },
    body: '{"v": "${BACKSTOP_VERSION}", "s": "${SECRET_FLAG}"}',
  });
  assert.equal(json.sent[0]!.url, 'https://deploy.example/1.2%20%22rc%22?n=prod-1%2Cprod-2');
  assert.equal(json.sent[0]!.headers!['X-Nodes'], 'prod-1,prod-2');
  assert.deepEqual(JSON.parse(json.sent[0]!.body!), { v: '1.2 "rc"', s: '${SECRET_FLAG}' });
  const form = await runHttp({
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: 'v=${BACKSTOP_VERSION}',
  });
  assert.equal(form.sent[0]!.body, 'v=1.2%20%22rc%22');
  const plain = await runHttp({ headers: { 'Content-Type': 'text/plain' }, body: 'v=${BACKSTOP_VERSION}' });
  assert.equal(plain.sent[0]!.body, 'v=1.2 "rc"');
});

test('an HTTP hook is judged by its status, and its answer is shown, bounded and redacted', async () => {
  const bytes = new TextEncoder().encode(`token hookTOKENsecret\n${'x'.repeat(200_000)}`);
  const failed = await runHttp({ credential: 'hook' }, { status: 500, bytes });
  assert.equal(kindOf(failed.outcome), 'hook-failed');
  assert.match(JSON.stringify(failed.outcome), /answered with HTTP 500; expected 200 to 299/);
  assert.doesNotMatch(failed.output + JSON.stringify(failed.outcome), /hookTOKENsecret/);
  assert.match(failed.output, /^token \[redacted\]\nx+\n\(\d+ more bytes\)\n$/);
  assert.ok(failed.output.length < 20_000);
  assert.equal((await runHttp({ expectStatus: [409] }, { status: 409 })).outcome.kind, 'succeeded');
  assert.equal(kindOf((await runHttp({ expectStatus: [409] }, { status: 200 })).outcome), 'hook-failed');
  assert.equal(kindOf((await runHttp({}, { status: 302 })).outcome), 'hook-failed');
});

test('an HTTP hook is sent once and its failure says what failed', async () => {
  const { outcome, sent } = await runHttp(
    {},
    {
      ok: false,
      failure: { kind: 'unreachable', message: 'https://deploy.example dropped the connection.' },
      sent: true,
    },
  );
  assert.equal(sent.length, 1);
  assert.deepEqual(outcome, {
    kind: 'failed',
    durationMs: 0,
    failure: { kind: 'unreachable', message: 'Hook "go": https://deploy.example dropped the connection.' },
  });
});

test('an HTTP hook that cannot be written is not sent', async () => {
  for (const hook of [
    { url: 'https://deploy.example/${BACKSTOP_NOPE}' },
    { headers: { X: 'a\nb' } },
    { credential: 'missing' },
  ]) {
    const { outcome, sent } = await runHttp(hook);
    assert.equal(outcome.kind, 'failed');
    assert.deepEqual(sent, []);
  }
});
