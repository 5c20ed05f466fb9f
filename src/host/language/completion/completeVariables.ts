// What can follow `${`: the BACKSTOP_ variables; in the variables of a hook, the names of credentials; and in the
// environment of a stage, the inputs that can choose it.
import { findCompletionPlace } from './completionPlace.ts';
import { definitionsOf, referenceKindAt } from '../document/names.ts';
import type { PipelineTree, TreeReader } from '../document/pipelineTree.ts';
import { visitNodes } from '../document/pipelineTree.ts';
import type { Suggestion } from './suggestion.ts';
import type { Path } from '../document/syntaxNodes.ts';
import { pairOf } from '../document/syntaxNodes.ts';
import { lineStartOf } from '../texts.ts';
import type { Translate } from '../texts.ts';
import { hookVariables, takesCredentials, takesVariables } from '../document/variables.ts';

const opening = /\$(?:\{[\w:. -]*)?$/;

/** Empty if no `$` was typed, or if variables are not replaced at this place. */
export function completeVariables(
  text: string,
  offset: number,
  read: TreeReader,
  t: Translate,
): readonly Suggestion[] | undefined {
  const before = text.slice(Math.max(lineStartOf(text, offset), offset - 200), offset);
  const begun = opening.exec(before)?.[0];
  if (begun === undefined) return undefined;
  const rest =
    /^[\w:. -]*\}/.exec(text.slice(offset, offset + 100))?.[0] ??
    /^\w*/.exec(text.slice(offset, offset + 100))?.[0] ??
    '';
  const replace = { start: offset - begun.length, end: offset + rest.length };
  // An unclosed `${` would confuse the YAML parser, so a letter replaces the variable while the place is looked up.
  const place = findCompletionPlace(
    `${text.slice(0, replace.start)}_${text.slice(replace.end)}`,
    replace.start + 1,
    read,
  );
  if (!place) return undefined;
  const quote = place.flow && place.scalar?.style === 'plain' && place.written === '_' ? "'" : '';
  const suggest = (name: string, documentation: string): Suggestion => ({
    label: `\${${name}}`,
    kind: 'variable',
    insert: `${quote}\${${name}}${quote}`,
    isSnippet: false,
    documentation,
    replace,
    rank: 1,
  });
  if (takesCredentials(place.path))
    return credentialNames(place.tree).map(name =>
      suggest(`credential:${name}`, t('The value of the stored credential {0}.', name)),
    );
  if (referenceKindAt(place.path) === 'environment') return choosingInputs(place.tree, suggest, t);
  if (!takesVariables(place.path)) return undefined;
  return hookVariables(
    definitionsOf(place.tree, 'input').map(input => input.name),
    t,
  ).map(({ name, description }) => suggest(name, description));
}

/** Inputs whose values are known, which can choose the environment of a stage. */
function choosingInputs(
  tree: PipelineTree,
  suggest: (name: string, documentation: string) => Suggestion,
  t: Translate,
): readonly Suggestion[] {
  return definitionsOf(tree, 'input').flatMap(({ name, node }) => {
    const type = pairOf(node, 'type')?.value;
    return type?.kind === 'scalar' && type.text === 'choice'
      ? [suggest(`inputs.${name}`, t('The value of the input {0}, given when the run starts.', name))]
      : [];
  });
}

/** The names of credentials that the file already uses. */
export function credentialNames(tree: PipelineTree, except?: Path): readonly string[] {
  const names = new Set<string>();
  visitNodes(tree.root, (node, path) => {
    if (node.kind !== 'scalar' || (except && path.join('\n') === except.join('\n'))) return;
    if (path.at(-1) === 'credential' && node.text !== '' && node.text.length <= 64) names.add(node.text);
    if (takesCredentials(path))
      for (const [, name = ''] of node.text.matchAll(/\$\{credential:([^{}]{1,64})\}/g)) names.add(name);
  });
  return [...names].sort();
}
