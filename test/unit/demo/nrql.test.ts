// NRQL over a small, known telemetry: every function, clause and error that the local New Relic knows.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { answerNrql } from '../../../src/demo/newRelic/nrqlAnswer.ts';
import { parseNrql } from '../../../src/demo/newRelic/nrqlParser.ts';
import { rawResponse } from '../../../src/demo/newRelic/nrqlRawResponse.ts';
import { NrqlError } from '../../../src/demo/newRelic/nrqlTokens.ts';
import { createTelemetry } from '../../../src/demo/fleet/telemetry.ts';

const nowMs = Date.UTC(2026, 10, 23, 12, 0, 0);

/**
 * 100 requests, one a second, the last one a second ago; durations 1 to 100; hosts a, b, a, b ...; every tenth is an
 * error.
 */
const telemetry = createTelemetry();
for (let second = 100; second >= 1; second--) {
  const index = 100 - second;
  telemetry.addEvent({
    type: 'Transaction',
    atMs: nowMs - second * 1000,
    attributes: {
      host: index % 2 === 0 ? 'a' : 'b',
      duration: index + 1,
      error: index % 10 === 9,
      name: index < 50 ? 'WebTransaction/cart' : 'WebTransaction/pay 100%',
      ...(index < 3 && { coupon: `C${index}` }),
    },
  });
}
telemetry.addLog({
  atMs: nowMs - 3000,
  node: 'a',
  category: 'prod/storefront',
  text: '2026-11-23 11:59:57,000 ERROR [x] Payment failed',
});
telemetry.addLog({
  atMs: nowMs - 2000,
  node: 'b',
  category: 'prod/storefront',
  text: '2026-11-23 11:59:58,000 INFO [x] Cart loaded',
});

function ask(query: string) {
  return answerNrql(parseNrql(query), telemetry, nowMs);
}
function results(query: string) {
  return ask(query).results;
}

test('one row holds every function of a plain query under its own name or its alias', () => {
  assert.deepEqual(
    results(
      "SELECT count(*), count(coupon), average(duration), sum(duration) AS 'total', min(duration), " +
        'max(duration), uniqueCount(host), latest(duration), earliest(host) FROM Transaction SINCE 5 minutes ago',
    ),
    [
      {
        count: 3,
        'average.duration': 50.5,
        total: 5050,
        'min.duration': 1,
        'max.duration': 100,
        'uniqueCount.host': 2,
        'latest.duration': 100,
        'earliest.host': 'a',
      },
    ],
  );
  assert.deepEqual(results('SELECT count(*) AS all, count(coupon) AS used FROM Transaction SINCE 5 minutes ago'), [
    { all: 100, used: 3 },
  ]);
});

test('percentiles lie between the two nearest ranks, nested under the percent that was asked', () => {
  assert.deepEqual(results('SELECT percentile(duration, 50, 90) FROM Transaction SINCE 5 minutes ago'), [
    { 'percentile.duration': { 50: 50.5, 90: 90.1 } },
  ]);
  assert.deepEqual(results("SELECT percentile(duration, 100) AS 'p' FROM Transaction SINCE 5 minutes ago"), [
    { p: { 100: 100 } },
  ]);
  assert.deepEqual(results('SELECT median(duration) FROM Transaction SINCE 10 seconds ago'), [
    { 'median.duration': { 50: 95.5 } },
  ]);
});

test('Apdex counts the satisfied, the tolerating and the frustrated', () => {
  assert.deepEqual(results("SELECT apdex(duration, t: 20) AS 'value' FROM Transaction SINCE 100 seconds ago"), [
    { value: { s: 20, t: 60, f: 20, count: 100, score: 0.5 } },
  ]);
  assert.deepEqual(results('SELECT apdex(duration, t: 20) FROM Unheard'), [
    { 'apdex.duration': { s: 0, t: 0, f: 0, count: 0, score: null } },
  ]);
});

test('filter, percentage, rate, stddev, uniques, histogram and arithmetic', () => {
  assert.deepEqual(
    results(`SELECT filter(count(*), WHERE error IS TRUE) AS errors,
    percentage(count(*), WHERE error = true) AS share, rate(count(*), 1 minute) AS perMinute,
    stddev(duration) AS spread, uniques(host) AS hosts, histogram(duration, 100, 4) AS h,
    sum(duration) / count(*) + 1 AS mean FROM Transaction SINCE 100 seconds ago`),
    [
      {
        errors: 10,
        share: 10,
        perMinute: 60,
        spread: Math.sqrt(833.25),
        hosts: ['a', 'b'],
        h: [24, 25, 25, 26],
        mean: 51.5,
      },
    ],
  );
  assert.deepEqual(results('SELECT average(duration * 1000) AS ms FROM Transaction SINCE 10 seconds ago'), [
    { ms: 95_500 },
  ]);
});

test('nothing to measure: counts and sums are 0, every other function has no value', () => {
  assert.deepEqual(
    results(`SELECT count(*), sum(duration), uniqueCount(host), average(duration), max(duration),
    percentile(duration, 95), latest(duration), percentage(count(*), WHERE error IS TRUE) AS share
    FROM Transaction WHERE host = 'nowhere' SINCE 5 minutes ago`),
    [
      {
        count: 0,
        'sum.duration': 0,
        'uniqueCount.host': 0,
        'average.duration': null,
        'max.duration': null,
        'percentile.duration': { 95: null },
        'latest.duration': null,
        share: null,
      },
    ],
  );
  assert.deepEqual(results('SELECT count(*) FROM Unheard'), [{ count: 0 }]);
});

const conditions: readonly (readonly [condition: string, count: number])[] = [
  ["host = 'a'", 50],
  ["host != 'a'", 50],
  ['duration > 90', 10],
  ['duration >= 90', 11],
  ['duration < 3', 2],
  ['duration <= 3', 3],
  ["host IN ('a', 'c')", 50],
  ["host NOT IN ('a')", 50],
  ["name LIKE '%/cart'", 50],
  ["name NOT LIKE '%cart'", 50],
  ["name LIKE 'Web%/pay%'", 50],
  ["name LIKE 'cart'", 0],
  ['coupon IS NULL', 97],
  ['coupon IS NOT NULL', 3],
  ['error IS TRUE', 10],
  ['error IS NOT TRUE', 90],
  ['error IS FALSE', 90],
  ['error = true', 10],
  ["NOT host = 'a' AND duration > 50", 25],
  ["host = 'a' OR duration > 90", 55],
  ["(host = 'a' OR host = 'b') AND NOT (duration <= 98)", 2],
  ["`host` = 'a' AND timestamp >= 0", 50],
  ['duration / 2 > 49', 2],
  ['constructor IS NOT NULL', 0],
];
for (const [condition, count] of conditions) {
  test(`WHERE ${condition} finds ${count} of 100`, () => {
    assert.deepEqual(results(`SELECT count(*) FROM Transaction WHERE ${condition} SINCE 5 minutes ago`), [{ count }]);
  });
}

test('FACET gives one row per value, the largest first, with the rest and the whole beside them', () => {
  const answer = ask('SELECT sum(duration) AS s FROM Transaction FACET host SINCE 5 minutes ago LIMIT 1');
  assert.deepEqual(answer.results, [{ facet: 'b', host: 'b', s: 2550 }]);
  assert.deepEqual(answer.otherResult(), { s: 2500 });
  assert.deepEqual(answer.totalResult(), { s: 5050 });
});

test('FACET over several attributes names them in a list, and leaves out events without one of them', () => {
  assert.deepEqual(
    results('SELECT count(*) FROM Transaction FACET host, coupon AS code SINCE 5 minutes ago LIMIT MAX'),
    [
      { facet: ['a', 'C0'], host: 'a', code: 'C0', count: 1 },
      { facet: ['a', 'C2'], host: 'a', code: 'C2', count: 1 },
      { facet: ['b', 'C1'], host: 'b', code: 'C1', count: 1 },
    ],
  );
});

test('FACET shows ten values unless LIMIT says otherwise', () => {
  assert.equal(results('SELECT count(*) FROM Transaction FACET duration SINCE 5 minutes ago').length, 10);
  assert.equal(results('SELECT count(*) FROM Transaction FACET duration SINCE 5 minutes ago LIMIT 25').length, 25);
  assert.equal(results('SELECT count(*) FROM Transaction FACET duration SINCE 5 minutes ago LIMIT MAX').length, 100);
});

test('TIMESERIES cuts the window into buckets from its begin on; an empty one counts 0 and has no average', () => {
  assert.deepEqual(
    results(
      `SELECT count(*), average(duration) AS d FROM Transaction SINCE ${nowMs - 150_000} UNTIL ${nowMs} ` +
        'TIMESERIES 50 seconds',
    ),
    [
      { beginTimeSeconds: nowMs / 1000 - 150, endTimeSeconds: nowMs / 1000 - 100, count: 0, d: null },
      { beginTimeSeconds: nowMs / 1000 - 100, endTimeSeconds: nowMs / 1000 - 50, count: 50, d: 25.5 },
      { beginTimeSeconds: nowMs / 1000 - 50, endTimeSeconds: nowMs / 1000, count: 50, d: 75.5 },
    ],
  );
});

test('FACET with TIMESERIES gives flat rows, and lists of buckets for the rest and the whole', () => {
  const answer = ask(
    "FROM Transaction SELECT count(*) WHERE host IN ('a','b') FACET host TIMESERIES 1 minute SINCE 2 minutes ago " +
      'LIMIT 1',
  );
  const bucket = (minutes: number, count: number) => ({
    beginTimeSeconds: nowMs / 1000 - minutes * 60,
    endTimeSeconds: nowMs / 1000 - minutes * 60 + 60,
    count,
  });
  assert.deepEqual(answer.results, [
    { facet: 'a', host: 'a', ...bucket(2, 20) },
    { facet: 'a', host: 'a', ...bucket(1, 30) },
  ]);
  assert.deepEqual(answer.otherResult(), [bucket(2, 20), bucket(1, 30)]);
  assert.deepEqual(answer.totalResult(), [bucket(2, 40), bucket(1, 60)]);
});

test('rate() in a time series divides by the bucket', () => {
  assert.deepEqual(
    results('SELECT rate(count(*), 1 second) AS r FROM Transaction SINCE 100 seconds ago TIMESERIES 50 seconds').map(
      row => row['r'],
    ),
    [1, 1],
  );
});

test('COMPARE WITH splits current and previous, and tags the rows of both', () => {
  const answer = ask('SELECT count(*) FROM Transaction SINCE 60 seconds ago COMPARE WITH 1 minute ago');
  assert.deepEqual(answer.currentResults, [{ count: 60 }]);
  assert.deepEqual(answer.previousResults, [{ count: 40 }]);
  assert.deepEqual(answer.results, [
    { count: 60, comparison: 'current' },
    { count: 40, comparison: 'previous' },
  ]);
});

test('SELECT * shows events, the newest first, with milliseconds, a hundred at most', () => {
  assert.deepEqual(results('SELECT * FROM Transaction LIMIT 1 SINCE 5 minutes ago'), [
    { host: 'b', duration: 100, error: true, name: 'WebTransaction/pay 100%', timestamp: nowMs - 1000 },
  ]);
  assert.equal(results('SELECT * FROM Transaction, Log SINCE 5 minutes ago').length, 100);
  assert.equal(results('SELECT * FROM Transaction, Log SINCE 5 minutes ago LIMIT MAX').length, 102);
  assert.deepEqual(
    results('SELECT duration, host FROM Transaction SINCE 5 minutes ago ORDER BY duration ASC LIMIT 1'),
    [{ timestamp: nowMs - 100_000, duration: 1, host: 'a' }],
  );
});

test('log records are the event type Log', () => {
  assert.deepEqual(results("SELECT message, hostname, level FROM Log WHERE level = 'ERROR'"), [
    {
      timestamp: nowMs - 3000,
      message: '2026-11-23 11:59:57,000 ERROR [x] Payment failed',
      hostname: 'a',
      level: 'ERROR',
    },
  ]);
});

const windows: readonly (readonly [clause: string, count: number])[] = [
  ['', 100],
  ['SINCE 10 seconds ago', 10],
  ['SINCE 20 seconds AGO UNTIL 10 seconds ago', 10],
  [`SINCE ${nowMs - 10_000}`, 10],
  [`SINCE ${nowMs / 1000 - 10}`, 10],
  ["SINCE '2026-11-23 11:59:50'", 10],
  ["SINCE '2026-11-23 12:59:50' UNTIL '2026-11-23 13:00:00' WITH TIMEZONE 'Europe/Berlin'", 10],
  ["SINCE '2026-11-23T11:59:50Z'", 10],
  ["SINCE '2026-11-23 06:59:50 -0500'", 10],
  ["SINCE '2026-11-23'", 100],
  ['SINCE today UNTIL now', 100],
  ['SINCE yesterday UNTIL today', 0],
];
for (const [clause, count] of windows) {
  test(`the window ${clause || 'of no clause'} holds ${count} requests`, () => {
    assert.deepEqual(results(`SELECT count(*) FROM Transaction ${clause}`), [{ count }]);
  });
}

const errors: readonly (readonly [query: string, message: string])[] = [
  ['  ', "Validation error on 'nrql': a query must be specified"],
  ['SELECT count(*) FORM Transaction', "NRQL Syntax Error: Error at line 1 position 17, unexpected 'FORM'"],
  ['SELECT count(*)\nFROM Transaction\nHAVING 3', "NRQL Syntax Error: Error at line 3 position 1, unexpected 'HAVING'"],
  ['SELECT count(* FROM Transaction', "NRQL Syntax Error: Error at line 1 position 16, unexpected 'FROM'"],
  ['SELECT count(*) FROM', 'NRQL Syntax Error: Error at line 1 position 21, unexpected end of query'],
  ["SELECT count(*) FROM T WHERE a = 'b", "NRQL Syntax Error: Error at line 1 position 34, unexpected '''"],
  ['SELECT count(*) FROM T WHERE WHERE', "NRQL Syntax Error: Error at line 1 position 30, unexpected 'WHERE'"],
  ['SELECT count(*) FROM T LIMIT 1 LIMIT 2', "NRQL Syntax Error: Error at line 1 position 32, unexpected 'LIMIT'"],
  ['SELECT baseline(duration) FROM T', 'Unknown function baseline()'],
  ['SELECT count(*) FROM T TIMESERIES 1 second SINCE 367 seconds ago', 'TIMESERIES supports a maximum of 366 buckets'],
  [
    'SELECT count(*) FROM T TIMESERIES 2 minutes SINCE 1 minute ago',
    "External Service 'NRDB' execution resulted in 400 - cause: " +
      'TIMESERIES step size is larger than the current time window.',
  ],
  [
    'SELECT count(*) FROM T SINCE 1 minute ago UNTIL 2 minutes ago',
    "External Service 'NRDB' execution resulted in 400 - cause: Your query's start time must be before its end time.",
  ],
  ['SELECT * FROM T FACET host TIMESERIES', 'FACET and TIMESERIES are not supported on events.'],
  ["SELECT count(*) FROM T SINCE 'soon'", "Invalid date 'soon'"],
];
for (const [query, message] of errors) {
  test(`${JSON.stringify(query)} is refused: ${message}`, () => {
    assert.throws(
      () => ask(query),
      (error: unknown) => error instanceof NrqlError && error.message === message,
    );
  });
}

test('366 buckets are allowed, and TIMESERIES AUTO and MAX stay below that', () => {
  assert.equal(results('SELECT count(*) FROM T TIMESERIES 1 second SINCE 366 seconds ago').length, 366);
  assert.equal(results('SELECT count(*) FROM T TIMESERIES SINCE 1 hour ago').length, 60);
  assert.equal(results('SELECT count(*) FROM T TIMESERIES MAX SINCE 1 hour ago').length, 360);
});

test('whatever is sent as a query gives an answer or a NRQL error, nothing else', () => {
  const words = fc.constantFrom(
    'SELECT',
    'FROM',
    'WHERE',
    'FACET',
    'TIMESERIES',
    'SINCE',
    'count(*)',
    'average(duration)',
    'percentile(',
    ')',
    '(',
    'duration',
    "'a'",
    '`x`',
    '=',
    'IN',
    'NOT',
    '5',
    '1 minute',
    'ago',
    ',',
    'AS',
    '*',
    '-',
    'LIMIT',
    'MAX',
    'COMPARE WITH',
    'Transaction',
    '__proto__',
    'rate(count(*)',
    'filter(count(*), WHERE',
  );
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        fc.array(words, { maxLength: 15 }).map(list => list.join(' ')),
      ),
      query => {
        try {
          ask(query);
        } catch (error) {
          assert.ok(error instanceof NrqlError, String(error));
        }
      },
    ),
    { numRuns: 2000, seed: 7 },
  );
});

test('a percentile never leaves the range of the values, and grows with the percent', () => {
  fc.assert(
    fc.property(fc.array(fc.double({ min: -1e6, max: 1e6, noNaN: true }), { minLength: 1, maxLength: 50 }), values => {
      const own = createTelemetry();
      for (const [index, value] of values.entries())
        own.addEvent({ type: 'T', atMs: nowMs - 1000 + index, attributes: { v: value } });
      const [row] = answerNrql(parseNrql('SELECT percentile(v, 0, 25, 50, 75, 100) AS p FROM T'), own, nowMs).results;
      const found = Object.values(row!['p'] as Record<string, number>);
      assert.equal(found[0], Math.min(...values));
      assert.equal(found[4], Math.max(...values));
      for (const [index, value] of found.slice(1).entries()) assert.ok(value >= found[index]! - 1e-9);
    }),
    { numRuns: 200, seed: 7 },
  );
});

test("rawResponse repeats the numbers in the data base's own nested form", () => {
  const query = parseNrql('SELECT count(*) FROM Transaction FACET host SINCE 5 minutes ago');
  const raw = rawResponse(query, answerNrql(query, telemetry, nowMs), [1], 'guid');
  assert.deepEqual(raw['facets'], [
    { name: 'a', results: [{ count: 50 }] },
    { name: 'b', results: [{ count: 50 }] },
  ]);
  assert.deepEqual(raw['totalResult'], { results: [{ count: 100 }] });
  assert.deepEqual(
    Object.keys(raw['metadata'] as object).sort(),
    [
      'accounts',
      'beginTime',
      'beginTimeMillis',
      'contents',
      'endTime',
      'endTimeMillis',
      'eventType',
      'eventTypes',
      'facet',
      'guid',
      'messages',
      'openEnded',
      'rawCompareWith',
      'rawSince',
      'rawUntil',
      'routerGuid',
      'timeAggregations',
    ].sort(),
  );
  assert.deepEqual(raw['performanceStats'], {
    exceedsRetentionWindow: false,
    inspectedCount: 100,
    matchCount: 100,
    omittedCount: 0,
    wallClockTime: 1,
  });
});
