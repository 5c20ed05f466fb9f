// Reads the body of "create a search job" and rejects it with the vendor's codes.
import { epochOfLocal, isTimeZone } from '../servers/localTime.ts';
import type { DemoRequest } from '../servers/httpServer.ts';
import type { SearchRequest } from './jobs.ts';

export type Refusal = readonly [status: number, code: string, message: string];

export function readSearchRequest(request: DemoRequest): SearchRequest | Refusal {
  const body = readBody(request);
  if (isRefusal(body)) return body;
  const { query, timeZone } = body;
  if (typeof query !== 'string' || query.trim() === '') return [400, 'no.query', "No 'query' is specified."];
  if (timeZone === undefined || timeZone === null || timeZone === '')
    return [400, 'empty.timezone', "The 'timeZone' field is empty."];
  if (typeof timeZone !== 'string' || !isTimeZone(timeZone))
    return [400, 'unknown.timezone', "The 'timeZone' field contains an unknown time zone."];
  const fromMs = epochOf(body['from'], timeZone),
    toMs = epochOf(body['to'], timeZone);
  if (fromMs === undefined)
    return [400, 'searchjob.invalid.timestamp.from', "The 'from' field contains an invalid time."];
  if (toMs === undefined) return [400, 'searchjob.invalid.timestamp.to', "The 'to' field contains an invalid time."];
  if (toMs < fromMs) return [400, 'to.smaller.than.from', "The 'from' time cannot be larger than the 'to' time."];
  if (!['undefined', 'boolean'].includes(typeof flagOf(body['byReceiptTime'])))
    return [400, 'unknown.time.type', "The 'byReceiptTime' field must be a boolean."];
  const requiresRawMessages = flagOf(body['requiresRawMessages']);
  if (!['undefined', 'boolean'].includes(typeof requiresRawMessages))
    return [400, 'generic', "The 'requiresRawMessages' field must be a boolean."];
  const mode = body['autoParsingMode'] ?? 'Manual';
  if (typeof mode !== 'string' || !parsingModes.has(mode.toLowerCase()))
    return [400, 'generic', "The 'autoParsingMode' field must be 'AutoParse' or 'Manual'."];
  return { query, fromMs, toMs, requiresRawMessages: requiresRawMessages === true };
}

type Body = Readonly<Record<string, unknown>>;

export function readBody(request: DemoRequest): Body | Refusal {
  const accepts = request.headers['accept'] ?? '*/*';
  if (
    !request.headers['content-type']?.includes('application/json') ||
    !/application\/json|\*\/\*|application\/\*/.test(accepts)
  ) {
    return [415, 'contenttype.invalid', "The 'Content-Type' and 'Accept' headers must be 'application/json'."];
  }
  return parseObject(request.body) ?? [400, 'generic', 'The request body is not a JSON object.'];
}

export function isRefusal(value: object): value is Refusal {
  return Array.isArray(value);
}

const parsingModes = new Set(['autoparse', 'manual', 'performance', 'intelligent', 'verbose']);

/** Clients send nothing, null, a boolean, or its name (Python's `str(True)`). */
function flagOf(value: unknown): unknown {
  if (value === null || value === undefined || value === 'None') return undefined;
  return typeof value === 'string' && /^(true|false)$/i.test(value) ? value.toLowerCase() === 'true' : value;
}

/**
 * Epoch milliseconds, or local time with whole seconds and neither zone nor offset: the vendor rejects anything else,
 * including relative times.
 */
function epochOf(value: unknown, timeZone: string): number | undefined {
  if (typeof value === 'number') return Number.isInteger(value) && value >= 0 ? value : undefined;
  if (typeof value !== 'string') return undefined;
  if (/^\d{10,16}$/.test(value)) return Number(value);
  return value.includes('T') ? epochOfLocal(value, timeZone) : undefined;
}

function parseObject(text: string): Body | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Body) : undefined;
  } catch {
    return undefined;
  }
}
