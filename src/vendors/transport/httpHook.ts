// Runs a hook as one HTTP request: filled, sent once with a key that a receiver can recognise, judged by its status.
import { fail, succeed } from '../../model/failure.ts';
import type { Result } from '../../model/failure.ts';
import type { Hook } from '../../model/hook.ts';
import type { Clock, HookRequest } from '../../model/ports.ts';
import { createRedactor } from '../../model/redact.ts';
import type { HookOutcome } from '../../model/runs/runEvents.ts';
import { authorizationOf } from './credentials.ts';
import type { Credentials } from '../../model/outside.ts';
import { fillPlaceholders } from '../../model/runs/placeholders.ts';
import { causeOf, quoteAnswer } from './http.ts';
import type { Http, HttpAnswer, HttpRequest } from '../../model/outside.ts';

export interface HttpHookDeps {
  readonly http: Http;
  readonly clock: Clock;
  readonly credentials: Credentials;
}
type HttpHook = Hook & { readonly kind: 'http' };

/** Of an answer, what is shown; the rest is counted. */
const shownCharacters = 16_384;
const answerBytes = 8 * 1024 * 1024;

/**
 * Placeholders `${BACKSTOP_X}` are filled in url (percent-encoded), headers and body (escaped as JSON or form, by the
 * body's type). The credential goes as `Authorization: Bearer`, or `Basic` where it is `user:password`, unless the hook
 * sets that header itself. Sent exactly once: repeating is the retry policy's affair. `Idempotency-Key: <run>/<call>`
 * stays the same when an earlier process may have sent it already. Without `expectStatus`, 200 to 299 is good.
 * Redirects are not followed.
 */
export async function runHttpHook(deps: HttpHookDeps, request: HookRequest, signal: AbortSignal): Promise<HookOutcome> {
  const startedAtMs = deps.clock.now();
  const result = await sendHook(deps, request, signal);
  const durationMs = deps.clock.now() - startedAtMs;
  return result.ok
    ? { kind: 'succeeded', durationMs, detail: result.value }
    : { kind: 'failed', durationMs, failure: result.failure };
}

async function sendHook(deps: HttpHookDeps, request: HookRequest, signal: AbortSignal): Promise<Result<string>> {
  const hook = request.hook as HttpHook;
  const url = fillPlaceholders(hook.url, request.variables, encodeURIComponent, `The url of hook "${hook.name}"`);
  if (!url.ok) return url;
  // A variable may have named the host.
  const credential =
    hook.credential === undefined ? succeed(undefined) : deps.credentials.get(hook.credential, url.value);
  if (!credential.ok) return credential;
  const written = writeRequest(hook, request, url.value, credential.value);
  if (!written.ok) return written;
  const redact = createRedactor(credential.value === undefined ? [] : [credential.value]);
  const sent = await deps.http.request({ ...written.value, timeoutMs: hook.timeoutMs, maxBytes: answerBytes, signal });
  if (!sent.ok)
    return { ok: false, failure: { ...sent.failure, message: `Hook "${hook.name}": ${sent.failure.message}` } };
  show(sent.value, redact, request.onOutput);
  const { status } = sent.value;
  const good = hook.expectStatus.length > 0 ? hook.expectStatus.includes(status) : status >= 200 && status <= 299;
  if (good) return succeed(`HTTP ${status}`);
  const expected = hook.expectStatus.length > 0 ? hook.expectStatus.join(', ') : '200 to 299';
  const cause = causeOf(sent.value, redact);
  return fail(
    'hook-failed',
    `Hook "${hook.name}" was answered with HTTP ${status}; expected ${expected}.`,
    cause ? { cause } : {},
  );
}

type WrittenRequest = Pick<HttpRequest, 'method' | 'url' | 'headers' | 'body'>;

function writeRequest(
  hook: HttpHook,
  request: HookRequest,
  url: string,
  credential: string | undefined,
): Result<WrittenRequest> {
  const headers = writeHeaders(hook, request, credential);
  if (!headers.ok) return headers;
  if (hook.body === undefined && !['POST', 'PUT', 'PATCH'].includes(hook.method))
    return succeed({ method: hook.method, url, headers: headers.value });
  const body = writeBody(hook, request, typeOf(headers.value));
  if (!body.ok) return body;
  const typed =
    typeOf(headers.value) === '' && looksLikeJson(body.value)
      ? { 'Content-Type': 'application/json', ...headers.value }
      : headers.value;
  return succeed({ method: hook.method, url, headers: typed, body: body.value });
}

function writeHeaders(
  hook: HttpHook,
  request: HookRequest,
  credential: string | undefined,
): Result<Record<string, string>> {
  const headers: Record<string, string> = { 'Idempotency-Key': `${request.runId}/${request.call.key}` };
  if (credential !== undefined) headers['Authorization'] = authorizationOf(credential);
  for (const [name, template] of Object.entries(hook.headers)) {
    const filled = fillPlaceholders(
      template,
      request.variables,
      value => value,
      `Header ${name} of hook "${hook.name}"`,
    );
    if (!filled.ok) return filled;
    if (/\p{Cc}/u.test(filled.value))
      return fail('invalid', `Header ${name} of hook "${hook.name}" would hold a control character.`);
    for (const same of Object.keys(headers).filter(one => one.toLowerCase() === name.toLowerCase()))
      delete headers[same];
    headers[name] = filled.value;
  }
  return succeed(headers);
}

function writeBody(hook: HttpHook, request: HookRequest, type: string): Result<string> {
  if (hook.body === undefined)
    return succeed(
      JSON.stringify(
        Object.fromEntries(Object.entries(request.variables).filter(([name]) => name.startsWith('BACKSTOP_'))),
      ),
    );
  const json = type.includes('json') || (type === '' && looksLikeJson(hook.body));
  const encode = json
    ? escapeForJson
    : type.includes('x-www-form-urlencoded')
      ? encodeURIComponent
      : (value: string) => value;
  return fillPlaceholders(hook.body, request.variables, encode, `The body of hook "${hook.name}"`);
}

function typeOf(headers: Readonly<Record<string, string>>): string {
  return (
    Object.entries(headers)
      .find(([name]) => name.toLowerCase() === 'content-type')?.[1]
      .toLowerCase() ?? ''
  );
}

function looksLikeJson(body: string): boolean {
  return /^\s*[{["]/.test(body);
}

function escapeForJson(value: string): string {
  return JSON.stringify(value).slice(1, -1);
}

function show(answer: HttpAnswer, redact: (text: string) => string, onOutput: HookRequest['onOutput']): void {
  const text = quoteAnswer(answer.bytes, shownCharacters, redact).trimEnd();
  if (text !== '') onOutput('out', `${text}\n`);
  const hidden = answer.bytes.length - shownCharacters * 4;
  if (hidden > 0) onOutput('out', `(${hidden} more bytes)\n`);
}
