// Go to definition, find references and rename, for the names in a pipeline file.
import { isIdentifier } from './completion/conditionWords.ts';
import type { Definition, NamedPlace, Reference } from './document/names.ts';
import { isSameName, nameAt, readNames } from './document/names.ts';
import type { PipelineTree } from './document/pipelineTree.ts';
import type { Schema } from './document/schema.ts';
import { matches, plainSchemasAt } from './document/schema.ts';
import type { ScalarNode, TextRange } from './document/syntaxNodes.ts';
import type { TextEdit, Translate } from './texts.ts';

/** The declarations of the name at an offset; several if the name is declared more than once. */
export function findDefinitions(tree: PipelineTree, offset: number): readonly Definition[] {
  const name = nameAt(tree, offset);
  return name ? readNames(tree).definitions.filter(one => isSameName(one, name)) : [];
}

export function findReferences(tree: PipelineTree, offset: number, withDeclaration: boolean): readonly TextRange[] {
  const name = nameAt(tree, offset);
  return name ? placesOf(tree, name, withDeclaration).map(one => one.range) : [];
}

function placesOf(tree: PipelineTree, name: NamedPlace, withDeclaration: boolean): readonly (Definition | Reference)[] {
  const { definitions, references } = readNames(tree);
  return [...(withDeclaration ? definitions : []), ...references]
    .filter(one => isSameName(one, name))
    .toSorted((left, right) => left.range.start - right.range.start);
}

/** The range that a rename would replace, or undefined if there is no name at the offset. */
export function findRenameRange(
  tree: PipelineTree,
  offset: number,
): { readonly range: TextRange; readonly name: string } | undefined {
  const name = nameAt(tree, offset);
  return name && { range: name.range, name: name.name };
}

/** All edits of a rename, or the reason why the new name is not possible. */
export function renameName(
  tree: PipelineTree,
  offset: number,
  newName: string,
  schema: Schema,
  t: Translate,
): { readonly edits: readonly TextEdit[] } | { readonly refusal: string } {
  const name = nameAt(tree, offset);
  if (!name) return { refusal: t('There is no pipeline name here.') };
  const { definitions } = readNames(tree);
  if (newName !== name.name && definitions.some(one => isSameName(one, { ...name, name: newName })))
    return { refusal: t('The name {0} is already taken.', newName) };
  if (!isAllowedName(name, newName, schema)) return { refusal: t('{0} cannot be a name here.', newName) };
  return { edits: placesOf(tree, name, true).map(place => renameAt(place, newName)) };
}

const sections = {
  hook: 'hooks',
  environment: 'environments',
  connection: 'connections',
  healthSource: 'healthSources',
  input: 'inputs',
} as const;

function isAllowedName({ kind, path }: Definition | Reference, newName: string, schema: Schema): boolean {
  if (
    newName.trim() === '' ||
    newName !== newName.trim() ||
    newName.length > 200 ||
    /\p{Cc}/u.test(newName) ||
    newName in Object.prototype
  )
    return false;
  const rules =
    kind === 'stage'
      ? plainSchemasAt(schema, ['stages', 0, 'stage'])
      : plainSchemasAt(schema, kind === 'metric' ? path.slice(0, 4) : [sections[kind]]).map(
          one => one.propertyNames ?? {},
        );
  return rules.every(
    ({ pattern, maxLength }) => matches(pattern, newName) && newName.length <= (maxLength ?? Infinity),
  );
}

/** The edit that replaces the name at one place. */
export function renameAt(place: Definition | Reference, newName: string): TextEdit {
  if ('word' in place && place.word) {
    const { form, range, whole } = place.word;
    if (form === 'dot' && isIdentifier(newName)) return { range, text: newName };
    const quote = place.scalar.style === 'single' || newName.includes("'") ? '"' : "'";
    return { range: whole, text: `[${quote}${newName}${quote}]` };
  }
  return { range: place.scalar.range, text: writeScalar(newName, place.scalar.style) };
}

/** Writes a text as a YAML scalar: unquoted if possible, otherwise in its previous quotes. */
export function writeScalar(text: string, style: ScalarNode['style'] = 'plain'): string {
  if (style === 'double') return JSON.stringify(text);
  return style === 'plain' && isPlain(text) ? text : `'${text.replaceAll("'", "''")}'`;
}

function isPlain(text: string): boolean {
  return (
    text !== '' &&
    text === text.trim() &&
    !/[\r\n]|^[\s\-?:,[\]{}#&*!|>'"%@`=]|: |:$| #|[,[\]{}]/.test(text) &&
    !/^(?:true|false|null|yes|no|on|off|~)$/i.test(text) &&
    Number.isNaN(Number(text))
  );
}
