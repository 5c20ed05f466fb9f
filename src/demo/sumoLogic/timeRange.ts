// A time range of Sumo Logic's newer APIs, as far as the local server supports them: between two epochs.

export interface TimeRange {
  readonly fromMs: number;
  readonly toMs: number;
}

export function readTimeRange(given: unknown): TimeRange | undefined {
  const range = given as { readonly type?: unknown; readonly from?: unknown; readonly to?: unknown } | null | undefined;
  const fromMs = epochOf(range?.from),
    toMs = epochOf(range?.to);
  return range?.type === 'BeginBoundedTimeRange' && fromMs !== undefined && toMs !== undefined && fromMs < toMs
    ? { fromMs, toMs }
    : undefined;
}

function epochOf(boundary: unknown): number | undefined {
  const { type, epochMillis } = (boundary ?? {}) as { readonly type?: unknown; readonly epochMillis?: unknown };
  return type === 'EpochTimeRangeBoundary' && Number.isInteger(epochMillis) ? (epochMillis as number) : undefined;
}
