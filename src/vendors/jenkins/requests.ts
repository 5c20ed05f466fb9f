// Requests about one job: signed, asked again until the deadline, and with a crumb where Jenkins wants one.
import { fail, succeed } from '../../model/failure.ts';
import type { Result } from '../../model/failure.ts';
import type { JenkinsConnection } from './options.ts';
import type { Clock } from '../../model/ports.ts';
import { createRedactor } from '../../model/redact.ts';
import { basicAuthorization } from '../transport/credentials.ts';
import type { Credentials, Http, HttpAnswer, HttpRequest } from '../../model/outside.ts';
import { textOf } from '../transport/http.ts';
import { askOnce, failureOfStatus, withRetry } from '../transport/httpRetry.ts';
import type { Attempt } from '../transport/httpRetry.ts';
import { parseJson, textMember } from '../transport/decode/json.decode.ts';

export interface JenkinsDeps {
  readonly http: Http;
  readonly clock: Clock;
  readonly credentials: Credentials;
}

/** One conversation about one job; `deadlineMs` bounds every call's retries. */
export interface JenkinsJob {
  readonly connection: JenkinsConnection;
  readonly job: string;
  readonly deadlineMs: number;
}

interface JenkinsCall {
  readonly method: HttpRequest['method'];
  readonly path: string;
  readonly form?: Readonly<Record<string, string>>;
  readonly headers?: Readonly<Record<string, string>>;
  /** Of a POST: asking twice does no harm. */
  readonly repeatable?: boolean;
}

/**
 * An answer takes no more than the longest, nor more than half of the time that is left, so that there is time to ask
 * again. What is asked again is waited for longer each time.
 */
const firstAnswerMs = 10_000,
  longestAnswerMs = 30_000;

export function call(
  deps: JenkinsDeps,
  job: JenkinsJob,
  request: JenkinsCall,
  signal: AbortSignal,
  accepts?: (answer: HttpAnswer) => boolean,
): Promise<Result<HttpAnswer>> {
  let tries = 0;
  return withRetry(deps.clock, { deadlineMs: job.deadlineMs, signal }, () =>
    callOnce(deps, job, { ...request, tries: ++tries }, signal, accepts),
  );
}

/** A document that came damaged is asked for again. */
const hintOfPage =
  'It may be a sign-in page: check the `url` of the connection, and whether it can be reached with an API token.';

export function callJson(
  deps: JenkinsDeps,
  job: JenkinsJob,
  path: string,
  signal: AbortSignal,
  accepts?: (answer: HttpAnswer) => boolean,
): Promise<Result<unknown>> {
  let tries = 0;
  return withRetry(deps.clock, { deadlineMs: job.deadlineMs, signal }, async (): Promise<Attempt<unknown>> => {
    const { result: answer, again } = await callOnce(
      deps,
      job,
      { method: 'GET', path, tries: ++tries },
      signal,
      accepts,
    );
    if (!answer.ok) return { result: answer, ...(again && { again }) };
    if (answer.value.status === 404) return { result: succeed(undefined) };
    const parsed = parseJson(answer.value.bytes, 'Jenkins');
    if (parsed.ok) return { result: parsed };
    const isWebPage = (answer.value.headers['content-type'] ?? '').includes('html');
    const told = isWebPage ? 'a web page came instead of data.' : parsed.failure.message;
    const message = `Jenkins job "${job.job}": ${told}`;
    const failure = { ...parsed.failure, message, ...(isWebPage && { hint: hintOfPage }) };
    return { result: { ok: false, failure }, again: {} };
  });
}

function callOnce(
  deps: JenkinsDeps,
  job: JenkinsJob,
  { method, path, form, headers, repeatable = method === 'GET', tries }: JenkinsCall & { readonly tries: number },
  signal: AbortSignal,
  accepts?: (answer: HttpAnswer) => boolean,
): Promise<Attempt<HttpAnswer>> {
  const credential = deps.credentials.get(job.connection.credential, job.connection.url);
  if (!credential.ok) return Promise.resolve({ result: credential });
  return askOnce(
    { http: deps.http, clock: deps.clock, redact: createRedactor([credential.value]) },
    {
      request: {
        method,
        url: `${job.connection.url.replace(/\/+$/, '')}${path}`,
        headers: {
          Authorization: basicAuthorization(credential.value),
          ...(form && { 'Content-Type': 'application/x-www-form-urlencoded' }),
          ...headers,
        },
        ...(form && { body: new URLSearchParams(form).toString() }),
      },
      what: `Jenkins job "${job.job}"`,
      repeatable,
      deadlineMs: job.deadlineMs,
      timeoutMs: Math.min(
        longestAnswerMs,
        repeatable ? tries * firstAnswerMs : Infinity,
        (job.deadlineMs - deps.clock.now()) / 2,
      ),
      ...(accepts && { accepts }),
    },
    signal,
  );
}

/**
 * Redirects are Jenkins' way to say yes. API tokens need no crumb; where one is asked for, it is fetched with its
 * session and sent.
 */
export async function post(
  deps: JenkinsDeps,
  job: JenkinsJob,
  request: Pick<JenkinsCall, 'path' | 'form' | 'repeatable'>,
  signal: AbortSignal,
): Promise<Result<HttpAnswer>> {
  const accepts = (answer: HttpAnswer) => (answer.status >= 300 && answer.status <= 399) || wantsCrumb(answer);
  const first = await call(deps, job, { method: 'POST', ...request }, signal, accepts);
  if (!first.ok || !wantsCrumb(first.value)) return first;
  const issued = await issueCrumb(deps, job, signal);
  if (!issued.ok) return issued;
  const second = await call(deps, job, { method: 'POST', ...request, headers: issued.value }, signal, accepts);
  if (!second.ok || !wantsCrumb(second.value)) return second;
  return { ok: false, failure: failureOfStatus(second.value, `Jenkins job "${job.job}"`, text => text) };
}

/** The headers that make a request one of the crumb's session. */
function issueCrumb(
  deps: JenkinsDeps,
  job: JenkinsJob,
  signal: AbortSignal,
): Promise<Result<Readonly<Record<string, string>>>> {
  let tries = 0;
  return withRetry(
    deps.clock,
    { deadlineMs: job.deadlineMs, signal },
    async (): Promise<Attempt<Readonly<Record<string, string>>>> => {
      const { result: issued, again } = await callOnce(
        deps,
        job,
        { method: 'GET', path: '/crumbIssuer/api/json', tries: ++tries },
        signal,
      );
      if (!issued.ok) return { result: issued, ...(again && { again }) };
      const document = parseJson(issued.value.bytes, 'Jenkins');
      const field = document.ok ? textMember(document.value, 'crumbRequestField') : undefined,
        crumb = document.ok ? textMember(document.value, 'crumb') : undefined;
      if (!field || !crumb)
        return { result: fail('bad-answer', `Jenkins job "${job.job}": no crumb was issued.`), again: {} };
      const cookie = issued.value.cookies.map(one => one.split(';')[0]!).join('; ');
      return { result: succeed({ [field]: crumb, ...(cookie && { Cookie: cookie }) }) };
    },
  );
}

function wantsCrumb(answer: HttpAnswer): boolean {
  return answer.status === 403 && /crumb/i.test(textOf(answer.bytes, 4_000));
}
