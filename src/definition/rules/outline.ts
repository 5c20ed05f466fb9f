// What the rules on several fields need of a file: the names that it declares, and its stages with their groups. The
// file need not match the schema.
import type { Report } from '../../model/file/drafts.ts';
import { errorAt, spanOf } from '../../model/file/drafts.ts';
import { suggest } from '../../model/file/nearMiss.ts';
import type { Entry, Place } from '../../model/file/place.ts';
import { child, entriesOf, entryOf, itemsOf, textOf } from '../../model/file/place.ts';
import type { SecretFinder } from '../../model/file/secrets.ts';
import type { VendorDefinition } from '../../vendors/vendor.ts';

export type StageKind = 'deploy' | 'canary' | 'approval';
export interface StageOutline {
  readonly place: Place;
  readonly kind: StageKind;
  readonly name?: string;
  readonly group: number;
  /** The path of the stage: `stages[1]` or `stages[0].parallel[1]`. */
  readonly label: string;
}

export interface Outline {
  readonly root: Place;
  readonly stages: readonly StageOutline[];
  readonly report: Report;
  readonly vendors: readonly VendorDefinition[];
  readonly secrets: SecretFinder;
}

export function outlineOf(
  root: Place,
  report: Report,
  vendors: readonly VendorDefinition[],
  secrets: SecretFinder,
): Outline {
  const stages = itemsOf(child(root, 'stages')).flatMap((place, group) => {
    const parallel = child(place, 'parallel');
    if (!parallel) return [outlineStage(place, group, `stages[${group}]`)];
    return itemsOf(parallel).map((inner, index) => outlineStage(inner, group, `stages[${group}].parallel[${index}]`));
  });
  return { root, stages, report, vendors, secrets };
}

function outlineStage(place: Place, group: number, label: string): StageOutline {
  const name = textOf(child(place, 'stage'));
  const kind = entryOf(place, 'approval') ? 'approval' : entryOf(place, 'canary') ? 'canary' : 'deploy';
  return { place, kind, group, label, ...(name !== undefined && { name }) };
}

type Section = 'connections' | 'environments' | 'hooks' | 'healthSources' | 'inputs';
const nouns: Record<Section, string> = {
  connections: 'connection',
  environments: 'environment',
  hooks: 'hook',
  healthSources: 'health source',
  inputs: 'input',
};

/** The kind of a section's entry, one of `kinds`; undefined if it has none or several, which `checkKinds` reports. */
export function kindOf(entry: Entry | undefined, kinds: readonly string[]): string | undefined {
  const present = kinds.filter(kind => entryOf(entry?.value, kind));
  return present.length === 1 ? present[0] : undefined;
}

/** Returns the entry with this name, or reports that the section does not declare it. */
export function resolve(
  outline: Outline,
  section: Section,
  place: Place | undefined,
  kinds?: { readonly wanted: string; readonly all: readonly string[] },
): Entry | undefined {
  const name = textOf(place);
  if (!place || name === undefined) return undefined;
  const entries = entriesOf(child(outline.root, section));
  const entry = entries.find(one => one.key === name);
  const fitting = kinds ? entries.filter(one => kindOf(one, kinds.all) === kinds.wanted) : entries;
  const allowed = fitting.map(one => one.key);
  const noun = kinds ? `${nouns[section]} of kind \`${kinds.wanted}\`` : nouns[section];
  if (!entry) {
    const declare = allowed.length === 0 ? ` Declare it under \`${section}:\`.` : '';
    outline.report(
      errorAt(
        spanOf(place),
        `unknown-${nouns[section].replace(' ', '-')}`,
        `There is no ${nouns[section]} \`${name.slice(0, 60)}\`.${suggest(name, allowed)}${declare}`,
        { found: name, allowed },
      ),
    );
    return undefined;
  }
  const kind = kinds && kindOf(entry, kinds.all);
  if (kinds && kind !== undefined && kind !== kinds.wanted) {
    outline.report(
      errorAt(
        spanOf(place),
        'wrong-connection',
        `\`${name}\` is a ${nouns[section]} of kind \`${kind}\`; this needs a ${noun}.`,
        { found: name, allowed },
      ),
    );
  }
  return entry;
}
