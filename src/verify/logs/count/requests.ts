// Which request a line belongs to, where lines bear an id of it: requests come independently of one another, their
// lines do not.
import { hashText } from '../text/characters.ts';

/**
 * Names under which logging libraries write the id of a request or a trace, and OpenStack's form of it. A span or a
 * session is no request.
 */
const requestId =
  /(?:\b(?:trace|request|req|correlation|transaction|txn?)[-_. ]?id"?\s?[:=]\s?"?|\[req-|\btraceparent"?\s?[:=]\s?"?00-)([0-9A-Za-z][\w-]{5,63})/i;

const longestHead = 400,
  leastShare = 0.3,
  leastRepeats = 1.25;

/** A number for the request of a line, undefined where the line bears none. */
export type RequestReader = (text: string) => number | undefined;

/** Looks for requests only where a good part of the sample bears ids, and where several lines have the same. */
export function createRequestReader(sample: readonly string[]): RequestReader | undefined {
  const ids = sample.flatMap(line => readRequest(line) ?? []);
  const isUsed = ids.length >= leastShare * sample.length && ids.length >= leastRepeats * new Set(ids).size;
  return isUsed && ids.length > 0 ? readRequest : undefined;
}

function readRequest(text: string): number | undefined {
  const id = requestId.exec(text.slice(0, longestHead))?.[1];
  return id === undefined ? undefined : hashText(id);
}

const mostRecent = 16;

/**
 * Counts requests and how their lines are spread over them. One request's lines come near one another, so that the
 * latest ones are enough to know it by.
 */
export interface RequestCounter {
  add(request: number, atMs: number): void;
  /** Lines that bore an id, and the sum over all requests of the square of their number of lines. */
  readonly lines: number;
  readonly squares: number;
  readonly recent: ReadonlyMap<number, Request>;
}

/** One of the latest requests: its lines, and when the first and the last of them came. */
interface Request {
  readonly lines: number;
  readonly firstMs: number;
  readonly lastMs: number;
}

/**
 * Several counters seen as one, to read only; undefined where no line bore an id. One request may have lines in several
 * of them: how much that adds to the squares is taken from the latest requests.
 */
export function joinCounters(counters: readonly (RequestCounter | undefined)[]): RequestCounter | undefined {
  const those = counters.filter(counter => counter !== undefined);
  if (those.length < 2) return those[0];
  const recent = new Map<number, Request>();
  let apart = 0;
  for (const counter of those)
    for (const [id, request] of counter.recent) {
      recent.set(id, joinRequests(recent.get(id), request));
      apart += request.lines ** 2;
    }
  const joined = [...recent.values()].reduce((sum, { lines }) => sum + lines ** 2, 0);
  return {
    add() {
      /* its parts are added to */
    },
    lines: those.reduce((sum, { lines }) => sum + lines, 0),
    squares: those.reduce((sum, { squares }) => sum + squares, 0) * (joined / apart),
    recent,
  };
}

function joinRequests(one: Request | undefined, other: Request): Request {
  return one
    ? {
        lines: one.lines + other.lines,
        firstMs: Math.min(one.firstMs, other.firstMs),
        lastMs: Math.max(one.lastMs, other.lastMs),
      }
    : other;
}

export function createRequestCounter(): RequestCounter {
  const recent = new Map<number, Request>();
  let lines = 0,
    squares = 0;
  return {
    add(id, atMs) {
      const before = recent.get(id);
      recent.delete(id);
      recent.set(id, joinRequests(before, { lines: 1, firstMs: atMs, lastMs: atMs }));
      if (recent.size > mostRecent) recent.delete(recent.keys().next().value!);
      lines++;
      squares += 2 * (before?.lines ?? 0) + 1;
    },
    recent,
    get lines() {
      return lines;
    },
    get squares() {
      return squares;
    },
  };
}

/** The requests of one side, and how long that side was seen. */
export interface SideRequests {
  readonly counter: RequestCounter | undefined;
  readonly seenMs: number;
}

/**
 * The index of dispersion of lines that come with independent requests: E[X^2] / E[X] for X lines of a request (a
 * compound Poisson count's variance over its mean). At least 1.
 */
export function linesPerRequest(sides: readonly SideRequests[]): number {
  let lines = 0,
    squares = 0;
  for (const { counter, seenMs } of sides) {
    if (!counter) continue;
    lines += counter.lines;
    squares += counter.squares;
    for (const request of counter.recent.values())
      if (isContext(request, seenMs)) squares -= request.lines ** 2 - request.lines;
  }
  return lines > 0 ? Math.max(1, squares / lines) : 1;
}

/** An id that is there for half of the time is that of a thread or a session, whose lines are work of their own. */
function isContext({ firstMs, lastMs }: Request, seenMs: number): boolean {
  return lastMs - firstMs > seenMs / 2;
}
