// Sumo Logic's estimate of what a log search would scan: the bytes of the records in its scope.
import type { DemoRequest } from './httpServer.ts';
import { isRefusal, readBody } from './sumoLogicCreate.ts';
import type { Refusal } from './sumoLogicCreate.ts';
import { parseSumoQuery, SumoQueryError } from './sumoLogicQuery.ts';
import { readTimeRange } from './sumoLogicTimeRange.ts';
import type { Telemetry } from './telemetry.ts';

export function estimateUsage(request: DemoRequest, telemetry: Telemetry): { readonly document: unknown } | { readonly refusal: Refusal } {
  const body = readBody(request);
  if (isRefusal(body)) return { refusal: body };
  const { queryString, timezone } = body, range = readTimeRange(body['timeRange']);
  if (typeof queryString !== 'string' || queryString.length > 15_000 || typeof timezone !== 'string') return { refusal: [400, 'generic', 'Give a queryString of at most 15000 characters and a timezone.'] };
  if (!range) return { refusal: [400, 'generic', 'Give a BeginBoundedTimeRange between two boundaries in epoch milliseconds.'] };
  try {
    const { matches } = parseSumoQuery(queryString);
    const dataScannedInBytes = telemetry.logs(range.fromMs, range.toMs).reduce((sum, record) => matches(record) ? sum + Buffer.byteLength(record.text) : sum, 0);
    return { document: { ...body, estimatedUsageDetails: { dataScannedInBytes } } };
  } catch (error) {
    if (!(error instanceof SumoQueryError)) throw error;
    return { refusal: [400, 'parse.error', error.message] };
  }
}
