// Lines of `key=value` pairs (logfmt): the message is text, the level and the status are what they say, other pairs are
// fields.
import type { Severity } from '../../../model/evidence/evidence.ts';
import { requestOf } from './accessLog.ts';
import { errorText, joinError } from '../record/errorText.ts';
import { troubleKeys } from './jsonFields.ts';
import { statesOf, type Reading } from './reading.ts';
import { isBad, levelOfWord, severityOfStatus, worse } from '../text/severity.ts';

/*
 * brandur.org/logfmt, pkg.go.dev/github.com/kr/logfmt; written by log/slog's TextHandler, logrus' TextFormatter,
 * go-kit/log, Heroku's router (devcenter.heroku.com/articles/http-routing) and Rails' lograge. klog's structured form
 * has its message in quotes before the pairs (kubernetes.io/docs/concepts/cluster-administration/system-logs).
 */
const messageKeys = ['msg', 'message', 'desc', 'event'],
  errorKeys = ['err', 'error', 'exception', 'exception.message', 'error.message'],
  levelKeys = ['level', 'lvl', 'severity', 'levelname', 'log.level'],
  loggerKeys = ['logger', 'target'],
  statusKeys = [
    'status',
    'status_code',
    'statusCode',
    'code',
    'http.status_code',
    'http_status',
    'response_code',
    'resp',
  ],
  methodKeys = ['method', 'http.method', 'http_method', 'verb', 'request_method'],
  pathKeys = ['path', 'uri', 'url', 'URI', 'http.target', 'http.path', 'route', 'request_uri', 'resource'];
const mostPairs = 60,
  longest = 16_000;

/** Whether a line's message, from `start` on, is one of pairs; cheap, and true of some lines that are none. */
export function mayHavePairs(text: string, start: number): boolean {
  const head = text.slice(start, start + 300);
  return (
    (/^[\w.@/-]{1,64}=/.test(head) &&
      /(?:^|\s)(?:msg|message|level|lvl|severity|err|error|status|method|desc)=/.test(text.slice(start, longest))) ||
    (head[0] === '"' && /^"(?:[^"\\]|\\.){0,280}" (?:err|[\w.-]{1,64})=/.test(head))
  );
}

/**
 * Linux audit (github.com/linux-audit/audit-documentation): each record has its type, its serial number, then words or
 * pairs; those of programs stand in quotes in the last pair. What was done and how it ended is what it says.
 */
const auditHead = /^(?:node=\S+ )?type=(\w+) msg=audit\([\d.:]+\): ?/,
  auditWords = /^(?:(?:avc:|denied|granted|\{[\w ]*\}|for)\s+)+/;

function readAudit(text: string): Reading | undefined {
  const [head, type = ''] = auditHead.exec(text) ?? [];
  if (head === undefined) return undefined;
  const rest = text
      .slice(head.length)
      .replace(/\bmsg='/, ' ')
      .replace(/'\s*$/, ''),
    [words = ''] = auditWords.exec(rest) ?? [],
    pairs = pairsOf(rest.slice(words.length)),
    states = statesOf(pairs, undefined),
    op = pairs.get('op');
  return {
    text: [`type=${type}`, words.replaceAll(/\s+/g, ' ').trim(), op && `op=${op}`].filter(Boolean).join(' '),
    level: undefined,
    logger: '',
    ...(states !== undefined && { states }),
  };
}

/**
 * Undefined where the pairs have no message, no error and no request in them: such a line is its own text. `level`:
 * what stands before the pairs says.
 */
export function readPairs(text: string, start: number, level?: Severity): Reading | undefined {
  if (text.length > longest) return undefined;
  const audit = readAudit(text.slice(start));
  if (audit) return audit;
  const said = text[start] === '"' ? quoted(text, start) : undefined;
  return readingOf(pairsOf(text, said ? said.end : start), said?.text, level);
}

function pairsOf(text: string, start = 0): Map<string, string> {
  const pairs = new Map<string, string>();
  for (let count = 0, at = start; count < mostPairs && at < text.length; count++) {
    while (text[at] === ' ' || text[at] === '\t') at++;
    const stop = endOfKey(text, at);
    if (stop === at) break;
    const key = text.slice(at, stop);
    if (text[stop] !== '=') {
      at = stop + 1;
      continue;
    }
    const value = text[stop + 1] === '"' ? quoted(text, stop + 1) : bare(text, stop + 1);
    if (!pairs.has(key)) pairs.set(key, value.text);
    at = value.end;
  }
  return pairs;
}

function readingOf(
  pairs: ReadonlyMap<string, string>,
  said: string | undefined,
  around: Severity | undefined,
): Reading | undefined {
  const first = (keys: readonly string[]): string | undefined => {
    for (const key of keys) {
      const value = pairs.get(key);
      if (value !== undefined && value !== '') return value;
    }
    return undefined;
  };
  const message = said ?? first(messageKeys);
  const word = first(levelKeys) ?? pairs.get('at'),
    level = word === undefined ? undefined : levelOfWord(word),
    worst = worse(around, level);
  const error =
    firstError(pairs, errorKeys) || (isBad(worst) ? firstError(pairs, [...troubleKeys, 'reason', 'cause']) : '');
  const asked = first(methodKeys) ?? '',
    path = first(pathKeys) ?? '';
  const code = first(statusKeys) ?? '';
  const request =
    /^\d{3}$/.test(code) && (pairs.get('code') !== code || asked !== '')
      ? requestOf(asked, path, Number(code))
      : undefined;
  if (message === undefined && error === '' && !request) return undefined;
  const states = request ? undefined : statesOf(pairs, worst);
  return {
    text: joinError(message ?? '', error),
    level: request ? worse(level, severityOfStatus(request.status)) : level,
    logger: first(loggerKeys) ?? '',
    ...(request && { request }),
    ...(states !== undefined && { states }),
  };
}

function firstError(pairs: ReadonlyMap<string, string>, keys: readonly string[]): string {
  return keys.map(key => errorText(pairs.get(key))).find(text => text !== '') ?? '';
}

function endOfKey(text: string, from: number): number {
  let at = from;
  while (at < text.length && text[at] !== '=' && text[at] !== ' ' && text[at] !== '"') at++;
  return at;
}

function bare(text: string, from: number): { readonly text: string; readonly end: number } {
  let end = from;
  while (end < text.length && text[end] !== ' ') end++;
  return { text: text.slice(from, end), end };
}

const escapes: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '' };

/** The text in quotes that begins at `from`; one that never ends goes on to the end of the line. */
function quoted(text: string, from: number): { readonly text: string; readonly end: number } {
  let out = '',
    at = from + 1,
    since = at;
  for (; at < text.length && text[at] !== '"'; at++) {
    if (text[at] !== '\\') continue;
    const next = text[at + 1] ?? '';
    out += text.slice(since, at) + (escapes[next] ?? next);
    at++;
    since = at + 1;
  }
  return { text: out + text.slice(since, at), end: Math.min(text.length, at + 1) };
}
