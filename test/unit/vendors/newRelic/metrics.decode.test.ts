// From NerdGraph's answer to one value per node and bucket; what is not known stays null.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { decodeNewRelicSeries } from '../../../../src/vendors/newRelic/metrics.decode.ts';

const context = {
  metric: 'm',
  kind: 'gauge',
  nodeAttribute: 'host',
  nodes: '["a","b"]',
  fromMs: 10_000,
  toMs: 30_000,
  intervalMs: 10_000,
};
const row = (host: string, second: number, value: unknown, samples: number) => ({
  facet: host,
  host,
  beginTimeSeconds: second,
  endTimeSeconds: second + 10,
  value,
  samples,
});

function decode(answer: unknown, more: Partial<typeof context> = {}) {
  return decodeNewRelicSeries(new TextEncoder().encode(typeof answer === 'string' ? answer : JSON.stringify(answer)), {
    ...context,
    ...more,
  });
}
function series(metric: readonly unknown[], presence?: readonly unknown[]) {
  return {
    data: { actor: { account: { metric: { results: metric }, ...(presence && { presence: { results: presence } }) } } },
  };
}
function values(result: ReturnType<typeof decode>) {
  assert.ok(result.ok);
  return result.value.points?.map(point => `${point.node}@${point.atMs}=${point.value}`);
}

test('every asked node gets a value for every bucket, null where nothing was measured', () => {
  assert.deepEqual(values(decode(series([row('a', 10, 5, 3), row('a', 20, 0, 0), row('b', 20, 7.5, 1)]))), [
    'a@10000=5',
    'a@20000=null',
    'b@10000=null',
    'b@20000=7.5',
  ]);
});

test('where nobody was asked for by name, those that are told of get values', () => {
  assert.deepEqual(values(decode(series([row('2.0', 10, 5, 3)]), { nodes: '[]' })), ['2.0@10000=5', '2.0@20000=null']);
});

test('a presence that did not come is no presence of the metric itself', () => {
  const decoded = decode(
    { data: { actor: { account: { metric: { results: [] }, presence: { results: null } } } } },
    { kind: 'count' },
  );
  assert.ok(!decoded.ok);
  assert.equal(decoded.failure.kind, 'bad-answer');
});

test('rows are counted as the vendor sent them', () => {
  const decoded = decode(series([row('a', 10, 5, 3), row('stranger', 10, 5, 3), 'nonsense']));
  assert.ok(decoded.ok);
  assert.equal(decoded.value.rows, 3);
});

test('a count without samples is zero only where the node reported something', () => {
  const answer = series(
    [row('a', 10, 2, 2), row('a', 20, 0, 0)],
    [row('a', 10, 0, 50), row('a', 20, 0, 40), row('b', 20, 0, 9)],
  );
  assert.deepEqual(values(decode(answer, { kind: 'count' })), ['a@10000=2', 'a@20000=0', 'b@10000=null', 'b@20000=0']);
});

test('a gauge without samples stays null although the node reported something', () => {
  assert.deepEqual(values(decode(series([], [row('a', 10, 0, 50)]), { nodes: '["a"]' })), [
    'a@10000=null',
    'a@20000=null',
  ]);
});

test('a percentile comes nested, numbers may be text, and anything else is no value', () => {
  const answer = series([
    row('a', 10, { 95: 12.5 }, 1),
    row('a', 20, '7', 1),
    row('b', 10, { 50: 1, 95: 2 }, 1),
    row('b', 20, true, 1),
  ]);
  assert.deepEqual(values(decode(answer)), ['a@10000=12.5', 'a@20000=7', 'b@10000=null', 'b@20000=null']);
});

test('the facet bears the node where the attribute itself is missing', () => {
  assert.deepEqual(
    values(
      decode(series([{ facet: ['a', 'x'], beginTimeSeconds: 10, value: 1, samples: 1 }]), {
        nodes: '["a"]',
        toMs: 20_000,
      }),
    ),
    ['a@10000=1'],
  );
});

test('errors with HTTP 200 are failures of their kind', () => {
  const kind = (message: string, extensions?: object) => {
    const decoded = decode({
      errors: [{ message, ...(extensions && { extensions }) }],
      data: { actor: { account: { metric: null } } },
    });
    assert.ok(!decoded.ok);
    return decoded.failure.kind;
  };
  assert.equal(kind('NRDB query duration exceeded the set timeout', { errorClass: 'TIMEOUT' }), 'timeout');
  assert.equal(kind('NRDB:1109 something'), 'timeout');
  assert.equal(kind('slow down', { errorClass: 'TOO_MANY_REQUESTS' }), 'rate-limited');
  assert.equal(kind('NRDB:1106924'), 'rate-limited');
  assert.equal(kind('oops', { errorClass: 'SERVER_ERROR' }), 'unreachable');
  assert.equal(kind('oops', { error_code: 'BAD_API_KEY' }), 'unauthorized');
  assert.equal(kind('You are not authorized to query account 5'), 'unauthorized');
  assert.equal(kind("NRQL Syntax Error: Error at line 1 position 8, unexpected 'x'"), 'invalid');
});

test('what is no NerdGraph answer is a bad answer', () => {
  for (const answer of [
    '',
    '{"data": {"act',
    '[]',
    'null',
    '42',
    '{}',
    series([]).data,
    { data: null },
    { data: { actor: { account: { metric: { results: null } } } } },
  ]) {
    const decoded = decode(answer);
    assert.ok(!decoded.ok, JSON.stringify(answer));
    assert.equal(decoded.failure.kind, 'bad-answer');
  }
});

test('names of prototypes are plain names', () => {
  const answer =
    '{"data":{"actor":{"account":{"metric":{"results":[{"__proto__":"a","beginTimeSeconds":10,"value":1,"samples":1},' +
    '{"constructor":"b"}]}}}}}';
  assert.deepEqual(values(decode(answer, { nodeAttribute: '__proto__', nodes: '["a"]', toMs: 20_000 })), ['a@10000=1']);
  assert.equal(({} as Record<string, unknown>)['value'], undefined);
});

test('whatever the rows hold, it never throws and gives each bucket once', () => {
  fc.assert(
    fc.property(
      fc.array(
        fc.oneof(
          fc.jsonValue(),
          fc.record({
            host: fc.constantFrom('a', 'b'),
            beginTimeSeconds: fc.oneof(fc.double(), fc.constantFrom(10, 20)),
            value: fc.jsonValue(),
            samples: fc.jsonValue(),
          }),
        ),
      ),
      rows => {
        const decoded = decode(series(rows));
        assert.ok(decoded.ok);
        assert.equal(decoded.value.points?.length, 4);
        for (const { value } of decoded.value.points) assert.ok(value === null || Number.isFinite(value));
      },
    ),
  );
});

test('a histogram is all requests, and those above each bound; without requests nothing is known', () => {
  const answer = series([
    { ...row('a', 10, 40, 40), over0: 9, over1: '1' },
    { ...row('a', 20, 0, 0), over0: 0, over1: 0 },
  ]);
  const decoded = decode(answer, { kind: 'histogram', nodes: '["a"]', bounds: 2 } as never);
  assert.ok(decoded.ok);
  assert.deepEqual(
    decoded.value.points?.map(({ atMs, over, value }) => [atMs, over, value]),
    [
      [10_000, undefined, 40],
      [10_000, 0, 9],
      [10_000, 1, 1],
      [20_000, undefined, null],
      [20_000, 0, null],
      [20_000, 1, null],
    ],
  );
});
