// Lines between text and bytes: sources that tell text and files that hold bytes go the same way.
import { canonicalLine } from './canonicalLine.ts';
import { toPlain, withoutControls } from './controls.ts';
import { hashLine, emptyShape } from './lineShape.ts';

/** Of a line so many characters count. */
const longestLine = 64 * 1024;
const encoder = new TextEncoder(),
  decoder = new TextDecoder();

export interface LineBytes {
  /** The line's bytes and a line feed, in a buffer that is used again. */
  encode(text: string): Uint8Array;
  decode(bytes: Uint8Array, from: number, end: number): string;
}

export function createLineBytes(): LineBytes {
  let buffer = new Uint8Array(4096);
  return {
    encode(text) {
      const bounded = text.length > longestLine ? text.slice(0, longestLine) : text;
      if (bounded.length * 3 >= buffer.length) buffer = new Uint8Array(bounded.length * 4);
      const { written } = encoder.encodeInto(bounded, buffer);
      buffer[written] = 10;
      return buffer;
    },
    decode: (bytes, from, end) =>
      withoutControls(decoder.decode(bytes.subarray(from, Math.min(end, from + longestLine)))),
  };
}

const lineBytes = createLineBytes(),
  shape = emptyShape();

/** The canonical text of a line. */
export function toCanonical(text: string): string {
  let bytes = lineBytes.encode(text);
  hashLine(bytes, 0, shape);
  if (shape.escaped) bytes = lineBytes.encode(toPlain(text));
  return canonicalLine(bytes, 0);
}
