// What is asked again, when, and what never is.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Http, HttpResult } from '../../../../src/model/outside.ts';
import { ask, retryAfterMs } from '../../../../src/vendors/transport/httpRetry.ts';
import { createVirtualClock } from '../../../fakes/virtualClock.ts';

type Step = { readonly status: number; readonly retryAfter?: string } | { readonly lost: 'before' | 'after' };

function answering(...steps: readonly Step[]): { readonly http: Http; readonly count: () => number } {
  let asked = 0;
  return {
    count: () => asked,
    http: {
      async request(): Promise<HttpResult> {
        const step = steps[Math.min(asked++, steps.length - 1)]!;
        if ('lost' in step)
          return { ok: false, failure: { kind: 'unreachable', message: 'lost' }, sent: step.lost === 'after' };
        return {
          ok: true,
          value: {
            status: step.status,
            headers: step.retryAfter === undefined ? {} : { 'retry-after': step.retryAfter },
            cookies: [],
            bytes: new TextEncoder().encode('body'),
          },
        };
      },
    },
  };
}

let random = 0;
async function outcome(
  repeatable: boolean,
  ...steps: readonly Step[]
): Promise<{ readonly result: string; readonly asked: number; readonly waitedMs: number }> {
  const clock = createVirtualClock();
  const startMs = clock.now();
  const { http, count } = answering(...steps);
  const question = {
    request: { method: 'POST', url: 'http://host/' } as const,
    what: 'Thing',
    repeatable,
    deadlineMs: startMs + 30_000,
  };
  const result = await clock.drive(
    ask({ http, clock, redact: text => text, random: () => random }, question, new AbortController().signal),
  );
  return {
    result: result.ok ? String(result.value.status) : result.failure.kind,
    asked: count(),
    waitedMs: clock.now() - startMs,
  };
}

test('throttled and failing answers are asked again with growing pauses', async () => {
  assert.deepEqual(await outcome(true, { status: 500 }, { status: 429 }, { status: 502 }, { status: 200 }), {
    result: '200',
    asked: 4,
    waitedMs: 250 + 500 + 1000,
  });
});

test('Retry-After decides the pause', async () => {
  assert.deepEqual(
    await outcome(true, { status: 429, retryAfter: '3' }, { status: 503, retryAfter: '2' }, { status: 200 }),
    { result: '200', asked: 3, waitedMs: 5_000 },
  );
});

test('every pause is spread by chance, never below what the server asked for', async context => {
  context.after(() => {
    random = 0;
  });
  random = 0.999;
  assert.deepEqual(await outcome(true, { status: 429, retryAfter: '4' }, { status: 408 }, { status: 200 }), {
    result: '200',
    asked: 3,
    waitedMs: 4_999 + 312,
  });
});

test('a pause beyond the deadline is not begun', async () => {
  assert.deepEqual(await outcome(true, { status: 429, retryAfter: '60' }), {
    result: 'rate-limited',
    asked: 1,
    waitedMs: 0,
  });
});

test('it gives up after four tries without a word when to come back', async () => {
  assert.deepEqual(await outcome(true, { status: 503 }), { result: 'unreachable', asked: 4, waitedMs: 1_750 });
});

test('what must not be done twice is asked again only when it surely was not done', async () => {
  assert.equal((await outcome(false, { lost: 'after' }, { status: 200 })).result, 'unreachable');
  assert.equal((await outcome(false, { status: 500 }, { status: 200 })).result, 'unreachable');
  assert.equal((await outcome(false, { status: 503 }, { status: 200 })).result, 'unreachable');
  assert.equal((await outcome(false, { lost: 'before' }, { status: 200 })).result, '200');
  assert.equal((await outcome(false, { status: 429 }, { status: 200 })).result, '200');
});

test('a refusal is final', async () => {
  assert.deepEqual(await outcome(true, { status: 401 }), { result: 'unauthorized', asked: 1, waitedMs: 0 });
  assert.deepEqual(await outcome(true, { status: 400 }), { result: 'invalid', asked: 1, waitedMs: 0 });
});

test('Retry-After is read as seconds or as a date', () => {
  const at = (value: string) =>
    retryAfterMs(
      { status: 429, headers: { 'retry-after': value }, cookies: [], bytes: new Uint8Array() },
      Date.UTC(2026, 0, 1),
    );
  assert.deepEqual(['120', '0', 'Thu, 01 Jan 2026 00:00:09 GMT', 'Wed, 31 Dec 2025 00:00:00 GMT', 'soon', ''].map(at), [
    120_000,
    0,
    9_000,
    0,
    undefined,
    undefined,
  ]);
});
