// `backstop templates`: the log event of every line of a file, as CSV.
import { csvRow } from '../show/csv.ts';
import { done } from '../command.ts';
import type { Command } from '../command.ts';
import { exitStatus } from '../exitStatus.ts';
import { readSafely } from '../readSafely.ts';

const rowsAtOnce = 2000;

export const templates: Command = {
  name: 'templates',
  group: 'Analyse logs',
  summary: "Groups the lines of a log file by event and prints each line's template as CSV.",
  usage: 'FILE|-',
  details: [
    'It prints one row for every line, in order: LineId (from 1), GroupId, Template. Variable parts are <*>. ' +
      'With - it reads standard input.',
    'A line that continues a record, such as a stack trace, has the GroupId of that record. The format is RFC 4180.',
  ],
  positional: { name: 'FILE', minimum: 1, maximum: 1 },
  options: {},
  statuses: { 0: 'printed', 3: 'a file that is missing or is not text' },
  examples: ['backstop templates app.log', 'zcat app.log.gz | backstop templates - | head'],
  async run({ given, output, dependencies: { files, logAnalysis } }) {
    const path = given.positionals[0] ?? '-';
    const bytes = await files.openLogBytes(path);
    if (!bytes.ok) return bytes;
    const analysis = await logAnalysis();
    if (!analysis.ok) return analysis;
    const grouped = await readSafely(path === '-' ? 'Standard input' : path, () =>
      analysis.value.groupLines(bytes.value),
    );
    if (!grouped.ok) return grouped;
    const { groups, templates: names } = grouped.value;
    // A file has many lines but few groups, so the part of a row after the line's number is built once per group.
    const ends = names.map((name, group) => csvRow(['', String(group), name]));
    await output.raw(csvRow(['LineId', 'GroupId', 'Template']));
    for (let from = 0; from < groups.length && !output.closed; from += rowsAtOnce) {
      let rows = '';
      for (let line = from; line < Math.min(from + rowsAtOnce, groups.length); line++)
        rows += `${line + 1}${ends[groups[line]!]!}`;
      await output.raw(rows);
    }
    return done(exitStatus.good);
  },
};
