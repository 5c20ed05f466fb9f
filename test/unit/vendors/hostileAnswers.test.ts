// Answers as no vendor should give them: whatever comes, a decoder gives lines and points or a failure. It never
// throws, and no value is NaN or infinite.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { decoders } from '../../../src/vendors/decoders.decode.ts';

const window = {
  ...{ metric: 'm', kind: 'gauge', source: 's', program: 'p', fromMs: 1_000_000, toMs: 1_060_000, intervalMs: 10_000 },
  ...{ nodes: JSON.stringify(['n1', 'n2']), nodePattern: '(n[0-9])', hasWhole: 1, whole: 'requests' },
  ...{ time: '@timestamp', message: 'message', level: 'level' },
};
const number = fc.oneof(
  fc.double(),
  fc.constantFrom(1_000, 1_010, 1_000_000, 1_010_000, -1, 1e308, Number.MAX_SAFE_INTEGER),
  fc.constantFrom('NaN', 'Infinity', '-Infinity', '1e999', '', '0x10', '12'),
);
const small = fc.oneof(
  fc.constantFrom(null, true, 'n1', 'm0', 'w1', 'host:n1', '2026-01-30T12:00:00Z'),
  number,
  fc.string(),
);
/** The shape of a real answer in which any part may be something else. */
function spoiled(shape: unknown): fc.Arbitrary<unknown> {
  const whole: fc.Arbitrary<unknown> = Array.isArray(shape)
    ? fc.array(spoiled(shape[0]), { maxLength: 4 })
    : typeof shape === 'object' && shape !== null
      ? fc.record(Object.fromEntries(Object.entries(shape).map(([key, part]) => [key, spoiled(part)])), {
          requiredKeys: [],
        })
      : fc.oneof({ arbitrary: fc.constant(shape), weight: 3 }, small);
  return fc.oneof({ arbitrary: whole, weight: 12 }, { arbitrary: small, weight: 1 }, fc.jsonValue({ maxDepth: 2 }));
}

const cases: Readonly<Record<string, { readonly shape: unknown; readonly context: Readonly<Record<string, string>> }>> =
  {
    datadogLogs: {
      shape: {
        data: [
          {
            id: 'a',
            attributes: { timestamp: '1970-01-01T00:16:45Z', host: 'n1', message: 'served', tags: ['pod:n1'] },
          },
        ],
      },
      context: { node: 'host' },
    },
    datadogSeries: {
      shape: {
        data: {
          attributes: {
            series: [{ group_tags: ['host:n1'], query_index: 0 }],
            times: [1_000_000],
            values: [[1]],
          },
        },
      },
      context: { node: 'host' },
    },
    cloudWatchEvents: {
      shape: { events: [{ eventId: 'e', logStreamName: 'n1', timestamp: 1_000_000, message: 'served' }] },
      context: {},
    },
    cloudWatchResults: {
      shape: { MetricDataResults: [{ Id: 'm0', StatusCode: 'Complete', Timestamps: [1_000], Values: [1] }] },
      context: {},
    },
    openSearchHits: {
      shape: {
        hits: {
          hits: [
            {
              ...{ _index: 'i', _id: 'd', _source: { host: 'n1', message: 'served', level: 'error' } },
              fields: { '@timestamp': ['1970-01-01T00:16:45Z'] },
            },
          ],
        },
      },
      context: { node: 'host' },
    },
    openSearchBuckets: {
      shape: {
        aggregations: {
          nodes: {
            buckets: [{ key: 'n1', times: { buckets: [{ key: 1_000_000, doc_count: 1, value: { value: 1 } }] } }],
          },
        },
      },
      context: { node: 'host' },
    },
    graphiteSeries: {
      shape: [{ target: 'n1', tags: { host: 'n1' }, datapoints: [[1, 1_000]] }],
      context: { node: 'target' },
    },
  };

for (const [name, { shape, context }] of Object.entries(cases))
  test(`${name}: no answer is more than lines, finite values or a failure`, () => {
    const decode = decoders[name]!;
    const given = { ...window, ...context };
    const check = (bytes: Uint8Array): void => {
      const decoded = decode(bytes, given);
      if (!decoded.ok) {
        assert.ok(decoded.failure.message.length > 0);
        return;
      }
      const { rows, lines = [], points = [] } = decoded.value;
      assert.ok(Number.isFinite(rows) && rows >= 0);
      for (const { value, atMs, over } of points)
        assert.ok((value === null || Number.isFinite(value)) && Number.isFinite(atMs) && over === undefined);
      for (const { atMs, node, text } of lines)
        assert.ok(Number.isFinite(atMs) && typeof node === 'string' && node !== '' && typeof text === 'string');
    };
    fc.assert(
      fc.property(spoiled(shape), answer => check(Buffer.from(JSON.stringify(answer) ?? 'null'))),
      { numRuns: 400 },
    );
    fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), check), { numRuns: 50 });
  });

test('values whose sum is infinite are no value', () => {
  const answer = [
    {
      target: 'n1',
      datapoints: [
        [1e308, 1_000],
        [1e308, 1_001],
      ],
    },
  ];
  const decoded = decoders['graphiteSeries']!(Buffer.from(JSON.stringify(answer)), { ...window, node: 'target' });
  assert.ok(decoded.ok && decoded.value.points!.every(({ value }) => value === null));
});
