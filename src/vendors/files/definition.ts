// Files of the workspace folder as health sources: log files of each node, or files with the values of metrics.
import { z } from 'zod';
import { toMs } from '../../model/file/durations.ts';
import { errorAt, type Report } from '../../model/file/drafts.ts';
import { formed, oneOf, series, text } from '../../model/file/fields.ts';
import { compileMetric, metricFields, metricsByName } from '../../model/file/metricFields.ts';
import { entriesOf, entryOf, textOf, type Entry } from '../../model/file/place.ts';
import { checkOneOf, delay, lookBack, sidesBy, versionMeaning } from '../../model/file/sourceFields.ts';
import type { CompiledSource, VendorDefinition } from '../vendor.ts';
import { namesSide, vendor, type FileLogsSource, type FileMetricsSource } from './options.ts';

const path = (description: string) =>
  formed(
    description,
    /^(?![/\\])(?!.*(?:^|\/)\.\.(?:\/|$))(?!(?:[^*]*\*){9})[^\\\0]{1,500}$/,
    'A path is relative to the workspace folder, with slashes, without `..`, and has at most eight `*`.',
  );

const key = (description: string, fallback: string) => text(description, 200).default(fallback);

const { node: _, ...judged } = metricFields();
const metric = z
  .strictObject({
    series: series(
      'Its values in the file: what the key `name` says, or the column that holds them, and labels where only some ' +
        'count, as in `requests{code=~"5.."}`. By default the name of the metric.',
    ).optional(),
    rollup: oneOf(
      'How several values of an interval, and several series of one node, become one value. By default `avg`; ' +
        'counts and counters are added.',
      ['avg', 'sum', 'min', 'max'],
    ).optional(),
    ...judged,
  })
  .meta({ description: 'One metric.' });

const sourceSchema = () =>
  z
    .strictObject({
      logs: path(
        'Log files, such as `logs/{node}/*.log`: `{node}` stands for the name of the node, `*` and `?` for parts of ' +
          'a name. Rotated files beside them (`app.log.1`, `app.log-20260130.gz`) are read too. ' +
          'With `{version}` instead of `{node}` they are those of all nodes that run this version. ' +
          'Use it instead of metrics.',
      ).optional(),
      file: path(
        'Files with the values of metrics, such as `metrics/{node}.jsonl` or `metrics/{version}.jsonl`. ' +
          'Without `{node}` and `{version}` each row names its node.',
      ).optional(),
      format: oneOf(
        '`json` is one JSON object a line; `csv` is a table with a header. By default `csv` for names that end ' +
          'in `.csv`, otherwise `json`.',
        ['json', 'csv'],
      ).optional(),
      keys: z
        .strictObject({
          name: key('Name of the metric. A row without it has a column for each metric.', 'name'),
          value: key('Its value.', 'value'),
          time: key('Time of the value: a date and time, or the time since 1970 in any unit.', 'time'),
          node: key('Name of the node, for files without `{node}` in their path.', 'node'),
          version: text(`What ${versionMeaning}`, 200).optional(),
        })
        .prefault({})
        .meta({ description: 'What the keys of a JSON line, or the columns of a table, are called.' }),
      metrics: metricsByName(metric, 'Metrics by name; each is a check of its own.'),
      zone: oneOf('Time zone of times that name none: that of this machine (`local`) or `utc`.', [
        'local',
        'utc',
      ]).default('local'),
      delay: delay('2s'),
      lookBack: lookBack(),
    })
    .meta({ description: 'Log files (`logs`) or metrics (`file`, `metrics`) of the workspace folder.' });

type SourceText = z.output<ReturnType<typeof sourceSchema>>;

export const files: VendorDefinition = {
  kind: vendor,
  title: 'Files',
  source: { schema: sourceSchema, check: checkSource, compile: compileSource },
};

function compileSource(given: unknown): CompiledSource {
  const { logs, file = '', format, keys, metrics = {}, zone, delay: delayed, lookBack: back } = given as SourceText;
  const { version, ...ownKeys } = keys,
    path = logs ?? file;
  const common = {
    ...sidesBy(namesSide(path) ? path : keys.node, path.includes('{version}') ? path : version),
    delayMs: toMs(delayed),
    lookBackMs: toMs(back),
  };
  if (logs !== undefined)
    return { kind: 'logs', ...common, options: { path: logs, zone } } satisfies Omit<FileLogsSource, 'name' | 'vendor'>;
  return {
    kind: 'metrics',
    ...common,
    metrics: Object.entries(metrics).map(([name, { series: own = name, rollup, ...said }]) => ({
      ...compileMetric(name, said),
      options: { series: own, ...(rollup !== undefined && { rollup }) },
    })),
    options: {
      path: file,
      format: format ?? (/\.csv$/i.test(file) ? 'csv' : 'json'),
      keys: { ...ownKeys, node: version ?? keys.node },
      zone,
    },
  } satisfies Omit<FileMetricsSource, 'name' | 'vendor'>;
}

const metricKeys = ['file', 'format', 'keys', 'metrics'];

/** Log files, which tell nodes apart by their path, or metrics with the file that has them. */
function checkSource(source: Entry, report: Report): void {
  const logs = entryOf(source.value, 'logs'),
    file = entryOf(source.value, 'file'),
    metrics = entryOf(source.value, 'metrics');
  if (!logs && !(file && metrics))
    report(
      errorAt(
        source.keySpan,
        'no-metric',
        'This health source reads nothing. Give it `logs`, or `file` and `metrics`.',
        { allowed: ['logs', 'file', 'metrics'] },
      ),
    );
  checkPath(logs ?? file, logs !== undefined, report);
  for (const { key: found, keySpan } of logs ? entriesOf(source.value) : [])
    if (metricKeys.includes(found))
      report(
        errorAt(keySpan, 'key-does-not-fit', `\`${found}\` does not belong to a source of logs. Take it away.`, {
          found,
        }),
      );
  const keys = entryOf(source.value, 'keys');
  if (keys) checkOneOf(keys, ['node', 'version'], report);
}

function checkPath(entry: Entry | undefined, isOfLogs: boolean, report: Report): void {
  const path = textOf(entry?.value);
  if (!entry || path === undefined) return;
  if (isOfLogs && !namesSide(path))
    report(
      errorAt(
        entry.keySpan,
        'wrong-form',
        'Each node needs log files of its own: write `{node}` where its name stands, as in `logs/{node}/*.log`, ' +
          'or `{version}` where the version of the release stands.',
        { found: path },
      ),
    );
  if (path.includes('{node}') && path.includes('{version}'))
    report(
      errorAt(
        entry.keySpan,
        'wrong-form',
        'The sides are told apart by `{node}` or by `{version}`. Write `*` for the other one.',
        { found: path },
      ),
    );
}
