// An error as one log would have it: behind a real line's own header, at an error's level, inside the object where
// lines are JSON.
import type { InjectedError } from './injectedErrors.ts';

/**
 * Where a level stands in a line, beside an error in the same style. Small words are levels only where something sets
 * them off.
 */
const words = 'trace|debug|info|information|notice|warn|warning|error|fatal|critical|log',
  levels: readonly (readonly [RegExp, string])[] = [
    [new RegExp(`(?<![\\w-])(?:${words.toUpperCase()}|DBG|INF|WRN|ERR)(?![\\w-])`), 'ERROR'],
    [new RegExp(`(?<=\\[)(?:${words})(?=\\])|\\b(?:${words})(?=:)`), 'error'],
    [/(?<=^|[\s[<:])[IWEF](?=\d{4} \d\d:)|(?<=[\s[])[TDIWE](?=[\s\]])/, 'E'],
  ];
/** A header is not longer. */
const longestHeader = 120;
const time =
  String.raw`(?:\d{4}[-/.]\d\d[-/.]\d\d[T ]?|[A-Z][a-z]{2} [ \d]\d )?` +
  String.raw`\d\d:\d\d:\d\d(?:[.,]\d+)?(?:Z|[+-]\d\d:?\d\d)?`;
/** Behind the level: klog's time, thread and file; or threads, times and loggers, each set off as such. */
const afterLevel = new RegExp(
  `^(?:\\d{4} ${time}\\s+\\d+ [^\\]\\s]+\\] ` +
    `|[\\]>)|:]*\\s*(?:\\[[^\\]]{0,60}\\]:?\\s*)*(?:${time}\\s+)?(?:[\\w.$/-]{1,60}(?::\\d+)? ` +
    `-\\s+|[\\w$-]{0,40}[.$/][\\w.$/-]{1,60}(?::\\d+)?:\\s+|[\\w.]+ \\[[^\\]]{0,160}\\]\\s+)?)`,
);
/** Behind the time: machine and program of syslog, or the name of a unit. */
const afterTime = /^(?:\s+(?:\S+\s+)?[\w./-]+(?:\[\d+\])?:|\s+\[[^\]]{1,40}\]|\s+\d+ -)?\s+/;
const access = /"(?:GET|POST|PUT|HEAD|DELETE|OPTIONS|PATCH|CONNECT) /;

const messageKeys = ['message', 'msg', 'MESSAGE', 'log', 'body', 'event', 'text'],
  levelKeys = ['level', 'severity', 'error_severity', 'lvl', 'loglevel', 'severityText', 'levelname'];

export function linesOfError(error: InjectedError, like: string, draw: (below: number) => number): readonly string[] {
  const text = error.text
    .replaceAll('{number}', () => String(1_000 + draw(90_000)))
    .replaceAll('{hex}', () => (0x10000000 + draw(0x10000000)).toString(16).slice(0, 8))
    .replaceAll('{host}', () => `10.${draw(4)}.${draw(250)}.${draw(250)}`);
  const told = toldInside(text, like) ?? toldInPairs(text, like);
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

/** In a log of `key=value` pairs likewise. */
function toldInPairs(text: string, like: string): string | undefined {
  const message = /(?<=(?:^| )msg=)(?:"(?:[^"\\]|\\.)*"|\S+)/;
  if (!/^[\w.]+=/.test(like) || !message.test(like)) return undefined;
  return like.replace(message, () => JSON.stringify(text)).replace(/(?<=(?:^| )(?:level|lvl)=)\w+/, 'error');
}

/** The innermost message is what the program itself said; levels around it are raised with it. */
function withMessage(
  record: Record<string, unknown>,
  text: string,
  depth: number,
): Record<string, unknown> | undefined {
  const inner = Object.entries(record).flatMap(([name, value]) => {
    const told = depth > 0 && isRecord(value) ? withMessage(value, text, depth - 1) : undefined;
    return told ? [[name, told] as const] : [];
  })[0];
  const key = messageKeys.find(one => typeof record[one] === 'string');
  const told = inner ?? (key === undefined ? undefined : ([key, text] as const));
  return (
    told && {
      ...Object.fromEntries(
        Object.entries(record).map(([name, value]) => [name, levelKeys.includes(name) ? asError(value) : value]),
      ),
      [told[0]]: told[1],
    }
  );
}

/** Numbers are those of bunyan and pino. */
function asError(level: unknown): unknown {
  if (typeof level === 'number') return 50;
  if (typeof level !== 'string') return level;
  if (level.length === 1) return 'E';
  return level === level.toUpperCase() ? 'ERROR' : level === level.toLowerCase() ? 'error' : 'Error';
}

/**
 * What stands before the message of this line: up to its level's word, else up to the time and the name of the program
 * behind it.
 */
export function headerOf(line: string): string {
  const start = line.slice(0, longestHeader),
    found = new RegExp(time).exec(start),
    timeEnd = found ? found.index + found[0].length : 0,
    isAccess = access.test(line);
  if (!isAccess)
    for (const [level, error] of levels) {
      const place = level.exec(start);
      if (!place) continue;
      const end = place.index + place[0].length;
      return `${line.slice(0, place.index)}${error}${afterLevel.exec(line.slice(end))?.[0] || ' '}`;
    }
  // In a log of requests there is a header only where something else writes one before them.
  if (timeEnd === 0 || (isAccess && found!.index > 0)) return '';
  return `${line.slice(0, timeEnd)}${afterTime.exec(line.slice(timeEnd))?.[0] ?? ' '}`;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
