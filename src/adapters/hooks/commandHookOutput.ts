// Reads the output of a command hook while it is written: redacted, in whole lines of bounded length, and with bounded
// memory.
import { randomUUID } from 'node:crypto';
import { closeSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import type { Redactor } from '../../model/redact.ts';

type OnOutput = (stream: 'out' | 'err', text: string) => void;

export interface HookOutput {
  /** Reads everything that has been written so far. */
  read(): Promise<void>;
  /**
   * Called when the hook has ended: delivers an unfinished last line, and replaces the output on disk by the redacted
   * output.
   */
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

/** Splits the supervisor's file into frames; a large frame is passed on in pieces as it arrives. */
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

/** Joins pieces into whole lines; a line beyond the limit is reduced to its beginning and its length. */
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

/** Names with this ending do not wake those who watch the folder. */
export const COPY_ENDING = '.redacted';

/**
 * Writes the shown output as frames again. When the hook has ended, this file replaces the raw output, which may
 * contain secrets.
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
        // On a full disk the copy is given up; replace() then removes the raw output instead of leaving secrets on
        // disk.
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
