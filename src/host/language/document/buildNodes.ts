// Builds syntax nodes for one piece of a pipeline file from the concrete tokens of the YAML parser, which exist even if
// the piece is invalid.
import { CST, Parser } from 'yaml';
import type { Item, Pair, ScalarNode, SyntaxNode, TextRange } from './syntaxNodes.ts';

const depthLimit = 40;

/**
 * The first value in `text`, with offsets from the beginning of `text`. Undefined if there is none, or if it is nested
 * too deeply.
 */
export function buildNodes(text: string): SyntaxNode | undefined {
  if (isAbsurd(text)) return undefined;
  for (const token of new Parser().parse(text)) {
    if (token.type === 'document' && token.value) return nodeOf(token.value, token.start, 0);
  }
  return undefined;
}

/** Extreme nesting makes the parser very slow; no real pipeline comes near these limits. */
function isAbsurd(text: string): boolean {
  let depth = 0;
  for (const { 0: sign } of text.matchAll(/[[\]{}]|(?:[-?][ ]){60}/g)) {
    if (sign.length > 1) return true;
    depth = sign === '[' || sign === '{' ? depth + 1 : Math.max(0, depth - 1);
    if (depth > 200) return true;
  }
  return false;
}

function nodeOf(
  token: CST.Token | null | undefined,
  props: readonly CST.SourceToken[],
  depth: number,
): SyntaxNode | undefined {
  if (!token || depth > depthLimit) return undefined;
  const anchor = props.findLast(prop => prop.type === 'anchor')?.source.slice(1);
  const node = plainNode(token, depth);
  return node && anchor ? { ...node, anchor } : node;
}

function plainNode(token: CST.Token, depth: number): SyntaxNode | undefined {
  switch (token.type) {
    case 'scalar':
    case 'single-quoted-scalar':
    case 'double-quoted-scalar':
    case 'block-scalar':
      return scalarNode(token);
    case 'alias':
      return {
        kind: 'alias',
        range: { start: token.offset, end: token.offset + token.source.length },
        name: token.source.slice(1),
      };
    case 'block-map':
      return mapNode(
        token.offset,
        token.items.flatMap(item => readPairs(item, depth)),
        false,
      );
    case 'block-seq':
      return listNode(
        token.offset,
        token.items.flatMap(item => readItem(item, depth)),
        false,
      );
    case 'flow-collection':
      return flowNode(token, depth);
    default:
      return undefined;
  }
}

function mapNode(start: number, pairs: readonly Pair[], flow: boolean, end?: number): SyntaxNode {
  return { kind: 'map', range: { start, end: end ?? pairs.at(-1)?.range.end ?? start }, flow, pairs };
}

function listNode(start: number, items: readonly Item[], flow: boolean, end?: number): SyntaxNode {
  return { kind: 'list', range: { start, end: end ?? items.at(-1)?.range.end ?? start }, flow, items };
}

function flowNode(token: CST.FlowCollection, depth: number): SyntaxNode {
  const close = token.end.find(sign => sign.type === 'flow-map-end' || sign.type === 'flow-seq-end');
  const end = close ? close.offset + 1 : endOfFlow(token);
  if (token.start.type === 'flow-map-start')
    return mapNode(
      token.offset,
      token.items.flatMap(item => readPairs(item, depth)),
      true,
      end,
    );
  const items = token.items.flatMap(item => {
    if (!item.sep?.length) return readItem(item.key && !item.value ? { ...item, value: item.key } : item, depth);
    const [pair] = readPairs(item, depth + 1);
    return pair ? [{ value: mapNode(pair.range.start, [pair], true), range: pair.range }] : [];
  });
  return listNode(token.offset, items, true, end);
}

/** The end of a flow collection that may lack its closing bracket: the end of its last token. */
function endOfFlow(token: CST.FlowCollection): number {
  const last = token.items.at(-1);
  const tokens = last ? [...last.start, ...(last.sep ?? [])] : [];
  return Math.max(
    token.offset + 1,
    ...tokens.map(endOf),
    ...[last?.key, last?.value].map(part => (part ? endOf(part) : 0)),
  );
}

function endOf(token: CST.Token): number {
  return (
    token.offset +
    ('source' in token
      ? token.source.length
      : 'items' in token
        ? token.type === 'flow-collection'
          ? endOfFlow(token) - token.offset
          : 1
        : 0)
  );
}

type CstItem = {
  readonly start: readonly CST.SourceToken[];
  readonly key?: CST.Token | null;
  readonly sep?: readonly CST.SourceToken[];
  readonly value?: CST.Token;
};

function readItem(item: CstItem, depth: number): readonly Item[] {
  const dash = item.start.find(sign => sign.type === 'seq-item-ind');
  const value = nodeOf(item.value, item.start, depth + 1);
  if (!value && !dash) return [];
  const start = dash?.offset ?? value?.range.start ?? 0;
  return [{ ...(value && { value }), range: { start, end: value?.range.end ?? start + 1 } }];
}

/** A multi-line key consists of incomplete keys that the user is typing, followed by the key with the colon. */
function readPairs(item: CstItem, depth: number): readonly Pair[] {
  const key = item.key && isScalarToken(item.key) ? scalarNode(item.key) : undefined;
  if (!key || !item.key) return [];
  const value = nodeOf(item.value, item.sep ?? [], depth + 1);
  const colon = item.sep?.find(sign => sign.type === 'map-value-ind');
  const keys =
    key.style === 'plain' && key.range.end - key.range.start !== key.text.length ? splitLines(item.key) : [key];
  const last = keys.at(-1) ?? key;
  const end = value?.range.end ?? (colon ? colon.offset + 1 : last.range.end);
  return [
    ...keys.slice(0, -1).map(half => ({ key: half, range: half.range })),
    { key: last, ...(value && { value }), range: { start: last.range.start, end } },
  ];
}

function splitLines(token: CST.Token): readonly ScalarNode[] {
  const source = 'source' in token ? token.source : '';
  return [...source.matchAll(/[^\r\n]+/g)].flatMap(({ 0: line, index }) => {
    const text = line.trim();
    if (text === '') return [];
    const start = token.offset + index + line.indexOf(text);
    return [plainScalar(text, { start, end: start + text.length })];
  });
}

export function plainScalar(text: string, range: TextRange): ScalarNode {
  return { kind: 'scalar', range, text, style: 'plain', textStart: range.start };
}

type ScalarToken = CST.FlowScalar | CST.BlockScalar;
function isScalarToken(token: CST.Token): token is ScalarToken {
  return (
    token.type === 'scalar' ||
    token.type === 'single-quoted-scalar' ||
    token.type === 'double-quoted-scalar' ||
    token.type === 'block-scalar'
  );
}

const styles = {
  scalar: 'plain',
  'single-quoted-scalar': 'single',
  'double-quoted-scalar': 'double',
  alias: 'plain',
} as const;

function scalarNode(token: ScalarToken): ScalarNode {
  const { offset, source } = token;
  if (token.type === 'block-scalar') {
    const text = CST.resolveAsScalar(token, false, () => undefined)?.value ?? '';
    const header = token.props.reduce((sum, prop) => sum + ('source' in prop ? prop.source.length : 0), 0);
    return {
      kind: 'scalar',
      range: { start: offset, end: offset + header + source.trimEnd().length },
      text,
      style: 'block',
    };
  }
  const range = { start: offset, end: offset + source.length };
  if (token.type === 'scalar' && !source.includes('\n')) return plainScalar(source, range);
  const text = CST.resolveAsScalar(token, false, () => undefined)?.value ?? '';
  const quote = token.type === 'scalar' ? 0 : 1;
  return {
    kind: 'scalar',
    range,
    text,
    style: styles[token.type],
    ...(source.startsWith(text, quote) && { textStart: offset + quote }),
  };
}
