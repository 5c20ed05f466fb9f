// When a request is asked again: throttled, overloaded and dropped ones, with back-off, within a deadline, and never
// one that may have been done already.
import { fail, succeed } from '../../model/failure.ts';
import type { Failure, FailureKind, Result } from '../../model/failure.ts';
import type { Clock } from '../../model/ports.ts';
import type { Share } from './budget.ts';
import { causeOf } from './http.ts';
import type { Http, HttpAnswer, HttpRequest } from '../../model/outside.ts';

export interface Question {
  readonly request: Omit<HttpRequest, 'signal' | 'timeoutMs'>;
  /** What was being asked, as the start of a failure's message: `VENDOR, metric "latency"`. */
  readonly what: string;
  /** Asking twice does no harm. Otherwise it is asked again only when the other side surely did nothing. */
  readonly repeatable: boolean;
  /** Epoch ms after which nothing is asked again. */
  readonly deadlineMs: number;
  /** What it counts for in the account's rate; 1 by default. */
  readonly weight?: number;
  /** Of one exchange; 30 s by default. */
  readonly timeoutMs?: number;
  /** Takes an answer of whatever status as it is, so that it is neither repeated nor turned into a failure. */
  readonly accepts?: (answer: HttpAnswer) => boolean;
}

export interface Asker {
  readonly http: Http;
  readonly clock: Clock;
  /** Of the budget of the account that is asked. */
  readonly share?: Share;
  readonly redact: (text: string) => string;
  /** Spreads the pauses of many clients; `Math.random` unless a test wants to know them. */
  readonly random?: () => number;
}

/** One try: `again` when it failed in a way that may pass by itself. */
export type Attempt<T> = { readonly result: Result<T>; readonly again?: { readonly afterMs?: number } };

const exchangeMs = 30_000;
const firstDelayMs = 250;
const maxDelayMs = 8_000;
/** A pause grows by up to this share, so that clients that were turned away together do not come back together. */
const jitterShare = 0.25;
/** Of tries without a word from the other side on when to come back. */
const blindAttempts = 4;
const maxAttempts = 12;

/** Tries until it works, until it cannot get better, or until the deadline; the last failure is the answer. */
export async function withRetry<T>(
  clock: Clock,
  limits: { readonly deadlineMs: number; readonly signal: AbortSignal; readonly random?: () => number },
  attempt: () => Promise<Attempt<T>>,
): Promise<Result<T>> {
  for (let tries = 1, blind = 1; ; tries++) {
    const { result, again } = await attempt();
    if (result.ok || !again || limits.signal.aborted) return result;
    const leastMs = again.afterMs ?? Math.min(maxDelayMs, firstDelayMs * 2 ** (blind - 1));
    const delayMs = Math.round(leastMs * (1 + jitterShare * (limits.random ?? Math.random)()));
    if (again.afterMs === undefined) blind += 1;
    if (tries >= maxAttempts || blind > blindAttempts || clock.now() + delayMs >= limits.deadlineMs) return result;
    await clock.sleep(delayMs, limits.signal);
    if (limits.signal.aborted) return fail('cancelled', 'Cancelled while waiting to ask again.');
  }
}

/** An answer with a status of 200 to 299, or one that the question accepts. */
export function ask(asker: Asker, question: Question, signal: AbortSignal): Promise<Result<HttpAnswer>> {
  return withRetry(
    asker.clock,
    { deadlineMs: question.deadlineMs, signal, ...(asker.random && { random: asker.random }) },
    () => askOnce(asker, question, signal),
  );
}

export async function askOnce(asker: Asker, question: Question, signal: AbortSignal): Promise<Attempt<HttpAnswer>> {
  const turn = await asker.share?.take({
    deadlineMs: question.deadlineMs,
    signal,
    ...(question.weight !== undefined && { weight: question.weight }),
  });
  if (turn && !turn.ok)
    return {
      result: { ok: false, failure: { ...turn.failure, message: `${question.what}: ${turn.failure.message}` } },
    };
  const timeoutMs = Math.max(1, Math.min(question.timeoutMs ?? exchangeMs, question.deadlineMs - asker.clock.now()));
  const sent = await asker.http.request({ ...question.request, timeoutMs, signal });
  turn?.value();
  if (!sent.ok) {
    const failure = { ...sent.failure, message: `${question.what}: ${sent.failure.message}` };
    const passing =
      sent.failure.kind === 'unreachable' || sent.failure.kind === 'timeout' || sent.failure.kind === 'bad-answer';
    return { result: { ok: false, failure }, ...(passing && (question.repeatable || !sent.sent) && { again: {} }) };
  }
  const { status } = sent.value;
  if ((status >= 200 && status <= 299) || question.accepts?.(sent.value)) return { result: succeed(sent.value) };
  const afterMs = retryAfterMs(sent.value, asker.clock.now());
  if (status === 429) asker.share?.holdBack(afterMs);
  const failure = failureOfStatus(sent.value, question.what, asker.redact);
  const result = {
    ok: false,
    failure:
      afterMs === undefined ? failure : { ...failure, hint: `The server asks to wait ${Math.ceil(afterMs / 1000)} s.` },
  } as const;
  const again = { again: afterMs === undefined ? {} : { afterMs } };
  if (status === 429 || (status === 503 && afterMs !== undefined)) return { result, ...again };
  return { result, ...((status >= 500 || status === 408) && question.repeatable && again) };
}

/** `Retry-After` in ms: seconds or a date (RFC 9110, 10.2.3). */
export function retryAfterMs(answer: HttpAnswer, nowMs: number): number | undefined {
  const value = answer.headers['retry-after']?.trim() ?? '';
  if (/^\d{1,9}(\.\d{1,3})?$/.test(value)) return Number(value) * 1000;
  const date = value.length > 10 ? Date.parse(value) : NaN;
  return Number.isNaN(date) ? undefined : Math.max(0, date - nowMs);
}

export function failureOfStatus(answer: HttpAnswer, what: string, redact: (text: string) => string): Failure {
  const { kind, means } = meaningOf(answer.status);
  const cause = causeOf(answer, redact);
  return {
    kind,
    message: `${what}: ${means} (HTTP ${answer.status}).`,
    ...(cause && { cause }),
    ...(kind === 'unauthorized' && { hint: 'Check the credential of the connection and what it may do.' }),
  };
}

function meaningOf(status: number): { readonly kind: FailureKind; readonly means: string } {
  if (status === 401 || status === 403) return { kind: 'unauthorized', means: 'the credential was not accepted' };
  if (status === 404 || status === 410) return { kind: 'not-found', means: 'not found' };
  if (status === 408 || status === 504) return { kind: 'timeout', means: 'the server ran out of time' };
  if (status === 429) return { kind: 'rate-limited', means: 'asked too often' };
  if (status >= 500) return { kind: 'unreachable', means: 'the server failed' };
  if (status >= 300 && status <= 399) return { kind: 'bad-answer', means: 'the server sends elsewhere' };
  return { kind: status >= 400 ? 'invalid' : 'bad-answer', means: 'the server refused the request' };
}
