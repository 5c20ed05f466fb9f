// Calls the fleet's HTTP API, for the hooks and for the play.
import { fail, succeed, type Result } from '../../model/failure.ts';

const answerWithinMs = 15_000;

/** GET without a body, otherwise POST. A status above 299 is a failure with the fleet's message. */
export async function askFleet(url: string, body?: unknown): Promise<Result<unknown>> {
  try {
    const answer = await fetch(url, {
      signal: AbortSignal.timeout(answerWithinMs),
      ...(body !== undefined && {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify(body),
      }),
    });
    const value = (await answer.json()) as { error?: string };
    return answer.ok
      ? succeed(value)
      : fail('hook-failed', `the fleet answered ${answer.status}: ${value.error ?? 'without a reason'}`);
  } catch (error) {
    const { message, cause } = error as Error & { cause?: { code?: string } };
    return fail('unreachable', `the fleet at ${url} did not answer (${cause?.code ?? message})`);
  }
}
