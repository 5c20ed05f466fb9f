// The second journal: append-only JSON Lines files next to the store, from which it can be rebuilt. Each run has a
// file; rows that belong to no run share one.
import {
  closeSync,
  existsSync,
  fdatasyncSync,
  fstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  renameSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { safeName } from '../home.ts';
import type { KeptTable, Row } from './historySqlite.ts';

/** A row after a change; with `gone`, the row was removed. */
export interface KeptRow {
  readonly table: KeptTable;
  readonly row: Row;
  readonly gone?: true;
}

export interface StoreJournal {
  /** Appends the rows in the given order. With `lasting`, they survive a power failure. */
  append(rows: readonly (KeptRow & { readonly runId?: string })[], lasting: boolean): void;
  has(runId: string): boolean;
  saveBlob(digest: string, content: Uint8Array): void;
  blobs(): Iterable<readonly [digest: string, content: NonSharedBuffer]>;
  /** The rows that belong to no run, without lines that a power failure or a full disk truncated. */
  shared(): readonly KeptRow[];
  /** The rows of each run with the name of its file, oldest run first. */
  runs(): Iterable<readonly [name: string, rows: readonly KeptRow[]]>;
  /** The run with the newest file, without its events. */
  newestRun(): Row | undefined;
  /** Rows of a run. */
  run(runId: string): readonly KeptRow[];
  isEmpty(): boolean;
}

const ending = '.jsonl';
const longestFirstLine = 256 * 1024;

export function journalFolder(storePath: string): string {
  return join(dirname(storePath), 'journal');
}

export function openStoreJournal(storePath: string): StoreJournal {
  const folder = journalFolder(storePath),
    runsFolder = join(folder, 'runs'),
    blobsFolder = join(folder, 'blobs'),
    sharedFile = join(folder, `store${ending}`);
  const fileOf = (runId: string | undefined): string =>
    runId === undefined ? sharedFile : join(runsFolder, `${safeName(runId)}${ending}`);
  const names = (): readonly string[] =>
    existsSync(runsFolder)
      ? readdirSync(runsFolder)
          .filter(name => name.endsWith(ending))
          .sort()
      : [];
  return {
    append(rows, lasting) {
      for (const [runId, own] of Map.groupBy(rows, row => row.runId)) {
        const text = own.map(({ table, row, gone }) => `${JSON.stringify({ table, row, gone })}\n`).join('');
        appendText(fileOf(runId), text, lasting);
      }
    },
    has: runId => existsSync(fileOf(runId)),
    saveBlob(digest, content) {
      const path = join(blobsFolder, safeName(digest));
      if (existsSync(path)) return;
      mkdirSync(blobsFolder, { recursive: true, mode: 0o700 });
      writeFileSync(`${path}.${process.pid}`, content, { mode: 0o600, flush: true });
      renameSync(`${path}.${process.pid}`, path);
    },
    *blobs() {
      const found = existsSync(blobsFolder) ? readdirSync(blobsFolder) : [];
      // Names with a dot belong to unfinished files.
      for (const name of found.filter(one => !one.includes('.')))
        yield [name, readFileSync(join(blobsFolder, name))] as const;
    },
    shared: () => readRows(sharedFile),
    *runs() {
      for (const name of names()) yield [name, readRows(join(runsFolder, name))] as const;
    },
    newestRun() {
      const name = names().at(-1);
      const first = name === undefined ? undefined : readRow(firstLine(join(runsFolder, name)));
      return first?.table === 'runs' ? first.row : undefined;
    },
    run: runId => readRows(fileOf(runId)),
    isEmpty: () => !existsSync(sharedFile) && names().length === 0,
  };
}

function appendText(path: string, text: string, lasting: boolean): void {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const file = openSync(path, 'a+', 0o600);
  try {
    // Starts a new line after a truncated one, so that this text is not lost with it.
    const bytes = Buffer.from(endsWell(file) ? text : `\n${text}`);
    for (let written = 0; written < bytes.length;) written += writeSync(file, bytes, written);
    if (lasting) fdatasyncSync(file);
  } finally {
    closeSync(file);
  }
}

function endsWell(file: number): boolean {
  const { size } = fstatSync(file);
  const last = Buffer.alloc(1);
  return size === 0 || (readSync(file, last, 0, 1, size - 1) === 1 && last[0] === 0x0a);
}

/** Reads only the first line, which describes the run; the rest of the file may be long. */
function firstLine(path: string): string {
  const file = openSync(path, 'r');
  try {
    const bytes = Buffer.alloc(longestFirstLine);
    return bytes.toString('utf8', 0, readSync(file, bytes, 0, longestFirstLine, 0)).split('\n')[0]!;
  } finally {
    closeSync(file);
  }
}

function readRows(path: string): readonly KeptRow[] {
  if (!existsSync(path)) return [];
  return readFileSync(path, 'utf8')
    .split('\n')
    .flatMap(line => readRow(line) ?? []);
}

function readRow(line: string): KeptRow | undefined {
  try {
    const read = JSON.parse(line) as Partial<KeptRow> | null;
    return read?.table && read.row ? (read as KeptRow) : undefined;
  } catch {
    // The line was truncated by a power failure or a full disk. Acknowledged rows are complete, because they were
    // written again.
    return undefined;
  }
}
