// Access to CloudWatch: signed requests, and errors that all have the same status.
import type { HttpAnswer } from '../../model/outside.ts';
import { textOf } from '../transport/http.ts';
import { parseJson, textMember } from '../transport/decode/json.decode.ts';
import type { Access, ServerCall } from '../transport/ownServer.ts';
import type { CloudWatchConnection } from './options.ts';
import { sign } from './signature.ts';

const services = {
  metrics: { service: 'monitoring', version: '1.0', target: 'GraniteServiceVersion20100801' },
  logs: { service: 'logs', version: '1.1', target: 'Logs_20140328' },
} as const;

export function writeCall(
  { options: { region } }: CloudWatchConnection,
  kind: keyof typeof services,
  operation: string,
  question: object,
): Omit<ServerCall, 'what' | 'deadlineMs'> {
  const { service, version, target } = services[kind];
  const signed = { 'Content-Type': `application/x-amz-json-${version}`, 'X-Amz-Target': `${target}.${operation}` };
  const access: Access = {
    limits: { concurrent: 4, requests: 5, perMs: 1_000 },
    authorize({ method, url, body = '' }, key, nowMs) {
      const [keyId = '', secret = '', token] = key.split(':');
      const signer = { keyId, secret, ...(token !== undefined && { token }), region, service };
      return sign({ method, url, headers: signed, body }, signer, nowMs);
    },
    translate,
  };
  return { method: 'POST', path: '/', parameters: {}, body: JSON.stringify(question), headers: signed, access };
}

const statuses = [
  [/Throttl|LimitExceeded|TooManyRequests/, 429],
  [/AccessDenied|UnrecognizedClient|Signature|ExpiredToken|RequestExpired|Authentication|InvalidClientTokenId/, 403],
  [/ResourceNotFound/, 404],
] as const;

/** `{"__type": "ThrottlingException"}` comes with status 400, as a wrong question does. */
function translate(answer: HttpAnswer): HttpAnswer {
  if (answer.status !== 400) return answer;
  const stated = parseJson(textOf(answer.bytes, 10_000), 'CloudWatch'),
    type = (stated.ok ? textMember(stated.value, '__type') : undefined) ?? '';
  const status = statuses.find(([pattern]) => pattern.test(type))?.[1];
  return status === undefined ? answer : { ...answer, status };
}
