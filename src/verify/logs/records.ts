// Joins the physical lines of one node to records: a stack trace belongs to the line that announced it.
import { readHeader } from './header.ts';
import { emptyHeader } from './headerStyles.ts';
import type { Layouts } from './layout.ts';
import { withoutControls } from './lineShape.ts';
import type { Shape } from './shapes.ts';

/** A line that begins a record, with the lines that continue it. `Member` stands for a physical line. The objects are used again and again. */
export interface OpenRecord<Member> {
  shape: Shape;
  first: Member;
  /** The lines that continue it; undefined while there are none. */
  others: Member[] | undefined;
  /** Its first line: bytes[from, end), or the text that they were made of. */
  bytes: Uint8Array | undefined;
  from: number;
  end: number;
  text: string | undefined;
  /** The text has no header. */
  isMessage: boolean;
  /** Continuation lines as they were written, and their messages alone; undefined while there are none. */
  more: string[] | undefined;
  moreMessages: string[] | undefined;
  inTrace: boolean;
  size: number;
}

const longestRecord = 64_000,
  mostLines = 1000;
export const traceBegin = 'Traceback (most recent call last)';
const decoder = new TextDecoder();

/** The first line of a record as it was written. */
export function firstLine(record: OpenRecord<unknown>): string {
  return (record.text ??= withoutControls(
    decoder.decode(record.bytes?.subarray(record.from, Math.min(record.end, record.from + longestRecord))),
  ));
}

/** Whether a line that begins no record of its own goes on with the newest one. `timed`: share of lines that begin with a time. */
export function continuesNewest(
  { isBlank, continues, endsTrace }: Shape,
  newest: OpenRecord<unknown>,
  timed: number,
): boolean {
  // Go leaves a blank line between `panic:` and its trace.
  if (isBlank) return newest.more !== undefined || newest.shape.level === 'fatal';
  return timed >= 0.3 || continues || (newest.inTrace && endsTrace);
}

const header = emptyHeader(),
  other = emptyHeader();

/** Some loggers put the same time and logger before every line of a trace: the open record that the line belongs to (newest last). */
export function findPrefixed<Member>(
  text: string,
  shape: Shape,
  layouts: Layouts,
  open: readonly OpenRecord<Member>[],
): OpenRecord<Member> | undefined {
  readHeader(text, layouts, header);
  for (let i = open.length - 1; i >= 0; i--) {
    const record = open[i]!;
    if (
      (shape.looksTraced || record.inTrace) &&
      record.shape.level === shape.level &&
      hasHeadOf(firstLine(record), text, layouts)
    )
      return record;
  }
  return undefined;
}

function hasHeadOf(first: string, text: string, layouts: Layouts): boolean {
  readHeader(first, layouts, other);
  return (
    first.slice(other.timeStart, other.timeEnd) === text.slice(header.timeStart, header.timeEnd) &&
    first.slice(other.loggerStart, other.loggerEnd) === text.slice(header.loggerStart, header.loggerEnd)
  );
}

/** Traces are not logged as information. */
export function mayTrace(level: Shape['level']): boolean {
  return level !== 'info' && level !== 'debug' && level !== 'trace';
}

/** What is beyond the bounds of a record is dropped; the head and the first thousand lines say enough. */
export function continueRecord(record: OpenRecord<unknown>, text: string, layouts: Layouts): void {
  record.more ??= [];
  record.moreMessages ??= [];
  if (record.more.length >= mostLines || record.size > longestRecord) return;
  readHeader(text, layouts, header);
  const message = header.end > 0 ? text.slice(header.end) : text;
  record.size += text.length;
  record.more.push(text);
  record.moreMessages.push(message);
  if (!record.inTrace)
    record.inTrace =
      message.includes(traceBegin) || /^\s*at [\w$./<]/.test(message) || message.startsWith('goroutine ');
}
