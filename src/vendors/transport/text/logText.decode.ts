// Turns the text of log files and of programs into lines with the time that each tells of itself; a line without one
// belongs to the line before.
import type { LogLine } from '../../../model/evidence/evidence.ts';
import { madeId } from '../decode/logLine.decode.ts';
import { timeOfLine, type LineClock } from './lineClock.decode.ts';

/** Of a longer line the beginning is kept. */
const longestLine = 65_536;

export interface LogText {
  readonly clock: LineClock;
  /** Whose line it is. Undefined: of a node that nobody asked about, or it does not say. */
  readonly nodeOf: (line: string) => string | undefined;
  /** Only lines of [fromMs, toMs) are wanted. */
  readonly fromMs: number;
  readonly toMs: number;
}

/** How many of a text's lines have a time of their own is said too. */
export interface DatedLines {
  readonly lines: readonly LogLine[];
  readonly rows: number;
  readonly dated: number;
}

/**
 * A line's id is made of its time, its node and its text, and of how many alike came before it: what is read again,
 * also from a copy of the file, counts once. Lines before the first time are left out: they belong to a line that is
 * not there.
 */
export function readLogText(text: string, { clock, nodeOf, fromMs, toMs }: LogText): DatedLines {
  const alike = new Map<string, number>();
  const lines: LogLine[] = [];
  let atMs: number | undefined,
    node: string | undefined,
    dated = 0,
    rows = 0;
  for (const line of eachLine(text)) {
    rows += 1;
    const own = timeOfLine(line, clock);
    if (own !== undefined) dated += 1;
    atMs = own ?? atMs;
    node = nodeOf(line) ?? (own === undefined ? node : undefined);
    if (atMs === undefined || atMs < fromMs || atMs >= toMs || node === undefined || line === '') continue;
    lines.push({ atMs, node, text: line, id: madeId(`${atMs}/${node}/${line}`, alike) });
  }
  return { lines, rows, dated };
}

/** Lines without their ends. */
export function* eachLine(text: string): Generator<string> {
  for (let at = 0; at < text.length;) {
    const end = text.indexOf('\n', at);
    const stop = end < 0 ? text.length : end;
    const line = text.slice(at, Math.min(stop, at + longestLine));
    yield line.endsWith('\r') ? line.slice(0, -1) : line;
    at = stop + 1;
  }
}

/** Control characters other than tab, line ends and escape: text has next to none, random bytes have a tenth. */
export function isBinary(bytes: Uint8Array): boolean {
  const looked = bytes.subarray(0, 65_536);
  let controls = 0;
  for (const byte of looked) if (byte < 9 || (byte > 13 && byte < 32 && byte !== 27)) controls += 1;
  return controls > looked.length * 0.05;
}
