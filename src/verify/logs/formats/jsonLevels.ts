// The level of a JSON log line: a word, or a number on the scale of its format.
import type { Severity } from '../../../model/evidence/evidence.ts';
import { levelKeys } from './jsonFields.ts';
import { jsonFormats, type LevelScale } from './jsonFormats.ts';
import { isFields, type Fields } from './jsonValues.ts';
import { levelOfWord } from '../text/severity.ts';

export function levelIn(fields: Fields): Severity | undefined {
  const format = jsonFormats.find(({ has }) => has.every(key => fields[key] !== undefined));
  let level: Severity | undefined;
  for (const key of levelKeys) {
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
  // PostgreSQL's FATAL ends one session, its PANIC all of them (postgresql.org/docs, Message Severity Levels).
  if (key === 'error_severity' && value === 'FATAL') return 'error';
  if (typeof value === 'string' && !/^-?\d+$/.test(value))
    return value.length > 1 || key === 's' ? levelOfWord(value.trim()) : undefined;
  const number = typeof value === 'string' ? Number(value) : value;
  // `l` may be a length or a line, and where it is a level, its scale is not known.
  if (key === 'l') return undefined;
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
  windows: [
    [5, 'debug'],
    [4, 'info'],
    [3, 'warn'],
    [2, 'error'],
    [1, 'fatal'],
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
