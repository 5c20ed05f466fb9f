// Quick fixes that correct a name or a value, or that declare a missing name.
import { findNearest } from '../../../model/evidence/nearest.ts';
import type { VendorDefinition } from '../../../vendors/vendor.ts';
import { readNames, referenceKindAt, type Reference } from '../document/names.ts';
import { renameAt, writeScalar } from '../navigation.ts';
import type { FixContext, QuickFix } from './quickFix.ts';
import { addDeclaration } from './structureEdits.ts';
import type { TextEdit } from '../texts.ts';

/** For a misspelled key: similar keys that the map does not have yet. */
export function correctKey({ problem, place, t }: FixContext): readonly QuickFix[] {
  const { pair, container, on } = place;
  if (on !== 'key' || !pair || container.kind !== 'map') return [];
  const present = new Set(container.pairs.map(one => one.key.text));
  const near = findNearest(
    pair.key.text,
    (problem.allowed ?? []).filter(one => !present.has(one)),
  );
  return near.map((name, index) => ({
    title: t('Change to {0}', name),
    edits: [{ range: pair.key.range, text: name }],
    preferred: index === 0,
  }));
}

/** For an unknown name: similar names that exist. */
export function correctName(context: FixContext): readonly QuickFix[] {
  const { problem, tree, range, place } = context;
  const reference = readNames(tree).references.find(
    one => one.range.start >= range.start && one.range.end <= range.end,
  );
  const scalar = place.node?.kind === 'scalar' ? place.node : undefined;
  const written = reference?.name ?? scalar?.text ?? '';
  const edit = (name: string): TextEdit | undefined =>
    reference ? renameAt(reference, name) : scalar && { range: scalar.range, text: writeScalar(name, scalar.style) };
  return offer(context, written, problem.allowed ?? [], edit, 0);
}

/** For a value that must be one of a list: similar values first, then the others if there are few. */
export function correctValue(context: FixContext): readonly QuickFix[] {
  const scalar = context.place.node?.kind === 'scalar' ? context.place.node : undefined;
  return scalar
    ? offer(context, scalar.text, context.problem.allowed ?? [], name => ({ range: scalar.range, text: name }), 5)
    : [];
}

/** Corrects a literal in a condition, with or without quotes. */
export function correctLiteral(context: FixContext): readonly QuickFix[] {
  const { range, tree, problem } = context;
  const written = tree.text.slice(range.start, range.end);
  const quote = /^['"]/.exec(written)?.[0] ?? (tree.text.slice(0, range.start).endsWith('"') ? '"' : "'");
  const [only] = problem.allowed ?? [];
  if (problem.allowed?.length === 1 && only !== undefined && /^'.*'$/.test(only))
    return offer(context, only, [only], name => ({ range, text: name }), 1);
  return offer(
    context,
    written.replaceAll(/^['"]|['"]$/g, ''),
    problem.allowed ?? [],
    name => ({ range, text: `${quote}${name}${quote}` }),
    0,
  );
}

/** Corrects an operator in a condition that has only one possible correction, such as `=` to `==`. */
export function correctSign({ problem, range, tree, t }: FixContext): readonly QuickFix[] {
  const [only] = problem.allowed ?? [];
  const written = tree.text.slice(range.start, range.end);
  if (problem.allowed?.length !== 1 || only === undefined || written.length !== 1 || written !== problem.found)
    return [];
  return [{ title: t('Change to {0}', only), edits: [{ range, text: only }], preferred: true }];
}

function offer(
  { t }: FixContext,
  written: string,
  allowed: readonly string[],
  edit: (name: string) => TextEdit | undefined,
  others: number,
): readonly QuickFix[] {
  const names = allowed.filter(name => name !== '…');
  const near = findNearest(written, names);
  const more = others > 0 ? names.filter(name => !near.includes(name)).slice(0, Math.max(0, others - near.length)) : [];
  return [...near, ...more].flatMap((name, index) => {
    const made = edit(name);
    return made ? [{ title: t('Change to {0}', name), edits: [made], preferred: index === 0 && near.length > 0 }] : [];
  });
}

/** Adds a declaration with example values for a missing name. */
export function declareName({ range, tree, t, vendors }: FixContext): readonly QuickFix[] {
  const reference = readNames(tree).references.find(
    one => one.range.start >= range.start && one.range.end <= range.end,
  );
  if (!reference || reference.name.length > 64) return [];
  const declaration = describeDeclaration(vendors, reference);
  if (!declaration) return [];
  const [section, value] = declaration;
  return [
    {
      title: t('Declare {0} under {1}', reference.name, section),
      edits: [addDeclaration(tree, section, writeScalar(reference.name), value)],
      preferred: false,
    },
  ];
}

function describeDeclaration(
  vendors: readonly VendorDefinition[],
  { kind, name, path }: Reference,
): readonly [string, string] | undefined {
  const word =
    name
      .toLowerCase()
      .replaceAll(/[^a-z0-9]+/g, '-')
      .replaceAll(/^-|-$/g, '') || 'node';
  switch (kind) {
    case 'hook':
      return ['hooks', `{ command: [./${word}.sh] }`];
    case 'environment':
      return ['environments', `{ nodes: [${word}-01] }`];
    case 'input':
      return ['inputs', referenceKindAt(path) === 'environment' ? '{ type: choice, values: [a] }' : '{ type: string }'];
    case 'healthSource': {
      const starter = vendors.find(vendor => vendor.source?.starter)?.source?.starter;
      return starter === undefined ? undefined : ['healthSources', starter];
    }
    case 'connection': {
      const starter = vendors.find(one => one.kind === path.at(-2))?.connection?.starter;
      return starter === undefined ? undefined : ['connections', starter];
    }
    case 'stage':
    case 'metric':
      return undefined;
    default:
      return kind satisfies never;
  }
}
