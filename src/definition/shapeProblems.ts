// Checks the shape of a file against the schema, and says each mistake in words at its place.
import type { z } from 'zod';
import type { Draft } from './drafts.ts';
import { describePlace, errorAt, spanOf } from './drafts.ts';
import { textualKeys } from './fields.ts';
import { suggest } from './nearMiss.ts';
import type { Path, Place } from './place.ts';
import { entriesOf, entryOf, findPlace, valueOf } from './place.ts';
import type { PipelineText } from './schema.ts';
import { pipelineSchema } from './schema.ts';

type Issue = z.core.$ZodIssue;

export function checkShape(root: Place): { readonly value?: PipelineText; readonly drafts: readonly Draft[] } {
  const parsed = pipelineSchema.safeParse(valueOf(root, textualKeys));
  if (parsed.success) return { value: parsed.data, drafts: [] };
  return { drafts: parsed.error.issues.flatMap(issue => describeIssue(issue, issue.path, root)) };
}

function describeIssue(issue: Issue, path: Path, root: Place): readonly Draft[] {
  const { place, keySpan, around } = findPlace(root, path);
  if (!place) return [describeMissing(issue, path, around)];
  const at = spanOf(place);
  const found = { found: describePlace(place) };
  const label = formatPath(path);
  switch (issue.code) {
    case 'unrecognized_keys': return issue.keys.map(key => describeUnknownKey(key, path, place));
    case 'invalid_type': return [describeType(issue.expected, place, label, keySpan ?? at)];
    case 'invalid_value': {
      const allowed = issue.values.map(String);
      const written = place.kind === 'scalar' ? place.source : '';
      return [errorAt(place.kind === 'scalar' && place.value === null ? keySpan ?? at : at, 'value-not-allowed', `This value is not allowed for ${label}.${suggest(written, allowed)}`, { ...found, allowed })];
    }
    case 'too_small': case 'too_big': return [describeSize(issue, place, label)];
    case 'invalid_union': return describeUnion(issue, path, place, root);
    case 'invalid_key': {
      const key = String(path.at(-1));
      const message = issue.issues[0]?.message ?? 'This name is not allowed.';
      return [errorAt(keySpan ?? at, 'bad-name', message, { found: key })];
    }
    case 'custom': {
      const { code = 'wrong-form', allowed } = (issue.params ?? {}) as { code?: string; allowed?: readonly string[] };
      return [errorAt(at, code, issue.message, { ...(code !== 'secret-in-file' && found), ...(allowed && { allowed }) })];
    }
    case 'invalid_format': case 'not_multiple_of': case 'invalid_element':
      return [errorAt(at, 'wrong-form', `The form of ${label} is not right.`, found)];
    default: return issue satisfies never;
  }
}

function describeMissing(issue: Issue, path: Path, around: Draft['span']): Draft {
  const key = String(path.at(-1));
  const kind = issue.code === 'invalid_type' ? typeWords[issue.expected] : undefined;
  return errorAt(around, 'missing-key', `${path.length > 1 ? formatPath(path.slice(0, -1)) : 'A pipeline'} needs \`${key}\`${kind ? ` (${kind})` : ''}.`);
}

function describeUnknownKey(key: string, path: Path, place: Place): Draft {
  const allowed = allowedKeys(path);
  const present = entriesOf(place).map(entry => entry.key);
  const free = allowed.filter(one => !present.includes(one));
  const where = path.length > 0 ? formatPath(path) : 'a pipeline';
  return errorAt(entryOf(place, key)?.keySpan ?? spanOf(place), 'unknown-key', `There is no key \`${key.slice(0, 60)}\` in ${where}.${suggest(key, free)}`, { found: key, allowed });
}

const typeWords: Partial<Record<string, string>> = {
  string: 'text', number: 'a number', int: 'a whole number', boolean: 'true or false', array: 'a list', object: 'keys and values', record: 'keys and values',
};

function describeType(expected: string, place: Place, label: string, keySpan: Draft['span']): Draft {
  const wanted = typeWords[expected] ?? expected;
  if (place.kind === 'scalar' && place.value === null && place.source === '') {
    return errorAt(keySpan, 'empty-value', `There is nothing after ${label}; it takes ${wanted}.`);
  }
  const quotes = expected === 'string' && place.kind === 'scalar' ? ' Put quotes around it.' : '';
  const dash = expected === 'array' && place.kind === 'scalar' ? ' Write `[a, b]`, or one item per line with a dash before it.' : '';
  return errorAt(spanOf(place), 'wrong-type', `${label} takes ${wanted}.${quotes}${dash}`, { found: describePlace(place), allowed: [wanted] });
}

function describeSize(issue: Issue & { code: 'too_small' | 'too_big' }, place: Place, label: string): Draft {
  const limit = String(issue.code === 'too_small' ? issue.minimum : issue.maximum);
  const bound = issue.code === 'too_small' ? `at least ${limit}` : `at most ${limit}`;
  const unit = issue.origin === 'array' ? ' items' : issue.origin === 'string' ? ' characters' : '';
  return errorAt(spanOf(place), 'out-of-range', `${label} takes ${bound}${unit}.`, { found: describePlace(place), allowed: [`${bound}${unit}`] });
}

/** Of a union the alternative counts that got furthest: the one whose type fits. */
function describeUnion(issue: Issue & { code: 'invalid_union' }, path: Path, place: Place, root: Place): readonly Draft[] {
  const fitting = issue.errors.find(issues => issues.length > 0 && !issues.some(one => one.code === 'invalid_type' && one.path.length === 0));
  if (fitting && !(fitting[0]?.code === 'invalid_value' && place.kind !== 'scalar')) {
    return fitting.flatMap(inner => describeIssue(inner as Issue, [...path, ...inner.path], root));
  }
  const label = formatPath(path);
  const allowed = [...new Set(issue.errors.flat().flatMap(one => one.code === 'invalid_type' ? [typeWords[one.expected] ?? one.expected] : one.code === 'invalid_value' ? one.values.map(String) : []))];
  const message = issue.message === 'Invalid input' ? `${label} takes ${allowed.join(' or ')}.` : issue.message;
  return [errorAt(spanOf(place), 'wrong-type', message, { found: describePlace(place), allowed })];
}

/** `stages[2].canary.phases[0]` in backticks. */
export function formatPath(path: Path): string {
  const label = path.map((step, index) => typeof step === 'number' ? `[${step}]` : index === 0 ? String(step) : `.${String(step)}`).join('');
  return `\`${label.length > 100 ? `…${label.slice(-99)}` : label}\``;
}

/** The keys that the schema has at a path. */
function allowedKeys(path: Path): readonly string[] {
  const shape = path.reduce<unknown>((schema, step) => stepInto(schema, step), pipelineSchema);
  const plain = unwrap(shape);
  return plain?.def.type === 'object' ? Object.keys((plain as z.ZodObject).shape) : [];
}

type Inner = z.core.$ZodType & { readonly def: { readonly type: string } };

function stepInto(schema: unknown, step: PropertyKey): unknown {
  const plain = unwrap(schema);
  switch (plain?.def.type) {
    case 'object': return (plain as z.ZodObject).shape[String(step)];
    case 'record': return (plain as z.ZodRecord).valueType;
    case 'array': return (plain as z.ZodArray).element;
    default: return undefined;
  }
}

function unwrap(schema: unknown): Inner | undefined {
  let current = schema as Inner | undefined;
  while (current) {
    if (['optional', 'default', 'prefault'].includes(current.def.type)) current = (current as unknown as z.ZodOptional).unwrap() as Inner;
    else if (current.def.type === 'union') current = ((current as z.ZodUnion).options as unknown as Inner[]).find(option => unwrap(option)?.def.type === 'object');
    else break;
  }
  return current;
}
