// The shared template state: canonical token lists, the groups they belong to, and the merging of groups that differ in
// one parameter.
import { hashText } from '../text/characters.ts';
import { allRules, type RulesOff } from './rules.ts';
import { hole, type Token } from './tokens.ts';

/**
 * One template. A group of lines with the same words is the leaf; groups that differ in a parameter alone share a root.
 */
export interface Group {
  readonly id: number;
  tokens: readonly Token[];
  parent: Group | undefined;
  /** Number of leaves that were added below it because they fit, as far as they are counted. */
  fitted: number;
}

const mostGroups = 20_000,
  mostHoleCandidates = 400,
  mostPlaces = 60,
  mostSlots = 400_000,
  mostFitted = 256;

export interface Templates {
  /** The leaf of a canonical token list; a new one may merge older groups. */
  groupOf(tokens: readonly Token[]): Group;
  root(group: Group): Group;
  groups(): readonly Group[];
  /** The groups that have another word than these tokens at one place and are the same elsewhere, by place. */
  neighbours(tokens: readonly Token[]): ReadonlyMap<number, Iterable<Group>>;
}

export function createTemplates(off: RulesOff = allRules): Templates {
  const byText = new Map<string, Group>();
  const slots = new Map<string, Map<string, Group>>();
  const holed = new Map<number, Group[]>();
  /** Groups in which a name stands before a figure, by what they would be without. */
  const named = new Map<string, Group[]>();
  const all: Group[] = [];

  function add(tokens: readonly Token[], text: string, parent?: Group): Group {
    const group: Group = { id: all.length, tokens, parent, fitted: 0 };
    all.push(group);
    byText.set(text, group);
    return group;
  }

  function groupOf(tokens: readonly Token[]): Group {
    const text = textOf(tokens),
      known = byText.get(text);
    if (known) return known;
    if (tokens.some(isLiteralHole)) return addLiteral(groupOf(tokens.map(toHole)), tokens, text);
    const fitting = findFitting(tokens);
    if (fitting) return addBelow(fitting, tokens, text);
    const home = findUnnamed(tokens, text);
    if (home) return home;
    if (all.length >= mostGroups) return overflow(tokens);
    const group = add(tokens, text);
    for (const other of named.get(text) ?? []) if (other.parent === undefined) other.parent = group;
    named.delete(text);
    mergeAlong(group);
    return group;
  }

  /**
   * A leaf for tokens that a group fits; once it has many, the place is open beyond doubt, and the group stands for the
   * rest.
   */
  function addBelow(group: Group, tokens: readonly Token[], text: string): Group {
    if (group.fitted >= mostFitted || all.length >= mostGroups) return group;
    group.fitted++;
    return add(tokens, text, group);
  }

  /** A leaf that shows its constants, also below a group that stands for the rest of its fillings. */
  function addLiteral(group: Group, tokens: readonly Token[], text: string): Group {
    if (group.fitted < mostFitted && !isRest(group, tokens)) return addBelow(group, tokens, text);
    if (group.tokens.length !== tokens.length) return group;
    const shown = group.tokens.map((token, i) => (isLiteralHole(tokens[i]!) ? tokens[i]! : token)),
      shownText = textOf(shown);
    return byText.get(shownText) ?? (all.length >= mostGroups ? group : add(shown, shownText, group));
  }

  /** `host:<*>` is a filling of a template that has a figure alone there; which is seen first does not matter. */
  function findUnnamed(tokens: readonly Token[], text: string): Group | undefined {
    const unnamed = off.has('names before values') ? undefined : withoutNames(tokens);
    if (!unnamed) return undefined;
    const key = textOf(unnamed),
      home = byText.get(key);
    if (home) return addBelow(root(home), tokens, text);
    if (all.length >= mostGroups) return undefined;
    const group = add(tokens, text),
      others = named.get(key) ?? [];
    named.set(key, [...others, group]);
    mergeAlong(group);
    return group;
  }

  /** A template with learned holes that this list fits. */
  function findFitting(tokens: readonly Token[]): Group | undefined {
    for (const candidate of holed.get(tokens.length) ?? []) {
      if (candidate.parent === undefined && fits(candidate.tokens, tokens)) return candidate;
    }
    return undefined;
  }

  /** Registers the group under each of its words left open; merges where enough different words stood in one place. */
  function mergeAlong(group: Group): void {
    const tokens = group.tokens,
      text = textOf(tokens);
    const open: (readonly [slot: Map<string, Group>, at: number])[] = [];
    for (let i = 0, start = 0, end = 0, places = 0; i < tokens.length && places < mostPlaces; i++, start = end + 1) {
      end = start + tokens[i]!.text.length;
      if (tokens[i]!.kind === 'mark') continue;
      places++;
      // What `textOf(tokens, i)` makes, cut from the text of the whole.
      const key = `${text.slice(0, start)}${hole}?${text.slice(end)}`;
      let slot = slots.get(key);
      if (!slot) {
        if (slots.size >= mostSlots) continue;
        slot = new Map();
        slots.set(key, slot);
      }
      slot.set(tokens[i]!.text, group);
      if (slot.size >= wordsNeeded(tokens, i, slot.has(hole))) open.push([slot, i]);
    }
    if (open[0] && !off.has('merged places')) merge(open[0][0], tokens, open[0][1]);
  }

  function merge(slot: Map<string, Group>, tokens: readonly Token[], at: number): void {
    const opened = tokens.map((token, i) => (i === at ? { ...token, text: hole, kind: 'hole' as const } : token));
    const joined = joinHoles(opened);
    const text = textOf(joined);
    const existing = byText.get(text);
    const target = existing ? root(existing) : add(joined, text);
    for (const group of slot.values()) {
      const top = root(group);
      if (top !== target) top.parent = target;
    }
    if (existing) return;
    for (const group of all)
      if (group.parent === undefined && group !== target && fits(joined, group.tokens)) group.parent = target;
    const list = holed.get(joined.length) ?? [];
    if (list.length < mostHoleCandidates) list.push(target);
    holed.set(joined.length, list);
    mergeAlong(target);
  }

  function overflow(tokens: readonly Token[]): Group {
    const text = `overflow ${
      hashText(
        tokens
          .filter(token => token.kind === 'word')
          .slice(0, 2)
          .map(token => token.text)
          .join(' '),
      ) % 64
    }`;
    return byText.get(text) ?? add([{ text: hole, kind: 'hole', spaced: false }], text);
  }

  function neighbours(tokens: readonly Token[]): ReadonlyMap<number, Iterable<Group>> {
    const found = new Map<number, Iterable<Group>>();
    if (tokens.filter(({ kind }) => kind === 'word').length < 2) return found;
    tokens.forEach((token, place) => {
      const slot = token.kind === 'mark' ? undefined : slots.get(textOf(tokens, place));
      if (slot) found.set(place, slot.values());
    });
    return found;
  }

  return { groupOf, root, groups: () => all, neighbours };
}

function root(group: Group): Group {
  let top = group;
  while (top.parent) top = top.parent;
  return top;
}

/** Whether a group has a parameter where the tokens have a word: it stands for them. */
function isRest({ tokens }: Group, other: readonly Token[]): boolean {
  return tokens.length === other.length && tokens.some((token, i) => token.text === hole && other[i]!.kind === 'word');
}

/** A parameter by its looks that shows its value, as `true` or `null` does. */
function isLiteralHole({ kind, text }: Token): boolean {
  return kind === 'hole' && text !== hole;
}

function toHole(token: Token): Token {
  return isLiteralHole(token) ? { ...token, text: hole } : token;
}

function textOf(tokens: readonly Token[], open = -1): string {
  let text = '';
  for (let i = 0; i < tokens.length; i++) text += i === open ? `${hole}?\u0001` : `${tokens[i]!.text}\u0001`;
  return text;
}

function joinHoles(tokens: readonly Token[]): Token[] {
  return tokens.filter((token, i) => !(token.kind === 'hole' && tokens[i - 1]?.kind === 'hole'));
}

const leastWords = 3;

const compoundMarks: Readonly<Record<string, string | undefined>> = { '(': ')', '[': ']' };

/**
 * Number of tokens of a value that marks divide, as in `name:<*>`, `NAME(<*>)` and `name[<*>]`; 0 where none begins at
 * `at`.
 */
function compoundLength(tokens: readonly Token[], at: number): number {
  const [name, mark, value, close] = [tokens[at], tokens[at + 1], tokens[at + 2], tokens[at + 3]];
  if (name?.kind !== 'word' || !(name.spaced || tokens[at - 1]?.kind !== 'word')) return 0;
  if (mark?.kind !== 'mark' || mark.spaced || value?.kind !== 'hole' || value.spaced) return 0;
  if (mark.text === ':') return 3;
  return close !== undefined && !close.spaced && close.text === compoundMarks[mark.text] ? 4 : 0;
}

/** The tokens with each value that marks divide as one parameter, which shows the name in it. */
export function joinCompounds(tokens: readonly Token[]): readonly Token[] {
  const out: Token[] = [];
  for (let i = 0; i < tokens.length; i++) {
    const token = tokens[i]!,
      length = compoundLength(tokens, i);
    if (length === 0) {
      out.push(token);
      continue;
    }
    const value = tokens[i + 2]!;
    out.push({ ...token, kind: 'hole', text: value.text === hole ? token.text : `${token.text} ${value.text}` });
    i += length - 1;
  }
  return out.length < tokens.length ? out : tokens;
}

/**
 * The tokens with each such value as any parameter; undefined where there is none, or too little else to tell the
 * statement by.
 */
function withoutNames(tokens: readonly Token[]): Token[] | undefined {
  const out = joinCompounds(tokens);
  return out.length < tokens.length && out.filter(({ kind }) => kind === 'word').length >= leastWords
    ? out.map(toHole)
    : undefined;
}

/** Whether every token of `tokens` stands where `template` has the same or a parameter. */
function fits(template: readonly Token[], tokens: readonly Token[]): boolean {
  if (template.length !== tokens.length) return false;
  for (let i = 0; i < template.length; i++) {
    const one = template[i]!,
      other = tokens[i]!;
    if (one.kind === 'hole' ? other.kind === 'mark' : one.text !== other.text) return false;
  }
  return true;
}

/**
 * How many different words must have stood in one place before it is a parameter: few where figures stand too, more in
 * short prose.
 */
function wordsNeeded(tokens: readonly Token[], at: number, hasHole: boolean): number {
  let others = 0;
  for (let i = 0; i < tokens.length; i++) if (i !== at && tokens[i]!.kind === 'word') others++;
  if (others === 0) return Infinity;
  if (hasHole && others >= 3) return 3;
  const before = tokens[at - 1];

  if (others <= 2) return others === 1 ? 20 : 10;
  return before?.kind === 'mark' && (before.text === '=' || before.text === ':') ? 4 : 5;
}

/** The template as a person reads it. */
export function templateText(tokens: readonly Token[]): string {
  return tokens.map((token, i) => `${token.spaced && i > 0 ? ' ' : ''}${token.text}`).join('');
}
