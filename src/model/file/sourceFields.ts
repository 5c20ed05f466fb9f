// The keys that every health source of a pipeline file has: which attribute names the node, how old data must be, how
// far back it looks.
import { z } from 'zod';
import { errorAt, type Report } from './drafts.ts';
import { duration, formed, pattern } from './fields.ts';
import { findPatternMistake } from './patterns.ts';
import { entryOf, textOf, type Entry } from './place.ts';

export const lookBackDefault = '1d';

export function attribute(description: string) {
  return formed(
    description,
    /^[A-Za-z_][\w.:]{0,127}$/,
    'An attribute has letters, digits, underscores, dots and colons, and does not begin with a digit.',
  );
}

export function nodeAttribute() {
  return attribute('Attribute or metadata field that names the node. Backstop tells canary and baseline apart by it.');
}

export function lookBack() {
  return duration(
    'How far back a node or a metric counts as known. A run does not start if one was not seen within this time; ' +
      'a node without any deployment so far is only reported.',
    '1h',
    '30d',
  ).default(lookBackDefault);
}

export function delay(fallback: string) {
  return duration('Data younger than this counts as incomplete and is queried again.', '0s', '10m').default(fallback);
}

export function mostLines() {
  return z
    .int()
    .min(1_000)
    .max(10_000_000)
    .meta({
      description:
        'Lines that one verification reads. Where there are more, they are grouped and counted where they are, in ' +
        'one query for both sides, and Backstop judges the counts.',
    })
    .default(1_000_000);
}

export function nodePattern() {
  return pattern(
    'Regular expression that the whole value of `node` must match; its first group is the name of the node, as in ' +
      '`([^.:]+)[.:].*` for `prod-1.example.com:9100`. By default the value is the name, with or without a port.',
  ).optional();
}

/** A pattern without a group names no node. */
export function checkNodePattern(source: Entry, report: Report): void {
  const entry = entryOf(source.value, 'nodePattern'),
    written = textOf(entry?.value);
  if (!entry || written === undefined || findPatternMistake(written) !== undefined) return;
  if (new RegExp(`${written}|`, 'u').exec('')!.length < 2)
    report(
      errorAt(
        entry.keySpan,
        'bad-pattern',
        'This pattern has no group, so it names no node. Put the part that is the name into parentheses.',
      ),
    );
}
