// The text that stands for all lines of one shape.
import { delimiter, blank, digit, kinds, slash, tab } from './byteKinds.ts';
import { headText } from './headForms.ts';
import { comma, headTokens, longestShape, spaced, unlinked } from './lineShape.ts';

/** What all lines of one shape have in common, as a text that can be read like a line: figures are written as ones. */
export function canonicalLine(bytes: Uint8Array, from: number): string {
  const last = from + longestShape;
  const out: number[] = [];
  let at = from,
    head = headTokens,
    gap = unlinked,
    figureEnd = 0;
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
      if (isPath) append(out, bytes[start + 1] === slash ? '//1' : '/1');
      else if (!isFigure) for (let i = start; i < at; i++) out.push(bytes[i]!);
      else if (head > 0) append(out, headText(bytes, start, at, seen));
      else if (gap < unlinked) out.length = figureEnd;
      else append(out, '1');
      const links = isFigure && head === 0;
      gap = links ? 0 : unlinked;
      if (links) figureEnd = out.length;
      if (head === 0 && at >= last) break;
    } else if (kind === delimiter) {
      gap |= bytes[at] === 44 ? comma : unlinked;
      out.push(bytes[at++]!);
    } else if (kind === blank) {
      while (kinds[bytes[at]!] === blank) at++;
      append(out, head > 0 && (at - start > 1 || bytes[start] === tab) ? '  ' : ' ');
      if (head > 0) head--;
      gap |= spaced;
    } else break;
  }
  return decoder.decode(new Uint8Array(out));
}

const decoder = new TextDecoder();

function append(out: number[], text: string): void {
  for (let i = 0; i < text.length; i++) out.push(text.charCodeAt(i));
}
