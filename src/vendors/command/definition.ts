// A program of one's own as a health source, which prints log lines or the values of metrics, and as what lists the
// versions that can be deployed.
import { z } from 'zod';
import { toMs } from '../../model/file/durations.ts';
import { errorAt, type Report } from '../../model/file/drafts.ts';
import { looseText, oneOf, pattern, series, text, textValues } from '../../model/file/fields.ts';
import { compileMetric, metricFields, metricsByName } from '../../model/file/metricFields.ts';
import { child, entriesOf, entryOf, itemsOf, textOf, type Entry, type Place } from '../../model/file/place.ts';
import { programFields } from '../../model/file/programFields.ts';
import { checkOneOf, delay, lookBack, sidesBy, versionMeaning, versionPattern } from '../../model/file/sourceFields.ts';
import type { CompiledSource, VendorDefinition } from '../vendor.ts';
import { commandArtifact } from './artifactDefinition.ts';
import { vendor, type CommandLogsSource, type CommandMetricsSource, type CommandOptions } from './options.ts';

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
        '(`BACKSTOP_FROM_MS` and `BACKSTOP_TO_MS` in milliseconds). With `nodes: each-version` write `{version}` ' +
        'and `${BACKSTOP_VERSION}`.',
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
  nodes: oneOf(
    '`each` runs the program once for each node. `together` runs it once for all of them. `each-version` runs it ' +
      'once for the new and once for the old version, for services whose nodes have no lasting names: what it ' +
      'prints is of all nodes that run this version.',
    ['each', 'together', 'each-version'],
  ).default('each'),
  nodePattern: pattern(
    'For log lines of all nodes `together`: matches the beginning of a line, and its first group is the node, as ' +
      'in `\\[pod/([^/]+)/`.',
  ).optional(),
  versionPattern: versionPattern('for log lines of all nodes `together`, that the beginning of a line must match'),
  keys: z
    .strictObject({
      name: key('Name of the metric in JSON. An object without it has a key for each metric.', 'name'),
      value: key('Its value.', 'value'),
      time: key('Time of the value; without one it is of the time of reading.', 'time'),
      node: key('Name of the node where the program runs for all of them; a label in the text format.', 'node'),
      version: text(`What ${versionMeaning}`, 200).optional(),
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
    versionPattern: versioned,
    keys: { version, ...keys },
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
  const pattern = versioned ?? nodePattern;
  if (logs !== undefined)
    return {
      kind: 'logs',
      ...common,
      ...sidesOf(nodes, 'logs', 'nodePattern', versioned && 'versionPattern'),
      options: { ...options, withErrors: stderr, ...(pattern !== undefined && { nodePattern: pattern }) },
    } satisfies Omit<CommandLogsSource, 'name' | 'vendor'>;
  return {
    kind: 'metrics',
    ...common,
    ...sidesOf(nodes, 'values', keys.node, version),
    metrics: Object.entries(metrics).map(([name, { series: own = name, rollup, ...said }]) => ({
      ...compileMetric(name, said),
      options: { series: own, ...(rollup !== undefined && { rollup }) },
    })),
    options: { ...options, keys: { ...keys, node: version ?? keys.node } },
  } satisfies Omit<CommandMetricsSource, 'name' | 'vendor'>;
}

/** `together` and `version`: what its output names a node or a version by, where it runs for all. */
function sidesOf(nodes: CommandOptions['nodes'], program: string, together: string, version: string | undefined) {
  if (nodes === 'together') return sidesBy(together, version);
  return sidesBy(program, nodes === 'each-version' ? program : undefined);
}

const metricKeys = ['values', 'metrics', 'keys'],
  logKeys = ['logs', 'nodePattern', 'versionPattern', 'stderr'];

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
  const runs = textOf(child(source.value, 'nodes')) ?? 'each',
    logs = entryOf(source.value, 'logs'),
    keys = entryOf(source.value, 'keys');
  const patterns = ['nodePattern', 'versionPattern'].flatMap(name => entryOf(source.value, name) ?? []);
  const says = patterns.some(({ value }) => /\((?!\?)/.test(textOf(value) ?? ''));
  if (logs && runs === 'together' && !says)
    report(
      errorAt(
        patterns[0]?.keySpan ?? logs.keySpan,
        'missing-key',
        'A program for all nodes together needs a `nodePattern` with a group that is the name of the node, such as ' +
          '`\\[pod/([^/]+)/`, or a `versionPattern` with a group that is the version.',
      ),
    );
  const own = runs === 'together' ? [] : patterns;
  const version = keys && entryOf(keys.value, 'version');
  for (const { key: found, keySpan } of [...own, ...(runs !== 'together' && version ? [version] : [])])
    report(
      errorAt(keySpan, 'key-does-not-fit', `\`${found}\` belongs to \`nodes: together\`. Take it away.`, { found }),
    );
  checkOneOf(source, ['nodePattern', 'versionPattern'], report);
  if (keys) checkOneOf(keys, ['node', 'version'], report);
  for (const argument of [...itemsOf(child(source.value, 'logs')), ...itemsOf(child(source.value, 'values'))])
    checkArgument(argument, runs, report);
}

function checkArgument(argument: Place, runs: string, report: Report): void {
  const [, plain, variable] = /\{(node|version)\}|\$\{BACKSTOP_(NODE|VERSION)\}/.exec(textOf(argument) ?? '') ?? [];
  const named = (plain ?? variable)?.toLowerCase();
  if (argument.kind !== 'scalar' || named === undefined) return;
  const wanted = named === 'node' ? 'each' : 'each-version';
  if (runs === wanted) return;
  const message =
    runs === 'together'
      ? `A program for all nodes together runs for none of them: there is no ${named} here.`
      : `The program runs once for each ${runs === 'each' ? 'node' : 'version'}, so there is no ${named} here: ` +
        `write \`nodes: ${wanted}\`.`;
  report(errorAt(argument.span, 'wrong-form', message, { found: argument.source }));
}
