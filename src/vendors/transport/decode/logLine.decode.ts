// What vendors say beside a log line: its level, and which of several equal lines it is.
import type { EvidencePage } from '../../../model/evidence/analysis.ts';

/** Where the level stands beside the line only, it is put before it, so that severity is read from the text alone. */
export function withLevel(text: string, level: string | undefined): string {
  if (level === undefined || !/^[A-Za-z]{3,10}$/.test(level) || /^unknown$/i.test(level)) return text;
  return new RegExp(`\\b${level}\\b`, 'i').test(text.slice(0, 200)) ? text : `${level.toUpperCase()} ${text}`;
}

/**
 * An id for a line to which the vendor gives none: `key`, and how many of the same key came before it. What is read
 * again in the same order gets the same ids.
 */
export function madeId(key: string, alike: Map<string, number>): string {
  const before = alike.get(key) ?? 0;
  alike.set(key, before + 1);
  return `${key}/${before}`;
}

/** What a key has more where lines of its moment were skipped before the page; context of `contextOfPlace`. */
export function skippedOf(ns: string, { moment, skipped }: EvidencePage['context']): string {
  return Number(skipped) > 0 && ns === moment ? `/${skipped}` : '';
}
