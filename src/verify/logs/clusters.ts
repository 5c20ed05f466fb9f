// The clusters of one assessment: groups that merged counted together, split by logger where the logger is a class of code, with what is known of them.
import type { LearnedCluster, Severity } from '../../model/evidence.ts';
import type { FeedbackMark } from '../../model/feedback.ts';
import { hashText } from './characters.ts';
import { indexFillings } from './fillings.ts';
import { describe, isTrace, type Recognizer } from './recognition.ts';
import { mergeTallies, type Tally } from './tally.ts';
import type { Group } from './templates.ts';

export interface Cluster {
  /** Stable across runs, restarts and releases: that of the learned cluster, else made of logger and template. */
  readonly key: string;
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

type Unnamed = Omit<Cluster, 'key' | 'learned'>;

/** What was seen, by root group and logger, in the order of their keys. `learnedOf` gives the learned clusters of a group. */
export function collectClusters(
  seen: Iterable<LoggedTally>,
  recognizer: Recognizer,
  learnedOf: ReadonlyMap<Group, readonly LearnedCluster[]>,
): Cluster[] {
  const byRoot = new Map<Group, Map<string, Tally[]>>();
  const loggersKnown = new Set<string>();
  for (const { group, logger, tally } of seen) {
    const root = recognizer.root(group);
    const loggers = byRoot.get(root) ?? new Map<string, Tally[]>();
    byRoot.set(root, loggers);
    loggers.set(logger, [...(loggers.get(logger) ?? []), tally]);
    if (isKnown(tally)) loggersKnown.add(logger);
  }
  const clusters: Unnamed[] = [];
  for (const [group, loggers] of byRoot) {
    for (const [logger, tallies] of joinRenamed(loggers, loggersKnown))
      clusters.push({ group, logger, tally: mergeTallies(tallies) });
  }
  return joinFillings(nameClusters(clusters, learnedOf));
}

/** A logger that only the canary has is a renamed one where the same message is known from another: no reason to tell them apart. */
function joinRenamed(loggers: Map<string, Tally[]>, known: ReadonlySet<string>): Map<string, Tally[]> {
  if (loggers.size === 1) return loggers;
  const home = [...loggers]
    .filter(([, tallies]) => tallies.some(isKnown))
    .map(([logger]) => logger)
    .sort()[0];
  if (home === undefined) return loggers;
  const joined = new Map<string, Tally[]>();
  for (const [logger, tallies] of loggers) {
    const target = known.has(logger) ? logger : home;
    joined.set(target, [...(joined.get(target) ?? []), ...tallies]);
  }
  return joined;
}

function isKnown({ counts }: Tally): boolean {
  return counts.baseline + counts.before > 0;
}

/** Each learned cluster names one cluster: the one of its own logger, else the first that has none of its own. */
function nameClusters(
  clusters: readonly Unnamed[],
  learnedOf: ReadonlyMap<Group, readonly LearnedCluster[]>,
): Cluster[] {
  const taken = new Set<string>();
  const named = clusters
    .map(cluster => ({ ...cluster, key: keyOf(cluster) }))
    .sort((one, other) => (one.key < other.key ? -1 : 1))
    .map((cluster): Cluster => {
      const own = learnedOf.get(cluster.group)?.find(({ key }) => key === cluster.key);
      if (own) taken.add(own.key);
      return { ...cluster, learned: own };
    });
  return named.map(cluster => {
    const learned = cluster.learned ?? learnedOf.get(cluster.group)?.[0];
    if (!learned || cluster.learned) return cluster;
    if (taken.has(learned.key)) return { ...cluster, learned };
    taken.add(learned.key);
    return { ...cluster, learned, key: learned.key };
  });
}

function keyOf({ group, logger }: Unnamed): string {
  const template = describe(group),
    text = logger === '' ? template : `${logger} ${template}`;
  return hashText(text).toString(36).padStart(7, '0') + hashText(text, 0x9747b28c).toString(36).padStart(7, '0');
}

/** A cluster that only the canary has and that is a known one with a parameter never seen before belongs to the known one. */
function joinFillings(clusters: readonly Cluster[]): Cluster[] {
  const isHome = (cluster: Cluster): boolean => cluster.learned !== undefined || isKnown(cluster.tally);
  const homes = indexFillings(
      clusters.filter(cluster => isHome(cluster) && !isTrace(cluster.group)),
      ({ group }) => group.tokens,
    ),
    guests = new Map<Cluster, Tally[]>();
  const staying = clusters.filter(cluster => {
    const home =
      isHome(cluster) || isTrace(cluster.group)
        ? undefined
        : homes.filledBy(cluster.group.tokens, other => other.group !== cluster.group);
    if (home) guests.set(home, [...(guests.get(home) ?? []), cluster.tally]);
    return !home;
  });
  return staying.map(cluster =>
    guests.has(cluster) ? { ...cluster, tally: mergeTallies([cluster.tally, ...guests.get(cluster)!]) } : cluster,
  );
}
