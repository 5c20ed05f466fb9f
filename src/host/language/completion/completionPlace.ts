// Finds the place in the file where the user is typing: its path, whether a key or a value belongs there, and the word
// to replace.
import type { PipelineTree, TreeReader } from '../document/pipelineTree.ts';
import { locate } from '../document/pipelineTree.ts';
import type { Path, ScalarNode, SyntaxNode, TextRange } from '../document/syntaxNodes.ts';
import { innerRange } from '../document/names.ts';
import { lineEndOf, lineStartOf } from '../texts.ts';

export interface CompletionPlace {
  readonly tree: PipelineTree;
  /** For a key, the path of the map that contains it; for a value, the path of the value. */
  readonly path: Path;
  /** `either`: at the beginning of a line, where a key or a list item can follow. */
  readonly wants: 'key' | 'value' | 'either';
  readonly word: TextRange;
  /** The part of the word that is before the cursor. */
  readonly written: string;
  /** The other keys of the map. */
  readonly present: ReadonlySet<string>;
  readonly flow: boolean;
  /** The rest of the line already starts with a colon. */
  readonly colon: boolean;
  /** Extra spaces that the following lines need, compared with the indentation of this line. */
  readonly extraIndent: string;
  /** The value that the user is typing, as a node of `tree`. */
  readonly scalar?: ScalarNode;
  /** `tree` was parsed from the text with one extra character at the cursor. */
  readonly placeholder: boolean;
}

const lineStart = /^([ \t]*)((?:-[ \t]+)*)([^\s:#'"{}[\],&*!|>%@`-][^:#'"{}[\],]*)?$/;

/** Undefined in a comment, or if the surrounding text cannot be parsed. `offset` counts UTF-16 units. */
export function findCompletionPlace(text: string, offset: number, read: TreeReader): CompletionPlace | undefined {
  const start = lineStartOf(text, offset);
  const before = text.slice(start, offset);
  const after = text.slice(offset, lineEndOf(text, offset));
  if (isComment(before)) return undefined;
  const line = lineStart.exec(before);
  const rest = /^[^\s:#'"{}[\],]*/.exec(after)?.[0] ?? '';
  const next = after.slice(rest.length).trimStart();
  if (line && (next === '' || /^[#\]},]/.test(next))) return placeAtLineStart(text, offset, rest, line, read);
  return placeInLine(text, offset, rest, next, read);
}

function isComment(before: string): boolean {
  const hash = /(?:^|\s)#/.exec(before);
  if (!hash) return false;
  const head = before.slice(0, hash.index);
  return (head.match(/'/g)?.length ?? 0) % 2 === 0 && (head.match(/"/g)?.length ?? 0) % 2 === 0;
}

/** Parses the text as if this line were a complete key, so that the parser determines which map it belongs to. */
function placeAtLineStart(
  text: string,
  offset: number,
  rest: string,
  [, , dashes = '', begun = '']: RegExpExecArray,
  read: TreeReader,
): CompletionPlace | undefined {
  const word = { start: offset - begun.length, end: offset + rest.length };
  const written = text.slice(word.start, word.end);
  const tree = read(`${text.slice(0, word.start)}${written || '_'}:${text.slice(word.end)}`);
  const place = locate(tree, word.start);
  if (place.on !== 'key' || place.pair?.key.range.start !== word.start)
    return placeInText(tree, place.node, place.path, word, begun);
  return {
    tree,
    path: place.path.slice(0, -1),
    wants: 'either',
    word,
    written: begun,
    present: keysBeside(place.container, word.start),
    flow: place.container.kind === 'map' && place.container.flow,
    colon: false,
    extraIndent: dashes.replaceAll(/\S/g, ' '),
    placeholder: false,
  };
}

function placeInText(
  tree: PipelineTree,
  node: SyntaxNode | undefined,
  path: Path,
  word: TextRange,
  written: string,
): CompletionPlace | undefined {
  if (node?.kind !== 'scalar' || node.style === 'plain') return undefined;
  return {
    tree,
    path,
    wants: 'value',
    word,
    written,
    present: new Set(),
    flow: false,
    colon: true,
    extraIndent: '',
    scalar: node,
    placeholder: false,
  };
}

/** Handles a cursor after a colon, inside brackets, or on a complete key. */
function placeInLine(
  text: string,
  offset: number,
  rest: string,
  next: string,
  read: TreeReader,
): CompletionPlace | undefined {
  const empty =
    rest === '' &&
    /[\s[{,:]$/.test(text.slice(Math.max(0, offset - 1), offset)) &&
    !/[^\s[{,]:$/.test(text.slice(Math.max(0, offset - 2), offset));
  const asIs = read(text);
  const here = locate(asIs, offset);
  const inText =
    here.on === 'value' &&
    here.node?.kind === 'scalar' &&
    here.node.range.start <= offset &&
    offset <= here.node.range.end;
  const placeholder = empty && !inText;
  const tree = placeholder ? read(`${text.slice(0, offset)}_${text.slice(offset)}`) : asIs;
  const place = tree === asIs ? here : locate(tree, offset);
  const common = { tree, flow: isFlow(place.container), colon: next.startsWith(':'), extraIndent: '', placeholder };
  if (place.on === 'key' && place.pair) {
    const { range } = place.pair.key;
    const word = empty ? { start: offset, end: offset } : range;
    return {
      ...common,
      path: place.path.slice(0, -1),
      wants: 'key',
      word,
      written: text.slice(word.start, offset),
      present: keysBeside(place.container, range.start),
    };
  }
  const { node } = place;
  if (node?.kind !== 'scalar' || (node.style !== 'block' && !(node.range.start <= offset && offset <= node.range.end)))
    return undefined;
  const inner = innerRange(node);
  const word = { start: inner.start, end: placeholder ? Math.max(inner.start, inner.end - 1) : inner.end };
  return {
    ...common,
    path: place.path,
    wants: 'value',
    word,
    written: text.slice(word.start, offset),
    present: new Set(),
    scalar: node,
  };
}

function isFlow(container: SyntaxNode): boolean {
  return (container.kind === 'map' || container.kind === 'list') && container.flow;
}

function keysBeside(container: SyntaxNode, start: number): ReadonlySet<string> {
  return new Set(
    container.kind === 'map'
      ? container.pairs.filter(pair => pair.key.range.start !== start).map(pair => pair.key.text)
      : [],
  );
}
