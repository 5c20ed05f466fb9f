// From New Relic's log events to lines: what the agent put beside the line is part of it, and a line read twice has one
// id.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { decodeNewRelicLogs } from '../../../../src/vendors/newRelic/logs.decode.ts';

const context = { nodeAttribute: 'hostname', messageAttribute: 'message' };
function decode(answer: unknown, more: Partial<typeof context> = {}) {
  return decodeNewRelicLogs(new TextEncoder().encode(JSON.stringify(answer)), { ...context, ...more });
}
const answer = (rows: readonly unknown[]) => ({ data: { actor: { account: { lines: { results: rows } } } } });
function linesOf(rows: readonly unknown[], more: Partial<typeof context> = {}) {
  const decoded = decode(answer(rows), more);
  assert.ok(decoded.ok);
  return decoded.value.lines!;
}
const event = (more: object = {}) => ({
  timestamp: 5,
  hostname: 'a',
  messageId: 'm1',
  message: 'cart loaded',
  ...more,
});

test('a line has its time, node, text and id; rows are counted as they were sent', () => {
  assert.deepEqual(
    decode(
      answer([
        event(),
        { hostname: 'a', message: 'no time' },
        event({ hostname: 7 }),
        event({ message: '' }),
        'nonsense',
      ]),
    ),
    { ok: true, value: { rows: 5, lines: [{ atMs: 5, node: 'a', text: 'cart loaded', id: 'm1' }] } },
  );
});

test('the level beside the line is put before it, unless the line tells it', () => {
  const texts = (level: string, message: string) => linesOf([event({ level, message })])[0]!.text;
  assert.deepEqual(
    [texts('error', 'boom'), texts('WARN', '2026-11-23 WARN [x] slow'), texts('UNKNOWN', 'x'), texts('a b', 'x')],
    ['ERROR boom', '2026-11-23 WARN [x] slow', 'x', 'x'],
  );
});

test('what was thrown is told once: with its stack, without one, and also where there is no message', () => {
  const thrown = {
    'error.class': 'java.io.IOException',
    'error.message': 'broken pipe',
    'error.stack': 'java.io.IOException: broken pipe\n\tat a.B.c(B.java:1)',
  };
  const texts = (more: object) => linesOf([event(more)])[0]!.text;
  assert.equal(texts(thrown), `cart loaded\n${thrown['error.stack']}`);
  assert.equal(
    texts({ ...thrown, 'error.stack': '\tat a.B.c(B.java:1)' }),
    'cart loaded\njava.io.IOException: broken pipe\n\tat a.B.c(B.java:1)',
  );
  assert.equal(texts({ ...thrown, 'error.stack': undefined, message: undefined }), 'java.io.IOException: broken pipe');
  assert.equal(
    texts({ ...thrown, message: 'java.io.IOException: broken pipe\n\tat x' }),
    'java.io.IOException: broken pipe\n\tat x',
  );
});

test('events without an id get one that is the same whenever the window is read, and their own each', () => {
  const rows = [
    event({ messageId: undefined }),
    event({ messageId: undefined }),
    event({ messageId: undefined, timestamp: 6 }),
  ];
  const ids = linesOf(rows).map(line => line.id);
  assert.equal(new Set(ids).size, 3);
  assert.deepEqual(
    linesOf(rows).map(line => line.id),
    ids,
  );
});

test('another attribute may bear the line', () => {
  assert.equal(
    linesOf([{ timestamp: 1, pod: 'p', log: 'x' }], { nodeAttribute: 'pod', messageAttribute: 'log' })[0]!.text,
    'x',
  );
});

test('errors with HTTP 200, and answers without results, are failures', () => {
  const kinds = [
    { errors: [{ message: 'slow', extensions: { errorClass: 'TIMEOUT' } }] },
    answer(null as never),
    {},
    { data: null },
  ].map(one => {
    const decoded = decode(one);
    return decoded.ok ? 'lines' : decoded.failure.kind;
  });
  assert.deepEqual(kinds, ['timeout', 'bad-answer', 'bad-answer', 'bad-answer']);
});

test('whatever the rows hold, it never throws', () => {
  fc.assert(
    fc.property(
      fc.array(
        fc.oneof(
          fc.jsonValue(),
          fc.dictionary(
            fc.constantFrom('timestamp', 'hostname', 'message', 'messageId', 'level', 'error.class', '__proto__'),
            fc.jsonValue(),
          ),
        ),
      ),
      rows => {
        const decoded = decode(answer(rows));
        assert.ok(decoded.ok && decoded.value.rows === rows.length);
      },
    ),
  );
});
