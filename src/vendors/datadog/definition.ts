// Datadog in a pipeline file: an account to connect to, its logs and metrics, and change events.
import { z } from 'zod';
import { toMs } from '../../model/file/durations.ts';
import { errorAt, type Report } from '../../model/file/drafts.ts';
import { formed, name, oneOf, text, url } from '../../model/file/fields.ts';
import { compileMetric, computedMetricFields, metricsByName } from '../../model/file/metricFields.ts';
import { entryOf, type Entry } from '../../model/file/place.ts';
import { delay, lookBack, mostLines, sidesBy, versionLike } from '../../model/file/sourceFields.ts';
import type { AskedQuery, CompiledSource, VendorDefinition } from '../vendor.ts';
import { vendor, type DatadogConnection, type DatadogLogs, type DatadogMetrics } from './options.ts';
import { golden } from './packs.ts';

const sites = [
  'datadoghq.com',
  'us3.datadoghq.com',
  'us5.datadoghq.com',
  'datadoghq.eu',
  'ap1.datadoghq.com',
  'ap2.datadoghq.com',
  'uk1.datadoghq.com',
  'ddog-gov.com',
  'us2.ddog-gov.com',
] as const;

const connectionSchema = (credential: z.ZodString) =>
  z
    .strictObject({
      credential,
      site: oneOf('Site of the account.', sites).default('datadoghq.com'),
      url: url('Address of the API; it overrides `site`.').optional(),
      service: text(
        'Name of the service that change events name, one for each deployment and each rollback. ' +
          'Without it there are none.',
        100,
      ).optional(),
    })
    .meta({ description: 'A Datadog account: logs, metrics and change events.' });

const metric = z
  .strictObject({
    query: text(
      'Query with the tag of `node`, or that of `version`, behind `by`, such as ' +
        '`avg:http.latency{service:shop} by {host}` or `sum:http.requests{service:shop} by {host}.as_count()`.',
      4_000,
    ),
    ...computedMetricFields(),
  })
  .meta({ description: 'One metric.' });

const tag = (description: string) =>
  formed(
    description,
    /^@?[A-Za-z_][\w./-]{0,199}$/,
    'A tag has letters, digits, dots, dashes, slashes and underscores.',
  );

const sourceSchema = () =>
  z
    .strictObject({
      connection: name('A connection of kind `datadog`.'),
      logs: text(
        "Search that finds the service's log lines, such as `service:storefront env:prod`. " +
          'Use it instead of metrics. Backstop limits it to the nodes.',
        4_000,
      ).optional(),
      node: tag(
        'Tag that names the node, or `host`; for logs also an attribute, as `@kubernetes.pod`. ' +
          'Backstop tells canary and baseline apart by it.',
      ).default('host'),
      version: versionLike(tag('')),
      packs: z
        .array(oneOf('A pack of metrics.', ['golden']))
        .min(1)
        .optional()
        .meta({ description: 'Packs of metrics. `golden`: requests, errors, p95 latency, from Datadog APM.' }),
      where: text('Tags that find the service in the packs, such as `service:storefront,env:prod`.', 1_000).default(
        '*',
      ),
      operation: formed(
        'Operation in the names of the metrics of the packs, as in `trace.http.request.hits`.',
        /^[a-z][\w.]{0,99}$/,
        'An operation has small letters, digits, dots and underscores.',
      ).default('http.request'),
      metrics: metricsByName(
        metric,
        "Metrics by name; each is a check of its own. One with the name of a pack's metric replaces it.",
      ),
      delay: delay('1m'),
      lookBack: lookBack(),
      mostLines: mostLines(),
    })
    .meta({ description: 'Metrics (`packs`, `metrics`) or `logs` from Datadog.' });
type SourceText = z.output<ReturnType<typeof sourceSchema>>;

export const datadog: VendorDefinition = {
  kind: vendor,
  title: 'Datadog',
  connection: {
    schema: ({ credential }) => connectionSchema(credential),
    compile: compileConnection,
    domains: ['datadoghq.com', 'datadoghq.eu', 'ddog-gov.com'],
    starter: '{ datadog: { credential: datadog } }',
  },
  credential: { prompt: 'Datadog: API key and application key, as APIKEY:APPLICATIONKEY.', forms: [] },
  source: {
    schema: sourceSchema,
    check: checkSource,
    countsOf: source => (entryOf(source, 'packs') ? ['requests'] : []),
    compile: compileSource,
    page: explorerPage,
    usual: service => ({ packs: ['golden'], where: `service:${service}` }),
  },
};

/** The explorer of log lines; where the site has no subdomain of its own, its pages are at `app`. */
function explorerPage({ connection, source, text: query, fromMs, toMs: untilMs }: AskedQuery): string | undefined {
  const site = sites.find(one => connection.url === `https://api.${one}`);
  if (site === undefined || source.kind !== 'logs') return undefined;
  const host = site.split('.').length > 2 ? site : `app.${site}`;
  return `https://${host}/logs?query=${encodeURIComponent(query)}&from_ts=${fromMs}&to_ts=${untilMs}&live=false`;
}

function compileConnection(given: unknown): Omit<DatadogConnection, 'vendor'> {
  const { credential, site, url: own, service } = given as z.output<ReturnType<typeof connectionSchema>>;
  return {
    url: own ?? `https://api.${site}`,
    credential,
    ...(service !== undefined && { marks: true as const }),
    options: {
      intake: own ?? `https://event-management-intake.${site}`,
      ...(service !== undefined && { service }),
    },
  };
}

function compileSource(given: unknown): CompiledSource {
  const {
    connection,
    logs,
    node,
    version,
    packs,
    where,
    operation,
    metrics = {},
    mostLines,
    ...times
  } = given as SourceText;
  const common = {
    connection,
    nodeAttribute: node,
    delayMs: toMs(times.delay),
    lookBackMs: toMs(times.lookBack),
  };
  if (logs !== undefined)
    return {
      ...common,
      ...sidesBy(node, version),
      kind: 'logs',
      mostLines,
      options: { query: logs },
    } satisfies Omit<DatadogLogs, 'name' | 'vendor'>;
  const own = Object.entries(metrics).map(([metricName, { query, ...judged }]) => ({
    ...compileMetric(metricName, judged),
    options: { query },
  }));
  const all = [...(packs ? golden({ operation, where, node: version ?? node }) : []), ...own];
  return {
    ...common,
    ...(version !== undefined && { versionAttribute: version }),
    kind: 'metrics',
    metrics: [...new Map(all.map(one => [one.name, one])).values()],
  } satisfies Omit<DatadogMetrics, 'name' | 'vendor'>;
}

function checkSource(source: Entry, report: Report): void {
  const logs = entryOf(source.value, 'logs'),
    asked = ['packs', 'metrics'].flatMap(key => entryOf(source.value, key) ?? []);
  if (!logs && asked.length === 0)
    report(
      errorAt(
        source.keySpan,
        'no-metric',
        'This health source queries nothing. Give it `packs`, `metrics` or `logs`.',
        { allowed: ['packs', 'metrics', 'logs'] },
      ),
    );
  for (const { key, keySpan } of logs ? asked : [entryOf(source.value, 'mostLines') ?? []].flat())
    report(
      errorAt(
        keySpan,
        'key-does-not-fit',
        `\`${key}\` does not belong to a source of ${logs ? 'logs' : 'metrics'}. Take it away.`,
        { found: key },
      ),
    );
}
