// Text edits that add and remove keys, list items and whole declarations, in block and in flow style.
import type { PipelineTree } from '../document/pipelineTree.ts';
import type { MapNode, Pair, SyntaxNode, TextRange } from '../document/syntaxNodes.ts';
import { pairOf } from '../document/syntaxNodes.ts';
import type { TextEdit } from '../texts.ts';
import { columnOf, lineBreakOf, lineEndOf, lineStartOf } from '../texts.ts';

/** Removes one part (a pair of a map, an item of a list) from its container, with its comma or its lines. */
export function removePart(text: string, container: SyntaxNode, part: TextRange): TextEdit {
  const parts =
    container.kind === 'map'
      ? container.pairs.map(pair => pair.range)
      : container.kind === 'list'
        ? container.items.map(item => item.range)
        : [];
  const index = parts.findIndex(one => one.start === part.start);
  const next = parts[index + 1];
  const before = parts[index - 1];
  const flow = (container.kind === 'map' || container.kind === 'list') && container.flow;
  if (flow && next) return { range: { start: part.start, end: next.start }, text: '' };
  if (flow) return { range: { start: before ? before.end : part.start, end: part.end }, text: '' };
  const start = lineStartOf(text, part.start);
  const alone = text.slice(start, part.start).trim() === '';
  if (!alone) return { range: { start: part.start, end: next ? next.start : part.end }, text: '' };
  const end = lineEndOf(text, part.end);
  const lineBreak = /^\r?\n/.exec(text.slice(end, end + 2))?.[0].length ?? 0;
  return { range: { start, end: end + lineBreak }, text: '' };
}

/** Adds keys after the last key of a map. */
export function addPairs(
  text: string,
  map: MapNode,
  pairs: readonly (readonly [key: string, value: string])[],
): TextEdit {
  const last = map.pairs.at(-1);
  const written = pairs.map(([key, value]) => `${key}: ${value}`);
  if (map.flow) {
    const at = last?.range.end ?? map.range.start + 1;
    return { range: { start: at, end: at }, text: last ? `, ${written.join(', ')}` : ` ${written.join(', ')} ` };
  }
  const at = last ? lineEndOf(text, endOfContent(text, last)) : map.range.end;
  const column = columnOf(text, map.pairs[0]?.range.start ?? map.range.start);
  const lineBreak = `${lineBreakOf(text)}${' '.repeat(column)}`;
  return { range: { start: at, end: at }, text: lineBreak + written.join(lineBreak) };
}

function endOfContent(text: string, { range }: Pair): number {
  return Math.max(range.start, range.start + text.slice(range.start, range.end).trimEnd().length);
}

/** Declares a name in a section such as `hooks`; creates the section if it is missing. */
export function addDeclaration({ text, root }: PipelineTree, section: string, name: string, value: string): TextEdit {
  const pair = pairOf(root, section);
  const lineBreak = lineBreakOf(text);
  if (pair?.value?.kind === 'map' && (pair.value.flow || pair.value.pairs.length > 0))
    return addPairs(text, pair.value, [[name, value]]);
  if (pair) {
    const at = lineEndOf(text, pair.key.range.end);
    return { range: { start: at, end: at }, text: `${lineBreak}  ${name}: ${value}` };
  }
  const stages = pairOf(root, 'stages');
  const at = stages ? lineStartOf(text, stages.range.start) : text.length;
  const gap = at > 0 && text[at - 1] !== '\n' ? lineBreak : '';
  return { range: { start: at, end: at }, text: `${gap}${section}:${lineBreak}  ${name}: ${value}${lineBreak}` };
}
