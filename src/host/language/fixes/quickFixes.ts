// Maps each problem to its quick fixes.
import type { Problem } from '../../../model/problem.ts';
import { correctKey, correctLiteral, correctName, correctSign, correctValue, declareName } from './fixNames.ts';
import { fixChoice } from './fixChoice.ts';
import { addLastPhase, addMissingKeys, nameCredential, removeIt } from './fixStructure.ts';
import { changeType, joinCommand, quoteCondition, replaceTabs, splitCommand, writeShare } from './fixTexts.ts';
import type { PipelineTree } from '../document/pipelineTree.ts';
import { locate } from '../document/pipelineTree.ts';
import { problemRange } from '../diagnosis/problemRange.ts';
import type { Fixer, FixParts, QuickFix } from './quickFix.ts';

/** Keyed by `Problem.code`. */
const fixers: ReadonlyMap<string, readonly Fixer[]> = new Map<string, readonly Fixer[]>([
  ['unknown-key', [correctKey, nameCredential]],
  ['unknown-hook', [correctName, declareName]],
  ['unknown-environment', [correctName, declareName]],
  ['environment-not-declared', [fixChoice]],
  ['unknown-connection', [correctName, declareName]],
  ['unknown-health-source', [correctName, declareName]],
  ['unknown-input', [correctName, declareName]],
  ['unknown-stage', [correctName]],
  ['unknown-metric', [correctName]],
  ['wrong-connection', [correctValue]],
  ['value-not-allowed', [correctValue]],
  ['canary-ignores-failure', [correctValue]],
  ['rollback-without-hook', [correctValue]],
  ['unknown-outcome', [correctLiteral]],
  ['never-equal', [correctLiteral]],
  ['bad-condition', [correctSign]],
  ['yaml-tab-as-indent', [replaceTabs]],
  ['yaml-tag', [quoteCondition]],
  ['wrong-type', [changeType]],
  ['bad-duration', [changeType]],
  ['bad-share', [writeShare]],
  ['shell-command-not-text', [joinCommand]],
  ['command-not-a-list', [splitCommand]],
  ['duplicate-key', [removeIt]],
  ['duplicate-node', [removeIt]],
  ['duplicate-file', [removeIt]],
  ['duplicate-source', [removeIt]],
  ['duplicate-approver', [removeIt]],
  ['key-does-not-fit', [removeIt]],
  ['ask-for-without-ask', [removeIt]],
  ['unused-hook', [removeIt]],
  ['required-with-default', [removeIt]],
  ['missing-key', [addMissingKeys]],
  ['last-phase-not-all', [addLastPhase]],
  ['secret-in-file', [nameCredential]],
  ['possible-secret', [nameCredential]],
  ['url-with-credentials', [nameCredential]],
]);

export const fixableCodes: ReadonlySet<string> = new Set(fixers.keys());

/** Never throws. Empty if the text has changed so that the problem no longer fits it. */
export function fixesOf(problem: Problem, tree: PipelineTree, parts: FixParts): readonly QuickFix[] {
  const range = problemRange(problem, tree.text);
  const context = { problem, range, tree, place: locate(tree, range.start), ...parts };
  return (fixers.get(problem.code) ?? []).flatMap(fixer => fixer(context));
}
