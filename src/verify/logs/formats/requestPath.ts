// The path of a request, without the parts that differ from request to request: as text, and as a number where a path
// that was read before comes again.
import { hole } from '../template/tokens.ts';

const mostParts = 6,
  longestPart = 32,
  longestPath = 4_000,
  version = /^v\d{1,2}$/;

/** `/items/17/photo.4f2a.jpg?size=2` is `/items/<*>/<*>.jpg`. */
export function pathOf(asked: string): string {
  const parts = asked
    .slice(0, longestPath)
    .replace(/^[a-z]{2,6}:\/\/[^/?#]*/i, '')
    .replace(/[?#].*$/, '')
    .split('/');
  const named = parts.slice(0, mostParts).map((part, index) => {
    if (version.test(part) || (part.length <= longestPart && !/[\d%<>\s]/.test(part))) return part;
    const [, ending = ''] = index === parts.length - 1 ? (/(\.[a-z]{2,5})$/.exec(part) ?? []) : [];
    return `${hole}${ending}`;
  });
  return parts.length > mostParts ? [...named, hole].join('/') : named.join('/');
}

const slash = 47,
  dot = 46,
  question = 63,
  fragment = 35,
  letterV = 118,
  holeSymbol = 1;

/** Kinds of bytes of a path: what it is named by, what makes a part differ, what ends it; others are not read here. */
const differs = 1,
  endsPath = 2,
  unread = 3;
const kinds = new Uint8Array(256).fill(unread, 128);
for (const code of [...'0123456789%<> \t'].map(one => one.charCodeAt(0))) kinds[code] = differs;
kinds[question] = kinds[fragment] = endsPath;
for (let code = 0; code < 32; code++) if (code !== 9) kinds[code] = unread;

/**
 * A number for the path in bytes[start, end): paths with the same number have the same `pathOf` (but for chance: 53
 * bits). 0 for one that must be read as text: an absolute address, or characters beyond ASCII.
 */
export function hashPath(bytes: Uint8Array, start: number, end: number): number {
  if (end - start > longestPath || bytes[start] !== slash) return 0;
  let one = 0x811c9dc5 | 0,
    two = 0x9e3779b9 | 0,
    parts = 1,
    at = start + 1;
  const mix = (symbol: number): void => {
    one = Math.imul(one ^ symbol, 0x01000193);
    two = (Math.imul(two, 31) + symbol) | 0;
  };
  for (let isLast = false; !isLast;) {
    const from = at;
    let isHole = false,
      kind = 0;
    while (at < end && bytes[at] !== slash && (kind = kinds[bytes[at]!]!) < endsPath) {
      isHole ||= kind === differs;
      at++;
    }
    if (at < end && kind === unread && bytes[at] !== slash) return 0;
    isLast = at >= end || bytes[at] !== slash;
    mix(slash);
    if (++parts > mostParts) {
      mix(holeSymbol);
      break;
    }
    if ((isHole || at - from > longestPart) && !isVersion(bytes, from, at)) {
      mix(holeSymbol);
      if (isLast) for (let i = endingOf(bytes, from, at); i < at; i++) mix(bytes[i]!);
    } else for (let i = from; i < at; i++) mix(bytes[i]!);
    at++;
  }
  return (one >>> 0) * 0x200000 + (two >>> 11) || 1;
}

/** `v1`, `v12`. */
function isVersion(bytes: Uint8Array, from: number, end: number): boolean {
  return bytes[from] === letterV && end - from >= 2 && end - from <= 3 && isDigitAt(bytes, from + 1, end);
}

function isDigitAt(bytes: Uint8Array, from: number, end: number): boolean {
  for (let at = from; at < end; at++) if (bytes[at]! < 48 || bytes[at]! > 57) return false;
  return true;
}

/** Where the ending of a file's name begins, as `.jpg`; `end` where there is none. */
function endingOf(bytes: Uint8Array, from: number, end: number): number {
  let at = end;
  while (at > from && bytes[at - 1]! >= 97 && bytes[at - 1]! <= 122) at--;
  const letters = end - at;
  return at > from && bytes[at - 1] === dot && letters >= 2 && letters <= 5 ? at - 1 : end;
}
