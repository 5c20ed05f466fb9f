// An error that is put into a log looks as if the log's own program had written it.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { headerOf, linesOfError } from '../../bench/logs/errorLines.ts';

const headers: readonly (readonly [line: string, header: string])[] = [
  [
    '2026-01-02 03:04:05,678 INFO  [main] shop.Cart:12 - order 5 placed',
    '2026-01-02 03:04:05,678 ERROR  [main] shop.Cart:12 - ',
  ],
  [
    'INFO  [Flush:3] 2026-01-02 03:04:05,678 Table.java:38 - done',
    'ERROR  [Flush:3] 2026-01-02 03:04:05,678 Table.java:38 - ',
  ],
  ['Jan  2 03:04:05 web-1 shop[41]: order 5 placed', 'Jan  2 03:04:05 web-1 shop[41]: '],
  ['I0102 03:04:05.678901   4102 cart.go:12] order 5 placed', 'E0102 03:04:05.678901   4102 cart.go:12] '],
  [
    'Jan  2 03:04:05 web-1 kubelet[41]: I0102 03:04:05.678901   4102 cart.go:12] placed',
    'Jan  2 03:04:05 web-1 kubelet[41]: E0102 03:04:05.678901   4102 cart.go:12] ',
  ],
  ['2026-01-02 03:04:05.678 [info] <0.1.0> accepted', '2026-01-02 03:04:05.678 [error] '],
  [
    'Jan  2 03:04:05 db postgres[9]: [4-1] user=a LOG:  duration: 5 ms',
    'Jan  2 03:04:05 db postgres[9]: [4-1] user=a ERROR:  ',
  ],
  ['10.0.0.1 - - [02/Jan/2026:03:04:05 +0000] "GET / HTTP/1.1" 200 12', ''],
  ['a line without any header', ''],
];
for (const [line, header] of headers) {
  test(`the header of “${line.slice(0, 60)}”`, () => assert.equal(headerOf(line), header));
}

const error = { name: 'x', text: 'disk {number} is full\n  at write' };
const draw = () => 7;

test('a trace follows its message on lines of its own', () => {
  assert.deepEqual(linesOfError(error, '2026-01-02 03:04:05 WARN shop - slow', draw), [
    '2026-01-02 03:04:05 ERROR shop - disk 1007 is full',
    '  at write',
  ]);
});

test('in an object it is the innermost message, and every level around it is raised', () => {
  const like = { level: 'info', msg: 'record', record: { error_severity: 'LOG', message: 'checkpoint' } };
  assert.deepEqual(linesOfError(error, JSON.stringify(like), draw), [
    JSON.stringify({
      level: 'error',
      msg: 'record',
      record: { error_severity: 'ERROR', message: 'disk 1007 is full\n  at write' },
    }),
  ]);
  assert.deepEqual(linesOfError(error, '{"level":30,"msg":"ok"}', draw), [
    '{"level":50,"msg":"disk 1007 is full\\n  at write"}',
  ]);
});

test('among pairs it is the quoted msg', () => {
  assert.deepEqual(linesOfError({ name: 'x', text: 'disk is full' }, 't=1 level=info msg="all well" n=3', draw), [
    't=1 level=error msg="disk is full" n=3',
  ]);
});
