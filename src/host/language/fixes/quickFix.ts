// What the quick fixes share: the problem, where it stands, and what a fix is.
import type { Problem } from '../../../model/problem.ts';
import type { VendorDefinition } from '../../../vendors/vendor.ts';
import type { PipelineTree, Place } from '../document/pipelineTree.ts';
import type { Schema } from '../document/schema.ts';
import type { TextRange } from '../document/syntaxNodes.ts';
import type { TextEdit, Translate } from '../texts.ts';

export interface QuickFix {
  readonly title: string;
  readonly edits: readonly TextEdit[];
  /** The one that is most probably meant. */
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
/** The part that does not depend on the problem. */
export type FixParts = Pick<FixContext, 'schema' | 'vendors' | 't'>;
export type Fixer = (context: FixContext) => readonly QuickFix[];
