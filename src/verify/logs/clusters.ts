// The clusters of one assessment: groups that merged counted together, split by logger where the logger is a class of code, with what is known of them.
import type { LearnedCluster, Severity } from '../../model/evidence.ts';
import type { FeedbackMark } from '../../model/feedback.ts';
import { isTrace, type Recognizer } from './recognition.ts';
import { isFillingOf } from './similarity.ts';
import { mergeTallies, type Tally } from './tally.ts';
import type { Group } from './templates.ts';

export interface Cluster {
  readonly group: Group;
  /** The class of code that logged it, '' where none is known or it makes no difference. */
  readonly logger: string;
  readonly tally: Tally;
  readonly learned: LearnedCluster | undefined;
  /** What a reviewer said of it. */
  readonly mark?: FeedbackMark;
}

export interface LoggedTally {
  readonly group: Group;
  readonly logger: string;
  readonly tally: Tally;
  /** Severity of its lines by the level in their header. */
  readonly severities: Map<Severity | undefined, Severity>;
}

/** What was seen, by root group and logger. `learnedOf` tells which groups were learned. */
export function collectClusters(seen: Iterable<LoggedTally>, recognizer: Recognizer, learnedOf: ReadonlyMap<Group, LearnedCluster>): Cluster[] {
  const byRoot = new Map<Group, Map<string, Tally[]>>();
  const loggersKnown = new Set<string>();
  for (const { group, logger, tally } of seen) {
    const root = recognizer.root(group);
    const loggers = byRoot.get(root) ?? new Map<string, Tally[]>();
    byRoot.set(root, loggers);
    loggers.set(logger, [...loggers.get(logger) ?? [], tally]);
    if (tally.counts.baseline + tally.counts.before > 0) loggersKnown.add(logger);
  }
  const clusters: Cluster[] = [];
  for (const [group, loggers] of byRoot) {
    for (const [logger, tallies] of joinRenamed(loggers, loggersKnown)) clusters.push({ group, logger, tally: mergeTallies(tallies), learned: learnedOf.get(group) });
  }
  return joinFillings(clusters);
}

/** A logger that only the canary has is a renamed one where the same message is known from another: no reason to tell them apart. */
function joinRenamed(loggers: Map<string, Tally[]>, known: ReadonlySet<string>): Map<string, Tally[]> {
  if (loggers.size === 1) return loggers;
  const home = [...loggers].find(([, tallies]) => isKnown(tallies))?.[0];
  if (home === undefined) return loggers;
  const joined = new Map<string, Tally[]>();
  for (const [logger, tallies] of loggers) {
    const target = known.has(logger) ? logger : home;
    joined.set(target, [...joined.get(target) ?? [], ...tallies]);
  }
  return joined;
}

function isKnown(tallies: readonly Tally[]): boolean {
  return tallies.some(({ counts }) => counts.baseline + counts.before > 0);
}

/** A cluster that only the canary has and that is a known one with a parameter never seen before belongs to the known one. */
function joinFillings(clusters: readonly Cluster[]): Cluster[] {
  const isHome = (cluster: Cluster): boolean => cluster.learned !== undefined || isKnown([cluster.tally]);
  const known = clusters.filter(isHome), unknown: Cluster[] = [];
  const guests = new Map<Cluster, Tally[]>();
  for (const cluster of clusters) {
    if (isHome(cluster)) continue;
    const home = isTrace(cluster.group) ? undefined : known.find(other => other.group !== cluster.group && isFillingOf(other.group.tokens, cluster.group.tokens));
    if (home) guests.set(home, [...guests.get(home) ?? [], cluster.tally]); else unknown.push(cluster);
  }
  return [...known.map(home => ({ ...home, tally: mergeTallies([home.tally, ...guests.get(home) ?? []]) })), ...unknown];
}
