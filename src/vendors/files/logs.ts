// Reads the log files of each node: those that tell their own times from their end, the others as they grow.
import type { FileHandle } from 'node:fs/promises';
import type { ReadSummary } from '../../model/evidence/analysis.ts';
import type { QueryRecord } from '../../model/evidence/verdict.ts';
import { fail, succeed } from '../../model/failure.ts';
import type { Result } from '../../model/failure.ts';
import type { Clock, ReadRequest } from '../../model/ports.ts';
import type { Deliver } from '../vendor.ts';
import { findAbsence, findFiles, openFound, type FoundFile } from './findFiles.ts';
import type { FileLogsSource } from './options.ts';
import { readPart, readTail, readZipped, type Tail } from './readTail.ts';
import { createSizeMarks, type FileState, type SizeMarks } from './sizeMarks.ts';

export type FileLogsRequest = ReadRequest & { readonly source: FileLogsSource };

/** Of one reading, of which each node has its part, and of one file. */
const mostBytes = 64 * 1_048_576,
  mostBytesOfFile = 16 * 1_048_576,
  leastBytesOfFile = 1_048_576;
/** A file that was not written to for so long has no half line at its end. */
const quietMs = 5_000;

interface Memory {
  readonly marks: SizeMarks;
  /** When the files of a node were last listed. */
  readonly listed: Map<string, number>;
}

/** One reading, and what became of it. */
interface Reading {
  readonly request: FileLogsRequest;
  readonly deliver: Deliver;
  readonly memory: Memory;
  readonly nowMs: number;
  /** Bytes that may be read of one file, and of all that come yet. */
  readonly share: number;
  left: number;
  rows: number;
  read: number;
  cut: number;
  readonly warnings: string[];
}

export type ReadFileLogs = (
  request: FileLogsRequest,
  deliver: Deliver,
  signal: AbortSignal,
) => Promise<Result<ReadSummary>>;

export function createFileLogs(folder: string, clock: Clock): ReadFileLogs {
  const memory: Memory = { marks: createSizeMarks(), listed: new Map() };
  return async (request, deliver, signal) => {
    const nowMs = clock.now(),
      startedMs = clock.monotonicMs();
    const reading: Reading = {
      request,
      deliver,
      memory,
      nowMs,
      share: Math.min(mostBytesOfFile, Math.max(leastBytesOfFile, Math.floor(mostBytes / (2 * request.nodes.length)))),
      left: Math.max(mostBytes, request.nodes.length * leastBytesOfFile),
      rows: 0,
      read: 0,
      cut: 0,
      warnings: [],
    };
    const { options } = request.source;
    let found = 0;
    for (const node of request.nodes) {
      if (signal.aborted) return fail('cancelled', 'it was not read to its end.');
      const files = await findFiles(folder, options.path, node);
      if (!files.ok) return files;
      found += files.value.length;
      for (const file of files.value) {
        const read = await readFile(reading, file, node);
        if (!read.ok) return read;
      }
      memory.listed.set(JSON.stringify([options.path, node]), nowMs);
    }
    const missing = found === 0 ? await findAbsence(folder, options.path) : undefined;
    return missing ?? succeed(summaryOf(reading, clock.monotonicMs() - startedMs));
  };
}

/** Lines that were not read are estimated by those that were. */
function summaryOf({ request, rows, read, cut, nowMs, warnings }: Reading, durationMs: number): ReadSummary {
  const record: QueryRecord = {
    source: request.source.name,
    text: request.source.options.path,
    atMs: nowMs,
    durationMs,
    bytes: read,
    rows,
    ...(warnings.length > 0 && { warnings }),
  };
  const total = cut === 0 || read === 0 ? rows : Math.round((rows * (read + cut)) / read);
  return { queries: [record], ...(cut > 0 && { partial: { read: rows, total } }) };
}

async function readFile(reading: Reading, found: FoundFile, node: string): Promise<Result<void>> {
  const opened = await openFound(found);
  if (!opened.ok || !opened.value) return opened.ok ? succeed(undefined) : opened;
  const file = opened.value;
  try {
    return await readOpen(reading, found, file, node);
  } finally {
    await file.close();
  }
}

async function readOpen(reading: Reading, found: FoundFile, file: FileHandle, node: string): Promise<Result<void>> {
  const { request, nowMs, memory } = reading;
  const { size, mtimeMs, dev, ino } = await file.stat();
  const key = `${dev}:${ino}`,
    isZipped = found.name.endsWith('.gz');
  // What nobody has written to since holds nothing of the time that is asked for.
  if (mtimeMs < request.fromMs || size === 0) {
    if (!isZipped) memory.marks.note({ key, size }, nowMs);
    return succeed(undefined);
  }
  if (reading.left <= 0) {
    reading.cut += size;
    return succeed(undefined);
  }
  const wish = {
    fromMs: request.fromMs,
    clock: { zone: request.source.options.zone, nowMs },
    mostBytes: reading.share,
    isQuiet: nowMs - mtimeMs > quietMs,
  };
  const tail = isZipped ? await readZipped(file, size, wish) : await readTail(file, size, wish);
  if (!tail) {
    reading.warnings.push(`${found.name} could not be unzipped, or is larger than 128 MB.`);
    return succeed(undefined);
  }
  if (tail.isBinary)
    return fail('invalid', `${found.name} is not a text file.`, {
      hint: 'Log files are read as UTF-8 text, plain or gzip. Name the log files alone: `logs/{node}/*.log`.',
    });
  if (tail.isDated) return deliverDated(reading, node, tail);
  if (isZipped) return succeed(undefined);
  noteSize(reading, found, { key, size: tail.end }, node);
  const parts = await deliverParts(reading, file, key, node);
  if (!parts.ok || found.isRotated || memory.marks.parts(key, 0, Infinity).length > 0) return parts;
  return deliverLast(reading, tail, node, { key, atMs: Math.floor(mtimeMs) });
}

/** What was not there when the files were listed last was written since, unless it is a copy of what was. */
function noteSize({ memory, request, nowMs }: Reading, { isRotated }: FoundFile, state: FileState, node: string): void {
  const listedMs = memory.listed.get(JSON.stringify([request.source.options.path, node]));
  memory.marks.note(state, nowMs, isRotated ? undefined : listedMs);
}

async function deliverDated(reading: Reading, node: string, { bytes, cut }: Tail): Promise<Result<void>> {
  const { fromMs, toMs, source } = reading.request;
  reading.cut += cut;
  return deliverPage(reading, bytes, { node, fromMs, toMs, zone: source.options.zone, nowMs: reading.nowMs });
}

/** A file without times, as it grew from one reading to the next. */
async function deliverParts(reading: Reading, file: FileHandle, key: string, node: string): Promise<Result<void>> {
  const { fromMs, toMs } = reading.request;
  // What this reading has seen first belongs to it, though it ends a moment later than was asked for.
  for (const { from, to, atMs, id } of reading.memory.marks.parts(key, fromMs, Math.max(toMs, reading.nowMs + 1))) {
    const start = Math.max(from, to - reading.share);
    reading.cut += start - from;
    const bytes = new Uint8Array(await readPart(file, start, to));
    const delivered = await deliverPage(reading, bytes, { node, atMs, id, offset: start });
    if (!delivered.ok) return delivered;
  }
  return succeed(undefined);
}

/** Of a file without times that was not seen to grow, only its last line can be dated: by its latest change. */
function deliverLast(
  reading: Reading,
  { bytes, end }: Tail,
  node: string,
  { key, atMs }: { readonly key: string; readonly atMs: number },
): Promise<Result<void>> {
  const text = bytes.at(-1) === 10 ? bytes.subarray(0, -1) : bytes;
  const last = bytes.slice(text.lastIndexOf(10) + 1);
  return deliverPage(reading, last, { node, atMs, id: `${key}/first`, offset: end - last.length });
}

async function deliverPage(
  reading: Reading,
  bytes: Uint8Array<ArrayBuffer>,
  context: Readonly<Record<string, string | number>>,
): Promise<Result<void>> {
  if (bytes.length === 0) return succeed(undefined);
  const { length } = bytes;
  reading.left -= length;
  const delivered = await reading.deliver({
    source: reading.request.source.name,
    decoder: 'fileLines',
    bytes: bytes.byteOffset === 0 && bytes.buffer.byteLength === length ? bytes : bytes.slice(),
    context,
  });
  if (!delivered.ok) return delivered;
  reading.read += length;
  reading.rows += delivered.value.rows;
  return succeed(undefined);
}
