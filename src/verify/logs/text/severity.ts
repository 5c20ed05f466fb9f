// How bad a line says it is: from its header's level, else from the words and exception names in it.
import type { Severity } from '../../../model/evidence/evidence.ts';
import { troubleIn } from './troubleWords.ts';

/**
 * Words for levels: RFC 5424, log4j, java.util.logging, Python, .NET (`fail`, `crit`, `dbug`, `trce`), Serilog and
 * zerolog (three letters), PostgreSQL in the languages that it is translated to.
 */
const wordsOf: Readonly<Record<Severity, string>> = {
  trace: 'TRACE FINEST FINER VERBOSE TRCE TRC VRB VERB SILLY TRACE1 TRACE2 TRACE3 TRACE4 DEBUG3 DEBUG4 DEBUG5',
  debug: 'DEBUG FINE DBG DBUG DEBUG1 DEBUG2',
  info: 'INFO INFORMATION INFORMATIONAL INF NOTICE NOTE CONFIG AUDIT LOG INFO2 INFO3 INFO4 HINWEIS СООБЩЕНИЕ ЗАМЕЧАНИЕ',
  warn: 'WARN WARNING WRN WARN2 WARN3 WARN4 WARNUNG ATTENTION AVERTISSEMENT ADVERTENCIA AVISO AVVISO ПРЕДУПРЕЖДЕНИЕ 警告',
  error: 'ERROR ERR EROR SEVERE FAILURE FAIL ERRO ERROR2 ERROR3 ERROR4 FEHLER ERREUR ERRORE ОШИБКА 错误 エラー',
  fatal:
    'FATAL FTL CRITICAL CRIT ALERT EMERG EMERGENCY PANIC PNC DPANIC FATAL2 FATAL3 FATAL4 ВАЖНО 致命错误 致命的エラー',
  unknown: '',
};

const levels = new Map<string, Severity>(
  Object.entries(wordsOf).flatMap(([severity, words]) =>
    words
      .split(' ')
      .filter(word => word !== '')
      .map(word => [word, severity as Severity] as const),
  ),
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
  return word.length < 2 || word.length > 14 ? undefined : (levels.get(word) ?? levels.get(word.toUpperCase()));
}

const fieldWords = new Map<string, Severity>(
  Object.entries({ HTTP: 'info', SUCCESS: 'info', DEFAULT: 'info', SYSTEM: 'info', ALL: 'trace' } satisfies Record<
    string,
    Severity
  >),
);

/**
 * The same in a field that holds nothing but a level: some loggers have words there that elsewhere name other things.
 */
export function levelOfWord(word: string): Severity | undefined {
  return levelOf(word) ?? levelOfLetter(word.toUpperCase()) ?? fieldWords.get(word.toUpperCase());
}

/** A level written as one letter, as Android and klog do. */
export function levelOfLetter(word: string): Severity | undefined {
  return letters.get(word);
}

const severities = ['unknown', 'warn', 'error', 'fatal'] as const satisfies readonly Severity[];

/** A guess for lines whose header names no level. */
export function severityOfWords(text: string): Severity {
  return severities[troubleIn(text)];
}

const headLength = 600;

/**
 * A level that stands behind names alone, `daemon [7] (function) info: ...`, behind a process with its user and
 * session, `imap(anna)<4711><aXb3>: Info: ...` (doc.dovecot.org, log prefixes), or in a field of its own between bars,
 * `vlog|00012|module|WARN|...`.
 */
const inlineLevel =
  /^(?!\p{L}+:)(?:[\w.@/-]+(?:\[[\d:]+\])?:?\s+|[\w-]+\([^()\s]{1,80}\)(?:<\S{0,60}>)?:\s+)?(?:\[[\w.@: /-]*\]:?\s+)?(?:\([\w.:@]+\)\s+)?(\p{L}{3,12}):\s|^[^\s|]*\|(?:[^\s|]*\|){0,4}?(\p{Lu}{3,8})\|/u;

/** The level that a message, text[start..], names at its beginning where its header has none. */
export function levelInside(text: string, start: number): Severity | undefined {
  const head = text.slice(start, start + 160);
  const [, first] = firstWord.exec(head) ?? [];
  if (first !== undefined) return namesMore(first) ? undefined : levelOf(first);
  const [, named, between] = inlineLevel.exec(head) ?? [];
  return levelOf(named ?? between ?? '');
}

const firstWord = /^(\p{L}{3,12}):\s/u;

const otherNames = new Set(['audit', 'note', 'log', 'config', 'fine']);

/**
 * Whether a level's word, before a colon and in small letters, names a part or a remark as well: `audit:` in the
 * kernel's lines, `note:` in a compiler's.
 */
export function namesMore(word: string): boolean {
  return otherNames.has(word);
}

/**
 * Severity of a record by its message and the lines after it. Only the head is read, so that long records cost no more.
 * Out of memory and its like are deadly whatever level they were logged at, and an exception with its stack trace is a
 * failure also where a server passes it on as information. `lent`: the line among them that speaks of trouble by
 * itself. It may follow a warning by chance, and is no better than it says.
 */
export function severityOfRecord(
  level: Severity | undefined,
  message: string,
  more: readonly string[],
  isException: boolean,
  lent?: string,
): Severity {
  if (level === 'trace' || level === 'debug') return isException ? 'warn' : level;
  if (level === 'fatal' || (level === 'info' && !isException)) return level;
  const head =
    message.slice(0, headLength) + (more.length > 0 ? `\n${more.slice(0, 3).join('\n').slice(0, headLength)}` : '');
  if (troubleIn(head) === 3) return 'fatal';
  if (level === 'warn' && !isException && lent !== undefined && troubleIn(lent) === 2) return 'error';
  return level === 'info' || (level === undefined && isException) ? 'error' : (level ?? severityOfWords(head));
}

const badness: Readonly<Record<Severity, number>> = {
  unknown: 0,
  trace: 1,
  debug: 2,
  info: 3,
  warn: 4,
  error: 5,
  fatal: 6,
};

/** The worse of two levels. */
export function worse(one: Severity | undefined, other: Severity | undefined): Severity | undefined {
  if (one === undefined) return other;
  return other === undefined || badness[one] >= badness[other] ? one : other;
}

/** Whether a level announces trouble. */
export function isBad(level: Severity | undefined): boolean {
  return level !== undefined && badness[level] >= badness.warn;
}

/** Only the server's own failure is an error: anybody may ask for what is not there. */
export function severityOfStatus(code: string): Severity {
  return code === '5xx' ? 'error' : 'info';
}
