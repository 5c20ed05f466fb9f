// How numbers, durations, times and lists are written, in the same way in panel, report and terminal.
import { formatBytes } from '../../model/byteSize.ts';
import { nouns, type Noun } from './nouns.ts';
import { numberMarks, t } from './translate.ts';

/** `0.4 s`, `21 s`, `6:05`, `1:02:03`, `2 d 3 h`. */
export function formatDuration(durationMs: number): string {
  const ms = Math.max(0, durationMs);
  const seconds = Math.round(ms / 1000);
  if (ms < 9950) return ms === 0 ? '0 s' : `${marked((ms / 1000).toFixed(1))} s`;
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)}:${twoDigits(seconds % 60)}`;
  if (seconds < 86_400)
    return `${Math.floor(seconds / 3600)}:${twoDigits(Math.floor(seconds / 60) % 60)}:${twoDigits(seconds % 60)}`;
  return `${Math.floor(seconds / 86_400)} d ${Math.floor(seconds / 3600) % 24} h`;
}

/** Three significant digits below 100, whole numbers above, with thousands separators. */
export function formatNumber(value: number): string {
  if (!Number.isFinite(value))
    return Number.isNaN(value) ? t('no number') : value > 0 ? t('infinite') : t('minus infinite');
  const size = Math.abs(value);
  if (size >= 1e15) return marked(value.toExponential(2));
  if (size !== 0 && size < 0.001) return marked(value.toExponential(1));
  return marked(
    size >= 100 || Number.isInteger(value) ? Math.round(value).toString() : Number(value.toPrecision(3)).toString(),
  );
}

/** `1 node`, `1,200 nodes`. */
export function formatCount(count: number, noun: Noun): string {
  const { one, many } = nouns[noun];
  return count === 1 ? one(formatNumber(count)) : many(formatNumber(count));
}

/** `2.5 MB`. */
export function formatSize(bytes: number): string {
  return marked(formatBytes(bytes));
}

/** `212 ms`, `0.21 %`, `42`. */
export function formatMeasure(value: number, unit?: string): string {
  return unit ? `${formatNumber(value)} ${unit}` : formatNumber(value);
}

/** In which unit values of a metric are written, and what they are multiplied with for it. */
export interface Scale {
  readonly unit?: string;
  readonly factor: number;
}

/** A share in per cent, and less than a second in milliseconds; values that are shown together have one unit. */
export function scaleOf(unit: string | undefined, values: readonly (number | null)[], isShare = false): Scale {
  const largest = Math.max(0, ...values.map(value => Math.abs(value ?? 0)));
  if (!unit) return isShare && largest <= 1 ? { unit: '%', factor: 100 } : { factor: 1 };
  return /^(?:s|sec|seconds)$/.test(unit) && largest > 0 && largest < 1
    ? { unit: 'ms', factor: 1000 }
    : { unit, factor: 1 };
}

/** A share as a percentage: 0.2 is `20 %`. */
export function formatShare(share: number): string {
  const percent = share * 100;
  const rounded = Math.abs(percent) >= 10 || percent === 0 ? Math.round(percent) : Number(percent.toPrecision(2));
  return `${marked(String(rounded))} %`;
}

/** A relative change with its sign: 0.019 is `+1.9 %`. */
export function formatChange(change: number): string {
  return `${change >= 0 ? '+' : ''}${formatShare(change)}`;
}

/** `direction`: the one in which the metric gets worse. */
export function isImprovement(change: number, direction: string): boolean {
  return (direction === 'increase' && change < 0) || (direction === 'decrease' && change > 0);
}

/** `+1.9 %`; an improvement in words: `9 % faster`, `7 % lower`. */
export function changePhrase(change: number, direction: string, unit: string | undefined): string {
  if (!isImprovement(change, direction)) return formatChange(change);
  const size = formatShare(Math.abs(change));
  if (direction === 'decrease') return t('{0} higher', size);
  return isTime(unit) ? t('{0} faster', size) : t('{0} lower', size);
}

/** As `changePhrase`, for a place where nothing else tells which direction is the better one. */
export function judgedChange(change: number, direction: string, unit: string | undefined): string {
  const phrase = changePhrase(change, direction, unit),
    isPlain = direction === 'increase' && isTime(unit);
  return isImprovement(change, direction) && !isPlain ? t('{0}, which is better', phrase) : phrase;
}

function isTime(unit = ''): boolean {
  return /^(?:ns|us|µs|ms|s|sec|seconds)$/.test(unit);
}

/** Time of day, local: `14:13:24`. */
export function formatTime(atMs: number): string {
  const date = new Date(atMs);
  return [date.getHours(), date.getMinutes(), date.getSeconds()].map(twoDigits).join(':');
}

/** Local: `2026-11-23 14:13`. */
export function formatMoment(atMs: number): string {
  const date = new Date(atMs);
  const day = [date.getFullYear(), twoDigits(date.getMonth() + 1), twoDigits(date.getDate())].join('-');
  return `${day} ${formatTime(atMs).slice(0, 5)}`;
}

/** `a`, `a and b`, `a, b and c`; beyond `limit`, the rest is counted. */
export function formatList(items: readonly string[], limit = 6): string {
  const shown = items.length > limit ? [...items.slice(0, limit - 1), t('{0} more', items.length - limit + 1)] : items;
  return shown.length < 2 ? shown.join('') : t('{0} and {1}', shown.slice(0, -1).join(', '), shown.at(-1) ?? '');
}

/** `a or b`. */
export function formatChoice(items: readonly string[]): string {
  return items.length < 2 ? items.join('') : t('{0} or {1}', items.slice(0, -1).join(', '), items.at(-1) ?? '');
}

/** The parts of a sentence that are present, separated by commas or by `separator`. */
export function joinParts(parts: readonly (string | false | undefined)[], separator = ', '): string {
  return parts.filter(part => typeof part === 'string' && part !== '').join(separator);
}

/** The part of a release id or digest that is shown to people. */
export function shortId(id: string): string {
  return id.slice(0, 12);
}

function twoDigits(value: number): string {
  return String(value).padStart(2, '0');
}

/** Uses the number format of the user's language: only a plain number gets thousands separators. */
function marked(figure: string): string {
  const { group, decimal } = numberMarks();
  const [whole = '', rest] = figure.split('.');
  return whole.replace(/\B(?=(\d{3})+$)/g, group) + (rest === undefined ? '' : decimal + rest);
}
