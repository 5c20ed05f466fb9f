// "Did you mean": the nearest known word, if it is near enough to be what was meant.

/** ` Did you mean X?`, or nothing. */
export function suggest(word: string, known: readonly string[], show: (word: string) => string = meant => meant): string {
  const begun = word.length >= 3 ? known.find(one => one.startsWith(word)) : undefined;
  if (begun !== undefined) return ` Did you mean ${show(begun)}?`;
  const nearest = known.map(one => ({ one, distance: distanceOf(word.slice(0, 60).toLowerCase(), one.toLowerCase()) })).sort((left, right) => left.distance - right.distance)[0];
  const enough = nearest && nearest.distance <= Math.max(1, Math.floor(Math.min(word.length, nearest.one.length) / 3));
  return enough ? ` Did you mean ${show(nearest.one)}?` : '';
}

/** Optimal string alignment: inserted, removed, changed and swapped letters count one each. */
function distanceOf(left: string, right: string): number {
  let older: number[] = [];
  let previous = Array.from({ length: right.length + 1 }, (_, index) => index);
  for (let row = 1; row <= left.length; row++) {
    const current = [row];
    for (let column = 1; column <= right.length; column++) {
      const same = left[row - 1] === right[column - 1];
      const swapped = left[row - 1] === right[column - 2] && left[row - 2] === right[column - 1];
      current.push(Math.min(
        (previous[column] ?? 0) + 1, (current[column - 1] ?? 0) + 1, (previous[column - 1] ?? 0) + (same ? 0 : 1),
        swapped ? (older[column - 2] ?? Infinity) + 1 : Infinity));
    }
    older = previous;
    previous = current;
  }
  return previous[right.length] ?? 0;
}
