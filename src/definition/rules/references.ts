// Rules on names: everything that is referred to exists and has the right kind.
import { errorAt, warningAt } from '../../model/file/drafts.ts';
import type { Place } from '../../model/file/place.ts';
import { child, entriesOf, itemsOf, textOf } from '../../model/file/place.ts';
import { checkEnvironment } from './environments.ts';
import type { Outline } from './outline.ts';
import { resolve } from './outline.ts';

export function checkReferences(outline: Outline): void {
  const { root, vendors } = outline;
  const all = vendors.map(vendor => vendor.kind);
  for (const { kind: wanted, artifact, hook, source } of vendors) {
    if (artifact) resolve(outline, 'connections', child(root, 'artifact', wanted, 'connection'), { wanted, all });
    for (const [section, part] of [
      ['hooks', hook],
      ['healthSources', source],
    ] as const) {
      for (const { value } of part ? entriesOf(child(root, section)) : [])
        resolve(outline, 'connections', child(value, wanted, 'connection'), { wanted, all });
    }
  }
  const used = new Set<string>();
  for (const { place, kind } of outline.stages) {
    if (kind !== 'approval') checkEnvironment(outline, place);
    for (const hook of hookReferences(place)) {
      resolve(outline, 'hooks', hook);
      used.add(textOf(hook) ?? '');
    }
    const sources = child(place, 'verification', 'sources');
    checkSources(outline, sources);
    for (const phase of itemsOf(child(place, 'canary', 'phases')))
      checkSources(outline, child(phase, 'verify', 'sources'), sources);
  }
  checkUnused(outline, used);
}

function hookReferences(stage: Place): readonly Place[] {
  const canary = child(stage, 'canary');
  const single = [
    child(stage, 'rollback'),
    child(stage, 'check'),
    child(canary, 'deploy'),
    child(canary, 'rollback'),
    child(canary, 'check'),
    child(canary, 'beforeTraffic'),
    child(canary, 'during'),
    ...itemsOf(child(canary, 'phases')).map(phase => child(phase, 'during')),
  ];
  return [...itemsOf(child(stage, 'steps')), ...single.filter(place => place !== undefined)];
}

/** `among`: the list that must contain these sources, if there is one. */
function checkSources(outline: Outline, sources: Place | undefined, among?: Place): void {
  const all = itemsOf(among).map(source => textOf(source) ?? '');
  const seen = new Set<string>();
  for (const source of itemsOf(sources)) {
    resolve(outline, 'healthSources', source);
    const name = textOf(source) ?? '';
    if (seen.has(name))
      outline.report(
        errorAt(source.span, 'duplicate-source', `The health source \`${name}\` is named twice.`, { found: name }),
      );
    seen.add(name);
    if (all.length > 0 && !all.includes(name))
      outline.report(
        errorAt(source.span, 'wrong-form', `The verification of this stage does not have the source \`${name}\`.`, {
          found: name,
          allowed: all,
        }),
      );
  }
}

function checkUnused(outline: Outline, used: ReadonlySet<string>): void {
  for (const { key, keySpan } of entriesOf(child(outline.root, 'hooks'))) {
    if (!used.has(key))
      outline.report(warningAt(keySpan, 'unused-hook', `No stage uses the hook \`${key}\`.`, { found: key }));
  }
}
