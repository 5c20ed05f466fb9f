// What differs between two versions of a configuration file: keys where its format has keys, otherwise lines.
import { createRedactor, REDACTED } from '../../model/redact.ts';
import { t } from '../words/translate.ts';
import { findCommon } from './snapshotWords.ts';

export interface SettingChange {
  /** `cache.format`, or `line 12`. */
  readonly name: string;
  /** Absent: it did not exist. */
  readonly from?: string;
  /** Absent: it no longer exists. */
  readonly to?: string;
}
export interface FileChange {
  readonly settings: readonly SettingChange[];
  /** The number of unchanged keys; absent if the format has no keys. */
  readonly sameKeys?: number;
}

/** More lines than this between the first and the last difference are not matched with each other. */
const mostLines = 400;
const deepest = 20;
const redact = createRedactor([]);

/** An absent file is empty. */
export function compareFiles(path: string, before: string, after: string): FileChange {
  const from = keysOf(path, before),
    to = keysOf(path, after);
  return from && to ? compareKeys(from, to) : { settings: compareLines(linesOf(before), linesOf(after)) };
}

/** Secrets are not shown: neither values that look like one, nor values with a name that suggests one. */
export function shownValue(name: string, value: string): string {
  return /(?:password|passwd|secret|token|api_?key|private_?key|credentials?)["'\]]*$/i.test(name)
    ? REDACTED
    : redact(value);
}

function compareKeys(from: ReadonlyMap<string, string>, to: ReadonlyMap<string, string>): FileChange {
  const names = [...new Set([...from.keys(), ...to.keys()])],
    changed = names.filter(name => from.get(name) !== to.get(name));
  return {
    settings: changed.map(name => changeOf(name, name, from.get(name), to.get(name))),
    sameKeys: names.length - changed.length,
  };
}

function changeOf(name: string, secretName: string, from: string | undefined, to: string | undefined): SettingChange {
  return {
    name,
    ...(from !== undefined && { from: shownValue(secretName, from) }),
    ...(to !== undefined && { to: shownValue(secretName, to) }),
  };
}

/** Undefined: the format has no keys, or the text is not in the format that its name promises. */
function keysOf(path: string, text: string): ReadonlyMap<string, string> | undefined {
  const isJson = /\.json$/i.test(path);
  if (!isJson && !/\.(?:properties|env)$|(?:^|\/)\.env[^/]*$/i.test(path)) return undefined;
  if (text.trim() === '') return new Map();
  return isJson ? jsonKeys(text) : propertyKeys(text);
}

function jsonKeys(text: string): ReadonlyMap<string, string> | undefined {
  const keys = new Map<string, string>();
  const add = (name: string, value: unknown, depth: number): void => {
    const inner =
      typeof value === 'object' && value !== null && depth < deepest
        ? Object.entries(value).map(([key, one]) => [nameIn(name, key, Array.isArray(value)), one] as const)
        : [];
    if (inner.length === 0) keys.set(name, JSON.stringify(value));
    for (const [key, one] of inner) add(key, one, depth + 1);
  };
  try {
    add('', JSON.parse(text), 0);
  } catch {
    return undefined;
  }
  return keys;
}

/** `a.b`, `list[0]`; a key with a dot or a bracket is quoted, so that no two names are alike. */
function nameIn(name: string, key: string, isList: boolean): string {
  if (isList) return `${name}[${key}]`;
  if (/[.[\]"]/.test(key) || key === '') return `${name}[${JSON.stringify(key)}]`;
  return name === '' ? key : `${name}.${key}`;
}

function propertyKeys(text: string): ReadonlyMap<string, string> | undefined {
  const keys = new Map<string, string>();
  for (const line of linesOf(text)) {
    if (/^\s*(?:[#!].*)?$/.test(line)) continue;
    const [, name, value] = /^\s*(?:export\s+)?([^\s=:#!]+)\s*[=:]\s*(.*)$/.exec(line) ?? [];
    if (name === undefined || value === undefined || keys.has(name)) return undefined;
    keys.set(name, value);
  }
  return keys;
}

function compareLines(before: readonly string[], after: readonly string[]): readonly SettingChange[] {
  const shorter = Math.min(before.length, after.length);
  let start = 0,
    end = 0;
  while (start < shorter && before[start] === after[start]) start += 1;
  while (end < shorter - start && before.at(-1 - end) === after.at(-1 - end)) end += 1;
  const old = before.slice(start, before.length - end),
    now = after.slice(start, after.length - end);
  const common =
    Math.max(old.length, now.length) > mostLines
      ? { left: new Set<number>(), right: new Set<number>() }
      : findCommon(old, now);
  const changes: SettingChange[] = [];
  for (let i = 0, j = 0; i < old.length || j < now.length;) {
    const isOld = i < old.length && !common.left.has(i),
      isNew = j < now.length && !common.right.has(j);
    if (isOld || isNew) {
      const from = isOld ? old[i] : undefined,
        to = isNew ? now[j] : undefined;
      changes.push(changeOf(t('line {0}', start + 1 + (isNew ? j : i)), keyOf(to ?? from ?? ''), from, to));
    }
    // A line that both have waits until the other side has come to it.
    i += isOld || (!isNew && i < old.length) ? 1 : 0;
    j += isNew || (!isOld && j < now.length) ? 1 : 0;
  }
  return changes;
}

/** The separators before the value in most formats. */
function keyOf(line: string): string {
  return /^\s*(?:-\s*)?["']?([\w.-]+)["']?\s*[:=]/.exec(line)?.[1] ?? '';
}

function linesOf(text: string): readonly string[] {
  return text.replace(/\r?\n$/, '').split(/\r?\n/);
}
