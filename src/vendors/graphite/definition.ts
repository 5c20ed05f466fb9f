// Graphite in a pipeline file: a server to connect to, and its metrics.
import { z } from 'zod';
import { compileServer, serverFields } from '../../model/file/connectionFields.ts';
import { toMs } from '../../model/file/durations.ts';
import type { Report } from '../../model/file/drafts.ts';
import { name, text } from '../../model/file/fields.ts';
import { compileMetric, computedMetricFields } from '../../model/file/metricFields.ts';
import {
  attribute,
  checkNodePattern,
  checkVersion,
  delay,
  lookBack,
  nodePattern,
  versionMeaning,
} from '../../model/file/sourceFields.ts';
import type { Entry } from '../../model/file/place.ts';
import type { CompiledSource, VendorDefinition } from '../vendor.ts';
import { vendor, type GraphiteSource } from './options.ts';

const connectionSchema = (credential: z.ZodString) =>
  z
    .strictObject(serverFields(credential, '`https://graphite.example.com`'))
    .meta({ description: 'A Graphite, or a server with its render API: metrics.' });

const metric = z
  .strictObject({
    target: text(
      'Target with a series for each node, such as `aliasByNode(shop.*.latency.p95, 1)`. ' +
        '`$__interval` stands for the interval, as in ' +
        '`aliasByNode(summarize(shop.*.requests, "$__interval", "sum"), 1)`. ' +
        'Several values of an interval are averaged for a gauge, and added up for a count.',
      4_000,
    ),
    ...computedMetricFields(),
  })
  .meta({ description: 'One metric.' });

const sourceSchema = () =>
  z
    .strictObject({
      connection: name('A connection of kind `graphite`.'),
      node: attribute(
        'What names the node: `target` (the name of a series, as `aliasByNode` gives it) or a tag. ' +
          'Backstop tells canary and baseline apart by it.',
      ).default('target'),
      nodePattern: nodePattern(),
      version: attribute(
        `What ${versionMeaning} As for \`node\`, \`target\` or a tag: where versions in the names have no dots, ` +
          '`aliasSub(aliasByNode(shop.*.latency, 1), "_", ".")` makes `1.9.0` of `1_9_0`.',
      ).optional(),
      metrics: z
        .record(text('Name of the metric.', 100), metric)
        .meta({ description: 'Metrics by name; each is a check of its own.', minProperties: 1 }),
      delay: delay('1m'),
      lookBack: lookBack(),
    })
    .meta({ description: 'Metrics from Graphite.' });

export const graphite: VendorDefinition = {
  kind: vendor,
  title: 'Graphite',
  connection: {
    schema: ({ credential }) => connectionSchema(credential),
    compile: given => compileServer(given as z.output<ReturnType<typeof connectionSchema>>),
    starter: '{ graphite: { url: https://graphite.example.com } }',
  },
  credential: { prompt: 'Graphite: a token, or user:password.', forms: [] },
  source: { schema: sourceSchema, check: checkSource, compile: compileSource },
};

function compileSource(given: unknown): CompiledSource {
  const source = given as z.output<ReturnType<typeof sourceSchema>>;
  return {
    kind: 'metrics',
    connection: source.connection,
    nodeAttribute: source.node,
    ...(source.version !== undefined && { versionAttribute: source.version }),
    delayMs: toMs(source.delay),
    lookBackMs: toMs(source.lookBack),
    metrics: Object.entries(source.metrics).map(([metricName, { target, ...judged }]) => ({
      ...compileMetric(metricName, judged),
      options: { target },
    })),
    options: { ...(source.nodePattern !== undefined && { nodePattern: source.nodePattern }) },
  } satisfies Omit<GraphiteSource, 'name' | 'vendor'>;
}

function checkSource(source: Entry, report: Report): void {
  checkNodePattern(source, report);
  checkVersion(source, report);
}
