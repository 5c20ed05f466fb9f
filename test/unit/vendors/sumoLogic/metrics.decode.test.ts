// Answers of Sumo Logic's metrics queries, as its documents and its mistakes have them.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { decodeSumoMetrics } from '../../../../src/vendors/sumoLogic/metrics.decode.ts';

const context = {
  metrics: JSON.stringify([{ metric: 'cpu', rollup: 'avg', nodeAttribute: '_sourceHost', rowId: 'A' }]),
  nodes: JSON.stringify(['n1', 'n2']),
  fromMs: 1_000,
  toMs: 3_000,
  intervalMs: 1_000,
};
const series = (host: string, timestamps: unknown[], values: unknown[]) => ({
  metricDefinition: { metric: 'CPU', dimensions: { _sourcehost: host } },
  points: { timestamps, values },
});
const decode = (answer: unknown, more = {}) =>
  decodeSumoMetrics(new TextEncoder().encode(JSON.stringify(answer)), { ...context, ...more });
const answerOf = (...timeSeries: unknown[]) => [{ rowId: 'A', timeSeriesList: { timeSeries } }];
const pointsOf = (answer: unknown) => {
  const decoded = decode(answer);
  assert.ok(decoded.ok, JSON.stringify(decoded));
  return decoded.value.points!.map(({ node, atMs, value }) => [node, atMs, value]);
};

test(
  'both names of the results are read, a dimension in any case, several series of one node as one, ' +
    'and points outside the window are left out',
  () => {
    const results = answerOf(
      series('n1', [1_000, 1_500, 2_000, 3_000], [1, 3, 'x', 9]),
      series('n1', [1_999], [5]),
      series('n9', [1_000], [7]),
      { points: {} },
    );
    const expected = [
      ['n1', 1_000, 3],
      ['n1', 2_000, null],
      ['n2', 1_000, null],
      ['n2', 2_000, null],
    ];
    for (const name of ['queryResult', 'queryResults'])
      assert.deepEqual(pointsOf({ [name]: results, errors: { id: 'x', errors: [] } }), expected);
  },
);

test(
  "an answer with errors, without a query's result, " +
    'or with as many series as are given at most, is no measurement',
  () => {
    const failures = [
      {
        queryResult: answerOf(),
        errors: { errors: [{ code: 'metrics:incomplete_results', message: 'Incomplete results' }] },
      },
      { queryResult: answerOf(), errors: { errors: [{ code: 'x', message: 'Query timed out' }] } },
      { queryResult: answerOf(), errors: [{ code: 'x', message: 'throttled' }] },
      { queryResult: answerOf(), errors: { errors: [{ message: 'parse error' }] } },
      { queryResult: [], errors: null },
      { errors: {} },
      { queryResult: answerOf(...Array.from({ length: 1_000 }, (_, index) => series(`m${index}`, [], []))) },
    ].map(answer => {
      const decoded = decode(answer);
      return decoded.ok ? 'ok' : decoded.failure.kind;
    });
    assert.deepEqual(failures, [
      'unreachable',
      'timeout',
      'rate-limited',
      'invalid',
      'bad-answer',
      'bad-answer',
      'invalid',
    ]);
  },
);

test('whatever comes is decoded or refused, never thrown at', () => {
  fc.assert(
    fc.property(fc.json(), text => {
      decodeSumoMetrics(new TextEncoder().encode(text), context);
    }),
  );
  fc.assert(
    fc.property(fc.anything(), thing => {
      decode({ queryResult: answerOf(thing, { metricDefinition: { dimensions: thing }, points: thing }) });
    }),
  );
});
