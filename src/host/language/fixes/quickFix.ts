// The types that all quick fixes share: the problem, its place in the file, and the fix itself.
import type { Problem } from '../../../model/problem.ts';
import type { VendorDefinition } from '../../../vendors/vendor.ts';
import type { PipelineTree, Place } from '../document/pipelineTree.ts';
import type { Schema } from '../document/schema.ts';
import type { TextRange } from '../document/syntaxNodes.ts';
import type { TextEdit, Translate } from '../texts.ts';

export interface QuickFix {
  readonly title: string;
  readonly edits: readonly TextEdit[];
  /** The fix that the user most likely wants. */
  readonly preferred: boolean;
}
export interface FixContext {
  readonly problem: Problem;
  readonly range: TextRange;
  readonly tree: PipelineTree;
  readonly place: Place;
  readonly schema: Schema;
  readonly vendors: readonly VendorDefinition[];
  readonly t: Translate;
}
/** The part of the context that is the same for all problems. */
export type FixParts = Pick<FixContext, 'schema' | 'vendors' | 't'>;
export type Fixer = (context: FixContext) => readonly QuickFix[];
