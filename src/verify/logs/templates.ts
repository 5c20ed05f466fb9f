// The shared template state: canonical token lists, the groups they belong to, and the merging of groups that differ in one parameter.
import { hashText } from './characters.ts';
import { hole, type Token } from './tokens.ts';

/** One template. Merged groups point to the one that goes on. */
export interface Group {
  readonly id: number;
  tokens: readonly Token[];
  parent: Group | undefined;
}

const mostGroups = 20_000,
  mostHoleCandidates = 400,
  mostPlaces = 60,
  mostSlots = 400_000;

export interface Templates {
  /** The group of a canonical token list; a new one may merge older groups. */
  groupOf(tokens: readonly Token[]): Group;
  root(group: Group): Group;
  groups(): readonly Group[];
}

export function createTemplates(): Templates {
  const byText = new Map<string, Group>();
  const slots = new Map<string, Map<string, Group>>();
  const holed = new Map<number, Group[]>();
  /** Groups in which a name stands before a figure, by what they would be without. */
  const named = new Map<string, Group[]>();
  const all: Group[] = [];

  function add(tokens: readonly Token[], text: string): Group {
    const group: Group = { id: all.length, tokens, parent: undefined };
    all.push(group);
    byText.set(text, group);
    return group;
  }

  function groupOf(tokens: readonly Token[]): Group {
    const text = textOf(tokens);
    const known = byText.get(text);
    if (known) return root(known);
    const fitting = findFitting(tokens);
    if (fitting) {
      if (byText.size < mostGroups * 4) byText.set(text, fitting);
      return fitting;
    }
    const home = findUnnamed(tokens, text);
    if (home) return home;
    if (all.length >= mostGroups) return overflow(tokens);
    const group = add(tokens, text);
    for (const other of named.get(text) ?? []) if (other.parent === undefined) other.parent = group;
    named.delete(text);
    return mergeAlong(group);
  }

  /** `host:<*>` is a filling of a template that has a figure alone there; which is seen first does not matter. */
  function findUnnamed(tokens: readonly Token[], text: string): Group | undefined {
    const unnamed = withoutNames(tokens);
    if (!unnamed) return undefined;
    const key = textOf(unnamed),
      home = byText.get(key);
    if (home) {
      if (byText.size < mostGroups * 4) byText.set(text, root(home));
      return root(home);
    }
    if (all.length >= mostGroups) return undefined;
    const group = add(tokens, text),
      others = named.get(key) ?? [];
    named.set(key, [...others, group]);
    return mergeAlong(group);
  }

  /** A template with learned holes that this list fits. */
  function findFitting(tokens: readonly Token[]): Group | undefined {
    for (const candidate of holed.get(tokens.length) ?? []) {
      if (candidate.parent === undefined && fits(candidate.tokens, tokens)) return candidate;
    }
    return undefined;
  }

  /** Registers the group under each of its words left open; merges where enough different words stood in one place. */
  function mergeAlong(group: Group): Group {
    const tokens = group.tokens;
    for (let i = 0, places = 0; i < tokens.length && places < mostPlaces; i++) {
      if (tokens[i]!.kind === 'mark') continue;
      places++;
      const key = textOf(tokens, i);
      let slot = slots.get(key);
      if (!slot) {
        if (slots.size >= mostSlots) continue;
        slot = new Map();
        slots.set(key, slot);
      }
      slot.set(tokens[i]!.text, group);
      if (slot.size >= wordsNeeded(tokens, i, slot.has(hole))) return merge(slot, tokens, i);
    }
    return group;
  }

  function merge(slot: Map<string, Group>, tokens: readonly Token[], at: number): Group {
    const opened = tokens.map((token, i) => (i === at ? { ...token, text: hole, kind: 'hole' as const } : token));
    const joined = joinHoles(opened);
    const text = textOf(joined);
    const existing = byText.get(text);
    const target = existing ? root(existing) : add(joined, text);
    for (const group of slot.values()) {
      const top = root(group);
      if (top !== target) top.parent = target;
    }
    if (existing) return target;
    for (const group of all)
      if (group.parent === undefined && group !== target && fits(joined, group.tokens)) group.parent = target;
    const list = holed.get(joined.length) ?? [];
    if (list.length < mostHoleCandidates) list.push(target);
    holed.set(joined.length, list);
    return mergeAlong(target);
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

  return { groupOf, root, groups: () => all };
}

function root(group: Group): Group {
  let top = group;
  while (top.parent) top = top.parent;
  for (let at = group; at.parent && at.parent !== top;) {
    const next: Group = at.parent;
    at.parent = top;
    at = next;
  }
  return top;
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

/** The tokens with `name:<*>` as one parameter; undefined where there is none, or too little else to tell the statement by. */
function withoutNames(tokens: readonly Token[]): Token[] | undefined {
  const out: Token[] = [];
  for (let i = 0; i < tokens.length; i++) {
    const token = tokens[i]!,
      colon = tokens[i + 1],
      value = tokens[i + 2];
    const isName =
      (token.spaced || i === 0) &&
      token.kind === 'word' &&
      colon?.text === ':' &&
      !colon.spaced &&
      value?.kind === 'hole' &&
      !value.spaced;
    out.push(isName ? { ...value, spaced: token.spaced } : token);
    if (isName) i += 2;
  }
  return out.length < tokens.length && out.filter(({ kind }) => kind === 'word').length >= leastWords ? out : undefined;
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

/** Nouns whose next word is a name. */
const naming = new Set(
  'user username account host hostname node server client file directory path device interface table database topic queue bucket group role container pod job task thread program process service module driver plugin'.split(
    ' ',
  ),
);

/** How many different words must have stood in one place before it is a parameter: few where names stand, more in short prose. */
function wordsNeeded(tokens: readonly Token[], at: number, hasHole: boolean): number {
  let others = 0;
  for (let i = 0; i < tokens.length; i++) if (i !== at && tokens[i]!.kind === 'word') others++;
  if (others === 0) return Infinity;
  if (hasHole && others >= 3) return 2;
  const before = tokens[at - 1];
  if (before?.kind === 'word' && naming.has(before.text.toLowerCase())) return 2;
  if (others <= 2) return others === 1 ? 20 : 10;
  return before?.kind === 'mark' && (before.text === '=' || before.text === ':') ? 4 : 5;
}

/** The template as a person reads it. */
export function templateText(tokens: readonly Token[]): string {
  return tokens.map((token, i) => `${token.spaced && i > 0 ? ' ' : ''}${token.text}`).join('');
}
