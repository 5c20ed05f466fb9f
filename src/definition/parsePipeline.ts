// The phase's one sentence: text to a pipeline, or to every mistake in it with its place.
import type { Pipeline } from '../model/pipeline.ts';
import type { Problem } from '../model/problem.ts';
import { compilePipeline } from './compile/compile.ts';
import type { Draft } from './compile/drafts.ts';
import { finishProblems } from './compile/drafts.ts';
import type { Place } from './place.ts';
import { readTree } from './readTree.ts';
import { checkCanaries } from './rules/canaries.ts';
import { checkConditions } from './rules/conditions.ts';
import { checkCredentials } from './rules/credentials.ts';
import { checkDuplicates } from './rules/duplicates.ts';
import { checkInputDeclarations } from './rules/inputs.ts';
import { checkKinds } from './rules/kinds.ts';
import { checkMetrics } from './rules/metrics.ts';
import { outlineOf } from './rules/outline.ts';
import { checkReferences } from './rules/references.ts';
import { checkStages } from './rules/stages.ts';
import { pipelineSchema } from './schema/schema.ts';
import { checkShape } from './shapeProblems.ts';

const rules = [
  checkKinds,
  checkReferences,
  checkDuplicates,
  checkStages,
  checkCanaries,
  checkMetrics,
  checkInputDeclarations,
  checkConditions,
  checkCredentials,
];

/** Never throws, whatever the text. With a problem of severity `error` there is no pipeline. Lines and columns count from 1, in UTF-16 units. */
export function parsePipeline(
  text: string,
  file: string,
): { readonly pipeline?: Pipeline; readonly problems: readonly Problem[] } {
  const body = text.startsWith('\uFEFF') ? text.slice(1) : text;
  const { root, drafts } = readTree(body);
  if (!root) return { problems: finishProblems(drafts, body, file) };
  const shape = checkShape(root, { schema: pipelineSchema, thing: 'pipeline' });
  const all = [...drafts, ...shape.drafts, ...checkRules(shape.root)];
  if (shape.value && !all.some(draft => draft.severity === 'error')) {
    return { pipeline: compilePipeline(shape.value, file), problems: finishProblems(all, body, file) };
  }
  // A hook may seem unused only because of a mistake where it is used.
  return {
    problems: finishProblems(
      all.filter(draft => draft.code !== 'unused-hook'),
      body,
      file,
    ),
  };
}

/** The rules look at the tree itself, so that they also speak where the shape is wrong. */
function checkRules(root: Place): readonly Draft[] {
  const drafts: Draft[] = [];
  const outline = outlineOf(root, draft => {
    drafts.push(draft);
  });
  for (const rule of rules) rule(outline);
  return drafts;
}
