// Lines of code as part of what an event is. Where both sides run the same code, a known message from a line that only
// the canary has is another statement, and so is each of several lines that the canary reaches more or less often.
import type { Tally } from '../count/tally.ts';
import type { LogEvent } from './events.ts';

/** Lines of one event from one place of the code. */
export interface CodedTally {
  readonly event: LogEvent;
  /** The class of code, '' where none is known. */
  readonly logger: string;
  /** '' where none is known. */
  readonly codeLine: string;
  readonly tally: Tally;
}

export interface CodeLines {
  /** Whether both sides seem to run the same code in a class, whatever is said of one event. */
  isSameCode(logger: string, without?: LogEvent): boolean;
  /**
   * Whether it is to be told from the other statements with the same words: the reference never reached it, or the
   * sides differ in how often they reached each of them.
   */
  isOwnStatement(one: Omit<CodedTally, 'tally'>): boolean;
}

/** The lines of code that wrote one event in one class, with how often. */
interface Counted {
  readonly reference: Map<string, number>;
  readonly canary: Map<string, number>;
}

/** With what they say, found once: one event may have hundreds of lines of code, and each of them is asked for. */
interface Lines extends Counted {
  readonly agreement: keyof Agreement | undefined;
  readonly divides: boolean;
}

/** Events that both sides have, by whether one of their lines of code is the same. */
interface Agreement {
  same: number;
  moved: number;
}

/** A class is unchanged where two of its other statements are, and none moved; a build where nearly all of ten are. */
const leastOfClass = 2,
  leastOfBuild = 10,
  mostMoved = 0.05;

/**
 * Statements with the same words are told apart from this value of the chi-squared statistic (Pearson 1900) of one
 * line's share: by chance alone it is greater once in 640 times. It only decides what is counted apart; whether a
 * frequency is unexpected is judged afterwards, as of any event.
 */
const leastDifference = 10;

/** Events of one line of code, on average. */
const mostEventsOfLine = 1.5;

export function readCodeLines(all: readonly CodedTally[]): CodeLines {
  const counted = new Map<string, Map<LogEvent, Counted>>(),
    lines = new Map<string, Map<LogEvent, Lines>>(),
    classes = new Map<string, Agreement>(),
    coded = new Set<string>(),
    build: Agreement = { same: 0, moved: 0 };
  for (const { event, logger, codeLine, tally } of all) {
    if (logger === '') continue;
    const events = entryOf(counted, logger, () => new Map<LogEvent, Counted>()),
      { reference, canary } = entryOf(events, event, (): Counted => ({ reference: new Map(), canary: new Map() }));
    addCount(reference, codeLine, tally.counts.baseline + tally.counts.before);
    addCount(canary, codeLine, tally.counts.canary);
  }
  for (const [logger, events] of counted) {
    if (!areLinesOfCode([...events.values()])) continue;
    coded.add(logger);
    const all = new Map<LogEvent, Lines>(),
      sum: Agreement = { same: 0, moved: 0 };
    lines.set(logger, all);
    classes.set(logger, sum);
    for (const [event, one] of events) {
      const agreement = agreementOf(one);
      all.set(event, { ...one, agreement, divides: divides(one) });
      if (agreement === undefined) continue;
      sum[agreement]++;
      build[agreement]++;
    }
  }

  /** What the events of a class say, but for one of them. */
  function agreementIn(logger: string, without: LogEvent | undefined): Agreement {
    const { same, moved } = classes.get(logger) ?? { same: 0, moved: 0 },
      kind = without && lines.get(logger)?.get(without)?.agreement;
    return { same: same - (kind === 'same' ? 1 : 0), moved: moved - (kind === 'moved' ? 1 : 0) };
  }

  function isSameCode(logger: string, without?: LogEvent): boolean {
    const { same, moved } = agreementIn(logger, without);
    if (!coded.has(logger) || moved > 0) return false;
    return same >= leastOfClass || (build.same >= leastOfBuild && build.moved <= mostMoved * build.same);
  }

  return {
    isSameCode,
    isOwnStatement({ event, logger, codeLine }) {
      const known = lines.get(logger)?.get(event);
      if (codeLine === '' || !known || known.reference.size === 0 || known.reference.has('')) return false;
      if (known.reference.has(codeLine)) return known.divides && isSameCode(logger, event);
      const isShared = known.agreement === 'same' && agreementIn(logger, event).moved === 0;
      return isShared || isSameCode(logger, event);
    },
  };
}

/**
 * Whether the numbers behind a logger's name are lines of code: a line of code nearly always writes one event,
 * while a worker or a connection with a number writes many.
 */
function areLinesOfCode(events: readonly Counted[]): boolean {
  const pairs = events.flatMap(({ reference, canary }) => [...new Set([...reference.keys(), ...canary.keys()])]),
    named = pairs.filter(line => line !== '');
  return named.length > 0 && named.length <= mostEventsOfLine * new Set(named).size;
}

function agreementOf({ reference, canary }: Counted): keyof Agreement | undefined {
  if (reference.size === 0 || canary.size === 0 || reference.has('') || canary.has('')) return undefined;
  return [...reference.keys()].some(line => canary.has(line)) ? 'same' : 'moved';
}

/** Whether the sides differ in the share that one of the lines has of the event. */
function divides({ reference, canary }: Counted): boolean {
  if (reference.size < 2 || canary.size === 0) return false;
  const before = sumOf(reference),
    after = sumOf(canary);
  return [...reference].some(([line, expected]) => {
    const seen = canary.get(line) ?? 0,
      others = before - expected + (after - seen),
      difference = expected * after - seen * before;
    return difference ** 2 * (before + after) >= leastDifference * before * after * (expected + seen) * others;
  });
}

function sumOf(counts: ReadonlyMap<string, number>): number {
  return [...counts.values()].reduce((sum, count) => sum + count, 0);
}

function addCount(counts: Map<string, number>, line: string, count: number): void {
  if (count > 0) counts.set(line, (counts.get(line) ?? 0) + count);
}

function entryOf<Key, Value>(map: Map<Key, Value>, key: Key, make: () => Value): Value {
  let value = map.get(key);
  if (value === undefined) map.set(key, (value = make()));
  return value;
}
