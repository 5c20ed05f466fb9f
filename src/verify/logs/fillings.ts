// Whether a template is only another filling of a known one: a parameter that was never seen before is no new event.
import { indexNearlySame } from './nearlySame.ts';
import { severityOfWords } from './severity.ts';
import { hole, type Token } from './tokens.ts';

export interface FillingIndex<Item> {
  /**
   * The first item whose template these tokens only fill otherwise: with other words where its parameters stand, and at most in one more place
   * that looks like a parameter's (after `=`, in quotes, `by provider NAME`), or where several items have different words already. What speaks of trouble fills nothing.
   */
  filledBy(tokens: readonly Token[], accepts: (item: Item) => boolean): Item | undefined;
}

export function indexFillings<Item>(
  items: readonly Item[],
  tokensOf: (item: Item) => readonly Token[],
): FillingIndex<Item> {
  const plain = indexNearlySame(items.map(item => ({ item, tokens: tokensOf(item) }))),
    loose = indexNearlySame(items.map(item => ({ item, tokens: loosen(tokensOf(item)) })));
  return {
    filledBy(tokens, accepts) {
      const find = (index: typeof plain, wanted: readonly Token[]): Item | undefined => {
        const known = index(wanted);
        return (
          known.find(one => differsInParameters(one.tokens, wanted) && accepts(one.item))?.item ??
          findOpenPlace(known, wanted, accepts)
        );
      };
      return find(plain, tokens) ?? find(loose, loosen(tokens));
    },
  };
}

/** So many different words in one place, with all else the same, show that it is a parameter's. */
const wordsInOpenPlace = 2;

function findOpenPlace<Item>(
  known: readonly { readonly item: Item; readonly tokens: readonly Token[] }[],
  tokens: readonly Token[],
  accepts: (item: Item) => boolean,
): Item | undefined {
  const words = new Map<number, Set<string>>();
  for (const one of known) {
    const place = onlyDifference(one.tokens, tokens);
    if (
      place === undefined ||
      !accepts(one.item) ||
      !mayBeOpen(tokens, one.tokens, place) ||
      severityOfWords(tokens[place]!.text) !== 'unknown'
    )
      continue;
    const seen = words.get(place) ?? new Set();
    words.set(place, seen.add(one.tokens[place]!.text));
    if (seen.size >= wordsInOpenPlace) return one.item;
  }
  return undefined;
}

/** One word after a colon or in brackets, or two names of things (`ts-order-service`): not a verb that tells two events apart. */
function mayBeOpen(tokens: readonly Token[], known: readonly Token[], at: number): boolean {
  const before = tokens[at - 1],
    isAlone = tokens[at + 1]?.kind !== 'word';
  return (
    (isAlone && before?.kind === 'mark' && ':[('.includes(before.text)) ||
    (isName(tokens[at]!.text) && isName(known[at]!.text))
  );
}

function isName(text: string): boolean {
  return /[a-z][-_.][a-z]/i.test(text);
}

/** The place of the one word in which two templates differ. */
function onlyDifference(known: readonly Token[], tokens: readonly Token[]): number | undefined {
  let place: number | undefined;
  for (let i = 0; i < known.length; i++) {
    if (known[i]!.text === tokens[i]!.text) continue;
    if (place !== undefined || known[i]!.kind !== 'word' || tokens[i]!.kind !== 'word') return undefined;
    place = i;
  }
  return place;
}

function differsInParameters(known: readonly Token[], tokens: readonly Token[]): boolean {
  let opened = 0,
    words = 0;
  for (let i = 0; i < known.length; i++) {
    const one = known[i]!,
      other = tokens[i]!;
    if (one.text === other.text) {
      if (one.kind === 'word') words++;
      continue;
    }
    if (one.kind === 'mark' || other.kind === 'mark') return false;
    if (
      one.kind === 'hole' ||
      other.kind === 'hole' ||
      ((isParameterPlace(known, i) || isNamePlace(tokens, i)) && !speaksOfTrouble([other]))
    ) {
      opened++;
      continue;
    }
    return false;
  }
  return opened <= 2 && words >= 2;
}

function isParameterPlace(tokens: readonly Token[], at: number): boolean {
  const before = tokens[at - 1];
  return before?.kind === 'mark' && (before.text === '=' || before.text === '"' || before.text === "'");
}

/** Things that are called something; what may be in a state, as a service or a host, is not among them. */
const called = new Set(
  'provider vendor carrier tenant customer user username region zone country currency locale language plugin driver topic bucket table channel'.split(
    ' ',
  ),
);
const prepositions = new Set('at by for from in of on through to using via with'.split(' '));

/** `by provider NAME`, `provider: NAME`. */
function isNamePlace(tokens: readonly Token[], at: number): boolean {
  const isKey = tokens[at - 1]?.text === ':',
    noun = isKey ? at - 2 : at - 1;
  return (
    called.has(tokens[noun]?.text.toLowerCase() ?? '') &&
    (isKey || prepositions.has(tokens[noun - 1]?.text.toLowerCase() ?? '')) &&
    !/(?:ed|ing)$/.test(tokens[at]!.text)
  );
}

function speaksOfTrouble(tokens: readonly Token[]): boolean {
  return severityOfWords(tokens.map(({ text }) => text).join(' ')) !== 'unknown';
}

/**
 * With values of however many words as one parameter: `name:<*>`, which may be a host with its port where others have a figure alone, a few words in quotes, and what follows the
 * last `=` of a template. Not where they speak of trouble.
 */
function loosen(tokens: readonly Token[]): Token[] {
  const joined: Token[] = [];
  for (let i = 0; i < tokens.length; i++) {
    const token = tokens[i]!,
      quote = endOfQuote(tokens, i);
    if (isNamed(tokens, i, token)) {
      joined.push({ text: hole, kind: 'hole', spaced: token.spaced });
      i += 2;
    } else if (quote > i && !speaksOfTrouble(tokens.slice(i, quote))) {
      joined.push({ text: hole, kind: 'hole', spaced: token.spaced });
      i = quote;
    } else joined.push(token);
  }
  const last = joined.findLastIndex(({ text }) => text === '='),
    value = joined.slice(last + 1);
  return last < 0 || value.some(({ kind }) => kind === 'mark') || speaksOfTrouble(value)
    ? joined
    : [...joined.slice(0, last + 1), { text: hole, kind: 'hole', spaced: false }];
}

const mostQuoted = 4;

/** Where the quote that opens at `at` closes; `at` where none opens, holds more than a few words, or is a key. */
function endOfQuote(tokens: readonly Token[], at: number): number {
  const { text, spaced } = tokens[at]!;
  if ((text !== '"' && text !== "'") || !(spaced || at === 0 || tokens[at - 1]!.kind === 'mark')) return at;
  const words = tokens.slice(at + 1, at + mostQuoted + 2).findIndex(token => token.text === text),
    end = at + 1 + words,
    after = tokens[end + 1];
  return words > 0 &&
    (after === undefined || after.spaced || after.kind === 'mark') &&
    after?.text !== ':' &&
    after?.text !== '='
    ? end
    : at;
}

function isNamed(tokens: readonly Token[], at: number, token: Token): boolean {
  const colon = tokens[at + 1],
    value = tokens[at + 2];
  return token.kind === 'word' && colon?.text === ':' && !colon.spaced && value?.kind === 'hole' && !value.spaced;
}
