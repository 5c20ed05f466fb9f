// Parses the text of a pipeline file into a pipeline, or into every mistake with its position.
import type { Pipeline } from '../model/pipeline.ts';
import type { Problem } from '../model/problem.ts';
import { definitions } from '../vendors/definitions.ts';
import type { VendorDefinition } from '../vendors/vendor.ts';
import { createSecretFinder, type SecretFinder } from '../model/file/secrets.ts';
import { compilePipeline } from './compile/compile.ts';
import type { Draft } from '../model/file/drafts.ts';
import { finishProblems } from './finishProblems.ts';
import type { Place } from '../model/file/place.ts';
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
import { pipelineSchemaOf } from './schema/schema.ts';
import { extensionsOf } from './extensions.ts';
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
];

export interface Parsed {
  readonly pipeline?: Pipeline;
  readonly problems: readonly Problem[];
}

/** Creates the parser of files that may use these vendors. */
export function createParser(vendors: readonly VendorDefinition[]): (text: string, file: string) => Parsed {
  const schema = pipelineSchemaOf(vendors);
  const secrets = createSecretFinder(vendors.flatMap(vendor => vendor.credential?.forms ?? []));
  return (text, file) => {
    const body = text.startsWith('\uFEFF') ? text.slice(1) : text;
    const { root, drafts } = readTree(body);
    if (!root) return { problems: finishProblems(drafts, body, file, secrets) };
    const shape = checkShape(root, { schema, thing: 'pipeline' });
    const all = [...drafts, ...shape.drafts, ...checkRules(root, shape.root, vendors, secrets)];
    if (shape.value && !all.some(draft => draft.severity === 'error')) {
      return {
        pipeline: compilePipeline(shape.value, file, vendors),
        problems: finishProblems(all, body, file, secrets),
      };
    }
    // A hook may seem unused only because of a mistake where it is used.
    return {
      problems: finishProblems(
        all.filter(draft => draft.code !== 'unused-hook'),
        body,
        file,
        secrets,
      ),
    };
  };
}

/**
 * Never throws, whatever the text. With a problem of severity `error` there is no pipeline. Lines and columns count
 * from 1, in UTF-16 units.
 */
export const parsePipeline = createParser(definitions);

/** The rules examine the tree, not the parsed value, so that they apply even if the file does not match the schema. */
function checkRules(
  written: Place,
  root: Place,
  vendors: readonly VendorDefinition[],
  secrets: SecretFinder,
): readonly Draft[] {
  const drafts: Draft[] = [];
  const report = (draft: Draft): void => {
    drafts.push(draft);
  };
  const outline = outlineOf(root, report, vendors, secrets);
  for (const rule of rules) rule(outline);
  checkCredentials(outline);
  // Keys that begin with `x-` are ignored otherwise, but a secret under one is still a secret in the file.
  checkCredentials({ ...outline, root: extensionsOf(written) });
  return drafts;
}
