// Reads values of metrics as programs and files tell them: OpenMetrics' text format, of which `name value [time]` is
// the simplest, JSON, and tables with a header.
import { eachLine } from './logText.decode.ts';
import { parseJson } from '../decode/json.decode.ts';
import { timeOfValue, type LineClock } from './lineClock.decode.ts';

export interface Sample {
  readonly name: string;
  readonly labels: ReadonlyMap<string, string>;
  readonly value: number;
  /** Absent: it says none. */
  readonly atMs?: number;
  /** Its source says that it only grows, and begins anew with its process. */
  readonly isCounter?: boolean;
}

/** What the keys of JSON, or the columns of a table, are called. */
export interface SampleKeys {
  readonly name: string;
  readonly value: string;
  readonly time: string;
  readonly node: string;
}

/** `skipped`: lines that are no value of a metric, and no comment. */
export interface ReadSamples {
  readonly samples: readonly Sample[];
  readonly rows: number;
  readonly skipped: number;
}

const mostSamples = 200_000;

/** JSON where the text begins as JSON does: a list, or one object a line; otherwise text. */
export function readSamples(text: string, keys: SampleKeys, clock: LineClock): ReadSamples {
  return /^\s*[[{]/.test(text.slice(0, 1_000)) ? readJsonSamples(text, keys, clock) : readTextSamples(text, clock);
}

export function readJsonSamples(text: string, keys: SampleKeys, clock: LineClock): ReadSamples {
  const whole = /^\s*\[/.test(text.slice(0, 1_000)) ? parseJson(text, '') : undefined;
  if (whole?.ok && Array.isArray(whole.value)) return collect(whole.value.map(row => samplesOfRow(row, keys, clock)));
  return collect(
    wholeLines(text).map(line => {
      const row = parseJson(line, '');
      return row.ok ? samplesOfRow(row.value, keys, clock) : [];
    }),
  );
}

/** The first line names the columns. Fields may stand in double quotes, in which two of them stand for one. */
export function readTable(text: string, keys: SampleKeys, clock: LineClock): ReadSamples {
  const [header = '', ...rows] = wholeLines(text);
  const separator = header.includes(',') ? ',' : header.includes(';') ? ';' : '\t';
  const columns = fieldsOf(header, separator);
  return collect(
    rows.map(row => {
      const fields = fieldsOf(row, separator);
      return samplesOfRow(Object.fromEntries(columns.map((column, k) => [column, fields[k] ?? ''])), keys, clock);
    }),
  );
}

function wholeLines(text: string): readonly string[] {
  return [...eachLine(text.startsWith('\ufeff') ? text.slice(1) : text)].filter(line => line.trim() !== '');
}

function collect(rows: readonly (readonly Sample[])[]): ReadSamples {
  return {
    samples: rows.flat().slice(0, mostSamples),
    rows: rows.length,
    skipped: rows.filter(row => row.length === 0).length,
  };
}

/**
 * A row names its metric and has one value, whose other keys are labels; or it has a value for each of several metrics,
 * and what is no number is a label.
 */
function samplesOfRow(row: unknown, keys: SampleKeys, clock: LineClock): readonly Sample[] {
  if (typeof row !== 'object' || row === null || Array.isArray(row)) return [];
  const entries = new Map(Object.entries(row as Readonly<Record<string, unknown>>));
  const atMs = timeOfValue(entries.get(keys.time), clock);
  const name = entries.get(keys.name),
    value = entries.get(keys.value);
  for (const key of [keys.time, keys.name]) entries.delete(key);
  const named = typeof name === 'string' && name !== '';
  if (named) entries.delete(keys.value);
  const others = [...entries];
  const labels = new Map(
    others.flatMap(([key, told]) =>
      isWord(told) && (named || key === keys.node || numberOf(told) === undefined) ? [[key, String(told)]] : [],
    ),
  );
  const values: readonly (readonly [string, unknown])[] = named ? [[name, value]] : others;
  return values.flatMap(([metric, told]) => {
    const number = numberOf(told);
    return number === undefined ? [] : [{ name: metric, labels, value: number, ...(atMs !== undefined && { atMs }) }];
  });
}

function isWord(told: unknown): told is string | number | boolean {
  return typeof told === 'string' || typeof told === 'number' || typeof told === 'boolean';
}

/** Infinity and NaN are no measurements. */
function numberOf(value: unknown): number | undefined {
  const number = typeof value === 'number' ? value : typeof value === 'string' && value.trim() ? Number(value) : NaN;
  return Number.isFinite(number) ? number : undefined;
}

function fieldsOf(row: string, separator: string): readonly string[] {
  const fields: string[] = [];
  let field = '',
    quoted = false;
  for (let at = 0; at < row.length; at++) {
    const sign = row[at]!;
    if (quoted) {
      if (sign !== '"') field += sign;
      else if (row[at + 1] === '"') field += row[++at]!;
      else quoted = false;
    } else if (sign === '"' && field.trim() === '') {
      quoted = true;
      field = '';
    } else if (sign === separator) {
      fields.push(field.trim());
      field = '';
    } else field += sign;
  }
  return [...fields, field.trim()];
}

const typeForm = /^#\s*TYPE\s+(\S+)\s+(\w+)/;
const nameForm = /^[A-Za-z_:][^\s{}]*/;

/** The text format of OpenMetrics. A time is a number since 1970, or a date and time. */
export function readTextSamples(text: string, clock: LineClock): ReadSamples {
  const samples: Sample[] = [];
  const counters = new Set<string>();
  let rows = 0,
    skipped = 0;
  for (const line of eachLine(text)) {
    const type = typeForm.exec(line);
    if (type) for (const name of countersOf(type[1]!, type[2]!)) counters.add(name);
    if (line.startsWith('#') || line.trim() === '') continue;
    rows += 1;
    const sample = sampleOfLine(line.trim(), clock);
    if (!sample || samples.length >= mostSamples) skipped += 1;
    else samples.push(counters.has(sample.name) ? { ...sample, isCounter: true } : sample);
  }
  return { samples, rows, skipped };
}

/** What a family of this type counts up; OpenMetrics leaves `_total` out of the name of a counter's family. */
function countersOf(family: string, type: string): readonly string[] {
  if (type === 'counter') return [family, `${family}_total`];
  if (type === 'histogram') return [`${family}_bucket`, `${family}_count`, `${family}_sum`];
  return type === 'summary' ? [`${family}_count`, `${family}_sum`] : [];
}

function sampleOfLine(line: string, clock: LineClock): Sample | undefined {
  const name = nameForm.exec(line)?.[0];
  if (name === undefined) return undefined;
  const labels = readLabels(line, name.length);
  if (!labels) return undefined;
  const [value = '', ...when] = line.slice(labels.end).trim().split(/\s+/);
  const number = numberOf(value);
  if (number === undefined) return undefined;
  // OpenMetrics writes an exemplar behind a `#`.
  const comment = when.indexOf('#');
  const time = (comment < 0 ? when : when.slice(0, comment)).join(' ');
  const atMs = time === '' ? undefined : timeOfValue(time, clock);
  if (time !== '' && atMs === undefined) return undefined;
  return { name, labels: labels.found, value: number, ...(atMs !== undefined && { atMs }) };
}

const labelForm = /\s*([A-Za-z_][A-Za-z0-9_.]*)\s*=\s*"((?:[^"\\]|\\.)*)"\s*,?/y;

/** Labels in braces, if they begin at `at`; undefined where they are broken. */
function readLabels(
  line: string,
  at: number,
): { readonly found: ReadonlyMap<string, string>; readonly end: number } | undefined {
  const found = new Map<string, string>();
  const open = /^\s*\{/.exec(line.slice(at));
  if (!open) return { found, end: at };
  labelForm.lastIndex = at + open[0].length;
  for (let last = labelForm.lastIndex; ; last = labelForm.lastIndex) {
    const label = labelForm.exec(line);
    if (!label) {
      const close = line.indexOf('}', last);
      return close >= 0 && line.slice(last, close).trim() === '' ? { found, end: close + 1 } : undefined;
    }
    found.set(
      label[1]!,
      label[2]!.replace(/\\(.)/g, (_, sign: string) => (sign === 'n' ? '\n' : sign)),
    );
  }
}
