// Log lines that are JSON objects: the message, level and stack trace in them, under the names that logging libraries use.
import type { Severity } from '../../model/evidence.ts';
import { levelOf } from './severity.ts';

export interface StructuredLine {
  readonly message: string;
  readonly level: Severity | undefined;
  readonly logger: string;
}

const messageKeys = ['message', 'msg', '@message', 'short_message', 'log', 'event', 'text', 'body', 'error'];
const levelKeys = [
  'level',
  'severity',
  'lvl',
  'loglevel',
  'logLevel',
  'log.level',
  'levelname',
  '@level',
  'level_name',
  'severityText',
];
const loggerKeys = ['logger', 'logger_name', 'loggerName', 'log.logger', 'name', 'component', 'module', 'category'];
const traceKeys = [
  'stack_trace',
  'stackTrace',
  'stacktrace',
  'stack',
  'exception',
  'exc_info',
  'error.stack_trace',
  'err',
  'error',
  'throwable',
  'traceback',
];

const longest = 32_000;

/** The parts of a line that is one JSON object with a message; undefined for any other line. */
export function readStructured(text: string): StructuredLine | undefined {
  if (text.charCodeAt(0) !== 123 || text.length > longest || text.charCodeAt(text.trimEnd().length - 1) !== 125)
    return undefined;
  const object = parseObject(text);
  if (!object) return undefined;
  const message = firstText(object, messageKeys);
  if (message === undefined) return undefined;
  const trace = traceText(object, message);
  const level = object.get('level') ?? firstText(object, levelKeys);
  return {
    message: trace ? `${message}\n${trace}` : message,
    level: levelOfValue(level),
    logger: firstText(object, loggerKeys) ?? '',
  };
}

function parseObject(text: string): Map<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? new Map(Object.entries(value))
      : undefined;
  } catch {
    // Not JSON after all: it is read as plain text.
    return undefined;
  }
}

function firstText(object: ReadonlyMap<string, unknown>, keys: readonly string[]): string | undefined {
  for (const key of keys) {
    const value = object.get(key);
    if (typeof value === 'string' && value.length > 0) return value;
  }
  return undefined;
}

function traceText(object: ReadonlyMap<string, unknown>, message: string): string | undefined {
  for (const key of traceKeys) {
    const value = object.get(key);
    const text =
      typeof value === 'string'
        ? value
        : typeof value === 'object' && value !== null
          ? firstText(new Map(Object.entries(value)), ['stack', 'stack_trace', 'stacktrace', 'stackTrace'])
          : undefined;
    if (text !== undefined && text !== message && text.includes('\n')) return text;
  }
  return undefined;
}

/** A word, or the numbers of pino and bunyan (10 trace ... 60 fatal). */
function levelOfValue(level: unknown): Severity | undefined {
  if (typeof level === 'string') return levelOf(level);
  if (typeof level !== 'number') return undefined;
  return level >= 60
    ? 'fatal'
    : level >= 50
      ? 'error'
      : level >= 40
        ? 'warn'
        : level >= 30
          ? 'info'
          : level >= 20
            ? 'debug'
            : 'trace';
}
