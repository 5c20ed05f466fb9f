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
    events = new Map<string, LogEvent>(),
    decided = new Map<Group, (LogEvent | undefined)[]>();

  function eventAt(key: string, group: Group, rank: SeverityRank): LogEvent {
    let event = events.get(key);
    if (!event) events.set(key, (event = { group, rank }));
    return event;
  }

  const eventOf = (group: Group, rank: SeverityRank): LogEvent => eventAt(`${group.id} ${rank} `, group, rank);

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
    const newWord = explain(group, rank, reference.formsOf(root, rank));
    if (newWord === undefined) return eventOf(root, home ?? rank);
    if ('group' in newWord) return eventOf(recognizer.root(newWord.group), newWord.rank);
    if (home === undefined || isReworded(root, rank)) return saying(eventOf(root, rank), newWord);
    return saying(difference(group, root, rank, newWord), newWord);
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

  return ({ group, rank }) => {
    let ranks = decided.get(group);
    if (!ranks) decided.set(group, (ranks = []));
    return (ranks[rank] ??= decide(group, rank));
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

/**
 * What the reference says of a form that it never had: undefined if nothing in it is new; a known form if it is another
 * filling of that; else what is new in it. `family`: the forms of its statement.
 */
type Explain = (group: Group, rank: SeverityRank, family: readonly Form[]) => NewWord | LogEvent | undefined;

function createExplainer(reference: Reference, recognizer: Recognizer): Explain {
  /** Whether the reference explains a new word: it is to be expected there, and made no rare event a usual one. */
  function isExplained({ evidence }: NewWord, group: Group, forms: readonly Form[]): boolean {
    return evidence < newWordEvidence.least && !reference.isSurge(group, forms);
  }

  function homeAmong(forms: readonly Form[], rank: SeverityRank): LogEvent {
    const { group } = forms.reduce((best, form) => (form.reference > best.reference ? form : best));
    return { group, rank: knownRank(reference.rootLines.get(recognizer.root(group)), rank) ?? rank };
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
      if (found === undefined || isExplained(found, group, forms)) return homeAmong(forms, rank);
      if (found.evidence < least.evidence) least = found;
    }
    const alike = withOwn(reference.formsAlike(group, rank));
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
  };
}

function hasReference(forms: readonly Form[]): boolean {
  return forms.some(({ reference }) => reference > 0);
}
