// Loggers that name a line of code: it tells statements apart where both sides run the same code, and nothing where the
// canary's code moved.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Role } from '../../../../src/model/evidence/evidence.ts';
import { createLogAnalysis } from '../../../../src/verify/logs/logAnalysis.ts';
import { loggerOf } from '../../../../src/verify/logs/header/loggerClass.ts';

/** A statement: the line of code, its message, and how often a side writes it. */
type Statement = readonly [line: number, message: string, times: number];

const service: readonly Statement[] = [
  [40, 'cart opened', 30],
  [57, 'order accepted', 30],
  [88, 'payment confirmed', 20],
  [120, 'parcel handed over', 20],
];

const layouts: Readonly<Record<string, (line: number, message: string) => string>> = {
  'class and line': (line, message) => `2026-03-03 10:00:00.123 INFO  com.acme.OrderService#${line} - ${message}`,
  'class, colon and line': (line, message) =>
    `2026-03-03 10:00:00 [main] INFO com.acme.OrderService:${line} - ${message}`,
  'JSON with class and line': (line, message) =>
    JSON.stringify({ level: 'info', logger: `com.acme.OrderService:${line}`, msg: message }),
};

function templatesOf(
  wanted: 'unknown' | 'unexpected-frequency',
  write: (line: number, message: string) => string,
  baseline: readonly Statement[],
  canary: readonly Statement[],
): string[] {
  const analysis = createLogAnalysis({ sensitivity: 'medium', trafficRatio: 1, baselineKind: 'existing' });
  const sides: readonly (readonly [Role, readonly Statement[]])[] = [
    ['baseline', baseline],
    ['canary', canary],
  ];
  for (const [role, statements] of sides) {
    const records = statements.flatMap(([line, message, times]) =>
      Array.from({ length: times }, (_, i) => ({
        text: write(line, message),
        node: role,
        atMs: Math.round((i * 600_000) / times),
      })),
    );
    analysis.add(
      records.sort((one, other) => one.atMs - other.atMs),
      role,
    );
  }
  const at = { name: 'logs', source: 'test', atMs: 600_000, canarySinceMs: 0, minimumMs: 0 };
  return analysis
    .assess(at)
    .clusters.filter(({ class: kind }) => kind === wanted)
    .map(({ template }) => template);
}

/** Two lines of code that write the same words. */
const twice: readonly Statement[] = [...service, [203, 'order accepted', 150]];
const changed = (first: number, second: number): readonly Statement[] =>
  twice.map(([line, message, times]) => [line, message, line === 57 ? first : line === 203 ? second : times]);

for (const [name, write] of Object.entries(layouts)) {
  test(`${name}: of two statements with the same words, the one that is written more often is found`, () => {
    const [found, ...others] = templatesOf('unexpected-frequency', write, twice, changed(120, 100));
    assert.equal(found, 'order accepted');
    assert.deepEqual(others, []);
    assert.deepEqual(templatesOf('unexpected-frequency', write, twice, changed(33, 160)), []);
  });

  test(`${name}: of two statements with the same words, nothing is told once the code moved`, () => {
    const moved = changed(120, 60).map(([line, message, times]): Statement => [line + 146, message, times]);
    assert.deepEqual(templatesOf('unexpected-frequency', write, twice, moved), []);
    assert.deepEqual(templatesOf('unknown', write, twice, moved), []);
  });

  test(`${name}: a known message from a line that only the canary reaches is another statement`, () => {
    const canary: readonly Statement[] = [...service, [203, 'order accepted', 3]];
    assert.deepEqual(templatesOf('unknown', write, service, canary), ['order accepted']);
  });

  test(`${name}: code that moved makes nothing unknown`, () => {
    const canary = service.map(([line, message, times]): Statement => [line + 6, message, times]);
    assert.deepEqual(templatesOf('unknown', write, service, canary), []);
  });

  test(`${name}: one statement that moved in a class of others that did is the same one`, () => {
    const canary = service.map(([line, message, times]): Statement => [line > 50 ? line + 2 : line, message, times]);
    assert.deepEqual(templatesOf('unknown', write, service, canary), []);
  });
}

test('the number of a worker that writes every statement is no line of code', () => {
  const write = (line: number, message: string): string => `2026-03-03 10:00:00.123 INFO  worker#${line} - ${message}`;
  const baseline = service.flatMap(([, message]) => [1, 2, 3, 4, 5].map((worker): Statement => [worker, message, 6])),
    canary = [...baseline, ...service.map(([, message]): Statement => [6, message, 6])];
  assert.deepEqual(templatesOf('unknown', write, baseline, canary), []);
});

test('the line of code is read from the end of a logger, and is no part of its class', () => {
  assert.deepEqual(loggerOf('com.acme.OrderService#120'), { className: 'com.acme.OrderService#', codeLine: '120' });
  assert.deepEqual(loggerOf('com.acme.Orders:88'), { className: 'com.acme.Orders:', codeLine: '88' });
  assert.deepEqual(loggerOf('com.acme.OrderService'), { className: 'com.acme.OrderService', codeLine: '' });
  assert.deepEqual(loggerOf('1204#7'), { className: '', codeLine: '' });
  assert.deepEqual(loggerOf('pool-3-thread-1'), { className: '', codeLine: '' });
});
