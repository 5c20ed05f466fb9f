// Turns a date and time of day in a named time zone into epoch milliseconds, as the vendors' query APIs do.

/** False for a name that is missing in this machine's time zone data. */
export function isTimeZone(zone: string): boolean {
  return formatOf(zone) !== undefined;
}

/** `2026-11-23T07:00:00` (or with a space) in a zone; undefined for an invalid date or an unknown zone. */
export function epochOfLocal(text: string, zone: string): number | undefined {
  const match = /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2}))?)?$/.exec(text);
  if (!match) return undefined;
  const [year, month, day, hour, minute, second] = match.slice(1).map(part => Number(part ?? 0)) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  if (
    month < 1 ||
    month > 12 ||
    day < 1 ||
    day > new Date(Date.UTC(year, month, 0)).getUTCDate() ||
    hour > 23 ||
    minute > 59 ||
    second > 59
  )
    return undefined;
  const asUtc = Date.UTC(year, month - 1, day, hour, minute, second);
  const guess = offsetOf(asUtc, zone);
  if (guess === undefined) return undefined;
  // The offset at the guessed time decides the hour around a change of the clocks.
  return asUtc - (offsetOf(asUtc - guess, zone) ?? guess);
}

function offsetOf(epochMs: number, zone: string): number | undefined {
  const parts = formatOf(zone)?.formatToParts(epochMs);
  if (!parts) return undefined;
  const part = (type: Intl.DateTimeFormatPartTypes) => Number(parts.find(candidate => candidate.type === type)?.value);
  return Date.UTC(part('year'), part('month') - 1, part('day'), part('hour'), part('minute'), part('second')) - epochMs;
}

const formats = new Map<string, Intl.DateTimeFormat>();
function formatOf(zone: string): Intl.DateTimeFormat | undefined {
  const known = formats.get(zone);
  if (known) return known;
  try {
    const format = new Intl.DateTimeFormat('en-US', {
      timeZone: zone,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    });
    if (formats.size < 1000) formats.set(zone, format);
    return format;
  } catch {
    return undefined;
  }
}
