// Opens the records of a stream, joins lines to them, and tells of each when it is complete.
import { readHeader } from '../header/header.ts';
import { emptyHeader } from '../header/headerStyles.ts';
import type { Layouts } from '../header/header.ts';
import { toPlain } from '../text/controls.ts';
import { createLineBytes } from '../text/lineBytes.ts';
import { withOutcome } from '../formats/outcomes.ts';
import type { Stream } from './lineStream.ts';
import type { Recognizer } from '../template/recognition.ts';
import {
  beginRecord,
  continueRecord,
  continuesNewest,
  createRecord,
  findPrefixed,
  mayTrace,
  messageOf,
  type OpenRecord,
} from './records.ts';
import type { Shape, Shapes } from './shapes.ts';
import { hasFrame } from './stackTrace.ts';
import type { Group } from '../template/templates.ts';

/** Told of every record when it is complete. The record must not be kept. */
export type OnRecord<Member> = (record: OpenRecord<Member>, group: Group) => void;

export interface RecordKeeper<Member> {
  /** A record for a line that begins one. */
  open(stream: Stream<Member>, shape: Shape, member: Member): OpenRecord<Member>;
  /** Whether a line of this shape may go on with an open record. */
  mayJoin(stream: Stream<Member>, shape: Shape): boolean;
  /** Joins a line to the open record that it goes on with; false where there is none. */
  joins(stream: Stream<Member>, shape: Shape, line: string, member: Member): boolean;
  /** Tells of a record as it is now. */
  tell(record: OpenRecord<Member>, onRecord: OnRecord<Member>): void;
}

/** As many records of a stream stay open, for loggers whose traces interleave. */
const mostOpen = 4;

/** `texts`: the shapes of texts that are nothing but a message. */
export function createRecordKeeper<Member>(
  recognizer: Recognizer,
  texts: Shapes,
  layouts: Layouts,
  onRecord: OnRecord<Member>,
): RecordKeeper<Member> {
  const header = emptyHeader(),
    lineBytes = createLineBytes();

  function tell(record: OpenRecord<Member>, onRecord: OnRecord<Member>): void {
    const { shape, moreMessages } = record;
    // A header without a message is no alarm, whatever its level.
    if (shape.isEmpty && record.lent === undefined) record.shape = { ...shape, level: 'debug' };
    onRecord(record, moreMessages ? groupOfAll(record, moreMessages) : shape.group);
    record.shape = shape;
  }

  /** Of a record with further lines: its trace, or what it says with the line of trouble in it. */
  function groupOfAll(record: OpenRecord<Member>, more: readonly string[]): Group {
    const { shape, lent } = record;
    // Most records of several lines hold no trace, and to read a header costs more than to look for a frame.
    if (lent === undefined && !shape.mayBeFrame && !hasFrame(more)) return shape.group;
    const message = messageOf(record, layouts),
      trace = recognizer.groupOfTrace([message, ...more]);
    if (trace) return trace;
    if (lent === undefined) return shape.group;
    return groupOfText(`${message} ${lent}`.trim());
  }

  function groupOfText(text: string): Group {
    let bytes = lineBytes.encode(text),
      shape = texts.of(bytes, 0);
    if (texts.line.escaped) {
      bytes = lineBytes.encode(toPlain(text));
      shape = texts.of(bytes, 0);
    }
    const { group, outcome } = shape;
    const { values } = withOutcome(outcome, bytes, 0, texts.line.end, undefined) ?? {};
    return values ? recognizer.groupWithValues(group, values) : group;
  }

  /** The oldest, which is closed, or one more. */
  function open(stream: Stream<Member>, shape: Shape, member: Member): OpenRecord<Member> {
    const { records } = stream,
      oldest = records[0];
    if (!oldest || (records.length < mostOpen && mayTrace(oldest.shape.level))) {
      const record = createRecord(shape, member);
      records.push(record);
      stream.latest = record;
      return record;
    }
    tell(oldest, onRecord);
    for (let i = 1; i < records.length; i++) records[i - 1] = records[i]!;
    records[records.length - 1] = oldest;
    beginRecord(oldest, shape, member);
    stream.latest = oldest;
    return oldest;
  }

  function joins(stream: Stream<Member>, shape: Shape, line: string, member: Member): boolean {
    const { records } = stream,
      newest = records[records.length - 1];
    if (newest === undefined) return false;
    let record: OpenRecord<Member> | undefined = newest,
      start = 0;
    if (shape.hasHeader) {
      readHeader(line, layouts, header);
      start = header.end;
      record = findPrefixed(line, header, shape, layouts, records, stream.latest);
    } else if (!continuesNewest(shape, newest, layouts.timed)) record = undefined;
    if (!record) return false;
    continueRecord(record, line, start, shape);
    (record.others ??= []).push(member);
    stream.latest = record;
    return true;
  }

  return {
    open,
    joins,
    tell,
    mayJoin: ({ records }, shape) =>
      !shape.hasHeader || (shape.mayBePrefixed && (shape.looksTraced || isAnyInTrace(records))),
  };
}

function isAnyInTrace(records: readonly OpenRecord<unknown>[]): boolean {
  for (let i = 0; i < records.length; i++) if (records[i]!.inTrace) return true;
  return false;
}
