// Asks a server that a team runs itself, or a vendor that authenticates requests in a way of its own: with or without a
// credential, for a tenant, and within its limits.
import { fail, succeed } from '../../model/failure.ts';
import type { Failure, Result } from '../../model/failure.ts';
import type { ServerConnection } from '../../model/file/connectionFields.ts';
import type { Account, AccountLimits, Http, HttpAnswer, HttpRequest, Outside } from '../../model/outside.ts';
import { createRedactor } from '../../model/redact.ts';
import { nameAccount, shareOf } from './budget.ts';
import { authorizationOf } from './credentials.ts';
import { ask, failureOfStatus } from './httpRetry.ts';
import { listMember, member, parseJson, textMember } from './decode/json.decode.ts';

export interface ServerCall {
  readonly method: 'GET' | 'POST' | 'DELETE';
  /** Behind the address of the connection. */
  readonly path: string;
  /** In the query string of a GET and of a POST with a body of its own; otherwise in the body of the POST. */
  readonly parameters: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Beside those of the connection. */
  readonly headers?: Readonly<Record<string, string>>;
  /** The start of a failure's message. */
  readonly what: string;
  /** Epoch ms. */
  readonly deadlineMs: number;
  /** One exchange may take so long; absent: 30 seconds, which is enough for a page of lines. */
  readonly longestMs?: number;
  /** Asking twice does no harm. Default true. */
  readonly repeatable?: boolean;
  /** Absent: the usual access to a server that a team runs itself. */
  readonly access?: Access;
}

/** How a vendor authenticates requests and tells its limits, where it has a way of its own. */
export interface Access {
  /** What the account allows; absent: as a server that a team runs itself. */
  readonly limits?: AccountLimits;
  /** Headers of a request with its credential, made anew each time that it is sent. */
  authorize(request: Omit<HttpRequest, 'signal' | 'timeoutMs'>, key: string, nowMs: number): Record<string, string>;
  /** Puts what the vendor says in its own way as HTTP does; absent: it does so itself. */
  readonly translate?: (answer: HttpAnswer) => HttpAnswer;
  /** For so many milliseconds nobody may ask the account again. */
  readonly pauseAfter?: (answer: HttpAnswer) => number | undefined;
}

/** Such servers have no limit of their own on requests, and do other work as well. */
const limits: AccountLimits = { concurrent: 8, requests: 20, perMs: 1_000 };
/** One exchange may take half of the time that is left, so that another try fits in. */
const shortestExchangeMs = 1_000,
  longestExchangeMs = 30_000;
/** A shorter part of a credential would redact ordinary words. */
const shortestPart = 6;
const answerBytes = 64 * 1024 * 1024;
/** What the server says of the question itself; asked again, it would say the same. */
const refusals: ReadonlySet<number> = new Set([400, 422]);

export async function askServer(
  deps: Outside,
  connection: ServerConnection,
  call: ServerCall,
  signal: AbortSignal,
): Promise<Result<HttpAnswer>> {
  const { credential, options, vendor, url } = connection;
  const key = credential === undefined ? undefined : deps.credentials.get(credential, url);
  if (key && !key.ok) return key;
  const redact = createRedactor(
    key ? [key.value, ...key.value.split(':').filter(part => part.length >= shortestPart)] : [],
  );
  const account = {
    key: nameAccount(vendor, url, options.tenant ?? '', call.access ? (credential ?? '') : ''),
    limits: call.access?.limits ?? limits,
  };
  const http = call.access && key ? withAccess(deps, call.access, key.value, account) : deps.http;
  const answer = await ask(
    { http, clock: deps.clock, redact, share: shareOf(deps.budget, account) },
    {
      request: { ...writeRequest(connection, call, key?.value), maxBytes: answerBytes },
      repeatable: call.repeatable ?? true,
      what: call.what,
      deadlineMs: call.deadlineMs,
      timeoutMs: Math.min(
        call.longestMs ?? longestExchangeMs,
        Math.max(shortestExchangeMs, (call.deadlineMs - deps.clock.now()) / 2),
      ),
      accepts: ({ status }) => refusals.has(status),
    },
    signal,
  );
  if (!answer.ok) return { ok: false, failure: withHint(answer.failure, connection) };
  return refusals.has(answer.value.status) ? refuse(answer.value, call, redact) : answer;
}

function withAccess(
  { http, clock, budget }: Outside,
  { authorize, translate, pauseAfter }: Access,
  key: string,
  account: Account,
): Http {
  return {
    async request(request) {
      const headers = { ...request.headers, ...authorize(request, key, clock.now()) };
      const sent = await http.request({ ...request, headers });
      const pauseMs = sent.ok ? pauseAfter?.(sent.value) : undefined;
      if (pauseMs !== undefined) budget.holdBack(account, pauseMs);
      return sent.ok && translate ? { ok: true, value: translate(sent.value) } : sent;
    },
  };
}

function writeRequest(
  { url, options: { header, tenant } }: ServerConnection,
  { method, path, parameters, body, headers, access }: ServerCall,
  key: string | undefined,
): Pick<HttpRequest, 'method' | 'url' | 'headers' | 'body'> {
  const address = `${url.replace(/\/+$/, '')}${path}`,
    form = new URLSearchParams(parameters).toString(),
    isForm = method === 'POST' && body === undefined;
  return {
    method,
    url: !isForm && form !== '' ? `${address}?${form}` : address,
    headers: {
      Accept: 'application/json',
      ...headers,
      ...(key !== undefined &&
        !access &&
        (header === undefined ? { Authorization: authorizationOf(key) } : { [header]: key })),
      ...(tenant !== undefined && { 'X-Scope-OrgID': tenant }),
      ...(isForm && { 'Content-Type': 'application/x-www-form-urlencoded' }),
    },
    ...(isForm ? { body: form } : body !== undefined && { body }),
  };
}

/** The server's own words, as JSON or as bare text, whatever its type says. */
function refuse(
  answer: HttpAnswer,
  { what, parameters, body }: ServerCall,
  redact: (text: string) => string,
): Result<never> {
  const stated = parseJson(answer.bytes, what),
    error = stated.ok ? wordsOf(stated.value) : undefined,
    query = parameters['query'] ?? body;
  const failure = failureOfStatus(answer, what, redact);
  return {
    ok: false,
    failure: {
      ...failure,
      ...(error !== undefined && { cause: redact(error).slice(0, 300) }),
      ...(query !== undefined && { hint: `The query was: ${query}` }),
    },
  };
}

/** `{"error": "..."}`, `{"error": {"reason": "..."}}`, `{"errors": ["..."]}` or `{"message": "..."}`. */
function wordsOf(stated: unknown): string | undefined {
  const [first] = listMember(stated, 'errors');
  return (
    textMember(stated, 'error') ??
    textMember(member(stated, 'error'), 'reason') ??
    (typeof first === 'string' ? first : textMember(first, 'detail')) ??
    textMember(stated, 'message')
  );
}

function withHint(failure: Failure, { credential, options: { tenant } }: ServerConnection): Failure {
  if (failure.kind !== 'unauthorized') return failure;
  if (tenant === undefined && /no org id/i.test(failure.cause ?? ''))
    return { ...failure, hint: 'The server has tenants: set the `tenant` of the connection.' };
  return credential === undefined
    ? { ...failure, hint: 'The connection has no credential: set its `credential`.' }
    : failure;
}

/** A JSON answer, read on this thread: for small ones only. */
export async function askForJson(
  deps: Outside,
  connection: ServerConnection,
  call: ServerCall,
  signal: AbortSignal,
): Promise<Result<unknown>> {
  const answer = await askServer(deps, connection, call, signal);
  if (!answer.ok) return answer;
  const parsed = parseJson(answer.value.bytes, 'The server');
  return parsed.ok ? succeed(parsed.value) : fail('bad-answer', `${call.what}: ${parsed.failure.message}`);
}
