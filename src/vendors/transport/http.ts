// The only file that knows axios: one request over the wire, with its time-out, size limit and failures as values that
// never hold a secret.
import axios from 'axios';
import type { AxiosResponse } from 'axios';
import { fail, succeed } from '../../model/failure.ts';
import type { FailureKind, Result } from '../../model/failure.ts';
import type { Http, HttpAnswer, HttpRequest, HttpResult } from '../../model/outside.ts';

const defaultMaxBytes = 32 * 1024 * 1024;

/** `turn`: waited for before each request, where many that start together would hold the thread. */
export function createHttp(turn: () => Promise<void> = () => Promise.resolve()): Http {
  return { request: request => send(request, turn) };
}

async function send(request: HttpRequest, turn: () => Promise<void>): Promise<HttpResult> {
  const origin = originOf(request.url);
  if (!origin.ok) return { ok: false, failure: origin.failure, sent: false };
  await turn();
  if (request.signal?.aborted)
    return {
      ok: false,
      failure: fail('cancelled', `The request to ${origin.value} was cancelled.`).failure,
      sent: false,
    };
  const timeout = AbortSignal.timeout(Math.max(1, Math.ceil(request.timeoutMs)));
  try {
    const response = await axios.request<Buffer>({
      method: request.method,
      url: request.url,
      headers: { 'User-Agent': 'backstop', ...request.headers },
      data: request.body,
      responseType: 'arraybuffer',
      validateStatus: () => true,
      maxRedirects: 0,
      proxy: false,
      transformRequest: [(data: unknown) => data],
      transformResponse: [(data: unknown) => data],
      maxContentLength: request.maxBytes ?? defaultMaxBytes,
      maxBodyLength: defaultMaxBytes,
      signal: request.signal ? AbortSignal.any([request.signal, timeout]) : timeout,
    });
    return { ok: true, value: answerOf(response) };
  } catch (error) {
    return describeError(error, request, origin.value, timeout);
  }
}

/**
 * Scheme, host and port: all of an address that a failure may say, since user names, paths and queries can bear tokens.
 */
export function originOf(url: string): Result<string> {
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  if (!parsed || (parsed.protocol !== 'https:' && parsed.protocol !== 'http:'))
    return fail('invalid', 'The address of a request is no http or https URL.');
  return succeed(parsed.origin);
}

function answerOf(response: AxiosResponse<Buffer>): HttpAnswer {
  const headers = new Map<string, string>();
  let cookies: readonly string[] = [];
  for (const [name, value] of Object.entries(response.headers as Record<string, unknown>)) {
    if (name.toLowerCase() === 'set-cookie') cookies = Array.isArray(value) ? value.map(String) : [String(value)];
    else headers.set(name.toLowerCase(), Array.isArray(value) ? value.join(', ') : String(value));
  }
  return { status: response.status, headers: Object.fromEntries(headers), cookies, bytes: ownBytes(response.data) };
}

/** Small buffers share one pool with others: those are copied out of it. */
function ownBytes(data: Buffer): Uint8Array<ArrayBuffer> {
  const whole =
    data.buffer instanceof ArrayBuffer && data.byteOffset === 0 && data.byteLength === data.buffer.byteLength;
  return whole ? new Uint8Array(data.buffer as ArrayBuffer) : Uint8Array.from(data);
}

const neverSent = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ERR_INVALID_URL',
  'ERR_INVALID_CHAR',
  'ERR_UNESCAPED_CHARACTERS',
]);

function describeError(error: unknown, request: HttpRequest, origin: string, timeout: AbortSignal): HttpResult {
  const code = errorCode(error);
  const answer = (kind: FailureKind, what: string, hint?: string): HttpResult => ({
    ok: false,
    failure: { kind, message: `${origin} ${what}.`, ...(code && { cause: code }), ...(hint && { hint }) },
    sent: !neverSent.has(code) && !isCertificateError(code),
  });
  if (request.signal?.aborted)
    return {
      ok: false,
      failure: { kind: 'cancelled', message: `The request to ${origin} was cancelled.` },
      sent: true,
    };
  if (timeout.aborted)
    return {
      ok: false,
      failure: { kind: 'timeout', message: `${origin} did not answer within ${Math.round(request.timeoutMs)} ms.` },
      sent: true,
    };
  const message = error instanceof Error ? error.message : '';
  if (message.startsWith('maxContentLength'))
    return answer('bad-answer', `sent more than the ${request.maxBytes ?? defaultMaxBytes} bytes allowed`);
  if (code.startsWith('HPE_')) return answer('bad-answer', 'does not speak HTTP');
  if (code.startsWith('Z_') || code === 'ERR_BAD_RESPONSE')
    return answer('bad-answer', 'broke off its answer or sent it damaged');
  if (code === 'ERR_INVALID_CHAR')
    return answer('invalid', 'was not asked: a header holds characters that HTTP does not allow');
  if (isCertificateError(code))
    return answer(
      'unreachable',
      'shows a certificate that is not trusted',
      'Add its authority to the system or to NODE_EXTRA_CA_CERTS.',
    );
  if (code === 'ECONNREFUSED') return answer('unreachable', 'refused the connection');
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN')
    return answer('unreachable', 'has a name that could not be resolved');
  return answer('unreachable', 'could not be reached or dropped the connection');
}

/** Codes are fixed words (ECONNRESET); messages are not used, since they may repeat parts of the request. */
function errorCode(error: unknown): string {
  const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
  return typeof code === 'string' && /^[A-Z0-9_]{1,60}$/.test(code) ? code : '';
}

function isCertificateError(code: string): boolean {
  return code.includes('CERT') || code.startsWith('ERR_TLS') || code === 'UNABLE_TO_VERIFY_LEAF_SIGNATURE';
}

/** The start of an answer's text; bytes that are no UTF-8 become replacement characters. */
export function textOf(bytes: Uint8Array, maxCharacters: number): string {
  return new TextDecoder().decode(bytes.subarray(0, maxCharacters * 4)).slice(0, maxCharacters);
}

/** The same for showing: redacted before it is cut, so that no half of a secret is left at the cut. */
export function quoteAnswer(bytes: Uint8Array, maxCharacters: number, redact: (text: string) => string): string {
  return redact(textOf(bytes, maxCharacters + 4_096)).slice(0, maxCharacters);
}

/** What the other side said, for a failure's cause: one line. Pages of HTML say nothing to a person. */
export function causeOf(answer: HttpAnswer, redact: (text: string) => string): string {
  if ((answer.headers['content-type'] ?? '').includes('html')) return '';
  return quoteAnswer(answer.bytes, 300, redact)
    .replace(/[\s\p{Cc}]+/gu, ' ')
    .trim();
}
