// Which event each form of a line belongs to: one that the reference had or explains, or one of its own that only the
// canary has.
import type { LearnedCluster } from '../../../model/evidence/evidence.ts';
import { findNewText, findNewWord, type Form, type NewWord } from './places.ts';
import { readReference, type Lines, type Reference, type SeededClusters, type SeenForm } from './reference.ts';
import type { Recognizer } from '../template/recognition.ts';
import { segmentsOf } from '../template/segments.ts';
import { newWordEvidence, rankOf, type SeverityRank } from '../settings.ts';
import { turnsBad } from '../text/troubleWords.ts';
import type { Group } from '../template/templates.ts';

/** An event: its template, as a group, and how bad its lines' level is. */
export interface LogEvent {
  readonly group: Group;
  readonly rank: SeverityRank;
  /** The new word that turns a known statement into bad news: `down`, `not`, `false`. */
  turn?: string;
}

/** Gives the event of a form; the same object for all forms of one event. */
export function createEvents(
  seen: readonly SeenForm[],
  seeded: SeededClusters,
  learnedOf: ReadonlyMap<Group, readonly LearnedCluster[]>,
  recognizer: Recognizer,
): (form: SeenForm) => LogEvent {
  const reference = readReference(seen, seeded, recognizer),
    explain = createExplainer(reference, recognizer),
    explained = new Map<Group, (Explanation | undefined)[]>(),
    pools = createPools(reference),
    events = new Map<string, LogEvent>(),
    decided = new Map<Group, (LogEvent | undefined)[]>();

  for (const { group, rank } of seen) {
    if (reference.lines.has(group)) continue;
    const explanation = explain(group, rank, reference.formsOf(recognizer.root(group), rank));
    remember(explained, group)[rank] = explanation;
    if (explanation && 'homes' in explanation) pools.join(explanation.homes, recognizer.root(group));
  }

  function eventAt(key: string, group: Group, rank: SeverityRank): LogEvent {
    let event = events.get(key);
    if (!event) events.set(key, (event = { group, rank }));
    return event;
  }

  function eventOf(root: Group, rank: SeverityRank): LogEvent {
    const group = pools.of(root);
    return eventAt(`${group.id} ${rank} `, group, rank);
  }

  function decide(group: Group, rank: SeverityRank): LogEvent {
    const root = recognizer.root(group),
      lines = reference.lines.get(group),
      own = knownRank(lines, rank),
      home = knownRank(reference.rootLines.get(root), rank);
    if (own !== undefined) return eventOf(root, own);
    if (lines) {
      // Its level rose.
      if (reference.riseEvidence(group, rank) < newWordEvidence.least) return eventOf(root, worstRank(lines));
      return home === undefined ? eventOf(root, rank) : difference(group, root, rank, undefined);
    }
    const explanation = explained.get(group)?.[rank];
    if (explanation === undefined) return eventOf(root, home ?? rank);
    if ('homes' in explanation) {
      const pool = pools.of(root),
        first = pool === root ? explanation.homes[0] : pool;
      return eventOf(first, knownRank(reference.rootLines.get(first), rank) ?? rank);
    }
    if (home === undefined || isReworded(root, rank)) return saying(eventOf(root, rank), explanation);
    return saying(difference(group, root, rank, explanation), explanation);
  }

  /**
   * An event that shares its statement with a known one: all of it that has the same new word in the same place is one
   * event.
   */
  function difference(group: Group, root: Group, rank: SeverityRank, newWord: NewWord | undefined): LogEvent {
    const { place, word } = newWord ?? { place: -1, word: '' };
    return eventAt(`${root.id} ${rank} ${place} ${word} ${place < 0 ? group.id : ''}`, group, rank);
  }

  /** Of several words, the same one in whatever order they came. */
  function saying(event: LogEvent, { word }: NewWord): LogEvent {
    if (turnsBad(word) && (event.turn === undefined || word < event.turn)) event.turn = word;
    return event;
  }

  /** A learned event whose wording changed a little. */
  function isReworded(root: Group, rank: SeverityRank): boolean {
    return (
      !reference.rootLines.has(root) && (learnedOf.get(root) ?? []).some(({ severity }) => rankOf(severity) >= rank)
    );
  }

  return ({ group, rank }) => (remember(decided, group)[rank] ??= decide(group, rank));
}

/** The list of a group, one entry for each rank. */
function remember<Entry>(known: Map<Group, Entry[]>, group: Group): Entry[] {
  let entries = known.get(group);
  if (!entries) known.set(group, (entries = []));
  return entries;
}

/**
 * Statements that are fillings of one, none of which is to be expected of either side: those that are as rare as the
 * ones that only the canary has count as one event. To choose them by how many lines both sides have favours neither.
 */
interface Pools {
  join(homes: Homes, filling: Group): void;
  /** The statement that stands for all of its pool. */
  of(root: Group): Group;
}

function createPools({ totals }: Reference): Pools {
  const parents = new Map<Group, Group>(),
    totalOf = (root: Group): number => totals.get(root) ?? 0;
  function of(root: Group): Group {
    let top = root;
    for (let next = parents.get(top); next; next = parents.get(top)) top = next;
    if (top !== root) parents.set(root, top);
    return top;
  }
  return {
    of,
    join(homes, filling) {
      const most = Math.max(totalOf(filling), Math.min(...homes.map(totalOf)));
      if (most === Infinity) return;
      const [first, ...others] = [...homes.filter(root => totalOf(root) <= most), filling];
      for (const other of others) {
        const top = of(other),
          home = of(first!);
        if (top !== home) parents.set(top, home);
      }
    },
  };
}

/** The rank at which the reference has a form or worse; undefined where it never has. */
function knownRank(lines: Lines | undefined, rank: SeverityRank): SeverityRank | undefined {
  for (let at = rank; at <= 2; at++) if (lines?.[at]) return at as SeverityRank;
  return undefined;
}

/** The worst rank that the reference has of a form. */
function worstRank(lines: Lines): SeverityRank {
  return ([2, 1, 0] as const).find(rank => lines[rank] > 0) ?? 0;
}

/** Known statements of which a form is another filling, the one with most lines first. */
type Homes = readonly [Group, ...Group[]];

type Explanation = NewWord | { readonly homes: Homes };

/**
 * What the reference says of a form that it never had: undefined if nothing in it is new; known statements if it is
 * another filling of those; else what is new in it. `family`: the forms of its statement.
 */
type Explain = (group: Group, rank: SeverityRank, family: readonly Form[]) => Explanation | undefined;

function createExplainer(reference: Reference, recognizer: Recognizer): Explain {
  /** Whether the reference explains a new word: it is to be expected there, and made no rare event a usual one. */
  function isExplained({ evidence }: NewWord, group: Group, forms: readonly Form[]): boolean {
    return evidence < newWordEvidence.least && !reference.isSurge(group, forms);
  }

  function homesAmong(forms: readonly Form[]): { readonly homes: Homes } {
    const known = forms
      .filter(({ reference: lines }) => lines > 0)
      .sort((one, other) => other.reference - one.reference);
    return { homes: [...new Set(known.map(({ group }) => recognizer.root(group)))] as [Group, ...Group[]] };
  }

  return (group, rank, family) => {
    const own = reference.formsAmong([group], rank)[0]!;
    const withOwn = (forms: readonly Form[]): readonly Form[] => (forms.includes(own) ? forms : [...forms, own]);
    let least: NewWord = { place: -1, word: '', evidence: Infinity };
    if (hasReference(family)) {
      const found = findNewWord(group.tokens, family);
      if (found === undefined || isExplained(found, group, family)) return undefined;
      least = found;
    }
    for (const groups of recognizer.neighbours(group.tokens).values()) {
      const forms = withOwn(reference.formsAmong(groups, rank));
      if (!hasReference(forms)) continue;
      const found = findNewWord(group.tokens, forms);
      if (found === undefined || isExplained(found, group, forms)) return homesAmong(forms);
      if (found.evidence < least.evidence) least = found;
    }
    const alike = withOwn(reference.formsAlike(group, rank));
    if (hasReference(alike)) {
      const found = findNewWord(group.tokens, alike);
      if (found === undefined || isExplained(found, group, alike)) return homesAmong(alike);
    }
    const requests = reference.requestsLike(group, rank);
    if (hasReference(requests)) return homesAmong(requests);
    for (const { key, text } of segmentsOf(group.tokens)) {
      const forms = reference.formsWithSegment(key, rank);
      if (!hasReference(forms) || reference.isSurge(group, forms)) continue;
      if (findNewText(text, forms) < newWordEvidence.least) return homesAmong(forms);
    }
    return least;
  };
}

function hasReference(forms: readonly Form[]): boolean {
  return forms.some(({ reference }) => reference > 0);
}
