// Lines that tell by a figure how something ended: a request by its HTTP status, a program by its exit status. Figures
// are parameters, but these two have meanings that are published.
import { isDigit } from '../text/characters.ts';
import { inside, nothing, type Reading } from './reading.ts';
import { isBad, severityOfWords } from '../text/severity.ts';
import { countsTrouble, troubleIn } from '../text/troubleWords.ts';

/** What a line's figure may tell of, by the words around it. */
export type Outcome = 'request' | 'answer' | 'exit' | 'count';

/** What is said of a program that ended with another status than 0. */
export const notZero = 'exit status: not 0';

/**
 * As in the lines of OpenStack's servers (docs.openstack.org/oslo.service): `"GET /v2 HTTP/1.1" status: 200 len: 7`.
 */
const requestStatus = /\b(?:GET|HEAD|POST|PUT|PATCH|DELETE|OPTIONS)\b.*\bstatus(?:_code|Code)?["']?[:=] ?["']?\d{3}\b/i,
  exitName = 'exit(?:ed)?(?: with)?[ _-]?(?:code|status|value)|return[ _-]?code|\\brc(?= ?[:=])',
  /**
   * `exit code 137`, `exit_status=1`, `exited with code: 2`, `return code 1`, `rc=1`; `exited (137)` as docker has it;
   * `code=exited, status=1/FAILURE` as systemd has it.
   */
  exitStatus = new RegExp(
    `\\b(?:${exitName})["']?(?: ?[:=]| is| was| of)? ?["'(]?(-?\\d+)(?![\\d.]*\\d)|` +
      '\\bexited ?\\((-?\\d+)\\)|\\bcode=exited, status=(\\d+)',
    'i',
  ),
  longestLooked = 1_000;

/**
 * Words behind which a figure is the status of an answer: `HTTP/1.1 502`, `HTTP error: 500`, `status code: 503`,
 * `responded with 500`. What was called must be named where `returned` may be of anything, and a time beside
 * `status=500`. A figure of something that follows is none.
 */
const called = '(?:call|request|upstream|service|server|endpoint|api|http|url|webhook|gateway|backend)',
  timed = '(?:latency|duration|elapsed|took|response_time)',
  figure = '(?<code>\\d+)(?![\\d.,]*[\\d%])',
  plain = `${figure}(?! ?(?:[mun\u00b5]?s|[kmg]i?b|\\p{L}+s)\\b)`,
  phrase = 'internal|not|bad|service|gateway|http|insufficient|network',
  next = `for|in|from|to|on|at|after|when|while|with|and|but|${phrase}`,
  whole = `${figure}(?=$|[^\\p{L}\\d ]| (?:${next})\\b| [^\\p{L}\\d])`,
  answers = [
    `\\bHTTP(?:/\\d(?:\\.\\d)?)?(?: (?:status|code|error|response))*(?: ?[:=]| is| was)? ?["'(]?${plain}`,
    `\\bstatus[ _-]?code["']?(?: ?[:=]| is| was| of)? ?["'(]?${plain}`,
    `\\b(?:answered|responded|replied)(?: with)?(?: an?)?(?: (?:http|status|code|error))* ${whole}`,
    `\\b${called}\\b.*\\breturned(?: an?)?(?: (?:http|status|code|error))* ${whole}`,
    `\\b${timed}\\b.*\\bstatus[:=] ?"?${whole}(?!/)`,
    `\\bstatus[:=] ?"?${whole}(?!/).*\\b${timed}\\b`,
  ].map(pattern => new RegExp(pattern, 'iu'));

/**
 * Of a line, for its shape; undefined for most. `hasLevel`: it says at which level it was logged; the words of a line
 * without one say how bad it is, its counts among them.
 */
export function outcomeIn(text: string, hasLevel: boolean): Outcome | undefined {
  const looked = text.slice(0, longestLooked);
  if (requestStatus.test(looked)) return 'request';
  // What speaks of trouble by itself says no more by its status.
  if (answers.some(pattern => pattern.test(looked)) && !isBad(severityOfWords(looked))) return 'answer';
  if (exitStatus.test(looked)) return 'exit';
  return hasLevel && countsTrouble(looked) ? 'count' : undefined;
}

/** Whether the line bytes[from, end) of such a shape tells of a server's failure or of an exit status that is not 0. */
function hasFailed(outcome: Outcome, bytes: Uint8Array, from: number, end: number): boolean {
  if (outcome === 'request') return showsServerError(bytes, from, end);
  if (outcome === 'answer' && !hasServersFigure(bytes, from, end)) return false;
  const line = decoder.decode(bytes.subarray(from, Math.min(end, from + longestLooked)));
  if (outcome === 'count') return troubleIn(line) > 0;
  if (outcome === 'answer') return answers.some(pattern => isServers(pattern.exec(line)?.groups?.['code'] ?? ''));
  const [, ...statuses] = exitStatus.exec(line) ?? [];
  return /[1-9]/.test(statuses.join(''));
}

/**
 * Whether a figure from 500 to 599 is anywhere in the line: most lines need not be looked at further. One of each three
 * bytes is a digit of such a figure.
 */
function hasServersFigure(bytes: Uint8Array, from: number, end: number): boolean {
  for (let at = from + 2; at < end; at += 3)
    if (isDigit(bytes[at]!))
      for (let first = at - 2; first <= at; first++)
        if (bytes[first] === 53 && isServerError(bytes, first, end)) return true;
  return false;
}

/** The statuses of a server's failure that are published (RFC 9110, RFC 2518, RFC 6585, and those of proxies). */
function isServers(code: string): boolean {
  return /^5(?:0[0-8]|1[01]|2[0-7])$/.test(code);
}

const decoder = new TextDecoder('latin1');

/**
 * What a failure says beside the line. A server's own failure is an error. A program that ended with another status
 * than 0 has failed (POSIX.1-2024, Shell and Utilities, 2.8.2): that is an event of its own, and an error where the
 * reference only ever ended well. Errors that a line counts make it a warning, whatever better level it was logged at.
 */
const failures: Readonly<Record<Outcome, Reading>> = {
  request: { ...nothing, level: 'error' },
  answer: { ...nothing, level: 'error' },
  exit: { ...nothing, values: [notZero] },
  count: { ...nothing, level: 'warn' },
};

/** `outer` with what the line bytes[from, end) says of a failure, if its shape may tell of one. */
export function withOutcome(
  outcome: Outcome | undefined,
  bytes: Uint8Array,
  from: number,
  end: number,
  outer: Reading | undefined,
): Reading | undefined {
  return outcome && hasFailed(outcome, bytes, from, end) ? inside(failures[outcome], outer ?? nothing) : outer;
}

const statusName = Uint8Array.from('status', letter => letter.charCodeAt(0)),
  lastLetter = statusName.length - 1,
  longestBetween = 8;

/** How far a name can still end behind each byte, so that most bytes are stepped over (Horspool 1980). */
const steps = new Uint8Array(256).fill(statusName.length);
statusName.forEach((letter, i) => (steps[letter] = lastLetter - i));

/** Whether the line has a status of 500 to 599 behind the name of one. */
function showsServerError(bytes: Uint8Array, from: number, end: number): boolean {
  for (let at = from + lastLetter; at < end;) {
    const step = steps[bytes[at]!]!;
    if (step === 0 && isNameAt(bytes, at - lastLetter) && isServerError(bytes, at + 1, end)) return true;
    at += step || lastLetter;
  }
  return false;
}

function isNameAt(bytes: Uint8Array, from: number): boolean {
  for (let i = 0; i < lastLetter; i++) if (bytes[from + i] !== statusName[i]) return false;
  return true;
}

/** Whether the first figure at or behind `from` is one from 500 to 599. */
function isServerError(bytes: Uint8Array, from: number, end: number): boolean {
  let at = from;
  while (at < from + longestBetween && !isDigit(bytes[at]!) && at < end) at++;
  return bytes[at] === 53 && isDigit(bytes[at + 1]!) && isDigit(bytes[at + 2]!) && !isDigit(bytes[at + 3]!);
}
