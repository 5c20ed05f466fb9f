// Reads the newest part of a file backwards, until what it read is older than what is wanted, and never more than it
// may.
import type { FileHandle } from 'node:fs/promises';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { timeOfLine, type LineClock } from '../transport/text/lineClock.decode.ts';
import { eachLine, isBinary } from '../transport/text/logText.decode.ts';

export interface Tail {
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** Offset in the file of the end of the last whole line. */
  readonly end: number;
  /** Bytes that are wanted and were not read. */
  readonly cut: number;
  /** Some line has a time of its own. */
  readonly isDated: boolean;
  readonly isBinary: boolean;
}

export interface TailWish {
  readonly fromMs: number;
  readonly clock: LineClock;
  readonly mostBytes: number;
  /** Of a file that nobody has written to for a while, a last line without its end is whole. */
  readonly isQuiet: boolean;
  /** The time of a line; by default the one that a log line tells at its head. */
  readonly timeOf?: (line: string) => number | undefined;
}

const chunkBytes = 256 * 1_024,
  headBytes = 64 * 1_024;
const lineFeed = 10;

export async function readTail(file: FileHandle, size: number, wish: TailWish): Promise<Tail> {
  const chunks: Buffer<ArrayBuffer>[] = [];
  let at = size,
    isDated = false,
    oldestMs = Infinity;
  while (at > 0 && oldestMs >= wish.fromMs && size - at < wish.mostBytes) {
    const from = Math.max(0, at - chunkBytes);
    const chunk = await readPart(file, from, at);
    chunks.unshift(chunk);
    at = from;
    const firstMs = firstTime(chunk, from === 0, wish);
    isDated ||= firstMs !== undefined;
    oldestMs = firstMs ?? oldestMs;
    if (!isDated && at > 0 && !(await beginsWithTime(file, wish))) break;
  }
  const whole = joined(chunks);
  const end = endOf(whole, wish.isQuiet),
    begin = at === 0 ? 0 : whole.indexOf(lineFeed) + 1;
  return {
    bytes: whole.slice(begin, end),
    end: at + end,
    cut: isDated ? unread(at, size - at, oldestMs, wish) : 0,
    isDated,
    isBinary: isBinary(whole),
  };
}

/** What is wanted of the bytes before, if the file grew then as it did since. */
function unread(left: number, read: number, oldestMs: number, { fromMs, clock }: TailWish): number {
  const isWhole = oldestMs < fromMs || left === 0;
  return isWhole ? 0 : Math.min(left, Math.ceil((read * (oldestMs - fromMs)) / Math.max(1, clock.nowMs - oldestMs)));
}

/** Where neither its end nor its beginning tells a time, nothing between will. */
async function beginsWithTime(file: FileHandle, wish: TailWish): Promise<boolean> {
  return firstTime(await readPart(file, 0, headBytes), true, wish) !== undefined;
}

/** Bytes [from, to), or as many as there are. */
export async function readPart(file: FileHandle, from: number, to: number): Promise<Buffer<ArrayBuffer>> {
  const bytes = Buffer.from(new ArrayBuffer(Math.max(0, to - from)));
  let read = 0;
  while (read < bytes.length) {
    const { bytesRead } = await file.read(bytes, read, bytes.length - read, from + read);
    if (bytesRead === 0) break;
    read += bytesRead;
  }
  return bytes.subarray(0, read);
}

const unzip = promisify(gunzip);
const mostZipped = 64 * 1_048_576,
  mostUnzipped = 128 * 1_048_576;

/** The end of a zipped file. Undefined: it is damaged, still being written, or larger than may be read. */
export async function readZipped(file: FileHandle, size: number, wish: TailWish): Promise<Tail | undefined> {
  if (size > mostZipped) return undefined;
  try {
    const text = await unzip(await readPart(file, 0, size), { maxOutputLength: mostUnzipped });
    const kept = text.subarray(Math.max(0, text.length - wish.mostBytes));
    const isDated = firstTime(kept.subarray(0, chunkBytes), kept.length === text.length, wish) !== undefined;
    return {
      bytes: new Uint8Array(kept),
      end: text.length,
      cut: text.length - kept.length,
      isDated,
      isBinary: isBinary(kept),
    };
  } catch {
    return undefined;
  }
}

function firstTime(chunk: Buffer, isBeginning: boolean, { clock, timeOf }: TailWish): number | undefined {
  const begin = isBeginning ? 0 : chunk.indexOf(lineFeed) + 1;
  for (const line of eachLine(chunk.toString('utf8', begin))) {
    const atMs = timeOf ? timeOf(line) : timeOfLine(line, clock);
    if (atMs !== undefined) return atMs;
  }
  return undefined;
}

function endOf(bytes: Uint8Array, isQuiet: boolean): number {
  return isQuiet ? bytes.length : bytes.lastIndexOf(lineFeed) + 1;
}

function joined(chunks: readonly Buffer<ArrayBuffer>[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(chunks.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const chunk of chunks) {
    whole.set(chunk, at);
    at += chunk.length;
  }
  return whole;
}
