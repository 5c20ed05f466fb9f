// Checks a file against its schema, and describes each mistake with its position.
import type { z } from 'zod';
import type { Draft } from '../model/file/drafts.ts';
import { describePlace, errorAt, spanOf } from '../model/file/drafts.ts';
import { textualKeys } from '../model/file/fields.ts';
import { findNearest } from '../model/evidence/nearest.ts';
import { suggest } from '../model/file/nearMiss.ts';
import type { Path, Place } from '../model/file/place.ts';
import { entriesOf, entryOf, findPlace, renameKey, valueOf } from '../model/file/place.ts';
import { withoutExtensions } from './extensions.ts';
import { stepInto, unwrap } from './schemaSteps.ts';

type Issue = z.core.$ZodIssue;

/** A schema, and the name of what it describes in messages. */
export interface ShapeKind<Schema extends z.ZodObject = z.ZodObject> {
  readonly schema: Schema;
  readonly thing: string;
}

export interface Shape<Value> {
  readonly value?: Value;
  /** The tree with misspelled keys corrected, so that the values under them are not reported as missing. */
  readonly root: Place;
  readonly drafts: readonly Draft[];
}

/** Misspelled keys are corrected level by level: the keys under a corrected one are checked in the next round. */
export function checkShape<Schema extends z.ZodObject>(
  written: Place,
  kind: ShapeKind<Schema>,
): Shape<z.output<Schema>> {
  const misspelled: Draft[] = [];
  let root = withoutExtensions(written, kind.schema);
  for (let round = 0; ; round++) {
    const parsed = kind.schema.safeParse(valueOf(root, textualKeys));
    if (parsed.success) return { ...(misspelled.length === 0 && { value: parsed.data }), root, drafts: misspelled };
    const { issues } = parsed.error;
    const meant = round < 8 ? issues.flatMap(issue => findMeantKeys(issue, root, kind)) : [];
    if (meant.length === 0) return { root, drafts: [...misspelled, ...describeIssues(issues, root, kind)] };
    for (const { path, place, key, name } of meant) {
      misspelled.push(describeUnknownKey(key, path, place, kind));
      root = renameKey(root, path, key, name);
    }
  }
}

interface MeantKey {
  readonly path: Path;
  readonly place: Place;
  readonly key: string;
  readonly name: string;
}

function findMeantKeys(issue: Issue, root: Place, kind: ShapeKind): readonly MeantKey[] {
  if (issue.code === 'invalid_union') {
    return issue.errors
      .flat()
      .flatMap(inner => findMeantKeys({ ...inner, path: [...issue.path, ...inner.path] } as Issue, root, kind));
  }
  const { place } = findPlace(root, issue.path);
  if (issue.code !== 'unrecognized_keys' || !place) return [];
  const taken = new Set(entriesOf(place).map(entry => entry.key));
  return issue.keys.flatMap(key => {
    const [name] = findNearest(
      key,
      allowedKeys(issue.path, kind).filter(one => !taken.has(one)),
    );
    if (name === undefined) return [];
    taken.add(name);
    return [{ path: issue.path, place, key, name }];
  });
}

/** A mistake that aliases repeat at several paths is one mistake in the text, and is reported once. */
function describeIssues(issues: readonly Issue[], root: Place, kind: ShapeKind): readonly Draft[] {
  const drafts = new Map<string, Draft>();
  for (const issue of issues) {
    for (const draft of describeIssue(issue, issue.path, root, kind)) {
      const key = `${draft.span.start} ${draft.code} ${String(issue.path.at(-1))}`;
      if (!drafts.has(key)) drafts.set(key, draft);
    }
  }
  return [...drafts.values()];
}

function describeIssue(issue: Issue, path: Path, root: Place, kind: ShapeKind): readonly Draft[] {
  const { place, keySpan, around } = findPlace(root, path);
  if (!place) return [describeMissing(issue, path, around, kind)];
  if (place.kind === 'scalar' && place.broken) return [];
  const at = spanOf(place);
  const found = { found: describePlace(place) };
  const label = formatPath(path);
  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys.map(key => describeUnknownKey(key, path, place, kind));
    case 'invalid_type':
      return [describeType(issue, place, label, keySpan ?? at)];
    case 'invalid_value': {
      const allowed = issue.values.map(String);
      const written = place.kind === 'scalar' ? place.source : '';
      const hint = allowed.includes(written) ? ' Write it without quotes.' : suggest(written, allowed);
      return [
        errorAt(
          written === '' ? (keySpan ?? at) : at,
          'value-not-allowed',
          `This value is not allowed for ${label}.${hint}`,
          { ...found, allowed },
        ),
      ];
    }
    case 'too_small':
    case 'too_big':
      return [describeSize(issue, place, label)];
    case 'invalid_union':
      return describeUnion(issue, path, place, root, kind);
    case 'invalid_key': {
      const key = String(path.at(-1));
      const message = issue.issues[0]?.message ?? 'This name is not allowed.';
      return [errorAt(keySpan ?? at, 'bad-name', message, { found: key })];
    }
    case 'custom': {
      const { code = 'wrong-form', allowed } = (issue.params ?? {}) as { code?: string; allowed?: readonly string[] };
      return [
        errorAt(at, code, issue.message, { ...(code !== 'secret-in-file' && found), ...(allowed && { allowed }) }),
      ];
    }
    case 'invalid_format':
    case 'not_multiple_of':
    case 'invalid_element':
      return [errorAt(at, 'wrong-form', `The form of ${label} is wrong.`, found)];
    default:
      return issue satisfies never;
  }
}

function describeMissing(issue: Issue, path: Path, around: Draft['span'], { thing }: ShapeKind): Draft {
  const key = String(path.at(-1));
  const type = issue.code === 'invalid_type' ? typeWords[issue.expected] : undefined;
  return errorAt(
    around,
    'missing-key',
    `${path.length > 1 ? formatPath(path.slice(0, -1)) : `A ${thing}`} needs \`${key}\`${type ? ` (${type})` : ''}.`,
  );
}

function describeUnknownKey(key: string, path: Path, place: Place, kind: ShapeKind): Draft {
  const allowed = allowedKeys(path, kind);
  const present = entriesOf(place).map(entry => entry.key);
  const free = allowed.filter(one => !present.includes(one));
  const where = path.length > 0 ? formatPath(path) : `a ${kind.thing}`;
  return errorAt(
    entryOf(place, key)?.keySpan ?? spanOf(place),
    'unknown-key',
    `There is no key \`${key.slice(0, 60)}\` in ${where}.${suggest(key, free)}`,
    { found: key, allowed },
  );
}

const typeWords: Partial<Record<string, string>> = {
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'keys and values',
  record: 'keys and values',
};

function describeType(
  issue: Issue & { code: 'invalid_type' },
  place: Place,
  label: string,
  keySpan: Draft['span'],
): Draft {
  const { expected } = issue;
  const wanted = typeWords[expected] ?? expected;
  if (place.kind === 'scalar' && place.value === null && place.source === '') {
    return errorAt(keySpan, 'empty-value', `There is nothing after ${label}; it takes ${wanted}.`);
  }
  if (!issue.message.startsWith('Invalid input'))
    return errorAt(spanOf(place), 'wrong-type', issue.message, { found: describePlace(place) });
  const quotes = expected === 'string' && place.kind === 'scalar' ? ' Put quotes around it.' : '';
  const dash =
    expected === 'array' && place.kind === 'scalar'
      ? ' Write `[a, b]`, or one item per line with a dash before it.'
      : '';
  return errorAt(spanOf(place), 'wrong-type', `${label} takes ${wanted}.${quotes}${dash}`, {
    found: describePlace(place),
    allowed: [wanted],
  });
}

function describeSize(issue: Issue & { code: 'too_small' | 'too_big' }, place: Place, label: string): Draft {
  const limit = String(issue.code === 'too_small' ? issue.minimum : issue.maximum);
  const bound = issue.code === 'too_small' ? `at least ${limit}` : `at most ${limit}`;
  const noun = issue.origin === 'array' ? ' item' : issue.origin === 'string' ? ' character' : '';
  const unit = noun && limit !== '1' ? `${noun}s` : noun;
  return errorAt(spanOf(place), 'out-of-range', `${label} takes ${bound}${unit}.`, {
    found: describePlace(place),
    allowed: [`${bound}${unit}`],
  });
}

/** Describes the mistakes of the alternative that the value was probably meant to be: the one whose type fits. */
function describeUnion(
  issue: Issue & { code: 'invalid_union' },
  path: Path,
  place: Place,
  root: Place,
  kind: ShapeKind,
): readonly Draft[] {
  const misses = (one: z.core.$ZodIssue): boolean =>
    one.path.length === 0 && (one.code === 'invalid_type' || one.code === 'invalid_value');
  const fitting = issue.errors.find(issues => issues.length > 0 && !issues.some(misses));
  if (fitting) {
    return fitting.flatMap(inner => describeIssue(inner as Issue, [...path, ...inner.path], root, kind));
  }
  const label = formatPath(path);
  const allowed = [
    ...new Set(
      issue.errors
        .flat()
        .flatMap(one =>
          one.code === 'invalid_type'
            ? [typeWords[one.expected] ?? one.expected]
            : one.code === 'invalid_value'
              ? one.values.map(String)
              : [],
        ),
    ),
  ];
  const message = issue.message === 'Invalid input' ? `${label} takes ${allowed.join(' or ')}.` : issue.message;
  return [errorAt(spanOf(place), 'wrong-type', message, { found: describePlace(place), allowed })];
}

/** Formats a path, such as `stages[2].canary.phases[0]`, in backticks. */
export function formatPath(path: Path): string {
  const label = path
    .map((step, index) => (typeof step === 'number' ? `[${step}]` : index === 0 ? String(step) : `.${String(step)}`))
    .join('');
  return `\`${label.length > 100 ? `…${label.slice(-99)}` : label}\``;
}

/** The keys that the schema has at a path. */
function allowedKeys(path: Path, { schema }: ShapeKind): readonly string[] {
  const shape = path.reduce<unknown>((around, step) => stepInto(around, step), schema);
  const plain = unwrap(shape);
  return plain?.def.type === 'object' ? Object.keys((plain as z.ZodObject).shape) : [];
}
