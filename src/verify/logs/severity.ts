// How bad a line says it is: from its header's level, else from the words and exception names in it.
import type { Severity } from '../../model/evidence.ts';

const levels = new Map<string, Severity>(
  Object.entries({
    TRACE: 'trace',
    FINEST: 'trace',
    FINER: 'trace',
    VERBOSE: 'trace',
    ALL: 'trace',
    DEBUG: 'debug',
    FINE: 'debug',
    DBG: 'debug',
    INFO: 'info',
    INFORMATION: 'info',
    NOTICE: 'info',
    CONFIG: 'info',
    AUDIT: 'info',
    WARN: 'warn',
    WARNING: 'warn',
    WRN: 'warn',
    ERROR: 'error',
    ERR: 'error',
    SEVERE: 'error',
    FAILURE: 'error',
    FATAL: 'fatal',
    CRITICAL: 'fatal',
    CRIT: 'fatal',
    ALERT: 'fatal',
    EMERG: 'fatal',
    EMERGENCY: 'fatal',
    PANIC: 'fatal',
  } satisfies Record<string, Severity>),
);

const letters = new Map<string, Severity>([
  ['V', 'trace'],
  ['T', 'trace'],
  ['D', 'debug'],
  ['I', 'info'],
  ['N', 'info'],
  ['W', 'warn'],
  ['E', 'error'],
  ['F', 'fatal'],
  ['C', 'fatal'],
]);

/** A level word in any case; undefined where it is none. */
export function levelOf(word: string): Severity | undefined {
  return word.length < 3 || word.length > 11 ? undefined : (levels.get(word) ?? levels.get(word.toUpperCase()));
}

/** A level written as one letter, as Android and klog do. */
export function levelOfLetter(word: string): Severity | undefined {
  return letters.get(word);
}

const deadly =
  /\b(?:out ?of ?memory|OutOfMemoryError|OOM(?:Killed|-killer)?|segmentation fault|segfault|core dumped|kernel panic|StackOverflowError|panic:|deadlock|data corruption|fatal)\b/i;
const faulty =
  /(?:Exception|Error|Traceback|Throwable)\b|\b(?:error|errors|failed|failure|fail|fails|cannot|can't|could not|couldn't|unable|refused|denied|aborted|abort|crash|crashed|exception|invalid|unhandled|uncaught|unreachable|timed out|timeout)\b/i;
const doubtful = /\b(?:warning|warn|deprecated|retrying|retry|slow|exceeded|dropped|unexpected|missing)\b/i;

/** A guess for lines whose header names no level. */
export function severityOfWords(text: string): Severity {
  if (deadly.test(text)) return 'fatal';
  if (faulty.test(text)) return 'error';
  return doubtful.test(text) ? 'warn' : 'unknown';
}

const headLength = 600;

/**
 * Severity of a record by its message and the lines after it. Only the head is read, so that long records cost no more. Out of memory and its like are deadly whatever level they were
 * logged at, and an exception with its stack trace is a failure also where a server passes it on as information.
 */
export function severityOfRecord(
  level: Severity | undefined,
  message: string,
  more: readonly string[],
  isException: boolean,
): Severity {
  if (level === 'trace' || level === 'debug') return isException ? 'warn' : level;
  if (level === 'fatal' || (level === 'info' && !isException)) return level;
  const head =
    message.slice(0, headLength) + (more.length > 0 ? `\n${more.slice(0, 3).join('\n').slice(0, headLength)}` : '');
  if (deadly.test(head)) return 'fatal';
  return level === 'info' || (level === undefined && isException) ? 'error' : (level ?? severityOfWords(head));
}
