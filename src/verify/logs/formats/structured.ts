// Log lines that are JSON objects: reads the message, level, logger, error, trace and request in them, and the records
// inside a record.
import type { Severity } from '../../../model/evidence/evidence.ts';
import { requestOf, type WebRequest } from './accessLog.ts';
import { errorText, joinError } from '../record/errorText.ts';
import * as names from './jsonFields.ts';
import { jsonFormats, type LevelScale } from './jsonFields.ts';
import { inside, type Reading } from './reading.ts';
import { levelOfWord, severityOfStatus, worse } from '../text/severity.ts';

type Fields = Readonly<Record<string, unknown>>;

const longest = 64 * 1024,
  deepest = 6,
  mostRecords = 1000;

/** The records in a line that is one JSON object, or several; undefined for any other line. */
export function readStructured(text: string): readonly Reading[] | undefined {
  const trimmed = text.trim();
  if (trimmed.length > longest || !trimmed.endsWith('}')) return undefined;
  const value = parse(trimmed);
  if (value !== undefined) return isFields(value) ? readObject(value, 0) : undefined;
  const parts = trimmed.split(/(?<=\}),?\s*(?=\{)/, 2).length > 1 ? trimmed.split(/(?<=\}),?\s*(?=\{")/) : [];
  const objects = parts.map(parse);
  return parts.length > 1 && objects.every(isFields) ? objects.flatMap(one => readObject(one, 0)) : undefined;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    // Not JSON after all: it is read as plain text.
    return undefined;
  }
}

/** An object in JSON; undefined for any other text. */
export function parseObject(text: string): object | undefined {
  const value = parse(text);
  return isFields(value) ? value : undefined;
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** What an object says; several records where it holds a list of them. */
export function readObject(fields: Fields, depth: number): readonly Reading[] {
  const listed = depth < deepest ? listedIn(fields, depth) : [];
  if (listed.length > 0) {
    const logger = textOf(isFields(fields['scope']) ? fields['scope']['name'] : undefined) ?? '';
    return logger === '' ? listed : listed.map(one => (one.logger === '' ? { ...one, logger } : one));
  }
  return [readRecord(fields, depth)];
}

/**
 * Reads an object, and tells by their indexes in the order of the text which of its values that are no objects the
 * reading hung on.
 */
export function watchReading(object: object): {
  readonly readings: readonly Reading[];
  readonly read: ReadonlySet<number>;
} {
  const read = new Set<number>();
  let next = 0;
  const watch = (fields: Fields): Fields => {
    const held = new Map<string, Fields>(),
      indexes = new Map<string, number>();
    for (const [key, value] of Object.entries(fields)) {
      if (isFields(value)) held.set(key, watch(value));
      else indexes.set(key, next++);
    }
    return new Proxy(fields, {
      get(target, key) {
        if (typeof key !== 'string') return undefined;
        const index = indexes.get(key);
        if (index !== undefined) read.add(index);
        return held.get(key) ?? target[key];
      },
    });
  };
  return { readings: readObject(watch(object as Fields), 0), read };
}

function listedIn(fields: Fields, depth: number): readonly Reading[] {
  for (const key of names.listKeys) {
    const list = fields[key];
    if (Array.isArray(list) && list.length > 0 && list.every(isFields))
      return list.slice(0, mostRecords).flatMap(one => readObject(one, depth + 1));
  }
  return [];
}

function readRecord(fields: Fields, depth: number): Reading {
  const level = levelIn(fields),
    logger = firstText(fields, names.loggerKeys) ?? '',
    request = requestIn(fields);
  const outer: Reading = {
    text: '',
    level: request ? worse(level, severityOfStatus(request.status)) : level,
    logger,
    ...(request && { request }),
    ...handedOn(fields),
  };
  const inner = depth < deepest ? recordInside(fields, depth) : undefined;
  if (inner) return inside(outer, inner);
  const message = messageIn(fields);
  if (message === undefined && !request) return { ...outer, text: textOfKeys(fields), isMadeUp: true };
  return { ...outer, text: withError(fields, message ?? '') };
}

/** Docker cuts what is longer (daemon/logger/copier.go). */
const dockerPiece = 16_000;

/**
 * Docker's json-file has nothing but a line, its stream and a time (docs.docker.com/engine/logging/drivers/json-file);
 * journald passes on what services print.
 */
function handedOn(fields: Fields): Partial<Reading> {
  const isDocker = typeof fields['log'] === 'string' && typeof fields['stream'] === 'string';
  if (!isDocker) return fields['MESSAGE'] !== undefined && fields['PRIORITY'] === undefined ? { isHandedOn: true } : {};
  const text = fields['log'] as string;
  return { isHandedOn: true, ...(text.length >= dockerPiece && !text.endsWith('\n') && { isPart: true }) };
}

/**
 * A record that another one holds: an object with a message, in a field where loggers keep such, or with a level of its
 * own.
 */
function recordInside(fields: Fields, depth: number): Reading | undefined {
  for (const key of [...names.messageKeys, ...names.holders]) {
    const held = fields[key];
    if (!isFields(held)) continue;
    const plain = otlpText(held);
    if (plain !== undefined) return { text: plain, level: undefined, logger: '' };
    if (otlpFields(held)) return readRecord(otlpFields(held)!, depth + 1);
    if (messageIn(held) !== undefined && (!names.errorKeys.includes(key) || levelIn(held) !== undefined)) {
      if (names.holders.includes(key) && messageIn(fields) !== undefined && levelIn(held) === undefined) continue;
      return readRecord(held, depth + 1);
    }
  }
  for (const key of Object.keys(fields)) {
    if (names.errorKeys.includes(key) || !holdsFields(fields, key)) continue;
    const held = fields[key] as Fields;
    if (firstText(held, ['message', 'msg']) !== undefined && levelIn(held) !== undefined)
      return readRecord(held, depth + 1);
  }
  return undefined;
}

/** Whether a field is an object, told without reading it: who watches which fields are read must not see that. */
function holdsFields(fields: Fields, key: string): boolean {
  return isFields(Object.getOwnPropertyDescriptor(fields, key)?.value);
}

/** OTLP's AnyValue (opentelemetry.io/docs/specs/otlp): `{"stringValue": "..."}`. */
function otlpText(held: Fields): string | undefined {
  const value =
    held['stringValue'] ??
    held['string_value'] ??
    held['intValue'] ??
    held['doubleValue'] ??
    held['boolValue'] ??
    held['Value'];
  return value === undefined || isFields(value) ? undefined : String(value);
}

function otlpFields(held: Fields): Fields | undefined {
  const list = held['kvlistValue'];
  const values = isFields(list) ? list['values'] : undefined;
  if (!Array.isArray(values)) return undefined;
  const pairs = values.slice(0, mostRecords).filter(isFields);
  return Object.fromEntries(
    pairs.map(({ key, value }) => [
      String(key),
      isFields(value) ? (otlpText(value) ?? otlpFields(value) ?? value) : value,
    ]),
  );
}

function messageIn(fields: Fields): string | undefined {
  for (const key of names.messageKeys) {
    const text = textOf(fields[key]);
    if (text !== undefined && text !== '') return text;
  }
  return undefined;
}

/** A text, or one that journald gives as bytes since it is no UTF-8 or has control characters. */
function textOf(value: unknown): string | undefined {
  if (typeof value === 'string') return value;
  return Array.isArray(value) &&
    value.length > 0 &&
    value.every(byte => Number.isInteger(byte) && byte >= 0 && byte < 256)
    ? new TextDecoder().decode(Uint8Array.from(value as number[]))
    : undefined;
}

function firstText(fields: Fields, keys: readonly string[]): string | undefined {
  for (const key of keys) {
    const value = fields[key];
    if (typeof value === 'string' && value.length > 0) return value;
  }
  return undefined;
}

function withError(fields: Fields, message: string): string {
  const trace = traceIn(fields, message);
  if (trace !== undefined) return message === '' ? trace : `${message}\n${trace}`;
  for (const key of names.errorKeys) {
    const value = fields[key];
    const text = errorText(value) || (isFields(value) ? errorText(firstText(value, names.errorParts)) : '');
    if (text !== '') return joinError(message, text);
  }
  return message;
}

/** A trace has several lines. */
function traceIn(fields: Fields, message: string): string | undefined {
  for (const key of names.traceKeys) {
    const value = fields[key];
    const text =
      typeof value === 'string' ? value : isFields(value) ? firstText(value, names.traceParts) : linesOf(value);
    if (text !== undefined && text !== message && text.trim().includes('\n')) return text.trim();
  }
  return undefined;
}

function linesOf(value: unknown): string | undefined {
  return Array.isArray(value) && value.length > 1 && value.every(line => typeof line === 'string')
    ? value.join('\n')
    : undefined;
}

function levelIn(fields: Fields): Severity | undefined {
  const format = jsonFormats.find(({ has }) => has.every(key => fields[key] !== undefined));
  let level: Severity | undefined;
  for (const key of names.levelKeys) {
    const value = fields[key];
    if (value === undefined || value === null) continue;
    level = levelOfValue(
      isFields(value) ? (value['name'] ?? value['text'] ?? value['level']) : value,
      key,
      format?.scale,
    );
    if (level !== undefined) return level;
  }
  const log = fields['log'];
  if (isFields(log) && typeof log['level'] === 'string') return levelOfWord(log['level']);
  return format?.unnamed;
}

function levelOfValue(value: unknown, key: string, scale: LevelScale | undefined): Severity | undefined {
  if (typeof value === 'string' && !/^-?\d+$/.test(value))
    return value.length > 1 || key === 's' ? levelOfWord(value.trim()) : undefined;
  const number = typeof value === 'string' ? Number(value) : value;
  return typeof number === 'number' ? levelOfNumber(number, scaleOf(number, key, scale)) : undefined;
}

/**
 * Without a format that says more: 0 to 9 is syslog's, up to 60 pino's and bunyan's, hundreds Monolog's or Google's,
 * thousands logback's.
 */
function scaleOf(number: number, key: string, scale: LevelScale | undefined): LevelScale {
  if (key === 'PRIORITY') return 'syslog';
  if (key === 'levelno') return 'python';
  if (scale && !(scale === 'monolog' && number < 100) && !(scale === 'logback' && number < 1000)) return scale;
  if (key === 'severity' && number >= 100) return 'google';
  return number < 10 ? 'syslog' : number < 100 ? 'pino' : number < 1000 ? 'monolog' : 'logback';
}

/** Least numbers of each level, the worst first. */
const scales: Readonly<Record<Exclude<LevelScale, 'syslog'>, readonly (readonly [number, Severity])[]>> = {
  pino: [
    [60, 'fatal'],
    [50, 'error'],
    [40, 'warn'],
    [30, 'info'],
    [20, 'debug'],
    [-Infinity, 'trace'],
  ],
  openTelemetry: [
    [21, 'fatal'],
    [17, 'error'],
    [13, 'warn'],
    [9, 'info'],
    [5, 'debug'],
    [1, 'trace'],
  ],
  monolog: [
    [500, 'fatal'],
    [400, 'error'],
    [300, 'warn'],
    [200, 'info'],
    [-Infinity, 'debug'],
  ],
  python: [
    [50, 'fatal'],
    [40, 'error'],
    [30, 'warn'],
    [20, 'info'],
    [-Infinity, 'debug'],
  ],
  logback: [
    [40_000, 'error'],
    [30_000, 'warn'],
    [20_000, 'info'],
    [10_000, 'debug'],
    [-Infinity, 'trace'],
  ],
  applicationInsights: [
    [4, 'fatal'],
    [3, 'error'],
    [2, 'warn'],
    [1, 'info'],
    [-Infinity, 'trace'],
  ],
  google: [
    [600, 'fatal'],
    [500, 'error'],
    [400, 'warn'],
    [200, 'info'],
    [100, 'debug'],
  ],
};

/** RFC 5424, 6.2.1. */
const syslogLevels: readonly Severity[] = ['fatal', 'fatal', 'fatal', 'error', 'warn', 'info', 'info', 'debug'];

export function levelOfPriority(priority: number): Severity | undefined {
  return syslogLevels[priority & 7];
}

function levelOfNumber(number: number, scale: LevelScale): Severity | undefined {
  return scale === 'syslog' ? syslogLevels[number] : scales[scale].find(([least]) => number >= least)?.[1];
}

/** The request that an object tells of, in its own fields or in those that hold requests and answers. */
function requestIn(fields: Fields): WebRequest | undefined {
  const holdersIn = (place: Fields): Fields[] =>
    names.requestHolders.filter(key => holdsFields(place, key)).map(key => place[key] as Fields);
  const places = [fields, ...holdersIn(fields)],
    all = [...places, ...places.slice(1).flatMap(holdersIn)];
  let code: number | undefined;
  for (const place of all) code ??= statusIn(place, place !== fields);
  if (code === undefined) return undefined;
  const first = (keys: readonly string[]): string | undefined => {
    for (const place of all) {
      const text = firstText(place, keys);
      if (text !== undefined) return text;
    }
    return undefined;
  };
  const asked = first(names.methodKeys),
    path = first(names.pathKeys);
  const line =
    asked === undefined || path === undefined
      ? /^([A-Z]{3,10}) (\S+)/.exec(firstText(fields, ['request', 'request_line', 'req']) ?? '')
      : null;
  return requestOf(asked ?? line?.[1] ?? '', path ?? line?.[2] ?? '', code);
}

function statusIn(fields: Fields, isAnswer: boolean): number | undefined {
  for (const key of isAnswer ? [...names.statusKeys, 'code'] : names.statusKeys) {
    const value = fields[key];
    if (typeof value === 'number' && value >= 100 && value <= 599) return value;
    if (typeof value === 'string' && /^[1-5]\d\d$/.test(value)) return Number(value);
  }
  return undefined;
}

const mostKeys = 40,
  longestValue = 200,
  times = /^\d{4}-\d\d-\d\d[T ]|^\d{1,2}:\d\d:\d\d/;

/**
 * Of an object that has no message under a known name: its keys in their order, with its words and figures, so that
 * what is new in such a stream is seen.
 */
function textOfKeys(fields: Fields): string {
  const parts: string[] = [];
  collectKeys(fields, '', parts, 0);
  return parts.sort().join(' ');
}

function collectKeys(fields: Fields, prefix: string, parts: string[], depth: number): void {
  for (const [key, value] of Object.entries(fields)) {
    if (parts.length >= mostKeys) return;
    const name = `${prefix}${key}`;
    if (isFields(value)) {
      if (depth < 3) collectKeys(value, `${name}.`, parts, depth + 1);
    } else if (Array.isArray(value)) parts.push(`${name}=[]`);
    else parts.push(`${name}=${typeof value === 'string' ? wordsOf(value) : String(value)}`);
  }
}

function wordsOf(value: string): string {
  return times.test(value) ? '0' : value.slice(0, longestValue).replaceAll(/\s+/g, ' ');
}
