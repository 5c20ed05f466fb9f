// Whether the words of an event that only the canary has were to be expected: places learn their vocabulary from the
// reference alone.
import { newWordEvidence, placeKinds, type PlaceKind } from '../settings.ts';
import { isBadState } from '../text/troubleWords.ts';
import { joinCompounds, type Group } from '../template/templates.ts';
import { hole, type Token } from '../template/tokens.ts';

/** A form that shares its statement with others: how many lines each side had of it. */
export interface Form {
  readonly group: Group;
  /** Its tokens with each value that marks divide as one. */
  readonly joined: readonly Token[];
  /** Lines of the reference; 0 where only the canary has it. */
  readonly reference: number;
  readonly canary: number;
  /** It is a template learned from good deployments: its parameters stand for words, too. */
  readonly isTemplate?: boolean;
}

/**
 * A difference between a form that only the canary has and the reference: the place and its word, and the evidence that
 * it says something new.
 */
export interface NewWord {
  /** -1: the difference is in no single place; the word is empty. */
  readonly place: number;
  readonly word: string;
  readonly evidence: number;
}

/** What both sides showed in one place. */
interface Vocabulary {
  /** Lines of the reference by word. */
  readonly words: Map<string, number>;
  /** Lines of the canary by word. */
  readonly shared: Map<string, number>;
  /** Lines of the canary, and those that have the word in question. */
  canary: number;
  same: number;
}

function emptyVocabulary(): Vocabulary {
  return { words: new Map(), shared: new Map(), canary: 0, same: 0 };
}

/**
 * The most telling new word of `tokens` held against forms of its statement; undefined where they have no word that is
 * new in its place. A form that differs in a mark is another statement and does not count.
 */
export function findNewWord(tokens: readonly Token[], forms: readonly Form[]): NewWord | undefined {
  // `chdir(/tmp)` is one value beside `chdir(/var)`, and a name with a value of its own beside `chdir(pwd)`.
  for (const isJoined of [true, false]) {
    const places = isJoined ? joinCompounds(tokens) : tokens,
      wordsOf = ({ joined, group }: Form): readonly Token[] => (isJoined ? joined : group.tokens),
      comparable = forms.filter(form => hasMarksOf(wordsOf(form), places));
    if (comparable.some(({ reference }) => reference > 0)) return findNewPlace(places, comparable, wordsOf);
  }
  return { place: -1, word: '', evidence: Infinity };
}

function findNewPlace(
  places: readonly Token[],
  forms: readonly Form[],
  wordsOf: (form: Form) => readonly Token[],
): NewWord | undefined {
  let found: NewWord | undefined;
  for (let place = 0; place < places.length; place++) {
    const { kind, text: word } = places[place]!;
    // Most words are known in their places: what else stood there need not be counted then.
    if (kind === 'mark' || forms.some(form => form.reference > 0 && wordsOf(form)[place]!.text === word)) continue;
    const vocabulary = emptyVocabulary();
    let isOpen = false;
    for (const form of forms) {
      const known = wordsOf(form)[place]!.text;
      isOpen ||= known === hole && form.isTemplate === true;
      add(vocabulary, known, form, word);
    }
    if (isOpen) continue;
    const evidence = evidenceAt(places, place, vocabulary);
    if (!found || evidence > found.evidence) found = { place, word, evidence };
  }
  return found ?? findNewCombination(places, forms, wordsOf);
}

/**
 * Words that are all known in their places, and were never seen together: in a statement of few combinations a new one
 * says something new.
 */
function findNewCombination(
  places: readonly Token[],
  forms: readonly Form[],
  wordsOf: (form: Form) => readonly Token[],
): NewWord | undefined {
  const vocabulary = emptyVocabulary(),
    asked = textOf(places);
  for (const form of forms) add(vocabulary, textOf(wordsOf(form)), form, asked);
  return vocabulary.words.has(asked)
    ? undefined
    : { place: -1, word: '', evidence: evidenceOf('', vocabulary, placeKinds.combination) };
}

function textOf(tokens: readonly Token[]): string {
  return tokens.map(({ text }) => text).join('\u0001');
}

/**
 * The same for a part of several words, whose texts the forms have as `text`: the evidence, 0 where the text is known.
 */
export function findNewText(
  text: string,
  forms: readonly (Pick<Form, 'reference' | 'canary'> & { readonly text: string })[],
): number {
  const vocabulary = emptyVocabulary();
  for (const form of forms) add(vocabulary, form.text, form, text);
  return vocabulary.words.has(text) ? 0 : evidenceOf(text, vocabulary, placeKinds.value);
}

/**
 * Whether a logger that the reference never has for a message is news: by Good's estimate, or because so many lines
 * divide cleanly. Were the loggers of `n` lines of the reference and `m` of the canary exchangeable, the canary's would
 * all be the other one's with a chance of 1 in (n + m choose m).
 */
export function isNewLogger(linesByLogger: readonly number[], canary: number): boolean {
  const words = new Map(linesByLogger.map((lines, i) => [String(i), lines]));
  if (evidenceOf('', { ...emptyVocabulary(), words }, placeKinds.value) >= newWordEvidence.least) return true;
  const known = linesByLogger.reduce((sum, lines) => sum + lines, 0);
  return rarityOf(canary, known, canary) >= newWordEvidence.least;
}

/**
 * The canary alone has a word, in `same` of its lines. Were its lines and those of the reference exchangeable, the
 * chance of that would be 1 in so many (Fisher's exact test), as far as that matters.
 */
function rarityOf(same: number, reference: number, canary: number, most: number = newWordEvidence.least): number {
  let rarity = 1;
  for (let i = 0; i < same && rarity < most; i++) rarity *= (reference + canary - i) / (canary - i);
  return rarity;
}

function add(
  vocabulary: Vocabulary,
  word: string,
  { reference, canary }: Pick<Form, 'reference' | 'canary'>,
  asked: string,
): void {
  if (reference > 0) vocabulary.words.set(word, (vocabulary.words.get(word) ?? 0) + reference);
  vocabulary.canary += canary;
  vocabulary.shared.set(word, (vocabulary.shared.get(word) ?? 0) + canary);
  if (word === asked) vocabulary.same += canary;
}

function hasMarksOf(known: readonly Token[], tokens: readonly Token[]): boolean {
  if (known.length !== tokens.length) return false;
  for (let i = 0; i < tokens.length; i++)
    if ((known[i]!.kind === 'mark' || tokens[i]!.kind === 'mark') && known[i]!.text !== tokens[i]!.text) return false;
  return true;
}

function evidenceAt(tokens: readonly Token[], place: number, vocabulary: Vocabulary): number {
  const { text: word, kind } = tokens[place]!;
  if (isUsualFigure(word, vocabulary) && !isBadState(word)) return 0;
  const isName =
      (place > 0 || hasWords(tokens, wordsBesideName)) &&
      isNameLike(word) &&
      [...vocabulary.words.keys()].every(isHoleOrName),
    isValue = kind === 'hole' || isValuePlace(tokens, place);
  // Figures and addresses of all kinds stand there, so that one more value is no news.
  if (vocabulary.words.has(hole) && (isName || isValue) && !isBadState(word)) return 0;
  if (isName) return evidenceOf(word, vocabulary, placeKinds.name);
  const isLast = place > 0 && place === tokens.length - 1;
  return evidenceOf(
    word,
    vocabulary,
    placeKinds[isValue ? 'value' : place === 0 ? 'first' : isLast ? 'last' : 'prose'],
  );
}

/** An id of hexadecimal digits may have no digit among them: `daecbb` is one where figures are usual. */
function isUsualFigure(word: string, { words }: Vocabulary): boolean {
  const masked = word.replaceAll(/(?<![\p{L}\d])[a-f]{5,}(?![\p{L}\d])/giu, hole);
  return masked !== word && words.has(masked);
}

/**
 * A name that a statement begins with may be what the statement is about: it is a value only where so many other words
 * say the same.
 */
const wordsBesideName = 5;

function hasWords(tokens: readonly Token[], least: number): boolean {
  return tokens.filter(({ kind }) => kind === 'word').length >= least;
}

function isHoleOrName(word: string): boolean {
  return word === hole || isNameLike(word);
}

/**
 * Evidence, as an e-value, that a word is new in a place where the reference showed `k` other words. A place that
 * showed words in `n` lines, `f` of them in one line alone, shows a new word next with a chance of about (f + 1) / (n +
 * 1) (Good, The Population Frequencies of Species, Biometrika 1953); a place of many words shows new ones even where
 * each came often, as words come in bursts, and so does one whose words go. What is known of such places before
 * anything is seen counts as so many lines without a new word; every word that is seen takes from that. In a place of
 * several words one more may be a rare one that the reference did not happen to show: the evidence is no more than what
 * so many lines of it give.
 */
function evidenceOf(word: string, vocabulary: Vocabulary, place: PlaceKind): number {
  const { words, canary, same } = vocabulary;
  let lines = 0,
    once = 0;
  for (const count of words.values()) {
    lines += count;
    if (count <= 1) once++;
  }
  const kinds = Math.max(1, words.size),
    gone = countGone(vocabulary, lines),
    expected = once + (kinds - 1) ** place.growth + gone + 1,
    evidence = (lines + place.prior / kinds + 1) / expected;
  if (isBadState(word)) return evidence * newWordEvidence.trouble;
  const rarity = rarityOf(same, lines, canary);
  if (kinds === 1) return Math.max(evidence, rarity);
  if (kinds < place.fewWords) return evidence;
  const isDivided = gone === 0 && same >= divided.lines && kinds <= divided.words && place !== placeKinds.name,
    division = isDivided ? rarityOf(same, lines, canary, (kinds + 1) * newWordEvidence.least) / (kinds + 1) : 0;
  return Math.max(division, Math.min(evidence, rarity));
}

/** How many words of the reference the canary lacks, if they are more than twice those that chance would leave out. */
function countGone({ words, shared, canary }: Vocabulary, lines: number): number {
  let missing = 0,
    expected = 0.25;
  for (const [word, count] of words) {
    if (!shared.get(word)) missing++;
    expected += 1 / rarityOf(count, canary, lines);
  }
  return missing > 2 * expected ? missing : 0;
}

/**
 * In a place of few words, which both sides share, a new word that comes in several lines is judged by how cleanly it
 * divides the sides: any word of the place might have, so the chance counts for each.
 */
const divided = { lines: 3, words: 8 } as const;

/** After `=`, after `:` and alone, in quotes, or alone in brackets: a place that the text itself marks as a value's. */
function isValuePlace(tokens: readonly Token[], place: number): boolean {
  const before = tokens[place - 1],
    after = tokens[place + 1];
  if (before?.kind !== 'mark') return false;
  if (before.text === '=' || before.text === '"' || before.text === "'" || before.text === '`') return true;
  return ':[('.includes(before.text) && after?.kind !== 'word';
}

/** `ts-order-service`, `WindowsUpdateAgent`, `kube_proxy`, `LNKA`: a name rather than a word of a sentence. */
function isNameLike(word: string): boolean {
  return /[\p{L}\d][-_./:@$][\p{L}\d]|\p{Ll}\p{Lu}|^\p{Lu}{2,}$|^\p{L}$/u.test(word);
}
