// Looks up what the JSON Schema of pipeline files allows at a path.
import type { Path, SyntaxNode } from './syntaxNodes.ts';

/** The keywords of JSON Schema (draft 7) that our schema uses. */
export interface Schema {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly description?: string;
  readonly default?: unknown;
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly pattern?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: boolean | Schema;
  readonly propertyNames?: Schema;
  readonly items?: Schema | readonly Schema[];
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly allOf?: readonly Schema[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly minProperties?: number;
  readonly maxProperties?: number;
}

/** The schemas that apply at a path: several if there are alternatives on the way to it. */
export function schemasAt(root: Schema, path: Path): readonly Schema[] {
  return path.reduce<readonly Schema[]>(
    (schemas, step) =>
      schemas.flatMap(schema => alternativesOf(schema, root)).flatMap(schema => stepInto(schema, step)),
    [root],
  );
}

/** Resolves references and alternatives of a schema into a list of plain schemas. */
export function alternativesOf(schema: Schema, root: Schema, depth = 0): readonly Schema[] {
  if (depth > 20) return [];
  if (schema.$ref !== undefined) {
    const target = follow(root, schema.$ref);
    return target ? alternativesOf({ ...target, ...withoutReference(schema) }, root, depth + 1) : [];
  }
  const inner = schema.anyOf ?? schema.oneOf ?? schema.allOf;
  return inner ? inner.flatMap(one => alternativesOf(one, root, depth + 1)) : [schema];
}

function withoutReference(schema: Schema): Schema {
  return Object.fromEntries(Object.entries(schema).filter(([key]) => key !== '$ref'));
}

function follow(root: Schema, reference: string): Schema | undefined {
  if (!reference.startsWith('#')) return undefined;
  const steps = reference
    .slice(1)
    .split('/')
    .filter(step => step !== '')
    .map(step => step.replaceAll('~1', '/').replaceAll('~0', '~'));
  return steps.reduce<unknown>(
    (node, step) =>
      typeof node === 'object' && node !== null && Object.hasOwn(node, step)
        ? (node as Record<string, unknown>)[step]
        : undefined,
    root,
  ) as Schema | undefined;
}

function stepInto(schema: Schema, step: string | number): readonly Schema[] {
  if (typeof step === 'number') {
    const { items } = schema;
    const item = Array.isArray(items) ? (items as readonly Schema[])[step] : (items as Schema | undefined);
    return item ? [item] : [];
  }
  if (schema.properties && Object.hasOwn(schema.properties, step)) return [schema.properties[step] as Schema];
  return typeof schema.additionalProperties === 'object' ? [schema.additionalProperties] : [];
}

export interface SchemaKey {
  readonly name: string;
  readonly schema: Schema;
  readonly required: boolean;
}

/** The keys that the schema allows in the map at a path. */
export function keysAt(root: Schema, path: Path): readonly SchemaKey[] {
  const keys = new Map<string, SchemaKey>();
  for (const { properties = {}, required = [] } of plainSchemasAt(root, path)) {
    for (const [name, schema] of Object.entries(properties))
      keys.set(name, { name, schema, required: required.includes(name) });
  }
  return [...keys.values()];
}

export function plainSchemasAt(root: Schema, path: Path): readonly Schema[] {
  return schemasAt(root, path).flatMap(schema => alternativesOf(schema, root));
}

export function typesOf(schema: Schema): readonly string[] {
  return schema.type === undefined ? [] : typeof schema.type === 'string' ? [schema.type] : schema.type;
}

/** The allowed values, if the schema lists them. */
export function listValues(schemas: readonly Schema[]): readonly (string | number | boolean)[] {
  const values = schemas.flatMap(schema => {
    if (schema.const !== undefined) return [schema.const];
    if (schema.enum) return schema.enum;
    const types = typesOf(schema);
    return types.length === 1 && types[0] === 'boolean' ? [true, false] : [];
  });
  return values.filter(value => typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean');
}

/** True if a JSON Schema validator reports this node itself, not something inside it. */
export function rejects(root: Schema, path: Path, node: SyntaxNode | undefined): boolean {
  const schemas = plainSchemasAt(root, path);
  return schemas.length > 0 && schemas.every(schema => !accepts(schema, node));
}

function accepts(schema: Schema, node: SyntaxNode | undefined): boolean {
  const types = typesOf(schema);
  if (node?.kind === 'alias') return true;
  if (node?.kind === 'map') {
    const keys = node.pairs.map(pair => pair.key.text);
    if (types.length > 0 && !types.includes('object')) return false;
    return (
      keys.includes('<<') ||
      (keys.length >= (schema.minProperties ?? 0) &&
        keys.length <= (schema.maxProperties ?? Infinity) &&
        (schema.required ?? []).every(key => keys.includes(key)) &&
        keys.every(
          key =>
            Object.hasOwn(schema.properties ?? {}, key) ||
            (schema.additionalProperties !== false && matches(schema.propertyNames?.pattern, key)),
        ))
    );
  }
  if (node?.kind === 'list') {
    return (
      (types.length === 0 || types.includes('array')) &&
      node.items.length >= (schema.minItems ?? 0) &&
      node.items.length <= (schema.maxItems ?? Infinity)
    );
  }
  return acceptsScalar(schema, types, node ? scalarValue(node.text, node.style === 'plain') : null);
}

function acceptsScalar(schema: Schema, types: readonly string[], value: string | number | boolean | null): boolean {
  if (schema.const !== undefined) return schema.const === value;
  if (schema.enum) return schema.enum.includes(value);
  if (types.length > 0 && !types.some(type => isOfType(type, value))) return false;
  if (typeof value === 'number') return value >= (schema.minimum ?? -Infinity) && value <= (schema.maximum ?? Infinity);
  if (typeof value !== 'string') return true;
  return (
    value.length >= (schema.minLength ?? 0) &&
    value.length <= (schema.maxLength ?? Infinity) &&
    matches(schema.pattern, value)
  );
}

function isOfType(type: string, value: string | number | boolean | null): boolean {
  if (type === 'null') return value === null;
  if (type === 'integer') return Number.isInteger(value);
  return typeof value === type;
}

/** The value of a scalar according to YAML's core schema. */
export function scalarValue(text: string, plain: boolean): string | number | boolean | null {
  if (!plain) return text;
  if (text === '' || /^(?:~|null|Null|NULL)$/.test(text)) return null;
  if (/^(?:true|True|TRUE|false|False|FALSE)$/.test(text)) return /^t/i.test(text);
  return /^[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?$/.test(text) || /^0x[\da-fA-F]+$|^0o[0-7]+$/.test(text)
    ? Number(text)
    : text;
}

/** The patterns are part of the extension and therefore trusted. Long texts are truncated before matching. */
export function matches(pattern: string | undefined, text: string): boolean {
  return pattern === undefined || new RegExp(pattern, 'u').test(text.slice(0, 5_000));
}
