// Text to a lenient syntax tree. The file is cut into its sections and their entries, each parsed by itself and remembered: a mistake stays where it was made, and a key press costs one entry.
import { buildNodes, plainScalar } from './buildNodes.ts';
import type { Item, ListNode, MapNode, Pair, Path, SyntaxNode, TextRange } from './syntaxNodes.ts';
import { contains, shiftItem, shiftPair } from './syntaxNodes.ts';

export interface PipelineTree {
  readonly text: string;
  readonly root: MapNode;
}
export type TreeReader = (text: string) => PipelineTree;

/** Longer texts are no pipelines, and have an empty tree. */
const lengthLimit = 1_000_000;
type Remembered = Map<string, SyntaxNode | undefined>;

/** A reader remembers the pieces of the last text, so each document has its own. */
export function createTreeReader(): TreeReader {
  let known: Remembered = new Map();
  return text => {
    if (text.length > lengthLimit) return { text, root: { kind: 'map', range: { start: 0, end: 0 }, flow: false, pairs: [] } };
    const next: Remembered = new Map();
    const build = (piece: string): SyntaxNode | undefined => {
      const node = next.has(piece) ? next.get(piece) : known.has(piece) ? known.get(piece) : buildNodes(piece);
      next.set(piece, node);
      return node;
    };
    const pairs = cutSections(text).flatMap(section => readSection(section, text, build));
    known = next;
    return { text, root: { kind: 'map', range: { start: 0, end: text.length }, flow: false, pairs } };
  };
}

export interface Section extends TextRange {
  /** Where the entries begin, when the section is cut into them. */
  readonly entries?: readonly TextRange[];
}

const splitKeys: ReadonlySet<string> = new Set(['inputs', 'connections', 'environments', 'hooks', 'healthSources', 'stages']);
const linePattern = /([ \t]*)([^\r\n]*)(?:\r\n|\r|\n|$)/y;

interface Line { readonly start: number; readonly indent: string; readonly content: string }

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

/** A line that begins in the first column begins a section: what belongs to a key above stands further right, but for list items. */
export function cutSections(text: string): readonly Section[] {
  const lines = readLines(text);
  const heads = lines.flatMap((line, index) => line.indent === '' && line.content !== '' && !/^[#-]/.test(line.content) ? [index] : []);
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
  if (!list && (first.indent === '' || !/^[\w'"][^{}[\]|>&*!]*?:(?:\s|$)|^[\w. -]+$/.test(first.content))) return undefined;
  const starts = inner.filter(({ indent, content }) => indent === first.indent && /^-(?:\s|$)/.test(content) === list).map(({ start }) => start);
  return starts.map((start, index) => ({ start, end: starts[index + 1] ?? end }));
}

function readSection(section: Section, text: string, build: (piece: string) => SyntaxNode | undefined): readonly Pair[] {
  const piece = (range: TextRange): SyntaxNode | undefined => build(text.slice(range.start, range.end));
  const { start, entries } = section;
  const heads = pairsIn(piece({ start, end: entries?.[0]?.start ?? section.end }), start);
  const [head] = heads;
  if (!entries || !head || heads.length > 1) return heads;
  const value = joinEntries(entries.map(entry => ({ node: piece(entry), by: entry.start })), entries[0]?.start ?? start);
  return [{ ...head, value, range: { start: head.range.start, end: value.range.end } }];
}

/** Keys of a piece; a text without a colon is a key that is being typed. */
function pairsIn(node: SyntaxNode | undefined, by: number): readonly Pair[] {
  if (node?.kind === 'map') return node.pairs.map(pair => shiftPair(pair, by));
  if (node?.kind !== 'scalar' || node.style !== 'plain') return [];
  const key = plainScalar(node.text, node.range);
  return [shiftPair({ key, range: key.range }, by)];
}

function joinEntries(pieces: readonly { readonly node: SyntaxNode | undefined; readonly by: number }[], start: number): MapNode | ListNode {
  const items = pieces.flatMap(({ node, by }): readonly Item[] => node?.kind === 'list' ? node.items.map(item => shiftItem(item, by)) : []);
  if (items.length > 0) return { kind: 'list', range: { start, end: items.at(-1)?.range.end ?? start }, flow: false, items };
  const pairs = pieces.flatMap(({ node, by }) => pairsIn(node, by));
  return { kind: 'map', range: { start, end: pairs.at(-1)?.range.end ?? start }, flow: false, pairs };
}

export interface Place {
  /** Of the value that is meant; on a key, of the value that the key has or would have. */
  readonly path: Path;
  readonly on: 'key' | 'value';
  /** The pair around, when there is one. */
  readonly pair?: Pair;
  readonly node?: SyntaxNode;
  /** The map or list that holds it. */
  readonly container: SyntaxNode;
}

/** The innermost thing at an offset. */
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

/** Every node of the tree with its path, keys of maps included. */
export function visitNodes(root: SyntaxNode, visit: (node: SyntaxNode, path: Path, pair?: Pair) => void): void {
  const walk = (node: SyntaxNode | undefined, path: Path, pair?: Pair): void => {
    if (!node) return;
    visit(node, path, pair);
    if (node.kind === 'map') for (const one of node.pairs) walk(one.value, [...path, one.key.text], one);
    if (node.kind === 'list') node.items.forEach((item, index) => { walk(item.value, [...path, index]); });
  };
  walk(root, []);
}
