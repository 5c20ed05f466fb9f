// The types of values in a pipeline file: each with its check, the message if the check fails, and what editors show.
import { z } from 'zod';
import { byteSizePattern, parseBytes } from '../byteSize.ts';
import { parseSelector } from './seriesSelector.ts';
import { durationPattern, formatDuration, parseDuration, parsePercent, percentPattern } from './durations.ts';
import { findPatternMistake } from './patterns.ts';
import type { TextualKeys } from './place.ts';
import { secretSentence, type SecretFinder } from './secrets.ts';

// Compiling schemas to code would take longer than it saves, because a window reads few pipeline files.
z.config({ jitless: true });

/** The details that a failed check reports in addition to its message. */
export interface Mistake {
  readonly code: string;
  readonly message: string;
  readonly allowed?: readonly string[];
}

/** A text with a check of its own. */
function checkedText(check: (text: string) => Mistake | undefined, otherType?: string): z.ZodString {
  return z.string(otherType === undefined ? {} : { error: otherType }).superRefine((text, context) => {
    const mistake = check(text);
    if (mistake)
      context.addIssue({
        code: 'custom',
        message: mistake.message,
        params: { code: mistake.code, allowed: mistake.allowed },
      });
  });
}

/** Text of at most `limit` characters, not empty. */
export function text(description: string, limit = 500) {
  return checkedText(value => {
    if (value.trim() === '') return { code: 'empty-value', message: 'This may not be empty.' };
    return value.length > limit
      ? { code: 'too-long', message: `This has ${value.length} characters; at most ${limit} are allowed.` }
      : undefined;
  }).meta({ description, minLength: 1, maxLength: limit });
}

/** A text that must match a pattern; `rule` describes the pattern in words. */
export function formed(description: string, pattern: RegExp, rule: string) {
  return checkedText(value => (pattern.test(value) ? undefined : { code: 'wrong-form', message: rule })).meta({
    description,
    pattern: pattern.source,
  });
}

export const namePattern = /^[A-Za-z0-9][A-Za-z0-9._ -]{0,62}[A-Za-z0-9._-]$|^[A-Za-z0-9]$/;
const nameRule =
  'A name has 1 to 64 letters, digits, dots, dashes, underscores or spaces, and begins with a letter or digit.';
export function name(description: string) {
  return formed(description, namePattern, nameRule);
}

/** The keys of a map of named things. */
export const nameKey = formed('A name of your choice.', namePattern, nameRule);
export const inputKey = formed(
  'A name of your choice.',
  /^[A-Za-z_][A-Za-z0-9_-]{0,63}$/,
  'The name of an input has 1 to 64 letters, digits, dashes or underscores, and begins with a letter or an underscore.',
);
export const variableKey = formed(
  'A variable.',
  /^[A-Za-z_][A-Za-z0-9_]{0,127}$/,
  'The name of a variable has letters, digits and underscores, and does not begin with a digit.',
);

export const stageName = formed(
  'Name of the stage; no two stages share one.',
  /^[^\s/\\\p{Cc}](?:[^/\\\p{Cc}]{0,62}[^\s/\\\p{Cc}])?$/u,
  'The name of a stage has 1 to 64 characters, without slashes, and no space at its ends.',
);
export const nodeName = formed(
  'Name of a node, spelled as in its logs and metrics.',
  /^[A-Za-z0-9_][A-Za-z0-9._:@-]{0,252}$/,
  'The name of a node has letters, digits, dots, dashes, underscores, colons and @ signs; no spaces and no quotes. ' +
    'Nodes whose names come and go are listed by a `command`.',
);

export function duration(description: string, least: string, most: string) {
  const [leastMs = 0, mostMs = Infinity] = [parseDuration(least), parseDuration(most)];
  return checkedText(value => {
    const durationMs = parseDuration(value);
    if (durationMs === undefined)
      return {
        code: 'bad-duration',
        message: 'This is not a duration. Write numbers with units (d, h, m, s, ms), the larger unit first.',
        allowed: ['90s', '5m', '1h30m'],
      };
    if (durationMs < leastMs || durationMs > mostMs)
      return {
        code: 'out-of-range',
        message: `This duration is out of range (it is ${formatDuration(durationMs)}).`,
        allowed: [`${least} to ${most}`],
      };
    return undefined;
  }, 'A duration has a unit: write 90s, 5m or 1h30m.').meta({
    description: `${description} From ${least} to ${most}.`,
    pattern: durationPattern,
  });
}

export function byteSize(description: string) {
  return checkedText(
    value =>
      parseBytes(value) === undefined
        ? {
            code: 'bad-size',
            message: 'This is not a size. Write a number with a unit (kB, MB, GB, TB).',
            allowed: ['500 MB', '5 GB', '1.5 TB'],
          }
        : undefined,
    'A size has a unit: write 500 MB or 5 GB.',
  ).meta({ description, pattern: byteSizePattern });
}

export function oneOf<const Values extends readonly [string, ...string[]]>(description: string, values: Values) {
  return z.enum(values).meta({ description });
}

/** The selection of the series that a metric consists of. */
export function series(description: string) {
  return checkedText(value => {
    const parsed = parseSelector(value);
    if ('mistake' in parsed) return { code: 'bad-series', message: parsed.mistake };
    return parsed.selector.name === '' ? { code: 'empty-value', message: 'A series needs a name.' } : undefined;
  }).meta({ description, minLength: 1, maxLength: 500 });
}

/** A regular expression that the whole value must match. */
export function pattern(description: string) {
  return checkedText(value => {
    const message = findPatternMistake(value);
    return message ? { code: 'bad-pattern', message } : undefined;
  }).meta({ description, format: 'regex' });
}

/** The pattern of an address for the JSON Schema. The complete check is below. */
export const urlPattern = '^https?://';
const urlForm = /^(https?):\/\/([^/?#\s]+)([^\s]*)$/i;
export function url(description: string) {
  return checkedText(findUrlMistake).meta({ description, pattern: urlPattern });
}

function findUrlMistake(value: string): Mistake | undefined {
  const parts = urlForm.exec(value);
  if (!parts)
    return {
      code: 'bad-url',
      message: 'This is not a URL. Write the whole address.',
      allowed: ['https://...', 'http://...'],
    };
  const [, , authority = ''] = parts;
  if (authority.includes('@'))
    return { code: 'url-with-credentials', message: `This URL contains a user name or a password. ${secretSentence}` };
  const port = /^(?:\[[\da-fA-F:.]+\]|[A-Za-z0-9._-]+|\$\{\w+\})(?::(\d{1,5}|\$\{\w+\}))?$/.exec(authority);
  if (!port || Number(port[1] ?? 0) > 65_535)
    return { code: 'bad-url', message: 'The host or the port of this URL is invalid.' };
  return undefined;
}

/** A path below the workspace folder. */
export function relativePath(description: string) {
  return checkedText(value => {
    if (value.trim() === '') return { code: 'empty-value', message: 'This may not be empty.' };
    if (/^[/\\~]|^[A-Za-z]:/.test(value))
      return { code: 'absolute-path', message: 'This path is absolute. Write it relative to the workspace folder.' };
    if (value.split(/[/\\]/).includes('..'))
      return {
        code: 'path-climbs-out',
        message: 'This path leaves the workspace folder with `..`. Only files inside it can belong to a release.',
      };
    return value.length > 500 ? { code: 'too-long', message: 'This path is longer than 500 characters.' } : undefined;
  }).meta({ description });
}

/** The name of a credential, never its value. */
export function credential({ findKnownSecret }: Pick<SecretFinder, 'findKnownSecret'>) {
  return checkedText(value => {
    if (findKnownSecret(value) !== undefined || value.length > 64)
      return { code: 'secret-in-file', message: secretSentence };
    return namePattern.test(value)
      ? undefined
      : { code: 'wrong-form', message: `This is not the name of a credential. ${nameRule}` };
  }).meta({ description: 'Name of a stored credential. The value itself never belongs in a pipeline file.' });
}

/** Nodes of a phase: a share or a count. */
export const nodesOfPhase = z
  .union([
    checkedText(value => {
      const share = parsePercent(value);
      if (share === undefined)
        return {
          code: 'bad-share',
          message: 'This is neither a share nor a number of nodes.',
          allowed: ['20%', 'a whole number from 1'],
        };
      return share > 0 && share <= 1
        ? undefined
        : {
            code: 'phase-out-of-range',
            message: share === 0 ? 'A phase takes at least one node.' : 'A phase cannot take more than all nodes.',
            allowed: ['more than 0% to 100%'],
          };
    }).meta({ pattern: percentPattern }),
    z
      .number()
      .superRefine((count, context) => {
        if (Number.isInteger(count) && count >= 1 && count <= 10_000) return;
        const hint =
          count > 0 && count < 1
            ? `A share is written with a percent sign: ${Math.round(count * 100)}%.`
            : 'A number of nodes is a whole number from 1 to 10000.';
        context.addIssue({
          code: 'custom',
          message: hint,
          params: { code: 'bad-share', allowed: ['20%', 'a whole number from 1'] },
        });
      })
      .meta({ type: 'integer', minimum: 1 }),
  ])
  .meta({
    description:
      'Nodes that run the new release in this phase, in total: a share such as `20%`, or a number. ' +
      'A share rounds up; below 100 % at least one node keeps the old release.',
  });

/** A relative change: 10% or 0.1. */
export const tolerance = z
  .union([
    checkedText(value => {
      const share = parsePercent(value);
      return share !== undefined && share <= 5
        ? undefined
        : { code: 'bad-share', message: 'This is not a share.', allowed: ['10%', '0.1', 'at most 500%'] };
    }).meta({ pattern: percentPattern }),
    z
      .number()
      .superRefine((share, context) => {
        if (share >= 0 && share <= 5) return;
        context.addIssue({
          code: 'custom',
          message: `A tolerance is a share${share > 5 && share <= 500 ? `; did you mean ${share}%?` : '.'}`,
          params: { code: 'bad-share', allowed: ['10%', '0.1', 'at most 500%'] },
        });
      })
      .meta({ minimum: 0, maximum: 5 }),
  ])
  .meta({
    description:
      'Change relative to the baseline that is still acceptable, such as `10%` or `0.1`. By default gauge 5 %, ' +
      'count 5 %, share 15 %; twice that at `low` sensitivity and half of it at `high`.',
  });

/** A value of a metric: a number or, for a share, a percentage such as 1%. */
export function amount(description: string, least = -Infinity) {
  const number = least === -Infinity ? z.number() : z.number().gte(least);
  return z
    .union([
      checkedText(value =>
        parsePercent(value) === undefined
          ? { code: 'bad-share', message: 'This is neither a number nor a share.', allowed: ['0.01', '1%'] }
          : undefined,
      ).meta({ pattern: percentPattern }),
      number,
    ])
    .meta({ description: `${description} For a share, you can also write \`1%\`.` });
}

/** Text, or a number or a boolean that is taken as the text that was written. */
export const looseText = z.union([z.string(), z.number(), z.boolean()]);

/**
 * Maps and lists in which numbers and booleans are read as text: `PORT: 8080`. `command` can also be a health source.
 */
export const textualKeys: TextualKeys = new Map([
  ...(['variables', 'parameters', 'headers'] as const).map(key => [key, 'map'] as const),
  ...(['values', 'command', 'logs'] as const).map(key => [key, 'list'] as const),
]);

export function textMap(description: string, key: z.ZodString = variableKey) {
  return z.record(key, looseText).default({}).meta({ description });
}

/** The texts of such a map. */
export function textValues(record: Readonly<Record<string, string | number | boolean>>): Record<string, string> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, String(value)]));
}
