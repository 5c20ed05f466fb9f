// Rules on what must be unique: stage names, nodes, files, statuses.
import { errorAt } from '../../model/file/drafts.ts';
import type { Place } from '../../model/file/place.ts';
import { child, entriesOf, itemsOf, textOf } from '../../model/file/place.ts';
import { targetsOf } from './environments.ts';
import type { Outline } from './outline.ts';

export function checkDuplicates(outline: Outline): void {
  const { root } = outline;
  checkNames(
    outline,
    outline.stages.map(stage => child(stage.place, 'stage')),
    'duplicate-stage',
    'stage',
  );
  const homes = new Map<string, string>();
  for (const { key, value } of entriesOf(child(root, 'environments'))) {
    const nodes = itemsOf(child(value, 'nodes')).map(node => child(node, 'name') ?? node);
    checkNames(outline, nodes, 'duplicate-node', 'node');
    for (const node of nodes) reportSecondHome(outline, node, key, homes);
  }
  checkNames(outline, itemsOf(child(root, 'configuration', 'files')), 'duplicate-file', 'file', false);
  for (const { place } of outline.stages)
    checkNames(outline, itemsOf(child(place, 'approval', 'by')), 'duplicate-approver', 'person');
  checkEnvironmentsOfGroup(outline);
}

/** Names that differ only in case count as the same: people and some file systems do not distinguish them. */
function checkNames(
  { report }: Outline,
  places: readonly (Place | undefined)[],
  code: string,
  noun: string,
  foldCase = true,
): void {
  const seen = new Map<string, string>();
  for (const place of places) {
    const name = textOf(place);
    if (!place || name === undefined) continue;
    const key = foldCase ? name.toLowerCase() : name;
    const other = seen.get(key);
    if (other === undefined) seen.set(key, name);
    else
      report(
        errorAt(
          place.span,
          code,
          other === name
            ? `The ${noun} \`${name.slice(0, 60)}\` appears twice. Give each a name of its own.`
            : `The ${noun} \`${name.slice(0, 60)}\` differs from \`${other.slice(0, 60)}\` in upper and lower case ` +
                'only.',
          { found: name },
        ),
      );
  }
}

function reportSecondHome({ report }: Outline, node: Place, environment: string, homes: Map<string, string>): void {
  const name = textOf(node);
  if (name === undefined) return;
  const home = homes.get(name);
  if (home === undefined) homes.set(name, environment);
  else if (home !== environment)
    report(
      errorAt(
        node.span,
        'node-in-two-environments',
        `The node \`${name.slice(0, 60)}\` already belongs to the environment \`${home}\`.`,
        { found: name },
      ),
    );
}

/** Parallel stages must not share an environment: they would wait for each other or mix their nodes. */
function checkEnvironmentsOfGroup(outline: Outline): void {
  const { stages, report } = outline;
  const seen = new Set<string>();
  for (const { place, group } of stages) {
    const environment = child(place, 'environment');
    if (!environment) continue;
    const keys = targetsOf(outline, place).map(name => ({ name, key: `${group} ${name}` }));
    const shared = keys.find(({ key }) => seen.has(key))?.name;
    if (shared !== undefined)
      report(
        errorAt(
          environment.span,
          'environment-in-parallel',
          `Two stages that run at the same time deploy to \`${shared.slice(0, 60)}\`. Put one of them after the other.`,
          { found: shared },
        ),
      );
    for (const { key } of keys) seen.add(key);
  }
}
