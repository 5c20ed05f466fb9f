// Makes all the ways in which one statement can be filled in look the same: lists, objects, units, dates, optional
// figures.
import { joinPositions, joinRepeats, joinRuns } from './repetition.ts';
import { allRules, type RulesOff } from './rules.ts';
import { hole, isDateWord, type Token } from './tokens.ts';

/** A canonical token list. The input is consumed. */
export function generalise(tokens: Token[], off: RulesOff = allRules): Token[] {
  if (!off.has('dates')) joinDates(tokens);
  const folded = off.has('brackets') ? tokens : foldBrackets(tokens),
    opened = off.has('pairs') ? folded : openPairs(folded),
    unitless = off.has('units') ? [...opened] : dropUnits(opened);
  const joined = off.has('runs') ? unitless : joinRuns(joinPositions(unitless));
  return off.has('repeats') ? joined : joinRepeats(joined);
}

function joinDates(tokens: Token[]): void {
  for (let i = 0; i < tokens.length; i++) {
    const token = tokens[i]!;
    if (token.kind !== 'word' || !isDateWord(token.text)) continue;
    const before = tokens[i - 1],
      after = tokens[i + 1];
    if (before?.kind === 'hole' || after?.kind === 'hole' || (after?.text === ',' && tokens[i + 2]?.kind === 'hole')) {
      token.kind = 'hole';
      token.text = hole;
      continue;
    }
    const nextDate = after?.kind === 'word' && isDateWord(after.text) && tokens[i + 2]?.kind === 'hole';
    if (nextDate) {
      token.kind = 'hole';
      token.text = hole;
    }
  }
}

const closers: Readonly<Record<string, string>> = { '(': ')', '[': ']', '{': '}' };
const deepest = 24;

interface Part {
  readonly tokens: Token[];
  readonly next: number;
  readonly closed: boolean;
}

function foldBrackets(tokens: Token[]): Token[] {
  return foldFrom(tokens, 0, undefined, 0).tokens;
}

/** Folds up to `closer`; recursion is bounded, deeper brackets stay as they are. */
function foldFrom(tokens: readonly Token[], from: number, closer: string | undefined, depth: number): Part {
  const out: Token[] = [];
  let i = from;
  while (i < tokens.length) {
    const token = tokens[i]!;
    if (token.text === closer) return { tokens: out, next: i + 1, closed: true };
    const close = token.kind === 'mark' ? closers[token.text] : undefined;
    if (close === undefined || depth >= deepest) {
      out.push(token);
      i++;
      continue;
    }
    const inner = foldFrom(tokens, i + 1, close, depth + 1);
    if (inner.closed) addBracket(out, token, inner.tokens, tokens[inner.next - 1]!);
    else {
      out.push(token, ...inner.tokens);
    }
    i = inner.next;
  }
  return { tokens: out, next: i, closed: false };
}

/** Appends one bracket with its folded inside, or what stands for it. */
function addBracket(out: Token[], open: Token, inside: Token[], close: Token): void {
  const before = out[out.length - 1];
  const isValue = before?.kind === 'mark' && (before.text === '=' || before.text === ':' || before.text === '==');
  const isObject = before?.kind === 'word' && !open.spaced;
  const marker = out[out.length - 2],
    isObjectValue = isObject && marker?.kind === 'mark' && (marker.text === '=' || marker.text === ':');
  if (isObjectValue && open.text !== '(' && (isData(inside) || isList(inside))) {
    out.pop();
    out.push(parameter(before.spaced, [before]));
    return;
  }
  if (open.text === '(') {
    if (isObject && inside.length > 0 && isData(inside)) {
      if (isObjectValue) {
        out.pop();
        out.push(parameter(before.spaced, [before, open, ...inside, close]));
        return;
      }
      out.push(open, parameter(false, inside), close);
      return;
    }
    if (!isObject && isOptional(inside)) return;
  } else if (isValue && (open.text === '{' || isList(inside) || isElement(inside))) {
    out.push(parameter(open.spaced, inside));
    return;
  } else if (open.text === '{' ? inside.length === 0 || isData(inside) || isList(inside) : isList(inside)) {
    out.push(open, parameter(false, inside), close);
    return;
  }
  out.push(open, ...inside, close);
}

/** One value of a list: nothing in it stands apart. */
function isElement(inside: readonly Token[]): boolean {
  return inside.every((token, i) => i === 0 || !token.spaced);
}

const longestShown = 40;

/** A parameter. Where it stands for a few words, it shows them, so that other words can be told from them. */
function parameter(spaced: boolean, inside: readonly Token[] = []): Token {
  const isShown = inside.some(({ kind, text }) => kind === 'word' || (kind === 'hole' && text !== hole));
  const text = isShown ? inside.map(token => token.text).join('') : hole;
  return { text: text.length <= longestShown ? text : hole, kind: 'hole', spaced };
}

/** `k=v, k=v`, or nothing but values. */
function isData(inside: readonly Token[]): boolean {
  let pairs = 0,
    elements = 1,
    words = 0;
  for (let i = 0; i < inside.length; i++) {
    const token = inside[i]!;
    if (token.kind === 'mark' && (token.text === '=' || (token.text === ':' && inside[i - 1]?.kind !== 'hole')))
      pairs++;
    else if (token.kind === 'mark' && token.text === ',') elements++;
    else if (token.kind === 'word') words++;
  }
  return (pairs > 0 && pairs * 2 >= elements) || words === 0;
}

const leastPairs = 3;

/** `a=x, b="y z", c=5`: where several pairs follow one another with commas, their values are parameters. */
function openPairs(tokens: readonly Token[]): readonly Token[] {
  const ends = new Map<number, number>();
  for (let i = 1; i < tokens.length; i++)
    if (tokens[i]!.text === '=' && tokens[i - 1]!.kind === 'word') {
      const end = endOfValue(tokens, i + 1);
      if (end > i + 1) ends.set(i + 1, end);
    }
  const listed = [...ends].filter(([start, end]) => tokens[end]?.text === ',' || tokens[start - 3]?.text === ',');
  if (listed.length < leastPairs) return tokens;
  const out: Token[] = [];
  for (let i = 0; i < tokens.length; i++) {
    const end = ends.get(i);
    if (end === undefined) {
      out.push(tokens[i]!);
      continue;
    }
    out.push(parameter(tokens[i]!.spaced, tokens.slice(i, end)));
    i = end - 1;
  }
  return out;
}

/** End of the single word, figure or quoted text at `at`; `at` where there is none. */
function endOfValue(tokens: readonly Token[], at: number): number {
  const token = tokens[at];
  if (token === undefined || token.kind !== 'mark') return token === undefined ? at : at + 1;
  if (token.text !== '"') return at;
  for (let i = at + 1; i < tokens.length && i < at + 8; i++) if (tokens[i]!.text === '"') return i + 1;
  return at;
}

/** A parenthesis that only adds figures: `(2.42 KB)`, `()`, `(host)`. */
function isOptional(inside: readonly Token[]): boolean {
  return inside.every(
    (token, i) =>
      token.kind === 'hole' || isUnit(token, inside[i - 1]) || (token.kind === 'mark' && ',:/-'.includes(token.text)),
  );
}

/** Elements between commas, each one short: a value, a name, or an object that is already folded. */
function isList(inside: readonly Token[]): boolean {
  if (inside.length === 0) return true;
  let commas = 0,
    size = 0,
    holes = 0,
    words = 0;
  for (let i = 0; i < inside.length; i++) {
    const token = inside[i]!;
    if (token.kind === 'mark' && token.text === ',') {
      commas++;
      if (size === 0) return false;
      size = 0;
      continue;
    }
    if (token.kind === 'hole') holes++;
    if (token.kind === 'word') {
      if (!isCall(inside, i)) words++;
      if (token.spaced && size > 0) return false;
    }
    size++;
  }
  return commas > 0 || (holes > 0 && words === 0);
}

function isCall(tokens: readonly Token[], at: number): boolean {
  const next = tokens[at + 1];
  return next?.text === '(' && !next.spaced;
}

const units = new Set(
  (
    'b kb mb gb tb kib mib gib tib byte bytes bit bits k m g ns us ms msec msecs s sec secs second seconds min ' +
    'mins minute minutes h hr hrs hour hours day days ' +
    'millis milliseconds microseconds nanoseconds hz khz mhz ghz'
  ).split(' '),
);

function isUnit(token: Token, before: Token | undefined): boolean {
  if (token.kind !== 'word' || before?.kind !== 'hole' || !units.has(token.text.toLowerCase())) return false;
  return before.isFigure ?? token.text.length > 1;
}

/** `5 ms`, `<1 sec`, `12%`: a figure is one parameter, whatever its unit. */
function dropUnits(tokens: readonly Token[]): Token[] {
  const out: Token[] = [];
  for (let i = 0; i < tokens.length; i++) {
    const token = tokens[i]!,
      last = out[out.length - 1];
    if (isUnit(token, last) || (last?.kind === 'hole' && token.text === '%')) continue;
    if (
      token.kind === 'mark' &&
      (token.text === '<' || token.text === '>' || token.text === '~') &&
      tokens[i + 1]?.kind === 'hole' &&
      !tokens[i + 1]!.spaced
    ) {
      tokens[i + 1]!.spaced = token.spaced;
      continue;
    }
    out.push(token);
  }
  return out;
}
