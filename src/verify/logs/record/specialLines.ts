// Lines that their first character tells from others, or what came before them: objects, entries of the journal, rows
// of columns, priorities.
import { addToEntry, beginsEntry, createEntry, type JournalEntry } from '../formats/journalExport.ts';
import { levelOfPriority } from '../formats/jsonLevels.ts';
import { inside, type Reading } from '../formats/reading.ts';
import { readStructured } from '../formats/structured.ts';
import { readW3cFields, requestOfColumns } from '../formats/w3cLog.ts';
import { readPriority } from '../formats/wrappers.ts';
import type { Stream } from './lineStream.ts';
import { deepest, type LineTools } from './lineTools.ts';
import { takeReadings } from './readings.ts';

const lineFeed = 10,
  brace = 123,
  angle = 60,
  hash = 35,
  underscore = 95;

/** Whether a line that begins with this byte may be such a line. */
export function mayBeSpecial<Member>(stream: Stream<Member>, first: number): boolean {
  return first === brace || first === angle || first === hash || first === underscore || stream.isSpecial;
}

/** Takes such a line and says where it ends; -1 where it is none after all. */
export function takeSpecial<Member>(
  tools: LineTools<Member>,
  stream: Stream<Member>,
  bytes: Uint8Array,
  from: number,
  text: string | undefined,
  member: Member,
  outer: Reading | undefined,
  depth: number,
): number {
  const first = bytes[from]!;
  if (depth >= deepest || (first === underscore && !stream.isSpecial && bytes[from + 1] !== underscore)) return -1;
  if (first === angle) {
    readPriority(bytes, from, tools.priority);
    if (tools.priority.value < 0) return -1;
    const { value, start } = tools.priority,
      level = { text: '', level: levelOfPriority(value), logger: '' };
    const wrapped = inside(outer, level);
    if (start > from)
      return tools.takeLine(tools, stream, bytes, start, text?.slice(start - from), member, wrapped, depth + 1);
    return outer?.level === level.level && outer !== undefined
      ? -1
      : tools.takeLine(tools, stream, bytes, from, text, member, wrapped, depth + 1);
  }
  if (first === brace && outer === undefined) {
    const known = tools.known.take(stream, bytes, from, text, member);
    if (known >= 0) return known;
  }
  const end = bytes.indexOf(lineFeed, from),
    line = text ?? tools.lineBytes.decode(bytes, from, end);
  if (first === brace) {
    const readings = readStructured(line);
    tools.unread.count(readings, line);
    if (!readings) return -1;
    takeReadings(tools, stream, readings, line, member, outer, depth);
    return end;
  }
  if (first === hash) {
    stream.columns = readW3cFields(line) ?? stream.columns;
    stream.isSpecial = stream.columns !== undefined || stream.entry !== undefined;
    return -1;
  }
  if (stream.entry || (first === underscore && beginsEntry(line))) {
    takeField(tools, stream, line, member);
    return end;
  }
  const request = stream.columns && requestOfColumns(line, stream.columns);
  if (!request) return -1;
  takeReadings(tools, stream, [request], line, member, outer, depth);
  return end;
}

/** One line of an entry of the journal. */
function takeField<Member>(tools: LineTools<Member>, stream: Stream<Member>, line: string, member: Member): void {
  const entry = (stream.entry ??= createEntry<Member>()),
    readings = addToEntry(entry, line, member);
  stream.isSpecial = true;
  if (readings) closeEntry(tools, stream, entry, readings);
}

export function closeEntry<Member>(
  tools: LineTools<Member>,
  stream: Stream<Member>,
  { members }: JournalEntry<Member>,
  readings: readonly Reading[],
): void {
  stream.entry = undefined;
  stream.isSpecial = stream.columns !== undefined;
  const [first, ...others] = members;
  if (first === undefined) return;
  takeReadings(tools, stream, readings, '', first, undefined, 1);
  if (stream.latest) (stream.latest.others ??= []).push(...others);
}
