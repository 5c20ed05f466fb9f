// Types that the language features share: text edits, and sentences that go through a translator.
import type { TextRange } from './document/syntaxNodes.ts';

/** Has the signature of `vscode.l10n.t`: fills `{0}`, `{1}`, ... Tests pass their own. */
export type Translate = (message: string, ...values: readonly (string | number)[]) => string;

export interface TextEdit {
  readonly range: TextRange;
  readonly text: string;
}

export function applyEdits(text: string, edits: readonly TextEdit[]): string {
  return edits
    .toSorted((left, right) => right.range.start - left.range.start)
    .reduce(
      (current, { range, text: inserted }) => current.slice(0, range.start) + inserted + current.slice(range.end),
      text,
    );
}

export function lineStartOf(text: string, offset: number): number {
  return offset <= 0 ? 0 : text.lastIndexOf('\n', offset - 1) + 1;
}

/** The offset after the last character of the line, before its line end. */
export function lineEndOf(text: string, offset: number): number {
  const end = text.indexOf('\n', offset);
  const stop = end < 0 ? text.length : end;
  return stop > offset && text[stop - 1] === '\r' ? stop - 1 : stop;
}

export function columnOf(text: string, offset: number): number {
  return offset - lineStartOf(text, offset);
}

/** The first line break of `text` (a file or a section of it); `\n` if it has none. */
export function lineBreakOf(text: string): string {
  return /\r?\n/.exec(text)?.[0] ?? '\n';
}
