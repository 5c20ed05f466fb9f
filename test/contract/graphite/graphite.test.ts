// The health-source contract and the fault matrix, Graphite: every value of the window, and what it says of a target
// that it refuses.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { withFaults } from '../../../src/demo/faults/faults.ts';
import { jsonResponse, textResponse, type DemoResponse, type Handler } from '../../../src/demo/servers/httpServer.ts';
import type { GraphiteMetric, GraphiteSource } from '../../../src/vendors/graphite/options.ts';
import { decodeGraphiteSeries } from '../../../src/vendors/graphite/series.decode.ts';
import { findSecrets } from '../faults/faultMatrix.ts';
import type { VendorParts } from '../faults/vendors.ts';
import { testSidesByVersion } from '../metricServer/byVersion.ts';
import { startOf, testDiscovered } from '../metricServer/discovered.ts';
import { testMetricServerFaults } from '../metricServer/faults.ts';
import {
  compute,
  readPoints,
  requestsOf,
  setMetricStage,
  testEveryValue,
  type MetricServer,
} from '../metricServer/stage.ts';

const stepSec = 10;

/** A local server with the render API: series with a step of ten seconds, from behind `from` up to `until`. */
function createGraphiteServer(parts: VendorParts): Handler {
  const answer: Handler = ({ headers, path, query, method, body }) => {
    if (headers['authorization'] !== 'Bearer lokiTOKENsecret') return Promise.resolve(textResponse(401, 'no'));
    if (path.startsWith('/metrics/')) return Promise.resolve(namesOf(path, new URLSearchParams(query)));
    if (path !== '/render') return Promise.resolve(textResponse(404, 'Not Found'));
    const form = new URLSearchParams(method === 'POST' ? body : query),
      requests = requestsOf(parts),
      nowSec = parts.now() / 1_000,
      [from, until] =
        form.get('from') === '-15min' ? [nowSec - 900, nowSec] : ['from', 'until'].map(name => Number(form.get(name)));
    const series = form.getAll('target').map(target => {
      const metric = /shop\.\*\.(\w+)/.exec(target)?.[1];
      return ['prod-1', 'prod-2', 'stranger'].map(node => {
        const datapoints: (readonly [number | null, number])[] = [];
        for (let at = (Math.floor(from! / stepSec) + 1) * stepSec; at <= until!; at += stepSec)
          datapoints.push([compute(requests, metric ?? '', node, at * 1_000, (at + stepSec) * 1_000) ?? null, at]);
        const prefix = target.startsWith('aliasSub(') ? 'whole ' : '';
        return { target: `${prefix}${node}`, tags: { name: `shop.${node}.${metric}` }, datapoints };
      });
    });
    return Promise.resolve(
      form.get('target')?.endsWith('(')
        ? textResponse(400, 'Bad Request: Expected end of text')
        : jsonResponse(200, series.flat()),
    );
  };
  return withFaults('other', parts.faults, parts.sleep, status => textResponse(status, 'The proxy says no.'), answer);
}

/** Names with a data centre in front: those of a query, of which each `*` stands for one part, or their beginnings. */
function namesOf(path: string, query: URLSearchParams): DemoResponse {
  if (path === '/metrics/find') return jsonResponse(200, [{ text: 'eu', id: 'eu', leaf: 0 }]);
  const names = ['prod-1', 'prod-2'].flatMap(node =>
    ['latency', 'requests', 'errors'].map(one => `eu.shop.${node}.${one}`),
  );
  const results = names.filter(name =>
    query
      .getAll('query')
      .some(glob => new RegExp(`^${glob.replaceAll('.', '\\.').replaceAll('*', '[^.]+')}$`).test(name)),
  );
  return jsonResponse(200, { results });
}

const metric = (name: string, more: Partial<GraphiteMetric> = {}): GraphiteMetric => ({
  name,
  options: { target: `aliasByNode(shop.*.${name}, 1)` },
  kind: 'count',
  direction: 'increase',
  unit: '',
  ...more,
});

const source: GraphiteSource = {
  vendor: 'graphite',
  connection: 'graphite',
  nodeAttribute: 'target',
  delayMs: 0,
  kind: 'metrics',
  name: 'quality',
  options: {},
  metrics: [
    metric('latency', { kind: 'gauge', unit: 's' }),
    metric('requests'),
    metric('errors', { denominator: 'requests' }),
  ],
};

const server: MetricServer = {
  source,
  credential: 'loki',
  decode: decodeGraphiteSeries,
  quiet: null,
  createServer: createGraphiteServer,
};

testMetricServerFaults(server, { vendor: 'Graphite', query: 'POST /render', intervalsPerAnswer: 5_000 });

testSidesByVersion(
  server,
  '{ graphite: { url: https://graphite.example.com } }',
  "{ graphite: { connection: server, version: SIDE, metrics: { requests: { target: 'shop.*.requests' } } } }",
);

testEveryValue(server, new Array(3).fill('POST /render'));

test('of an interval with several steps a level is the mean, and a count the sum', async context => {
  const stage = await setMetricStage(server, context, 'in process');
  const { points } = await readPoints(server, { ...stage, request: { ...stage.request, intervalMs: 20_000 } });
  const atMs = Math.floor(stage.fromMs / 20_000) * 20_000;
  const valueOf = (name: string) =>
    points.find(point => point.metric === name && point.node === 'prod-1' && point.atMs === atMs)?.value;
  const isWhole = atMs === stage.fromMs;
  assert.deepEqual([valueOf('latency'), valueOf('requests')], isWhole ? [3.5, 40] : [2, 20]);
});

test('a target that is refused is told in the words of the server', async context => {
  const stage = await setMetricStage(server, context, 'in process');
  const wrong = { ...source, metrics: [metric('latency', { options: { target: 'sum(' } })] };
  const { result } = await readPoints(server, { ...stage, request: { ...stage.request, source: wrong } });
  assert.ok(!result.ok && result.failure.kind === 'invalid', JSON.stringify(result));
  assert.equal(result.failure.cause, 'Bad Request: Expected end of text');
  assert.deepEqual(findSecrets(result), []);
});

testDiscovered({
  text: '{ graphite: { url: https://graphite.example.com, credential: loki } }',
  expected: { where: '*.shop', node: 'part 3 of the names', nodes: ['prod-1', 'prod-2'], labels: [] },
  signals: {
    requests: [
      "requests: { target: 'aliasByNode(eu.shop.*.requests, 2)', kind: count, direction: either }",
      'eu.requests 1 on prod-1',
    ],
    errors: [
      "errors: { target: 'aliasByNode(eu.shop.*.errors, 2)', kind: count, per: requests }",
      'eu.errors 4 on prod-1',
    ],
    latency: ["latency: { target: 'aliasByNode(eu.shop.*.latency, 2)' }", 'eu.latency 900 on prod-1'],
  },
  unknown: /None of the first 4 parts of a name there is "cart"\. The names begin with eu\./,
  start: startOf(server),
});
