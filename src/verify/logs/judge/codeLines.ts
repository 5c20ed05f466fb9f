// Lines of code as part of what an event is: where both sides run the same code, a known message from a line that only
// the canary has is another statement.
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
  /** Whether it is a statement that the reference never reached, though it has one with the same words. */
  isOtherStatement(one: Omit<CodedTally, 'tally'>): boolean;
}

/** The lines of code that wrote one event in one class. */
interface Lines {
  readonly reference: Set<string>;
  readonly canary: Set<string>;
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

export function readCodeLines(all: readonly CodedTally[]): CodeLines {
  const lines = new Map<string, Map<LogEvent, Lines>>(),
    classes = new Map<string, Agreement>(),
    coded = new Set(all.filter(({ codeLine }) => codeLine !== '').map(({ logger }) => logger)),
    build: Agreement = { same: 0, moved: 0 };
  for (const { event, logger, codeLine, tally } of all) {
    if (logger === '') continue;
    const events = entryOf(lines, logger, () => new Map<LogEvent, Lines>()),
      { reference, canary } = entryOf(events, event, () => ({ reference: new Set<string>(), canary: new Set() }));
    if (tally.counts.baseline + tally.counts.before > 0) reference.add(codeLine);
    if (tally.counts.canary > 0) canary.add(codeLine);
  }
  for (const [logger, events] of lines) {
    const agreement: Agreement = { same: 0, moved: 0 };
    classes.set(logger, agreement);
    for (const one of events.values()) {
      const kind = agreementOf(one);
      if (kind === undefined) continue;
      agreement[kind]++;
      build[kind]++;
    }
  }

  function isSameCode(logger: string, without?: LogEvent): boolean {
    const own = without && lines.get(logger)?.get(without),
      kind = own && agreementOf(own);
    const { same, moved } = classes.get(logger) ?? { same: 0, moved: 0 };
    if (!coded.has(logger) || moved > (kind === 'moved' ? 1 : 0)) return false;
    if (same - (kind === 'same' ? 1 : 0) >= leastOfClass) return true;
    return build.same >= leastOfBuild && build.moved <= mostMoved * build.same;
  }

  return {
    isSameCode,
    isOtherStatement({ event, logger, codeLine }) {
      const known = lines.get(logger)?.get(event);
      if (codeLine === '' || !known || known.reference.size === 0) return false;
      if (known.reference.has(codeLine) || known.reference.has('')) return false;
      return agreementOf(known) === 'same' || isSameCode(logger, event);
    },
  };
}

function agreementOf({ reference, canary }: Lines): keyof Agreement | undefined {
  if (reference.size === 0 || canary.size === 0 || reference.has('') || canary.has('')) return undefined;
  return [...reference].some(line => canary.has(line)) ? 'same' : 'moved';
}

function entryOf<Key, Value>(map: Map<Key, Value>, key: Key, make: () => Value): Value {
  let value = map.get(key);
  if (value === undefined) map.set(key, (value = make()));
  return value;
}
