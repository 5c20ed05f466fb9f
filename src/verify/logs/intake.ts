// Physical lines in, records with their groups out: learns the header's layout, joins lines to records, recognizes.
import { emptyHeader, readHeader } from './header.ts';
import type { Layouts } from './layout.ts';
import { learnLayouts } from './layouts.ts';
import { createRecognizer, type Recognizer } from './recognition.ts';
import { continueRecord, findContinued, mayTrace, openRecord, type OpenRecord } from './records.ts';
import { readStructured, type StructuredLine } from './structured.ts';
import type { Group } from './templates.ts';
import { isParameter } from './tokens.ts';

export interface Intake<Member> {
  /** Lines of one stream (role and node) must come in time order. */
  take(stream: string, text: string, member: Member): void;
  /** Closes every open record; what continues one later is left out. */
  flush(): void;
  /** Tells of every open record as if it ended here, and leaves it open. */
  peek(onOpen: OnRecord<Member>): void;
  readonly recognizer: Recognizer;
}

/** As many records of a stream stay open, for loggers whose traces interleave. */
const mostOpen = 4;
export const sampleSize = 2000;

/** Told of every record when it is closed: its group, and the class of code that logged it ('' where the logger is no such). */
export type OnRecord<Member> = (record: OpenRecord<Member>, group: Group, loggerClass: string) => void;

export function createIntake<Member>(sample: readonly string[], onRecord: OnRecord<Member>): Intake<Member> {
  const recognizer = createRecognizer();
  const layouts: Layouts = learnLayouts(sample);
  const header = emptyHeader();
  const classes = createClassNames();
  const streams = new Map<string, OpenRecord<Member>[]>();

  function tell(record: OpenRecord<Member>, onRecord: OnRecord<Member>): void {
    const { text, messageStart, logger, moreMessages } = record;
    const group = moreMessages ? recognizer.groupOfRecord(text, messageStart, moreMessages) : recognizer.groupOfMessage(text, messageStart);
    onRecord(record, group, logger === '' ? '' : classes.of(logger));
  }

  function takeLine(open: OpenRecord<Member>[], text: string, member: Member): void {
    readHeader(text, layouts, header);
    const continued = findContinued(text, header, layouts, open);
    if (!continued) { push(open, openRecord(text, header, member)); return; }
    continueRecord(continued, text, header);
    (continued.others ??= []).push(member);
  }

  function push(open: OpenRecord<Member>[], record: OpenRecord<Member>): void {
    const oldest = open[0];
    if (oldest && (open.length >= mostOpen || !mayTrace(oldest.level))) { open.shift(); tell(oldest, onRecord); }
    open.push(record);
  }

  function takeWhole(open: OpenRecord<Member>[], text: string, member: Member): void {
    const [head = '', ...rest] = text.split(/\r?\n/, mostLines);
    readHeader(head, layouts, header);
    const record = openRecord(head, header, member);
    push(open, record);
    for (const line of rest) { readHeader(line, layouts, header); continueRecord(record, line, header); }
  }

  function takeStructured(open: OpenRecord<Member>[], { message, level, logger }: StructuredLine, first: Member): void {
    const [text = '', ...rest] = message.split(/\r?\n/, mostLines);
    const more = rest.length > 0 ? rest : undefined;
    push(open, { first, others: undefined, text, messageStart: 0, level, logger, timeStart: 0, timeEnd: 0, more, moreMessages: more, inTrace: rest.length > 0, size: message.length });
  }

  return {
    recognizer,
    take(stream, text, member) {
      let open = streams.get(stream);
      if (!open) { open = []; streams.set(stream, open); }
      const structured = text.charCodeAt(0) === 123 ? readStructured(text) : undefined;
      if (structured) takeStructured(open, structured, member);
      else if (text.includes('\n')) takeWhole(open, text, member);
      else takeLine(open, text, member);
    },
    flush() {
      for (const open of streams.values()) for (const record of open.splice(0)) tell(record, onRecord);
    },
    peek(onOpen) {
      for (const open of streams.values()) for (const record of open) tell(record, onOpen);
    },
  };
}

const mostLines = 1000;
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
