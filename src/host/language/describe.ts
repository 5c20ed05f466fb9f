// Describes a key, a value or a declared name in Markdown.
import type { Definition } from './document/names.ts';
import type { PipelineTree } from './document/pipelineTree.ts';
import { alternativesOf, listValues, typesOf } from './document/schema.ts';
import type { Schema } from './document/schema.ts';
import { lineStartOf } from './texts.ts';
import type { Translate } from './texts.ts';

/** The description, type, default and allowed values. Empty if the schema has none of them. */
export function describeSchema(schemas: readonly Schema[], root: Schema, t: Translate): string {
  const [first] = schemas;
  if (!first) return '';
  const plain = schemas.flatMap(schema => alternativesOf(schema, root));
  const types = [...new Set(plain.flatMap(typesOf))].map(type => nameOfType(type, t));
  const values = listValues(plain).map(value => `\`${String(value)}\``);
  const facts = [
    ...(values.length > 0
      ? [t('Allowed: {0}', values.join(', '))]
      : types.length > 0
        ? [t('Type: {0}', types.join(', '))]
        : []),
    ...(first.default === undefined || first.default === ''
      ? []
      : [t('Default: {0}', `\`${JSON.stringify(first.default).slice(0, 200).replaceAll(/^"|"$/g, '')}\``)]),
    ...limitsOf(plain, t),
  ];
  const description = first.description ?? plain.find(schema => schema.description)?.description ?? '';
  return [description, facts.join(' · ')].filter(part => part !== '').join('\n\n');
}

function limitsOf(schemas: readonly Schema[], t: Translate): readonly string[] {
  return schemas
    .flatMap(({ minimum, maximum, minItems, maxItems }) => {
      const low = minimum ?? minItems;
      const high = maximum ?? maxItems;
      if (low !== undefined && high !== undefined) return [t('From {0} to {1}', low, high)];
      if (low !== undefined) return [t('At least {0}', low)];
      return high === undefined ? [] : [t('At most {0}', high)];
    })
    .slice(0, 1);
}

function nameOfType(type: string, t: Translate): string {
  const names: Readonly<Record<string, string>> = {
    string: t('text'),
    number: t('number'),
    integer: t('whole number'),
    boolean: t('true or false'),
    array: t('list'),
    object: t('keys and values'),
    null: t('nothing'),
  };
  return Object.hasOwn(names, type) ? (names[type] ?? type) : type;
}

const shownLines = 12;

/** The text that is declared under a name, as a code block. */
export function describeDefinition({ text }: PipelineTree, { whole, name }: Definition): string {
  const start = lineStartOf(text, whole.start);
  const lead = text.slice(start, whole.start);
  const column = /^[ \t-]*$/.test(lead) ? lead.length : 0;
  const lines = text.slice(whole.start, Math.min(whole.end, whole.start + 4_000)).split(/\r?\n/);
  const shown = lines
    .slice(0, shownLines)
    .map((line, index) => (index === 0 ? line : line.slice(Math.min(column, /^\s*/.exec(line)?.[0].length ?? 0))));
  const code = [...shown, ...(lines.length > shownLines ? ['…'] : [])].join('\n').trimEnd();
  const fence = '`'.repeat(Math.max(3, ...[...code.matchAll(/`+/g)].map(([ticks]) => ticks.length + 1)));
  return code === '' ? name : `${fence}yaml\n${code}\n${fence}`;
}
