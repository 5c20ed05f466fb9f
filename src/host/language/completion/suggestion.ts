// One thing that completion offers.
import type { TextRange } from '../document/syntaxNodes.ts';

export interface Suggestion {
  readonly label: string;
  readonly kind: 'key' | 'value' | 'name' | 'variable' | 'word' | 'snippet';
  readonly insert: string;
  /** `insert` has tab stops. */
  readonly isSnippet: boolean;
  readonly detail?: string;
  /** Markdown. */
  readonly documentation?: string;
  readonly replace: TextRange;
  /** What is compared with the text in `replace`; by default the label. */
  readonly filter?: string;
  /** Least first. */
  readonly rank: number;
  /** Ask for suggestions again behind what was inserted. */
  readonly more?: boolean;
}
