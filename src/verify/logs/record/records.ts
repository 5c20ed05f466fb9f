// Joins the physical lines of one node to records: a stack trace belongs to the line that announced it, what speaks of
// trouble by itself to none.
import type { Header } from '../header/headerStyles.ts';
import { emptyHeader } from '../header/headerStyles.ts';
import { readHeader } from '../header/header.ts';
import type { Layouts } from '../header/header.ts';
import { isSpace } from '../text/characters.ts';
import { withoutControls } from '../text/controls.ts';
import { longestShape } from '../text/lineShape.ts';
import { isBad } from '../text/severity.ts';
import type { Shape } from './shapes.ts';

/**
 * A line that begins a record, with the lines that continue it. `Member` stands for a physical line. The objects are
 * used again and again.
 */
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
  /** The header of its first line, once it was read. */
  readonly header: Header;
  isHeaderRead: boolean;
  /** Continuation lines as they were written, and their messages alone; undefined while there are none. */
  more: string[] | undefined;
  moreMessages: string[] | undefined;
  /** A continuation line that is part of what it says: it speaks of trouble. */
  lent: string | undefined;
  inTrace: boolean;
  /** Its trace came line by line without headers: a line with one is another record. */
  isBare: boolean;
  /** The last line was a frame, or a line of code below one. */
  isMidTrace: boolean;
  /** The last line said that another exception follows. */
  isChained: boolean;
  /** It holds an exception already. */
  hasThrown: boolean;
  size: number;
}

const longestRecord = 64_000,
  mostLines = 1000,
  longestLent = 300;
export const traceBegin = 'Traceback (most recent call last)';
const decoder = new TextDecoder();

export function createRecord<Member>(shape: Shape, first: Member): OpenRecord<Member> {
  const record: OpenRecord<Member> = {
    shape,
    first,
    others: undefined,
    bytes: undefined,
    from: 0,
    end: 0,
    text: undefined,
    header: emptyHeader(),
    isHeaderRead: false,
    more: undefined,
    moreMessages: undefined,
    lent: undefined,
    inTrace: false,
    isBare: false,
    isMidTrace: false,
    isChained: false,
    hasThrown: false,
    size: 0,
  };
  beginRecord(record, shape, first);
  return record;
}

/** Makes a closed record the one of another line. */
export function beginRecord<Member>(record: OpenRecord<Member>, shape: Shape, first: Member): void {
  record.shape = shape;
  record.first = first;
  record.inTrace = shape.startsTrace;
  record.hasThrown = shape.opening === 'thrown';
  record.isHeaderRead = false;
  record.isBare = !shape.hasHeader;
  record.isMidTrace = false;
  record.isChained = false;
  record.others = undefined;
  if (record.more === undefined) return;
  record.more = undefined;
  record.moreMessages = undefined;
  record.lent = undefined;
  record.size = 0;
}

/** The first line of a record as it was written. */
export function firstLine(record: OpenRecord<unknown>): string {
  return (record.text ??= withoutControls(
    decoder.decode(record.bytes?.subarray(record.from, Math.min(record.end, record.from + longestRecord))),
  ));
}

/** The header of a record's first line, read at most once. */
export function headerOf(record: OpenRecord<unknown>, layouts: Layouts): Header {
  if (!record.isHeaderRead) {
    readHeader(firstLine(record), layouts, record.header);
    record.isHeaderRead = true;
  }
  return record.header;
}

/** A record's first line without its header. */
export function messageOf(record: OpenRecord<unknown>, layouts: Layouts): string {
  const text = firstLine(record),
    end = record.shape.hasHeader ? headerOf(record, layouts).end : 0;
  return text.slice(end, end + longestShape);
}

/** Below that share of lines with a time, a line without one is a record as good as any. */
const timedShare = 0.3;

/** Whether a line that has no header goes on with the newest record. `timed`: share of lines that begin with a time. */
export function continuesNewest(line: Shape, newest: OpenRecord<unknown>, timed: number): boolean {
  const isCrash = newest.shape.opening === 'crash';
  if (line.isBlank || line.continues) return true;
  switch (line.opening) {
    case 'crash':
      return false;
    case 'thrown':
      return mayThrow(line, newest);
    case 'trouble':
      if (isCrash || (newest.inTrace && line.endsTrace)) return true;
      return timed >= timedShare && newest.shape.announces;
    case undefined:
      if (newest.inTrace && line.endsTrace) return true;
      if (timed < timedShare || newest.shape.isWhole)
        return isCrash && newest.more === undefined && newest.shape.endsInColon;
      return true;
    default:
      return line.opening satisfies never;
  }
}

/**
 * An exception belongs to a record that announces one and has none yet, that is told on in a chain, or whose trace it
 * ends.
 */
function mayThrow(line: Shape, newest: OpenRecord<unknown>): boolean {
  if (newest.isChained) return true;
  if (newest.inTrace && line.endsTrace && !line.startsTrace) return true;
  return !newest.hasThrown && newest.shape.announces;
}

/**
 * Some loggers put the same time and logger before every line of a trace: the open record that the line belongs to
 * (newest last). `latest`: the record that took the line before.
 */
export function findPrefixed<Member>(
  text: string,
  header: Header,
  shape: Shape,
  layouts: Layouts,
  open: readonly OpenRecord<Member>[],
  latest: OpenRecord<Member> | undefined,
): OpenRecord<Member> | undefined {
  for (let i = open.length - 1; i >= 0; i--) {
    const record = open[i]!;
    if (!(shape.looksTraced || record.inTrace) || record.shape.level !== shape.level) continue;
    if (record.isBare && record.more !== undefined) continue;
    const head = headerOf(record, layouts),
      first = firstLine(record);
    if (first.slice(head.loggerStart, head.loggerEnd) !== text.slice(header.loggerStart, header.loggerEnd)) continue;
    const isSameTime = first.slice(head.timeStart, head.timeEnd) === text.slice(header.timeStart, header.timeEnd);
    // A trace may be written across the turn of a second or a millisecond, but a frame is never a record, nor is the
    // line of code that follows a frame.
    const isFrame = shape.looksTraced && !shape.startsTrace && (record.inTrace || record.shape.announces);
    if (!isSameTime && !isFrame && !(record === latest && record.inTrace && goesOn(shape, record, text, header.end)))
      continue;
    // The same head again is the next failure of the same moment.
    if (!shape.looksTraced && first.slice(head.end) === text.slice(header.end)) continue;
    if (shape.startsTrace && record.hasThrown && !record.isChained) continue;
    return record;
  }
  return undefined;
}

/** Whether a line with a header continues the trace before it. `start`: where its message begins. */
function goesOn(shape: Shape, record: OpenRecord<unknown>, text: string, start: number): boolean {
  if (shape.startsTrace) return record.isChained;
  if (shape.continues || shape.isEmpty || (shape.endsTrace && record.isMidTrace)) return true;
  return isDeeper(text, start, record);
}

/** Whether more spaces stand before the message than before that of the record's first line. */
function isDeeper(text: string, start: number, record: OpenRecord<unknown>): boolean {
  return record.isHeaderRead && spacesBefore(text, start) > spacesBefore(firstLine(record), record.header.end);
}

function spacesBefore(text: string, end: number): number {
  let start = end;
  while (start > 0 && isSpace(text.charCodeAt(start - 1))) start--;
  return end - start;
}

/** Traces are not logged as information. */
export function mayTrace(level: Shape['level']): boolean {
  return level === undefined || isBad(level);
}

const chains = /^\s*(?:During handling of|The above exception|Caused by|\[?CIRCULAR)/;

/**
 * Joins a line to a record. What is beyond the bounds of a record is dropped; the head and the first thousand lines say
 * enough. `start`: where its message begins.
 */
export function continueRecord(
  record: OpenRecord<unknown>,
  text: string,
  start: number,
  line: Pick<Shape, 'isBlank' | 'opening' | 'continues'>,
): void {
  if (line.isBlank && record.more === undefined && !record.inTrace) return;
  if (record.more === undefined) record.isBare = start === 0;
  record.more ??= [];
  record.moreMessages ??= [];
  if (record.more.length >= mostLines || record.size > longestRecord) return;
  const message = start > 0 ? text.slice(start) : text;
  record.size += text.length;
  record.isMidTrace = line.continues || isDeeper(text, start, record);
  record.more.push(text);
  record.moreMessages.push(message);
  if (line.opening !== undefined || (record.lent === undefined && mayLend(record, message)))
    record.lent ??= message.trim().slice(0, longestLent);
  if (line.opening === 'thrown') record.hasThrown = true;
  if (message.trim() !== '') record.isChained = chains.test(message.slice(0, 200));
  if (!record.inTrace)
    record.inTrace =
      message.includes(traceBegin) ||
      /^\s*(?:at [\w$./<]|\d+: [\w<]|#\d+ )/.test(message) ||
      message.startsWith('goroutine ');
}

/**
 * The first line after a crash that was announced with a colon, or after a header without a message, says what
 * happened.
 */
function mayLend({ shape }: OpenRecord<unknown>, message: string): boolean {
  return /[\p{L}\p{N}]/u.test(message) && (shape.isEmpty || (shape.opening === 'crash' && shape.endsInColon));
}
