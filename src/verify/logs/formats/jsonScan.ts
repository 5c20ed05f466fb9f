// One pass over the bytes of a JSON object: a number for its keys and kinds of values, and where each value stands.
// Nothing is made of it.

const quote = 34,
  comma = 44,
  colon = 58,
  openList = 91,
  escape = 92,
  closeList = 93,
  openObject = 123,
  closeObject = 125;

/** Where values stand and what they are; one object is used again and again. */
export interface JsonScan {
  /** Two independent hashes of the object's structure. */
  one: number;
  two: number;
  /** Index behind the closing brace. */
  end: number;
  /** Index of the line feed, once it was looked for. */
  lineEnd: number;
  count: number;
  /** Of each value that is no object, in the order of the text: bytes[starts, ends), without quotes. */
  readonly starts: Int32Array;
  readonly ends: Int32Array;
  readonly kinds: Uint8Array;
}

/** Kinds of values. */
export const plainText = 1,
  escapedText = 2,
  literal = 3,
  list = 4;

export const mostLeaves = 96;
const deepest = 12;

export function emptyScan(): JsonScan {
  return {
    one: 0,
    two: 0,
    end: 0,
    lineEnd: 0,
    count: 0,
    starts: new Int32Array(mostLeaves),
    ends: new Int32Array(mostLeaves),
    kinds: new Uint8Array(mostLeaves),
  };
}

/** What ends a number or a word: white space, a comma, and whatever closes. */
const ends = new Uint8Array(256);
for (const code of [9, 10, 13, 32, comma, closeList, closeObject]) ends[code] = 1;

/** What ends the plain part of a text: one look into a table for each byte, where comparisons would be three. */
const stops = new Uint8Array(256).fill(1, 0, 32);
stops[quote] = stops[escape] = 1;

/**
 * Reads the object that begins at bytes[from], which a line feed must follow somewhere; false where it is none, or one
 * too deep or too wide. Two objects with the same hashes have the same keys in the same order with values of the same
 * kinds. Lists are single values. What is inside values is not checked.
 */
export function scanObject(bytes: Uint8Array, from: number, scan: JsonScan): boolean {
  let one = 0x811c9dc5 | 0,
    two = 0x9e3779b9 | 0,
    at = from + 1,
    depth = 1,
    count = 0,
    wantsKey = true,
    isAfterComma = false,
    code = 0;
  while (depth > 0) {
    code = bytes[at]!;
    if (code === 32 || code === 9 || code === 13) {
      at++;
      continue;
    }
    if (code === comma) {
      if (wantsKey) return false;
      at++;
      wantsKey = isAfterComma = true;
      continue;
    }
    if (code === closeObject) {
      if (isAfterComma) return false;
      wantsKey = false;
      depth--;
      one = Math.imul(one ^ closeObject, 0x01000193);
      two = (Math.imul(two, 31) + closeObject) | 0;
      at++;
      continue;
    }
    if (!wantsKey || code !== quote) return false;
    for (code = bytes[++at]!; stops[code] === 0; code = bytes[++at]!) {
      one = Math.imul(one ^ code, 0x01000193);
      two = (Math.imul(two, 31) + code) | 0;
    }
    if (code !== quote) return false;
    do code = bytes[++at]!;
    while (code === 32);
    if (code !== colon) return false;
    do code = bytes[++at]!;
    while (code === 32);
    wantsKey = isAfterComma = false;
    if (code === openObject) {
      if (++depth > deepest) return false;
      one = Math.imul(one ^ openObject, 0x01000193);
      two = (Math.imul(two, 31) + openObject) | 0;
      at++;
      wantsKey = true;
      continue;
    }
    if (count === mostLeaves) return false;
    let kind = literal,
      start = at;
    if (code === quote) {
      kind = plainText;
      start = ++at;
      for (;;) {
        while (stops[bytes[at]!] === 0) at++;
        if (bytes[at] === quote) break;
        // What is escaped is a character on the same line.
        if (bytes[at] !== escape || bytes[at + 1]! < 32) return false;
        kind = escapedText;
        at += 2;
      }
      scan.ends[count] = at++;
      code = 1;
    } else if (code === openList) {
      kind = list;
      at = endOfList(bytes, at);
      if (at < 0) return false;
      scan.ends[count] = at;
    } else {
      // Words differ by their first letter, numbers are alike.
      if (code < 65) code = 2;
      while (ends[bytes[at]!] === 0) at++;
      if (at === start) return false;
      scan.ends[count] = at;
    }
    one = Math.imul(one ^ code, 0x1b873593);
    two = (Math.imul(two, 31) + code) | 0;
    scan.starts[count] = start;
    scan.kinds[count++] = kind;
  }
  scan.one = one ^ (one >>> 15);
  scan.two = two;
  scan.end = at;
  scan.count = count;
  return true;
}

/** Index behind the list that begins at `from`, or -1. */
function endOfList(bytes: Uint8Array, from: number): number {
  let depth = 0;
  for (let at = from; ; at++) {
    const code = bytes[at]!;
    if (code === quote) {
      for (at++; bytes[at] !== quote; at++) {
        if (bytes[at] === escape) at++;
        else if (bytes[at]! < 32 || bytes[at] === undefined) return -1;
      }
    } else if (code === openList || code === openObject) depth++;
    else if (code === closeList || code === closeObject) {
      if (--depth === 0) return at + 1;
    } else if (code === 10 || code === undefined) return -1;
  }
}

/** Mixes the bytes of a value into a hash. */
export function hashValue(bytes: Uint8Array, start: number, end: number, seed: number): number {
  let hash = seed ^ (end - start);
  for (let at = start; at < end; at++) hash = Math.imul(hash ^ bytes[at]!, 0x01000193);
  return Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
}

const plainEscapes = new Uint8Array(128);
for (const [letter, meant] of [
  ['"', '"'],
  ['\\', '\\'],
  ['/', '/'],
  ['n', '\n'],
  ['t', '\t'],
  ['b', ' '],
  ['f', ' '],
] as const)
  plainEscapes[letter.charCodeAt(0)] = meant.charCodeAt(0);

/**
 * Copies the text of a value and a line feed into `out`, behind what is there up to `from`; the length of all, or -1
 * where it has line feeds other than at its end, or characters by their number.
 */
export function copyText(bytes: Uint8Array, start: number, end: number, out: Uint8Array, from = 0): number {
  let length = from;
  for (let at = start; at < end; at++) {
    let code = bytes[at]!;
    if (code === escape) {
      const letter = bytes[++at]!;
      // A carriage return is white space at the end of a line, and nothing elsewhere.
      if (letter === 114) continue;
      code = letter < 128 ? plainEscapes[letter]! : 0;
      if (code === 0 || (code === 10 && at + 1 < end)) return -1;
      if (code === 10) break;
    }
    out[length++] = code;
  }
  out[length] = 10;
  return length;
}
