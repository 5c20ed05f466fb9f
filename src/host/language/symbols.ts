// The outline of a pipeline file: its sections, their declarations, and the stages with their parallel groups.
import type { PipelineTree } from './document/pipelineTree.ts';
import type { Pair, SyntaxNode, TextRange } from './document/syntaxNodes.ts';
import { itemsOf, pairOf, pairsOf } from './document/syntaxNodes.ts';
import type { Translate } from './texts.ts';

export interface OutlineSymbol {
  readonly name: string;
  readonly detail: string;
  readonly kind:
    'section' | 'hook' | 'environment' | 'connection' | 'healthSource' | 'input' | 'stage' | 'group' | 'value';
  readonly range: TextRange;
  /** Lies within `range`. */
  readonly selection: TextRange;
  readonly children: readonly OutlineSymbol[];
}

const entryKinds = {
  hooks: 'hook',
  environments: 'environment',
  connections: 'connection',
  healthSources: 'healthSource',
  inputs: 'input',
} as const;

export function outlineOf({ root }: PipelineTree, t: Translate): readonly OutlineSymbol[] {
  return root.pairs
    .filter(pair => pair.key.text !== '')
    .map(pair => {
      const name = pair.key.text;
      if (name === 'stages')
        return symbolOf(
          pair,
          'section',
          itemsOf(pair.value).flatMap(item => stageSymbols(item.value, item.range, t)),
        );
      const kind = Object.hasOwn(entryKinds, name) ? entryKinds[name as keyof typeof entryKinds] : undefined;
      if (!kind) return symbolOf(pair, pair.value?.kind === 'scalar' ? 'value' : 'section', []);
      return symbolOf(
        pair,
        'section',
        pairsOf(pair.value)
          .filter(entry => entry.key.text !== '')
          .map(entry => symbolOf(entry, kind, [])),
      );
    });
}

function symbolOf(
  { key, value, range }: Pair,
  kind: OutlineSymbol['kind'],
  children: readonly OutlineSymbol[],
): OutlineSymbol {
  return {
    name: key.text,
    detail: kind === 'section' ? '' : detailOf(value),
    kind,
    range,
    selection: key.range,
    children,
  };
}

/** The scalar itself; for a map, its first keys, which show its kind. */
function detailOf(value: SyntaxNode | undefined): string {
  if (value?.kind === 'scalar') return value.text.slice(0, 80).split(/\r?\n/)[0] ?? '';
  return value?.kind === 'map'
    ? value.pairs
        .slice(0, 3)
        .map(pair => pair.key.text)
        .join(', ')
        .slice(0, 80)
    : '';
}

function stageSymbols(node: SyntaxNode | undefined, range: TextRange, t: Translate): readonly OutlineSymbol[] {
  const parallel = pairOf(node, 'parallel');
  if (parallel) {
    const children = itemsOf(parallel.value).flatMap(item => stageSymbols(item.value, item.range, t));
    return [
      {
        name: t('In parallel'),
        detail: children
          .map(child => child.name)
          .join(', ')
          .slice(0, 80),
        kind: 'group',
        range,
        selection: parallel.key.range,
        children,
      },
    ];
  }
  const stage = pairOf(node, 'stage')?.value;
  if (stage?.kind !== 'scalar' || stage.text === '') return [];
  const environment = pairOf(node, 'environment')?.value;
  return [
    {
      name: stage.text,
      detail: environment?.kind === 'scalar' ? environment.text : '',
      kind: 'stage',
      range,
      selection: stage.range,
      children: [],
    },
  ];
}
