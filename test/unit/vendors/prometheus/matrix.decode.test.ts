// Answers of Prometheus' range queries, as recorded and as they may be: values, counters, buckets, and what is no
// measurement.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { decodePrometheusMatrix } from '../../../../src/vendors/prometheus/matrix.decode.ts';

const context = {
  metric: 'm',
  kind: 'gauge',
  label: 'instance',
  nodes: JSON.stringify(['n1', 'n2']),
  bounds: '[]',
  fromMs: 10_000,
  toMs: 40_000,
  intervalMs: 10_000,
};
type Given = readonly [labels: Readonly<Record<string, string>>, values: Readonly<Record<number, string>>];
/** Values by the second at which they stood. */
const answerOf = (...series: readonly Given[]) => ({
  status: 'success',
  data: {
    resultType: 'matrix',
    result: series.map(([metric, values]) => ({
      metric,
      values: Object.entries(values).map(([at, value]) => [Number(at), value]),
    })),
  },
});
const decode = (answers: unknown, more = {}) =>
  decodePrometheusMatrix(new TextEncoder().encode(JSON.stringify(answers)), { ...context, ...more });
function valuesOf(answers: unknown, more = {}): Readonly<Record<string, readonly (number | null)[]>> {
  const decoded = decode(answers, more);
  assert.ok(decoded.ok, JSON.stringify(decoded));
  const byNode = Map.groupBy(decoded.value.points!, ({ node, over }) =>
    over === undefined ? node : `${node}>${over}`,
  );
  return Object.fromEntries([...byNode].map(([key, points]) => [key, points.map(({ value }) => value)]));
}

test('each interval has the value at its end; NaN, infinite values and none are no values', () => {
  const answer = answerOf(
    [{ instance: 'n1' }, { 10: '9', 20: '1', 30: 'NaN', 40: '3.5e0', 50: '9' }],
    [{ instance: 'n2' }, { 20: '+Inf', 30: '-Inf', 40: '0' }],
    [{ instance: 'stranger' }, { 20: '7' }],
    [{}, { 20: '7' }],
  );
  assert.deepEqual(valuesOf([answer]), { n1: [1, null, 3.5], n2: [null, null, 0] });
});

test('a label names the node with or without its port, or in the first group of a pattern', () => {
  const names = (instance: string, more = {}) => valuesOf([answerOf([{ instance }, { 20: '1' }])], more)['n1']![0];
  assert.equal(names('n1:9100'), 1);
  assert.equal(names('n1:x'), null);
  assert.equal(names('n1.example.com:9100'), null);
  assert.equal(names('n1.example.com:9100', { nodePattern: '([^.:]+)[.:].*' }), 1);
  assert.equal(names('n1', { nodePattern: '([^.:]+)[.:].*' }), null);
  const ports = JSON.stringify(['10.0.0.1:8080', '10.0.0.1:8081']);
  assert.deepEqual(valuesOf([answerOf([{ instance: '10.0.0.1:8081' }, { 20: '1' }])], { nodes: ports }), {
    '10.0.0.1:8080': [null, null, null],
    '10.0.0.1:8081': [1, null, null],
  });
  assert.deepEqual(valuesOf([answerOf([{ version: '2.0:1' }, { 20: '1' }])], { nodes: '[]', label: 'version' }), {
    '2.0:1': [1, null, null],
  });
});

test('several series of a node are averaged for a gauge and added for a count; a share of something is zero', () => {
  const series = answerOf(
    [
      { instance: 'n1:1', route: 'a' },
      { 20: '1', 30: '2' },
    ],
    [{ instance: 'n1:2', route: 'b' }, { 20: '3' }],
  );
  assert.deepEqual(valuesOf([series])['n1'], [2, 2, null]);
  const whole = answerOf([{ instance: 'n1:1' }, { 20: '8', 40: '9' }], [{ instance: 'n2' }, { 40: '1' }]);
  assert.deepEqual(valuesOf([series, whole], { kind: 'count' }), { n1: [4, 2, 0], n2: [null, null, 0] });
});

/** Two minutes are read before, from which the first interval is counted. */
const counting = { kind: 'cumulative', fromMs: 0, toMs: 160_000, nodes: '["n1"]' };
const standing = (from: number, ...values: readonly string[]) =>
  Object.fromEntries(values.map((value, k) => [from + k * 10, value]));

test('counters are counted one by one, through restarts; one that appears beside others began at zero', () => {
  const old = standing(120, '100', '110', '5', '8', '8');
  assert.deepEqual(valuesOf([answerOf([{ instance: 'n1', code: '200' }, old])], counting)['n1'], [10, 5, 3, 0]);
  const born: Given = [
    { instance: 'n1', code: '500' },
    { 150: '4', 160: '6' },
  ];
  assert.deepEqual(valuesOf([answerOf(born)], counting)['n1'], [null, null, null, 2]);
  assert.deepEqual(valuesOf([answerOf([{ instance: 'n1', code: '200' }, old], born)], counting)['n1'], [10, 5, 7, 2]);
  // As a share of all requests: nothing was counted where the node was heard of and had no such counter.
  const whole = answerOf([{ instance: 'n1' }, old]);
  assert.deepEqual(valuesOf([answerOf(born), whole], counting)['n1'], [0, 0, 4, 2]);
  assert.deepEqual(valuesOf([answerOf(), whole], counting)['n1'], [0, 0, 0, 0]);
});

test('a classic histogram gives the requests above each bound', () => {
  const bucket = (le: string, ...values: readonly string[]): Given => [
    { instance: 'n1', le },
    standing(120, ...values),
  ];
  const series = answerOf(
    bucket('0.1', '1', '5', '6', '6', '6'),
    bucket('0.5', '1', '8', '9', '9', '10'),
    bucket('+Inf', '1', '10', '12', '12', '14'),
  );
  assert.deepEqual(valuesOf([series], { ...counting, kind: 'histogram', bounds: '[0.1,0.5,1]' }), {
    n1: [9, 2, 0, 2],
    'n1>0': [5, 1, 0, 2],
    'n1>1': [2, 1, 0, 1],
    'n1>2': [null, null, null, null],
  });
});

test('an answer that failed, is incomplete, or is no matrix, is no measurement', () => {
  const ok = answerOf([{ instance: 'n1' }, { 20: '1' }]);
  const error = (errorType: string) => ({ status: 'error', errorType, error: 'it says why' });
  const kinds = (answer: unknown) => {
    const decoded = decode([answer]);
    return decoded.ok ? 'ok' : `${decoded.failure.kind}: ${decoded.failure.cause ?? ''}`;
  };
  assert.deepEqual(
    [
      error('timeout'),
      error('bad_data'),
      error('422'),
      error('unavailable'),
      error('too_many_requests'),
      { ...ok, isPartial: true },
      { ...ok, isPartial: false },
      { ...ok, warnings: ['No StoreAPIs matched for this query'] },
      { ...ok, warnings: ['PromQL info: metric might not be a counter'] },
      { status: 'success', data: { resultType: 'vector', result: [] } },
      { status: 'success' },
      'text',
    ].map(kinds),
    [
      'timeout: timeout: it says why',
      'invalid: bad_data: it says why',
      'invalid: 422: it says why',
      'unreachable: unavailable: it says why',
      'rate-limited: too_many_requests: it says why',
      'unreachable: ',
      'ok',
      'unreachable: No StoreAPIs matched for this query',
      'ok',
      'bad-answer: ',
      'bad-answer: ',
      'bad-answer: ',
    ],
  );
});

test('whatever is sent, there is a failure or one finite value or null for each node and interval', () => {
  const value = fc.oneof(fc.double().map(String), fc.constantFrom('NaN', '+Inf', '', 'x'), fc.anything());
  const series = fc.record({
    metric: fc.oneof(fc.record({ instance: fc.constantFrom('n1', 'n2:1', 'n3'), le: fc.string() }), fc.anything()),
    values: fc.oneof(
      fc.array(fc.tuple(fc.oneof(fc.integer({ min: 0, max: 60 }), fc.anything()), value)),
      fc.anything(),
    ),
  });
  const answer = fc.array(series).map(result => ({ status: 'success', data: { resultType: 'matrix', result } }));
  const kind = fc.constantFrom('gauge', 'count', 'cumulative', 'histogram');
  fc.assert(
    fc.property(answer, answer, kind, (one, other, asked) => {
      const decoded = decode([one, other], { kind: asked, bounds: '[1]' });
      assert.ok(decoded.ok);
      for (const point of decoded.value.points!) assert.ok(point.value === null || Number.isFinite(point.value));
      if (asked === 'gauge' || asked === 'count') assert.equal(decoded.value.points!.length, 6);
    }),
  );
  fc.assert(
    fc.property(fc.uint8Array(), bytes => {
      assert.doesNotThrow(() => decodePrometheusMatrix(bytes, context));
    }),
  );
});

test('what counters have added is what was counted, however their processes begin anew', () => {
  const steps = fc.array(fc.record({ added: fc.nat(50), restarts: fc.boolean() }), { minLength: 16, maxLength: 16 });
  fc.assert(
    fc.property(fc.array(steps, { minLength: 1, maxLength: 4 }), processes => {
      const series = processes.map((life, process): Given => {
        let stands = 1_000;
        const values = life.map(({ added, restarts }) => String((stands = (restarts ? 0 : stands) + added)));
        return [{ instance: 'n1', process: String(process) }, standing(10, ...values)];
      });
      const found = valuesOf([answerOf(...series)], counting)['n1']!;
      // A process that has counted more since its restart than ever before looks as if it had gone on.
      const expected = [12, 13, 14, 15].map(k =>
        series.reduce((total, [, values]) => {
          const [now, before] = [Number(values[10 + k * 10]), Number(values[k * 10])];
          return total + (now < before ? now : now - before);
        }, 0),
      );
      assert.deepEqual(found.slice(-4), expected);
    }),
  );
});
