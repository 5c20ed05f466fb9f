// What is counted of clusters for one check: once, since they are judged again for other sensitivities and without some
// of them.
import type { Severity } from '../../../model/evidence/evidence.ts';
import type { Cluster } from '../count/clusters.ts';
import { describe } from '../template/recognition.ts';
import { isTrouble, unknownWeights } from '../settings.ts';
import { severityOfWords } from '../text/severity.ts';
import type { Timeline } from '../count/timeline.ts';
import { linesPerRequest } from '../count/requests.ts';
import { mergeTallies } from '../count/tally.ts';
import type { Span } from './dispersion.ts';
import { weighAlike } from './alikeNovelties.ts';
import type { Against } from './expectations.ts';
import { indexFamilies, type Family } from './families.ts';
import { courseOf, type FrequencyFinding, type FrequencyInput } from './frequency.ts';

export interface Measures {
  /** The side that the canary is compared with. */
  readonly against: Against;
  frequencyInput(cluster: Cluster): FrequencyInput;
  /** Lines of one second count less and less, as one failure may write many. */
  events(cluster: Cluster, role: 'canary' | Against): number;
  /** What its lines count as those of an unknown cluster. */
  weight(cluster: Cluster, role: 'canary' | Against): number;
  /** What each of some unknown clusters of the canary counts, together with those that say the same. */
  weightsTogether(unknown: readonly Cluster[]): ReadonlyMap<Cluster, number>;
  /** The families among some of the clusters. */
  families(some: readonly Cluster[]): Family[];
  /** How often some of the clusters come, found once for each tolerance. */
  findings(
    some: readonly Cluster[],
    tolerance: number,
    find: () => readonly FrequencyFinding[],
  ): readonly FrequencyFinding[];
}

/** What was found of some clusters. */
interface Found {
  readonly some: readonly Cluster[];
  readonly tolerance: number;
  readonly findings: readonly FrequencyFinding[];
}

/** `comparable`: the clusters of which some are families. */
export function createMeasures(
  comparable: readonly Cluster[],
  against: Against,
  span: Span,
  canarySpan: Span,
): Measures {
  const events = { canary: new Map<Cluster, number>(), reference: new Map<Cluster, number>() },
    weights = { canary: new Map<Cluster, number>(), reference: new Map<Cluster, number>() },
    inputs = new Map<Cluster, FrequencyInput>(),
    wholes = new Map<string, Cluster>(),
    found: Found[] = [];
  let familiesAmong: ReturnType<typeof indexFamilies> | undefined;
  const sideOf = (role: 'canary' | Against) => (role === 'canary' ? 'canary' : 'reference');

  function countEvents(cluster: Cluster, role: 'canary' | Against): number {
    return remember(events[sideOf(role)], cluster, () => eventsIn(cluster.tally.timelines[role]));
  }

  /** Several clusters as one. */
  function wholeOf(members: readonly Cluster[]): Cluster {
    return remember(wholes, members.map(({ key }) => key).join('\n'), () => ({
      ...members[0]!,
      tally: mergeTallies(members.map(({ tally }) => tally)),
      learned: undefined,
    }));
  }

  return {
    against,
    frequencyInput: cluster =>
      remember(inputs, cluster, () => {
        const { counts, timelines, requests, nodes } = cluster.tally;
        return {
          canary: counts.canary,
          baseline: counts[against],
          course: courseOf(timelines[against], span, timelines.canary, canarySpan),
          perRequest: linesPerRequest([
            { counter: requests.canary, seenMs: lengthOf(canarySpan) },
            { counter: requests[against], seenMs: lengthOf(span) },
          ]),
          baselineNodes: nodes[against],
          learned: cluster.learned,
        };
      }),
    events: countEvents,
    weight: (cluster, role) =>
      remember(weights[sideOf(role)], cluster, () => weightOf(cluster, countEvents(cluster, role))),
    weightsTogether: unknown =>
      weighAlike(unknown, cluster => ({ ...lineWeights(cluster), events: countEvents(cluster, 'canary') })),
    findings(some, tolerance, find) {
      const known = found.find(one => one.tolerance === tolerance && isSame(one.some, some));
      if (known) return known.findings;
      const findings = find();
      found.push({ some, tolerance, findings });
      return findings;
    },
    families(some) {
      familiesAmong ??= indexFamilies(comparable);
      return familiesAmong(some).map(members => ({ members, whole: wholeOf(members.map(i => some[i]!)) }));
    },
  };
}

/** So many events weighed by severity. */
function weightOf(cluster: Cluster, events: number): number {
  const { line, most } = lineWeights(cluster);
  return Math.min(most, line * events);
}

/**
 * Information that speaks of trouble weighs like a warning, and so does a known statement without a level, or at that
 * of information, that newly says something bad.
 */
function lineWeights(cluster: Cluster): (typeof unknownWeights)[Severity] {
  const { severity, turn } = cluster,
    isBad =
      turn === undefined
        ? severity === 'info' && speaksOfTrouble(cluster)
        : severity === 'info' || severity === 'unknown';
  return unknownWeights[isBad ? 'warn' : severity];
}

/** The template does not show what is denied by its figures, `0 failed`: its lines must say it as well. */
function speaksOfTrouble({ group, tally }: Cluster): boolean {
  if (!isTrouble(severityOfWords(describe(group)))) return false;
  const samples = tally.samples.canary.filter(sample => sample.length <= longestShown);
  return samples.length === 0 || samples.some(sample => isTrouble(severityOfWords(sample)));
}

/** Of longer lines, not all is read for words of trouble. */
const longestShown = 4_000;

/** Lines of the same second count less and less, as one failure may write many. */
function eventsIn(timeline: Timeline): number {
  let events = 0;
  timeline.each((_, lines) => {
    events += 1 + Math.log(lines);
  });
  return events;
}

function isSame(one: readonly Cluster[], other: readonly Cluster[]): boolean {
  return one.length === other.length && one.every((cluster, i) => cluster === other[i]);
}

function remember<Key, Value>(known: Map<Key, Value>, key: Key, find: () => Value): Value {
  let value = known.get(key);
  if (value === undefined) known.set(key, (value = find()));
  return value;
}

function lengthOf({ fromMs, toMs }: Span): number {
  return toMs - fromMs;
}
