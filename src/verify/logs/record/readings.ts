// Takes what was read in a line: each of its records, pieces that make up a line, and texts of several lines.
import { openingOf } from './crashes.ts';
import { readHeader } from '../header/header.ts';
import type { Stream } from './lineStream.ts';
import type { LineTools } from './lineTools.ts';
import { withOutcome } from '../formats/outcomes.ts';
import { inside, type Reading } from '../formats/reading.ts';
import { continueRecord } from './records.ts';
import type { Shape } from './shapes.ts';

const mostLines = 1000,
  mostHeld = 256 * 1024,
  lineFeed = 10;

/** Each record that a line holds, by itself. */
export function takeReadings<Member>(
  tools: LineTools<Member>,
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
      takePiece(tools, stream, reading.text.replace(/\n$/, ''), one.isPart === true, member, reading, depth);
    } else if (reading.text.trim() === '' && reading.request) {
      const record = tools.keeper.open(stream, tools.variants.ofRequest(reading.request, reading.level), member);
      record.bytes = undefined;
      record.text = line;
    } else if (one.isMadeUp) {
      const record = tools.keeper.open(stream, madeUpShape(tools, reading), member);
      record.bytes = undefined;
      record.text = reading.text;
    } else takeText(tools, stream, reading.text, member, reading, depth + 1);
  }
}

/** Of the text that stands for a line whose message is not known. */
function madeUpShape<Member>({ lineBytes, texts, variants }: LineTools<Member>, reading: Reading): Shape {
  const bytes = lineBytes.encode(reading.text),
    shape = texts.of(bytes, 0);
  return variants.of(shape, withOutcome(shape.outcome, bytes, 0, texts.line.end, reading) ?? reading);
}

/** What a runtime handed on, in one piece or in several. */
export function takeInner<Member>(
  tools: LineTools<Member>,
  stream: Stream<Member>,
  bytes: Uint8Array,
  from: number,
  isPart: boolean,
  text: string | undefined,
  member: Member,
  outer: Reading | undefined,
  depth: number,
): number {
  if (!isPart && stream.pieces === undefined)
    return tools.takeLine(tools, stream, bytes, from, text, member, outer, depth + 1);
  const end = bytes.indexOf(lineFeed, from);
  takePiece(tools, stream, text ?? tools.lineBytes.decode(bytes, from, end), isPart, member, outer, depth);
  return end;
}

/** Holds a piece until the last one comes, which makes them a line. */
function takePiece<Member>(
  tools: LineTools<Member>,
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
  takeText(tools, stream, pieces.text, first, outer, depth + 1);
  if (others.length > 0 && stream.latest) (stream.latest.others ??= []).push(...others);
}

/** Text of one or several lines: a record with what continues it. */
export function takeText<Member>(
  tools: LineTools<Member>,
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
  tools.takeLine(tools, stream, tools.lineBytes.encode(head), 0, head, member, outer, depth);
  const record = stream.latest;
  if (!record) return;
  for (let i = at + 1; i < lines.length; i++) {
    const line = lines[i]!;
    readHeader(line, tools.layouts, tools.header);
    const isBlank = line.trim() === '';
    continueRecord(record, line, tools.header.end, { isBlank, opening: openingOf(line), continues: false });
  }
}
