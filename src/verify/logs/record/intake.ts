// Physical lines in, records with their groups out: takes wrappers off, learns the header's layout, looks up each
// line's shape, joins lines to records.
import { readHeader } from '../header/header.ts';
import type { Logger } from '../header/loggerClass.ts';
import { toPlain } from '../text/controls.ts';
import { createStream, type Stream } from './lineStream.ts';
import { createLineTools, deepest, type IntakeOptions, type LineTools } from './lineTools.ts';
import { withOutcome } from '../formats/outcomes.ts';
import { nothing, type Reading } from '../formats/reading.ts';
import { takeInner, takeReadings, takeText } from './readings.ts';
import type { Recognizer } from '../template/recognition.ts';
import type { OnRecord } from './recordKeeper.ts';
import { firstLine, headerOf, messageOf, type OpenRecord } from './records.ts';
import type { Shape } from './shapes.ts';
import { closeEntry, mayBeSpecial, takeSpecial } from './specialLines.ts';
import { readObject } from '../formats/structured.ts';
import type { UnreadLines } from '../formats/unread.ts';
import { endOfRuntimePrefix } from '../formats/wrappers.ts';

export interface Intake<Member> {
  /** A stream of lines, which must come in time order: those of one role and node. */
  open(): Stream<Member>;
  /** One line as a source tells it, which may hold a whole stack trace. */
  take(stream: Stream<Member>, text: string, member: Member): void;
  /**
   * Physical lines: bytes[from, end), each with its line feed. The bytes must stay as they are until the intake is
   * flushed.
   */
  takeLines(stream: Stream<Member>, bytes: Uint8Array, from: number, end: number, nextMember: () => Member): void;
  /** Closes every open record; what continues one later is left out. */
  flush(): void;
  /** Tells of every open record as if it ended here, and leaves it open. */
  peek(onOpen: OnRecord<Member>): void;
  /** A record's first line without its header. */
  messageOf(record: OpenRecord<Member>): string;
  /** The code that logged a record. */
  loggerOf(record: OpenRecord<Member>): Logger;
  /** The lines that could not be read as what they seemed to be. */
  unread(): readonly UnreadLines[];
  readonly recognizer: Recognizer;
}

export const sampleSize = 2000;
const lineFeed = 10;

/** `sample`: the first lines, from which the layouts are learned. */
export function createIntake<Member>(
  sample: readonly string[],
  onRecord: OnRecord<Member>,
  options: IntakeOptions = {},
): Intake<Member> {
  const tools = createLineTools<Member>(sample, onRecord, takeLine, options),
    { recognizer, layouts, lineBytes, keeper, loggers, unread } = tools;
  const streams: Stream<Member>[] = [];

  return {
    recognizer,
    messageOf: record => messageOf(record, layouts),
    open() {
      const stream = createStream<Member>();
      streams.push(stream);
      return stream;
    },
    take(stream, text, member) {
      if (!text.includes('\n')) {
        takeLine(tools, stream, lineBytes.encode(text), 0, text, member);
        return;
      }
      takeText(tools, stream, text, member, undefined, 0);
    },
    takeLines(stream, bytes, from, end, nextMember) {
      for (let at = from; at < end;) at = takeLine(tools, stream, bytes, at, undefined, nextMember()) + 1;
    },
    flush() {
      for (const stream of streams) flushStream(tools, stream, onRecord);
    },
    peek(onOpen) {
      for (const { records } of streams) for (const record of records) keeper.tell(record, onOpen);
    },
    unread: unread.list,
    loggerOf(record) {
      if (record.shape.logger !== undefined) return record.shape.logger;
      const { loggerStart, loggerEnd } = headerOf(record, layouts);
      return loggers.of(firstLine(record).slice(loggerStart, loggerEnd));
    },
  };
}

function takeLine<Member>(
  tools: LineTools<Member>,
  stream: Stream<Member>,
  bytes: Uint8Array,
  from: number,
  text: string | undefined,
  member: Member,
  outer?: Reading,
  depth = 0,
): number {
  if (tools.values && outer === undefined) {
    const watched = tools.values.watched(text ?? tools.lineBytes.decode(bytes, from, bytes.indexOf(lineFeed, from)));
    if (watched.length > 0)
      return takeLine(tools, stream, bytes, from, text, member, { ...nothing, values: watched }, depth);
  }
  if (tools.collector && depth === 0) {
    const line = text ?? tools.lineBytes.decode(bytes, from, bytes.indexOf(lineFeed, from)),
      [{ length } = ''] = tools.collector.exec(line) ?? [];
    // The prefix is of ASCII alone: a byte is a character.
    return takeLine(tools, stream, bytes, from + length, text?.slice(length), member, outer, 1);
  }
  if (mayBeSpecial(stream, bytes[from]!)) {
    const end = takeSpecial(tools, stream, bytes, from, text, member, outer, depth);
    if (end >= 0) return end;
  }
  const inner = depth < deepest ? endOfRuntimePrefix(bytes, from) : 0;
  if (inner !== 0)
    return takeInner(
      tools,
      stream,
      bytes,
      Math.abs(inner),
      inner < 0,
      text && text.slice(Math.abs(inner) - from),
      member,
      outer,
      depth,
    );
  const shape = tools.shapes.of(bytes, from),
    { end, escaped } = tools.shapes.line;
  if (escaped) {
    const clean = toPlain(text ?? tools.lineBytes.decode(bytes, from, end));
    takeLine(tools, stream, tools.lineBytes.encode(clean), 0, clean, member, outer, depth);
    return end;
  }
  if (shape.form !== undefined && depth < deepest) {
    const line = text ?? tools.lineBytes.decode(bytes, from, end);
    if (shape.form.needsHeader) readHeader(line, tools.layouts, tools.header);
    const readings = shape.form.read(line, tools.header);
    if (readings) {
      takeReadings(tools, stream, readings, line, member, outer, depth);
      return end;
    }
  }
  const around = withOutcome(shape.outcome, bytes, from, end, outer);
  const fitted = around ? tools.variants.of(shape, around) : shape;
  takePlain(tools, stream, fitted, bytes, from, end, text, member);
  return end;
}

/** Joins a line to an open record, or opens one. */
function takePlain<Member>(
  { keeper, lineBytes }: LineTools<Member>,
  stream: Stream<Member>,
  shape: Shape,
  bytes: Uint8Array,
  from: number,
  end: number,
  text: string | undefined,
  member: Member,
): void {
  if (keeper.mayJoin(stream, shape) && keeper.joins(stream, shape, text ?? lineBytes.decode(bytes, from, end), member))
    return;
  const record = keeper.open(stream, shape, member);
  record.bytes = bytes;
  record.from = from;
  record.end = end;
  record.text = text;
}

/** Closes all that is open in a stream. */
function flushStream<Member>(tools: LineTools<Member>, stream: Stream<Member>, onRecord: OnRecord<Member>): void {
  const { pieces } = stream;
  stream.pieces = undefined;
  const [first, ...others] = pieces?.members ?? [];
  if (pieces && first !== undefined) {
    takeText(tools, stream, pieces.text, first, undefined, 1);
    if (stream.latest && others.length > 0) (stream.latest.others ??= []).push(...others);
  }
  if (stream.entry) closeEntry(tools, stream, stream.entry, readObject({ ...stream.entry.fields }, 0));
  stream.latest = undefined;
  for (const record of stream.records.splice(0)) tools.keeper.tell(record, onRecord);
}
