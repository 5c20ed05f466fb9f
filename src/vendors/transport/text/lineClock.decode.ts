// The time that a log line tells of itself, in the forms that are common and whole: with year, month and day, or, as
// syslog and klog write it, with month and day.

/** How times are read that do not say all: `nowMs` is the time of reading, for those without a year. */
export interface LineClock {
  readonly zone: Zone;
  readonly nowMs: number;
}
/** Of times that name none. */
export type Zone = 'local' | 'utc';

/** Where a time may begin at the latest: an access log has addresses and names before it. */
const headLength = 160;
const jsonHeadLength = 4_096;
const dayMs = 86_400_000;

const isoForm = new RegExp(
  /(?:^|[^\d.])(\d{4})[-/](\d\d)[-/](\d\d)[T _](\d\d):(\d\d):(\d\d)(?:[.,](\d{1,9}))?/.source +
    /(?: ?(Z|UTC|[+-]\d\d(?::?\d\d)?)(?![\d:]))?/.source,
);
const accessForm = /\[(\d\d)\/([A-Z][a-z]{2})\/(\d{4}):(\d\d):(\d\d):(\d\d) ([+-]\d{4})\]/;
const syslogForm = /^(?:<\d{1,3}>)?([A-Z][a-z]{2}) {1,2}(\d{1,2}) (\d\d):(\d\d):(\d\d)(?:\.(\d{1,9}))?/;
const klogForm = /^[IWEF](\d\d)(\d\d) (\d\d):(\d\d):(\d\d)\.(\d{1,9})/;
const epochForm = /^\[?(\d{10}(?:\.\d{1,9})?|\d{13})(?![\d.])/;
const jsonForm = new RegExp(
  /"(?:@?timestamp|time|ts|@t|datetime|date|eventTime)"\s{0,3}:\s{0,3}/.source +
    /(?:"([^"]{8,40})"|(\d{10,19}(?:\.\d{1,9})?)(?![\d.]))/.source,
  'i',
);
const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** Epoch milliseconds; undefined where the line tells none. */
export function timeOfLine(line: string, clock: LineClock): number | undefined {
  if (/^\s{0,8}\{/.test(line)) return timeOfJson(line.slice(0, jsonHeadLength), clock);
  const head = line.slice(0, headLength);
  return timeOfText(head, clock) ?? timeOfEpoch(epochForm.exec(head)?.[1]);
}

/** A time as a value of its own: a text in one of the forms, or a number since 1970 in any unit. */
export function timeOfValue(value: unknown, clock: LineClock): number | undefined {
  if (typeof value === 'number') return timeOfEpoch(String(value));
  if (typeof value !== 'string') return undefined;
  const text = value.trim();
  return /^\d{10,19}(?:\.\d+)?$/.test(text) ? timeOfEpoch(text) : timeOfText(text.slice(0, headLength), clock);
}

function timeOfJson(head: string, clock: LineClock): number | undefined {
  const found = jsonForm.exec(head);
  return found?.[1] === undefined ? timeOfEpoch(found?.[2]) : timeOfValue(found[1], clock);
}

/** Seconds, milliseconds, microseconds or nanoseconds since 1970, told apart by their size. */
function timeOfEpoch(digits: string | undefined): number | undefined {
  if (digits === undefined) return undefined;
  const value = Number(digits);
  if (!Number.isFinite(value) || value < 1e8) return undefined;
  if (value < 1e11) return Math.round(value * 1_000);
  // A number of nanoseconds has more digits than a double holds.
  const whole = digits.split('.', 1)[0]!;
  return Number(whole.slice(0, whole.length - (value < 1e14 ? 0 : value < 1e17 ? 3 : 6)));
}

function timeOfText(head: string, clock: LineClock): number | undefined {
  const iso = isoForm.exec(head);
  if (iso) {
    const [, year, month, day, hour, minute, second, fraction, zone] = iso;
    return compose([year, month, day, hour, minute, second], fraction, zone, clock);
  }
  const access = accessForm.exec(head);
  if (access) {
    const [, day, month, year, hour, minute, second, zone] = access;
    return compose([year, numberOf(month), day, hour, minute, second], undefined, zone, clock);
  }
  const syslog = syslogForm.exec(head);
  if (syslog) {
    const [, month, day, hour, minute, second, fraction] = syslog;
    return composeThisYear([numberOf(month), day, hour, minute, second], fraction, clock);
  }
  const klog = klogForm.exec(head);
  if (!klog) return undefined;
  const [, month, day, hour, minute, second, fraction] = klog;
  return composeThisYear([month, day, hour, minute, second], fraction, clock);
}

function numberOf(month: string | undefined): string {
  return String(months.indexOf(month ?? '') + 1);
}

type Part = string | undefined;

/** Undefined for a day or an hour that does not exist. */
function compose(
  parts: readonly [Part, Part, Part, Part, Part, Part],
  fraction: Part,
  zone: Part,
  { zone: fallback }: LineClock,
): number | undefined {
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = parts.map(Number);
  const exists = month >= 1 && month <= 12 && day >= 1 && day <= 31 && hour <= 24 && minute <= 59 && second <= 60;
  if (!exists) return undefined;
  const ms = Number((fraction ?? '').padEnd(3, '0').slice(0, 3));
  if (zone === undefined && fallback === 'local')
    return new Date(year, month - 1, day, hour, minute, second, ms).getTime();
  return Date.UTC(year, month - 1, day, hour, minute, second, ms) - offsetMs(zone);
}

function offsetMs(zone: Part): number {
  const found = /^([+-])(\d\d):?(\d\d)?$/.exec(zone ?? '');
  if (!found) return 0;
  const [, sign, hours, minutes = '0'] = found;
  return (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes)) * 60_000;
}

/** A line is not from the future: what would be more than a day ahead is of the year before. */
function composeThisYear(
  parts: readonly [Part, Part, Part, Part, Part],
  fraction: Part,
  clock: LineClock,
): number | undefined {
  const year = new Date(clock.nowMs).getUTCFullYear();
  const at = (ofYear: number) => compose([String(ofYear), ...parts], fraction, undefined, clock);
  const candidates = [year + 1, year, year - 1].map(at).filter(atMs => atMs !== undefined);
  return candidates.find(atMs => atMs <= clock.nowMs + dayMs);
}
