// Parses a pipeline file into a syntax tree that tolerates errors. The text is split into sections and entries, which
// are parsed separately and cached, so a mistake affects only its own entry and a key press parses only one.
import { buildNodes, plainScalar } from './buildNodes.ts';
import type { ListNode, MapNode, Pair, Path, SyntaxNode, TextRange } from './syntaxNodes.ts';
import { contains, shiftNode } from './syntaxNodes.ts';

export interface PipelineTree {
  readonly text: string;
  readonly root: MapNode;
}
export type TreeReader = (text: string) => PipelineTree;

/** Longer texts are not pipelines and get an empty tree. */
const lengthLimit = 1_000_000;
/** Parsed pieces by their text, with the offset at which each was last found. */
type Remembered = Map<string, { readonly start: number; readonly node?: SyntaxNode }>;

/** The reader caches the pieces of the previous text, so each document needs a reader of its own. */
export function createTreeReader(): TreeReader {
  let known: Remembered = new Map();
  let recent: readonly PipelineTree[] = [];
  return text => {
    const same = recent.find(tree => tree.text === text);
    if (same) return same;
    const next: Remembered = new Map();
    const pairs =
      text.length > lengthLimit
        ? []
        : cutSections(text).flatMap(section => readSection(section, range => readPiece(text, range, known, next)));
    const tree: PipelineTree = {
      text,
      root: { kind: 'map', range: { start: 0, end: text.length }, flow: false, pairs },
    };
    known = next;
    recent = [tree, ...recent.slice(0, 1)];
    return tree;
  };
}

function readPiece(
  text: string,
  { start, end }: TextRange,
  known: Remembered,
  next: Remembered,
): SyntaxNode | undefined {
  const piece = text.slice(start, end);
  const before = next.get(piece) ?? known.get(piece) ?? { start: 0, node: buildNodes(piece) };
  const node = before.node && shiftNode(before.node, start - before.start);
  next.set(piece, { start, ...(node && { node }) });
  return node;
}

export interface Section extends TextRange {
  /** The ranges of the entries, if the section is split into them. */
  readonly entries?: readonly TextRange[];
}

const splitKeys: ReadonlySet<string> = new Set([
  'inputs',
  'connections',
  'environments',
  'hooks',
  'healthSources',
  'stages',
]);
const linePattern = /([ \t]*)([^\r\n]*)(?:\r\n|\r|\n|$)/y;

interface Line {
  readonly start: number;
  readonly indent: string;
  readonly content: string;
}

function readLines(text: string): readonly Line[] {
  const lines: Line[] = [];
  linePattern.lastIndex = 0;
  while (linePattern.lastIndex < text.length) {
    const start = linePattern.lastIndex;
    const match = linePattern.exec(text);
    if (!match) break;
    lines.push({ start, indent: match[1] ?? '', content: match[2] ?? '' });
  }
  return lines;
}

/**
 * A line that starts in the first column starts a new section, since nested content is indented. List items are the
 * exception.
 */
export function cutSections(text: string): readonly Section[] {
  const lines = readLines(text);
  const heads = lines.flatMap((line, index) =>
    line.indent === '' && line.content !== '' && !/^[#-]/.test(line.content) ? [index] : [],
  );
  const starts = heads[0] === 0 ? heads : [0, ...heads];
  return starts.map((head, index) => {
    const next = starts[index + 1] ?? lines.length;
    const end = lines[next]?.start ?? text.length;
    const entries = cutEntries(lines.slice(head, next), end);
    return { start: lines[head]?.start ?? 0, end, ...(entries && { entries }) };
  });
}

function cutEntries(lines: readonly Line[], end: number): readonly TextRange[] | undefined {
  const key = /^(\w+):[ \t]*(?:#.*)?$/.exec(lines[0]?.content ?? '')?.[1];
  if (key === undefined || !splitKeys.has(key)) return undefined;
  const inner = lines.slice(1).filter(({ content }) => content !== '' && !content.startsWith('#'));
  const [first] = inner;
  if (!first) return undefined;
  const list = /^-(?:\s|$)/.test(first.content);
  if (!list && (first.indent === '' || !/^[\w'"][^{}[\]|>&*!]*?:(?:\s|$)|^[\w. -]+$/.test(first.content)))
    return undefined;
  const starts = inner
    .filter(({ indent, content }) => indent === first.indent && /^-(?:\s|$)/.test(content) === list)
    .map(({ start }) => start);
  return starts.map((start, index) => ({ start, end: starts[index + 1] ?? end }));
}

function readSection(
  { start, end, entries }: Section,
  read: (range: TextRange) => SyntaxNode | undefined,
): readonly Pair[] {
  const heads = pairsIn(read({ start, end: entries?.[0]?.start ?? end }));
  const [head] = heads;
  if (!entries || !head || heads.length > 1) return heads;
  const value = joinEntries(entries.map(read), entries[0]?.start ?? start);
  return [{ ...head, value, range: { start: head.range.start, end: value.range.end } }];
}

/** The pairs of a piece. Text without a colon counts as a key that the user is still typing. */
function pairsIn(node: SyntaxNode | undefined): readonly Pair[] {
  if (node?.kind === 'map') return node.pairs;
  return node?.kind === 'scalar' && node.style === 'plain'
    ? [{ key: plainScalar(node.text, node.range), range: node.range }]
    : [];
}

function joinEntries(pieces: readonly (SyntaxNode | undefined)[], start: number): MapNode | ListNode {
  const items = pieces.flatMap(node => (node?.kind === 'list' ? node.items : []));
  if (items.length > 0)
    return { kind: 'list', range: { start, end: items.at(-1)?.range.end ?? start }, flow: false, items };
  const pairs = pieces.flatMap(pairsIn);
  return { kind: 'map', range: { start, end: pairs.at(-1)?.range.end ?? start }, flow: false, pairs };
}

export interface Place {
  /** The path of the value at the offset; on a key, the path of that key's value. */
  readonly path: Path;
  readonly on: 'key' | 'value';
  /** The pair that contains the offset, if there is one. */
  readonly pair?: Pair;
  readonly node?: SyntaxNode;
  /** The map or list that contains the offset. */
  readonly container: SyntaxNode;
}

/** The innermost node at an offset. */
export function locate(tree: PipelineTree, offset: number): Place {
  let place: Place = { path: [], on: 'value', node: tree.root, container: tree.root };
  for (let next: Place | undefined = place; next; next = stepInto(place, offset)) place = next;
  return place;
}

function stepInto({ node, path, on }: Place, offset: number): Place | undefined {
  if (on === 'key' || !node) return undefined;
  if (node.kind === 'map') {
    const pair = node.pairs.find(one => contains(one.range, offset));
    if (!pair) return undefined;
    const inner = { path: [...path, pair.key.text], pair, container: node, ...(pair.value && { node: pair.value }) };
    return contains(pair.key.range, offset) ? { ...inner, on: 'key' } : { ...inner, on: 'value' };
  }
  if (node.kind !== 'list') return undefined;
  const index = node.items.findIndex(item => contains(item.range, offset));
  const item = node.items[index];
  return item && { path: [...path, index], on: 'value', container: node, ...(item.value && { node: item.value }) };
}

/** Visits every node of the tree with its path, including the keys of maps. */
export function visitNodes(root: SyntaxNode, visit: (node: SyntaxNode, path: Path, pair?: Pair) => void): void {
  const walk = (node: SyntaxNode | undefined, path: Path, pair?: Pair): void => {
    if (!node) return;
    visit(node, path, pair);
    if (node.kind === 'map') for (const one of node.pairs) walk(one.value, [...path, one.key.text], one);
    if (node.kind === 'list')
      node.items.forEach((item, index) => {
        walk(item.value, [...path, index]);
      });
  };
  walk(root, []);
}
