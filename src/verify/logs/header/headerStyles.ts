// Headers of formats that are known by their beginning: klog, syslog in both forms, and columns between pipes.
import type { Severity } from '../../../model/evidence/evidence.ts';
import { isLetter, skipSpaces } from '../text/characters.ts';
import { readField, type Field } from './fields.ts';
import { levelOfPriority } from '../formats/jsonLevels.ts';
import { levelOf, levelOfLetter, severityOfWords } from '../text/severity.ts';

/** Header of one line; one object is used again and again. Offsets are into the line. */
export interface Header {
  /** Start of the message. */
  end: number;
  level: Severity | undefined;
  hasTime: boolean;
  timeStart: number;
  timeEnd: number;
  loggerStart: number;
  loggerEnd: number;
}

export function emptyHeader(): Header {
  return { end: 0, level: undefined, hasTime: false, timeStart: 0, timeEnd: 0, loggerStart: 0, loggerEnd: 0 };
}

const field: Field = { start: 0, end: 0, kind: 'none' };

export function isKlog(text: string): boolean {
  return /^[IWEF](?:\d\d)?(?:\d\d)?\d{4} /.test(text);
}

/**
 * `I0506 12:00:00.123456 1234 file.go:56] message`, with the year or its last two digits before the month in newer glog
 * and in CockroachDB.
 */
export function readKlog(text: string, from: number, limit: number, header: Header): void {
  header.level = levelOfLetter(text[0]!);
  const close = text.indexOf('] ', from);
  header.end = close > 0 && close < limit ? skipSpaces(text, close + 1, limit) : from;
}

/**
 * `[   12.345678] message`, the kernel's ring buffer with printk.time (docs.kernel.org/core-api/printk-basics.html):
 * where the message begins, else 0.
 */
export function endOfRingTime(text: string): number {
  return text.charCodeAt(0) === 91 ? (/^\[ *\d{1,8}\.\d{2,6}\] /.exec(text)?.[0].length ?? 0) : 0;
}

/**
 * `fail: Shop.Orders[7]`, the first of the two lines of .NET's simple console
 * (learn.microsoft.com/dotnet/core/extensions/console-log-formatter).
 */
const dotnetHead = /^(?:.{0,40}\s)?(trce|dbug|info|warn|fail|crit): ([\w.`+<>,-]{1,200})\[\d+\]\s*$/;

/** Reads the line that has level and category alone; false for any other. */
export function readDotnetHead(text: string, header: Header): boolean {
  // Most lines do not end like that, and to see that costs less than the pattern.
  if (!text.trimEnd().endsWith(']')) return false;
  const [, level, logger] = dotnetHead.exec(text) ?? [];
  if (level === undefined || logger === undefined) return false;
  header.level = levelOf(level);
  header.loggerStart = text.lastIndexOf(`${logger}[`);
  header.loggerEnd = header.loggerStart + logger.length;
  header.end = text.length;
  return true;
}

export function isSyslog(text: string): boolean {
  return /^<\d+>\d+ /.test(text);
}

/** RFC 5424: `<34>1 time host application process message-id [data] message` */
export function readSyslog(text: string, from: number, limit: number, header: Header): void {
  let at = from;
  for (let index = 0; index < 4; index++) {
    readField(text, at, limit, field);
    if (field.kind === 'none') break;
    if (index === 1) {
      header.loggerStart = field.start;
      header.loggerEnd = field.end;
    }
    at = field.end;
  }
  for (
    readField(text, at, limit, field);
    field.kind === 'bracket' || (field.kind === 'dash' && field.end === field.start + 1);
    readField(text, at, limit, field)
  ) {
    at = field.end;
    if (text[field.start] === '-' || text[at] !== '[') break;
  }
  header.end = skipSpaces(text, at, limit);
}

interface MarkedHead {
  readonly name: string;
  /** Where the format is published. */
  readonly source: string;
  /** What every such head has: most lines have it not, and to look for it costs less than the pattern. */
  readonly needle: string;
  /** Its one group is the mark. */
  readonly pattern: RegExp;
  levelOf(mark: string): Severity | undefined;
}

const redisMarks: Readonly<Record<string, Severity>> = { '.': 'debug', '-': 'debug', '*': 'info', '#': 'warn' },
  kernelMarks: Readonly<Record<string, Severity>> = { WARNING: 'warn', ALERT: 'error' };

/** Formats whose heads say how bad a line is by a mark that is no word, or no word of a column. */
const markedHeads: readonly MarkedHead[] = [
  {
    name: 'Redis: `4711:M 04 Mar 2026 10:20:30.123 # message`',
    source: 'github.com/redis/redis, src/server.c',
    needle: ':',
    pattern: /^\d+:[XCSM] \d+ \p{L}{3} \d+ \d+:\d+:[\d.]+ ([.*#-]) /u,
    levelOf: mark => redisMarks[mark],
  },
  {
    name: 'Cisco: `%LINK-3-UPDOWN: message`, the severity of syslog',
    source: 'cisco.com, System Message Guide, how to read system messages',
    needle: '%',
    pattern: /^.{0,80}?%[A-Z]\w{0,40}(?:-\w{1,40})?-([0-7])-\w{1,60}: /,
    levelOf: mark => levelOfPriority(Number(mark)),
  },
  {
    name: "Logback's own status: `10:20:30,123 |-INFO in a.b.Class - message`",
    source: 'logback.qos.ch/manual/configuration.html, status messages',
    needle: '|-',
    pattern: /^(?:\S{1,40} )?\|-(INFO|WARN|ERROR) in /,
    levelOf,
  },
  {
    name: 'logcat, brief: `E/Tag( 123): message`',
    source: 'developer.android.com/tools/logcat#outputFormat',
    needle: '/',
    pattern: /^([VDIWEF])\/[\w.$-]{1,60} *\( *\d+\): /,
    levelOf: levelOfLetter,
  },
  {
    name: 'ESXi kernel: `cpu3:2100)WARNING: message`',
    source: 'techdocs.broadcom.com, ESXi log files',
    needle: ' cpu',
    pattern: /^\S{1,40} cpu\d+:\d+(?: opID=\w+)?\)(WARNING|ALERT): /,
    levelOf: mark => kernelMarks[mark],
  },
];

export function levelOfMark(text: string): Severity | undefined {
  for (const { needle, pattern, levelOf } of markedHeads) {
    if (!text.includes(needle)) continue;
    const [, mark] = pattern.exec(text) ?? [];
    if (mark !== undefined) return levelOf(mark);
  }
  return undefined;
}

/** `time|component|pid|message`: as many columns as nearly every line of the stream has. */
export function readPipes(text: string, from: number, limit: number, pipes: number, header: Header): void {
  let at = from,
    seen = text.charCodeAt(from) === 124 ? 0 : -1;
  let start = from;
  for (; at < limit; at++) {
    if (text.charCodeAt(at) !== 124) continue;
    if (seen >= 0) {
      const column = text.slice(start, at).trim();
      header.level ??= levelOf(column);
      if (header.loggerEnd === 0 && isLetter(column.charCodeAt(0)) && !levelOf(column)) {
        header.loggerStart = start;
        header.loggerEnd = at;
      }
    }
    start = at + 1;
    if (++seen >= pipes - 1 && (seen === pipes || text.charCodeAt(from) !== 124)) break;
    if (seen === pipes) break;
  }
  header.end = skipSpaces(text, at < limit ? at + 1 : from, limit);
}

/**
 * Host and process behind any other time, as rsyslog and journalctl write them:
 * `2026-03-03T10:00:00.123456+00:00 web-1 acme[4711]: `.
 */
export function isFromHost(text: string): boolean {
  return /^[\w.-]+ (?:[\w./@-]+(?:\([\w-]+\))?\[\d+\]|kernel): /.test(text);
}

/** `host process(module)[pid]: message` */
export function readSyslogTag(text: string, from: number, limit: number, header: Header): void {
  readField(text, from, limit, field);
  header.end = field.end;
  const first = field.end;
  let at = first;
  for (let count = 0; count < 3; count++) {
    readField(text, at, limit, field);
    if (field.kind === 'none') break;
    at = field.end;
    if (text.charCodeAt(at - 1) === 58) {
      // Several words may be the beginning of what the line says: `web-1 out of memory: killed 17`.
      if (count > 0 && severityOfWords(text.slice(first, at)) !== 'unknown') break;
      header.loggerStart = field.start;
      header.loggerEnd = endOfTag(text, field.start, at);
      header.end = at;
      break;
    }
    if (field.kind !== 'dash' && count === 0 && !text.endsWith(']', at)) {
      if (!isTagWord(text, field.start, at)) break;
    }
  }
  header.end = skipSpaces(text, header.end, limit);
}

function isTagWord(text: string, start: number, end: number): boolean {
  return end - start < 24 && (isLetter(text.charCodeAt(start)) || text.charCodeAt(start) === 45);
}

function endOfTag(text: string, start: number, end: number): number {
  for (let i = start; i < end; i++) if (text.charCodeAt(i) === 91 || text.charCodeAt(i) === 58) return i;
  return end;
}
