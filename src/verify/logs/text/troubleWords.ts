// Words of trouble in the languages that services speak. They only weigh an event; they never decide whether one is
// new.
import { isHarmless, isSetting, namesThing, unspacedDenial } from './harmlessWords.ts';
import { badStates, deadlyWords, doubtfulWords, faultyWords, shownStates, turned, unspaced } from './troubleLists.ts';

/** 0: none; 1: doubtful; 2: something went wrong; 3: deadly. */
export type Trouble = 0 | 1 | 2 | 3;

/** What follows a first word: the other words of a phrase, [] where the word alone says it. */
interface Phrase {
  readonly rest: readonly string[];
  readonly trouble: Trouble;
}

/** A part of a word that says it. */
interface Part {
  readonly text: string;
  readonly trouble: Trouble;
}

const phrases = new Map<string, Phrase[]>(),
  beginnings: Part[] = [],
  endings: Part[] = [];
for (const [lists, trouble] of [
  [deadlyWords, 3],
  [faultyWords, 2],
  [doubtfulWords, 1],
] as const) {
  for (const phrase of lists.flatMap(list => list.split('|'))) {
    if (phrase.startsWith('*')) endings.push({ text: phrase.slice(1), trouble });
    else if (phrase.endsWith('*')) beginnings.push({ text: phrase.slice(0, -1), trouble });
    else {
      const [first = '', ...rest] = phrase.split(/[ '-]/);
      phrases.set(first, [...(phrases.get(first) ?? []), { rest, trouble }]);
    }
  }
}
/** By their last letter and their first: most words need not be compared with any. */
const endingsOf = Map.groupBy(endings, ({ text }) => text.charCodeAt(text.length - 1)),
  beginningsOf = Map.groupBy(beginnings, ({ text }) => text.charCodeAt(0));
const none: readonly never[] = [];

const longestText = 4_000,
  longestWord = 60,
  firstUnspaced = 0x2e80;

/**
 * What systemd says when it starts or stops a unit (systemd, src/core): the rest is the unit's description, `Started
 * Automatic crash report generation.`
 */
const unitMessage = new RegExp(
  '^(?:Start(?:ed|ing)|Finished|Stopp(?:ed|ing)|(?:Unm|M)ount(?:ed|ing)|Reload(?:ed|ing)|' +
    String.raw`Condition check resulted in) (?:LSB: |(?=\p{Lu}))[^:]*\.$`,
  'u',
);

/**
 * The worst that a text speaks of. What it says there is none of, `no errors`, does not count. Only the first 4,000
 * characters are read.
 */
export function troubleIn(text: string): Trouble {
  if (unitMessage.test(text)) return 0;
  const lower = (text.length > longestText ? text.slice(0, longestText) : text).toLowerCase();
  let worst: Trouble = 0,
    before = '',
    isUnspaced = false;
  for (let at = 0; at < lower.length;) {
    const code = lower.charCodeAt(at);
    if (!isWordCode(code)) {
      at++;
      continue;
    }
    let end = at + 1;
    while (end < lower.length && isWordCode(lower.charCodeAt(end))) end++;
    isUnspaced ||= code >= firstUnspaced || lower.charCodeAt(end - 1) >= firstUnspaced;
    if (end - at <= longestWord) {
      const word = lower.slice(at, end);
      const trouble: Trouble =
        worst < 3
          ? troubleOfWord(lower, word, end) || (worst === 0 ? troubleBeside(lower, text, word, at, end) : 0)
          : 0;
      if (
        trouble > worst &&
        !isOption(lower, at) &&
        !(trouble < 3 && (denies(before, lower, end) || isNone(lower, at, end))) &&
        !isSetting(word, before, lower, at) &&
        !isHarmless(word, lower, end) &&
        !namesThing(word, lower, at)
      )
        worst = trouble;
      before = word;
    }
    at = end;
  }
  if (isUnspaced) {
    const told = lower.replaceAll(unspacedDenial, '');
    for (const [trouble, pattern] of unspaced) if (trouble > worst && pattern.test(told)) worst = trouble;
  }
  return worst;
}

function isWordCode(code: number): boolean {
  return (
    (code >= 97 && code <= 122) ||
    (code >= 48 && code <= 57) ||
    code === 95 ||
    (code >= 0xc0 && code !== 0x2014 && code !== 0x2013)
  );
}

function troubleOfWord(text: string, word: string, end: number): Trouble {
  if (asking.has(word.slice(0, Math.max(0, word.indexOf('_'))))) return 0;
  let worst: Trouble = 0;
  for (const { rest, trouble } of phrases.get(word) ?? none)
    if (trouble > worst && (rest.length === 0 || follows(text, end, rest))) worst = trouble;
  for (const ending of endingsOf.get(word.charCodeAt(word.length - 1)) ?? none)
    if (ending.trouble > worst && word.endsWith(ending.text)) worst = ending.trouble;
  for (const beginning of beginningsOf.get(word.charCodeAt(0)) ?? none)
    if (beginning.trouble > worst && word.startsWith(beginning.text)) worst = beginning.trouble;
  if (word === 'fatal' && endsSession.test(text.slice(end, end + 200))) return 2;
  return word === 'panic' && text[end] === ':' ? 3 : worst;
}

/** What PostgreSQL calls fatal ends one session alone, as its clients quote it: `FATAL: ... (SQLSTATE 57P03)`. */
const endsSession = /^: [^()]*\(sqlstate /;

/** Whether the other words of a phrase stand behind its first, each after one character. */
function follows(text: string, from: number, rest: readonly string[]): boolean {
  let at = from;
  for (const word of rest) {
    const sign = text[at];
    if ((sign !== ' ' && sign !== '-' && sign !== "'" && sign !== '\u2019') || !text.startsWith(word, at + 1))
      return false;
    at += 1 + word.length;
  }
  return at >= text.length || !isWordCode(text.charCodeAt(at));
}

/** A word that speaks of trouble only by what stands beside it, or by a part of it. */
function troubleBeside(lower: string, text: string, word: string, at: number, end: number): Trouble {
  const isTrouble =
    (negations.has(word) && isMissed.test(lower.slice(end, end + 40))) ||
    (word === 'no' && lacks(lower.slice(end, end + 60))) ||
    ((badStates.has(word) || shownStates.has(word)) && namesState.test(lower.slice(Math.max(0, at - 40), at))) ||
    (lower.length === text.length && isTroubleName(text, at, end));
  return isTrouble ? 1 : 0;
}

const negations = new Set(['not', 'isn', 'aren', 'wasn', 'weren', 'never', 'cannot', 'neither']);

/** `not ready`, `isn't yet reachable`: what one would expect and is not so. */
const isMissed = new RegExp(
  "^(?:['\u2019]t)? (?:yet |be |been |get |become |fully |properly |correctly |currently |all )?" +
    '(?:ready|healthy|available|reachable|responding|alive|connected|writable|writeable|synchroni[sz]ed|synced|' +
    'in sync|authori[sz]ed|authenticated|allowed|accepted|acknowledged|confirmed|delivered|replicated|recogni[sz]ed|' +
    'valid|accessible|consistent|complete|completed|committed|persisted|saved|stored|sent|paid|trusted|mounted|' +
    String.raw`operational|usable|enough|sufficient|understood|serving|online|stable)(?![\p{L}_])`,
  'u',
);

/** `no server available`, `no free slots left`; that there is nothing more to do is no trouble. */
function lacks(rest: string): boolean {
  const [, noun] = lacking.exec(rest) ?? [];
  return noun !== undefined && !needless.test(noun) && troubleIn(noun) === 0;
}

const lacking =
    /^ ((?:[\p{L}\d_-]+ ){1,3})(?:(?:is|are|was|were) )?(?:available|left|responding|reachable|alive)(?!\p{L})/u,
  needless =
    /(?:updates?|upgrades?|versions?|releases?|patch(?:es)?|data|messages?|events?|jobs?|work|tasks?|items?|rows?|results?|records?|pages?|entries|files?|changes?|news|migrations?) $/;

/** What calls the next word a state: `status=`, `health [`, `state changed from up to `, `up -> `. */
const namesState = new RegExp(
  String.raw`(?:^|[^\p{L}])(?:status|state|health|result|outcome|condition|` +
    'zustand|statut|état|estado|stato|состояние|stan|durum|stav)' +
    String.raw`["']?(?: is| was| now| changed| changes)?(?: from \S+)?(?: to)?[\s"'=:>[(-]{1,4}$|(?:[-=]>|→) ?["'[(]?$`,
  'u',
);

/** Words of names that ask for something or count it: `onError`, `last_error`. */
const asking = new Set(
  (
    'on is has had was can should log show ignore max min no with if handle handles catch throw get set check test ' +
    'use allow enable disable last num count total when mark any per skip retry by to as for'
  ).split(' '),
);
const settingNames = new Set(['timeout', 'timeouts', 'retry', 'retrying', 'warn', 'warning', 'warnings', 'slow']);

/**
 * Whether a name that is written together ends in a word of trouble, `order_failed`, `EventMemberFailed`: an event, and
 * neither a key nor a part of a path or of a qualified name.
 */
function isTroubleName(text: string, at: number, end: number): boolean {
  const parts = text
    .slice(at, end)
    .split(/_+|(?<=[\p{Ll}\d])(?=\p{Lu})/u)
    .map(part => part.toLowerCase());
  if (parts.length < 2 || asking.has(parts[0]!) || settingNames.has(parts.at(-1)!)) return false;
  if (
    /[./$]/.test(text[at - 1] ?? '') ||
    /^(?:["']?\s?=|["']?:\s?["'\d<{[]|:\S|\.\w|[/\\]|["']:|\()/.test(text.slice(end, end + 5))
  )
    return false;
  return parts.some((part, i) =>
    (phrases.get(part) ?? none).some(
      ({ rest }) => i + rest.length === parts.length - 1 && rest.every((word, next) => parts[i + 1 + next] === word),
    ),
  );
}

const denials = new Set(['no', 'without', 'zero', 'any']);

/** `no errors`, `without any failure`, `error-free`, `error=<nil>`. */
function denies(before: string, text: string, end: number): boolean {
  return denials.has(before) || text.startsWith('-free', end) || isNothing.test(text.slice(end, end + 12));
}

/** Behind a colon a sentence may follow: `failed: none of the hosts answered`. */
const isNothing = /^["']?(?:=|\s?:\s?)["']?<?(?:null|nil|none|undefined|false)\b(?!(?<=:\s?\w+) \w)/;

/** Whether a text counts errors, so that another line of its kind may have some where it has none. */
export function countsNone(text: string): boolean {
  const counted = text.replaceAll(/(?<![\w.])0(?:\.0+)?(?![\w.])/g, '1');
  return counted !== text && troubleIn(counted) > 0;
}

/** Whether a text counts errors, and says nothing of trouble where it counts none. */
export function countsTrouble(text: string): boolean {
  if (!/\d/.test(text)) return false;
  const none = text.replaceAll(/(?<![\w.])\d+(?:\.\d+)?(?![\w.])/g, '0');
  return countsNone(none) && troubleIn(none) === 0;
}

/** `0 errors`, `0 tests failed`, `failed: 0`, `error rate is 0.0 %`. */
function isNone(text: string, at: number, end: number): boolean {
  return (
    /(?:^|[^\w.,:/-])0 (?:\p{L}+ )?$/u.test(text.slice(Math.max(0, at - 24), at)) ||
    /^(?: (?:rate|count)s?)?["']?(?: is | was | ?[:=] ?)["']?0+(?:\.0+)?(?![\w.:])/.test(text.slice(end, end + 24))
  );
}

const plus = 43,
  minus = 45;

/** `-XX:+ExitOnOutOfMemoryError`, `--log-error=x`: an option says what somebody wants, not what happened. */
function isOption(text: string, at: number): boolean {
  if (text.charCodeAt(at - 1) === plus) return true;
  let from = at;
  while (from > 0 && (isWordCode(text.charCodeAt(from - 1)) || text.charCodeAt(from - 1) === minus)) from--;
  return text.charCodeAt(from) === minus;
}

/**
 * Whether a word that is new in its place says that something is in a bad state, or is a constant that has such a word
 * in it (`FAIL_CLEANUP`). It weighs the word, and never decides that it is new.
 */
export function isBadState(word: string): boolean {
  return badStates.has(word.toLowerCase()) || troubleIn(word.replaceAll('_', ' ').toLowerCase()) > 0;
}

/** Whether a new word turns a known statement into bad news. */
export function turnsBad(word: string): boolean {
  return turned.has(word.toLowerCase()) || isBadState(word) || troubleIn(word) > 0;
}
