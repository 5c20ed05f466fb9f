// Converts the line and column of a problem to offsets.
import type { Problem } from '../../../model/problem.ts';
import type { TextRange } from '../document/syntaxNodes.ts';

export function problemRange({ line, column, endLine, endColumn }: Problem, text: string): TextRange {
  const start = offsetOf(text, line, column);
  return {
    start,
    end: Math.max(start, endLine === line ? start + endColumn - column : offsetOf(text, endLine, endColumn)),
  };
}

/** Line and column start at 1. Only `\n` ends a line, as in the positions of problems. */
function offsetOf(text: string, line: number, column: number): number {
  let start = 0;
  for (let at = 1; at < line; at++) {
    const end = text.indexOf('\n', start);
    if (end < 0) return text.length;
    start = end + 1;
  }
  return Math.min(start + column - 1, text.length);
}
