// Joins the physical lines of one node to records: a stack trace belongs to the line that announced it.
import { isSpace } from './characters.ts';
import type { Header } from './header.ts';
import type { Layouts } from './layout.ts';

/** A line that begins a record, with the lines that continue it. `Member` stands for a physical line. */
export interface OpenRecord<Member> {
  readonly first: Member;
  /** The lines that continue it; undefined while there are none. */
  others: Member[] | undefined;
  readonly text: string;
  readonly messageStart: number;
  readonly level: Header['level'];
  readonly logger: string;
  /** Where its time stands, to find the lines that a logger prefixes one by one. */
  readonly timeStart: number;
  readonly timeEnd: number;
  /** Continuation lines as they were written, and their messages alone; undefined while there are none. */
  more: string[] | undefined;
  moreMessages: string[] | undefined;
  inTrace: boolean;
  size: number;
}

const longestRecord = 64_000, mostLines = 1000;
const traceStart = 'Traceback (most recent call last)';

/** Whether the line goes on with one of the open records (newest last), and with which. */
export function findContinued<Member>(text: string, header: Header, layouts: Layouts, open: readonly OpenRecord<Member>[]): OpenRecord<Member> | undefined {
  const newest = open[open.length - 1];
  if (newest === undefined) return undefined;
  if (header.hasTime || header.level !== undefined) return header.hasTime ? findPrefixed(text, header, open) : undefined;
  if (isBlank(text)) return newest.more ? newest : undefined;
  if (layouts.timed >= 0.3) return newest;
  return isSpace(text.charCodeAt(0)) || continues(text) || (newest.inTrace && endsTrace(text)) ? newest : undefined;
}

/** Some loggers put the same time and logger before every line of a trace. */
function findPrefixed<Member>(text: string, header: Header, open: readonly OpenRecord<Member>[]): OpenRecord<Member> | undefined {
  const looksTraced = mayTrace(header.level) && (startsTrace(text, header.end) || isIndented(text, header));
  for (let i = open.length - 1; i >= 0; i--) {
    const record = open[i]!;
    if ((looksTraced || record.inTrace) && record.level === header.level && hasTimeOf(record, text, header) && record.logger === text.slice(header.loggerStart, header.loggerEnd)) return record;
  }
  return undefined;
}

/** Traces are not logged as information. */
export function mayTrace(level: Header['level']): boolean {
  return level !== 'info' && level !== 'debug' && level !== 'trace';
}

/** Some put an id between logger and trace. */
function startsTrace(text: string, from: number): boolean {
  return text.slice(from, from + 160).includes(traceStart);
}

function hasTimeOf(record: OpenRecord<unknown>, text: string, { timeStart, timeEnd }: Header): boolean {
  return record.timeEnd - record.timeStart === timeEnd - timeStart && record.text.slice(record.timeStart, record.timeEnd) === text.slice(timeStart, timeEnd);
}

function isIndented(text: string, header: Header): boolean {
  return header.end > 2 && isSpace(text.charCodeAt(header.end - 1)) && isSpace(text.charCodeAt(header.end - 2)) && continues(text.slice(header.end, header.end + 40));
}

const starts = ['at ', 'Caused by', 'Suppressed:', '... ', 'File "', 'Traceback', 'During handling of', 'The above exception', 'goroutine ', 'Stack trace', 'stack:', '}', ']', ')'];

/** What no record begins with. */
function continues(text: string): boolean {
  return starts.some(start => text.startsWith(start));
}

function endsTrace(text: string): boolean {
  return /^[\w.$]*(?:Exception|Error|Exit|Interrupt|Warning|NotFound)\w*(?::|$|\s)/.test(text.slice(0, 200)) || /^[\w./*()-]+\(/.test(text.slice(0, 200));
}

function isBlank(text: string): boolean {
  for (let i = 0; i < text.length && i < 200; i++) if (!isSpace(text.charCodeAt(i))) return false;
  return true;
}

export function openRecord<Member>(text: string, header: Header, first: Member): OpenRecord<Member> {
  return {
    first, others: undefined, text, messageStart: header.end, level: header.level, more: undefined, moreMessages: undefined, size: text.length,
    inTrace: mayTrace(header.level) && startsTrace(text, header.end), logger: header.loggerEnd > header.loggerStart ? text.slice(header.loggerStart, header.loggerEnd) : '',
    timeStart: header.timeStart, timeEnd: header.timeEnd,
  };
}

/** What is beyond the bounds of a record is dropped; the head and the first thousand lines say enough. */
export function continueRecord(record: OpenRecord<unknown>, text: string, header: Header): void {
  record.more ??= [];
  record.moreMessages ??= [];
  if (record.more.length >= mostLines || record.size > longestRecord) return;
  record.size += text.length;
  record.more.push(text);
  const message = header.end > 0 ? text.slice(header.end) : text;
  record.moreMessages.push(message);
  if (!record.inTrace) record.inTrace = message.includes(traceStart) || /^\s*at [\w$./<]/.test(message) || message.startsWith('goroutine ');
}
