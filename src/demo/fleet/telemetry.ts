// What the fleet emits and the local vendors' servers answer from: log records and events in time order, for half an
// hour.

export interface LogRecord {
  readonly id: number;
  readonly atMs: number;
  readonly node: string;
  readonly category: string;
  readonly text: string;
}

/** An event as New Relic stores it: `Transaction`, `SystemSample`, `ChangeTrackingEvent`. */
export interface TelemetryEvent {
  readonly type: string;
  readonly atMs: number;
  readonly attributes: Readonly<Record<string, string | number | boolean>>;
}

const retentionMs = 30 * 60_000;

export interface Telemetry {
  /** Times are stored in whole milliseconds, as the vendors do. */
  addLog(record: Omit<LogRecord, 'id'>): void;
  addEvent(event: TelemetryEvent): void;
  /** Records with fromMs <= atMs < toMs, oldest first. */
  logs(fromMs: number, toMs: number): readonly LogRecord[];
  events(type: string, fromMs: number, toMs: number): readonly TelemetryEvent[];
  eventTypes(): readonly string[];
}

export function createTelemetry(): Telemetry {
  const logs: LogRecord[] = [];
  const events = new Map<string, TelemetryEvent[]>();
  let nextId = 1;
  return {
    addLog(record) {
      insertInOrder(logs, { ...record, atMs: Math.floor(record.atMs), id: nextId++ });
    },
    addEvent(event) {
      const list = events.get(event.type) ?? [];
      events.set(event.type, list);
      insertInOrder(list, Number.isInteger(event.atMs) ? event : { ...event, atMs: Math.floor(event.atMs) });
    },
    logs: (fromMs, toMs) => between(logs, fromMs, toMs),
    events: (type, fromMs, toMs) => between(events.get(type) ?? [], fromMs, toMs),
    eventTypes: () => [...events.keys()],
  };
}

/** Late records are rare, so the search from the end is short. */
function insertInOrder<T extends { readonly atMs: number }>(list: T[], item: T): void {
  let place = list.length;
  while (place > 0 && list[place - 1]!.atMs > item.atMs) place--;
  list.splice(place, 0, item);
  const oldest = list[list.length - 1]!.atMs - retentionMs;
  if (list.length % 4096 === 0 && list[0]!.atMs < oldest) list.splice(0, firstAtOrAfter(list, oldest));
}

function between<T extends { readonly atMs: number }>(list: readonly T[], fromMs: number, toMs: number): readonly T[] {
  return list.slice(firstAtOrAfter(list, fromMs), firstAtOrAfter(list, toMs));
}

function firstAtOrAfter(list: readonly { readonly atMs: number }[], atMs: number): number {
  let low = 0,
    high = list.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (list[middle]!.atMs < atMs) low = middle + 1;
    else high = middle;
  }
  return low;
}
