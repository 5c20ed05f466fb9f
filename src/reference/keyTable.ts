// Tables of the keys of a pipeline file, read from the JSON Schema: their meaning, values and defaults.
import { durationPattern, percentPattern } from '../model/file/durations.ts';
import { urlPattern } from '../model/file/fields.ts';
import { byteSizePattern } from '../model/byteSize.ts';
import { markdownTable } from './markdownTable.ts';

/** The part of JSON Schema (draft 7) that the schema of pipeline files uses. */
export interface SchemaNode {
  readonly type?: string | readonly string[];
  readonly description?: string;
  readonly default?: unknown;
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly pattern?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly exclusiveMinimum?: number;
  readonly exclusiveMaximum?: number;
  readonly properties?: Readonly<Record<string, SchemaNode>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: boolean | SchemaNode;
  readonly items?: SchemaNode;
  readonly anyOf?: readonly SchemaNode[];
}

interface Row {
  readonly key: string;
  readonly node: SchemaNode;
  readonly required: boolean;
}

/**
 * `keys stages[].canary` lists all keys below a path; `top keys stages[]` lists only the first level. In a path, `.*`
 * is any name and `[]` a list item.
 */
export function keyTable(schema: SchemaNode, request: string): string {
  const [, top, path] = /^(top )?keys (\S+)$/.exec(request) ?? [];
  if (path === undefined) throw new Error(`There is no generated part "${request}".`);
  const node = stepsOf(path).reduce((at, step) => stepInto(at, step, path), schema);
  return markdownTable(
    ['Key', 'Meaning', 'Value', 'Default'],
    rowsOf(node, '', top === undefined).map(({ key, node: value, required }) => [
      `\`${key}\``,
      value.description ?? '',
      describeValue(value),
      describeDefault(value, required),
    ]),
  );
}

function stepsOf(path: string): readonly string[] {
  return path === '.' ? [] : path.replaceAll('[]', '.[]').split('.');
}

function stepInto(node: SchemaNode, step: string, path: string): SchemaNode {
  const next =
    step === '[]'
      ? node.items
      : step === '*'
        ? (node.additionalProperties as SchemaNode | undefined)
        : node.properties?.[step];
  if (!next) throw new Error(`The schema has nothing at ${step} in ${path}.`);
  return next;
}

function rowsOf(node: SchemaNode, prefix: string, isDeep: boolean): readonly Row[] {
  return Object.entries(node.properties ?? {}).flatMap(([name, value]) => {
    const key = `${prefix}${name}`;
    const row = { key, node: value, required: (node.required ?? []).includes(name) };
    return isDeep ? [row, ...nestedRows(value, key)] : [row];
  });
}

/** The keys of a map, of list items, of entries with freely chosen names, or of the alternative that is a map. */
function nestedRows(node: SchemaNode, key: string): readonly Row[] {
  if (node.items) return mapsOf(node.items).flatMap(map => rowsOf(map, `${key}[].`, true));
  if (typeof node.additionalProperties === 'object') return rowsOf(node.additionalProperties, `${key}.NAME.`, true);
  const lists = (node.anyOf ?? []).filter(one => one.items);
  return [
    ...lists.flatMap(list => nestedRows(list, key)),
    ...mapsOf(node).flatMap(map => rowsOf(map, `${key}.`, true)),
  ];
}

function mapsOf(node: SchemaNode): readonly SchemaNode[] {
  return [node, ...(node.anyOf ?? [])].filter(one => one.properties);
}

function describeValue(node: SchemaNode): string {
  return [...new Set([node, ...(node.anyOf ?? [])].flatMap(valuesOf))].join(' or ');
}

function valuesOf(node: SchemaNode): readonly string[] {
  if (node.anyOf) return [];
  if (node.const !== undefined) return [`\`${String(node.const)}\``];
  if (node.enum) return node.enum.map(value => `\`${String(value)}\``);
  switch (node.type) {
    case 'string':
      return [kindOfText(node.pattern)];
    case 'integer':
      return [`whole number${rangeOf(node)}`];
    case 'number':
      return [`number${rangeOf(node)}`];
    case 'boolean':
      return ['`true`', '`false`'];
    case 'array':
      return [`list${node.items ? ` (${describeValue(node.items)})` : ''}`];
    case 'object':
      return ['map'];
    default:
      // If several plain types are possible, the value is read as text.
      return ['text'];
  }
}

function kindOfText(pattern: string | undefined): string {
  switch (pattern) {
    case durationPattern:
      return 'duration';
    case percentPattern:
      return 'share';
    case byteSizePattern:
      return 'size';
    case urlPattern:
      return 'URL';
    default:
      return 'text';
  }
}

function rangeOf({ minimum, maximum, exclusiveMinimum, exclusiveMaximum }: SchemaNode): string {
  // The largest safe integer of JavaScript is not a limit that readers care about.
  const high = maximum !== undefined && maximum < Number.MAX_SAFE_INTEGER ? maximum : undefined;
  return [
    minimum === undefined ? '' : ` from ${minimum}`,
    exclusiveMinimum === undefined ? '' : ` above ${exclusiveMinimum}`,
    high === undefined ? '' : minimum === undefined ? ` up to ${high}` : ` to ${high}`,
    exclusiveMaximum === undefined ? '' : ` below ${exclusiveMaximum}`,
  ].join('');
}

function describeDefault({ default: value }: SchemaNode, required: boolean): string {
  if (required) return 'required';
  if (value === undefined || value === '') return '';
  if (Array.isArray(value)) return value.length === 0 ? 'none' : `\`[${value.join(', ')}]\``;
  return typeof value === 'object' ? '' : `\`${String(value as string | number | boolean)}\``;
}
