// Counters that only grow, and begin at zero again: what they added, never a negative count and never a spike.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { increasesOf, leadOf, pointsOfCounter } from '../../../../src/vendors/transport/decode/counters.decode.ts';
import { decodeNewRelicSeries } from '../../../../src/vendors/newRelic/metrics.decode.ts';
import { decodeSumoMetrics } from '../../../../src/vendors/sumoLogic/metrics.decode.ts';

const second = 1_000,
  interval = 15 * second;

test('what was added between two readings is the count of the later interval', () => {
  assert.deepEqual(increasesOf([100, 103, 103, 110], interval), [undefined, 3, 0, 7]);
});

test('a smaller value is a restart: what stands there was added since', () => {
  assert.deepEqual(increasesOf([1_000_000, 1_000_050, 12, 60], interval), [undefined, 50, 12, 48]);
});

test('a counter that is read seldom adds evenly; what it added over a long gap is not known', () => {
  assert.deepEqual(increasesOf([0, undefined, undefined, undefined, 8], interval), [undefined, 2, 2, 2, 2]);
  assert.deepEqual(increasesOf([0, ...new Array<undefined>(9).fill(undefined), 100, 103], interval), [
    ...new Array<undefined>(11).fill(undefined),
    3,
  ]);
  assert.deepEqual(increasesOf([500, undefined, 6], interval), [undefined, 3, 3], 'and a restart in the gap');
});

test(
  'whatever restarts when, no count is negative, none is more than really came, ' +
    'and without a restart all of it is there',
  () => {
    const events = fc.array(fc.record({ added: fc.nat(50), restarts: fc.boolean() }), { minLength: 1, maxLength: 60 });
    fc.assert(
      fc.property(events, fc.nat(100_000), (intervals, start) => {
        let standing = start;
        const values = intervals.map(({ added, restarts }) => {
          standing = restarts ? added : standing + added;
          return standing;
        });
        const counted = increasesOf([start, ...values], interval).slice(1);
        for (const [k, value] of counted.entries())
          assert.ok(value !== undefined && value >= 0 && value <= intervals[k]!.added, `${k}: ${value}`);
        if (intervals.every(({ restarts }) => !restarts))
          assert.deepEqual(
            counted,
            intervals.map(({ added }) => added),
          );
      }),
    );
  },
);

test('what was read only to count from is left out where it is not known', () => {
  const lead = leadOf(interval) / interval;
  const increases = [...new Array<undefined>(lead).fill(undefined), undefined, 5];
  increases[lead - 1] = 4 as never;
  assert.deepEqual(
    pointsOfCounter({ metric: 'm', node: 'a', fromMs: 0, intervalMs: interval }, increases).map(({ atMs, value }) => [
      atMs / interval,
      value,
    ]),
    [
      [lead - 1, 4],
      [lead, null],
      [lead + 1, 5],
    ],
  );
});

const bytes = (answer: unknown): Uint8Array => new TextEncoder().encode(JSON.stringify(answer));

test(
  'New Relic: a node that restarts with the deployment has its own count since, ' + 'and one without samples none',
  () => {
    const row = (host: string, at: number, value: number, samples = 1) => ({
      facet: host,
      host,
      beginTimeSeconds: at,
      endTimeSeconds: at + 15,
      value,
      samples,
    });
    const decoded = decodeNewRelicSeries(
      bytes({
        data: {
          actor: {
            account: {
              metric: {
                results: [
                  row('a', 0, 90_000),
                  row('a', 15, 90_030),
                  row('a', 30, 25),
                  row('b', 0, 7),
                  row('b', 15, 0, 0),
                  row('b', 30, 9),
                ],
              },
            },
          },
        },
      }),
      {
        metric: 'm',
        kind: 'cumulative',
        nodeAttribute: 'host',
        nodes: '["a","b"]',
        fromMs: 0,
        toMs: 45_000,
        intervalMs: interval,
      },
    );
    assert.ok(decoded.ok);
    assert.deepEqual(
      decoded.value.points?.map(({ node, atMs, value }) => [node, atMs, value]),
      [
        ['a', 15_000, 30],
        ['a', 30_000, 25],
        ['b', 15_000, 1],
        ['b', 30_000, 1],
      ],
    );
  },
);

test("Sumo Logic: where one of a node's two processes restarts, the other's total is no spike", () => {
  const series = (process: string, values: readonly number[]) => ({
    metricDefinition: { dimensions: { _sourcehost: 'a', process } },
    points: { timestamps: values.map((_, k) => k * interval), values },
  });
  const decoded = decodeSumoMetrics(
    bytes({
      queryResult: [
        {
          rowId: 'A',
          timeSeriesList: { timeSeries: [series('1', [5_000, 5_010, 5_020]), series('2', [7_000, 7_005, 3])] },
        },
      ],
    }),
    {
      metrics: JSON.stringify([
        { metric: 'm', rollup: 'max', nodeAttribute: '_sourceHost', rowId: 'A', isCumulative: true },
      ]),
      nodes: '["a"]',
      fromMs: 0,
      toMs: 45_000,
      intervalMs: interval,
    },
  );
  assert.ok(decoded.ok);
  assert.deepEqual(
    decoded.value.points?.map(({ atMs, value }) => [atMs, value]),
    [
      [15_000, 15],
      [30_000, 13],
    ],
  );
});

test('Sumo Logic: a histogram is told by the counters of its buckets, up to where `le` says', () => {
  const bucket = (le: string, values: readonly number[]) => ({
    metricDefinition: { dimensions: { _sourcehost: 'a', le } },
    points: { timestamps: values.map((_, k) => k * interval), values },
  });
  const decoded = decodeSumoMetrics(
    bytes({
      queryResult: [
        {
          rowId: 'A',
          timeSeriesList: {
            timeSeries: [bucket('0.1', [100, 130, 20]), bucket('0.5', [150, 185, 24]), bucket('+Inf', [160, 200, 25])],
          },
        },
      ],
    }),
    {
      metrics: JSON.stringify([
        {
          metric: 'm',
          rollup: 'max',
          nodeAttribute: '_sourceHost',
          rowId: 'A',
          isCumulative: true,
          bounds: [0.1, 0.5],
        },
      ]),
      nodes: '["a"]',
      fromMs: 0,
      toMs: 45_000,
      intervalMs: interval,
    },
  );
  assert.ok(decoded.ok);
  assert.deepEqual(
    decoded.value.points?.map(({ atMs, over, value }) => [atMs / interval, over, value]),
    [
      [1, undefined, 40],
      [2, undefined, 25],
      [1, 0, 10],
      [2, 0, 5],
      [1, 1, 5],
      [2, 1, 1],
    ],
  );
});
