// Writes to standard output and error, with or without colour. If the reader stops (`| head`), the program ends without
// an error.
import { describeFailure } from '../../model/failure.ts';
import type { Failure } from '../../model/failure.ts';
import type { OutputStream, TerminalDependencies } from '../dependencies.ts';
import { glyphsFor } from './glyphs.ts';
import type { Glyphs } from './glyphs.ts';
import { renderLine, toAscii, wrapLine } from './line.ts';
import type { Line } from './line.ts';

export interface Output {
  readonly glyphs: Glyphs;
  /** True if a tree may be redrawn in place. */
  readonly live: boolean;
  /** True if no one reads standard output any longer. */
  readonly closed: boolean;
  readonly columns: number;
  /** Writes text for people to standard output. */
  line(line: Line, indent?: number): void;
  /** Writes text for people to standard error, so that it is never mixed with output for programs. */
  note(line: Line): void;
  failure(failure: Failure): void;
  /** Writes one line of JSON for programs. */
  json(value: unknown): void;
  /** Writes exactly this text. Resolves when more can be written. */
  raw(text: string): Promise<void>;
}

export function createOutput({ stdout, stderr, env }: Pick<TerminalDependencies, 'stdout' | 'stderr' | 'env'>): Output {
  let closed = false;
  stdout.on('error', error => {
    if (error.code === 'EPIPE') closed = true;
    else throw error;
  });
  stderr.on('error', () => undefined);
  const color = { out: hasColor(stdout, env), err: hasColor(stderr, env) };
  const write = (text: string): boolean => closed || stdout.write(text);
  const glyphs = glyphsFor(env);
  const spell = (line: Line): Line => (glyphs.ascii ? toAscii(line) : line);
  const note = (line: Line): void => {
    stderr.write(`${renderLine(spell(line), color.err)}\n`);
  };
  return {
    glyphs,
    live: stdout.isTTY === true && env['TERM'] !== 'dumb' && !env['CI'],
    get closed() {
      return closed;
    },
    get columns() {
      return columnsOf(stdout);
    },
    line(line, indent = 2) {
      const lines = stdout.isTTY ? wrapLine(spell(line), columnsOf(stdout), indent) : [spell(line)];
      for (const one of lines) write(`${renderLine(one, color.out)}\n`);
    },
    note,
    failure(failure) {
      const { hint, ...rest } = failure;
      const [first = '', ...others] = describeFailure(rest).split('\n');
      note([{ tone: 'bad', text: 'backstop:' }, ` ${first}`]);
      for (const other of others) note([other]);
      if (hint) note([`  ${hint}`]);
    },
    json(value) {
      write(`${JSON.stringify(value)}\n`);
    },
    async raw(text) {
      if (write(text)) return;
      await new Promise<void>(resolve => {
        stdout.once('drain', resolve);
        stdout.once('close', resolve);
      });
    },
  };
}

/** https://no-color.org and https://force-color.org: an empty value does not count. FORCE_COLOR=0 means no. */
export function hasColor(stream: OutputStream, env: TerminalDependencies['env']): boolean {
  if (env['NO_COLOR']) return false;
  if (env['FORCE_COLOR']) return env['FORCE_COLOR'] !== '0' && env['FORCE_COLOR'] !== 'false';
  return stream.isTTY === true && env['TERM'] !== 'dumb';
}

export function columnsOf(stream: OutputStream): number {
  return Math.max(20, stream.columns || 80);
}
