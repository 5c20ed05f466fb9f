// A window as Sumo Logic's newer APIs take it.

export function writeTimeRange(fromMs: number, toMs: number) {
  const boundary = (epochMillis: number) => ({ type: 'EpochTimeRangeBoundary', epochMillis: Math.floor(epochMillis) });
  return { type: 'BeginBoundedTimeRange', from: boundary(fromMs), to: boundary(toMs) };
}
