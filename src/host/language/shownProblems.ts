// Which problems Backstop underlines itself. Where the YAML extension checks the file against the same schema, what it reports too is left to it.
import type { Problem } from '../../model/problem.ts';
import type { PipelineTree } from './pipelineTree.ts';
import { locate } from './pipelineTree.ts';
import { problemRange } from './problemRange.ts';
import { rejects, schemasAt } from './schema.ts';
import type { Schema } from './schema.ts';
import type { Path } from './syntaxNodes.ts';
import { nodeAt } from './syntaxNodes.ts';

/** The YAML parser's own mistakes: the YAML extension has the same parser. */
const syntaxCodes: ReadonlySet<string> = new Set(['duplicate-key', 'not-closed']);
/** Mistakes of shape that any validator of the schema reports. */
const shapeCodes: ReadonlySet<string> = new Set(['unknown-key', 'value-not-allowed', 'not-a-map']);
/** Reported by the schema in some places, and by Backstop alone in others: the schema is asked. */
const mixedCodes: ReadonlySet<string> = new Set(['missing-key', 'missing-kind', 'several-kinds', 'wrong-type', 'wrong-form', 'bad-name', 'bad-share', 'bad-duration', 'bad-url', 'empty-value', 'too-long', 'out-of-range']);

/** All problems, or, beside an active YAML extension, those that it does not report. */
export function problemsToShow(problems: readonly Problem[], tree: PipelineTree, schema: Schema, yamlExtensionChecks: boolean): readonly Problem[] {
  return yamlExtensionChecks ? problems.filter(problem => !isLeftToYaml(problem, tree, schema)) : problems;
}

function isLeftToYaml(problem: Problem, tree: PipelineTree, schema: Schema): boolean {
  if (problem.code.startsWith('yaml-') || syntaxCodes.has(problem.code) || shapeCodes.has(problem.code)) return true;
  return mixedCodes.has(problem.code) && pathsAround(problem, tree).some(path => schemasAt(schema, path).length > 0 && rejects(schema, path, nodeAt(tree.root, path)));
}

/** The value that the problem is about, and the map around it, of which a key may be missing. */
function pathsAround(problem: Problem, tree: PipelineTree): readonly Path[] {
  const { path } = locate(tree, problemRange(problem, tree.text).start);
  return problem.code === 'missing-key' || problem.code === 'missing-kind' || problem.code === 'several-kinds' || problem.code === 'bad-name' ? [path, path.slice(0, -1)] : [path];
}
