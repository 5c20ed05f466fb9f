// What was read of a line whose format says what is what: the message in it, and what its fields tell beside it.
import type { Severity } from '../../../model/evidence/evidence.ts';
import type { WebRequest } from './accessLog.ts';
import type { Header } from '../header/headerStyles.ts';
import { isBad, worse } from '../text/severity.ts';

export interface Reading {
  /** The innermost message, which may have further lines, a trace for instance. '' where the fields say all. */
  readonly text: string;
  /** The worst level of all that the message was wrapped in. */
  readonly level: Severity | undefined;
  /** '' where none is named. */
  readonly logger: string;
  readonly request?: WebRequest;
  /** The line's values that the pipeline watches, such as `exit code: 137`; absent: none. */
  readonly values?: readonly string[];
  /** What fields beside the message say in a word, such as `state=ready`: part of the statement; absent: nothing. */
  readonly states?: string;
  /**
   * `text` is a line as a program wrote it, handed on by what knows nothing of it: it may go on with the line before.
   */
  readonly isHandedOn?: boolean;
  /** The text goes on in the next piece: it was too long for what handed it on. */
  readonly isPart?: boolean;
  /** The message was made up from the fields, since none of them is known to hold one. */
  readonly isMadeUp?: boolean;
}

/** What a wrapper says that says nothing. */
export const nothing: Reading = { text: '', level: undefined, logger: '', isHandedOn: true };

/** How the lines of a shape are read, one by one, since their fields and figures matter. */
export interface LineForm {
  /** Whether the header of a line must be read first; else it is that of another line. */
  readonly needsHeader: boolean;
  read(text: string, header: Header): readonly Reading[] | undefined;
}

/** A reading inside another: the inner text with the worse level, the inner logger and request where it has one. */
export function inside(outer: Reading | undefined, inner: Reading): Reading {
  if (!outer) return inner;
  const request = inner.request ?? outer.request,
    values = inner.values ?? outer.values,
    states = inner.states ?? outer.states;
  return {
    ...inner,
    level: worse(outer.level, inner.level),
    logger: inner.logger || outer.logger,
    ...(request && { request }),
    ...(values && { values }),
    ...(states && { states }),
    isHandedOn: outer.isHandedOn === true && inner.isHandedOn === true,
  };
}

/** A name that says how something is or how it ended; `grpc.code` is go-grpc-middleware's. */
const stateName =
    /(?:state|status|result|outcome|health|phase|condition|(?:^|[._-])(?:success|ok|healthy|ready|res|grpc\.code))$/i,
  stateWord = /^\p{L}[\p{L}_-]{0,23}$/u,
  flagWord = /^(?:true|false)$/i,
  mostStates = 3;

export function isStateName(name: string): boolean {
  return stateName.test(name);
}

export function isStateWord(value: string): boolean {
  return stateWord.test(value);
}

/**
 * The fields that tell a state: those that are true or false, and those of such a name that hold a single word. Of a
 * line that tells of trouble by its level none: what it says is known to be bad, and its error says why. `fields`:
 * names with their values.
 */
export function statesOf(
  fields: Iterable<readonly [name: string, value: unknown]>,
  level: Severity | undefined,
): string | undefined {
  if (isBad(level)) return undefined;
  const named: string[] = [],
    flags: string[] = [];
  for (const [name, value] of fields) {
    const isNamed = isStateName(name),
      isFlag = typeof value === 'boolean' || (typeof value === 'string' && flagWord.test(value));
    if (!isFlag && !(isNamed && typeof value === 'string' && isStateWord(value))) continue;
    (isNamed ? named : flags).push(`${name.slice(name.lastIndexOf('.') + 1)}=${String(value)}`);
  }
  const states = [...named.sort(), ...flags.sort()].slice(0, mostStates);
  return states.length > 0 ? states.join(' ') : undefined;
}
