// The time window of a NRQL query: from SINCE and UNTIL to milliseconds, and from TIMESERIES to buckets.
import { epochOfLocal } from '../servers/localTime.ts';
import type { Instant, NrqlQuery } from './nrqlSyntax.ts';
import { NrqlError } from './nrqlTokens.ts';

export interface TimeWindow {
  readonly beginMs: number;
  readonly endMs: number;
}

const hourMs = 3_600_000;
const mostBuckets = 366;

export function windowOf(query: NrqlQuery, nowMs: number): TimeWindow {
  const beginMs = query.since ? epochOf(query.since, query.timeZone, nowMs) : nowMs - hourMs;
  const endMs = query.until ? epochOf(query.until, query.timeZone, nowMs) : nowMs;
  if (beginMs >= endMs)
    throw new NrqlError(
      "External Service 'NRDB' execution resulted in 400 - cause: Your query's start time must be before its end time.",
    );
  return { beginMs, endMs };
}

/** Buckets of equal width from the start of the window, on whole seconds; the last one may extend beyond the window. */
export function bucketsOf(
  timeseries: NonNullable<NrqlQuery['timeseries']>,
  { beginMs, endMs }: TimeWindow,
): readonly TimeWindow[] {
  const firstMs = Math.floor(beginMs / 1000) * 1000;
  const widthMs =
    typeof timeseries === 'number' ? timeseries : chosenWidth(endMs - firstMs, timeseries === 'max' ? mostBuckets : 60);
  if (widthMs < 1000) throw new NrqlError('TIMESERIES buckets must be at least 1 second wide');
  if (widthMs > endMs - firstMs)
    throw new NrqlError(
      "External Service 'NRDB' execution resulted in 400 - cause: " +
        'TIMESERIES step size is larger than the current time window.',
    );
  const count = Math.ceil((endMs - firstMs) / widthMs);
  if (count > mostBuckets) throw new NrqlError('TIMESERIES supports a maximum of 366 buckets');
  return Array.from({ length: count }, (_, index) => ({
    beginMs: firstMs + index * widthMs,
    endMs: firstMs + (index + 1) * widthMs,
  }));
}

function chosenWidth(spanMs: number, most: number): number {
  const widthsSec = [1, 5, 10, 15, 30, 60, 300, 600, 900, 1800, 3600, 10_800, 21_600, 43_200, 86_400];
  const fitting =
    widthsSec.find(seconds => Math.ceil(spanMs / (seconds * 1000)) <= most) ??
    Math.ceil(spanMs / most / 86_400_000) * 86_400;
  return Math.min(fitting * 1000, Math.max(1000, Math.floor(spanMs / 1000) * 1000));
}

function epochOf(instant: Instant, zone: string, nowMs: number): number {
  switch (instant.kind) {
    case 'now':
      return nowMs;
    case 'ago':
      return nowMs - instant.durationMs;
    case 'epoch':
      return instant.epochMs;
    case 'day':
      return midnight(nowMs, zone) - instant.back * 24 * hourMs;
    case 'local':
      return epochOfText(instant.text, zone);
    default:
      throw instant satisfies never;
  }
}

function midnight(nowMs: number, zone: string): number {
  const day = new Intl.DateTimeFormat('en-CA', { timeZone: zone }).format(nowMs);
  return epochOfLocal(day, zone)!;
}

/** `2026-11-23 07:00:00`, in the query's zone unless it names its own (`Z`, `+0100`, `-08:00`). */
function epochOfText(text: string, zone: string): number {
  const match = /^(.+?)(?:\.(\d{1,3})\d*)?\s*(Z|[+-]\d{2}:?\d{2})?$/.exec(text.slice(0, 40).trim());
  const [local, fraction, offset] = [match?.[1] ?? '', match?.[2] ?? '', match?.[3]];
  // A date alone ends like an offset ('-23'), so the whole text is tried first.
  const whole = epochOfLocal(text.trim(), zone);
  const base = whole ?? epochOfLocal(local, offset ? 'UTC' : zone);
  if (base === undefined) throw new NrqlError(`Invalid date '${text.slice(0, 40)}'`);
  if (whole !== undefined) return whole;
  return base + Number(fraction.padEnd(3, '0')) - offsetMs(offset);
}

function offsetMs(offset: string | undefined): number {
  if (!offset || offset === 'Z') return 0;
  const minutes = Number(offset.slice(1, 3)) * 60 + Number(offset.slice(-2));
  return (offset.startsWith('-') ? -minutes : minutes) * 60_000;
}
