// The keys that all health sources in a pipeline file share: the attribute with the node, the delay of data, and how
// far to look back.
import { z } from 'zod';
import type { LogsSource } from '../healthSource.ts';
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

/** Also for what a vendor writes otherwise. */
export const versionMeaning =
  'names the version of the release, for services whose nodes have no lasting names: Backstop tells canary and ' +
  'baseline apart by it, instead of `node`. Its value is exactly the version of the run.';

/** A pattern whose first group is the version, where nodes come and go. */
export function versionPattern(where: string) {
  return pattern(`Regular expression ${where}; its first group ${versionMeaning}`).optional();
}

/** The attribute that distinguishes the sides if nodes come and go. */
export function versionAttribute() {
  return attribute(`Field that ${versionMeaning}`).optional();
}
/** The same key, in the form in which the vendor writes `node`. */
export function versionLike(node: z.ZodString) {
  return node.meta({ ...node.meta(), description: `What ${versionMeaning}` }).optional();
}

export function sidesBy(
  node: string,
  version: string | undefined,
): Pick<LogsSource, 'nodeAttribute' | 'versionAttribute'> {
  return version === undefined ? { nodeAttribute: node } : { nodeAttribute: version, versionAttribute: version };
}

/** The value must be exactly the version. */
export function checkVersion(source: Entry, report: Report): void {
  const pattern = entryOf(source.value, 'nodePattern');
  if (!pattern || !entryOf(source.value, 'version')) return;
  const message =
    '`nodePattern` finds the names of nodes, but with `version` the sides are distinguished without them. Remove one.';
  report(errorAt(pattern.keySpan, 'key-does-not-fit', message, { found: 'nodePattern' }));
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
        'Lines that one verification reads. If there are more, the source groups and counts them, in one query for ' +
        'both sides, and Backstop judges the counts. If the source cannot do that, Backstop reads about this many ' +
        'lines, in short slices of time that are the same for both sides.',
    })
    .default(1_000_000);
}

export function nodePattern() {
  return pattern(
    'Regular expression that the whole value of `node` must match; its first group is the name of the node, as in ' +
      '`([^.:]+)[.:].*` for `prod-1.example.com:9100`. By default the value is the name, with or without a port.',
  ).optional();
}

/** A pattern without a group cannot extract a node or a version. */
export function checkNodePattern(source: Entry, report: Report): void {
  const isOfVersion = entryOf(source.value, 'versionPattern') !== undefined,
    entry = entryOf(source.value, isOfVersion ? 'versionPattern' : 'nodePattern'),
    written = textOf(entry?.value);
  if (!entry || written === undefined || findPatternMistake(written) !== undefined) return;
  if (new RegExp(`${written}|`, 'u').exec('')!.length < 2)
    report(
      errorAt(
        entry.keySpan,
        'bad-pattern',
        `This pattern has no group, so it names no ${isOfVersion ? 'version' : 'node'}. ` +
          `Put the part that is the ${isOfVersion ? 'version' : 'name'} into parentheses.`,
      ),
    );
}

/** Two keys that say the same thing in two ways. */
export function checkOneOf(source: Entry, [first, second]: readonly [string, string], report: Report): void {
  const other = entryOf(source.value, second);
  if (!other || !entryOf(source.value, first)) return;
  const message = `Write \`${first}\` or \`${second}\`: the sides are told apart by one of them.`;
  report(errorAt(other.keySpan, 'key-does-not-fit', message, { found: second }));
}
