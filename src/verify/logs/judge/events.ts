// Which event each form of a line belongs to: one that the reference had or explains, or one of its own that only the
// canary has.
import type { LearnedCluster } from '../../../model/evidence/evidence.ts';
import { indexAlikeForms, type AlikeForms } from './alikeForms.ts';
import { findNewText, findNewWord, type Form, type NewWord } from './places.ts';
import type { Recognizer } from '../template/recognition.ts';
import { segmentsOf } from '../template/segments.ts';
import { newWordEvidence, rankOf, surge, type SeverityRank } from '../settings.ts';
import type { Tally } from '../count/tally.ts';
import { joinCompounds, type Group } from '../template/templates.ts';

/** What was seen of one form at one rank. */
export interface SeenForm {
  readonly group: Group;
  readonly rank: SeverityRank;
  readonly tally: Tally;
}

/** An event: its template, as a group, and how bad its lines' level is. */
export interface LogEvent {
  readonly group: Group;
  readonly rank: SeverityRank;
}

/** Learned clusters with the leaf that their template is. */
export type SeededClusters = readonly (readonly [Group, LearnedCluster])[];

/**
 * From this share on of statements that the reference logs at several ranks, a rank is a parameter as other places are.
 */
const mixedRanks = 0.02;

/** Lines of the reference per rank. */
type Lines = [number, number, number];

/** Gives the event of a form; the same object for all forms of one event. */
export function createEvents(
  seen: readonly SeenForm[],
  seeded: SeededClusters,
  learnedOf: ReadonlyMap<Group, readonly LearnedCluster[]>,
  recognizer: Recognizer,
): (form: SeenForm) => LogEvent {
  const reference = readReference(seen, seeded, recognizer);
  const events = new Map<string, LogEvent>();
  const decided = new Map<Group, (LogEvent | undefined)[]>();

  function eventOf(group: Group, rank: SeverityRank, difference = ''): LogEvent {
    const key = `${group.id} ${rank} ${difference}`;
    let event = events.get(key);
    if (!event) {
      event = { group, rank };
      events.set(key, event);
    }
    return event;
  }

  /** The rank at which the reference has a form or worse; undefined where it never has. */
  function knownRank(lines: Lines | undefined, rank: SeverityRank): SeverityRank | undefined {
    for (let at = rank; at <= 2; at++) if (lines?.[at]) return at as SeverityRank;
    return undefined;
  }

  /** The worst rank that the reference has of a form. */
  function usualRank(group: Group): SeverityRank {
    return ([2, 1, 0] as const).find(rank => (reference.lines.get(group)?.[rank] ?? 0) > 0) ?? 0;
  }

  function decide(group: Group, rank: SeverityRank): LogEvent {
    const root = recognizer.root(group);
    const own = knownRank(reference.lines.get(group), rank);
    if (own !== undefined) return eventOf(root, own);
    const family = reference.formsOf(root, rank),
      home = knownRank(reference.rootLines.get(root), rank);
    const isRise = reference.lines.has(group);
    if (isRise && reference.riseEvidence(group, rank) < newWordEvidence.least) return eventOf(root, usualRank(group));
    const newWord = isRise ? undefined : explain(group, rank, family);
    if (!isRise && newWord === undefined) return eventOf(root, home ?? rank);
    if (newWord && 'group' in newWord) return eventOf(recognizer.root(newWord.group), newWord.rank);
    if (!isRise && isReworded(root, rank)) return eventOf(root, rank);
    if (home === undefined) return eventOf(root, rank);
    return difference(group, root, rank, newWord);
  }

  /**
   * An event that shares its statement with a known one: all of it that has the same new word in the same place is one
   * event.
   */
  function difference(group: Group, root: Group, rank: SeverityRank, newWord: NewWord | undefined): LogEvent {
    const { place, word } = newWord ?? { place: -1, word: '' };
    const key = `${root.id} ${rank} ${place} ${word} ${place < 0 ? group.id : ''}`;
    const known = events.get(key);
    if (known) return known;
    const event: LogEvent = { group, rank };
    events.set(key, event);
    return event;
  }

  /** undefined: nothing in it is new; a known form: it is another filling of that; else what is new in it. */
  function explain(
    group: Group,
    rank: SeverityRank,
    family: readonly Form[],
  ): NewWord | { readonly group: Group; readonly rank: SeverityRank } | undefined {
    let least: NewWord | undefined = { place: -1, word: '', evidence: Infinity };
    if (hasReference(family)) {
      least = findNewWord(group.tokens, family);
      if (least === undefined || isExplained(least, group, family)) return undefined;
    }
    for (const groups of recognizer.neighbours(group.tokens).values()) {
      const forms = reference.formsAmong(groups, rank);
      if (!hasReference(forms)) continue;
      const found = findNewWord(group.tokens, forms);
      if (found === undefined || isExplained(found, group, forms)) return homeAmong(forms, rank);
      if (found.evidence < least.evidence) least = found;
    }
    const alike = reference.formsAlike(group, rank);
    if (hasReference(alike)) {
      const found = findNewWord(group.tokens, alike);
      if (found === undefined || isExplained(found, group, alike)) return homeAmong(alike, rank);
    }
    for (const { key, text } of segmentsOf(group.tokens)) {
      const forms = reference.formsWithSegment(key, rank);
      if (!hasReference(forms) || reference.isSurge(group, forms)) continue;
      if (findNewText(text, forms) < newWordEvidence.least) return homeAmong(forms, rank);
    }
    return least;
  }

  /** Whether the reference explains a new word: it is to be expected there, and made no rare event a usual one. */
  function isExplained({ evidence }: NewWord, group: Group, forms: readonly Form[]): boolean {
    return evidence < newWordEvidence.least && !reference.isSurge(group, forms);
  }

  function homeAmong(forms: readonly Form[], rank: SeverityRank): { group: Group; rank: SeverityRank } {
    const most = forms.reduce((best, form) => (form.reference > best.reference ? form : best));
    return { group: most.group, rank: knownRank(reference.rootLines.get(recognizer.root(most.group)), rank) ?? rank };
  }

  /** A learned event whose wording changed a little. */
  function isReworded(root: Group, rank: SeverityRank): boolean {
    return (
      !reference.rootLines.has(root) && (learnedOf.get(root) ?? []).some(({ severity }) => rankOf(severity) >= rank)
    );
  }

  return ({ group, rank }) => {
    let ranks = decided.get(group);
    if (!ranks) decided.set(group, (ranks = []));
    return (ranks[rank] ??= decide(group, rank));
  };
}

function hasReference(forms: readonly Form[]): boolean {
  return forms.some(({ reference }) => reference > 0);
}

/** What the reference showed, looked up by form, by root and by what is the same but for one part. */
function readReference(seen: readonly SeenForm[], seeded: SeededClusters, recognizer: Recognizer) {
  const lines = new Map<Group, Lines>(),
    rootLines = new Map<Group, Lines>(),
    leaves = new Map<Group, Set<Group>>();
  const canary = new Map<Group, number>(),
    risen = new Map<Group, Lines>();
  const add = (group: Group, rank: SeverityRank, count: number): void => {
    const root = recognizer.root(group);
    for (const [map, key] of [
      [lines, group],
      [rootLines, root],
    ] as const) {
      const counts = map.get(key) ?? [0, 0, 0];
      counts[rank] += count;
      map.set(key, counts);
    }
  };
  const addLeaf = (group: Group): void => {
    const root = recognizer.root(group),
      own = leaves.get(root) ?? new Set();
    leaves.set(root, own.add(group));
  };
  for (const { group, rank, tally } of seen) {
    const count = tally.counts.baseline + tally.counts.before;
    if (count > 0) add(group, rank, count);
    canary.set(group, (canary.get(group) ?? 0) + tally.counts.canary);
    const ranks = risen.get(group) ?? [0, 0, 0];
    for (let at = rank; at >= 0; at--) ranks[at]! += tally.counts.canary;
    risen.set(group, ranks);
    addLeaf(group);
  }
  for (const [group, cluster] of seeded) {
    add(group, rankOf(cluster.severity), Math.max(1, cluster.lines));
    addLeaf(group);
  }
  const learnedLeaves = new Set(seeded.map(([group]) => group));
  let segments: Map<string, { text: string; form: Group }[]> | undefined;

  /** By rank, made once: thousands of forms may each be held against hundreds. */
  const known: readonly Map<Group, Form>[] = [new Map(), new Map(), new Map()];

  function formOf(group: Group, rank: SeverityRank): Form {
    let form = known[rank]!.get(group);
    if (!form) {
      const counts = lines.get(group) ?? [0, 0, 0];
      form = {
        group,
        joined: joinCompounds(group.tokens),
        reference: counts.slice(rank).reduce((sum, count) => sum + count, 0),
        canary: canary.get(group) ?? 0,
        isTemplate: learnedLeaves.has(group),
      };
      known[rank]!.set(group, form);
    }
    return form;
  }

  const toForms = (groups: Iterable<Group>, rank: SeverityRank): Form[] =>
    Array.from(groups, group => formOf(group, rank));

  function indexSegments(): Map<string, { text: string; form: Group }[]> {
    const index = new Map<string, { text: string; form: Group }[]>();
    for (const group of new Set([...lines.keys(), ...canary.keys()]))
      for (const { key, text } of segmentsOf(group.tokens)) {
        const list = index.get(key);
        if (list) list.push({ text, form: group });
        else index.set(key, [{ text, form: group }]);
      }
    return index;
  }

  /** Share of the statements with more than one line that the reference logged at more than one rank. */
  const several = [...lines.values()].filter(counts => counts[0] + counts[1] + counts[2] > 1),
    mixedShare =
      several.filter(counts => counts.filter(count => count > 0).length > 1).length / Math.max(1, several.length);

  /**
   * Evidence that a form's worse rank is new: where some statements have several ranks, no more than what so many lines
   * give.
   */
  function riseEvidence(group: Group, rank: SeverityRank): number {
    if (mixedShare < mixedRanks) return Infinity;
    const known = (lines.get(group) ?? []).reduce((sum, count) => sum + count, 0),
      all = canary.get(group) ?? 0;
    return ((known + all) / Math.max(1, all)) ** (risen.get(group)?.[rank] ?? 0);
  }

  const total = (counts: Iterable<number>): number => [...counts].reduce((sum, count) => sum + count, 0),
    canaryShare = total(canary.values()) / Math.max(1, total([...lines.values()].map(total)));

  /** Whether the canary has a form far more often than the reference has all of those that it resembles. */
  function isSurge(group: Group, forms: readonly Form[]): boolean {
    const resembling = forms.reduce((sum, form) => sum + form.reference, 0),
      count = canary.get(group) ?? 0;
    return count >= surge.least && count >= surge.factor * (resembling + 1) * canaryShare;
  }

  let alike: AlikeForms | undefined;

  /** Forms with the same punctuation that differ in a few words. */
  function formsAlike(group: Group, rank: SeverityRank): Form[] {
    alike ??= indexAlikeForms(new Set([...lines.keys(), ...canary.keys()]));
    return toForms(alike.of(group.tokens), rank);
  }

  return {
    lines,
    rootLines,
    riseEvidence,
    isSurge,
    formsAlike,
    formsOf: (root: Group, rank: SeverityRank) => toForms(leaves.get(root) ?? [], rank),
    formsAmong: toForms,
    formsWithSegment(key: string, rank: SeverityRank) {
      segments ??= indexSegments();
      return (segments.get(key) ?? []).map(({ text, form }) => ({ ...formOf(form, rank), text }));
    },
  };
}
