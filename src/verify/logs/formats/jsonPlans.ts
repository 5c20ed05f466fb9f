// Knows objects by their structure: which of their values say how a line is read. Lines that are alike in those are
// read without being parsed.
import { requestOf } from './accessLog.ts';
import { isLetter } from '../text/characters.ts';
import { isNothing } from '../record/errorText.ts';
import * as names from './jsonFields.ts';
import { emptyScan, escapedText, hashValue, list, plainText, scanObject, type JsonScan } from './jsonScan.ts';
import { isStateName, type Reading } from './reading.ts';
import type { Shape } from '../record/shapes.ts';
import { parseObject, watchReading } from './structured.ts';

/**
 * All that is read of the objects of one structure that are alike in the values that matter, but for their message and
 * path.
 */
export interface JsonEntry {
  /** Without the text, and without the path of its request. */
  readonly reading: Reading;
  /** Index of the value that is the message; -1 where the fields say all. */
  readonly message: number;
  /** Index of the value that is an error's text, which `joinError` puts behind the message; -1 where none is. */
  readonly error: number;
  /** Index of the value that is the path of the request; -1 where there is none. */
  readonly path: number;
  /** What lines of a path are, by its number; 0 where there is none. */
  readonly lines: Map<number, JsonLines>;
}

/** What lines that are alike but for their message are. */
export interface JsonLines {
  readonly reading: Reading;
  /** The shapes of messages with what the reading says beside them. */
  readonly variants: Map<Shape, Shape>;
}

interface Plan {
  readonly two: number;
  /** Indexes of the values on which the reading hangs, the message and the path left out. */
  matters: readonly number[];
  /** Those among them that matter only as far as they are a word. */
  words: ReadonlySet<number>;
  entries: Map<number, JsonEntry | 'parse'>;
  learned: number;
}

export interface JsonPlans {
  /** How the object at bytes[from] is read; undefined where it must be parsed. `scan` then has its values. */
  find(bytes: Uint8Array, from: number): JsonEntry | undefined;
  readonly scan: JsonScan;
}

/** A text is found in these, and in what OpenTelemetry wraps it in. */
const textKeys = new Set([...names.messageKeys, 'stringValue', 'string_value', 'Value']),
  saysMore = new Set([...names.errorKeys, ...names.troubleKeys, ...names.traceKeys]),
  errorTexts = new Set([...names.errorKeys, ...names.troubleKeys, ...names.errorParts]);
const mostPlans = 2048,
  mostParsed = 64,
  mostLearned = 512;
/** Bytes of a state, whose letters may be of four bytes each. */
const longestWord = 96,
  hyphen = 45,
  backslash = 92,
  underscore = 95;
const decoder = new TextDecoder();

export function createJsonPlans(): JsonPlans {
  const plans = new Map<number, Plan>(),
    scan = emptyScan();

  return {
    scan,
    find(bytes, from) {
      if (!scanObject(bytes, from, scan)) return undefined;
      let at = scan.end;
      while (bytes[at] === 32 || bytes[at] === 13) at++;
      if (bytes[at] !== 10) return undefined;
      scan.lineEnd = at;
      let plan = plans.get(scan.one);
      if (!plan) {
        if (plans.size >= mostPlans) plans.clear();
        plans.set(scan.one, (plan = { two: scan.two, matters: [], words: new Set(), entries: new Map(), learned: 0 }));
      } else if (plan.two !== scan.two) return undefined;
      const known = plan.entries.get(hashOf(bytes, plan, scan));
      if (known === 'parse' && plan.learned >= mostParsed) return undefined;
      if (known && known !== 'parse') return fits(known, bytes, scan) ? known : undefined;
      if (plan.learned >= mostLearned) return undefined;
      plan.learned++;
      return learn(bytes, from, plan, scan);
    },
  };
}

function hashOf(bytes: Uint8Array, { matters, words }: Plan, { starts, ends }: JsonScan): number {
  let hash = 0x9747b28c | 0;
  for (let i = 0; i < matters.length; i++) {
    const index = matters[i]!,
      start = starts[index]!,
      end = ends[index]!;
    hash = hashValue(bytes, start, words.has(index) && !mayBeWord(bytes, start, end) ? start : end, hash);
  }
  return hash;
}

/** Whether a value may be a state in one word; all others are alike. */
function mayBeWord(bytes: Uint8Array, start: number, end: number): boolean {
  if (end - start > longestWord) return false;
  for (let at = start; at < end; at++) {
    const code = bytes[at]!;
    // What is escaped may be a letter by its number.
    if (code === backslash) return true;
    if (code < 128 && !isLetter(code) && code !== hyphen && code !== underscore) return false;
  }
  return true;
}

/** A message or a path that is empty is read as another line. */
function fits({ message, error, path }: JsonEntry, bytes: Uint8Array, scan: JsonScan): boolean {
  const { starts, ends, kinds } = scan;
  if (message >= 0 && ends[message] === starts[message]) return false;
  if (error >= 0 && !joins(bytes, message, error, scan)) return false;
  return path < 0 || (ends[path]! > starts[path]! && kinds[path] === plainText);
}

const leastError = 10,
  mostError = 600;

/**
 * Whether message and error are told as `message: error` whatever they say: nothing is cut or trimmed of them, the
 * error does say something, and the message is too short to hold it.
 */
function joins(bytes: Uint8Array, message: number, error: number, { starts, ends, kinds }: JsonScan): boolean {
  const length = ends[error]! - starts[error]!;
  return (
    kinds[message] === plainText &&
    kinds[error] === plainText &&
    length >= leastError &&
    length <= mostError &&
    ends[message]! - starts[message]! < length &&
    isPlainEnd(bytes[ends[message]! - 1]!) &&
    isPlainEnd(bytes[starts[error]!]!) &&
    isPlainEnd(bytes[ends[error]! - 1]!)
  );
}

/** A character of ASCII that is neither white space nor a colon. */
function isPlainEnd(code: number): boolean {
  return code > 32 && code < 127 && code !== 58;
}

/** A value of an object: what it is called and what it is. */
interface Leaf {
  readonly key: string;
  readonly value: unknown;
}

function learn(bytes: Uint8Array, from: number, plan: Plan, scan: JsonScan): JsonEntry | undefined {
  const object = parseObject(decoder.decode(bytes.subarray(from, scan.end)));
  if (!object) return undefined;
  const leaves = leavesOf(object);
  if (!areThose(leaves, bytes, scan)) {
    plan.learned = mostLearned;
    return undefined;
  }
  const { readings, read } = watchReading(object);
  const used = leaves.flatMap((_, index) => (read.has(index) ? [index] : [])),
    [reading] = readings;
  const entry = reading && readings.length === 1 ? entryOf(reading, leaves, used, bytes, scan) : undefined;
  const mattering = entry
    ? used.filter(index => index !== entry.message && index !== entry.error && index !== entry.path)
    : used.filter(index => scan.kinds[index] !== list && !isText(leaves[index]!.key));
  if (mattering.some(index => !plan.matters.includes(index))) {
    plan.matters = [...new Set([...plan.matters, ...mattering])].sort((one, other) => one - other);
    plan.words = new Set(plan.matters.filter(index => isOnlyState(leaves[index]!.key)));
    plan.entries = new Map();
  }
  if ([entry?.message, entry?.error, entry?.path].some(index => plan.matters.includes(index ?? -1))) return undefined;
  plan.entries.set(hashOf(bytes, plan, scan), entry ?? 'parse');
  return entry;
}

/** Whether such a value may be another one in each line. */
function isText(key: string): boolean {
  return textKeys.has(key) || errorTexts.has(key) || names.pathKeys.includes(key);
}

const readOtherwise = new Set([...names.statusKeys, ...names.levelKeys, ...names.loggerKeys, ...names.methodKeys]);

/** Whether a value is read as a state alone. */
function isOnlyState(key: string): boolean {
  return isStateName(key) && !readOtherwise.has(key) && !isText(key);
}

function leavesOf(fields: object): Leaf[] {
  return Object.entries(fields).flatMap(([key, value]: [string, unknown]) =>
    typeof value === 'object' && value !== null && !Array.isArray(value) ? leavesOf(value) : [{ key, value }],
  );
}

/**
 * Whether the values are those that were found in the bytes: keys that are numbers, or that come twice, stand
 * elsewhere.
 */
function areThose(leaves: readonly Leaf[], bytes: Uint8Array, { count, starts, ends, kinds }: JsonScan): boolean {
  return (
    leaves.length === count &&
    leaves.every(({ value }, i) => {
      if (kinds[i] === list) return Array.isArray(value);
      if (kinds[i] === escapedText) return typeof value === 'string';
      const text = decoder.decode(bytes.subarray(starts[i], ends[i]));
      return kinds[i] === plainText
        ? value === text
        : typeof value !== 'string' && JSON.stringify(value) === JSON.stringify(JSON.parse(text));
    })
  );
}

/** Undefined where the text is more than one of the values, or than a message and an error. */
function entryOf(
  reading: Reading,
  leaves: readonly Leaf[],
  used: readonly number[],
  bytes: Uint8Array,
  scan: JsonScan,
): JsonEntry | undefined {
  const { kinds } = scan;
  if (reading.isMadeUp || reading.isPart || used.some(index => kinds[index] === list)) return undefined;
  const said = saidBy(reading.text, leaves, used);
  if (said === undefined || (said.error >= 0 && !joins(bytes, said.message, said.error, scan))) return undefined;
  const { message, error } = said;
  const hasError = used.some(
    index =>
      index !== message &&
      index !== error &&
      saysMore.has(leaves[index]!.key) &&
      typeof leaves[index]!.value === 'string' &&
      !isNothing(leaves[index]!.value as string),
  );
  if (hasError) return undefined;
  const { request } = reading;
  const path = request?.path
    ? used.find(index => {
        const { key, value } = leaves[index]!;
        return (
          typeof value === 'string' &&
          kinds[index] === plainText &&
          names.pathKeys.includes(key) &&
          requestOf('', value, 200)?.path === request.path
        );
      })
    : -1;
  return path === undefined || path === message || (path >= 0 && path === error)
    ? undefined
    : { reading: { ...reading, text: '' }, message, error, path, lines: new Map() };
}

/** The values that the text of a reading was made of: one, none, or a message and an error. */
function saidBy(
  text: string,
  leaves: readonly Leaf[],
  used: readonly number[],
): { readonly message: number; readonly error: number } | undefined {
  if (text === '') return { message: -1, error: -1 };
  const texts = used.filter(index => textKeys.has(leaves[index]!.key)),
    message = texts.findLast(index => leaves[index]!.value === text);
  if (message !== undefined) return { message, error: -1 };
  for (const first of texts) {
    const error = used.find(index => text === `${String(leaves[first]!.value)}: ${String(leaves[index]!.value)}`);
    if (error !== undefined && error !== first && errorTexts.has(leaves[error]!.key)) return { message: first, error };
  }
  return undefined;
}
