// Reads log files as they are: plain or gzip, UTF-8 or UTF-16 with a byte order mark, of any size. A file that is not a
// log file fails before its first line.
import { createReadStream } from 'node:fs';
import { pipeline, Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import type { LogLine } from '../../model/evidence/evidence.ts';
import { fail, succeed } from '../../model/failure.ts';
import type { Result } from '../../model/failure.ts';
import { splitLines } from './lineSplitter.ts';

type Bytes = AsyncIterable<Buffer>;

const chunkBytes = 256 * 1024;
/** The number of bytes at the beginning that decide what kind of file it is. */
const lookedBytes = 65_536;
/** The share of control characters above which a file is binary. Text has almost none, random bytes have about 10 %. */
const binaryShare = 0.05;

/** The bytes of a file, unzipped, in chunks with arbitrary boundaries; `-` is standard input. */
export async function openLogBytes(path: string, standardInput?: AsyncIterable<unknown>): Promise<Result<Bytes>> {
  return path === '-'
    ? openInput(standardInput ?? process.stdin)
    : openChecked(() => createReadStream(path, { highWaterMark: chunkBytes }), `"${path}"`);
}

/**
 * Physical lines without their ends (`\n` or `\r\n`), in batches. Empty lines count, and so does a last line without an
 * end. Lines are truncated to 64 kB, and invalid UTF-8 becomes replacement characters. An empty file has no lines.
 */
export async function openLines(
  path: string,
  standardInput?: AsyncIterable<unknown>,
): Promise<Result<AsyncIterable<readonly string[]>>> {
  const opened = await openLogBytes(path, standardInput);
  return opened.ok ? succeed(splitLines(opened.value)) : opened;
}

/**
 * The lines of a file as log lines of one node. A line without a time stamp gets that of the line before it, or 0 if
 * there was none.
 */
export async function openLogFile(
  path: string,
  node: string,
  standardInput?: AsyncIterable<unknown>,
): Promise<Result<AsyncIterable<readonly LogLine[]>>> {
  const opened = await openLines(path, standardInput);
  return opened.ok ? succeed(toLogLines(opened.value, node)) : opened;
}

/** Zipped input is held in memory, since standard input cannot be read twice. */
async function openInput(input: AsyncIterable<unknown>): Promise<Result<Bytes>> {
  const name = 'Standard input';
  try {
    const { first, all } = await peek(toBuffers(input));
    if (!isGzip(first)) return await openChecked(() => all, name);
    const chunks: Buffer[] = [];
    for await (const chunk of all) chunks.push(chunk);
    return await openChecked(() => toBuffers(Readable.from(chunks)), name);
  } catch (error) {
    return unreadable(error, name);
  }
}

/**
 * Damage in an archive shows only at its end. The archive is therefore read once to find out, so that the actual
 * reading cannot fail.
 */
async function openChecked(open: () => Bytes, name: string): Promise<Result<Bytes>> {
  const opened = await openBytes(open(), name);
  if (!opened.ok || !opened.value.zipped) return opened;
  return (await findDamage(opened.value, name)) ?? openBytes(open(), name);
}

async function findDamage(bytes: Bytes, name: string): Promise<Result<never> | undefined> {
  try {
    for await (const chunk of bytes) void chunk;
    return undefined;
  } catch (error) {
    return unreadable(error, name);
  }
}

async function openBytes(source: Bytes, name: string): Promise<Result<Bytes & { readonly zipped?: boolean }>> {
  try {
    const raw = await peek(source);
    const zipped = isGzip(raw.first);
    const unzipped = zipped ? await peek(unpack(raw.all)) : raw;
    const wide = wideEncodingOf(unzipped.first),
      bytes = wide ? await peek(toNarrow(unzipped.all, wide)) : unzipped;
    if (!isBinary(bytes.first)) return succeed(Object.assign(bytes.all, { zipped }));
    await bytes.close();
    return fail('invalid', `${name} is not a text file.`, {
      hint: 'Log files are read as UTF-8 text, or as UTF-16 with a byte order mark, plain or gzip.',
    });
  } catch (error) {
    return unreadable(error, name);
  }
}

interface Peeked {
  readonly first: Buffer;
  /** All chunks, including the first. */
  readonly all: AsyncGenerator<Buffer>;
  close(): Promise<void>;
}

/** A pipe may deliver single bytes, so chunks are collected until there are enough to recognise the file. */
async function peek(source: Bytes): Promise<Peeked> {
  const iterator = source[Symbol.asyncIterator](),
    chunks: Buffer[] = [];
  let length = 0,
    next = await iterator.next();
  while (!next.done) {
    chunks.push(next.value);
    length += next.value.length;
    if (length >= lookedBytes) break;
    next = await iterator.next();
  }
  const first = chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks);
  const close = async (): Promise<void> => {
    await iterator.return?.();
  };
  async function* all(): AsyncGenerator<Buffer> {
    try {
      if (first.length > 0) yield first;
      for (let later = next.done ? next : await iterator.next(); !later.done; later = await iterator.next())
        yield later.value;
    } finally {
      await close();
    }
  }
  return { first, all: all(), close };
}

function unpack(bytes: Bytes): AsyncIterable<Buffer> {
  const gunzip = createGunzip({ chunkSize: chunkBytes });
  // An error at either end destroys the other one; whoever reads gunzip receives it.
  pipeline(Readable.from(bytes), gunzip, () => undefined);
  return gunzip;
}

function isGzip(bytes: Buffer): boolean {
  return bytes[0] === 0x1f && bytes[1] === 0x8b;
}

/** UTF-16, recognised by its byte order mark, as Windows programs and PowerShell's `>` write it. */
function wideEncodingOf(bytes: Buffer): 'utf-16le' | 'utf-16be' | undefined {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'utf-16le';
  return bytes[0] === 0xfe && bytes[1] === 0xff ? 'utf-16be' : undefined;
}

async function* toNarrow(source: Bytes, encoding: string): AsyncGenerator<Buffer> {
  const decoder = new TextDecoder(encoding);
  for await (const chunk of source) yield Buffer.from(decoder.decode(chunk, { stream: true }));
  yield Buffer.from(decoder.decode());
}

/** Counts control characters other than tab, line ends and escape. */
function isBinary(bytes: Buffer): boolean {
  const looked = bytes.subarray(0, lookedBytes);
  let controls = 0;
  for (const byte of looked) if (byte < 9 || (byte > 13 && byte < 32 && byte !== 27)) controls += 1;
  return controls > looked.length * binaryShare;
}

function unreadable(error: unknown, name: string): Result<never> {
  const code = typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : '';
  if (code === 'ENOENT') return fail('invalid', `There is no file ${name}.`);
  if (code === 'EISDIR') return fail('invalid', `${name} is a folder, not a file.`);
  if (code === 'EACCES' || code === 'EPERM') return fail('invalid', `${name} may not be read.`);
  if (code.startsWith('Z_')) return fail('invalid', `${name} is a damaged gzip file.`);
  return fail('invalid', `${name} could not be read.`, { cause: code || String(error) });
}

async function* toBuffers(source: AsyncIterable<unknown>): AsyncGenerator<Buffer> {
  for await (const chunk of source)
    yield typeof chunk === 'string' ? Buffer.from(chunk) : Buffer.from(chunk as Uint8Array);
}

async function* toLogLines(
  batches: AsyncIterable<readonly string[]>,
  node: string,
): AsyncGenerator<readonly LogLine[]> {
  let atMs = 0;
  for await (const batch of batches) {
    yield batch.map(text => ({ atMs: (atMs = timeOf(text) ?? atMs), node, text }));
  }
}

/** An ISO 8601 time at the start of the line, with or without brackets; UTC if it has no zone. */
function timeOf(line: string): number | undefined {
  const found = /^\[?(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d:\d\d)(?:[.,](\d{1,3}))?\d{0,6} ?(Z|[+-]\d\d:?\d\d)?/.exec(line);
  if (!found) return undefined;
  const [, date, time, fraction = '', zone = 'Z'] = found;
  const ms = Date.parse(
    `${date}T${time}.${fraction.padEnd(3, '0')}` +
      (/^[+-]\d{4}$/.test(zone) ? `${zone.slice(0, 3)}:${zone.slice(3)}` : zone),
  );
  return Number.isNaN(ms) ? undefined : ms;
}
