// The names that a pipeline file declares, and the places that refer to them.
import { readEnvironmentTemplate } from '../../../model/environmentChoice.ts';
import { readConditionWords } from '../completion/conditionWords.ts';
import type { ConditionWord } from '../completion/conditionWords.ts';
import type { PipelineTree } from './pipelineTree.ts';
import { visitNodes } from './pipelineTree.ts';
import type { Path, ScalarNode, SyntaxNode, TextRange } from './syntaxNodes.ts';
import { contains } from './syntaxNodes.ts';

export type NameKind = 'hook' | 'stage' | 'environment' | 'connection' | 'healthSource' | 'input' | 'metric';
export interface NamedPlace {
  readonly kind: NameKind;
  readonly name: string;
  /** For a metric, the health source that it belongs to; empty for all other kinds. */
  readonly scope: string;
  readonly range: TextRange;
}
export interface Definition extends NamedPlace {
  /** The scalar node that contains the name. */
  readonly scalar: ScalarNode;
  /** The range of the whole declaration. */
  readonly whole: TextRange;
  /** The declared value; for a stage, its map. */
  readonly node?: SyntaxNode;
  readonly path: Path;
}
export interface Reference extends NamedPlace {
  readonly path: Path;
  /** The scalar that is the name, or the condition that contains it. */
  readonly scalar: ScalarNode;
  readonly word?: ConditionWord;
}
export interface Names {
  readonly definitions: readonly Definition[];
  readonly references: readonly Reference[];
}

/** In these patterns, `*` stands for any name and `#` for any index. Stages of a parallel group count as stages. */
const referencePatterns: readonly (readonly [NameKind, string])[] = [
  ['hook', 'stages # steps #'],
  ['hook', 'stages # rollback'],
  ['hook', 'stages # check'],
  ['hook', 'stages # canary deploy'],
  ['hook', 'stages # canary rollback'],
  ['hook', 'stages # canary check'],
  ['hook', 'stages # canary beforeTraffic'],
  ['hook', 'stages # canary during'],
  ['hook', 'stages # canary phases # during'],
  ['environment', 'stages # environment'],
  ['healthSource', 'stages # verification sources #'],
  ['healthSource', 'stages # canary phases # verify sources #'],
  // Here the first `*` stands for any vendor's key.
  ['connection', 'artifact * connection'],
  ['connection', 'hooks * * connection'],
  ['connection', 'healthSources * * connection'],
  ['metric', 'healthSources * * metrics * per'],
];
const definitionPatterns: readonly (readonly [NameKind, string])[] = [
  ['hook', 'hooks *'],
  ['environment', 'environments *'],
  ['connection', 'connections *'],
  ['healthSource', 'healthSources *'],
  ['input', 'inputs *'],
  ['metric', 'healthSources * * metrics *'],
];
const compiledReferences = compilePatterns(referencePatterns);
const compiledDefinitions = compilePatterns(definitionPatterns);

type Compiled = readonly { readonly kind: NameKind; readonly steps: readonly string[] }[];
function compilePatterns(patterns: readonly (readonly [NameKind, string])[]): Compiled {
  return patterns.map(([kind, pattern]) => ({ kind, steps: pattern.split(' ') }));
}

function findKind(path: Path, patterns: Compiled): NameKind | undefined {
  const plain = withoutParallel(path);
  return patterns.find(
    ({ steps }) =>
      steps.length === plain.length &&
      steps.every((step, index) => {
        const part = plain[index];
        return step === '#' ? typeof part === 'number' : typeof part === 'string' && (step === '*' || step === part);
      }),
  )?.kind;
}

/** Converts `stages 0 parallel 1 steps` to `stages 1 steps`. */
export function withoutParallel(path: Path): Path {
  return path[0] === 'stages' && path[2] === 'parallel' ? ['stages', ...path.slice(3)] : path;
}

/** The kind of name that a scalar at this path refers to, if it refers to one. */
export function referenceKindAt(path: Path): NameKind | undefined {
  return findKind(path, compiledReferences);
}

export function scopeOf(kind: NameKind, path: Path): string {
  return kind === 'metric' ? String(path[1]) : '';
}

export function isCondition(path: Path): boolean {
  const plain = withoutParallel(path);
  return plain.length === 3 && plain[0] === 'stages' && plain[2] === 'when';
}

/** True if the environment of this stage contains an input, as in `production-${inputs.region}`. */
function choosesEnvironment({ text }: ScalarNode, path: Path): boolean {
  return referenceKindAt(path) === 'environment' && readEnvironmentTemplate(text) !== undefined;
}

const remembered = new WeakMap<PipelineTree, Names>();

export function readNames(tree: PipelineTree): Names {
  const known = remembered.get(tree);
  if (known) return known;
  const definitions: Definition[] = [];
  const references: Reference[] = [];
  visitNodes(tree.root, (node, path) => {
    if (node.kind === 'map') definitions.push(...declaredIn(node, path));
    if (node.kind === 'scalar') references.push(...referencesIn(node, path));
  });
  const names = { definitions, references };
  remembered.set(tree, names);
  return names;
}

const holders: ReadonlySet<string> = new Set(['hooks', 'environments', 'connections', 'healthSources', 'inputs']);

function declaredIn(node: SyntaxNode & { readonly kind: 'map' }, path: Path): readonly Definition[] {
  const plain = withoutParallel(path);
  if (plain.length === 2 && plain[0] === 'stages' && typeof plain[1] === 'number') {
    const stage = node.pairs.find(pair => pair.key.text === 'stage')?.value;
    return stage?.kind === 'scalar' && stage.text !== ''
      ? [
          {
            kind: 'stage',
            name: stage.text,
            scope: '',
            range: innerRange(stage),
            scalar: stage,
            whole: node.range,
            node,
            path,
          },
        ]
      : [];
  }
  if (!(path.length === 1 && holders.has(String(path[0]))) && !(path.length === 4 && path[3] === 'metrics')) return [];
  return node.pairs.flatMap(({ key, value, range }) => {
    const own = [...path, key.text];
    const kind = key.text === '<<' ? undefined : findKind(own, compiledDefinitions);
    return kind
      ? [
          {
            kind,
            name: key.text,
            scope: scopeOf(kind, own),
            range: innerRange(key),
            scalar: key,
            whole: range,
            ...(value && { node: value }),
            path: own,
          },
        ]
      : [];
  });
}

function referencesIn(scalar: ScalarNode, path: Path): readonly Reference[] {
  if (isCondition(path) || choosesEnvironment(scalar, path)) {
    return readConditionWords(scalar).map(word => ({
      kind: word.kind,
      name: word.name,
      scope: '',
      range: word.range,
      path,
      scalar,
      word,
    }));
  }
  const kind = referenceKindAt(path);
  return kind && scalar.text !== ''
    ? [{ kind, name: scalar.text, scope: scopeOf(kind, path), range: innerRange(scalar), path, scalar }]
    : [];
}

/** The range of a scalar without its quotes. */
export function innerRange({ style, range }: ScalarNode): TextRange {
  return style === 'single' || style === 'double'
    ? { start: range.start + 1, end: Math.max(range.end - 1, range.start + 1) }
    : range;
}

export function isSameName(left: NamedPlace, right: NamedPlace): boolean {
  return left.kind === right.kind && left.name === right.name && left.scope === right.scope;
}

/** The name under the cursor, either where it is declared or where something refers to it. */
export function nameAt(tree: PipelineTree, offset: number): Definition | Reference | undefined {
  const { definitions, references } = readNames(tree);
  return [...references, ...definitions].find(({ range }) => contains(range, offset));
}

export function definitionsOf(tree: PipelineTree, kind: NameKind, scope = ''): readonly Definition[] {
  return readNames(tree).definitions.filter(one => one.kind === kind && one.scope === scope);
}
