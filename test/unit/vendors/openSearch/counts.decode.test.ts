// An answer of Elasticsearch to a search that groups lines, in the form that its reference gives.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decodeOpenSearchCounts } from '../../../../src/vendors/openSearch/counts.decode.ts';
import { widen, writeCount } from '../../../../src/vendors/openSearch/countSearch.ts';
import type { OpenSearchLogs } from '../../../../src/vendors/openSearch/options.ts';

const side = (text: string | undefined, at: number, node: string, lines: number) => ({
  doc_count: lines,
  sample: {
    hits: { total: { value: lines }, hits: text === undefined ? [] : [{ _id: 'a', _source: { log: { text } } }] },
  },
  slices: { buckets: lines === 0 ? [] : [{ key_as_string: 'then', key: at, doc_count: lines }] },
  nodes: { buckets: lines === 0 ? [] : [{ key: node, doc_count: lines }] },
});
const answer = {
  took: 12,
  timed_out: false,
  _shards: { total: 2, successful: 2, skipped: 0, failed: 0 },
  hits: { total: { value: 20, relation: 'eq' }, hits: [] },
  aggregations: {
    groups: {
      buckets: [
        {
          key: 'started',
          regex: '.*?started.*?',
          max_matching_length: 12,
          doc_count: 18,
          levels: {
            buckets: [
              {
                key: 'error',
                doc_count: 3,
                canary: side('started 7', 1_000, 'c', 3),
                baseline: side(undefined, 0, '', 0),
              },
              {
                key: '',
                doc_count: 15,
                canary: side('started 1', 2_000, 'c', 5),
                baseline: side('started 2', 2_000, 'b', 10),
              },
            ],
          },
        },
      ],
    },
  },
};
const context = { part: 'sides', fromMs: 1_000, toMs: 9_000, sliceMs: 1_000, message: 'log.text', most: 2 };
const decode = (given: object, more: object = {}) =>
  decodeOpenSearchCounts(new TextEncoder().encode(JSON.stringify(given)), { ...context, ...more });

test('each level of a group is a group, with what each side has', () => {
  const decoded = decode(answer);
  assert.ok(decoded.ok, JSON.stringify(decoded));
  assert.deepEqual(decoded.value.counts, {
    part: 'sides',
    fromMs: 1_000,
    toMs: 9_000,
    sliceMs: 1_000,
    // Two of the lines have no word.
    total: 18,
    groups: [
      {
        canary: { lines: 3, sample: 'ERROR started 7', slices: [[1_000, 3]], nodes: { c: 3 } },
        baseline: { lines: 0, slices: [], nodes: {} },
      },
      {
        canary: { lines: 5, sample: 'started 1', slices: [[2_000, 5]], nodes: { c: 5 } },
        baseline: { lines: 10, sample: 'started 2', slices: [[2_000, 10]], nodes: { b: 10 } },
      },
    ],
  });
});

test('where there are more groups than those of an answer, their lines are missing', () => {
  const decoded = decode(answer, { most: 1 });
  assert.equal(decoded.ok && decoded.value.counts?.total, 20);
});

test('an answer without some of the shards, or without groups, is none', () => {
  for (const [given, kind] of [
    [{ ...answer, _shards: { failed: 1 } }, 'unreachable'],
    [{ ...answer, timed_out: true }, 'timeout'],
    [{ ...answer, aggregations: {} }, 'bad-answer'],
  ] as const) {
    const decoded = decode(given);
    assert.equal(!decoded.ok && decoded.failure.kind, kind);
  }
});

test('slices of one width follow one another in windows that follow one another', () => {
  const source = {
    nodeAttribute: 'host.name',
    options: { index: 'i', time: 't', message: 'm' },
  } as unknown as OpenSearchLogs;
  const written = writeCount(
    source,
    { nodes: ['c', 'b'], fromMs: 61_500, toMs: 99_500 },
    { canaryNodes: ['c'], sliceMs: 2_000 },
  );
  assert.match(written, /"fixed_interval":"2000ms","offset":"1500ms"/);
  assert.equal(widen({ fromMs: 0, toMs: 300_000, sliceMs: 1_000 }), 32_000);
});
