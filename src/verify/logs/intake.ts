// Physical lines in, records with their groups out: learns the header's layout, joins lines to records, recognizes.
import type { Severity } from '../../model/evidence.ts';
import { emptyHeader, readHeader } from './header.ts';
import type { Layouts } from './layout.ts';
import { learnLayouts } from './layouts.ts';
import { createRecognizer, type Recognizer } from './recognition.ts';
import { continueRecord, findContinued, openRecord, type OpenRecord } from './records.ts';
import { readStructured } from './structured.ts';
import type { Group } from './templates.ts';
import { isParameter } from './tokens.ts';

/** One record as it is counted. `members` are the physical lines it is made of. */
export interface TakenRecord<Member> {
  readonly group: Group;
  readonly level: Severity | undefined;
  /** The class of code that logged it; '' where the logger is no such. */
  readonly logger: string;
  readonly text: string;
  readonly messageStart: number;
  readonly more: readonly string[];
  readonly first: Member;
  readonly members: readonly Member[];
}

export interface Intake<Member> {
  /** Lines of one stream (role and node) must come in time order. */
  take(stream: string, text: string, member: Member): void;
  /** Closes every open record; what continues one later is left out. */
  flush(): void;
  readonly recognizer: Recognizer;
}

interface Open<Member> { readonly record: OpenRecord; readonly members: Member[] }
interface OpenStream<Member> { readonly open: Open<Member>[]; readonly records: OpenRecord[] }

/** As many records of a stream stay open, for loggers whose traces interleave. */
const mostOpen = 4;
export const sampleSize = 2000;

export function createIntake<Member>(sample: readonly string[], onRecord: (record: TakenRecord<Member>) => void): Intake<Member> {
  const recognizer = createRecognizer();
  const layouts: Layouts = learnLayouts(sample);
  const header = emptyHeader();
  const classes = createClassNames();
  const streams = new Map<string, OpenStream<Member>>();

  function close({ record, members }: Open<Member>): void {
    const { text, messageStart, level, logger, more = none, moreMessages } = record;
    const group = moreMessages ? recognizer.groupOfRecord(text, messageStart, moreMessages) : recognizer.groupOfMessage(text, messageStart);
    onRecord({ group, level, logger: logger === '' ? '' : classes.of(logger), text, messageStart, more, first: members[0]!, members });
  }

  function takeLine(stream: OpenStream<Member>, text: string, member: Member): void {
    readHeader(text, layouts, header);
    const continued = findContinued(text, header, layouts, stream.records);
    if (continued) {
      const owner = stream.open[stream.records.indexOf(continued)]!;
      continueRecord(continued, text, header);
      if (owner.members[owner.members.length - 1] !== member) owner.members.push(member);
      return;
    }
    push(stream, openRecord(text, header), member);
  }

  function push(stream: OpenStream<Member>, record: OpenRecord, member: Member): void {
    if (stream.open.length >= mostOpen) { close(stream.open.shift()!); stream.records.shift(); }
    stream.open.push({ record, members: [member] });
    stream.records.push(record);
  }

  function takeWhole(stream: OpenStream<Member>, text: string, member: Member): void {
    const [head = '', ...rest] = text.split(/\r?\n/, 1000);
    takeLine(stream, head, member);
    const record = stream.records[stream.records.length - 1]!;
    for (const line of rest) { readHeader(line, layouts, header); continueRecord(record, line, header); }
  }

  return {
    recognizer,
    take(streamName, text, member) {
      let stream = streams.get(streamName);
      if (!stream) { stream = { open: [], records: [] }; streams.set(streamName, stream); }
      const structured = text.charCodeAt(0) === 123 ? readStructured(text) : undefined;
      if (structured) takeStructured(stream, structured, member);
      else if (text.includes('\n')) takeWhole(stream, text, member);
      else takeLine(stream, text, member);
    },
    flush() {
      for (const stream of streams.values()) {
        for (const open of stream.open) close(open);
        stream.open.length = 0;
        stream.records.length = 0;
      }
    },
  };

  function takeStructured(stream: OpenStream<Member>, line: { message: string; level: Severity | undefined; logger: string }, member: Member): void {
    const [head = '', ...rest] = line.message.split(/\r?\n/, 1000);
    const record: OpenRecord = { text: head, messageStart: 0, level: line.level, logger: line.logger, timeStart: 0, timeEnd: 0, more: rest.length > 0 ? rest : undefined, moreMessages: rest.length > 0 ? rest : undefined, inTrace: rest.length > 0, size: line.message.length };
    push(stream, record, member);
  }
}

const none: readonly string[] = [];
const mostNames = 5000;

/** Loggers repeat: each is looked at once. */
function createClassNames(): { of(logger: string): string } {
  const known = new Map<string, string>();
  return {
    of(logger) {
      let name = known.get(logger);
      if (name === undefined) {
        name = classOf(logger);
        if (known.size < mostNames) known.set(logger, name);
      }
      return name;
    },
  };
}

/** `a.b.Class#123` is `a.b.Class#` in every build. A process, a file or a host tells no statement from another. */
function classOf(logger: string): string {
  if (logger.length > 200 || !/[.$#]|::/.test(logger)) return '';
  const name = logger.replaceAll(/\d+/g, '');
  return isParameter(name) || name.includes(' ') ? '' : name;
}
