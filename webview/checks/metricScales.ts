// The axes of the charts of metrics: which time and which values they show, and where their ticks are; pure functions.
import { formatDuration, formatTime } from '../../src/protocol/words/format.ts';
import type { LevelRange } from '../../src/model/evidence/verdict.ts';
import type { SeriesSnapshot } from '../../src/protocol/snapshot/snapshotChecks.ts';
import { t } from '../../src/protocol/words/translate.ts';

export interface Span {
  readonly fromMs: number;
  readonly toMs: number;
}
type Values = readonly (number | null)[];

const leastIntervalsBefore = 6,
  /** Times between ticks, in seconds. */
  steps = [1, 2, 5, 10, 15, 30, ...[1, 2, 5, 10, 15, 30, 60, 120, 240, 480, 720, 1440].map(minutes => minutes * 60)];

/**
 * All of the canary's time, and before it as much to twice as much: a power of two, so that the axis of a canary in
 * progress does not begin elsewhere after each evaluation.
 */
export function spanOf(all: readonly SeriesSnapshot[]): Span {
  const sinceMs = Math.min(...all.map(series => series.sinceMs)),
    toMs = Math.max(...all.map(series => endOf(series)));
  const earliestMs = Math.min(...all.map(({ startMs }) => startMs)),
    leastMs = Math.max(toMs - sinceMs, leastIntervalsBefore * Math.max(...all.map(one => one.intervalMs)));
  return { fromMs: Math.max(earliestMs, sinceMs - 2 ** Math.ceil(Math.log2(leastMs))), toMs };
}

export function isOtherSpan(one: Span | undefined, other: Span | undefined): boolean {
  return one?.fromMs !== other?.fromMs || one?.toMs !== other?.toMs;
}

/** At round times, `most` of them at most. */
export function timeTicks({ fromMs, toMs }: Span, most: number): readonly number[] {
  const parts = Math.max(1, most - 1),
    step = 1000 * (steps.find(one => (toMs - fromMs) / (one * 1000) <= parts) ?? steps.at(-1) ?? 1);
  const first = Math.ceil(fromMs / step) * step;
  return Array.from({ length: Math.max(0, Math.floor((toMs - first) / step) + 1) }, (_, index) => first + index * step);
}

/** `14:13`, or with seconds if the ticks are nearer to each other than a minute. */
export function tickText(atMs: number, ticks: readonly number[]): string {
  const text = formatTime(atMs);
  return ticks.some(tick => tick % 60_000 !== 0) ? text : text.slice(0, 5);
}

/** Lines and ranges, and the limit unless it is so far away that the lines would be flat. */
export function valueRange(
  { canary, baseline, low, high, nodes, range }: SeriesSnapshot,
  perNode: boolean,
  limit: number | undefined,
): { readonly least: number; readonly most: number } {
  const measured = [canary, baseline, ...(perNode ? Object.values(nodes) : [])].flat().filter(isKnown),
    latest = range?.at(-1),
    drawn = [...measured, ...[low, high].flat().filter(isKnown), ...(latest ? [latest.low, latest.high] : [])];
  let least = Math.min(...drawn),
    most = Math.max(...drawn);
  if (drawn.length === 0) return { least: 0, most: 1 };
  const reach = most - least || Math.abs(most) || 1;
  if (limit !== undefined && limit > least - 2 * reach && limit < most + 2 * reach)
    [least, most] = [Math.min(least, limit), Math.max(most, limit)];
  const room = (most - least || Math.abs(most) || 1) * 0.08;
  return { least: measured.every(value => value >= 0) ? Math.max(0, least - room) : least - room, most: most + room };
}

/** The value of the interval that contains this time. */
export function valueAt({ startMs, intervalMs }: SeriesSnapshot, values: Values, atMs: number): number | null {
  return values[Math.floor((atMs - startMs) / intervalMs)] ?? null;
}

/** Where the canary's level lay, as far as was known at this time. */
export function rangeAt({ range }: SeriesSnapshot, atMs: number): LevelRange | undefined {
  return range?.findLast(one => one.atMs <= atMs);
}

/** How long the canary had no value between its first and its last one; empty if there was no gap. */
export function gapOf({ canary, intervalMs }: SeriesSnapshot): string {
  const first = canary.findIndex(isKnown),
    last = canary.findLastIndex(isKnown);
  const missing = first < 0 ? 0 : canary.slice(first, last).filter(value => value === null).length;
  return missing ? t('{0} without data', formatDuration(missing * intervalMs)) : '';
}

export function endOf({ startMs, intervalMs, canary, baseline }: SeriesSnapshot): number {
  return startMs + Math.max(canary.length, baseline.length, 2) * intervalMs;
}

function isKnown(value: number | null): value is number {
  return value !== null && Number.isFinite(value);
}
