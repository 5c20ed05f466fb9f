// The syntax nodes of a pipeline file that is being edited: maps, lists and scalars with their positions, however
// broken the rest of the file is.

/** Offsets into the text, in UTF-16 units; `end` is exclusive. */
export interface TextRange {
  readonly start: number;
  readonly end: number;
}
interface NodeBase {
  readonly range: TextRange;
  readonly anchor?: string;
}
export interface ScalarNode extends NodeBase {
  readonly kind: 'scalar';
  /** The value, without quotes and escapes. */
  readonly text: string;
  readonly style: 'plain' | 'single' | 'double' | 'block';
  /** The offset of the first character of `text`; absent if escapes or folding moved characters. */
  readonly textStart?: number;
}
export interface AliasNode extends NodeBase {
  readonly kind: 'alias';
  readonly name: string;
}
export interface MapNode extends NodeBase {
  readonly kind: 'map';
  readonly flow: boolean;
  readonly pairs: readonly Pair[];
}
export interface Pair {
  readonly key: ScalarNode;
  readonly value?: SyntaxNode;
  readonly range: TextRange;
}
export interface ListNode extends NodeBase {
  readonly kind: 'list';
  readonly flow: boolean;
  readonly items: readonly Item[];
}
export interface Item {
  readonly value?: SyntaxNode;
  readonly range: TextRange;
}
export type SyntaxNode = ScalarNode | AliasNode | MapNode | ListNode;
/** Map keys and list indexes, from the root. */
export type Path = readonly (string | number)[];

export function pairOf(node: SyntaxNode | undefined, key: string): Pair | undefined {
  return node?.kind === 'map' ? node.pairs.find(pair => pair.key.text === key) : undefined;
}

export function pairsOf(node: SyntaxNode | undefined): readonly Pair[] {
  return node?.kind === 'map' ? node.pairs : [];
}

export function itemsOf(node: SyntaxNode | undefined): readonly Item[] {
  return node?.kind === 'list' ? node.items : [];
}

/** The node at a path. Aliases are not followed; their value belongs to the anchor. */
export function nodeAt(root: SyntaxNode, path: Path): SyntaxNode | undefined {
  return path.reduce<SyntaxNode | undefined>(
    (node, step) => (typeof step === 'number' ? itemsOf(node)[step]?.value : pairOf(node, step)?.value),
    root,
  );
}

export function scalarAt(root: SyntaxNode, path: Path): ScalarNode | undefined {
  const node = nodeAt(root, path);
  return node?.kind === 'scalar' ? node : undefined;
}

export function contains({ start, end }: TextRange, offset: number): boolean {
  return start <= offset && offset <= end;
}

/** The same nodes with their offsets increased by `by`. */
export function shiftNode<Node extends SyntaxNode>(node: Node, by: number): Node;
export function shiftNode(node: SyntaxNode, by: number): SyntaxNode {
  if (by === 0) return node;
  const range = shiftRange(node.range, by);
  switch (node.kind) {
    case 'scalar':
      return node.textStart === undefined ? { ...node, range } : { ...node, range, textStart: node.textStart + by };
    case 'alias':
      return { ...node, range };
    case 'map':
      return { ...node, range, pairs: node.pairs.map(pair => shiftPair(pair, by)) };
    case 'list':
      return { ...node, range, items: node.items.map(item => shiftItem(item, by)) };
    default:
      return node satisfies never;
  }
}

function shiftPair({ key, value, range }: Pair, by: number): Pair {
  const moved = { key: shiftNode(key, by), range: shiftRange(range, by) };
  return value ? { ...moved, value: shiftNode(value, by) } : moved;
}

function shiftItem({ value, range }: Item, by: number): Item {
  const moved = { range: shiftRange(range, by) };
  return value ? { ...moved, value: shiftNode(value, by) } : moved;
}

function shiftRange({ start, end }: TextRange, by: number): TextRange {
  return { start: start + by, end: end + by };
}
