// OpenSearch and Elasticsearch in a pipeline file: a server to connect to, and documents that are log lines or that
// metrics are computed from.
import { z } from 'zod';
import { compileServer, serverFields } from '../../model/file/connectionFields.ts';
import { toMs } from '../../model/file/durations.ts';
import { errorAt, type Report } from '../../model/file/drafts.ts';
import { formed, name, oneOf, text } from '../../model/file/fields.ts';
import { compileMetric, computedMetricFields, metricsByName } from '../../model/file/metricFields.ts';
import { entryOf, type Entry } from '../../model/file/place.ts';
import { delay, lookBack, mostLines, sidesBy, versionLike } from '../../model/file/sourceFields.ts';
import type { CompiledSource, VendorDefinition } from '../vendor.ts';
import {
  valuePattern,
  vendor,
  type OpenSearchConnection,
  type OpenSearchLogs,
  type OpenSearchMetrics,
} from './options.ts';
import { golden } from './packs.ts';

const field = (description: string) =>
  formed(
    description,
    /^[A-Za-z_@][\w.@:-]{0,199}$/,
    'The name of a field has letters, digits, dots, dashes, underscores, colons and @ signs.',
  );
const index = (description: string) =>
  formed(
    description,
    /^[^\s/?#"\\|<>]{1,255}$/,
    'An index has no spaces, slashes or quotes; several are separated by commas.',
  );

const connectionSchema = (credential: z.ZodString) => {
  const { url, credential: named } = serverFields(credential, '`https://search.example.com:9200`');
  return z
    .strictObject({
      url,
      credential: named.meta({
        description:
          'Name of a stored credential: `user:password`, or an API key. ' +
          'Without this key, requests have no credential. The value itself never belongs in a pipeline file.',
      }),
      scheme: oneOf('How a credential that is no `user:password` is sent in the header `Authorization`.', [
        'ApiKey',
        'Bearer',
      ]).default('ApiKey'),
      product: oneOf('Which of the two the server is.', ['openSearch', 'elasticsearch']).default('openSearch'),
      markers: index(
        'Index that takes a document for each deployment and each rollback. Without it there are no markers.',
      ).optional(),
    })
    .meta({ description: 'An OpenSearch or Elasticsearch: logs, metrics and deployment markers.' });
};
type ConnectionText = z.output<ReturnType<typeof connectionSchema>>;

const metric = z
  .strictObject({
    value: formed(
      'What is computed for each node and interval: `count`, `avg(FIELD)`, `sum(FIELD)`, `min(FIELD)`, `max(FIELD)`, ' +
        'or a percentile as `p95(FIELD)`.',
      valuePattern,
      'Write `count`, or a computation with a field: `avg(duration)`, `sum(bytes)`, `p95(duration)`.',
    ),
    where: text('Query string (Lucene) that selects among the documents of the source.', 2_000).optional(),
    ...computedMetricFields(),
  })
  .meta({ description: 'One metric.' });

const sourceSchema = () =>
  z
    .strictObject({
      connection: name('A connection of kind `openSearch`.'),
      index: index('Index, data stream or pattern with the documents, such as `logs-shop-*`.'),
      where: text(
        "Query string (Lucene) that finds the service's documents, such as `service.name:storefront`.",
        4_000,
      ).optional(),
      time: field('Field with the time of the document.').default('@timestamp'),
      node: field(
        'Field that names the node; a keyword. Backstop tells canary and baseline apart by it. ' +
          'Its value is exactly the name of the node.',
      ).default('host.name'),
      version: versionLike(field('')),
      message: field('For logs: the field with the log line.').default('message'),
      level: field('For logs: the field with the level. It is put before a line that does not have it.').optional(),
      packs: z
        .array(oneOf('A pack of metrics.', ['golden']))
        .min(1)
        .optional()
        .meta({
          description:
            'Packs of metrics. `golden`: requests, errors, p95 latency, from the transactions of Elastic APM ' +
            '(`processor.event`, `event.outcome`, `transaction.duration.us`).',
        }),
      metrics: metricsByName(
        metric,
        "Metrics by name; each is a check of its own. One with the name of a pack's metric replaces it. " +
          'In an interval without documents a count is zero where the node has others in the window.',
      ),
      delay: delay('30s'),
      lookBack: lookBack(),
      mostLines: mostLines(),
    })
    .meta({ description: 'Logs from OpenSearch or Elasticsearch, or metrics (`packs`, `metrics`) computed there.' });
type SourceText = z.output<ReturnType<typeof sourceSchema>>;

export const openSearch: VendorDefinition = {
  kind: vendor,
  title: 'OpenSearch',
  connection: {
    schema: ({ credential }) => connectionSchema(credential),
    compile: compileConnection,
    starter: '{ openSearch: { url: https://search.example.com:9200, credential: opensearch } }',
  },
  credential: { prompt: 'OpenSearch: user:password, or an API key.', forms: [] },
  source: {
    schema: sourceSchema,
    check: checkSource,
    countsOf: source => (entryOf(source, 'packs') ? ['requests'] : []),
    compile: compileSource,
    usual: service => ({ index: 'traces-apm*', packs: ['golden'], where: `service.name:${service}` }),
  },
};

function compileConnection(given: unknown): Omit<OpenSearchConnection, 'vendor'> {
  const { scheme, product, markers, ...server } = given as ConnectionText;
  const compiled = compileServer(server);
  return {
    ...compiled,
    ...(markers !== undefined && { marks: true as const }),
    options: { product, scheme, ...(markers !== undefined && { markers }) },
  };
}

function compileSource(given: unknown): CompiledSource {
  const source = given as SourceText;
  const { index: documents, where, time, message, level, packs, metrics } = source;
  const common = {
    connection: source.connection,
    nodeAttribute: source.node,
    delayMs: toMs(source.delay),
    lookBackMs: toMs(source.lookBack),
  };
  const options = { index: documents, time, ...(where !== undefined && { where }) };
  if (!packs && !metrics)
    return {
      ...common,
      ...sidesBy(source.node, source.version),
      kind: 'logs',
      mostLines: source.mostLines,
      options: { ...options, message, ...(level !== undefined && { level }) },
    } satisfies Omit<OpenSearchLogs, 'name' | 'vendor'>;
  const own = Object.entries(metrics ?? {}).map(([metricName, { value, where: selected, ...judged }]) => ({
    ...compileMetric(metricName, judged),
    options: { value, ...(selected !== undefined && { where: selected }) },
  }));
  const all = [...(packs ? golden : []), ...own];
  return {
    ...common,
    ...(source.version !== undefined && { versionAttribute: source.version }),
    kind: 'metrics',
    metrics: [...new Map(all.map(one => [one.name, one])).values()],
    options,
  } satisfies Omit<OpenSearchMetrics, 'name' | 'vendor'>;
}

function checkSource(source: Entry, report: Report): void {
  if (!entryOf(source.value, 'packs') && !entryOf(source.value, 'metrics')) return;
  for (const key of ['message', 'level', 'mostLines']) {
    const entry = entryOf(source.value, key);
    if (entry)
      report(
        errorAt(entry.keySpan, 'key-does-not-fit', `\`${key}\` does not belong to a source of metrics. Take it away.`, {
          found: key,
        }),
      );
  }
}
