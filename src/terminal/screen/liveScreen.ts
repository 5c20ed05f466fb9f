// Redraws a block of lines in place: at most ten times a second, only changed lines, and never larger than the
// terminal.
import type { Clock } from '../../model/ports.ts';
import type { OutputStream, TerminalDependencies } from '../dependencies.ts';
import { cutLine, lineWidth, renderLine, toAscii, wrapLine } from './line.ts';
import type { Line } from './line.ts';
import { columnsOf } from './output.ts';
import type { TreeLine } from '../show/treeLine.ts';

const hideCursor = '\u001b[?25l';
/** The terminal echoes ^C at the cursor; this erases it. */
const showCursor = '\r\u001b[J\u001b[?25h';
const frameMs = 100;

export interface LiveScreen {
  /** Draws everything once more, at full length, and shows the cursor again. */
  finish(): void;
}

export interface Drawing {
  readonly draw: (frame: number) => readonly TreeLine[];
  readonly color: boolean;
  readonly ascii: boolean;
}

export function openLiveScreen(
  stdout: OutputStream,
  clock: Clock,
  onExit: TerminalDependencies['onExit'],
  drawing: Drawing,
): LiveScreen {
  const stop = new AbortController();
  let shown: readonly string[] = [],
    widths: readonly number[] = [],
    columns = columnsOf(stdout),
    frame = 0,
    open = true;
  const restore = (): void => {
    if (open) {
      open = false;
      stop.abort();
      stdout.write(showCursor);
    }
  };
  const forget = onExit(restore);
  const paint = (final: boolean): void => {
    const lines = layOut(drawing, frame, columnsOf(stdout), final ? Infinity : (stdout.rows ?? 24) - 1);
    const texts = lines.map(line => renderLine(line, drawing.color));
    const resized = columns !== columnsOf(stdout);
    const text = resized
      ? clearWrapped(widths, columnsOf(stdout)) + texts.map(one => `${one}\n`).join('')
      : repaint(shown, texts);
    columns = columnsOf(stdout);
    [shown, widths] = [texts, lines.map(lineWidth)];
    if (text) stdout.write(text);
  };
  stdout.write(hideCursor);
  void (async () => {
    for (; open; frame++) {
      paint(false);
      await clock.sleep(frameMs, stop.signal);
    }
  })();
  return {
    finish() {
      if (!open) return;
      paint(true);
      restore();
      forget();
    },
  };
}

/**
 * Wraps to the width of the terminal. If the result is too high, only its beginning (with the verdict) and its end are
 * kept.
 */
function layOut({ draw, ascii }: Drawing, frame: number, columns: number, rows: number): readonly Line[] {
  const lines = draw(frame)
    .flatMap(({ line, indent }) => wrapLine(ascii ? toAscii(line) : line, columns - 1, indent))
    .map(line => cutLine(line, columns - 1, ascii ? '...' : '…'));
  if (lines.length <= rows) return lines;
  const head = Math.min(4, Math.max(0, rows - 2));
  const tail = Math.max(0, rows - head - 1);
  return [
    ...lines.slice(0, head),
    [`  (${lines.length - head - tail} more lines)`],
    ...lines.slice(lines.length - tail),
  ];
}

/** The cursor is below the block; only lines that differ are written. */
function repaint(before: readonly string[], after: readonly string[]): string {
  const first = after.findIndex((line, index) => line !== before[index]);
  const from = first === -1 ? after.length : first;
  if (from === after.length && before.length === after.length) return '';
  let text = before.length > from ? `\u001b[${before.length - from}A` : '';
  for (let index = from; index < after.length; index++)
    text += after[index] === before[index] ? '\n' : `\r${after[index]}\u001b[K\n`;
  return after.length < before.length ? `${text}\u001b[J` : text;
}

/** After a resize the terminal may have wrapped old lines into several rows. */
function clearWrapped(widths: readonly number[], columns: number): string {
  const rows = widths.reduce((sum, width) => sum + Math.max(1, Math.ceil(width / columns)), 0);
  return rows ? `\u001b[${rows}A\r\u001b[J` : '';
}
