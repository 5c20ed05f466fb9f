// The clusters of one assessment: groups that merged counted together, split by logger where the logger is a class of
// code, with what is known of them.
import type { LearnedCluster, Severity } from '../../../model/evidence/evidence.ts';
import type { FeedbackMark } from '../../../model/evidence/feedback.ts';
import { hashText } from '../text/characters.ts';
import { readCodeLines } from '../judge/codeLines.ts';
import { isNewLogger } from '../judge/places.ts';
import { createEvents, type LogEvent } from '../judge/events.ts';
import type { SeededClusters, SeenForm } from '../judge/reference.ts';
import { describe, type Recognizer } from '../template/recognition.ts';
import { rankOf, type SeverityRank } from '../settings.ts';
import { mergeTallies, type Tally } from './tally.ts';
import type { Group } from '../template/templates.ts';

/** What was seen of one event. */
export interface SeenCluster {
  /** Stable across runs, restarts and releases: that of the learned cluster, else made of logger and template. */
  readonly key: string;
  readonly group: Group;
  /** How bad the level of its lines is. */
  readonly rank: SeverityRank;
  /**
   * The class of code that logged it, '' where none is known or it makes no difference; with the line of code where
   * that tells it from another event with the same words.
   */
  readonly logger: string;
  readonly tally: Tally;
  readonly learned: LearnedCluster | undefined;
  /** The new word that turns a known statement into bad news. */
  readonly turn?: string | undefined;
}

export interface Cluster extends SeenCluster {
  readonly severity: Severity;
  /** What a reviewer said of it. */
  readonly mark?: FeedbackMark;
}

export interface LoggedTally extends SeenForm {
  /** The class of code, '' where none is known. */
  readonly logger: string;
  /** The line of code, '' where none is known. */
  readonly codeLine: string;
  /** Severity of its lines by the level in their header. */
  readonly severities: Map<Severity | undefined, Severity>;
  /** What ids of its lines have as their value. */
  readonly number: number;
}

type Unnamed = Omit<SeenCluster, 'key' | 'learned'>;

/**
 * What was seen, by event and logger, in the order of their keys. `learnedOf` gives the learned clusters of a group.
 */
export function collectClusters(
  seen: readonly LoggedTally[],
  recognizer: Recognizer,
  seeded: SeededClusters,
  learnedOf: ReadonlyMap<Group, readonly LearnedCluster[]>,
): SeenCluster[] {
  const eventOf = createEvents(seen, seeded, learnedOf, recognizer),
    coded = seen.map(one => ({ ...one, event: eventOf(one) })),
    code = readCodeLines(coded),
    loggersKnown = new Set(seen.filter(({ tally }) => isKnown(tally)).map(({ logger }) => logger));
  const byEvent = new Map<LogEvent, Map<string, Tally[]>>(),
    others = new Map<LogEvent, Map<string, Tally[]>>();
  for (const one of coded) {
    const { event, logger, codeLine, tally } = one;
    if (code.isOwnStatement(one)) addTally(others, event, `${logger}${codeLine}`, tally);
    else addTally(byEvent, event, logger, tally);
  }
  const isNews = (logger: string, usual: readonly number[], lines: number): boolean =>
    loggersKnown.has(logger) && (code.isSameCode(logger) || isNewLogger(usual, lines));
  const clusters = [
    ...[...byEvent].map(([event, loggers]) => [event, joinRenamed(loggers, isNews)] as const),
    ...others,
  ].flatMap(([{ group, rank, turn }, loggers]) =>
    Array.from(loggers, ([logger, tallies]): Unnamed => ({ group, rank, logger, turn, tally: mergeTallies(tallies) })),
  );
  return nameClusters(clusters, learnedOf);
}

function addTally(all: Map<LogEvent, Map<string, Tally[]>>, event: LogEvent, logger: string, tally: Tally): void {
  let loggers = all.get(event);
  if (!loggers) all.set(event, (loggers = new Map()));
  const tallies = loggers.get(logger);
  if (tallies) tallies.push(tally);
  else loggers.set(logger, [tally]);
}

/**
 * A message known from one logger is another event from a second one only where that one is known by other messages,
 * and to write this one is news of it: both sides run the same code there, or its lines divide cleanly.
 */
function joinRenamed(
  loggers: Map<string, Tally[]>,
  isNews: (logger: string, usual: readonly number[], canaryLines: number) => boolean,
): Map<string, Tally[]> {
  if (loggers.size === 1) return loggers;
  const lines = new Map([...loggers].map(([logger, tallies]) => [logger, knownLines(tallies)]));
  const home = [...lines].filter(([, count]) => count > 0).sort(([one], [other]) => (one < other ? -1 : 1))[0]?.[0];
  if (home === undefined) return loggers;
  const usual = [...lines.values()].filter(count => count > 0);
  const joined = new Map<string, Tally[]>();
  for (const [logger, tallies] of loggers) {
    const isOwn = lines.get(logger)! > 0 || isNews(logger, usual, canaryLines(tallies)),
      target = isOwn ? logger : home;
    joined.set(target, [...(joined.get(target) ?? []), ...tallies]);
  }
  return joined;
}

function canaryLines(tallies: readonly Tally[]): number {
  return tallies.reduce((sum, { counts }) => sum + counts.canary, 0);
}

function knownLines(tallies: readonly Tally[]): number {
  return tallies.reduce((sum, { counts }) => sum + counts.baseline + counts.before, 0);
}

function isKnown({ counts }: Tally): boolean {
  return counts.baseline + counts.before > 0;
}

/** Each learned cluster names one cluster: the one of its own logger, else the first that has none of its own. */
function nameClusters(
  clusters: readonly Unnamed[],
  learnedOf: ReadonlyMap<Group, readonly LearnedCluster[]>,
): SeenCluster[] {
  const taken = new Set<string>();
  const candidates = ({ group, rank }: Unnamed): readonly LearnedCluster[] =>
    (learnedOf.get(group) ?? []).filter(({ severity }) => rankOf(severity) >= rank);
  const named = clusters
    .map(cluster => ({ ...cluster, key: keyOf(cluster) }))
    .sort((one, other) => (one.key < other.key ? -1 : 1))
    .map((cluster): SeenCluster => {
      const own = candidates(cluster).find(({ key }) => key === cluster.key);
      if (own) taken.add(own.key);
      return { ...cluster, learned: own };
    });
  return named.map(cluster => {
    const learned = cluster.learned ?? candidates(cluster)[0];
    if (!learned || cluster.learned) return cluster;
    if (taken.has(learned.key)) return { ...cluster, learned };
    taken.add(learned.key);
    return { ...cluster, learned, key: learned.key };
  });
}

const rankNames = ['', 'warn ', 'error '] as const;

function keyOf({ group, rank, logger }: Unnamed): string {
  const template = `${rankNames[rank]}${describe(group)}`,
    text = logger === '' ? template : `${logger} ${template}`;
  return hashText(text).toString(36).padStart(7, '0') + hashText(text, 0x9747b28c).toString(36).padStart(7, '0');
}
