// Asks for one page of evidence and hands it over: one that came damaged is asked for again, and a refused query is
// shown as it was asked.
import type { EvidencePage } from '../../model/evidence/analysis.ts';
import type { QueryRecord } from '../../model/evidence/verdict.ts';
import { succeed } from '../../model/failure.ts';
import type { FailureKind, Result } from '../../model/failure.ts';
import type { Clock } from '../../model/ports.ts';
import { withRetry, type Attempt } from './httpRetry.ts';

export interface PageQuestion {
  /** Name of the health source. */
  readonly source: string;
  /** The query, as text. */
  readonly text: string;
  /** The start of a failure's message. */
  readonly what: string;
  /** Epoch ms. */
  readonly deadlineMs: number;
}

/** `seen`: what was looked at in the bytes, which are gone once they were handed over. */
export interface AskedPage<T> {
  readonly page: EvidencePage;
  readonly seen: T;
  readonly warnings?: readonly string[];
}

const passing: ReadonlySet<FailureKind> = new Set(['bad-answer', 'rate-limited', 'timeout', 'unreachable']);

export function readPage<T>(
  clock: Clock,
  { source, text, what, deadlineMs }: PageQuestion,
  ask: () => Promise<Result<AskedPage<T>>>,
  deliver: (page: EvidencePage) => Promise<Result<{ rows: number }>>,
  signal: AbortSignal,
): Promise<Result<{ readonly seen: T; readonly record: QueryRecord }>> {
  const startedAtMs = clock.now();
  type Read = { readonly seen: T; readonly record: QueryRecord };
  return withRetry(clock, { deadlineMs, signal }, async (): Promise<Attempt<Read>> => {
    const asked = await ask();
    if (!asked.ok) return { result: asked };
    const { page, seen, warnings = [] } = asked.value,
      bytes = page.bytes.length;
    const taken = await deliver(page);
    if (!taken.ok) {
      const { kind, message } = taken.failure;
      const hint = kind === 'invalid' ? { hint: `The query was: ${text}` } : {};
      const failure = { ...taken.failure, message: `${what}: ${message}`, ...hint };
      return { result: { ok: false, failure }, ...(passing.has(kind) && { again: {} }) };
    }
    const durationMs = clock.now() - startedAtMs;
    const record = { source, text, atMs: startedAtMs, durationMs, bytes, rows: taken.value.rows };
    return { result: succeed({ seen, record: { ...record, ...(warnings.length > 0 && { warnings }) } }) };
  });
}
