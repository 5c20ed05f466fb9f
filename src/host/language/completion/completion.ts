// Completion for pipeline files: keys, values, names, variables, words of conditions, and whole snippets.
import { completeCondition } from './completeCondition.ts';
import { completeVariables, credentialNames } from './completeVariables.ts';
import { findCompletionPlace } from './completionPlace.ts';
import type { CompletionPlace } from './completionPlace.ts';
import { describeDefinition, describeSchema } from '../describe.ts';
import { definitionsOf, isCondition, referenceKindAt, scopeOf } from '../document/names.ts';
import type { Definition, NameKind } from '../document/names.ts';
import { writeScalar } from '../navigation.ts';
import type { PipelineTree, TreeReader } from '../document/pipelineTree.ts';
import { isRival } from '../diagnosis/rivalKeys.ts';
import { alternativesOf, keysAt, listValues, plainSchemasAt, schemasAt, typesOf } from '../document/schema.ts';
import type { Schema, SchemaKey } from '../document/schema.ts';
import type { SnippetParts } from './snippetParts.ts';
import { escapeSnippet, snippetsFor } from './snippetParts.ts';
import type { Suggestion } from './suggestion.ts';
import { pairOf } from '../document/syntaxNodes.ts';
import type { Path } from '../document/syntaxNodes.ts';
import type { Translate } from '../texts.ts';

export interface CompletionParts {
  readonly read: TreeReader;
  readonly schema: Schema;
  readonly snippets: SnippetParts;
  readonly t: Translate;
}

/** The suggestions at an offset (in UTF-16 units), best first; empty if nothing can be suggested. Never throws. */
export function completeAt(text: string, offset: number, parts: CompletionParts): readonly Suggestion[] {
  const variables = completeVariables(text, offset, parts.read, parts.t);
  if (variables) return variables;
  const place = findCompletionPlace(text, offset, parts.read);
  if (!place) return [];
  if (place.wants !== 'key' && isCondition(place.path)) return completeCondition(place, offset, parts.t);
  const keys = place.wants === 'value' ? [] : suggestKeys(place, parts);
  const values = place.wants === 'key' || keys.length > 0 ? [] : suggestValues(place, parts);
  const snippets = place.wants === 'either' && !place.flow ? snippetsFor(parts.snippets, place, parts.t) : [];
  return [...keys, ...values, ...snippets];
}

function suggestKeys(place: CompletionPlace, { schema, t }: CompletionParts): readonly Suggestion[] {
  const { path, present } = place;
  const full = plainSchemasAt(schema, path).some(({ maxProperties = Infinity }) => present.size >= maxProperties);
  return full
    ? []
    : keysAt(schema, path)
        .filter(({ name }) => !present.has(name) && !isRival(path, name, present, schema))
        .map((key): Suggestion => {
          const body = place.colon ? '' : keyBody(key, place, schema);
          const detail = key.required ? t('required') : undefined;
          return {
            label: key.name,
            kind: 'key',
            insert: `${escapeSnippet(key.name)}${body}`,
            isSnippet: true,
            documentation: describeSchema([key.schema], schema, t),
            ...(detail !== undefined && { detail }),
            replace: place.word,
            rank: key.required ? 0 : 1,
            ...(body === ': $1' && { more: true }),
          };
        });
}

/** The text to insert after a key, with a tab stop for its value: on the same line, in a new block, or in brackets. */
function keyBody({ schema: own }: SchemaKey, { flow, extraIndent, path }: CompletionPlace, root: Schema): string {
  const [first] = alternativesOf(own, root);
  const type = first && typesOf(first)[0];
  const line = `\n${extraIndent}  `;
  const items = first?.items && !Array.isArray(first.items) ? alternativesOf(first.items as Schema, root) : [];
  if (type === 'object') return flow ? ': { $1 }' : `:${line}$1`;
  if (type === 'array' && items.some(item => typesOf(item).includes('object')))
    return flow ? ': [{ $1 }]' : `:${line}- $1`;
  if (type === 'array') return ': [$1]';
  return path.length === 0 && first?.const !== undefined ? `: ${JSON.stringify(first.const)}` : ': $1';
}

function suggestValues(place: CompletionPlace, { schema, t }: CompletionParts): readonly Suggestion[] {
  const schemas = plainSchemasAt(schema, place.path);
  const list = schemas.some(one => typesOf(one).includes('array')) && place.wants === 'either' && !place.flow;
  const path: Path = list ? [...place.path, 0] : place.path;
  const prefix = list ? '- ' : '';
  const inner = list ? plainSchemasAt(schema, path) : schemas;
  const named = suggestNames(place, path, prefix, schema, t);
  const fallback = schemasAt(schema, path)
    .map(one => one.default)
    .find(value => value !== undefined);
  const values = listValues(inner).map((value, index): Suggestion => ({
    label: String(value),
    kind: 'value',
    insert: `${prefix}${String(value)}`,
    isSnippet: false,
    replace: place.word,
    rank: 10 + index,
    documentation: describeSchema(schemasAt(schema, path), schema, t),
    ...(value === fallback && { detail: t('default') }),
  }));
  const simple = values.length === 0 && ['string', 'number', 'boolean'].includes(typeof fallback) && fallback !== '';
  if (!simple || named.length > 0) return [...named, ...values];
  return [
    {
      label: String(fallback),
      kind: 'value',
      insert: `${prefix}${writeScalar(String(fallback), isBare(fallback) ? 'plain' : 'single')}`,
      isSnippet: false,
      replace: place.word,
      rank: 10,
      detail: t('default'),
    },
  ];
}

function isBare(value: unknown): boolean {
  return typeof value === 'string';
}

function suggestNames(
  place: CompletionPlace,
  path: Path,
  prefix: string,
  schema: Schema,
  t: Translate,
): readonly Suggestion[] {
  const kind = referenceKindAt(path);
  const { tree } = place;
  if (path.at(-1) === 'credential')
    return credentialNames(tree, path).map((name): Suggestion => ({
      label: name,
      kind: 'name',
      insert: name,
      isSnippet: false,
      replace: place.word,
      rank: 2,
      detail: t('credential'),
    }));
  if (!kind) return [];
  return definitionsOf(tree, kind, scopeOf(kind, path))
    .filter(one => one.name !== '_' && fits(tree, kind, path, one, schema))
    .map((one, index): Suggestion => ({
      label: one.name,
      kind: 'name',
      insert: `${prefix}${place.scalar && place.scalar.style !== 'plain' ? one.name : writeScalar(one.name)}`,
      isSnippet: false,
      replace: place.word,
      rank: 2 + index / 1_000,
      documentation: describeDefinition(tree, one),
      detail: nameOfKind(kind, t),
    }));
}

/** A connection must be of the vendor that uses it here; `per` must name another metric that is a count. */
function fits(tree: PipelineTree, kind: NameKind, path: Path, { node, name }: Definition, schema: Schema): boolean {
  if (kind === 'metric') {
    const count = pairOf(node, 'kind')?.value;
    return name !== path[4] && count?.kind === 'scalar' && (count.text === 'count' || count.text === 'cumulative');
  }
  if (kind !== 'connection' || node?.kind !== 'map') return true;
  const wanted = String(path.at(-2));
  const kinds = keysAt(schema, ['connections', name]).filter(one => pairOf(node, one.name));
  return tree.text !== '' && (kinds.length === 0 || kinds.some(one => one.name === wanted));
}

export function nameOfKind(kind: NameKind, t: Translate): string {
  switch (kind) {
    case 'hook':
      return t('hook');
    case 'stage':
      return t('stage');
    case 'environment':
      return t('environment');
    case 'connection':
      return t('connection');
    case 'healthSource':
      return t('health source');
    case 'input':
      return t('input');
    case 'metric':
      return t('metric');
    default:
      return kind satisfies never;
  }
}
