// Reads YAML files of other tools, which are untrusted: with limits, without tags, and without following aliases.
import { isMap, isScalar, isSeq, LineCounter, parseAllDocuments, type Node } from 'yaml';
import { refuseText } from '../hostileText.ts';

/** A value of the file and its line, from 1. */
export interface Told {
  readonly value: string;
  readonly line: number;
}

export interface YamlDocument {
  /** The scalars at this path. In the path, `*` matches every item of a list or value of a map. */
  all(...path: readonly string[]): readonly Told[];
  first(...path: readonly string[]): Told | undefined;
  /** The keys of the map at this path. */
  keys(...path: readonly string[]): readonly Told[];
}

const mostDocuments = 50,
  mostFound = 200;

/** Empty for a text that is not YAML, such as a Helm template, or that would take too long to read. */
export function readYamlDocuments(text: string): readonly YamlDocument[] {
  if (refuseText(text, 'file')) return [];
  const lines = new LineCounter();
  const documents = parseAllDocuments(text, { lineCounter: lines, merge: false, schema: 'core', prettyErrors: false });
  if (!Array.isArray(documents)) return [];
  return documents
    .slice(0, mostDocuments)
    .filter(({ errors, contents }) => errors.length === 0 && isMap(contents))
    .map(({ contents }) => documentOf(contents as Node, lines));
}

function documentOf(root: Node, lines: LineCounter): YamlDocument {
  const lineOf = (node: Node): number => lines.linePos(node.range?.[0] ?? 0).line;
  const all = (...path: readonly string[]): readonly Told[] =>
    nodesAt(root, path).flatMap(node =>
      isScalar(node) && node.value !== null ? [{ value: wordOf(node.value), line: lineOf(node) }] : [],
    );
  return {
    all,
    first: (...path) => all(...path)[0],
    keys: (...path) =>
      nodesAt(root, path).flatMap(node =>
        isMap(node)
          ? node.items.flatMap(({ key }) =>
              isScalar(key) ? [{ value: wordOf(key.value), line: lineOf(key as Node) }] : [],
            )
          : [],
      ),
  };
}

function wordOf(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? String(value) : '';
}

function nodesAt(root: Node, path: readonly string[]): readonly Node[] {
  let found: readonly Node[] = [root];
  for (const step of path) found = found.flatMap(node => childrenOf(node, step)).slice(0, mostFound);
  return found;
}

function childrenOf(node: Node, step: string): readonly Node[] {
  if (isSeq(node)) return step === '*' ? (node.items as readonly Node[]) : [];
  if (!isMap(node)) return [];
  return node.items.flatMap(({ key, value }) =>
    value && (step === '*' || (isScalar(key) && String(key.value) === step)) ? [value as Node] : [],
  );
}
