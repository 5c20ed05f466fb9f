// Sumo Logic's estimates for a log search: the bytes of the records in its scope, of the Infrequent tier or of each
// tier.
import type { DemoRequest } from '../servers/httpServer.ts';
import { isRefusal, readBody } from './create.ts';
import type { Refusal } from './create.ts';
import { parseSumoQuery, SumoQueryError } from './query.ts';
import { readTimeRange } from './timeRange.ts';
import type { LogRecord, Telemetry } from '../fleet/telemetry.ts';

export type DataTier = 'Continuous' | 'Frequent' | 'Infrequent';

export interface Scanned {
  readonly telemetry: Telemetry;
  /** Where a partition stores the records of a category. */
  readonly tierOf: (category: string) => DataTier;
}

export function estimateUsage(
  request: DemoRequest,
  scanned: Scanned,
  byTier: boolean,
): { readonly document: unknown } | { readonly refusal: Refusal } {
  const body = readBody(request);
  if (isRefusal(body)) return { refusal: body };
  const { queryString, timezone } = body,
    range = readTimeRange(body['timeRange']);
  if (typeof queryString !== 'string' || queryString.length > 15_000 || typeof timezone !== 'string')
    return { refusal: [400, 'generic', 'Give a queryString of at most 15000 characters and a timezone.'] };
  if (!range)
    return { refusal: [400, 'generic', 'Give a BeginBoundedTimeRange between two boundaries in epoch milliseconds.'] };
  try {
    const { matches } = parseSumoQuery(queryString);
    const bytes = bytesByTier(scanned, scanned.telemetry.logs(range.fromMs, range.toMs).filter(matches));
    const estimatedUsageDetails = byTier
      ? [...bytes].map(([tier, dataScannedInBytes]) => ({ tier, dataScannedInBytes }))
      : { dataScannedInBytes: bytes.get('Infrequent') };
    return { document: { ...body, estimatedUsageDetails } };
  } catch (error) {
    if (!(error instanceof SumoQueryError)) throw error;
    return { refusal: [400, 'parse.error', error.message] };
  }
}

function bytesByTier({ tierOf }: Scanned, records: readonly LogRecord[]): ReadonlyMap<DataTier, number> {
  const bytes = new Map<DataTier, number>([
    ['Continuous', 0],
    ['Frequent', 0],
    ['Infrequent', 0],
  ]);
  for (const record of records) {
    const tier = tierOf(record.category);
    bytes.set(tier, bytes.get(tier)! + Buffer.byteLength(record.text));
  }
  return bytes;
}
