// A mistake in a pipeline file, where it is and what is allowed there.

export interface Problem {
  readonly file: string;
  /** Counted from 1, as editors show them. */
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
  readonly severity: 'error' | 'warning';
  /** Stable, kebab-case; quick fixes depend on it. */
  readonly code: string;
  /** One sentence about what is wrong and one about what to do. */
  readonly message: string;
  /** The text found there, bounded. */
  readonly found?: string;
  /** The values allowed there. */
  readonly allowed?: readonly string[];
}

/** `FILE:LINE:COLUMN severity: message`, as compilers print it, so that terminals and editors link it. */
export function formatProblem(problem: Problem): string {
  const { file, line, column, severity, message, found, allowed } = problem;
  return (
    `${file}:${line}:${column} ${severity}: ${message}` +
    (found === undefined ? '' : ` Found: ${found}.`) +
    (allowed?.length ? ` Allowed: ${allowed.join(', ')}.` : '')
  );
}
