// Stack traces mean the same in every build: line numbers, lambdas and generated names are no part of them.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readStackTrace } from '../../../../../src/verify/logs/record/stackTrace.ts';

test('Java: shifted lines, lambdas and CGLIB names of another build make no difference', () => {
  const build = (shift: number, made: string): string[] => [
    'java.lang.IllegalStateException: seat 5 is gone',
    `\tat shop.Seats.lambda$take$${shift}(Seats.java:${12 + shift})`,
    `\tat shop.Seats$$EnhancerBySpringCGLIB$$${made}.take(<generated>)`,
    `\tat jdk.internal.reflect.GeneratedMethodAccessor${shift}.invoke(Unknown Source)`,
    `\tat shop.Web.post(Web.java:${90 + shift})`,
    `Caused by: java.io.IOException: reset`,
    `\tat shop.Net.read(Net.java:${shift})`,
  ];
  assert.deepEqual(readStackTrace(build(1, '1a2b3c4d')), readStackTrace(build(7, 'ffee0011')));
  assert.deepEqual(readStackTrace(build(1, '1a2b3c4d')), {
    types: ['java.lang.IllegalStateException', 'java.io.IOException'],
    frames: ['shop.Seats.lambda$take', 'shop.Seats$$.take', 'shop.Web.post', 'shop.Net.read'],
  });
});

test('Python: module and function, the innermost first, through any prefix', () => {
  const lines = [
    'Traceback (most recent call last):',
    '  File "/usr/lib/python3/site-packages/shop/web.py", line 80, in post',
    '    return take(seat)',
    '  File "/srv/app/seats.py", line 12, in take',
    '    raise SeatError(seat)',
    'shop.errors.SeatError: gone',
  ];
  assert.deepEqual(
    readStackTrace(lines),
    readStackTrace(lines.map(line => `[request 5] ${line.replace('line 12', 'line 99')}`)),
  );
  assert.deepEqual(readStackTrace(lines)?.frames, ['srv.app.seats.take', 'shop.web.post']);
});

test('JavaScript and Go frames', () => {
  assert.deepEqual(
    readStackTrace([
      'TypeError: x is undefined',
      '    at take (/srv/app/Seats.js:12:5)',
      '    at process (node:internal/task:9:1)',
    ])?.frames,
    ['seats.js:take'],
  );
  assert.deepEqual(
    readStackTrace([
      'panic: boom',
      'goroutine 5 [running]:',
      'main.(*server).handle(0xc000, 0x1)',
      '\t/srv/app/main.go:12 +0x1d',
    ])?.frames,
    ['main.(*server).handle'],
  );
});

test('recursion counts once, and text without frames is no trace', () => {
  assert.deepEqual(readStackTrace(['E: x', ...new Array<string>(50).fill('\tat a.B.again(B.java:3)')])?.frames, [
    'a.B.again',
  ]);
  assert.equal(readStackTrace(['Something failed at noon', 'see below']), undefined);
});

test('names in any script are names', () => {
  assert.deepEqual(readStackTrace(['shop.GebührException: 5', '\tat shop.Preis.prüfe(Preis.java:3)']), {
    types: ['shop.GebührException'],
    frames: ['shop.Preis.prüfe'],
  });
});
