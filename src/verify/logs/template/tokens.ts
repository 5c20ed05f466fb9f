// Cuts a message into tokens and says which of them are parameters. Runs only on shapes not seen before.
import { characterClass, delimiter, digit, isDigit, isLetter, joiner, letter, space } from '../text/characters.ts';
import { isMonth, isWeekday, isZone } from '../text/timestamps.ts';

/** A parameter, in tokens and in templates. */
export const hole = '<*>';

export interface Token {
  text: string;
  /** `word`: literal text; `hole`: a parameter; `mark`: punctuation. */
  kind: 'word' | 'hole' | 'mark';
  /** White space stood before it. */
  spaced: boolean;
  /** Whether a parameter begins with a digit, and so may have a unit behind it; absent where that is not known. */
  isFigure?: boolean;
}

const mostTokens = 400;

/** Tokens of text[start, end); what comes after the 400th is left out. */
export function tokenize(text: string, start = 0, end = text.length): Token[] {
  const tokens: Token[] = [];
  let at = start,
    spaced = false;
  while (at < end && tokens.length < mostTokens) {
    const kind = characterClass(text.charCodeAt(at));
    if (kind === space) {
      spaced = true;
      at++;
      continue;
    }
    if (kind === delimiter && text.startsWith(hole, at)) {
      tokens.push({ text: hole, kind: 'hole', spaced });
      at += hole.length;
      spaced = false;
      continue;
    }
    const from = at;
    const address = kind === delimiter ? 0 : endOfAddress(text, at, end);
    if (address > 0) {
      at = address;
      tokens.push({ text: hole, kind: 'hole', spaced, isFigure: false });
      spaced = false;
      continue;
    }
    if (kind === delimiter) at = endOfRun(text, at, end);
    else at = endOfAtom(text, at, end);
    addAtom(tokens, text.slice(from, at), kind === delimiter, spaced);
    spaced = false;
  }
  return tokens;
}

function endOfRun(text: string, at: number, end: number): number {
  const code = text.charCodeAt(at);
  let stop = at + 1;
  if (code !== 61 && code !== 58) return stop;
  while (stop < end && text.charCodeAt(stop) === code) stop++;
  return stop;
}

/** An atom ends at white space, at a delimiter, and around runs of the same sign (`....`, `##`, `---`). */
function endOfAtom(text: string, at: number, end: number): number {
  const isRun = isSignRun(text, at, end);
  let stop = at + 1;
  for (; stop < end; stop++) {
    const code = text.charCodeAt(stop),
      kind = characterClass(code);
    if (isRun) {
      if (code !== text.charCodeAt(at)) break;
      continue;
    }
    if (kind === space || kind === delimiter || isSignRun(text, stop, end)) break;
  }
  return stop;
}

/**
 * End of a path or URL with its query, or of hexadecimal groups between colons (hardware addresses, IPv6); 0 where
 * there is none.
 */
function endOfAddress(text: string, at: number, end: number): number {
  const code = text.charCodeAt(at);
  if (
    code === 47 &&
    at + 1 < end &&
    text.charCodeAt(at + 1) > 32 &&
    characterClass(text.charCodeAt(at + 1)) !== delimiter
  )
    return endOfUrl(text, at, end);
  let stop = at,
    groups = 1,
    size = 0;
  for (; stop < end && stop - at < 80; stop++) {
    const here = text.charCodeAt(stop);
    if (isHex(here)) {
      if (++size > 4) break;
      continue;
    }
    if (here !== 58 || (size === 0 && stop === at)) break;
    groups++;
    size = 0;
  }
  if (
    groups >= 4 &&
    text.charCodeAt(stop - 1) !== 58 &&
    (stop >= end || (characterClass(text.charCodeAt(stop)) & (letter | digit)) === 0)
  )
    return stop;
  return isScheme(text, at, end) ? endOfUrl(text, at, end) : 0;
}

function isHex(code: number): boolean {
  return isDigit(code) || (code >= 97 && code <= 102) || (code >= 65 && code <= 70);
}

function isScheme(text: string, at: number, end: number): boolean {
  let stop = at;
  while (stop < end && stop - at < 12 && isLetter(text.charCodeAt(stop))) stop++;
  return stop > at + 1 && text.startsWith('://', stop);
}

function endOfUrl(text: string, at: number, end: number): number {
  let stop = at;
  for (; stop < end; stop++) {
    const code = text.charCodeAt(stop),
      kind = characterClass(code);
    if (kind === space) break;
    if (kind === delimiter && code !== 61 && code !== 58 && code !== 59 && code !== 44) break;
  }
  while (stop > at + 1 && isUrlEnd(text.charCodeAt(stop - 1))) stop--;
  return stop;
}

function isUrlEnd(code: number): boolean {
  return code === 46 || code === 44 || code === 58 || code === 59 || code === 61;
}

function isSignRun(text: string, at: number, end: number): boolean {
  const code = text.charCodeAt(at);
  return at + 1 < end && code === text.charCodeAt(at + 1) && characterClass(code) === joiner;
}

function addAtom(tokens: Token[], text: string, isMark: boolean, spaced: boolean): void {
  if (isMark) {
    tokens.push({ text, kind: 'mark', spaced });
    return;
  }
  let end = text.length;
  while (end > 1 && isSentenceEnd(text.charCodeAt(end - 1))) end--;
  let start = 0;
  while (start < end - 1 && text.charCodeAt(start) === 33) start++;
  if (start > 0) tokens.push({ text: text.slice(0, start), kind: 'mark', spaced });
  const atom = classifyAtom(text.slice(start, end), start > 0 ? false : spaced);
  tokens.push(atom);
  // The end of a sentence belongs to a figure, as it does where figures are not told apart by their form.
  if (end < text.length && atom.kind !== 'hole') tokens.push({ text: text.slice(end), kind: 'mark', spaced: false });
}

function isSentenceEnd(code: number): boolean {
  return code === 46 || code === 33 || code === 63;
}

function classifyAtom(atom: string, spaced: boolean): Token {
  if (isConstant(atom)) return { text: atom, kind: 'hole', spaced };
  if (isParameter(atom)) return { text: hole, kind: 'hole', spaced, isFigure: isFigure(atom) };
  return { text: atom, kind: hasWordCharacter(atom) ? 'word' : 'mark', spaced };
}

/** `12`, `-0.5`, `1,024`, `.5`: what may have a unit behind it; no path, host or identifier. */
function isFigure(atom: string): boolean {
  for (let i = 0; i < atom.length; i++) {
    const code = atom.charCodeAt(i);
    if (isDigit(code)) return true;
    if ((characterClass(code) & letter) !== 0 || code === 47) return false;
  }
  return false;
}

function hasWordCharacter(atom: string): boolean {
  for (let i = 0; i < atom.length; i++) if ((characterClass(atom.charCodeAt(i)) & (letter | digit)) !== 0) return true;
  return false;
}

const constants = new Set(['null', 'none', 'nil', 'true', 'false', 'undefined', 'nan', '(null)']),
  beginsConstant = new Uint8Array(128);
for (const [first = ''] of constants)
  for (const letter of [first, first.toUpperCase()]) beginsConstant[letter.charCodeAt(0)] = 1;

/** A value that is a word: it is a parameter, and which one it is tells events apart. */
function isConstant(atom: string): boolean {
  // Most atoms begin with another letter, and to see that costs less than to write them small.
  return atom.length <= 9 && beginsConstant[atom.charCodeAt(0) & 127] === 1 && constants.has(atom.toLowerCase());
}

/** Whether an atom is a value by its looks: digits, paths, hosts, addresses, file names, null and booleans, dates. */
export function isParameter(atom: string): boolean {
  let slashes = 0,
    dots = 0;
  for (let i = 0; i < atom.length; i++) {
    const code = atom.charCodeAt(i);
    if (isDigit(code)) return true;
    if (code === 47 || code === 92) slashes++;
    else if (code === 46) dots++;
    else if (code === 64 && i > 0 && i < atom.length - 1) return true;
  }
  if (atom.length >= 8 && isHexWord(atom)) return true;
  if (isConstant(atom)) return true;
  if (slashes > 0 && isPath(atom, slashes)) return true;
  return dots > 0 && (isHost(atom, dots) || isFileName(atom));
}

function isHexWord(atom: string): boolean {
  for (let i = 0; i < atom.length; i++) if (!isHex(atom.charCodeAt(i))) return false;
  return true;
}

function isPath(atom: string, slashes: number): boolean {
  const first = atom.charCodeAt(0);
  if ((first === 47 || first === 126) && atom.length > 1) return true;
  return slashes >= 3 || atom.startsWith('./') || atom.startsWith('../') || (atom.startsWith('\\\\') && slashes >= 2);
}

const domains = new Set(
  (
    'com net org edu gov mil int info biz io dev app cloud local localdomain internal lan cluster svc arpa ' +
    'ac ae ar at au be bg br ca ch cl cn co cz de dk ee es eu fi fr gr hk hr hu id ie il in ir is it jp kr lt lu ' +
    'lv mx my nl no nz pe ph pl pt ro rs ru se sg si sk th tr tv tw ua uk us uy ve vn za'
  ).split(' '),
);
const packageRoots = new Set([
  'com',
  'org',
  'net',
  'java',
  'javax',
  'jakarta',
  'io',
  'sun',
  'edu',
  'scala',
  'kotlin',
  'android',
]);

/** `proxy.example.org`: lower-case labels that end in a domain, and no package of code. */
function isHost(atom: string, dots: number): boolean {
  const labels = atom.split('.');
  const last = labels[labels.length - 1]!;
  if (!domains.has(last.toLowerCase()) || packageRoots.has(labels[0]!)) return false;
  if (dots === 1 && last.length === 2 && labels[0]!.length < 3) return false;
  return labels.every(isLabel);
}

function isLabel(label: string): boolean {
  if (label.length === 0 || label.length > 63) return false;
  for (let i = 0; i < label.length; i++)
    if (!isLetter(label.charCodeAt(i)) && !isDigit(label.charCodeAt(i)) && label.charCodeAt(i) !== 45) return false;
  return true;
}

const extensions = new Set(
  (
    'exe dll so jar war py pyc js ts mjs java kt scala rb php go c cc cpp h hpp cs sh bat cmd ps1 sql xml json ' +
    'yaml yml toml ini conf cfg properties ' +
    'txt log csv tsv md html htm css png jpg jpeg gif svg ico pdf zip gz tar tgz bz2 xz bin dat db tmp bak lock ' +
    'pid sock rts out cache plist apk iso img rpm deb'
  ).split(' '),
);

function isFileName(atom: string): boolean {
  const dot = atom.lastIndexOf('.');
  return dot > 0 && extensions.has(atom.slice(dot + 1).toLowerCase());
}

/** Words that belong to a date when they stand next to a number. */
export function isDateWord(word: string): boolean {
  return isMonth(word) || isWeekday(word) || isZone(word);
}
