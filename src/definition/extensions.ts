// Ignores keys that begin with `x-` in every map whose keys the schema defines. Users define YAML anchors under them.
import type { z } from 'zod';
import { entriesOf, itemsOf, type Place } from '../model/file/place.ts';
import { stepInto, unwrap, type Inner } from './schemaSteps.ts';

export function withoutExtensions(place: Place, schema: unknown, seen: Seen = new Map()): Place {
  const plain = unwrap(schema);
  const known = seen.get(place) ?? new Map<unknown, Place>();
  seen.set(place, known);
  const cleaned =
    known.get(plain) ?? clean(place, plain, (inner, step) => withoutExtensions(inner, stepInto(plain, step), seen));
  known.set(plain, cleaned);
  return cleaned;
}

/** Results by place and schema: a value that aliases repeat at many paths is cleaned once for each schema. */
type Seen = Map<Place, Map<unknown, Place>>;

function clean(place: Place, plain: Inner | undefined, cleanInner: (inner: Place, step: PropertyKey) => Place): Place {
  if (place.kind === 'list') {
    const items = place.items.map((item, index) => cleanInner(item, index));
    return items.every((item, index) => item === place.items[index]) ? place : { ...place, items };
  }
  if (place.kind !== 'map' || !plain) return place;
  const shape = plain.def.type === 'object' ? (plain as z.ZodObject).shape : undefined;
  const entries = [...place.entries.values()];
  const kept = entries
    .filter(({ key }) => !shape || !isExtension(key) || Object.hasOwn(shape, key))
    .map(entry => {
      const value = cleanInner(entry.value, entry.key);
      return value === entry.value ? entry : { ...entry, value };
    });
  const isSame = kept.length === entries.length && kept.every((entry, index) => entry === entries[index]);
  // An unchanged place is returned itself, so that a mistake in a value with aliases is reported once.
  return isSame ? place : { ...place, entries: new Map(kept.map(entry => [entry.key, entry])) };
}

/** The values of all such keys, as a list. */
export function extensionsOf(root: Place): Place {
  const items = new Set<Place>(),
    seen = new Set<Place>();
  const visit = (place: Place): void => {
    if (seen.has(place)) return;
    seen.add(place);
    for (const entry of entriesOf(place)) {
      if (isExtension(entry.key)) items.add(entry.value);
      else visit(entry.value);
    }
    for (const item of itemsOf(place)) visit(item);
  };
  visit(root);
  return { kind: 'list', span: root.span, items: [...items] };
}

function isExtension(key: string): boolean {
  return key.startsWith('x-');
}
