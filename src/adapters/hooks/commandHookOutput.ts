// Reads the output of a command hook while it is written: redacted, in whole bounded lines, without holding more of it
// than a person would read.
import { randomUUID } from 'node:crypto';
import { closeSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import type { Redactor } from '../../model/redact.ts';

type OnOutput = (stream: 'out' | 'err', text: string) => void;

export interface HookOutput {
  /** Takes in all that is there now. */
  read(): Promise<void>;
  /** The hook has ended: gives out the unfinished line, and leaves only redacted output on the disk. */
  finish(): Promise<void>;
  close(): Promise<void>;
  /** The last lines of a stream, redacted. */
  lastLines(stream: 'out' | 'err'): string;
}

const CHUNK_BYTES = 64 * 1024;
const LONGEST_LINE = 16 * 1024;
const LAST_LINES = 20;
const LONGEST_LAST_LINES = 2_000;
const LONGEST_HEADER_BYTES = 24;

export function followOutput(folder: string, redact: Redactor, onOutput: OnOutput): HookOutput {
  const path = join(folder, 'output.log');
  const copy = openCopy(folder);
  const streams = { out: createStream('out'), err: createStream('err') };
  const frames = createFrames();
  let file: FileHandle | undefined;

  function createStream(name: 'out' | 'err') {
    const decoder = new TextDecoder();
    const redactor = redact.stream();
    const lines = createLines();
    let last: string[] = [];
    const give = (text: string): void => {
      if (text === '') return;
      last = [...last, ...text.split('\n').slice(0, -1)].slice(-LAST_LINES);
      copy.write(name === 'out' ? 'o' : 'e', text);
      onOutput(name, text);
    };
    return {
      take: (bytes: Uint8Array) => give(lines.push(redactor.push(decoder.decode(bytes, { stream: true })))),
      end: () => give(lines.push(redactor.push(decoder.decode()) + redactor.end()) + lines.end()),
      last: () => last.join('\n').trim().slice(-LONGEST_LAST_LINES),
    };
  }
  return {
    async read() {
      file ??= await open(path).catch(() => undefined);
      for (;;) {
        const chunk = await file?.read(Buffer.allocUnsafe(CHUNK_BYTES), 0, CHUNK_BYTES);
        if (!chunk || chunk.bytesRead === 0) return;
        frames.push(chunk.buffer.subarray(0, chunk.bytesRead), (mark, bytes) =>
          (mark === 'e' ? streams.err : streams.out).take(bytes),
        );
      }
    },
    async finish() {
      streams.out.end();
      streams.err.end();
      await file?.close();
      file = undefined;
      copy.replace(path);
    },
    async close() {
      await file?.close();
      copy.discard();
    },
    lastLines: stream => streams[stream].last(),
  };
}

/** Cuts frames out of the supervisor's file; a large frame is handed on in pieces as it comes. */
function createFrames(): { push(bytes: Buffer, take: (mark: string, bytes: Uint8Array) => void): void } {
  let header = '';
  let mark = '';
  let left = 0;
  return {
    push(bytes, take) {
      for (let at = 0; at < bytes.length;) {
        if (left > 0) {
          const piece = bytes.subarray(at, at + left);
          at += piece.length;
          left -= piece.length;
          take(mark, piece);
          continue;
        }
        const character = String.fromCharCode(bytes[at++]!);
        if (character !== '\n') {
          header = (header + character).slice(0, LONGEST_HEADER_BYTES);
          continue;
        }
        const [name = '', length = '0'] = header.split(' ');
        mark = name;
        left = Number(length) || 0;
        header = '';
      }
    },
  };
}

/** Whole lines out of pieces; of a line beyond the limit the beginning and its length. */
function createLines(): { push(text: string): string; end(): string } {
  let line = '';
  let length = 0;
  const add = (piece: string): void => {
    length += piece.length;
    if (line.length < LONGEST_LINE) line += piece.slice(0, LONGEST_LINE - line.length);
  };
  const finish = (): string => {
    const text =
      length > line.length
        ? `${line} [... ${length - line.length} more characters]`
        : line.endsWith('\r')
          ? line.slice(0, -1)
          : line;
    line = '';
    length = 0;
    return `${text}\n`;
  };
  return {
    push(text) {
      const pieces = text.split('\n');
      const unfinished = pieces.pop()!;
      const whole = pieces
        .map(piece => {
          add(piece);
          return finish();
        })
        .join('');
      add(unfinished);
      return whole;
    },
    end: () => (length === 0 ? '' : finish()),
  };
}

/** Ending of the copies' names: no news to those who watch the folder. */
export const COPY_ENDING = '.redacted';

/**
 * What was shown, as frames again: when the hook has ended it takes the place of the raw output, which may hold
 * secrets.
 */
function openCopy(folder: string): {
  write(mark: 'o' | 'e', text: string): void;
  replace(path: string): void;
  discard(): void;
} {
  const temporary = join(folder, `output.${randomUUID()}${COPY_ENDING}`);
  let file: number | undefined = openSync(temporary, 'w', 0o600);
  let isWhole = true;
  const close = (): void => {
    if (file !== undefined) closeSync(file);
    file = undefined;
  };
  return {
    write(mark, text) {
      const bytes = Buffer.from(text);
      try {
        writeSync(file!, Buffer.concat([Buffer.from(`${mark} ${bytes.length}\n`), bytes]));
      } catch {
        // On a full disk the copy is given up; replace() then removes the raw output rather than leave secrets.
        isWhole = false;
      }
    },
    replace(path) {
      close();
      if (isWhole) renameSync(temporary, path);
      else rmSync(path, { force: true });
    },
    discard() {
      close();
      rmSync(temporary, { force: true });
    },
  };
}
