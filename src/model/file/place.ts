// A pipeline file as a tree of places: plain values with their positions in the text.

/** Offsets into the text, UTF-16 units, end exclusive. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

export type Scalar = string | number | boolean | null;
export interface ScalarPlace {
  readonly kind: 'scalar';
  readonly span: Span;
  readonly value: Scalar;
  /** The text as it was written, without quotes. */
  readonly source: string;
  /** Offset of the value's first character in the text; absent where escapes or folding moved characters. */
  readonly textStart?: number;
  /** Replaces something that could not be read and was reported, so that no further problem is reported for it. */
  readonly broken?: true;
}
export interface ListPlace {
  readonly kind: 'list';
  readonly span: Span;
  readonly items: readonly Place[];
}
export interface MapPlace {
  readonly kind: 'map';
  readonly span: Span;
  readonly entries: ReadonlyMap<string, Entry>;
}
export interface Entry {
  readonly key: string;
  readonly keySpan: Span;
  readonly value: Place;
}
export type Place = ScalarPlace | ListPlace | MapPlace;
export type Path = readonly PropertyKey[];

export function entryOf(place: Place | undefined, key: string): Entry | undefined {
  return place?.kind === 'map' ? place.entries.get(key) : undefined;
}

export function child(place: Place | undefined, ...keys: readonly string[]): Place | undefined {
  return keys.reduce<Place | undefined>((current, key) => entryOf(current, key)?.value, place);
}

/** Entries of a map; none of anything else. */
export function entriesOf(place: Place | undefined): readonly Entry[] {
  return place?.kind === 'map' ? [...place.entries.values()] : [];
}

/** Items of a list; none of anything else. */
export function itemsOf(place: Place | undefined): readonly Place[] {
  return place?.kind === 'list' ? place.items : [];
}

export function textOf(place: Place | undefined): string | undefined {
  return place?.kind === 'scalar' && typeof place.value === 'string' ? place.value : undefined;
}

export function numberOf(place: Place | undefined): number | undefined {
  return place?.kind === 'scalar' && typeof place.value === 'number' ? place.value : undefined;
}

export function isFalse(place: Place | undefined): boolean {
  return place?.kind === 'scalar' && place.value === false;
}

/** The tree with one key renamed; the position of the key stays the same. */
export function renameKey(place: Place, path: Path, from: string, to: string): Place {
  const [step, ...rest] = path;
  if (place.kind === 'list' && typeof step === 'number') {
    return {
      ...place,
      items: place.items.map((item, index) => (index === step ? renameKey(item, rest, from, to) : item)),
    };
  }
  if (place.kind !== 'map') return place;
  const entries = [...place.entries.values()].map(entry => {
    if (step === undefined) return entry.key === from ? { ...entry, key: to } : entry;
    return entry.key === step ? { ...entry, value: renameKey(entry.value, rest, from, to) } : entry;
  });
  return { ...place, entries: new Map(entries.map(entry => [entry.key, entry])) };
}

/** The value at a path, its key, and the nearest node around it that exists. */
export function findPlace(
  root: Place,
  path: Path,
): { readonly place?: Place; readonly keySpan?: Span; readonly around: Span } {
  let current: Place | undefined = root;
  let keySpan: Span | undefined;
  let around: Span = { start: root.span.start, end: root.span.start };
  for (const step of path) {
    const entry: Entry | undefined = typeof step === 'string' ? entryOf(current, step) : undefined;
    const next: Place | undefined = entry?.value ?? (typeof step === 'number' ? itemsOf(current)[step] : undefined);
    if (!next) return { around };
    keySpan = entry?.keySpan;
    around = keySpan ?? headOf(next);
    current = next;
  }
  return { place: current, ...(keySpan && { keySpan }), around };
}

/** The part of a place worth underlining: all of a scalar, the first key of a map, the first item of a list. */
export function headOf(place: Place): Span {
  if (place.kind === 'scalar') return place.span;
  if (place.kind === 'map') return [...place.entries.values()][0]?.keySpan ?? place.span;
  const first = place.items[0];
  return first ? headOf(first) : place.span;
}

/** Names of maps and lists in which everything is text. */
export type TextualKeys = ReadonlyMap<string, 'map' | 'list'>;

/** The plain value. In maps and lists named in `textual`, numbers and booleans are read as text. */
export function valueOf(place: Place, textual: TextualKeys): unknown {
  return plain(place, textual, false, new Map());
}

function plain(place: Place, textual: TextualKeys, asText: boolean, seen: Map<Place, unknown>): unknown {
  if (place.kind === 'scalar') return asText && place.value !== null ? place.source : place.value;
  if (!asText && seen.has(place)) return seen.get(place);
  const value =
    place.kind === 'list'
      ? place.items.map(item => plain(item, textual, asText && item.kind === 'scalar', seen))
      : Object.fromEntries(
          [...place.entries.values()].map(({ key, value: inner }) => [
            key,
            plain(inner, textual, inner.kind === 'scalar' ? asText : textual.get(key) === inner.kind, seen),
          ]),
        );
  if (!asText) seen.set(place, value);
  return value;
}
