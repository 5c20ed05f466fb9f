// Whether the words of an event that only the canary has were to be expected: places learn their vocabulary from the reference alone.
import { placePrior, newWordEvidence } from './settings.ts';
import { severityOfWords } from './severity.ts';
import { joinCompounds, type Group } from './templates.ts';
import { hole, type Token } from './tokens.ts';

/** Words that the reference showed in one place: how many lines had each. */
export type Vocabulary = ReadonlyMap<string, number>;

/** A form of the reference: its tokens, and how many lines had it. */
export interface KnownForm {
  readonly group: Group;
  readonly lines: number;
  /** It is a template learned from good deployments: its parameters stand for words, too. */
  readonly isTemplate?: boolean;
}

/**
 * Evidence, as an e-value, that a word is new in a place where the reference showed `k` other words. A place that showed words in `n` lines, `f` of them in one line
 * alone, shows a new word next with a chance of about (f + 1) / (n + 1) (Good, The Population Frequencies of Species, Biometrika 1953); a place of many words shows new ones even where
 * each came often, as words come in bursts. `prior` lines without any new word are what is known of such places before anything is seen; every word that is seen takes from that.
 */
export function evidenceOfNewWord(vocabulary: Vocabulary, prior: number): number {
  let lines = 0,
    once = 0;
  for (const count of vocabulary.values()) {
    lines += count;
    if (count <= 1) once++;
  }
  const words = Math.max(1, vocabulary.size);
  return (lines + prior / words + 1) / (once + (words - 1) ** 1.5 + 1);
}

/** A difference between a form that only the canary has and the reference: the place, and the evidence that it says something new. */
export interface NewWord {
  readonly place: number;
  readonly evidence: number;
}

/**
 * The most telling new word of `tokens` held against forms of the reference that have as many tokens; undefined where they have no word that is new in its place.
 * A form that differs in a mark is another statement and does not count.
 */
export function findNewWord(
  tokens: readonly Token[],
  forms: readonly KnownForm[],
): NewWord | undefined {
  let found: NewWord | undefined;
  const places = joinCompounds(tokens);
  const comparable = forms
    .map(form => ({ ...form, words: joinCompounds(form.group.tokens) }))
    .filter(({ words }) => hasMarksOf(words, places));
  if (comparable.length === 0) return { place: -1, evidence: Infinity };
  for (let place = 0; place < places.length; place++) {
    const { kind, text } = places[place]!;
    if (kind === 'mark') continue;
    const vocabulary = new Map<string, number>();
    let isOpen = false;
    for (const { words, lines, isTemplate } of comparable) {
      const word = words[place]!.text;
      isOpen ||= word === hole && isTemplate === true;
      vocabulary.set(word, (vocabulary.get(word) ?? 0) + lines);
    }
    if (isOpen || vocabulary.has(text)) continue;
    const evidence = evidenceAt(places, place, vocabulary);
    if (!found || evidence > found.evidence) found = { place, evidence };
  }
  return found;
}

/** The same for a part of several words, whose texts the forms have as `text`. */
export function wholeFamily(
  text: string,
  forms: readonly { readonly text: string; readonly form: KnownForm }[],
): number {
  const vocabulary = new Map<string, number>();
  for (const { text: known, form } of forms) vocabulary.set(known, (vocabulary.get(known) ?? 0) + form.lines);
  if (vocabulary.has(text)) return 0;
  const evidence = evidenceOfNewWord(vocabulary, placePrior.value);
  return speaksOfTrouble(text) ? evidence * newWordEvidence.trouble : evidence;
}

function hasMarksOf(known: readonly Token[], tokens: readonly Token[]): boolean {
  if (known.length !== tokens.length) return false;
  for (let i = 0; i < tokens.length; i++)
    if ((known[i]!.kind === 'mark' || tokens[i]!.kind === 'mark') && known[i]!.text !== tokens[i]!.text) return false;
  return true;
}

function evidenceAt(tokens: readonly Token[], place: number, vocabulary: Vocabulary): number {
  const word = tokens[place]!.text,
    isValue = tokens[place]!.kind === 'hole' || isValuePlace(tokens, place) || isNameLike(word);
  // Figures and addresses of all kinds stand there, so that one more value is no news.
  if (vocabulary.has(hole) && isValue && !speaksOfTrouble(word)) return 0;
  const evidence = evidenceOfNewWord(vocabulary, placePrior[isValue ? 'value' : place === 0 ? 'first' : 'prose']);
  return speaksOfTrouble(word) ? evidence * newWordEvidence.trouble : evidence;
}

/** After `=`, after `:` and alone, in quotes, or alone in brackets: a place that the text itself marks as a value's. */
export function isValuePlace(tokens: readonly Token[], place: number): boolean {
  const before = tokens[place - 1],
    after = tokens[place + 1];
  if (before?.kind !== 'mark') return false;
  if (before.text === '=' || before.text === '"' || before.text === "'" || before.text === '`') return true;
  return ':[('.includes(before.text) && after?.kind !== 'word';
}

/** `ts-order-service`, `WindowsUpdateAgent`, `kube_proxy`, `LNKA`: a name rather than a word of a sentence. */
export function isNameLike(word: string): boolean {
  return /[\p{L}\d][-_./:@$][\p{L}\d]|\p{Ll}\p{Lu}|^\p{Lu}{2,}$/u.test(word);
}

function speaksOfTrouble(word: string): boolean {
  return severityOfWords(word) !== 'unknown';
}
