// Tallies of a group by the rank of their lines' level and by logger; each has a number.
import type { LoggedTally } from './clusters.ts';
import type { Logger } from '../header/loggerClass.ts';
import type { SeverityRank } from '../settings.ts';
import { createTally } from './tally.ts';
import type { Group } from '../template/templates.ts';

export interface Tallies {
  of(group: Group, logger: Logger, rank: SeverityRank): LoggedTally;
  /** In the order of their numbers. */
  readonly numbered: readonly LoggedTally[];
  /** By group, rank and logger. */
  all(): readonly LoggedTally[];
}

/** Most groups have lines of one rank. */
type ByRank = [Map<string, LoggedTally>?, Map<string, LoggedTally>?, Map<string, LoggedTally>?];

/** Of one group. */
const mostLoggers = 256;

export function createTallies(firstNumber: number): Tallies {
  const byGroup = new Map<Group, ByRank>(),
    numbered: LoggedTally[] = [];
  return {
    numbered,
    of(group, { className, codeLine }, rank) {
      let ranks = byGroup.get(group);
      if (!ranks) {
        ranks = [undefined, undefined, undefined];
        byGroup.set(group, ranks);
      }
      const loggers = (ranks[rank] ??= new Map());
      const full = className + codeLine,
        isCounted = loggers.size < mostLoggers || loggers.has(full),
        name = isCounted ? full : '';
      let logged = loggers.get(name);
      if (!logged) {
        const number = firstNumber + numbered.length;
        logged = {
          group,
          logger: isCounted ? className : '',
          codeLine: isCounted ? codeLine : '',
          rank,
          tally: createTally(),
          severities: new Map(),
          number,
        };
        numbered.push(logged);
        loggers.set(name, logged);
      }
      return logged;
    },
    all: () => [...byGroup.values()].flatMap(ranks => ranks.flatMap(loggers => (loggers ? [...loggers.values()] : []))),
  };
}
