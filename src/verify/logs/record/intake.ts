// Physical lines in, records with their groups out: takes wrappers off, learns the header's layout, looks up each
// line's shape, joins lines to records.
import { openingOf } from './crashes.ts';
import { readHeader } from '../header/header.ts';
import { emptyHeader } from '../header/headerStyles.ts';
import { addToEntry, beginsEntry, createEntry, type JournalEntry } from '../formats/journalExport.ts';
import { createKnownObjects } from '../formats/knownObjects.ts';
import type { Layouts } from '../header/header.ts';
import { learnLayouts } from '../header/layouts.ts';
import { createLineBytes, toCanonical } from '../text/lineBytes.ts';
import { withoutControls } from '../text/lineShape.ts';
import { createStream, type Stream } from './lineStream.ts';
import { createClassNames } from '../header/loggerClass.ts';
import { inside, type Reading } from '../formats/reading.ts';
import type { RulesOff } from '../template/rules.ts';
import { createRecognizer, type Recognizer } from '../template/recognition.ts';
import { createRecordKeeper, type OnRecord } from './recordKeeper.ts';
import { createShapeReader, wholeShape } from './readShape.ts';
import { continueRecord, firstLine, headerOf, messageOf, type OpenRecord } from './records.ts';
import { createShapes } from './shapes.ts';
import type { ValueReader } from '../text/namedValues.ts';
import { levelOfPriority } from '../formats/jsonLevels.ts';
import { readObject, readStructured } from '../formats/structured.ts';
import { createUnread, type UnreadLines } from '../formats/unread.ts';
import { createVariants } from '../formats/variants.ts';
import { readW3cFields, requestOfColumns } from '../formats/w3cLog.ts';
import { endOfRuntimePrefix, readPriority, showsServerError, unwrapped, type Priority } from '../formats/wrappers.ts';

export interface Intake<Member> {
  /**
   * One line as a source tells it, which may hold a whole stack trace. Those of one stream (role and node) must come in
   * time order.
   */
  take(stream: string, text: string, member: Member): void;
  /**
   * Physical lines: bytes[from, end), each with its line feed. The bytes must stay as they are until the intake is
   * flushed.
   */
  takeLines(stream: string, bytes: Uint8Array, from: number, end: number, nextMember: () => Member): void;
  /** Closes every open record; what continues one later is left out. */
  flush(): void;
  /** Tells of every open record as if it ended here, and leaves it open. */
  peek(onOpen: OnRecord<Member>): void;
  /** A record's first line without its header. */
  messageOf(record: OpenRecord<Member>): string;
  /** The class of code that logged a record, '' where the logger is no such. */
  loggerClassOf(record: OpenRecord<Member>): string;
  /** The lines that could not be read as what they seemed to be. */
  unread(): readonly UnreadLines[];
  readonly recognizer: Recognizer;
}

const nothing: Reading = { text: '', level: undefined, logger: '', isHandedOn: true },
  serverError: Reading = { ...nothing, level: 'error' };

export const sampleSize = 2000;
const mostLines = 1000,
  deepest = 5,
  mostHeld = 256 * 1024,
  lineFeed = 10,
  brace = 123,
  angle = 60,
  hash = 35,
  underscore = 95;

export interface IntakeOptions {
  /** How many shapes are remembered; fewer cost time and change nothing. */
  readonly mostShapes?: number;
  /** Rules of grouping that are not applied. */
  readonly off?: RulesOff;
  /** Reads the values that the pipeline names. */
  readonly values?: ValueReader | undefined;
}

/** `sample`: the first lines, from which the layouts are learned. */
export function createIntake<Member>(
  sample: readonly string[],
  onRecord: OnRecord<Member>,
  { mostShapes, off, values }: IntakeOptions = {},
): Intake<Member> {
  const recognizer = createRecognizer(off);
  const layouts: Layouts = learnLayouts(
    sample
      .map(unwrapped)
      .filter(line => line !== undefined)
      .map(toCanonical),
  );
  const shapes = createShapes(createShapeReader(recognizer, layouts, values), mostShapes),
    keys = createShapes(text => wholeShape(recognizer.groupOfMessage(text, 0), undefined), mostShapes);
  const classes = createClassNames(),
    variants = createVariants(recognizer, classes),
    unread = createUnread();
  const lineBytes = createLineBytes(),
    header = emptyHeader(),
    priority: Priority = { value: -1, start: 0 };
  const streams = new Map<string, Stream<Member>>(),
    keeper = createRecordKeeper<Member>(recognizer, layouts, onRecord),
    known = createKnownObjects<Member>(shapes, variants, keeper, lineBytes);

  function streamOf(name: string): Stream<Member> {
    let stream = streams.get(name);
    if (!stream) {
      stream = createStream<Member>();
      streams.set(name, stream);
    }
    return stream;
  }

  /**
   * Takes the line at bytes[from], and says where it ends. `text`: what the bytes were made of, where they will not
   * stay. `outer`: what it was wrapped in.
   */
  function takeLine(
    stream: Stream<Member>,
    bytes: Uint8Array,
    from: number,
    text: string | undefined,
    member: Member,
    outer?: Reading,
    depth = 0,
  ): number {
    if (values && outer === undefined) {
      const watched = values.watched(text ?? lineBytes.decode(bytes, from, bytes.indexOf(lineFeed, from)));
      if (watched.length > 0)
        return takeLine(stream, bytes, from, text, member, { ...nothing, values: watched }, depth);
    }
    const first = bytes[from]!;
    if (first === brace || first === angle || first === hash || first === underscore || stream.isSpecial) {
      const end = takeSpecial(stream, bytes, from, text, member, outer, depth);
      if (end >= 0) return end;
    }
    const inner = depth < deepest ? endOfRuntimePrefix(bytes, from) : 0;
    if (inner !== 0)
      return takeInner(
        stream,
        bytes,
        Math.abs(inner),
        inner < 0,
        text && text.slice(Math.abs(inner) - from),
        member,
        outer,
        depth,
      );
    const shape = shapes.of(bytes, from),
      { end, escaped } = shapes.line;
    if (escaped) {
      const clean = withoutControls(text ?? lineBytes.decode(bytes, from, end));
      takeLine(stream, lineBytes.encode(clean), 0, clean, member, outer, depth);
      return end;
    }
    if (shape.form !== undefined && depth < deepest) {
      const line = text ?? lineBytes.decode(bytes, from, end);
      if (shape.form.needsHeader) readHeader(line, layouts, header);
      const readings = shape.form.read(line, header);
      if (readings) {
        takeReadings(stream, readings, line, member, outer, depth);
        return end;
      }
    }
    const isFailure = shape.showsStatus && showsServerError(bytes, from, end),
      around = isFailure ? inside(outer, serverError) : outer;
    const fitted = around ? variants.of(shape, around) : shape;
    if (
      keeper.mayJoin(stream, fitted) &&
      keeper.joins(stream, fitted, text ?? lineBytes.decode(bytes, from, end), member)
    )
      return end;
    const record = keeper.open(stream, fitted, member);
    record.bytes = bytes;
    record.from = from;
    record.end = end;
    record.text = text;
    return end;
  }

  /** Lines that their first character tells from others, or what came before them; -1 where it is none after all. */
  function takeSpecial(
    stream: Stream<Member>,
    bytes: Uint8Array,
    from: number,
    text: string | undefined,
    member: Member,
    outer: Reading | undefined,
    depth: number,
  ): number {
    const end = bytes.indexOf(lineFeed, from),
      first = bytes[from]!;
    if (depth >= deepest || (first === underscore && !stream.isSpecial && bytes[from + 1] !== underscore)) return -1;
    if (first === angle) {
      readPriority(bytes, from, priority);
      if (priority.value < 0) return -1;
      const { value, start } = priority,
        level = { text: '', level: levelOfPriority(value), logger: '' };
      const wrapped = inside(outer, level);
      if (start > from) return takeLine(stream, bytes, start, text?.slice(start - from), member, wrapped, depth + 1);
      return outer?.level === level.level && outer !== undefined
        ? -1
        : takeLine(stream, bytes, from, text, member, wrapped, depth + 1);
    }
    if (bytes[from] === brace && outer === undefined && known.take(stream, bytes, from, text, member)) return end;
    const line = text ?? lineBytes.decode(bytes, from, end);
    if (bytes[from] === brace) {
      const readings = readStructured(line);
      unread.count(readings, line);
      if (!readings) return -1;
      takeReadings(stream, readings, line, member, outer, depth);
      return end;
    }
    if (bytes[from] === hash) {
      stream.columns = readW3cFields(line) ?? stream.columns;
      stream.isSpecial = stream.columns !== undefined || stream.entry !== undefined;
      return -1;
    }
    if (stream.entry || (first === underscore && beginsEntry(line))) {
      takeField(stream, line, member);
      return end;
    }
    const request = stream.columns && requestOfColumns(line, stream.columns);
    if (!request) return -1;
    takeReadings(stream, [request], line, member, outer, depth);
    return end;
  }

  /** What a runtime handed on, in one piece or in several. */
  function takeInner(
    stream: Stream<Member>,
    bytes: Uint8Array,
    from: number,
    isPart: boolean,
    text: string | undefined,
    member: Member,
    outer: Reading | undefined,
    depth: number,
  ): number {
    if (!isPart && stream.pieces === undefined) return takeLine(stream, bytes, from, text, member, outer, depth + 1);
    const end = bytes.indexOf(lineFeed, from);
    takePiece(stream, text ?? lineBytes.decode(bytes, from, end), isPart, member, outer, depth);
    return end;
  }

  /** Holds a piece until the last one comes, which makes them a line. */
  function takePiece(
    stream: Stream<Member>,
    text: string,
    isPart: boolean,
    member: Member,
    outer: Reading | undefined,
    depth: number,
  ): void {
    const pieces = (stream.pieces ??= { text: '', members: [] });
    pieces.text = `${pieces.text}${text}`.slice(0, mostHeld);
    pieces.members.push(member);
    if (isPart && pieces.members.length < mostLines) return;
    stream.pieces = undefined;
    const [first = member, ...others] = pieces.members;
    takeText(stream, pieces.text, first, outer, depth + 1);
    if (others.length > 0 && stream.latest) (stream.latest.others ??= []).push(...others);
  }

  /** Each record that a line holds, by itself. */
  function takeReadings(
    stream: Stream<Member>,
    readings: readonly Reading[],
    line: string,
    member: Member,
    outer: Reading | undefined,
    depth: number,
  ): void {
    for (const one of readings) {
      const reading = inside(outer, one);
      if (one.isPart || (one.isHandedOn && stream.pieces)) {
        takePiece(stream, reading.text.replace(/\n$/, ''), one.isPart === true, member, reading, depth);
      } else if (reading.text.trim() === '' && reading.request) {
        const record = keeper.open(stream, variants.ofRequest(reading.request, reading.level), member);
        record.bytes = undefined;
        record.text = line;
      } else if (one.isMadeUp) {
        const record = keeper.open(stream, variants.of(keys.of(lineBytes.encode(reading.text), 0), reading), member);
        record.bytes = undefined;
        record.text = reading.text;
      } else takeText(stream, reading.text, member, reading, depth + 1);
    }
  }

  /** One line of an entry of the journal. */
  function takeField(stream: Stream<Member>, line: string, member: Member): void {
    const entry = (stream.entry ??= createEntry<Member>()),
      readings = addToEntry(entry, line, member);
    stream.isSpecial = true;
    if (readings) closeEntry(stream, entry, readings);
  }

  function closeEntry(stream: Stream<Member>, { members }: JournalEntry<Member>, readings: readonly Reading[]): void {
    stream.entry = undefined;
    stream.isSpecial = stream.columns !== undefined;
    const [first, ...others] = members;
    if (first === undefined) return;
    takeReadings(stream, readings, '', first, undefined, 1);
    if (stream.latest) (stream.latest.others ??= []).push(...others);
  }

  /** Text of one or several lines: a record with what continues it. */
  function takeText(
    stream: Stream<Member>,
    text: string,
    member: Member,
    outer: Reading | undefined,
    depth: number,
  ): void {
    const lines = text.trimEnd().split(/\r?\n/, mostLines),
      at = Math.max(
        0,
        lines.findIndex(line => line.trim() !== ''),
      );
    const head = lines[at] ?? '';
    takeLine(stream, lineBytes.encode(head), 0, head, member, outer, depth);
    const record = stream.latest;
    if (!record) return;
    for (let i = at + 1; i < lines.length; i++) {
      const line = lines[i]!;
      readHeader(line, layouts, header);
      continueRecord(record, line, header.end, { isBlank: line.trim() === '', opening: openingOf(line) });
    }
  }

  return {
    recognizer,
    messageOf: record => messageOf(record, layouts),
    take(name, text, member) {
      const stream = streamOf(name);
      if (!text.includes('\n')) {
        takeLine(stream, lineBytes.encode(text), 0, text, member);
        return;
      }
      takeText(stream, text, member, undefined, 0);
    },
    takeLines(name, bytes, from, end, nextMember) {
      const stream = streamOf(name);
      for (let at = from; at < end;) at = takeLine(stream, bytes, at, undefined, nextMember()) + 1;
    },
    flush() {
      for (const stream of streams.values()) {
        const { pieces } = stream;
        stream.pieces = undefined;
        const [first, ...others] = pieces?.members ?? [];
        if (pieces && first !== undefined) {
          takeText(stream, pieces.text, first, undefined, 1);
          if (stream.latest && others.length > 0) (stream.latest.others ??= []).push(...others);
        }
        if (stream.entry) closeEntry(stream, stream.entry, readObject({ ...stream.entry.fields }, 0));
        stream.latest = undefined;
        for (const record of stream.records.splice(0)) keeper.tell(record, onRecord);
      }
    },
    peek(onOpen) {
      for (const { records } of streams.values()) for (const record of records) keeper.tell(record, onOpen);
    },
    unread: unread.list,
    loggerClassOf(record) {
      if (record.shape.loggerClass !== undefined) return record.shape.loggerClass;
      const { loggerStart, loggerEnd } = headerOf(record, layouts);
      return classes.of(firstLine(record).slice(loggerStart, loggerEnd));
    },
  };
}
