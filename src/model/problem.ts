// A mistake in a pipeline file, where it is and what is allowed there.

export interface Problem {
  readonly file: string;
  /** From 1, as editors show them. */
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
  readonly severity: 'error' | 'warning';
  /** Stable, kebab-case; quick fixes hang on it. */
  readonly code: string;
  /** What is wrong and what to do, one sentence each. */
  readonly message: string;
  /** What stands there, bounded. */
  readonly found?: string;
  /** What may stand there. */
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
