// An Http that calls a local server's handler without a socket, on whatever clock the caller holds.
import type { Http, HttpRequest, HttpResult } from '../../../src/model/outside.ts';
import { ConnectionLost, splitTarget } from '../../../src/demo/servers/httpServer.ts';
import type { DemoResponse, Handler } from '../../../src/demo/servers/httpServer.ts';
import type { FailureKind } from '../../../src/model/failure.ts';
import type { Clock } from '../../../src/model/ports.ts';

export function createHandlerHttp(handle: Handler, clock: Clock): Http {
  return { request: request => exchange(handle, clock, request) };
}

async function exchange(handle: Handler, clock: Clock, request: HttpRequest): Promise<HttpResult> {
  if (request.signal?.aborted) return failure('cancelled', false);
  const url = new URL(request.url);
  const headers: Record<string, string> = { host: url.host };
  for (const [name, value] of Object.entries(request.headers ?? {})) headers[name.toLowerCase()] = value;
  const answered = new AbortController();
  const over = AbortSignal.any([answered.signal, ...(request.signal ? [request.signal] : [])]);
  const timeout = clock
    .sleep(request.timeoutMs, over)
    .then((): HttpResult => failure(request.signal?.aborted ? 'cancelled' : 'timeout', true));
  const answer = handle({
    method: request.method,
    ...splitTarget(url.pathname + url.search),
    headers,
    body: request.body ?? '',
  }).then(async response => {
    if (response.bytesPerSec !== undefined)
      await clock.sleep(Math.ceil((response.body.length / response.bytesPerSec) * 1000), over);
    return toResult(response);
  }, toFailure);
  try {
    return await Promise.race([answer, timeout]);
  } finally {
    answered.abort();
  }
}

function toResult({ status, headers, body }: DemoResponse): HttpResult {
  const plain: Record<string, string> = {};
  let cookies: readonly string[] = [];
  for (const [name, value] of Object.entries(headers)) {
    if (name.toLowerCase() === 'set-cookie') cookies = [value].flat();
    else plain[name.toLowerCase()] = [value].flat().join(', ');
  }
  return { ok: true, value: { status, headers: plain, cookies, bytes: new TextEncoder().encode(body) } };
}

function toFailure(error: unknown): HttpResult {
  if (!(error instanceof ConnectionLost)) throw error;
  return failure('unreachable', error.code !== 'ECONNREFUSED');
}

function failure(kind: FailureKind, sent: boolean): HttpResult {
  return { ok: false, failure: { kind, message: `The exchange ended as ${kind}.` }, sent };
}
