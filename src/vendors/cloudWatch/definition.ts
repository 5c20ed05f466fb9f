// AWS CloudWatch in a pipeline file: an account and region to connect to, its logs and metrics.
import { z } from 'zod';
import { toMs } from '../../model/file/durations.ts';
import { errorAt, type Report } from '../../model/file/drafts.ts';
import { formed, name, oneOf, text, url } from '../../model/file/fields.ts';
import { compileMetric, computedMetricFields, metricsByName } from '../../model/file/metricFields.ts';
import { entryOf, type Entry } from '../../model/file/place.ts';
import {
  checkNodePattern,
  checkOneOf,
  delay,
  lookBack,
  mostLines,
  nodePattern,
  versionPattern,
} from '../../model/file/sourceFields.ts';
import type { AskedQuery, CompiledSource, VendorDefinition } from '../vendor.ts';
import { vendor, type CloudWatchConnection, type CloudWatchLogs, type CloudWatchMetrics } from './options.ts';

/** Named one by one: below `amazonaws.com` there are also hosts of AWS's customers. */
const regions = ['us', 'ca', 'sa', 'eu', 'ap', 'af', 'me', 'il', 'mx'].flatMap(area =>
  ['north', 'south', 'east', 'west', 'central', 'northeast', 'northwest', 'southeast', 'southwest'].flatMap(part =>
    [1, 2, 3, 4, 5, 6, 7].map(number => `${area}-${part}-${number}`),
  ),
);

const connectionSchema = (credential: z.ZodString) =>
  z
    .strictObject({
      credential,
      region: formed(
        'Region, such as `eu-central-1`.',
        /^[a-z]{2}(?:-[a-z]{1,20}){1,3}-\d{1,2}$/,
        'A region is written as `eu-central-1`.',
      ),
      url: url('Address of the API; it overrides `region` for metrics and logs.').optional(),
    })
    .meta({ description: 'AWS CloudWatch: metrics and logs.' });

const metric = z
  .strictObject({
    namespace: text('Namespace, such as `AWS/EC2` or `Shop`.', 255),
    metric: text('Name of the metric in CloudWatch.', 255),
    statistic: formed(
      'Statistic of an interval: `Average`, `Sum`, `Minimum`, `Maximum`, `SampleCount`, or a percentile as `p95`.',
      /^(?:Average|Sum|Minimum|Maximum|SampleCount|p\d{1,2}(?:\.\d{1,10})?)$/,
      'Write `Average`, `Sum`, `Minimum`, `Maximum`, `SampleCount`, or a percentile as `p95`.',
    ).default('Average'),
    dimensions: z
      .record(text('Name of the dimension.', 255), text('Its value.', 1_024))
      .optional()
      .meta({ description: 'Dimensions of the metric beside that of the node.' }),
    ...computedMetricFields(),
  })
  .meta({ description: 'One metric.' });

const sourceSchema = () =>
  z
    .strictObject({
      connection: name('A connection of kind `cloudWatch`.'),
      group: text('Log group of the service. Use it instead of metrics.', 512).optional(),
      filter: text('Filter pattern of the log events, such as `-"GET /health"`.', 1_024).optional(),
      prefix: text('Beginning of the names of the log streams, such as `ecs/shop/`.', 512).optional(),
      nodePattern: nodePattern().meta({
        description:
          'Regular expression that the whole name of a log stream must match; its first group is the name of the ' +
          'node, as in `ecs/shop/(.+)`. By default the name of the log stream is that of the node.',
      }),
      versionPattern: versionPattern('that the whole name of a log stream must match, as in `shop/([^/]+)/.+`'),
      node: text(
        'For metrics: the dimension that names the node. Backstop tells canary and baseline apart by it.',
        255,
      ).default('InstanceId'),
      version: text(
        'For metrics: the dimension that names the version of the release, for services whose nodes have no lasting ' +
          'names: Backstop tells canary and baseline apart by it, instead of `node`.',
        255,
      ).optional(),
      resolution: oneOf('For metrics: the shortest period that they are stored with.', [
        '1s',
        '5s',
        '10s',
        '30s',
        '1m',
        '5m',
      ]).default('1m'),
      metrics: metricsByName(metric, 'Metrics by name; each is a check of its own.'),
      delay: delay('2m'),
      lookBack: lookBack(),
      mostLines: mostLines(),
    })
    .meta({ description: 'Metrics (`metrics`) or logs (`group`) from CloudWatch.' });

export const cloudWatch: VendorDefinition = {
  kind: vendor,
  title: 'CloudWatch',
  connection: {
    schema: ({ credential }) => connectionSchema(credential),
    compile: compileConnection,
    domains: regions.flatMap(region => [`monitoring.${region}.amazonaws.com`, `logs.${region}.amazonaws.com`]),
    starter: '{ cloudWatch: { region: us-east-1, credential: cloudwatch } }',
  },
  credential: {
    prompt: 'CloudWatch: KEYID:SECRETKEY, or KEYID:SECRETKEY:SESSIONTOKEN.',
    forms: [/\b(?:AKIA|ASIA)[A-Z0-9]{16}\b/g],
  },
  source: { schema: sourceSchema, check: checkSource, compile: compileSource, page: consolePage },
};

/** The log group in the console, which writes `$` in place of `%` and escapes values twice. */
function consolePage({ connection, source, fromMs, toMs: untilMs }: AskedQuery): string | undefined {
  const { region } = (connection as CloudWatchConnection).options;
  if (source.kind !== 'logs' || connection.url !== `https://monitoring.${region}.amazonaws.com`) return undefined;
  const { group, filter } = (source as CloudWatchLogs).options;
  const value = (text: string): string => encodeURIComponent(encodeURIComponent(text)).replaceAll('%', '$');
  return (
    `https://${region}.console.aws.amazon.com/cloudwatch/home?region=${region}` +
    `#logsV2:log-groups/log-group/${value(group)}/log-events$3Fstart$3D${fromMs}$26end$3D${untilMs}` +
    (filter === undefined ? '' : `$26filterPattern$3D${value(filter)}`)
  );
}

function compileConnection(given: unknown): Omit<CloudWatchConnection, 'vendor'> {
  const { credential, region, url: own } = given as z.output<ReturnType<typeof connectionSchema>>;
  const address = (service: string): string => own ?? `https://${service}.${region}.amazonaws.com`;
  return { url: address('monitoring'), credential, options: { region, logsUrl: address('logs') } };
}

function compileSource(given: unknown): CompiledSource {
  const source = given as z.output<ReturnType<typeof sourceSchema>>;
  const { connection, group, filter, prefix, version } = source,
    named = source.versionPattern ?? source.nodePattern;
  const times = { delayMs: toMs(source.delay), lookBackMs: toMs(source.lookBack) };
  if (group !== undefined)
    return {
      kind: 'logs',
      connection,
      nodeAttribute: 'logStreamName',
      ...(source.versionPattern !== undefined && { versionAttribute: 'logStreamName' }),
      ...times,
      mostLines: source.mostLines,
      options: {
        group,
        ...(filter !== undefined && { filter }),
        ...(prefix !== undefined && { prefix }),
        ...(named !== undefined && { nodePattern: named }),
      },
    } satisfies Omit<CloudWatchLogs, 'name' | 'vendor'>;
  return {
    kind: 'metrics',
    connection,
    nodeAttribute: source.node,
    ...(version !== undefined && { versionAttribute: version }),
    ...times,
    metrics: Object.entries(source.metrics ?? {}).map(
      ([metricName, { namespace, metric: measured, statistic, dimensions = {}, ...judged }]) => ({
        ...compileMetric(metricName, judged),
        options: { namespace, metric: measured, statistic, dimensions },
      }),
    ),
    options: { resolutionMs: toMs(source.resolution) },
  } satisfies Omit<CloudWatchMetrics, 'name' | 'vendor'>;
}

const logKeys = ['filter', 'prefix', 'nodePattern', 'versionPattern', 'mostLines'],
  metricKeys = ['metrics', 'node', 'version', 'resolution'];

/** A log group or metrics, and nothing that belongs to the other. */
function checkSource(source: Entry, report: Report): void {
  const isLogs = entryOf(source.value, 'group') !== undefined;
  if (!isLogs && !entryOf(source.value, 'metrics'))
    report(
      errorAt(source.keySpan, 'no-metric', 'This health source queries nothing. Give it `group` (logs) or `metrics`.', {
        allowed: ['group', 'metrics'],
      }),
    );
  for (const key of isLogs ? metricKeys : logKeys) {
    const entry = entryOf(source.value, key);
    if (entry)
      report(
        errorAt(
          entry.keySpan,
          'key-does-not-fit',
          `\`${key}\` does not belong to a source of ${isLogs ? 'logs' : 'metrics'}. Take it away.`,
          { found: key },
        ),
      );
  }
  checkNodePattern(source, report);
  checkOneOf(source, ['node', 'version'], report);
  checkOneOf(source, ['nodePattern', 'versionPattern'], report);
}
