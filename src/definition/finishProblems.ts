// Turns drafts of problems into the problems that users see: with positions, in order, limited, and without secrets.
import type { Draft } from '../model/file/drafts.ts';
import type { SecretFinder } from '../model/file/secrets.ts';
import type { Problem } from '../model/problem.ts';

const foundLimit = 80;
const allowedLimit = 30;

/** Shortens what was found to one line of 80 characters, and redacts secrets in it. */
function boundFound(text: string, { redactSecrets }: SecretFinder): string {
  const line = redactSecrets(text.slice(0, 1_000))
    .replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]+/g, ' ')
    .trim();
  return line.length > foundLimit ? `${line.slice(0, foundLimit - 1)}…` : line;
}

/** Returns problems with line and column, in the order of the text, each mistake once, at most `limit`. */
export function finishProblems(
  drafts: readonly Draft[],
  text: string,
  file: string,
  secrets: SecretFinder,
  limit = 200,
): readonly Problem[] {
  const lineStarts = findLineStarts(text);
  const sorted = drafts.toSorted((left, right) => left.span.start - right.span.start);
  const unique = new Map(sorted.map(draft => [`${draft.span.start} ${draft.code} ${draft.message}`, draft]));
  return [...unique.values()].slice(0, limit).map(({ span, severity, code, message, found, allowed }) => {
    const start = Math.min(Math.max(span.start, 0), text.length);
    const from = locate(lineStarts, start);
    const to = locate(lineStarts, Math.min(Math.max(span.end, start), text.length));
    return {
      file,
      line: from.line,
      column: from.column,
      endLine: to.line,
      endColumn: to.column,
      severity,
      code,
      message,
      ...(found !== undefined && { found: boundFound(found, secrets) }),
      ...(allowed && { allowed: allowed.length > allowedLimit ? [...allowed.slice(0, allowedLimit), '…'] : allowed }),
    };
  });
}

function findLineStarts(text: string): readonly number[] {
  const starts = [0];
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  return starts;
}

function locate(lineStarts: readonly number[], offset: number): { line: number; column: number } {
  let low = 0;
  let high = lineStarts.length - 1;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if ((lineStarts[middle] ?? 0) <= offset) low = middle;
    else high = middle - 1;
  }
  return { line: low + 1, column: offset - (lineStarts[low] ?? 0) + 1 };
}
