// Quick fixes for an environment that an input chooses: declare the ones that are missing, or remove their values.
import { fillEnvironment, readEnvironmentTemplate } from '../../../model/environmentChoice.ts';
import { itemsOf, nodeAt, pairOf } from '../document/syntaxNodes.ts';
import { writeScalar } from '../navigation.ts';
import type { FixContext, QuickFix } from './quickFix.ts';
import { addDeclaration, removePart } from './structureEdits.ts';

const mostOffered = 5;

/** For each value of the input that leads nowhere: its environment, and then the value itself. */
export function fixChoice({ place, tree, t }: FixContext): readonly QuickFix[] {
  const template = place.node?.kind === 'scalar' ? readEnvironmentTemplate(place.node.text) : undefined;
  if (!template) return [];
  const values = nodeAt(tree.root, ['inputs', template.input, 'values']);
  const environments = nodeAt(tree.root, ['environments']);
  const missing = itemsOf(values)
    .flatMap(({ value, range }) => (value?.kind === 'scalar' ? [{ value: value.text, range }] : []))
    .map(one => ({ ...one, name: fillEnvironment(template, one.value) }))
    .filter(({ name }) => environments?.kind !== 'map' || !pairOf(environments, name))
    .slice(0, mostOffered);
  const isLast = itemsOf(values).length === 1;
  return [
    ...missing.map(({ name }, index) => ({
      title: t('Declare {0} under {1}', name, 'environments'),
      edits: [addDeclaration(tree, 'environments', writeScalar(name), `{ nodes: [${name}-01] }`)],
      preferred: index === 0,
    })),
    ...(values === undefined || isLast ? [] : missing).map(({ value, range }) => ({
      title: t('Remove {0} from the values of {1}', value, template.input),
      edits: [removePart(tree.text, values!, range)],
      preferred: false,
    })),
  ];
}
