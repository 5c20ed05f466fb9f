// The text that stands for all lines of one shape.
import { delimiter, blank, digit, kinds, slash, tab } from './byteKinds.ts';
import { headText } from './headForms.ts';
import { comma, headTokens, longestShape, spaced, unlinked } from './lineShape.ts';

/** Bytes that were written so far; used again and again. */
const out = { bytes: new Uint8Array(longestShape), length: 0 };

/** What all lines of one shape have in common, as a text that can be read like a line: figures are written as ones. */
export function canonicalLine(bytes: Uint8Array, from: number): string {
  const last = from + longestShape;
  let at = from,
    head = headTokens,
    gap = unlinked,
    figureEnd = 0;
  out.length = 0;
  for (;;) {
    const start = at;
    let kind = kinds[bytes[at]!]!;
    if (kind < delimiter) {
      let seen = 0;
      while (kind < delimiter) {
        seen |= kind;
        kind = kinds[bytes[++at]!]!;
      }
      const isPath = bytes[start] === slash && at - start > 1,
        isFigure = !isPath && (seen & digit) !== 0;
      if (isPath) append(bytes[start + 1] === slash ? '//1' : '/1');
      else if (!isFigure) copy(bytes, start, at);
      else if (head > 0) append(headText(bytes, start, at, seen));
      else if (gap < unlinked) out.length = figureEnd;
      else append('1');
      const links = isFigure && head === 0;
      gap = links ? 0 : unlinked;
      if (links) figureEnd = out.length;
      if (head === 0 && at >= last) break;
    } else if (kind === delimiter) {
      gap |= bytes[at] === 44 ? comma : unlinked;
      copy(bytes, at, ++at);
    } else if (kind === blank) {
      while (kinds[bytes[at]!] === blank) at++;
      append(head > 0 && (at - start > 1 || bytes[start] === tab) ? '  ' : ' ');
      if (head > 0) head--;
      gap |= spaced;
    } else break;
  }
  return decoder.decode(out.bytes.subarray(0, out.length));
}

const decoder = new TextDecoder();

function copy(bytes: Uint8Array, start: number, end: number): void {
  makeRoom(end - start);
  for (let i = start; i < end; i++) out.bytes[out.length++] = bytes[i]!;
}

/** Of ASCII alone. */
function append(text: string): void {
  makeRoom(text.length);
  for (let i = 0; i < text.length; i++) out.bytes[out.length++] = text.charCodeAt(i);
}

function makeRoom(length: number): void {
  if (out.length + length <= out.bytes.length) return;
  const larger = new Uint8Array((out.length + length) * 2);
  larger.set(out.bytes);
  out.bytes = larger;
}
