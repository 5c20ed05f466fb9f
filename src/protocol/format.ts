// How numbers, durations, moments and lists are written, the same everywhere: a figure reads alike in panel, report and terminal.

/** `0.4 s`, `21 s`, `6:05`, `1:02:03`, `2 d 3 h`. */
export function formatDuration(durationMs: number): string {
  const ms = Math.max(0, durationMs);
  const seconds = Math.round(ms / 1000);
  if (ms < 9950) return ms === 0 ? '0 s' : `${(ms / 1000).toFixed(1)} s`;
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)}:${twoDigits(seconds % 60)}`;
  if (seconds < 86_400) return `${Math.floor(seconds / 3600)}:${twoDigits(Math.floor(seconds / 60) % 60)}:${twoDigits(seconds % 60)}`;
  return `${Math.floor(seconds / 86_400)} d ${Math.floor(seconds / 3600) % 24} h`;
}

/** Three significant digits below 100, whole numbers above, thousands parted by commas. */
export function formatNumber(value: number): string {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? 'no number' : value > 0 ? 'infinite' : 'minus infinite';
  const size = Math.abs(value);
  if (size >= 1e15) return value.toExponential(2);
  if (size !== 0 && size < 0.001) return value.toExponential(1);
  const rounded = size >= 100 || Number.isInteger(value) ? Math.round(value).toString() : Number(value.toPrecision(3)).toString();
  const [whole = '', fraction] = rounded.split('.');
  return whole.replace(/\B(?=(\d{3})+$)/g, ',') + (fraction ? `.${fraction}` : '');
}

export function formatCount(count: number, noun: string, plural = `${noun}s`): string {
  return `${formatNumber(count)} ${count === 1 ? noun : plural}`;
}

/** `212 ms`, `0.21 %`, `42`. */
export function formatMeasure(value: number, unit?: string): string {
  return unit ? `${formatNumber(value)} ${unit}` : formatNumber(value);
}

/** A share as a percentage: 0.2 is `20 %`. */
export function formatShare(share: number): string {
  const percent = share * 100;
  return `${Math.abs(percent) >= 10 || percent === 0 ? Math.round(percent) : Number(percent.toPrecision(2))} %`;
}

/** A relative change with its sign: 0.019 is `+1.9 %`. */
export function formatChange(change: number): string {
  return `${change >= 0 ? '+' : ''}${formatShare(change)}`;
}

/** Time of day, local: `14:13:24`. */
export function formatTime(atMs: number): string {
  const date = new Date(atMs);
  return [date.getHours(), date.getMinutes(), date.getSeconds()].map(twoDigits).join(':');
}

/** Local: `2026-11-23 14:13`. */
export function formatMoment(atMs: number): string {
  const date = new Date(atMs);
  return `${date.getFullYear()}-${twoDigits(date.getMonth() + 1)}-${twoDigits(date.getDate())} ${formatTime(atMs).slice(0, 5)}`;
}

/** Where there is little room: `14:13` on the same day, else `2026-11-23`. */
export function formatSince(atMs: number, nowMs: number): string {
  const moment = formatMoment(atMs), day = moment.slice(0, 10);
  return day === formatMoment(nowMs).slice(0, 10) ? moment.slice(11) : day;
}

/** `a`, `a and b`, `a, b and c`; beyond `limit` the rest is counted. */
export function formatList(items: readonly string[], limit = 6): string {
  const shown = items.length > limit ? [...items.slice(0, limit - 1), `${items.length - limit + 1} more`] : items;
  return shown.length < 2 ? shown.join('') : `${shown.slice(0, -1).join(', ')} and ${shown[shown.length - 1]}`;
}

/** What people are shown of a release id or a digest. */
export function shortId(id: string): string {
  return id.slice(0, 12);
}

function twoDigits(value: number): string {
  return String(value).padStart(2, '0');
}
