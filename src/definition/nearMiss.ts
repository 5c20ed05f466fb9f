// "Did you mean": the name that was probably meant.

/** The nearest of `names` to what was written, or undefined when none is near. */
export function findNearest(written: string, names: readonly string[]): string | undefined {
  if (written.length > 100) return undefined;
  const plainWritten = simplify(written);
  const same = names.find(name => simplify(name) === plainWritten);
  if (same !== undefined) return same;
  const limit = written.length <= 3 ? 1 : written.length <= 8 ? 2 : 3;
  const near = names.filter(name => Math.abs(name.length - written.length) <= limit)
    .map(name => ({ name, distance: editDistance(plainWritten, simplify(name)) }))
    .filter(({ distance }) => distance <= limit)
    .sort((left, right) => left.distance - right.distance);
  return near[0]?.name;
}

/** ` Did you mean x?`, or nothing. */
export function suggest(written: string, names: readonly string[]): string {
  const nearest = findNearest(written, names);
  return nearest === undefined ? '' : ` Did you mean \`${nearest}\`?`;
}

function simplify(name: string): string {
  return name.toLowerCase().replace(/[-_ ]/g, '');
}

/** Optimal string alignment: insert, delete, replace, swap neighbours. */
function editDistance(left: string, right: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: right.length + 1 }, (_, index) => index);
  for (let row = 1; row <= left.length; row++) {
    const current = [row];
    for (let column = 1; column <= right.length; column++) {
      const same = left[row - 1] === right[column - 1];
      let best = Math.min((last[column] ?? 0) + 1, (current[column - 1] ?? 0) + 1, (last[column - 1] ?? 0) + (same ? 0 : 1));
      if (row > 1 && column > 1 && left[row - 1] === right[column - 2] && left[row - 2] === right[column - 1]) {
        best = Math.min(best, (beforeLast[column - 2] ?? 0) + 1);
      }
      current.push(best);
    }
    beforeLast = last;
    last = current;
  }
  return last[right.length] ?? 0;
}
