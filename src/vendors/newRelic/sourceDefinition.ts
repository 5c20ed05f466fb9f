// Health sources of New Relic in a pipeline file: metrics, of its own or in packs, or log lines.
import { z } from 'zod';
import { toMs } from '../../model/file/durations.ts';
import { errorAt, type Report } from '../../model/file/drafts.ts';
import { duration, formed, name, oneOf, text } from '../../model/file/fields.ts';
import { compileMetric, metricFields, metricsByName } from '../../model/file/metricFields.ts';
import { child, entriesOf, entryOf, itemsOf, textOf, type Entry, type Place } from '../../model/file/place.ts';
import { attribute, delay, lookBack, mostLines, sidesBy } from '../../model/file/sourceFields.ts';
import type { SourceDefinition } from '../vendor.ts';
import type { NewRelicLogsSource, NewRelicMetricsSource, NrqlMetric } from './options.ts';
import { queryBuilderPage } from './page.ts';
import { describePacks, metricsOfPacks, packNames, type PackName } from './packs.ts';

const defaults = { node: 'host', hostNode: 'hostname', delay: '30s', apdexT: '500ms', message: 'message' } as const;

const metric = z
  .strictObject({
    select: text('NRQL for the value, such as `percentile(duration, 95)` or `count(*)`.', 2_000),
    from: formed(
      'Event type to query, such as `Transaction`.',
      /^[A-Za-z_][\w:]{0,127}(?:\s*,\s*[A-Za-z_][\w:]{0,127}){0,9}$/,
      'An event type has letters, digits and underscores; several are separated by commas.',
    ),
    where: text('NRQL condition that selects the events.', 2_000).optional(),
    ...metricFields(),
  })
  .meta({ description: 'One metric.' });

const sourceSchema = () =>
  z
    .strictObject({
      connection: name('A connection of kind `newRelic`.'),
      node: attribute(
        'Attribute that names the node. Backstop tells canary and baseline apart by it. ' +
          `By default \`${defaults.node}\`, and \`${defaults.hostNode}\` for host packs and logs.`,
      ).optional(),
      version: attribute(
        'Attribute that names the version of the release, such as `tags.version`, ' +
          'for services whose nodes have no names: Backstop tells canary and baseline apart by it. ' +
          'Hosts know no version, so packs then leave out CPU and memory.',
      ).optional(),
      delay: delay(defaults.delay),
      lookBack: lookBack(),
      mostLines: mostLines(),
      packs: z
        .array(oneOf('A pack of metrics.', packNames))
        .min(1)
        .optional()
        .meta({ description: `Packs of metrics. ${describePacks()}` }),
      app: text(
        'Name of the application; packs count only its transactions. By default all transactions on the nodes.',
        200,
      ).optional(),
      apdexT: duration('Apdex T of the packs: a response up to this time satisfies.', '1ms', '1h').default(
        defaults.apdexT,
      ),
      metrics: metricsByName(
        metric,
        "Metrics by name; each is a check of its own. One with the name of a pack's metric replaces it.",
      ),
      logs: text(
        "NRQL condition that finds the service's log lines, such as `service = 'storefront'`. " +
          'Use it instead of metrics.',
        2_000,
      ).optional(),
      message: attribute('Attribute that holds the log line.').default(defaults.message),
    })
    .meta({ description: 'Metrics (`packs`, `metrics`) or `logs` from New Relic.' });

type SourceText = z.output<ReturnType<typeof sourceSchema>>;

export const newRelicSource: SourceDefinition = {
  schema: sourceSchema,
  check: checkSource,
  page: queryBuilderPage,
  usual: service => ({ packs: ['golden'], app: service }),
  countsOf: source =>
    packedMetrics(source)
      .filter(one => one.kind === 'count' && one.denominator === undefined)
      .map(one => one.name),
  compile(given) {
    const source = given as SourceText;
    return source.logs === undefined ? compileMetrics(source) : compileLogs(source, source.logs);
  },
};

/** A metric of one's own stands where the pack's metric of that name would. */
function compileMetrics({
  connection,
  node,
  version,
  delay: delayed,
  lookBack: back,
  packs,
  app,
  apdexT,
  metrics = {},
}: SourceText): Omit<NewRelicMetricsSource, 'name' | 'vendor'> {
  const own = Object.entries(metrics).map(([metricName, { select, from, where, ...judged }]): NrqlMetric => ({
    ...compileMetric(metricName, judged),
    options: { select, from, ...(where !== undefined && { where }) },
  }));
  const packed = metricsOfPacks(packs ?? [], {
    ...(app !== undefined && { app }),
    apdexSeconds: toMs(apdexT) / 1000,
    hostAttribute: node ?? defaults.hostNode,
  });
  // Hosts know no version.
  const told = version === undefined ? packed : packed.filter(one => one.nodeAttribute === undefined);
  return {
    kind: 'metrics',
    connection,
    nodeAttribute: node ?? defaults.node,
    ...(version !== undefined && { versionAttribute: version }),
    delayMs: toMs(delayed),
    lookBackMs: toMs(back),
    metrics: [...new Map([...told, ...own].map(one => [one.name, one])).values()],
  };
}

function compileLogs(
  { connection, node, version, delay: delayed, lookBack: back, message, mostLines }: SourceText,
  where: string,
): Omit<NewRelicLogsSource, 'name' | 'vendor'> {
  return {
    kind: 'logs',
    connection,
    ...sidesBy(node ?? defaults.hostNode, version),
    mostLines,
    delayMs: toMs(delayed),
    lookBackMs: toMs(back),
    options: { where, messageAttribute: message },
  };
}

const metricKeys = ['packs', 'metrics'],
  packKeys = ['app', 'apdexT'],
  logKeys = ['message', 'mostLines'];

/** Metrics or logs, and nothing that belongs to the other. */
function checkSource(source: Entry, report: Report): void {
  const logs = entryOf(source.value, 'logs');
  const asked = metricKeys.filter(key => entryOf(source.value, key));
  if (!logs && asked.length === 0)
    report(
      errorAt(
        source.keySpan,
        'no-metric',
        'This health source queries nothing. Give it `packs`, `metrics` or `logs`.',
        { allowed: ['packs', 'metrics', 'logs'] },
      ),
    );
  const packed = packedMetrics(source.value),
    version = entryOf(source.value, 'version');
  if (
    version &&
    packed.length > 0 &&
    packed.every(metric => metric.nodeAttribute !== undefined) &&
    !asked.includes('metrics')
  ) {
    report(
      errorAt(
        version.keySpan,
        'no-metric',
        'Hosts have no version, so these packs query nothing. Remove `version`, or name another pack.',
        { found: 'version' },
      ),
    );
  }
  const idle = logs ? [...metricKeys, ...packKeys] : asked.includes('packs') ? logKeys : [...packKeys, ...logKeys];
  for (const { key, keySpan } of entriesOf(source.value)) {
    const kind = logs ? 'of logs' : logKeys.includes(key) ? 'of metrics' : 'without packs';
    if (idle.includes(key))
      report(
        errorAt(keySpan, 'key-does-not-fit', `\`${key}\` does not belong to a source ${kind}. Take it away.`, {
          found: key,
        }),
      );
  }
}

function packedMetrics(source: Place): readonly NrqlMetric[] {
  const names = itemsOf(child(source, 'packs'))
    .map(textOf)
    .filter(one => packNames.some(known => known === one)) as PackName[];
  return metricsOfPacks(names, { apdexSeconds: 0, hostAttribute: '' });
}
