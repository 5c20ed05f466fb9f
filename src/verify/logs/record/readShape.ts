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
import type { LineForm, Reading } from '../formats/reading.ts';
import type { Recognizer } from '../template/recognition.ts';
import { mayTrace, traceBegin } from './records.ts';
import { isBad, levelInside, levelOf, severityOfStatus, severityOfWords, worse } from '../text/severity.ts';
import type { Shape } from './shapes.ts';
import { mayBeFrame } from './stackTrace.ts';
import type { ValueReader } from '../text/namedValues.ts';
import { readStructured } from '../formats/structured.ts';
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
  return (canonical, line) => {
    const text = read(canonical),
      raw = read(line);
    readHeader(text, layouts, header);
    const { end, hasTime, loggerStart, loggerEnd } = header,
      level = header.level ?? levelOfPair(text) ?? levelInside(text, end) ?? levelOfMark(raw);
    const logger = text.slice(loggerStart, loggerEnd),
      isBlank = text.trim() === '',
      isEmpty = !isBlank && text.slice(end).trim() === '',
      hasHeader = hasTime || level !== undefined,
      opening = hasHeader ? undefined : openingOf(raw),
      startsTrace = mayTrace(level) && text.slice(end, end + 160).includes(traceBegin);
    readHeader(raw, layouts, rawHeader);
    const pairs = mayHavePairs(raw, rawHeader.end) ? readPairs(raw, rawHeader.end) : undefined;
    if (pairs && !pairs.request && !pairs.text.includes('\n') && !raw.includes('\\'))
      return {
        ...wholeShape(recognizer.groupOfMessage(toCanonical(pairs.text), 0), worse(pairs.level, header.level)),
        logger: withoutLine(pairs.logger || raw.slice(rawHeader.loggerStart, rawHeader.loggerEnd)),
      };
    return {
      group: isBlank || isEmpty ? recognizer.groupOfMessage(emptyMessage, 0) : recognizer.groupOfMessage(text, end),
      level,
      hasHeader,
      mayBePrefixed: hasTime && mayTrace(level),
      logger: hidesLetters.test(logger) || lineOfCode.test(logger) ? undefined : loggerOf(logger),
      isBlank,
      isEmpty,
      isWhole: false,
      form: formOf(raw, rawHeader, level, pairs),
      showsStatus: showsStatus.test(raw.slice(0, longestLooked)),
      opening,
      announces: announces(level, opening, raw.slice(rawHeader.end)),
      endsInColon: text.trimEnd().endsWith(':'),
      continues: text.startsWith('  ') || beginsLikeRest(text, isSpace(text.charCodeAt(0)) ? 1 : 0),
      endsTrace: endsTrace(text),
      looksTraced: startsTrace || (mayTrace(level) && isIndented(text, end)),
      startsTrace,
      mayBeFrame: mayBeFrame(raw.slice(rawHeader.end)),
    };
  };
}

/** Lines of one shape may come from several lines of code. */
function withoutLine(name: string): Logger {
  return { className: loggerOf(name).className, codeLine: '' };
}

/** A word with figures: the canonical text does not say which letters it has. */
const hidesLetters = /\p{L}[^\s=:,;()[\]{}<>"'|`]*\d|\d[^\s=:,;()[\]{}<>"'|`]*\p{L}/u;

/**
 * As in the lines of OpenStack's servers (docs.openstack.org/oslo.service): `"GET /v2 HTTP/1.1" status: 200 len: 7`.
 */
const showsStatus = /\b(?:GET|HEAD|POST|PUT|PATCH|DELETE|OPTIONS)\b.*\bstatus(?:_code|Code)?["']?[:=] ?["']?\d{3}\b/i,
  longestLooked = 1_000;

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
    logger: noLogger,
    isBlank: false,
    isEmpty: false,
    isWhole: true,
    form: undefined,
    showsStatus: false,
    opening: undefined,
    announces: isBad(level),
    endsInColon: false,
    continues: false,
    endsTrace: false,
    looksTraced: false,
    startsTrace: false,
    mayBeFrame: false,
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
      read: (line, { end: start, level: own }) => withLevel(readPairs(line, start), own),
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
