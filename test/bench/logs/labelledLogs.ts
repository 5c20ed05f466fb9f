// Labelled log files as the benches read them: real lines, and the statement that wrote each.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';

export interface LabelledLog {
  readonly name: string;
  readonly lines: readonly string[];
  /** The lines without their headers. */
  readonly messages: readonly string[];
  /** The statement that wrote each line. */
  readonly statements: readonly string[];
  /** The class that logged each line, where the truth tells. */
  readonly loggers?: readonly string[];
}

/** Pairs of `NAME_2k.log.gz` and `NAME_2k.truth.csv.gz` (LineId, Content, EventId). */
export function readSystems(folder: string): LabelledLog[] {
  return systemsIn(folder).map(name => {
    const rows = readCsv(join(folder, `${name}_2k.truth.csv.gz`));
    return {
      name,
      lines: readLines(folder, name).slice(0, rows.length),
      messages: rows.map(row => row['Content']!),
      statements: rows.map(row => row['EventId']!),
    };
  });
}

/** Systems that were stored while the engine was built first; the others came later. */
export const firstSystems: readonly string[] = [
  'Apache',
  'BGL',
  'HDFS',
  'HealthApp',
  'Linux',
  'OpenStack',
  'Proxifier',
  'Zookeeper',
];

export function systemsIn(folder: string): string[] {
  return readdirSync(folder)
    .filter(file => file.endsWith('_2k.log.gz'))
    .sort()
    .map(file => file.slice(0, -'_2k.log.gz'.length));
}

export function readLines(folder: string, system: string): string[] {
  return readText(join(folder, `${system}_2k.log.gz`)).split(/\r?\n/);
}

const header = /^\S+\s+\w+\s+\S+\s+(?:TraceID: \S*\s+SpanID: \S*\s+)?/;

/**
 * TrainTicket's `TIME LEVEL LOGGER#LINE TraceID: ID SpanID: ID MESSAGE`, all files as one log; rows are (statement,
 * line).
 */
export function readTrainTicket(folder: string): LabelledLog {
  const rows = readdirSync(folder)
    .filter(file => file.endsWith('.csv.gz'))
    .sort()
    .flatMap(file => readCsv(join(folder, file)))
    .filter(row => row['line'] !== undefined);
  const lines = rows.map(row => row['line']!.replaceAll('\n', ' ')),
    statements = rows.map(row => row['statement']!);
  return {
    name: 'TrainTicket',
    lines,
    messages: lines.map(line => line.replace(header, '')),
    statements,
    loggers: statements.map(statement => statement.replace(/#\d+$/, '')),
  };
}

function readText(path: string): string {
  return gunzipSync(readFileSync(path)).toString('utf8').trimEnd();
}

/** Rows by the names of the first one (RFC 4180). */
function readCsv(path: string): Record<string, string>[] {
  const [names = [], ...rows] = [...csvRows(readText(path).replace(/^\ufeff/, ''))];
  return rows.map(row => Object.fromEntries(names.map((name, i) => [name, row[i] ?? ''])));
}

function* csvRows(text: string): Generator<string[]> {
  const field = /(?:"((?:[^"]|"")*)"|([^,\r\n]*))(,|\r?\n|$)/y;
  let row: string[] = [];
  while (field.lastIndex < text.length) {
    const [, quoted, plain = '', end] = field.exec(text) ?? [];
    row.push(quoted === undefined ? plain : quoted.replaceAll('""', '"'));
    if (end !== ',') {
      yield row;
      row = [];
    }
  }
}
