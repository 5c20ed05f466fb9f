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
  add(request: number): void;
  /** Lines that bore an id, and the sum over all requests of the square of their number of lines. */
  readonly lines: number;
  readonly squares: number;
}

/** Several counters seen as one, to read only; undefined where no line bore an id. */
export function joinCounters(counters: readonly (RequestCounter | undefined)[]): RequestCounter | undefined {
  const those = counters.filter(counter => counter !== undefined);
  if (those.length === 0) return undefined;
  return {
    add() {
      /* its parts are added to */
    },
    lines: those.reduce((sum, { lines }) => sum + lines, 0),
    squares: those.reduce((sum, { squares }) => sum + squares, 0),
  };
}

export function createRequestCounter(): RequestCounter {
  const recent = new Map<number, number>();
  let lines = 0,
    squares = 0;
  return {
    add(request) {
      const before = recent.get(request) ?? 0;
      recent.delete(request);
      recent.set(request, before + 1);
      if (recent.size > mostRecent) recent.delete(recent.keys().next().value!);
      lines++;
      squares += 2 * before + 1;
    },
    get lines() {
      return lines;
    },
    get squares() {
      return squares;
    },
  };
}

/**
 * The index of dispersion of lines that come with independent requests: E[X^2] / E[X] for X lines of a request (a
 * compound Poisson count's variance over its mean). At least 1.
 */
export function linesPerRequest(counters: readonly (RequestCounter | undefined)[]): number {
  const all = joinCounters(counters);
  return all && all.lines > 0 ? Math.max(1, all.squares / all.lines) : 1;
}
