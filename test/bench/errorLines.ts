// An error as one log would have it: behind a real line's own header, at an error's level, inside the object where lines are JSON.
import type { InjectedError } from './injectedErrors.ts';

/** Every word for a level, beside the word for an error in the same style. */
const levels: readonly (readonly [RegExp, string])[] = [
  [/\b(?:TRACE|DEBUG|INFO|NOTICE|WARN|WARNING|LOG|ERROR|FATAL|CRITICAL)\b/, 'ERROR'],
  [/\b(?:trace|debug|info|notice|warn|warning|error|fatal|critical|log)\b/, 'error'],
  [/\b(?:Trace|Debug|Info|Information|Notice|Warn|Warning|Error|Fatal)\b/, 'Error'],
  [/(?<=^|[\s[<])[TDIWEF](?=[\s\]>]|\d{4} \d\d:)/, 'E'],
];
const time = /\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}[T ]?|\d{1,2}:\d{2}:\d{2}[.,\d]*|\b\d{10,13}(?:\.\d+)?\b/g;
/** A header is not longer. */
const longestHeader = 120;

const messageKeys = ['message', 'msg', 'MESSAGE', 'log', 'body', 'event', 'text'],
  levelKeys = ['level', 'severity', 'error_severity', 'lvl', 'loglevel', 'severityText', 'levelname'];

export function linesOfError(error: InjectedError, like: string, draw: (below: number) => number): readonly string[] {
  const text = error.text
    .replaceAll('{number}', () => String(1_000 + draw(90_000)))
    .replaceAll('{hex}', () => (0x10000000 + draw(0x10000000)).toString(16).slice(0, 8))
    .replaceAll('{host}', () => `10.${draw(4)}.${draw(250)}.${draw(250)}`);
  const told = toldInside(text, like);
  if (told !== undefined) return [told];
  const [first = '', ...rest] = text.split('\n');
  return [error.isWhole ? first : `${headerOf(like)}${first}`, ...rest];
}

/** In a log of JSON the program's logger writes the error, whatever its form, as the object's message. */
function toldInside(text: string, like: string): string | undefined {
  if (!like.startsWith('{')) return undefined;
  let read: unknown;
  try {
    read = JSON.parse(like);
  } catch {
    return undefined;
  }
  const told = isRecord(read) ? withMessage(read, text, 2) : undefined;
  return told && JSON.stringify(told);
}

function withMessage(
  record: Record<string, unknown>,
  text: string,
  depth: number,
): Record<string, unknown> | undefined {
  const key = messageKeys.find(one => typeof record[one] === 'string');
  if (key !== undefined)
    return Object.fromEntries(
      Object.entries(record).map(([name, value]) => [
        name,
        name === key ? text : levelKeys.includes(name) ? asError(value) : value,
      ]),
    );
  if (depth === 0) return undefined;
  for (const [name, value] of Object.entries(record)) {
    const inner = isRecord(value) ? withMessage(value, text, depth - 1) : undefined;
    if (inner) return { ...record, [name]: inner };
  }
  return undefined;
}

/** Numbers are those of bunyan and pino. */
function asError(level: unknown): unknown {
  if (typeof level === 'number') return 50;
  if (typeof level !== 'string') return level;
  return levels.reduce((said, [words, error]) => (said === level ? level.replace(words, error) : said), level);
}

/** What stands before the message of this line: up to its level's word, else up to the time and the name of the program behind it. */
export function headerOf(line: string): string {
  const start = line.slice(0, longestHeader);
  const times = [...start.matchAll(time)],
    timeEnd =
      times.length > 0
        ? times.reduce((end, found) => (found.index <= end + 8 ? found.index + found[0].length : end), 0)
        : 0;
  for (const [words, error] of levels) {
    const found = words.exec(start);
    if (!found || found.index > Math.max(48, timeEnd + 40)) continue;
    const end = found.index + found[0].length,
      after =
        /^[\]>)|:]*\s*(?:\[[^\]]{0,60}\]\s*)*(?:[\w.$/-]{1,60}(?::\d+\]|:)\s+|-\s+)?/.exec(line.slice(end))?.[0] ?? '';
    return `${line.slice(0, found.index)}${error}${after || ' '}`;
  }
  if (timeEnd === 0) return '';
  const program = /^[^\s]*\s+(?:\S+\s+)?[\w./-]+(?:\[\d+\])?:\s/.exec(line.slice(timeEnd))?.[0];
  return `${line.slice(0, timeEnd)}${program ?? /^\S*\s*/.exec(line.slice(timeEnd))?.[0] ?? ' '}`;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
