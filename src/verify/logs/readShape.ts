// Reads the canonical text of a new shape: its header, its message's group, and what it could be to the record before it.
import type { Severity } from '../../model/evidence.ts';
import { readHeader } from './header.ts';
import { emptyHeader } from './headerStyles.ts';
import type { Layouts } from './layout.ts';
import { isSpace } from './characters.ts';
import { classOf } from './loggerClass.ts';
import type { Recognizer } from './recognition.ts';
import { mayTrace, traceBegin } from './records.ts';
import { levelOf } from './severity.ts';
import type { Shape } from './shapes.ts';
import type { Group } from './templates.ts';

export function createShapeReader(recognizer: Recognizer, layouts: Layouts): (canonical: string) => Shape {
  const header = emptyHeader();
  return text => {
    readHeader(text, layouts, header);
    const { end, hasTime, loggerStart, loggerEnd } = header,
      level = header.level ?? levelOfPair(text);
    const logger = text.slice(loggerStart, loggerEnd),
      startsTrace = mayTrace(level) && text.slice(end, end + 160).includes(traceBegin);
    return {
      group: recognizer.groupOfMessage(text, end),
      level,
      hasHeader: hasTime || level !== undefined,
      mayBePrefixed: hasTime && mayTrace(level),
      loggerClass: /\d/.test(logger) ? undefined : classOf(logger),
      isBlank: text.trim() === '',
      continues: text.startsWith('  ') || beginsLikeRest(text, isSpace(text.charCodeAt(0)) ? 1 : 0),
      endsTrace: endsTrace(text),
      looksTraced: startsTrace || (mayTrace(level) && isIndented(text, end)),
      startsTrace,
    };
  };
}

/** For messages whose header was read already. */
export function createMessageReader(recognizer: Recognizer): (canonical: string) => Shape {
  return text => wholeShape(recognizer.groupOfMessage(text, 0));
}

/** Of what is a record of its own, and whose header says nothing more. */
export function wholeShape(group: Group): Shape {
  return {
    group,
    level: undefined,
    hasHeader: true,
    mayBePrefixed: false,
    loggerClass: '',
    isBlank: false,
    continues: false,
    endsTrace: false,
    looksTraced: false,
    startsTrace: false,
  };
}

/** `level=warn`, as logfmt has it; in quotes or not. */
function levelOfPair(text: string): Severity | undefined {
  const [, word] =
    /(?:^|\s)(?:level|lvl|severity|levelname)="?([A-Za-z]{3,11})\b/.exec(text.slice(0, longestHead)) ?? [];
  return word === undefined ? undefined : levelOf(word);
}

const longestHead = 400;

function isIndented(text: string, messageStart: number): boolean {
  return (
    messageStart > 2 &&
    isSpace(text.charCodeAt(messageStart - 1)) &&
    isSpace(text.charCodeAt(messageStart - 2)) &&
    beginsLikeRest(text, messageStart)
  );
}

const rests = [
  'at ',
  'Caused by',
  'Suppressed:',
  '... ',
  'File "',
  'Traceback',
  'During handling of',
  'The above exception',
  'goroutine ',
  'Stack trace',
  'stack:',
  '}',
  ']',
  ')',
];

/** What no record begins with. */
function beginsLikeRest(text: string, at: number): boolean {
  return rests.some(rest => text.startsWith(rest, at));
}

function endsTrace(text: string): boolean {
  return (
    /^[\w.$]*(?:Exception|Error|Exit|Interrupt|Warning|NotFound)\w*(?::|$|\s)/.test(text.slice(0, 200)) ||
    /^[\w./*()-]+\(/.test(text.slice(0, 200))
  );
}
