// The vendors' own pages for a query: the address with the query and the time, and none where it cannot be told.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { HealthSource } from '../../../src/model/healthSource.ts';
import type { Connection } from '../../../src/model/pipeline.ts';
import { definitions } from '../../../src/vendors/definitions.ts';

const [fromMs, toMs] = [Date.UTC(2026, 10, 23, 14, 0), Date.UTC(2026, 10, 23, 14, 5)];

function pageOf(
  kind: string,
  text: string,
  connection: Partial<Connection>,
  source: { readonly kind: 'logs' | 'metrics'; readonly options?: unknown } = { kind: 'logs' },
): string | undefined {
  const vendor = definitions.find(one => one.kind === kind);
  assert.ok(vendor?.source?.page, kind);
  return vendor.source.page({
    connection: { vendor: kind, url: '', options: {}, ...connection },
    source: { vendor: kind, ...source } as HealthSource,
    text,
    fromMs,
    toMs,
  });
}

test('a query of New Relic opens in its query builder, in its region', () => {
  const nrql = "SELECT count(*) FROM Log WHERE m = 'ä' SINCE 1 UNTIL 2";
  const page = pageOf('newRelic', `${nrql}\nSELECT 2`, {
    url: 'https://api.eu.newrelic.com/graphql',
    options: { account: 42 },
  });
  const url = new URL(page ?? '');
  assert.equal(`${url.origin}${url.pathname}`, 'https://one.eu.newrelic.com/launcher/data-exploration.query-builder');
  const pane = JSON.parse(Buffer.from(url.searchParams.get('pane') ?? '', 'base64').toString()) as Record<
    string,
    unknown
  >;
  assert.deepEqual([pane['initialAccountId'], pane['initialNrqlValue']], [42, nrql]);
  assert.equal(pageOf('newRelic', nrql, { url: 'http://127.0.0.1:4000/graphql', options: { account: 42 } }), undefined);
});

test('a query of Sumo Logic opens in the search of its deployment; metrics have no such page', () => {
  const query = '_sourceCategory=prod | where _sourceHost in ("a")';
  assert.equal(
    pageOf('sumoLogic', query, { url: 'https://api.eu.sumologic.com/api' }),
    `https://service.eu.sumologic.com/ui/#/search/create?query=${encodeURIComponent(query)}&startTime=${fromMs}&endTime=${toMs}`,
  );
  assert.match(
    pageOf('sumoLogic', query, { url: 'https://api.sumologic.com/api' }) ?? '',
    /^https:\/\/service\.sumologic/,
  );
  assert.equal(pageOf('sumoLogic', query, { url: 'https://api.eu.sumologic.com/api' }, { kind: 'metrics' }), undefined);
  assert.equal(pageOf('sumoLogic', query, { url: 'https://proxy.example.com/api' }), undefined);
});

test('a query of Prometheus opens as a graph; a server below a path or with tenants has none', () => {
  const source = { kind: 'metrics' } as const;
  assert.equal(
    pageOf('prometheus', 'up{job="a"}', { url: 'https://prometheus.example.com' }, source),
    'https://prometheus.example.com/graph?g0.expr=up%7Bjob%3D%22a%22%7D&g0.tab=0&g0.range_input=300s' +
      '&g0.end_input=2026-11-23%2014%3A05%3A00',
  );
  assert.equal(pageOf('prometheus', 'up', { url: 'https://mimir.example.com/prometheus' }, source), undefined);
  assert.equal(
    pageOf('prometheus', 'up', { url: 'https://mimir.example.com', options: { tenant: 'shop' } }, source),
    undefined,
  );
});

test('log lines of Datadog open in the explorer of the site', () => {
  for (const [site, host] of [
    ['datadoghq.com', 'app.datadoghq.com'],
    ['us3.datadoghq.com', 'us3.datadoghq.com'],
    ['datadoghq.eu', 'app.datadoghq.eu'],
  ])
    assert.equal(
      pageOf('datadog', 'service:a host:(x)', { url: `https://api.${site}` }),
      `https://${host}/logs?query=service%3Aa%20host%3A(x)&from_ts=${fromMs}&to_ts=${toMs}&live=false`,
    );
  assert.equal(pageOf('datadog', 'a', { url: 'https://proxy.example.com' }), undefined);
});

test('log lines of CloudWatch open in their group', () => {
  const connection = {
    url: 'https://monitoring.eu-central-1.amazonaws.com',
    options: { region: 'eu-central-1', logsUrl: 'https://logs.eu-central-1.amazonaws.com' },
  };
  const source = { kind: 'logs', options: { group: '/aws/shop', filter: '"a"' } } as const;
  assert.equal(
    pageOf('cloudWatch', '/aws/shop "a"', connection, source),
    'https://eu-central-1.console.aws.amazon.com/cloudwatch/home?region=eu-central-1' +
      `#logsV2:log-groups/log-group/$252Faws$252Fshop/log-events$3Fstart$3D${fromMs}$26end$3D${toMs}` +
      '$26filterPattern$3D$2522a$2522',
  );
  assert.equal(pageOf('cloudWatch', 'x', { ...connection, url: 'http://127.0.0.1:1' }, source), undefined);
});
