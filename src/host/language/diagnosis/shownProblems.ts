// Decides which problems Backstop underlines itself. If the YAML extension validates the file against the same schema,
// it shows the problems that it also finds.
import type { Problem } from '../../../model/problem.ts';
import type { PipelineTree } from '../document/pipelineTree.ts';
import { locate } from '../document/pipelineTree.ts';
import { problemRange } from './problemRange.ts';
import { rejects, schemasAt } from '../document/schema.ts';
import type { Schema } from '../document/schema.ts';
import type { Path } from '../document/syntaxNodes.ts';
import { nodeAt } from '../document/syntaxNodes.ts';

/** Syntax errors. The YAML extension uses the same parser, so it reports all of them. */
const syntaxCodes: ReadonlySet<string> = new Set(['duplicate-key', 'not-closed']);
/** Schema violations that every JSON Schema validator reports. */
const shapeCodes: ReadonlySet<string> = new Set(['unknown-key', 'value-not-allowed', 'not-a-map']);
/** Codes that the schema covers in some places only; for these, the schema decides at each place. */
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

/** All problems; if the YAML extension validates the file, only those that it does not report. */
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

/** Codes that concern a whole map or list, although only its first part is underlined. */
const aboutWhole: ReadonlySet<string> = new Set(['wrong-type', 'out-of-range', 'no-metric']);
/** Codes that concern the map of the underlined key. */
const aboutMap: ReadonlySet<string> = new Set(['missing-key', 'missing-kind', 'several-kinds', 'bad-name']);

/** The paths of the value that the problem concerns and, where necessary, of the map or list that contains it. */
function pathsAround(problem: Problem, tree: PipelineTree): readonly Path[] {
  const { code } = problem;
  const { path, container } = locate(tree, problemRange(problem, tree.text).start);
  const first = container.kind === 'map' ? container.pairs[0]?.key.text : 0;
  return aboutMap.has(code) || (aboutWhole.has(code) && path.at(-1) === first) ? [path, path.slice(0, -1)] : [path];
}
