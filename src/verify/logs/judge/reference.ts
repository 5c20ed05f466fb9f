// What the reference showed: how many lines of each form, at which ranks, and which forms resemble another.
import type { LearnedCluster } from '../../../model/evidence/evidence.ts';
import { indexAlikeForms, type AlikeForms } from './alikeForms.ts';
import type { Form } from './places.ts';
import { indexRequestPaths, type RequestPaths } from './requestPaths.ts';
import { describe, type Recognizer } from '../template/recognition.ts';
import { hole } from '../template/tokens.ts';
import { countsTrouble } from '../text/troubleWords.ts';
import { segmentsOf } from '../template/segments.ts';
import { rankOf, surge, type SeverityRank } from '../settings.ts';
import type { Tally } from '../count/tally.ts';
import { joinCompounds, type Group } from '../template/templates.ts';

/** What was seen of one form at one rank. */
export interface SeenForm {
  readonly group: Group;
  readonly rank: SeverityRank;
  readonly tally: Tally;
}

/** Learned clusters with the leaf that their template is. */
export type SeededClusters = readonly (readonly [Group, LearnedCluster])[];

/** Lines of the reference per rank. */
export type Lines = [number, number, number];

/** Lines by form and by statement. */
interface Counts {
  readonly lines: ReadonlyMap<Group, Lines>;
  readonly rootLines: ReadonlyMap<Group, Lines>;
  /** Lines of the canary. */
  readonly canary: ReadonlyMap<Group, number>;
  /** Lines of both sides by statement; of what a good deployment taught, without end. */
  readonly totals: ReadonlyMap<Group, number>;
  /** Lines of the canary at each rank or a worse one. */
  readonly risen: ReadonlyMap<Group, Lines>;
  /** The forms of each statement. */
  readonly leaves: ReadonlyMap<Group, ReadonlySet<Group>>;
}

export interface Reference {
  readonly lines: Counts['lines'];
  readonly rootLines: Counts['rootLines'];
  readonly totals: Counts['totals'];
  /**
   * Evidence that a form's worse rank is new: where some statements have several ranks, no more than what so many lines
   * give.
   */
  riseEvidence(group: Group, rank: SeverityRank): number;
  /** Whether the canary has a form far more often than the reference has all of those that it resembles. */
  isSurge(group: Group, forms: readonly Form[]): boolean;
  /** Forms of a statement. */
  formsOf(root: Group, rank: SeverityRank): readonly Form[];
  formsAmong(groups: Iterable<Group>, rank: SeverityRank): readonly Form[];
  /** Forms with the same punctuation that differ in a few words. */
  formsAlike(group: Group, rank: SeverityRank): readonly Form[];
  /** Requests with the same answer whose paths differ in a part that holds values. */
  requestsLike(group: Group, rank: SeverityRank): readonly Form[];
  /** Forms that are the same but for one part, and what they have there. */
  formsWithSegment(key: string, rank: SeverityRank): readonly (Form & { readonly text: string })[];
}

/** From this share on of statements that the reference logs at several ranks, a rank is a parameter as other places. */
const mixedRanks = 0.02;

export function readReference(seen: readonly SeenForm[], seeded: SeededClusters, recognizer: Recognizer): Reference {
  const counts = countForms(seen, seeded, recognizer),
    { lines, rootLines, totals, canary, risen, leaves } = counts,
    toForms = createForms(counts, new Set(seeded.map(([group]) => group))),
    groups = new Set([...lines.keys(), ...canary.keys()]),
    isMixed = shareOfMixedRanks(lines) >= mixedRanks,
    canaryShare = sum(canary.values()) / Math.max(1, sum([...lines.values()].map(sum)));
  let segments: ReadonlyMap<string, readonly Segment[]> | undefined,
    alike: AlikeForms | undefined,
    paths: RequestPaths | undefined;
  return {
    lines,
    rootLines,
    totals,
    riseEvidence(group, rank) {
      const known = sum(lines.get(group) ?? []);
      // A figure decided its rank: Good's estimate of one more that is not 0.
      if (rank === 1 && countsTrouble(describe(group).replaceAll(hole, '0'))) return known + 1;
      if (!isMixed) return Infinity;
      const all = canary.get(group) ?? 0;
      return ((known + all) / Math.max(1, all)) ** (risen.get(group)?.[rank] ?? 0);
    },
    isSurge(group, forms) {
      const resembling = sum(forms.map(form => form.reference)),
        count = canary.get(group) ?? 0;
      return count >= surge.least && count >= surge.factor * (resembling + 1) * canaryShare;
    },
    formsOf: (root, rank) => toForms(leaves.get(root) ?? [], rank),
    formsAmong: toForms,
    formsAlike(group, rank) {
      alike ??= indexAlikeForms(groups);
      return toForms(alike.of(group.tokens), rank);
    },
    requestsLike(group, rank) {
      paths ??= indexRequestPaths(lines.keys());
      return toForms(paths.like(group), rank);
    },
    formsWithSegment(key, rank) {
      segments ??= indexSegments(groups);
      return (segments.get(key) ?? []).map(({ text, group }) => ({ ...toForms([group], rank)[0]!, text }));
    },
  };
}

function countForms(seen: readonly SeenForm[], seeded: SeededClusters, recognizer: Recognizer): Counts {
  const lines = new Map<Group, Lines>(),
    rootLines = new Map<Group, Lines>(),
    totals = new Map<Group, number>(),
    canary = new Map<Group, number>(),
    risen = new Map<Group, Lines>(),
    leaves = new Map<Group, Set<Group>>();
  function addLines(group: Group, rank: SeverityRank, count: number): void {
    linesAt(lines, group)[rank] += count;
    linesAt(rootLines, recognizer.root(group))[rank] += count;
  }
  function addTotal(group: Group, count: number): void {
    const root = recognizer.root(group);
    totals.set(root, (totals.get(root) ?? 0) + count);
  }
  function addLeaf(group: Group): void {
    const root = recognizer.root(group);
    leaves.set(root, (leaves.get(root) ?? new Set()).add(group));
  }
  for (const { group, rank, tally } of seen) {
    const { canary: own, baseline, before } = tally.counts;
    if (baseline + before > 0) addLines(group, rank, baseline + before);
    canary.set(group, (canary.get(group) ?? 0) + own);
    addTotal(group, own + baseline + before);
    const ranks = linesAt(risen, group);
    for (let at = rank; at >= 0; at--) ranks[at]! += own;
    addLeaf(group);
  }
  for (const [group, cluster] of seeded) {
    addLines(group, rankOf(cluster.severity), Math.max(1, cluster.lines));
    addTotal(group, Infinity);
    addLeaf(group);
  }
  return { lines, rootLines, totals, canary, risen, leaves };
}

function linesAt(map: Map<Group, Lines>, group: Group): Lines {
  let lines = map.get(group);
  if (!lines) map.set(group, (lines = [0, 0, 0]));
  return lines;
}

/** The forms of groups at a rank or a worse one. Each is made once: thousands may be held against hundreds. */
function createForms(
  { lines, canary }: Counts,
  learned: ReadonlySet<Group>,
): (groups: Iterable<Group>, rank: SeverityRank) => Form[] {
  const known: readonly Map<Group, Form>[] = [new Map(), new Map(), new Map()];
  function formOf(group: Group, rank: SeverityRank): Form {
    let form = known[rank]!.get(group);
    if (!form) {
      form = {
        group,
        joined: joinCompounds(group.tokens),
        reference: sum((lines.get(group) ?? []).slice(rank)),
        canary: canary.get(group) ?? 0,
        isTemplate: learned.has(group),
      };
      known[rank]!.set(group, form);
    }
    return form;
  }
  return (groups, rank) => Array.from(groups, group => formOf(group, rank));
}

interface Segment {
  readonly text: string;
  readonly group: Group;
}

function indexSegments(groups: Iterable<Group>): ReadonlyMap<string, readonly Segment[]> {
  const index = new Map<string, Segment[]>();
  for (const group of groups)
    for (const { key, text } of segmentsOf(group.tokens)) {
      const list = index.get(key);
      if (list) list.push({ text, group });
      else index.set(key, [{ text, group }]);
    }
  return index;
}

/** Share of the statements with more than one line that the reference logged at more than one rank. */
function shareOfMixedRanks(lines: ReadonlyMap<Group, Lines>): number {
  const several = [...lines.values()].filter(counts => sum(counts) > 1),
    mixed = several.filter(counts => counts.filter(count => count > 0).length > 1);
  return mixed.length / Math.max(1, several.length);
}

function sum(counts: Iterable<number>): number {
  let total = 0;
  for (const count of counts) total += count;
  return total;
}
