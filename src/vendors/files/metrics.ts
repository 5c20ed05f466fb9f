// Reads files with the values of metrics: the newest rows of each node, or of all of them.
import type { FileHandle } from 'node:fs/promises';
import type { ReadSummary } from '../../model/evidence/analysis.ts';
import { fail, succeed } from '../../model/failure.ts';
import type { Result } from '../../model/failure.ts';
import type { Clock, ReadRequest } from '../../model/ports.ts';
import { leadOf } from '../transport/decode/counters.decode.ts';
import { wantedMetrics } from '../transport/text/samplePoints.decode.ts';
import { readJsonSamples, readTable } from '../transport/text/samples.decode.ts';
import type { Deliver } from '../vendor.ts';
import { findAbsence, findFiles, openFound, type FoundFile } from './findFiles.ts';
import { namesSide, type FileMetricsSource } from './options.ts';
import { readPart, readTail } from './readTail.ts';

export type FileMetricsRequest = ReadRequest & { readonly source: FileMetricsSource };

/** Of one node, or of all where they share files. */
const mostBytes = 16 * 1_048_576;
const headerBytes = 65_536,
  quietMs = 5_000;

/** The newest rows of several files, oldest first. */
interface Rows {
  readonly parts: readonly Uint8Array[];
  readonly cut: number;
}

export async function readFileMetrics(
  { folder, clock }: { readonly folder: string; readonly clock: Clock },
  request: FileMetricsRequest,
  deliver: Deliver,
  signal: AbortSignal,
): Promise<Result<ReadSummary>> {
  const { source, nodes } = request;
  const { path } = source.options,
    nowMs = clock.now(),
    startedMs = clock.monotonicMs();
  let found = 0,
    rows = 0,
    bytes = 0,
    cut = 0;
  for (const node of namesSide(path) ? nodes : [undefined]) {
    if (signal.aborted) return fail('cancelled', 'it was not read to its end.');
    const files = await findFiles(folder, path, node);
    if (!files.ok) return files;
    found += files.value.length;
    const plain = files.value.filter(one => !one.name.endsWith('.gz'));
    const read = await readRows(request, plain, nowMs);
    if (!read.ok) return read;
    const page = new Uint8Array(Buffer.concat(read.value.parts));
    if (page.length === 0) continue;
    bytes += page.length;
    cut += read.value.cut;
    const delivered = await deliver({
      source: source.name,
      decoder: 'fileSamples',
      bytes: page,
      context: contextOf(request, node, nowMs),
    });
    if (!delivered.ok) return delivered;
    rows += delivered.value.rows;
  }
  const missing = found === 0 ? await findAbsence(folder, path) : undefined;
  if (missing) return missing;
  const durationMs = clock.monotonicMs() - startedMs;
  return succeed({
    queries: [{ source: source.name, text: path, atMs: nowMs, durationMs, bytes, rows }],
    ...(cut > 0 && { partial: { read: rows, total: Math.round((rows * (bytes + cut)) / bytes) } }),
  });
}

function contextOf(
  { source, fromMs, toMs, intervalMs }: FileMetricsRequest,
  node: string | undefined,
  nowMs: number,
): Readonly<Record<string, string | number>> {
  const { format, keys, zone } = source.options;
  return {
    metrics: JSON.stringify(wantedMetrics(source.metrics)),
    keys: JSON.stringify(keys),
    format,
    zone,
    nowMs,
    fromMs: fromMs - leadOf(intervalMs),
    toMs,
    intervalMs,
    ...(node !== undefined && { node }),
  };
}

async function readRows(
  request: FileMetricsRequest,
  files: readonly FoundFile[],
  nowMs: number,
): Promise<Result<Rows>> {
  const rows: { parts: Uint8Array[]; cut: number } = { parts: [], cut: 0 };
  let left = mostBytes;
  for (const found of files.toReversed()) {
    const opened = await openFound(found);
    if (!opened.ok) return opened;
    if (!opened.value) continue;
    try {
      const read = await readNewest(request, found, opened.value, { left, nowMs });
      if (!read.ok) return read;
      rows.parts.unshift(...read.value.parts);
      rows.cut += read.value.cut;
      left -= read.value.parts.reduce((sum, { length }) => sum + length, 0);
    } finally {
      await opened.value.close();
    }
  }
  return succeed(rows);
}

/** A table's header is put before its newest rows. */
async function readNewest(
  { source, fromMs, intervalMs }: FileMetricsRequest,
  { name }: FoundFile,
  file: FileHandle,
  { left, nowMs }: { readonly left: number; readonly nowMs: number },
): Promise<Result<Rows>> {
  const { format, keys, zone } = source.options;
  const clock = { zone, nowMs },
    sinceMs = fromMs - leadOf(intervalMs);
  const { size, mtimeMs } = await file.stat();
  if (mtimeMs < sinceMs || size === 0 || left <= 0) return succeed({ parts: [], cut: 0 });
  const header = format === 'csv' ? firstLine(await readPart(file, 0, headerBytes)) : '';
  const timeOf = (line: string): number | undefined =>
    (format === 'csv' ? readTable(`${header}\n${line}`, keys, clock) : readJsonSamples(line, keys, clock)).samples[0]
      ?.atMs;
  const isQuiet = nowMs - mtimeMs > quietMs;
  const tail = await readTail(file, size, { fromMs: sinceMs, clock, mostBytes: left, isQuiet, timeOf });
  if (tail.isBinary) return fail('invalid', `${name} is not a text file.`);
  if (!tail.isDated && tail.bytes.length > header.length + 1)
    return fail('invalid', `${name}: no row has a value, and a time under the key "${keys.time}".`, {
      hint: 'Say with `format` and `keys` what its keys or columns are called.',
    });
  return succeed({ parts: [new TextEncoder().encode(header === '' ? '' : `${header}\n`), tail.bytes], cut: tail.cut });
}

function firstLine(bytes: Buffer): string {
  return bytes.toString('utf8').split(/\r?\n/, 1)[0] ?? '';
}
