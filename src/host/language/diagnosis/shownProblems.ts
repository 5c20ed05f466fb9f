// Which problems Backstop underlines itself. Where the YAML extension checks the file against the same schema, what it
// reports too is left to it.
import type { Problem } from '../../../model/problem.ts';
import type { PipelineTree } from '../document/pipelineTree.ts';
import { locate } from '../document/pipelineTree.ts';
import { problemRange } from './problemRange.ts';
import { rejects, schemasAt } from '../document/schema.ts';
import type { Schema } from '../document/schema.ts';
import type { Path } from '../document/syntaxNodes.ts';
import { nodeAt } from '../document/syntaxNodes.ts';

/** The YAML parser's own mistakes: the YAML extension has the same parser. */
const syntaxCodes: ReadonlySet<string> = new Set(['duplicate-key', 'not-closed']);
/** Mistakes of shape that any validator of the schema reports. */
const shapeCodes: ReadonlySet<string> = new Set(['unknown-key', 'value-not-allowed', 'not-a-map']);
/** Reported by the schema in some places, and by Backstop alone in others: the schema is asked. */
const mixedCodes: ReadonlySet<string> = new Set([
  'missing-key',
  'missing-kind',
  'several-kinds',
  'no-metric',
  'wrong-type',
  'wrong-form',
  'bad-name',
  'bad-share',
  'bad-duration',
  'bad-url',
  'empty-value',
  'too-long',
  'out-of-range',
]);

/** All problems, or, beside an active YAML extension, those that it does not report. */
export function problemsToShow(
  problems: readonly Problem[],
  tree: PipelineTree,
  schema: Schema,
  yamlExtensionChecks: boolean,
): readonly Problem[] {
  return yamlExtensionChecks ? problems.filter(problem => !isLeftToYaml(problem, tree, schema)) : problems;
}

function isLeftToYaml(problem: Problem, tree: PipelineTree, schema: Schema): boolean {
  if (problem.code.startsWith('yaml-') || syntaxCodes.has(problem.code) || shapeCodes.has(problem.code)) return true;
  return (
    mixedCodes.has(problem.code) &&
    pathsAround(problem, tree).some(
      path => schemasAt(schema, path).length > 0 && rejects(schema, path, nodeAt(tree.root, path)),
    )
  );
}

/** Codes that are about the map or list whose first part is underlined. */
const aboutWhole: ReadonlySet<string> = new Set(['wrong-type', 'out-of-range', 'no-metric']);
/** Codes that are about the map of the key that is underlined. */
const aboutMap: ReadonlySet<string> = new Set(['missing-key', 'missing-kind', 'several-kinds', 'bad-name']);

/** The value that the problem is about, and what holds it, where the problem is said at its beginning. */
function pathsAround(problem: Problem, tree: PipelineTree): readonly Path[] {
  const { code } = problem;
  const { path, container } = locate(tree, problemRange(problem, tree.text).start);
  const first = container.kind === 'map' ? container.pairs[0]?.key.text : 0;
  return aboutMap.has(code) || (aboutWhole.has(code) && path.at(-1) === first) ? [path, path.slice(0, -1)] : [path];
}
