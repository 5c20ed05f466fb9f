// Sumo Logic in a pipeline file: a deployment to connect to, and its health sources, which are log lines or metrics.
import { z } from 'zod';
import { parseBytes } from '../../model/byteSize.ts';
import { toMs } from '../../model/file/durations.ts';
import { errorAt, type Report } from '../../model/file/drafts.ts';
import { byteSize, name, oneOf, text, url } from '../../model/file/fields.ts';
import { compileMetric, metricFields, metricsByName } from '../../model/file/metricFields.ts';
import { entryOf, type Entry } from '../../model/file/place.ts';
import { delay, lookBack, mostLines, nodeAttribute, sidesBy, versionAttribute } from '../../model/file/sourceFields.ts';
import type { AskedQuery, CompiledSource, VendorDefinition } from '../vendor.ts';
import { vendor, type Rollup, type SumoLogsSource, type SumoMetric } from './options.ts';

const connectionSchema = (credential: z.ZodString) =>
  z
    .strictObject({
      url: url('API address of your deployment, such as `https://api.eu.sumologic.com/api`.'),
      credential,
    })
    .meta({ description: 'A Sumo Logic organisation: logs and metrics.' });

const metric = z
  .strictObject({
    query: text(
      'Metrics query, such as `metric=CPU_Total _sourceCategory=prod/storefront`. ' +
        'Backstop limits the part before the first `|` to the nodes.',
      2_000,
    ),
    rollup: oneOf(
      'How the values of an interval, and of several series of one node, become one value. ' +
        'By default `avg` for a gauge, `sum` for a count and `max` for a counter (`cumulative`), ' +
        'whose series are always added.',
      ['avg', 'sum', 'min', 'max', 'count'],
    ).optional(),
    ...metricFields(' They are values of the dimension `le`.'),
  })
  .meta({ description: 'One metric.' });
const defaultRollups: Readonly<Record<string, Rollup>> = {
  gauge: 'avg',
  count: 'sum',
  cumulative: 'max',
  histogram: 'max',
};

const sourceSchema = () =>
  z
    .strictObject({
      connection: name('A connection of kind `sumoLogic`.'),
      query: text(
        "Search that finds the service's log lines, such as `_sourceCategory=prod/storefront`. " +
          'Use it instead of metrics.',
        4_000,
      ).optional(),
      mostScanned: byteSize(
        'Limit on the data that one verification scans, over all data tiers, such as `5 GB`. ' +
          'If Sumo Logic estimates more, the run does not start; without an estimate it is only reported. ' +
          'By default there is no limit.',
      ).optional(),
      metrics: metricsByName(metric, 'Metrics by name; each is a check of its own.'),
      node: nodeAttribute().default('_sourcehost'),
      version: versionAttribute(),
      delay: delay('30s'),
      lookBack: lookBack(),
      mostLines: mostLines(),
    })
    .meta({ description: 'Logs (`query`) or `metrics` from Sumo Logic.' });

export const sumoLogic: VendorDefinition = {
  kind: vendor,
  title: 'Sumo Logic',
  connection: {
    schema: ({ credential }) => connectionSchema(credential),
    compile: given => given as z.output<ReturnType<typeof connectionSchema>>,
    domains: ['sumologic.com'],
    starter: '{ sumoLogic: { url: https://api.sumologic.com/api, credential: sumo } }',
  },
  credential: {
    prompt: 'Sumo Logic: accessId:accessKey.',
    forms: [/\bsu[A-Za-z0-9]{12}:[A-Za-z0-9]{16,}/g],
  },
  source: {
    schema: sourceSchema,
    check: checkSource,
    compile: compileSource,
    page: searchPage,
    starter: '{ sumoLogic: { connection: logs, query: _sourceCategory=prod/service } }',
  },
};

/** `https://api.eu.sumologic.com/api` is the API of `https://service.eu.sumologic.com`. */
function searchPage({ connection, source, text: query, fromMs, toMs: untilMs }: AskedQuery): string | undefined {
  const host = /^https:\/\/api\.((?:[a-z0-9]+\.)?sumologic\.com)\//.exec(connection.url)?.[1];
  return host === undefined || source.kind !== 'logs'
    ? undefined
    : `https://service.${host}/ui/#/search/create?query=${encodeURIComponent(query)}` +
        `&startTime=${fromMs}&endTime=${untilMs}`;
}

function compileSource(given: unknown): CompiledSource {
  const source = given as z.output<ReturnType<typeof sourceSchema>>;
  const common = {
    connection: source.connection,
    nodeAttribute: source.node,
    delayMs: toMs(source.delay),
    lookBackMs: toMs(source.lookBack),
  };
  if (source.metrics)
    return {
      kind: 'metrics',
      ...common,
      ...(source.version !== undefined && { versionAttribute: source.version }),
      metrics: Object.entries(source.metrics).map(([metricName, { query, rollup, ...judged }]): SumoMetric => ({
        ...compileMetric(metricName, judged),
        options: { query, rollup: rollup ?? defaultRollups[judged.kind]! },
      })),
    };
  return {
    kind: 'logs',
    ...common,
    ...sidesBy(source.node, source.version),
    mostLines: source.mostLines,
    ...(source.mostScanned !== undefined && { mostScannedBytes: parseBytes(source.mostScanned) ?? 0 }),
    options: { query: source.query ?? '' },
  } satisfies Omit<SumoLogsSource, 'name' | 'vendor'>;
}

/** Logs or metrics. */
function checkSource(source: Entry, report: Report): void {
  const query = entryOf(source.value, 'query'),
    metrics = entryOf(source.value, 'metrics');
  if (!query && !metrics)
    report(
      errorAt(source.keySpan, 'no-metric', 'This health source queries nothing. Give it `query` (logs) or `metrics`.', {
        allowed: ['query', 'metrics'],
      }),
    );
  for (const found of ['mostScanned', 'mostLines']) {
    const limit = entryOf(source.value, found);
    if (limit && metrics && !query)
      report(
        errorAt(limit.keySpan, 'key-does-not-fit', `\`${found}\` belongs to a source of logs. Take it away.`, {
          found,
        }),
      );
  }
  if (query && metrics)
    report(
      errorAt(
        query.keySpan,
        'key-does-not-fit',
        '`query` finds log lines and does not belong to a source of metrics. Take it away, ' +
          'or make a source of its own for it.',
        { found: 'query' },
      ),
    );
}
