// Quick fixes that add or remove something: keys, list items, phases, credentials.
import type { FixContext, QuickFix } from './quickFix.ts';
import { keysAt, listValues, plainSchemasAt, typesOf } from '../document/schema.ts';
import type { Schema } from '../document/schema.ts';
import { addPairs, removePart } from './structureEdits.ts';
import { itemsOf, nodeAt, pairOf } from '../document/syntaxNodes.ts';
import { takesCredentials } from '../document/variables.ts';
import { columnOf, lineBreakOf, lineEndOf } from '../texts.ts';

/** Removes the key or list item that the problem concerns. */
export function removeIt({ place: { pair, container, on, path }, tree: { text }, t }: FixContext): readonly QuickFix[] {
  if (container.kind === 'list') {
    const item = container.items[Number(path.at(-1))];
    return item
      ? [{ title: t('Remove this item'), edits: [removePart(text, container, item.range)], preferred: true }]
      : [];
  }
  if (container.kind !== 'map' || !pair || (on === 'value' && pair.value?.kind !== 'scalar')) return [];
  return [
    {
      title: t('Remove {0}', pair.key.text.slice(0, 60)),
      edits: [removePart(text, container, pair.range)],
      preferred: true,
    },
  ];
}

/** Adds the keys that the schema requires and the map lacks. */
export function addMissingKeys(context: FixContext): readonly QuickFix[] {
  const { tree, schema, place, t } = context;
  for (let length = place.path.length; length >= 0; length--) {
    const path = place.path.slice(0, length);
    const map = nodeAt(tree.root, path);
    const missing =
      map?.kind === 'map' ? keysAt(schema, path).filter(({ name, required }) => required && !pairOf(map, name)) : [];
    if (map?.kind !== 'map' || missing.length === 0) continue;
    const pairs = missing.map(({ name }) => [name, blankFor(plainSchemasAt(schema, [...path, name]))] as const);
    return [
      {
        title: t('Add {0}', missing.map(({ name }) => name).join(', ')),
        edits: [addPairs(tree.text, map, pairs)],
        preferred: true,
      },
    ];
  }
  return addEnvironment(context);
}

/** The only allowed value, or an empty value of the right type. */
function blankFor(schemas: readonly Schema[]): string {
  const [value, other] = listValues(schemas);
  if (value !== undefined && other === undefined) return String(value);
  const types = schemas.flatMap(typesOf);
  return types.includes('array') ? '[]' : types.includes('object') ? '{}' : "''";
}

/** Adds the `environment` that a deploying stage needs. */
function addEnvironment({ problem, place, tree, t }: FixContext): readonly QuickFix[] {
  const stage = place.container;
  if (stage.kind !== 'map') return [];
  return (problem.allowed ?? [])
    .filter(name => name !== '…')
    .slice(0, 5)
    .map((name, index) => ({
      title: t('Add environment: {0}', name),
      edits: [addPairs(tree.text, stage, [['environment', name]])],
      preferred: index === 0,
    }));
}

/** Adds a final phase with all nodes. */
export function addLastPhase({ place: { path }, tree: { text, root }, t }: FixContext): readonly QuickFix[] {
  const phases = nodeAt(root, path.slice(0, path.lastIndexOf('phases') + 1));
  const last = itemsOf(phases).at(-1);
  if (phases?.kind !== 'list' || !last) return [];
  const phase = '{ nodes: 100% }';
  const at = phases.flow
    ? last.range.end
    : lineEndOf(text, last.range.start + text.slice(last.range.start, last.range.end).trimEnd().length);
  const inserted = phases.flow
    ? `, ${phase}`
    : `${lineBreakOf(text)}${' '.repeat(columnOf(text, last.range.start))}- ${phase}`;
  return [
    {
      title: t('Add a last phase with all nodes'),
      edits: [{ range: { start: at, end: at }, text: inserted }],
      preferred: true,
    },
  ];
}

/** Replaces a credential that was written into the file by the name of a stored one. */
export function nameCredential({ place, tree: { text, root }, schema, t }: FixContext): readonly QuickFix[] {
  const { pair, path, container } = place;
  if (!pair?.value || container.kind !== 'map' || pair.value.kind !== 'scalar') return [];
  if (takesCredentials(path)) {
    const stored = nameFrom(pair.key.text);
    return [
      {
        title: t('Use a stored credential: {0}', stored),
        edits: [{ range: pair.value.range, text: `'\${credential:${stored}}'` }],
        preferred: true,
      },
    ];
  }
  const name = nameFrom(typeof path[1] === 'string' ? path[1] : 'deploy');
  const title = t('Use a stored credential: {0}', name);
  if (pair.key.text === 'credential')
    return [{ title, edits: [{ range: pair.value.range, text: name }], preferred: true }];
  const [ownerPath, owner] =
    [path.slice(0, -1), path.slice(0, -2)].flatMap(one =>
      keysAt(schema, one).some(key => key.name === 'credential') ? [[one, nodeAt(root, one)] as const] : [],
    )[0] ?? [];
  if (!ownerPath || owner?.kind !== 'map') return [];
  const add = pairOf(owner, 'credential') ? [] : [addPairs(text, owner, [['credential', name]])];
  const withUser = /^https?:\/\/([^/\s]*@)/.exec(pair.value.text)?.[1];
  if (withUser !== undefined) {
    const at = text.indexOf(withUser, pair.value.range.start);
    return at < 0 || at > pair.value.range.end
      ? []
      : [{ title, edits: [{ range: { start: at, end: at + withUser.length }, text: '' }, ...add], preferred: true }];
  }
  if (pair.key.text === 'url' || pair.key.text === 'body') return [];
  if (owner === container && add.length > 0)
    return [{ title, edits: [{ range: pair.range, text: `credential: ${name}` }], preferred: true }];
  return [{ title, edits: [removePart(text, container, pair.range), ...add], preferred: true }];
}

/** Derives a name for the credential from the name of what needs it. */
function nameFrom(text: string): string {
  return (
    text
      .toLowerCase()
      .replaceAll(/[^a-z0-9]+/g, '-')
      .replaceAll(/^-|-$/g, '') || 'deploy'
  );
}
