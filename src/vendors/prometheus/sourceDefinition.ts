// Health sources of Prometheus in a pipeline file: metrics, of its own or in packs.
import { z } from 'zod';
import { toMs } from '../../model/file/durations.ts';
import { errorAt, type Report } from '../../model/file/drafts.ts';
import { duration, name, oneOf, text } from '../../model/file/fields.ts';
import type { ServerAccess } from '../../model/file/connectionFields.ts';
import { compileMetric, metricFields, metricsByName } from '../../model/file/metricFields.ts';
import { child, entryOf, itemsOf, textOf, type Entry, type Place } from '../../model/file/place.ts';
import { attribute, checkNodePattern, delay, lookBack, nodePattern } from '../../model/file/sourceFields.ts';
import type { AskedQuery, SourceDefinition } from '../vendor.ts';
import type { PrometheusMetric, PrometheusSource } from './options.ts';
import { describePacks, metricsOfPacks, packNames, type PackName } from './packs.ts';

const defaults = { node: 'instance', delay: '30s', scrape: '15s' } as const;

const metric = z
  .strictObject({
    query: text(
      'PromQL, such as `rate(http_requests_total{job="shop"}[$__rate_interval])`, evaluated at the end of each ' +
        'interval. The result must keep the label of `node`. For `cumulative` and `histogram` it selects raw ' +
        'counters, without `rate` or `sum`: Backstop counts what each series has added, restarts included. ' +
        '`$__interval` stands for the interval, `$__rate_interval` for at least four scrapes. ' +
        'NaN and infinite values count as none. Several series of one node are averaged for a gauge, ' +
        'and added up for a count.',
      4_000,
    ),
    ...metricFields(' They are values of the label `le`.'),
  })
  .meta({ description: 'One metric.' });

const sourceSchema = () =>
  z
    .strictObject({
      connection: name('A connection of kind `prometheus`.'),
      node: attribute('Label that names the node. Backstop tells canary and baseline apart by it.').default(
        defaults.node,
      ),
      nodePattern: nodePattern(),
      version: attribute(
        'Label that names the version of the release, for services whose nodes have no lasting names: ' +
          'Backstop tells canary and baseline apart by it.',
      ).optional(),
      scrape: duration(
        'How often the nodes are scraped. The `interval` of the verification should be at least as long.',
        '1s',
        '10m',
      ).default(defaults.scrape),
      delay: delay(defaults.delay),
      lookBack: lookBack(),
      packs: z
        .array(oneOf('A pack of metrics.', packNames))
        .min(1)
        .optional()
        .meta({ description: `Packs of metrics. ${describePacks()}` }),
      where: text(
        'Label matchers that find the service in the packs, such as `job="storefront"`. ' +
          'By default everything on the nodes. The pack `host` does not use them.',
        2_000,
      ).optional(),
      metrics: metricsByName(
        metric,
        "Metrics by name; each is a check of its own. One with the name of a pack's metric replaces it.",
      ),
    })
    .meta({ description: 'Metrics (`packs`, `metrics`) from Prometheus.' });

type SourceText = z.output<ReturnType<typeof sourceSchema>>;

export const prometheusSource: SourceDefinition = {
  schema: sourceSchema,
  check: checkSource,
  countsOf: source =>
    metricsOfPacks(packsOf(source), { label: '' })
      .filter(one => one.kind === 'count' && one.denominator === undefined)
      .map(one => one.name),
  compile: given => compileMetrics(given as SourceText),
  page: graphPage,
  usual: service => ({ packs: ['golden'], where: `job="${service}"` }),
};

/** Servers that only speak the API, below a path or for a tenant, have no such page. */
function graphPage({
  connection: { url, options },
  text: expression,
  fromMs,
  toMs: untilMs,
}: AskedQuery): string | undefined {
  if (!/^https?:\/\/[^/]+\/?$/.test(url) || (options as ServerAccess).tenant !== undefined) return undefined;
  const end = new Date(untilMs).toISOString().slice(0, 19).replace('T', ' '),
    range = Math.max(1, Math.round((untilMs - fromMs) / 1000));
  return (
    `${url.replace(/\/$/, '')}/graph?g0.expr=${encodeURIComponent(expression)}&g0.tab=0` +
    `&g0.range_input=${range}s&g0.end_input=${encodeURIComponent(end)}`
  );
}

/** A metric of one's own stands where the pack's metric of that name would. */
function compileMetrics({
  connection,
  node,
  nodePattern: named,
  version,
  scrape,
  delay: delayed,
  lookBack: back,
  packs = [],
  where,
  metrics = {},
}: SourceText): Omit<PrometheusSource, 'name' | 'vendor'> {
  const packed = metricsOfPacks(packs, { label: version ?? node, ...(where !== undefined && { where }) });
  const own = Object.entries(metrics).map(([metricName, { query, ...judged }]): PrometheusMetric => ({
    ...compileMetric(metricName, judged),
    options: { query },
  }));
  return {
    kind: 'metrics',
    connection,
    nodeAttribute: node,
    ...(version !== undefined && { versionAttribute: version }),
    delayMs: toMs(delayed),
    lookBackMs: toMs(back),
    metrics: [...new Map([...packed, ...own].map(one => [one.name, one])).values()],
    options: { scrapeMs: toMs(scrape), ...(named !== undefined && { nodePattern: named }) },
  };
}

function checkSource(source: Entry, report: Report): void {
  const packs = packsOf(source.value),
    where = entryOf(source.value, 'where'),
    version = entryOf(source.value, 'version');
  if (!entryOf(source.value, 'packs') && !entryOf(source.value, 'metrics'))
    report(
      errorAt(source.keySpan, 'no-metric', 'This health source queries nothing. Give it `packs` or `metrics`.', {
        allowed: ['packs', 'metrics'],
      }),
    );
  if (where && packs.every(pack => pack === 'host'))
    report(
      errorAt(
        where.keySpan,
        'key-does-not-fit',
        '`where` belongs to packs that measure the service. Take it away, or write it into `query`.',
        { found: 'where' },
      ),
    );
  if (version && packs.includes('host'))
    report(
      errorAt(
        version.keySpan,
        'key-does-not-fit',
        'Hosts have no version, so the pack `host` queries nothing. Remove `version`, or take the pack away.',
        { found: 'version' },
      ),
    );
  checkNodePattern(source, report);
}

function packsOf(source: Place): readonly PackName[] {
  return itemsOf(child(source, 'packs'))
    .map(textOf)
    .filter(one => packNames.some(known => known === one)) as PackName[];
}
