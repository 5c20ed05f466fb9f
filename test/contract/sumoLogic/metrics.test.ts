// The contract of Sumo Logic's metrics queries: right values or "could not measure" through every fault, and calls
// within the vendor's limits.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { TestContext } from 'node:test';
import { parsePipeline } from '../../../src/definition/parsePipeline.ts';
import { createHealthSources } from '../../../src/vendors/healthSources.ts';
import { writeCalls } from '../../../src/vendors/sumoLogic/metrics.ts';
import type { MetricPoint } from '../../../src/model/evidence/evidence.ts';
import { testFaultMatrix } from '../faults/faultMatrix.ts';
import type { MatrixStage } from '../faults/faultMatrix.ts';
import { assertAllValues, endingOf, intervalMs, read, setStage, source } from './metricsStage.ts';
import { transports } from '../faults/vendors.ts';
import type { Transport } from '../faults/vendors.ts';

testFaultMatrix({
  title: 'Sumo Logic, metrics',
  vendor: 'sumoLogic',
  names: /^Sumo Logic, metrics of "load": /,
  steps: [{ name: 'query', match: 'POST /api/v1/metricsQueries' }],
  more: [
    { name: 'incomplete results', faults: [{ kind: 'incompleteMetrics', times: 1 }], passes: true },
    { name: 'incomplete results for good', faults: [{ kind: 'incompleteMetrics' }], passes: false },
    { name: 'wrong deployment', faults: [{ kind: 'wrongDeployment', times: 2 }], passes: true },
  ],
  data: {
    'vendor clock 5 min ahead': { faults: [{ kind: 'vendorClock', seconds: 300 }], passes: true },
    'vendor clock 5 min behind': { faults: [{ kind: 'vendorClock', seconds: -300 }], passes: true },
    'node clocks 5 min ahead': { faults: [{ kind: 'skew', seconds: 300 }], passes: false },
    'node clocks 5 min behind': { faults: [{ kind: 'skew', seconds: -300 }], passes: false },
    // Intervals of which some are read again, as those are that were not complete.
    'delivered twice': { faults: [], passes: true, again: true },
    'delivered late': { faults: [{ kind: 'lateData', seconds: 15 }], passes: true, again: true },
    // A series has 300 points.
    'ten times the page': {
      faults: [],
      passes: true,
      transport: 'in process',
      start: (context, transport) => startReading(context, transport, 3_000),
    },
  },
  start: startReading,
});

/** `intervals`: of the window, whose last ones hold all that was measured. */
async function startReading(context: TestContext, transport: Transport, intervals = 2): Promise<MatrixStage> {
  const set = await setStage(context, transport),
    stage = { ...set, request: { ...set.request, fromMs: set.fromMs - (intervals - 2) * intervalMs } };
  const points: MetricPoint[] = [];
  return {
    vendors: stage.vendors,
    async run() {
      const found = await read(stage);
      points.push(...found.points);
      const measured = new Set(points.map(({ metric, node, atMs }) => `${metric} ${node} ${atMs}`)).size;
      if (found.result.ok && measured < source.metrics.length * 3 * intervals)
        return { data: 'wrong', found: `${measured} values of seven metrics of three nodes` };
      return endingOf(found.result, points, stage.fromMs);
    },
  };
}

for (const transport of transports) {
  test(
    `${transport}: seven metrics are read with two calls, nodes that say nothing are null, ` +
      'and a share of a node that reports is zero',
    async context => {
      const stage = await setStage(context, transport);
      const { result, points } = await read(stage);
      assert.ok(result.ok, JSON.stringify(result));
      assertAllValues(points, stage.fromMs);
      assert.deepEqual(
        stage.vendors.requests,
        Array.from({ length: 2 }, () => 'POST /api/v1/metricsQueries'),
      );
    },
  );
}

test('a query that Sumo Logic does not understand is refused with its text', async context => {
  const stage = await setStage(context, 'in process');
  const { result } = await read({
    ...stage,
    request: {
      ...stage.request,
      source: { ...source, metrics: [{ ...source.metrics[0]!, options: { query: 'metric=(', rollup: 'avg' } }] },
    },
  });
  assert.ok(!result.ok);
  assert.deepEqual(
    [result.failure.kind, result.failure.hint],
    ['invalid', 'The query was: (metric=() (_sourcehost="prod-1" or _sourcehost="prod-2" or _sourcehost="prod-3")'],
  );
});

test(
  'calls stay within six queries, 300 points and 3,000 characters, ' + 'and cover every node, metric and interval once',
  () => {
    const nodes = Array.from({ length: 250 }, (_, index) => `prod-${index}-${'x'.repeat(40)}`);
    const request = {
      source,
      connection: { vendor: 'sumoLogic', url: 'https://api.sumologic.com/api', credential: 'sumo' },
      nodes,
      fromMs: 1,
      toMs: 700 * intervalMs + 1,
      intervalMs,
    } as const;
    const calls = writeCalls(request),
      covered = new Map<string, number>();
    for (const { queries, rows, fromMs, toMs, nodes: asked } of calls) {
      assert.ok(
        queries.length <= 6 &&
          (toMs - fromMs) / intervalMs <= 300 &&
          queries.every(({ query }) => query.length <= 3_000),
      );
      for (const { metric, presence } of rows) {
        assert.equal(presence !== undefined, metric === 'errors');
        for (const node of asked)
          covered.set(`${metric} ${node}`, (covered.get(`${metric} ${node}`) ?? 0) + (toMs - fromMs) / intervalMs);
      }
    }
    assert.deepEqual([covered.size, [...new Set(covered.values())]], [7 * 250, [700]]);
  },
);

test('the sides are told apart by a dimension with the version; before one is known, by any version', async context => {
  const stage = await setStage(context, 'in process');
  // The dimension that a metric names for its node does not count then.
  const metrics = source.metrics.map(metric => ({ ...metric, nodeAttribute: 'nowhere' }));
  const byVersion = { ...source, metrics, nodeAttribute: 'nowhere', versionAttribute: '_sourcehost' };
  const { result, points } = await read({ ...stage, request: { ...stage.request, source: byVersion } });
  assert.ok(result.ok, JSON.stringify(result));
  assertAllValues(points, stage.fromMs);
  const any = await read({ ...stage, request: { ...stage.request, source: byVersion, nodes: [] } });
  assert.ok(any.result.ok, JSON.stringify(any.result));
  const named = any.points.flatMap(({ metric, node, value }) => (metric === 'requests' && value !== null ? node : []));
  assert.deepEqual([...new Set(named)].sort(), ['prod-1', 'prod-2', 'stranger']);
  const misspelled = { ...byVersion, versionAttribute: 'releaze' };
  const none = await read({ ...stage, request: { ...stage.request, source: misspelled } });
  assert.ok(none.result.ok && none.points.length > 0 && none.points.every(({ value }) => value === null));
});

test('a pipeline file names the dimension with the version of metrics', () => {
  const { pipeline, problems } = parsePipeline(
    `version: 1
service: shop
connections: { sumo: { sumoLogic: { url: https://api.sumologic.com/api, credential: sumo } } }
environments: { production: { nodes: { command: [./nodes.sh] } } }
hooks: { deploy: { command: [./deploy.sh] } }
healthSources:
  load: { sumoLogic: { connection: sumo, version: release, metrics: { requests: { query: metric=requests } } } }
stages: [{ stage: P, environment: production, steps: [deploy], check: deploy }]
`,
    'p.yaml',
  );
  assert.deepEqual(problems, []);
  assert.equal(pipeline?.healthSources['load']?.versionAttribute, 'release');
});

test('what is shown before a run are the queries as they are asked', async context => {
  const { vendors, request } = await setStage(context, 'in process');
  assert.equal(
    createHealthSources(vendors).describe({ ...request, nodes: ['prod-1'] })[1],
    '(metric=request_duration _sourceCategory=prod/*) (_sourcehost="prod-1")',
  );
});
