// Log lines that are JSON objects: reads the message, level, logger, error, trace and request in them, and the records
// inside a record.
import type { Severity } from '../../../model/evidence/evidence.ts';
import * as names from './jsonFields.ts';
import { joinError } from '../record/errorText.ts';
import { levelIn } from './jsonLevels.ts';
import { errorIn, messageIn, toldBeside, withError } from './jsonMessage.ts';
import { requestIn } from './jsonRequest.ts';
import { firstText, holdsFields, isFields, otlpFields, otlpText, textOf, type Fields } from './jsonValues.ts';
import { inside, type Reading } from './reading.ts';
import { severityOfStatus, worse } from '../text/severity.ts';

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

const emptyTails = /(?:\s+(?:\[\]|\{\}))+\s*$/;

/**
 * What a message says that ends in an object, as zap and controller-runtime have them on consoles, and Laravel and
 * Monolog in files (`message {context} {extra}`): the text before it with the error in it, and its states. Undefined
 * where none is there.
 */
export function readTail(line: string, start: number, level: Severity | undefined): Reading | undefined {
  const begin = /\s\{"/.exec(line.slice(start)),
    message = line.slice(start, start + (begin?.index ?? 0)).trim();
  if (!begin || message === '') return undefined;
  const fields = tailOf(
    line
      .slice(start + begin.index)
      .replace(emptyTails, '')
      .trim(),
  );
  if (!fields) return undefined;
  const [error = ''] = errorIn(fields, level)[1].split('\n', 1);
  return { text: joinError(message, error.trim()), level, logger: '', ...toldBeside(fields, level) };
}

/** One object, the first of two, or one whose last text goes on in the next line. */
function tailOf(text: string): Fields | undefined {
  const value = parse(text) ?? parse(`${text}"}`) ?? parse(text.split(/(?<=\})\s+(?=\{)/, 1)[0] ?? '');
  return isFields(value) ? value : undefined;
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

/** `around`: the level of what the record lies in. */
function readRecord(fields: Fields, depth: number, around?: Severity): Reading {
  const level = worse(around, levelIn(fields)),
    logger = firstText(fields, names.loggerKeys) ?? '',
    request = requestIn(fields);
  const outer: Reading = {
    text: '',
    level: request ? worse(level, severityOfStatus(request.status)) : level,
    logger,
    ...(request && { request }),
    ...handedOn(fields),
  };
  const inner = depth < deepest ? recordInside(fields, depth, outer.level) : undefined;
  if (inner) return inside(outer, inner);
  const message = messageIn(fields);
  if (message === undefined && !request) return { ...outer, text: textOfKeys(fields), isMadeUp: true };
  return {
    ...outer,
    ...(!request && toldBeside(fields, outer.level)),
    text: withError(fields, message ?? '', outer.level),
  };
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
function recordInside(fields: Fields, depth: number, level: Severity | undefined): Reading | undefined {
  for (const key of [...names.messageKeys, ...names.holders]) {
    if (!holdsFields(fields, key)) continue;
    const held = fields[key] as Fields;
    const plain = otlpText(held);
    if (plain !== undefined)
      return { ...toldBeside(fields, level), text: withError(fields, plain, level), level: undefined, logger: '' };
    if (otlpFields(held)) return readRecord(otlpFields(held)!, depth + 1, level);
    if (messageIn(held) !== undefined && (!names.errorKeys.includes(key) || levelIn(held) !== undefined)) {
      if (names.holders.includes(key) && messageIn(fields) !== undefined && levelIn(held) === undefined) continue;
      return readRecord(held, depth + 1, level);
    }
  }
  for (const key of Object.keys(fields)) {
    if (names.errorKeys.includes(key) || !holdsFields(fields, key)) continue;
    const held = fields[key] as Fields;
    if (firstText(held, ['message', 'msg']) !== undefined && levelIn(held) !== undefined)
      return readRecord(held, depth + 1, level);
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
