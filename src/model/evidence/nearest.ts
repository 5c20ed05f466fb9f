// "Did you mean": suggestions for a name that was probably mistyped.

/**
 * At most three suggestions, nearest first; none that is far off. Case, dashes, underscores and blanks do not count.
 */
export function findNearest(written: string, names: readonly string[]): readonly string[] {
  if (written.length > 100) return [];
  const plain = simplify(written);
  const limit = written.length <= 3 ? 1 : written.length <= 8 ? 2 : 3;
  return names
    .filter(name => Math.abs(name.length - written.length) <= limit + 2)
    .map(name => ({ name, distance: countEdits(plain, simplify(name)) }))
    .filter(({ distance }) => distance <= limit)
    .sort((left, right) => left.distance - right.distance)
    .slice(0, 3)
    .map(({ name }) => name);
}

function simplify(name: string): string {
  return name.toLowerCase().replaceAll(/[-_ ]/g, '');
}

/** Optimal string alignment: inserted, removed, replaced and swapped letters count one each. */
function countEdits(left: string, right: string): number {
  let beforeLast: readonly number[] = [];
  let last: readonly number[] = Array.from({ length: right.length + 1 }, (_, index) => index);
  for (let row = 1; row <= left.length; row++) {
    const current = [row];
    for (let column = 1; column <= right.length; column++) {
      const replaced = (last[column - 1] ?? 0) + (left[row - 1] === right[column - 1] ? 0 : 1);
      const swapped =
        left[row - 1] === right[column - 2] && left[row - 2] === right[column - 1]
          ? (beforeLast[column - 2] ?? Infinity) + 1
          : Infinity;
      current.push(Math.min((last[column] ?? 0) + 1, (current[column - 1] ?? 0) + 1, replaced, swapped));
    }
    beforeLast = last;
    last = current;
  }
  return last[right.length] ?? 0;
}
