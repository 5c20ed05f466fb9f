// An inverted index: from each key to the places of those that have it, in their order.
export function listByKey(keys: readonly Iterable<string>[]): Map<string, number[]> {
  const places = new Map<string, number[]>();
  keys.forEach((some, place) => {
    for (const key of some) {
      const list = places.get(key);
      if (list) list.push(place);
      else places.set(key, [place]);
    }
  });
  return places;
}
