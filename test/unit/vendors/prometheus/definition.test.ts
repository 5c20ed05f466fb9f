// What a pipeline file may say of Prometheus: what it becomes, its packs, and its mistakes at their place.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parsePipeline } from '../../../../src/definition/parsePipeline.ts';

const fileOf = (source: string, connection = 'url: http://127.0.0.1:9090'): string => `version: 1
service: shop
connections:
  metrics: { prometheus: { ${connection} } }
environments:
  production: { nodes: [web-1, web-2] }
hooks:
  deploy: { command: [./deploy.sh] }
healthSources:
  quality: { prometheus: { connection: metrics, ${source} } }
stages:
  - { stage: Production, environment: production, steps: [deploy] }
`;
const parse = (source: string, connection?: string) => parsePipeline(fileOf(source, connection), 'shop.yaml');
const codesOf = (source: string): readonly string[] => parse(source).problems.map(({ code }) => code);

test('a connection needs neither credential nor tenant, and keeps what it is given', () => {
  const connectionOf = (text: string) => parse('packs: [host]', text).pipeline?.connections['metrics'];
  const open = { vendor: 'prometheus', url: 'http://127.0.0.1:9090', options: {} };
  assert.deepEqual(connectionOf('url: http://127.0.0.1:9090'), open);
  assert.deepEqual(connectionOf('url: http://127.0.0.1:9090, credential: prom, header: X-Key, tenant: a|b'), {
    ...open,
    credential: 'prom',
    options: { header: 'X-Key', tenant: 'a|b' },
  });
});

test('packs are written for the label and the matchers of the source; a metric of its own replaces one', () => {
  const source = parse(
    `packs: [golden, host], where: 'job="shop"', node: host, scrape: 30s, metrics: { CPU: { query: cpu } }`,
  ).pipeline?.healthSources['quality'];
  assert.ok(source?.kind === 'metrics');
  assert.deepEqual(source.options, { scrapeMs: 30_000 });
  assert.deepEqual(
    source.metrics.map(({ name, kind, denominator = '', options }) => [name, kind, denominator, options]),
    [
      ['requests', 'count', '', { query: 'http_server_request_duration_seconds_count{job="shop"}' }],
      [
        'errors',
        'count',
        'requests',
        { query: 'http_server_request_duration_seconds_count{job="shop", http_response_status_code=~"5.."}' },
      ],
      [
        'p95 latency',
        'gauge',
        '',
        {
          query:
            'histogram_quantile(0.95, sum by (host, le) ' +
            '(rate(http_server_request_duration_seconds_bucket{job="shop"}[$__rate_interval])))',
        },
      ],
      ['CPU', 'gauge', '', { query: 'cpu' }],
      ['memory', 'gauge', '', { query: '100 * (1 - node_memory_MemAvailable_bytes / node_memory_MemTotal_bytes)' }],
    ],
  );
});

test('mistakes are told where they stand', () => {
  assert.deepEqual(codesOf('node: instance'), ['no-metric']);
  assert.deepEqual(codesOf(`where: 'job="shop"', metrics: { a: { query: a } }`), ['key-does-not-fit']);
  assert.deepEqual(codesOf('version: v, packs: [host]'), ['key-does-not-fit']);
  assert.deepEqual(codesOf(`packs: [golden], nodePattern: '[^:]+:.*'`), ['bad-pattern']);
  assert.deepEqual(codesOf(`packs: [golden], nodePattern: '(?:a|b)'`), ['bad-pattern']);
  assert.deepEqual(codesOf(`packs: [golden], nodePattern: '([^:]+)(:.*)?'`), []);
  assert.deepEqual(codesOf('packs: [golden], metrics: { late: { query: a, kind: count, per: requests } }'), []);
  assert.deepEqual(codesOf('packs: [golden], metrics: { late: { query: a, kind: count, per: errors } }').length, 1);
});
