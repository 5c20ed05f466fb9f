// One conversation with a Sumo Logic deployment: paced and authorised calls, the job's cookies, stray 401s and the
// account's own deployment.
import { fail, succeed } from '../../model/failure.ts';
import type { Result } from '../../model/failure.ts';
import type { AccountLimits, HttpAnswer, HttpRequest, Outside } from '../../model/outside.ts';
import { createRedactor } from '../../model/redact.ts';
import { nameAccount, shareOf } from '../transport/budget.ts';
import { basicAuthorization } from '../transport/credentials.ts';
import { ask, failureOfStatus } from '../transport/httpRetry.ts';
import type { Asker } from '../transport/httpRetry.ts';
import { redirectedBase, sumoBase } from './apiHost.ts';
import type { SumoConnection } from './options.ts';

export interface SumoCall {
  readonly method: HttpRequest['method'];
  /** Behind the base, such as `/search/jobs`. */
  readonly path: string;
  readonly body?: unknown;
  /**
   * Cookies of the job: sent with the call, and updated by its answer. Without them another machine answers, which
   * knows no such job.
   */
  readonly cookies: Map<string, string>;
  readonly what: string;
  readonly deadlineMs: number;
  readonly maxBytes?: number;
  /** Statuses that are an answer, not a failure. */
  readonly accepts?: (answer: HttpAnswer) => boolean;
}
export type CallSumo = (connection: SumoConnection, call: SumoCall, signal: AbortSignal) => Promise<Result<HttpAnswer>>;

/** What the vendor allows one user. */
const accountLimits: AccountLimits = { concurrent: 10, requests: 4, perMs: 1_000 };
/** One exchange may take half of the time that is left, so that another try fits in. */
const shortestExchangeMs = 1_000,
  longestExchangeMs = 30_000;
/** Throttled authentication shows as a 401 now and then. */
const strayUnauthorizedMs = 500;

export function createSumoClient(deps: Outside): CallSumo {
  /** Configured base -> the account's own. */
  const resolved = new Map<string, string>();

  return async (connection, call, signal) => {
    const credential = deps.credentials.get(connection.credential, connection.url);
    if (!credential.ok) return credential;
    const configured = sumoBase(connection.url);
    const session: Session = {
      asker: {
        http: deps.http,
        clock: deps.clock,
        redact: createRedactor([credential.value]),
        share: shareOf(deps.budget, {
          key: nameAccount('sumoLogic', credential.value.split(':')[0]!),
          limits: accountLimits,
        }),
      },
      authorization: basicAuthorization(credential.value),
    };
    const first = await callOnce(session, resolved.get(configured) ?? configured, call, signal);
    if (!first.ok || first.value.status !== 301) return first;
    const home = await findHome(session, configured, call, first.value, signal);
    if (!home.ok) return home;
    resolved.set(configured, home.value);
    const second = await callOnce(session, home.value, call, signal);
    return second.ok && second.value.status === 301
      ? fail('bad-answer', `${call.what}: Sumo Logic sends from one deployment to the next.`)
      : second;
  };
}

interface Session {
  readonly asker: Asker;
  readonly authorization: string;
}

/** A call with its stray 401 forgiven once; a 301 comes back as an answer. */
async function callOnce(
  session: Session,
  base: string,
  call: SumoCall,
  signal: AbortSignal,
): Promise<Result<HttpAnswer>> {
  const { asker } = session;
  const send = () =>
    ask(
      asker,
      {
        request: {
          method: call.method,
          url: `${base}${call.path}`,
          headers: {
            Authorization: session.authorization,
            Accept: 'application/json',
            ...(call.body !== undefined && { 'Content-Type': 'application/json' }),
            ...(call.cookies.size > 0 && {
              Cookie: [...call.cookies].map(([name, value]) => `${name}=${value}`).join('; '),
            }),
          },
          ...(call.body !== undefined && { body: JSON.stringify(call.body) }),
          ...(call.maxBytes !== undefined && { maxBytes: call.maxBytes }),
        },
        // A search job created twice costs nothing but a job that expires by itself.
        repeatable: true,
        what: call.what,
        deadlineMs: call.deadlineMs,
        timeoutMs: Math.min(longestExchangeMs, Math.max(shortestExchangeMs, (call.deadlineMs - asker.clock.now()) / 2)),
        accepts: answer => answer.status === 301 || answer.status === 401 || (call.accepts?.(answer) ?? false),
      },
      signal,
    );
  let answer = await send();
  if (answer.ok && answer.value.status === 401) {
    await asker.clock.sleep(strayUnauthorizedMs, signal);
    answer = await send();
    if (answer.ok && answer.value.status === 401) return refuseCredential(answer.value, call.what, asker.redact);
  }
  if (answer.ok) keepCookies(call.cookies, answer.value.cookies);
  return answer;
}

/** The vendor says the same of a wrong key and, now and then, of the wrong deployment. */
function refuseCredential(answer: HttpAnswer, what: string, redact: (text: string) => string): Result<never> {
  const hint =
    'Check the credential (accessId:accessKey) and what it may do, ' +
    "and whether the connection's url is the API endpoint of your deployment.";
  return { ok: false, failure: { ...failureOfStatus(answer, what, redact), hint } };
}

/** A redirected POST may name anything; a GET of a harmless list says where the account is. */
async function findHome(
  session: Session,
  base: string,
  call: SumoCall,
  moved: HttpAnswer,
  signal: AbortSignal,
): Promise<Result<string>> {
  const path = '/collectors?limit=1';
  const probed = await callOnce(
    session,
    base,
    { method: 'GET', path, cookies: new Map(), what: call.what, deadlineMs: call.deadlineMs, accepts: () => true },
    signal,
  );
  if (!probed.ok) return probed;
  const found =
    probed.value.status === 301
      ? redirectedBase(base, path, probed.value.headers['location'])
      : redirectedBase(base, call.path, moved.headers['location']);
  return found.ok
    ? succeed(found.value)
    : { ok: false, failure: { ...found.failure, message: `${call.what}: ${found.failure.message}` } };
}

/** Names and values are all that node affinity needs; an empty value takes a cookie away. */
function keepCookies(jar: Map<string, string>, cookies: readonly string[]): void {
  for (const cookie of cookies) {
    const pair = cookie.split(';')[0]!;
    const equals = pair.indexOf('=');
    const name = pair.slice(0, equals).trim(),
      value = pair.slice(equals + 1).trim();
    if (equals < 1) continue;
    if (value === '') jar.delete(name);
    else jar.set(name, value);
  }
}
