// What each character is to a log line: one table, so that the scanners that see every byte need no regular expression.

export const digit = 1,
  letter = 2,
  delimiter = 4,
  space = 8,
  joiner = 16;

const table = new Uint8Array(128);
for (let code = 0; code < 128; code++) {
  const character = String.fromCharCode(code);
  if (character >= '0' && character <= '9') table[code] = digit;
  else if (/[A-Za-z_]/.test(character)) table[code] = letter;
  else if ('=:,;()[]{}<>"\'|`'.includes(character)) table[code] = delimiter;
  else if (code <= 32 || code === 127) table[code] = space;
  else table[code] = joiner;
}

/** Beyond ASCII everything counts as a letter, but for the spaces of Unicode and the punctuation of East Asia. */
export function characterClass(code: number): number {
  if (code < 128) return table[code]!;
  if (code === 0xa0 || code === 0x2028 || code === 0x2029 || code === 0x3000 || code === 0xfeff) return space;
  return code > 0x3000 && isEastAsianMark(code) ? delimiter : letter;
}

/** Commas, full stops, colons, quotation marks and brackets of CJK Symbols and of Fullwidth Forms. */
function isEastAsianMark(code: number): boolean {
  return (
    code <= 0x3003 ||
    (code >= 0x3008 && code <= 0x301f && code !== 0x3012 && code !== 0x3013) ||
    (code >= 0xff01 && code <= 0xff0f) ||
    (code >= 0xff1a && code <= 0xff20) ||
    (code >= 0xff3b && code <= 0xff40) ||
    (code >= 0xff5b && code <= 0xff64)
  );
}

export function isDigit(code: number): boolean {
  return code >= 48 && code <= 57;
}

export function isLetter(code: number): boolean {
  return (code >= 65 && code <= 90) || (code >= 97 && code <= 122);
}

export function isSpace(code: number): boolean {
  return code <= 32 || characterClass(code) === space;
}

const encoder = new TextEncoder(),
  decoder = new TextDecoder();

/** The same text in memory of its own: what was cut from a page keeps the whole page alive. */
export function copyOf(text: string): string {
  return decoder.decode(encoder.encode(text));
}

/** FNV-1a over UTF-16 units: a stable number for a text, the same in every run. */
export function hashText(text: string, seed = 0x811c9dc5): number {
  let hash = seed;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  hash ^= hash >>> 15;
  hash = Math.imul(hash, 0x2c1b3c6d);
  return (hash ^ (hash >>> 13)) >>> 0;
}

/** Where the first character from `from` on stands that is no space; at most `limit`. */
export function skipSpaces(text: string, from: number, limit: number): number {
  let at = from;
  while (at < limit && isSpace(text.charCodeAt(at))) at++;
  return at;
}
