// One suggestion of the completion list.
import type { TextRange } from '../document/syntaxNodes.ts';

export interface Suggestion {
  readonly label: string;
  readonly kind: 'key' | 'value' | 'name' | 'variable' | 'word' | 'snippet';
  readonly insert: string;
  /** `insert` contains tab stops. */
  readonly isSnippet: boolean;
  readonly detail?: string;
  /** In Markdown. */
  readonly documentation?: string;
  readonly replace: TextRange;
  /** The text that the editor matches against what was typed; by default the label. */
  readonly filter?: string;
  /** The sort order; the lowest comes first. */
  readonly rank: number;
  /** Opens the suggestions again after the insertion. */
  readonly more?: boolean;
}
