// A program of one's own as a health source, which prints log lines or the values of metrics, and as what lists the
// versions that can be deployed.
import { z } from 'zod';
import { toMs } from '../../model/file/durations.ts';
import { errorAt, type Report } from '../../model/file/drafts.ts';
import { looseText, oneOf, pattern, series, text, textValues } from '../../model/file/fields.ts';
import { compileMetric, metricFields, metricsByName } from '../../model/file/metricFields.ts';
import { child, entriesOf, entryOf, itemsOf, textOf, type Entry } from '../../model/file/place.ts';
import { programFields } from '../../model/file/programFields.ts';
import { delay, lookBack } from '../../model/file/sourceFields.ts';
import type { CompiledSource, VendorDefinition } from '../vendor.ts';
import { commandArtifact } from './artifactDefinition.ts';
import { vendor, type CommandLogsSource, type CommandMetricsSource } from './options.ts';

const program = (description: string) =>
  z
    .array(looseText)
    .min(1)
    .max(200)
    .optional()
    .meta({
      description:
        `${description} A list of the program and its arguments, run without a shell. ` +
        '`{node}` in an argument stands for the node, and `${BACKSTOP_NODE}`, `${BACKSTOP_FROM}` and ' +
        '`${BACKSTOP_TO}` for what its environment has: the node, and the time that is asked for ' +
        '(`BACKSTOP_FROM_MS` and `BACKSTOP_TO_MS` in milliseconds).',
    });

const key = (description: string, fallback: string) => text(description, 200).default(fallback);

const { node: _, ...judged } = metricFields(' They are values of the label `le`.');
const metric = z
  .strictObject({
    series: series(
      'Name of its values in the output, and labels where only some count, as in `requests{code=~"5.."}`. ' +
        'By default the name of the metric.',
    ).optional(),
    rollup: oneOf('How several series of one node become one value. By default `avg`; counts and counters are added.', [
      'avg',
      'sum',
      'min',
      'max',
    ]).optional(),
    ...judged,
  })
  .meta({ description: 'One metric.' });

/** What it prints, and whose that is. */
const printed = {
  logs: program('Prints log lines with their times, such as `[docker, logs, --timestamps, "{node}"]`.'),
  values: program(
    'Prints the values of metrics: the text format of Prometheus (`name value`, with a time behind it or not) or ' +
      'JSON. Use it with `metrics`, instead of logs.',
  ),
  metrics: metricsByName(
    metric,
    'Metrics by name; each is a check of its own. What the output calls a counter is counted by the difference ' +
      'of two readings, and so is a `count` without a time.',
  ),
  nodes: oneOf('`each` runs the program once for each node. `together` runs it once for all of them.', [
    'each',
    'together',
  ]).default('each'),
  nodePattern: pattern(
    'For log lines of all nodes `together`: matches the beginning of a line, and its first group is the node, as ' +
      'in `\\[pod/([^/]+)/`.',
  ).optional(),
  keys: z
    .strictObject({
      name: key('Name of the metric in JSON. An object without it has a key for each metric.', 'name'),
      value: key('Its value.', 'value'),
      time: key('Time of the value; without one it is of the time of reading.', 'time'),
      node: key('Name of the node where the program runs for all of them; a label in the text format.', 'node'),
    })
    .prefault({})
    .meta({ description: 'What the keys and labels of values are called.' }),
};

/** How it is run. */
const running = {
  stderr: z
    .boolean()
    .default(false)
    .meta({ description: 'Whether its error output has log lines too, as that of `docker logs`.' }),
  ...programFields('5m'),
  zone: oneOf('Time zone of times that name none: that of this machine (`local`) or `utc`.', ['local', 'utc']).default(
    'local',
  ),
  delay: delay('2s'),
  lookBack: lookBack(),
};

const sourceSchema = () =>
  z
    .strictObject({ ...printed, ...running })
    .meta({ description: 'Log lines (`logs`) or metrics (`values`, `metrics`) that a program prints.' });

type SourceText = z.output<ReturnType<typeof sourceSchema>>;

export const command: VendorDefinition = {
  kind: vendor,
  title: 'Command',
  source: { schema: sourceSchema, check: checkSource, compile: compileSource },
  artifact: commandArtifact,
};

function compileSource(given: unknown): CompiledSource {
  const source = given as SourceText;
  const {
    logs,
    values = [],
    metrics = {},
    nodePattern,
    keys,
    stderr,
    timeout,
    delay: delayed,
    lookBack: back,
  } = source;
  const { nodes, directory, environment, zone } = source;
  const common = { delayMs: toMs(delayed), lookBackMs: toMs(back) };
  const options = {
    command: (logs ?? values).map(String),
    nodes,
    directory,
    environment,
    zone,
    timeoutMs: toMs(timeout),
    variables: textValues(source.variables),
  };
  if (logs !== undefined)
    return {
      kind: 'logs',
      ...common,
      nodeAttribute: nodes === 'each' ? 'logs' : 'nodePattern',
      options: { ...options, withErrors: stderr, ...(nodePattern !== undefined && { nodePattern }) },
    } satisfies Omit<CommandLogsSource, 'name' | 'vendor'>;
  return {
    kind: 'metrics',
    ...common,
    nodeAttribute: nodes === 'each' ? 'values' : keys.node,
    metrics: Object.entries(metrics).map(([name, { series: own = name, rollup, ...said }]) => ({
      ...compileMetric(name, said),
      options: { series: own, ...(rollup !== undefined && { rollup }) },
    })),
    options: { ...options, keys },
  } satisfies Omit<CommandMetricsSource, 'name' | 'vendor'>;
}

const metricKeys = ['values', 'metrics', 'keys'],
  logKeys = ['logs', 'nodePattern', 'stderr'];

function checkSource(source: Entry, report: Report): void {
  const logs = entryOf(source.value, 'logs');
  if (!logs && !(entryOf(source.value, 'values') && entryOf(source.value, 'metrics')))
    report(
      errorAt(
        source.keySpan,
        'no-metric',
        'This health source reads nothing. Give it `logs`, or `values` and `metrics`.',
        { allowed: ['logs', 'values', 'metrics'] },
      ),
    );
  for (const { key: found, keySpan } of entriesOf(source.value))
    if ((logs ? metricKeys : logKeys).includes(found))
      report(
        errorAt(
          keySpan,
          'key-does-not-fit',
          `\`${found}\` does not belong to a source of ${logs ? 'logs' : 'metrics'}. Take it away.`,
          { found },
        ),
      );
  checkNodes(source, report);
}

/** Whoever speaks for all nodes must say of each line whose it is, and whoever speaks for one must know which. */
function checkNodes(source: Entry, report: Report): void {
  const isTogether = textOf(child(source.value, 'nodes')) === 'together',
    given = entryOf(source.value, 'nodePattern'),
    found = textOf(given?.value),
    logs = entryOf(source.value, 'logs');
  if (logs && isTogether && (found === undefined || !/\((?!\?)/.test(found)))
    report(
      errorAt(
        given?.keySpan ?? logs.keySpan,
        'missing-key',
        'A program for all nodes together needs a `nodePattern` with a group that is the name of the node, such as ' +
          '`\\[pod/([^/]+)/`.',
      ),
    );
  if (given && !isTogether)
    report(
      errorAt(given.keySpan, 'key-does-not-fit', '`nodePattern` belongs to `nodes: together`. Take it away.', {
        found: 'nodePattern',
      }),
    );
  const named = [...itemsOf(child(source.value, 'logs')), ...itemsOf(child(source.value, 'values'))].find(argument =>
    /\{node\}|\$\{BACKSTOP_NODE\}/.test(textOf(argument) ?? ''),
  );
  if (named?.kind === 'scalar' && isTogether)
    report(
      errorAt(
        named.span,
        'wrong-form',
        'A program for all nodes together runs for none of them: there is no node here.',
        {
          found: named.source,
        },
      ),
    );
}
