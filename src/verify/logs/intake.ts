// Physical lines in, records with their groups out: learns the header's layout, looks up each line's shape, joins lines to records.
import { isAccessLog, readAccess, severityOfStatus } from './accessLog.ts';
import { readHeader } from './header.ts';
import { emptyHeader } from './headerStyles.ts';
import type { Layouts } from './layout.ts';
import { learnLayouts } from './layouts.ts';
import { longestShape, withoutControls } from './lineShape.ts';
import { createClassNames } from './loggerClass.ts';
import { createRecognizer, type Recognizer } from './recognition.ts';
import { createMessageReader, createShapeReader, wholeShape } from './readShape.ts';
import { continueRecord, continuesNewest, findPrefixed, firstLine, mayTrace, type OpenRecord } from './records.ts';
import { createShapes, type Shape } from './shapes.ts';
import { readStructured } from './structured.ts';
import type { Group } from './templates.ts';
import { toCanonical, createLineBytes } from './lineBytes.ts';

export interface Intake<Member> {
  /** One line as a source tells it, which may hold a whole stack trace. Those of one stream (role and node) must come in time order. */
  take(stream: string, text: string, member: Member): void;
  /** Physical lines: bytes[from, end), each with its line feed. The bytes must stay as they are until the intake is flushed. */
  takeLines(stream: string, bytes: Uint8Array, from: number, end: number, nextMember: () => Member): void;
  /** Closes every open record; what continues one later is left out. */
  flush(): void;
  /** Tells of every open record as if it ended here, and leaves it open. */
  peek(onOpen: OnRecord<Member>): void;
  /** A record's first line without its header. */
  messageOf(record: OpenRecord<Member>): string;
  /** The class of code that logged a record, '' where the logger is no such. */
  loggerClassOf(record: OpenRecord<Member>): string;
  readonly recognizer: Recognizer;
}

/** As many records of a stream stay open, for loggers whose traces interleave. */
const mostOpen = 4;
export const sampleSize = 2000;
const mostLines = 1000,
  mostRequests = 1 << 16,
  lineFeed = 10,
  brace = 123;

/** Told of every record when it is complete. The record must not be kept. */
export type OnRecord<Member> = (record: OpenRecord<Member>, group: Group) => void;

/** `sample`: the first lines, from which the layouts are learned. `mostShapes`: how many are remembered; fewer cost time and change nothing. */
export function createIntake<Member>(
  sample: readonly string[],
  onRecord: OnRecord<Member>,
  mostShapes?: number,
): Intake<Member> {
  const recognizer = createRecognizer();
  const layouts: Layouts = learnLayouts(sample.map(toCanonical));
  const shapes = createShapes(createShapeReader(recognizer, layouts), mostShapes),
    messages = createShapes(createMessageReader(recognizer), mostShapes);
  const isAccess = isAccessLog(sample),
    requests = new Map<string, Shape>();
  const classes = createClassNames();
  const streams = new Map<string, OpenRecord<Member>[]>();
  const lineBytes = createLineBytes(),
    header = emptyHeader();

  function streamOf(name: string): OpenRecord<Member>[] {
    let open = streams.get(name);
    if (!open) {
      open = [];
      streams.set(name, open);
    }
    return open;
  }

  function tell(record: OpenRecord<Member>, onRecord: OnRecord<Member>): void {
    onRecord(
      record,
      (record.moreMessages && recognizer.groupOfTrace([messageOf(record), ...record.moreMessages])) ??
        record.shape.group,
    );
  }

  function messageOf(record: OpenRecord<Member>): string {
    const first = firstLine(record);
    if (record.isMessage) return first;
    readHeader(first, layouts, header);
    return first.slice(header.end, header.end + longestShape);
  }

  /** A record for a line that begins one: the oldest, which is closed, or one more. */
  function open(records: OpenRecord<Member>[], shape: Shape, member: Member): OpenRecord<Member> {
    const oldest = records[0];
    if (!oldest || (records.length < mostOpen && mayTrace(oldest.shape.level))) {
      const record: OpenRecord<Member> = {
        shape,
        first: member,
        others: undefined,
        bytes: undefined,
        from: 0,
        end: 0,
        text: undefined,
        isMessage: false,
        more: undefined,
        moreMessages: undefined,
        inTrace: shape.startsTrace,
        size: 0,
      };
      records.push(record);
      return record;
    }
    tell(oldest, onRecord);
    for (let i = 1; i < records.length; i++) records[i - 1] = records[i]!;
    records[records.length - 1] = oldest;
    oldest.shape = shape;
    oldest.first = member;
    oldest.inTrace = shape.startsTrace;
    oldest.isMessage = false;
    if (oldest.moreMessages) {
      oldest.others = undefined;
      oldest.more = undefined;
      oldest.moreMessages = undefined;
      oldest.size = 0;
    }
    return oldest;
  }

  /** The open record that a line goes on with, which it may. */
  function findContinued(
    shape: Shape,
    records: readonly OpenRecord<Member>[],
    text: string,
  ): OpenRecord<Member> | undefined {
    const newest = records[records.length - 1];
    if (newest === undefined) return undefined;
    if (shape.hasHeader) return findPrefixed(text, shape, layouts, records);
    return continuesNewest(shape, newest, layouts.timed) ? newest : undefined;
  }

  /** Takes the line at bytes[from], and says where it ends. `text`: what the bytes were made of, where they will not stay. */
  function takeLine(
    records: OpenRecord<Member>[],
    bytes: Uint8Array,
    from: number,
    text: string | undefined,
    member: Member,
  ): number {
    if (isAccess || bytes[from] === brace) {
      const end = bytes.indexOf(lineFeed, from),
        line = text ?? lineBytes.decode(bytes, from, end);
      if (
        (isAccess && takeRequest(records, line, member)) ||
        (bytes[from] === brace && takeObject(records, line, member))
      )
        return end;
    }
    const shape = shapes.of(bytes, from),
      { end, escaped } = shapes.line;
    if (escaped) {
      const clean = withoutControls(text ?? lineBytes.decode(bytes, from, end));
      takeLine(records, lineBytes.encode(clean), 0, clean, member);
      return end;
    }
    if (!shape.hasHeader || (shape.mayBePrefixed && (shape.looksTraced || isAnyInTrace(records)))) {
      const line = text ?? lineBytes.decode(bytes, from, end),
        continued = findContinued(shape, records, line);
      if (continued) {
        continueRecord(continued, line, layouts);
        (continued.others ??= []).push(member);
        return end;
      }
    }
    const record = open(records, shape, member);
    record.bytes = bytes;
    record.from = from;
    record.end = end;
    record.text = text;
    return end;
  }

  function takeObject(records: OpenRecord<Member>[], text: string, member: Member): boolean {
    const read = readStructured(text);
    if (!read) return false;
    const [head = '', ...rest] = read.message.split(/\r?\n/, mostLines);
    const shape = {
      ...messages.of(lineBytes.encode(head), 0),
      level: read.level,
      loggerClass: classes.of(read.logger),
    };
    const record = open(records, shape, member);
    record.text = head;
    record.bytes = undefined;
    record.isMessage = true;
    if (rest.length > 0) {
      record.more = rest;
      record.moreMessages = rest;
      record.inTrace = true;
      record.size = text.length;
    }
    return true;
  }

  function takeRequest(records: OpenRecord<Member>[], text: string, member: Member): boolean {
    const request = readAccess(text);
    if (!request) return false;
    const key = `${request.method} ${request.path} ${request.status}`;
    let shape = requests.get(key);
    if (!shape) {
      if (requests.size >= mostRequests) requests.clear();
      requests.set(
        key,
        (shape = { ...wholeShape(recognizer.groupOfRequest(request)), level: severityOfStatus(request.status) }),
      );
    }
    const record = open(records, shape, member);
    record.text = text;
    record.bytes = undefined;
    record.isMessage = true;
    return true;
  }

  return {
    recognizer,
    messageOf,
    take(stream, text, member) {
      const records = streamOf(stream);
      if (!text.includes('\n')) {
        takeLine(records, lineBytes.encode(text), 0, text, member);
        return;
      }
      const [head = '', ...rest] = text.split(/\r?\n/, mostLines);
      const bytes = lineBytes.encode(head);
      const record = open(records, shapes.of(bytes, 0), member);
      record.text = head;
      for (const line of rest) continueRecord(record, line, layouts);
    },
    takeLines(stream, bytes, from, end, nextMember) {
      const records = streamOf(stream);
      for (let at = from; at < end;) at = takeLine(records, bytes, at, undefined, nextMember()) + 1;
    },
    flush() {
      for (const records of streams.values()) for (const record of records.splice(0)) tell(record, onRecord);
    },
    peek(onOpen) {
      for (const records of streams.values()) for (const record of records) tell(record, onOpen);
    },
    loggerClassOf(record) {
      if (record.shape.loggerClass !== undefined) return record.shape.loggerClass;
      const text = firstLine(record);
      readHeader(text, layouts, header);
      return classes.of(text.slice(header.loggerStart, header.loggerEnd));
    },
  };
}

function isAnyInTrace(records: readonly OpenRecord<unknown>[]): boolean {
  for (let i = 0; i < records.length; i++) if (records[i]!.inTrace) return true;
  return false;
}
