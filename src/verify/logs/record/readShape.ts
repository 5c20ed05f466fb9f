// Reads a new shape: its header, its message's group, and what it could be to the record before it.
import type { Severity } from '../../../model/evidence/evidence.ts';
import { accessLayoutOf, readAccess } from '../formats/accessLog.ts';
import { isSpace } from '../text/characters.ts';
import { openingOf } from './crashes.ts';
import { readHeader } from '../header/header.ts';
import { emptyHeader, levelOfMark, type Header } from '../header/headerStyles.ts';
import type { Layouts } from '../header/header.ts';
import { toCanonical } from '../text/lineBytes.ts';
import { mayHavePairs, readPairs } from '../formats/logfmt.ts';
import { lineOfCode, loggerOf, noLogger, type Logger } from '../header/loggerClass.ts';
import { outcomeIn } from '../formats/outcomes.ts';
import type { LineForm, Reading } from '../formats/reading.ts';
import type { Recognizer } from '../template/recognition.ts';
import { mayTrace, traceBegin } from './records.ts';
import { isBad, levelInside, levelOf, severityOfStatus, severityOfWords, worse } from '../text/severity.ts';
import type { Shape } from './shapes.ts';
import { mayBeFrame } from './stackTrace.ts';
import type { ValueReader } from '../text/namedValues.ts';
import { readStructured, readTail } from '../formats/structured.ts';
import type { Group } from '../template/templates.ts';

export const emptyMessage = '(empty line)';

export function createShapeReader(
  recognizer: Recognizer,
  layouts: Layouts,
  values?: ValueReader,
): (canonical: string, raw: string) => Shape {
  const header = emptyHeader(),
    rawHeader = emptyHeader(),
    read = values?.withoutIgnored ?? (text => text);
  const groupOf = ({ text, states }: Reading): Group =>
    recognizer.groupWithStates(recognizer.groupOfMessage(toCanonical(text), 0), states);
  return (canonical, line) => {
    const text = read(canonical),
      raw = read(line);
    readHeader(text, layouts, header);
    const { end, hasTime, loggerStart, loggerEnd } = header,
      level = header.level ?? levelOfPair(text) ?? levelInside(text, end) ?? levelOfMark(raw);
    const logger = text.slice(loggerStart, loggerEnd),
      isBlank = text.trim() === '',
      hasHeader = hasTime || level !== undefined,
      opening = hasHeader ? undefined : openingOf(raw),
      startsTrace = mayTrace(level) && text.slice(end, end + 160).includes(traceBegin);
    readHeader(raw, layouts, rawHeader);
    const isEmpty = !isBlank && saysNothing(raw, rawHeader);
    const pairs = mayHavePairs(raw, rawHeader.end) ? readPairs(raw, rawHeader.end, level) : undefined;
    if (pairs && !pairs.request && !pairs.text.includes('\n') && !raw.includes('\\'))
      return {
        ...wholeShape(groupOf(pairs), worse(pairs.level, header.level)),
        logger: withoutLine(pairs.logger || raw.slice(rawHeader.loggerStart, rawHeader.loggerEnd)),
        outcome: outcomeIn(raw, worse(pairs.level, header.level) !== undefined),
      };
    const tail = readTail(raw, rawHeader.end, level);
    return {
      group:
        isBlank || isEmpty
          ? recognizer.groupOfMessage(emptyMessage, 0)
          : tail
            ? groupOf(tail)
            : recognizer.groupOfMessage(text, end),
      level,
      hasHeader,
      mayBePrefixed: hasTime && mayTrace(level),
      form: formOf(raw, rawHeader, level, pairs),
      outcome: outcomeIn(raw, level !== undefined),
      startsTrace,
      opening,
      isEmpty,
      counted: undefined,
      logger: hidesLetters.test(logger) || lineOfCode.test(logger) ? undefined : loggerOf(logger),
      looksTraced: startsTrace || (mayTrace(level) && isIndented(text, end) && beginsLikeRest(text, end)),
      mayBeFrame: mayBeFrame(raw.slice(rawHeader.end)),
      isBlank,
      isWhole: false,
      announces: announces(level, opening, raw.slice(rawHeader.end)),
      endsInColon: text.trimEnd().endsWith(':'),
      continues: hasHeader
        ? beginsLikeRest(text, end)
        : text.startsWith('  ') || beginsLikeRest(text, isSpace(text.charCodeAt(0)) ? 1 : 0),
      endsTrace: endsTrace(hasHeader ? text.slice(end) : text),
    };
  };
}

/**
 * Behind the header is nothing, or only what wrote the line: the message is the next line. Samba names the place in its
 * code so (samba.org/samba/docs, debug2html), and java.util.logging the class and the method (SimpleFormatter).
 */
function saysNothing(text: string, { end, level, hasTime, timeEnd }: Header): boolean {
  const message = text.slice(end, end + longestHead).trim();
  if (message === '' || placeInCode.test(message)) return true;
  return hasTime && level === undefined && classAndMethod.test(text.slice(timeEnd));
}

/** `../smbd/service.c:123(call)`; a host with its port has neither a folder nor a function. */
const placeInCode = /^[\w./-]*\w\.[a-z]\w{0,4}:\d+\([\w:.~]*\):?$|^[\w.-]*\/[\w./-]*\.[a-z]\w{0,4}:\d+:?$/i,
  classAndMethod = /^(?: [AP]M)? (?:[a-z]\w*\.)+[A-Z][\w$]* [\w$<>]+$/;

/** Lines of one shape may come from several lines of code. */
function withoutLine(name: string): Logger {
  return { className: loggerOf(name).className, codeLine: '' };
}

/** A word with figures: the canonical text does not say which letters it has. */
const hidesLetters = /\p{L}[^\s=:,;()[\]{}<>"'|`]*\d|\d[^\s=:,;()[\]{}<>"'|`]*\p{L}/u;

function announces(level: Severity | undefined, opening: Shape['opening'], message: string): boolean {
  if (level !== undefined) return isBad(level);
  return opening !== undefined || isBad(severityOfWords(message.slice(0, 600)));
}

/** Of what is a record of its own, and whose header says nothing more. */
export function wholeShape(group: Group, level: Severity | undefined): Shape {
  return {
    group,
    level,
    hasHeader: true,
    mayBePrefixed: false,
    form: undefined,
    outcome: undefined,
    startsTrace: false,
    opening: undefined,
    isEmpty: false,
    counted: undefined,
    logger: noLogger,
    looksTraced: false,
    mayBeFrame: false,
    isBlank: false,
    isWhole: true,
    announces: isBad(level),
    endsInColon: false,
    continues: false,
    endsTrace: false,
  };
}

/**
 * Of the kinds of line that hold fields behind their header, if any, the one that this is. `pairs`: what was read of it
 * as pairs.
 */
function formOf(
  text: string,
  header: Header,
  level: Severity | undefined,
  pairs: Reading | undefined,
): LineForm | undefined {
  const { end } = header,
    at = text.startsWith('@cee:', end) ? end + 5 : end;
  if (text[at] === '{' || text.startsWith(' {', at)) return { needsHeader: true, read: readEmbedded };
  if (pairs)
    return {
      needsHeader: true,
      read: (line, { end: start, level: own }) => withLevel(readPairs(line, start, own), own),
    };
  const layout = accessLayoutOf(text);
  return layout
    ? {
        needsHeader: false,
        read(line) {
          const request = readAccess(line, layout);
          return request && [{ text: '', level: worse(level, severityOfStatus(request.status)), logger: '', request }];
        },
      }
    : undefined;
}

function withLevel(reading: Reading | undefined, level: Severity | undefined): readonly Reading[] | undefined {
  return reading && [{ ...reading, level: worse(reading.level, level) }];
}

/** An object behind a header: syslog, journald, or a logger that puts a time before it. */
function readEmbedded(text: string, { end, level, loggerStart, loggerEnd }: Header): readonly Reading[] | undefined {
  const logger = text.slice(loggerStart, loggerEnd);
  return readStructured(text.slice(text.startsWith('@cee:', end) ? end + 5 : end))?.map(reading => ({
    ...reading,
    level: worse(reading.level, level),
    logger: reading.logger || logger,
  }));
}

/** `level=warn`, as logfmt has it; in quotes or not. */
function levelOfPair(text: string): Severity | undefined {
  const [, word] =
    /(?:^|\s)(?:level|lvl|severity|levelname)="?([A-Za-z]{3,14})\b/.exec(text.slice(0, longestHead)) ?? [];
  return word === undefined ? undefined : levelOf(word);
}

const longestHead = 400;

/** More than one space stands before the message, as a logger has it that indents the lines of a trace. */
function isIndented(text: string, messageStart: number): boolean {
  return messageStart > 2 && isSpace(text.charCodeAt(messageStart - 1)) && isSpace(text.charCodeAt(messageStart - 2));
}

const rests = [
  'at ',
  'Caused by',
  'Suppressed:',
  '... ',
  'File "',
  'During handling of',
  'The above exception',
  'goroutine ',
  'created by ',
  'Stack trace',
  'stack backtrace:',
  'note: run with ',
  'stack:',
  '---> ',
  '--- End of ',
  '^',
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
