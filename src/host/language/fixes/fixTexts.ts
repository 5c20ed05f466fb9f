// Quick fixes for how a value is written: tabs, quotes, lists, strings and units.
import { writeScalar } from '../navigation.ts';
import type { FixContext, QuickFix } from './quickFix.ts';
import { addPairs } from './structureEdits.ts';
import { plainSchemasAt, scalarValue, typesOf } from '../document/schema.ts';
import { lineEndOf, lineStartOf } from '../texts.ts';
import type { TextEdit } from '../texts.ts';
import { pairOf } from '../document/syntaxNodes.ts';

/** Replaces tabs in the indentation, of this line or of the whole file. */
export function replaceTabs({ range, tree: { text }, t }: FixContext): readonly QuickFix[] {
  const edits = [...text.matchAll(/^[ ]*\t[ \t]*/gm)].map(({ 0: indent, index }): TextEdit => ({
    range: { start: index, end: index + indent.length },
    text: indent.replaceAll('\t', '  '),
  }));
  const start = lineStartOf(text, range.start);
  const here = edits.filter(edit => edit.range.start === start);
  return [
    ...(edits.length > 0 ? [{ title: t('Replace all indentation tabs with spaces'), edits, preferred: true }] : []),
    ...(here.length > 0 && edits.length > 1
      ? [{ title: t('Replace the tabs in this line with spaces'), edits: here, preferred: false }]
      : []),
  ];
}

/** YAML reads the unquoted condition `when: !inputs.fast` as a tag, so it needs quotes. */
export function quoteCondition({ range, tree: { text }, t }: FixContext): readonly QuickFix[] {
  const line = text.slice(lineStartOf(text, range.start), range.start);
  if (text[range.start] !== '!' || !/(?:^|[\s,{-])when:\s*$/.test(line)) return [];
  const flow = /\{[^}]*$/.test(line);
  const rest = text.slice(range.start, lineEndOf(text, range.start));
  const written = (flow ? cutFlow(rest) : rest.replace(/\s+#.*$/, '')).trimEnd();
  const quoted =
    written.includes("'") && !/["\\]/.test(written) ? `"${written}"` : `'${written.replaceAll("'", "''")}'`;
  return [
    {
      title: t('Put quotes around the condition'),
      edits: [{ range: { start: range.start, end: range.start + written.length }, text: quoted }],
      preferred: true,
    },
  ];
}

/** The text up to the comma or brace that ends a value in flow style. */
function cutFlow(rest: string): string {
  let depth = 0;
  for (let at = 0; at < rest.length; at++) {
    const sign = rest[at] ?? '';
    if (sign === '(' || sign === '[') depth++;
    if (sign === ')' || sign === ']') depth--;
    if (depth <= 0 && (sign === ',' || sign === '}')) return rest.slice(0, at);
  }
  return rest;
}

/** Corrects a value whose type is wrong only because of how it is written, such as a quoted number. */
export function changeType(context: FixContext): readonly QuickFix[] {
  const {
    place,
    schema,
    tree: { text },
    t,
  } = context;
  const { node, path } = place;
  if (node?.kind !== 'scalar' || node.text === '' || node.style === 'block') return [];
  const schemas = plainSchemasAt(schema, path);
  const types = schemas.flatMap(typesOf);
  const written = text.slice(node.range.start, node.range.end);
  if (schemas.some(one => one.pattern?.includes('ms)?')) && /^\d{1,6}$/.test(node.text)) {
    return ['s', 'm'].map((unit, index) => ({
      title: t('Change to {0}', node.text + unit),
      edits: [{ range: node.range, text: node.text + unit }],
      preferred: index === 0,
    }));
  }
  if (types.includes('array'))
    return [{ title: t('Make it a list'), edits: [{ range: node.range, text: `[${written}]` }], preferred: true }];
  if (types.length === 1 && types[0] === 'boolean' && /^(?:yes|no|on|off)$/i.test(node.text)) {
    const value = /^(?:yes|on)$/i.test(node.text) ? 'true' : 'false';
    return [{ title: t('Change to {0}', value), edits: [{ range: node.range, text: value }], preferred: true }];
  }
  if (types.length === 1 && types[0] === 'string' && typeof scalarValue(node.text, node.style === 'plain') !== 'string')
    return [
      {
        title: t('Put quotes around it'),
        edits: [{ range: node.range, text: writeScalar(node.text, 'single') }],
        preferred: true,
      },
    ];
  return types.some(type => type === 'number' || type === 'integer' || type === 'boolean') &&
    node.style !== 'plain' &&
    /^(?:-?\d{1,15}(?:\.\d{1,15})?|true|false)$/.test(node.text)
    ? [{ title: t('Remove the quotes'), edits: [{ range: node.range, text: node.text }], preferred: true }]
    : [];
}

/** Writes a share as a percentage. */
export function writeShare({ place: { node }, t }: FixContext): readonly QuickFix[] {
  if (node?.kind !== 'scalar' || !/^0?\.\d{1,6}$/.test(node.text)) return [];
  const share = `${Number((Number(node.text) * 100).toFixed(4))}%`;
  return [{ title: t('Change to {0}', share), edits: [{ range: node.range, text: share }], preferred: true }];
}

/** For `shell: true` with a list: joins the list into one string, quoting each argument for the shell. */
export function joinCommand({ place, t }: FixContext): readonly QuickFix[] {
  const list = place.container.kind === 'list' ? place.container : place.node;
  if (list?.kind !== 'list') return [];
  const words = list.items.flatMap(({ value }) => (value?.kind === 'scalar' ? [value.text] : []));
  if (words.length === 0 || words.length !== list.items.length || words.some(word => /[\r\n]/.test(word))) return [];
  const command = words.length === 1 ? (words[0] ?? '') : words.map(quoteForShell).join(' ');
  return [
    {
      title: t('Join the command into one string'),
      edits: [{ range: list.range, text: writeScalar(command, 'single') }],
      preferred: true,
    },
  ];
}

function quoteForShell(word: string): string {
  return /^[\w./:=@%+,$-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}

/** For a string without a shell: splits it into a list if it has no shell syntax, or adds `shell: true`. */
export function splitCommand({ place, tree: { text }, t }: FixContext): readonly QuickFix[] {
  const { node, container, pair } = place;
  if (node?.kind !== 'scalar' || container.kind !== 'map' || !pair) return [];
  const words = node.text.split(/\s+/).filter(word => word !== '');
  const simple = words.length > 0 && words.every(word => /^[\w./:=@%+,-]+$/.test(word));
  const shell = pairOf(container, 'shell');
  const withShell: readonly TextEdit[] = shell?.value
    ? [{ range: shell.value.range, text: 'true' }]
    : shell
      ? []
      : [addPairs(text, container, [['shell', 'true']])];
  return [
    ...(simple
      ? [
          {
            title: t('Make the command a list'),
            edits: [{ range: node.range, text: `[${words.map(word => writeScalar(word)).join(', ')}]` }],
            preferred: true,
          },
        ]
      : []),
    ...(withShell.length > 0 ? [{ title: t('Run it with a shell'), edits: withShell, preferred: !simple }] : []),
  ];
}
