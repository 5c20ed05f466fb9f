// The NRQL that a metrics source is read with.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { writeSeriesQueries } from '../../../../src/vendors/newRelic/nrql/nrql.ts';
import type { NrqlMetric } from '../../../../src/vendors/newRelic/options.ts';

const latency: NrqlMetric = {
  name: 'latency',
  options: { select: 'average(duration)', from: 'Transaction' },
  kind: 'gauge',
  direction: 'increase',
  unit: 'ms',
};
const errors: NrqlMetric = {
  name: 'errors',
  options: { select: 'count(*)', from: 'Transaction', where: 'error IS true' },
  kind: 'count',
  direction: 'increase',
  unit: '',
};

function write(
  metrics: readonly NrqlMetric[],
  window: { fromMs: number; toMs: number; intervalMs: number },
  nodes: readonly string[] = ['a'],
  nodeAttribute = 'host',
) {
  return writeSeriesQueries({
    source: { kind: 'metrics', vendor: 'newRelic', name: 'apm', connection: 'nr', nodeAttribute, delayMs: 0, metrics },
    connection: { vendor: 'newRelic', url: 'http://host', credential: 'nr' },
    nodes,
    ...window,
  });
}

test('a value, its samples, the nodes and the window stand in one query', () => {
  assert.deepEqual(
    write([latency], { fromMs: 60_000, toMs: 120_000, intervalMs: 10_000 }, ['a', 'b']).map(query => query.nrql),
    [
      "SELECT average(duration) AS 'value', count(*) AS 'samples' FROM Transaction WHERE host IN ('a', " +
        "'b') FACET host SINCE 60000 UNTIL 120000 LIMIT MAX TIMESERIES 10 seconds",
    ],
  );
});

test('a count with a condition is asked for beside the presence of its nodes', () => {
  const [query] = write([errors], { fromMs: 0, toMs: 10_000, intervalMs: 10_000 });
  assert.match(query!.nrql, /WHERE \(error IS true\) AND host IN \('a'\) FACET host/);
  assert.equal(
    query!.presence,
    "SELECT count(*) AS 'samples' FROM Transaction WHERE host IN ('a') FACET host SINCE 0 UNTIL 10000 LIMIT MAX " +
      'TIMESERIES 10 seconds',
  );
});

test('quotes in names stay inside their strings', () => {
  const [query] = write([latency], { fromMs: 0, toMs: 10_000, intervalMs: 10_000 }, ["o'neill", 'a\\'], 'host name');
  assert.match(query!.nrql, /WHERE `host name` IN \('o\\'neill', 'a\\\\'\) FACET `host name`/);
});

test('buckets lie at multiples of the interval and only those that have ended are asked for', () => {
  const [query, ...more] = write([latency], { fromMs: 61_234, toMs: 119_999, intervalMs: 10_000 });
  assert.deepEqual([query!.fromMs, query!.toMs, more.length], [60_000, 110_000, 0]);
  assert.deepEqual(write([latency], { fromMs: 61_000, toMs: 69_000, intervalMs: 10_000 }), []);
});

test('every ended bucket is asked for exactly once, in windows of at most 366', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 10_000_000 }),
      fc.integer({ min: 0, max: 3_000_000 }),
      fc.integer({ min: 1, max: 60_000 }),
      (fromMs, length, intervalMs) => {
        const queries = write([latency], { fromMs, toMs: fromMs + length, intervalMs });
        let next = queries[0]?.fromMs;
        for (const query of queries) {
          assert.equal(query.fromMs, next);
          assert.equal(query.intervalMs % 1000, 0);
          assert.equal(query.fromMs % query.intervalMs, 0);
          assert.ok((query.toMs - query.fromMs) / query.intervalMs <= 366 && query.toMs > query.fromMs);
          next = query.toMs;
        }
        if (next !== undefined)
          assert.ok(
            queries[0]!.fromMs <= fromMs && next <= fromMs + length && fromMs + length - next < queries[0]!.intervalMs,
          );
      },
    ),
  );
});

test('many nodes are asked for in groups', () => {
  const nodes = Array.from({ length: 250 }, (_, index) => `n${index}`);
  assert.deepEqual(
    write([latency], { fromMs: 0, toMs: 10_000, intervalMs: 10_000 }, nodes).map(query => query.nodes.length),
    [100, 100, 50],
  );
});

test('a metric may name the node otherwise; by version all versions are asked for where none is named', () => {
  const request = (versionAttribute: string | undefined, nodes: readonly string[]) =>
    writeSeriesQueries({
      source: {
        kind: 'metrics',
        vendor: 'newRelic',
        name: 'apm',
        connection: 'nr',
        nodeAttribute: 'host',
        delayMs: 0,
        metrics: [{ ...latency, nodeAttribute: 'hostname' }],
        ...(versionAttribute !== undefined && { versionAttribute }),
      },
      connection: { vendor: 'newRelic', url: 'http://host', credential: 'nr' },
      nodes,
      fromMs: 0,
      toMs: 10_000,
      intervalMs: 10_000,
    }).map(query => /WHERE .* FACET \S+/.exec(query.nrql)?.[0]);
  assert.deepEqual(
    [request(undefined, ['a']), request('tags.version', ['2.0']), request('tags.version', []), request(undefined, [])],
    [
      ["WHERE hostname IN ('a') FACET hostname"],
      ["WHERE tags.version IN ('2.0') FACET tags.version"],
      ['WHERE tags.version IS NOT NULL FACET tags.version'],
      [],
    ],
  );
});

test('a counter is read from some time before each window, and is never taken for zero', () => {
  const counter: NrqlMetric = {
    name: 'requests',
    options: { select: 'latest(http_requests_total)', from: 'Metric', where: "env = 'prod'" },
    kind: 'count',
    isCumulative: true,
    direction: 'decrease',
    unit: '',
  };
  const queries = write([counter], { fromMs: 600_000, toMs: 600_000 + 400 * 10_000, intervalMs: 10_000 });
  assert.deepEqual(
    queries.map(({ fromMs, toMs, presence }) => [fromMs, toMs, presence]),
    [
      [480_000, 480_000 + 3_660_000, undefined],
      [4_020_000, 4_600_000, undefined],
    ],
  );
});

test('a histogram is asked for as all requests, and those above each bound', () => {
  const histogram: NrqlMetric = {
    ...latency,
    options: { select: 'duration', from: 'Transaction' },
    histogram: { bounds: [0.1, 0.5], percentile: 95 },
  };
  assert.deepEqual(
    write([histogram], { fromMs: 0, toMs: 10_000, intervalMs: 10_000 }).map(({ nrql }) => nrql),
    [
      "SELECT count(duration) AS 'value', filter(count(*), WHERE duration > 0.1) AS 'over0', filter(count(*), " +
        "WHERE duration > 0.5) AS 'over1', count(*) AS 'samples' FROM Transaction WHERE host IN ('a') FACET host " +
        'SINCE 0 UNTIL 10000 LIMIT MAX TIMESERIES 10 seconds',
    ],
  );
});
