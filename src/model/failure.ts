// Failures as values: what went wrong, in words that help the user. An exception in the core is a bug.

export type FailureKind =
  | 'invalid' // a file, an input or an argument is invalid
  | 'refused' // possible, but forbidden by the pipeline (the starter approves, the environment is busy)
  | 'unreachable'
  | 'timeout'
  | 'rate-limited'
  | 'unauthorized'
  | 'not-found'
  | 'bad-answer'
  | 'no-data' // something could not be measured
  | 'hook-failed'
  | 'cancelled'
  | 'unattended' // no one continued the run in time
  | 'overtaken' // another run, or another process, has taken over, and nothing was changed after that
  | 'store';

export interface Failure {
  readonly kind: FailureKind;
  /** One sentence with the thing and its value. Already redacted. */
  readonly message: string;
  /** The underlying cause, as the other system reported it. Already redacted and shortened. */
  readonly cause?: string;
  /** How to fix it. */
  readonly hint?: string;
}

export type Result<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly failure: Failure };

export function succeed<T>(value: T): Result<T> {
  return { ok: true, value };
}

export function fail(
  kind: FailureKind,
  message: string,
  more: Pick<Failure, 'cause' | 'hint'> = {},
): { ok: false; failure: Failure } {
  return { ok: false, failure: { kind, message, ...more } };
}

/** One line for a log or a terminal. */
export function describeFailure(failure: Failure): string {
  return [messageWithCause(failure), failure.hint].filter(Boolean).join(' ');
}

/** The cause follows in brackets, before the full stop of the message if it has one. */
export function messageWithCause({ message, cause }: Failure): string {
  if (!cause) return message;
  const text = message.replace(/(?<!\.)\.$/, '');
  return text === message ? `${message} (${cause})` : `${text} (${cause}).`;
}

/**
 * The store is broken or unreachable; `failure` describes it, with kind `store`. A History throws it, since it affects
 * every caller.
 */
export class StoreError extends Error {
  readonly failure: Failure;
  /** It may work a moment later: the store is locked, or its disk is full. Nothing was written. */
  readonly passes: boolean;
  constructor(failure: Failure, passes = false) {
    super([failure.message, failure.hint].filter(Boolean).join(' '), { cause: failure.cause });
    this.name = 'StoreError';
    this.failure = failure;
    this.passes = passes;
  }
}
