// What a local server counts of known lines, as the vendors' own engines do: groups of lines that differ in words with
// digits only.
export interface CountedLine {
  readonly atMs: number;
  readonly node: string;
  readonly text: string;
}

export interface Cell {
  readonly node: string;
  readonly atMs: number;
  readonly lines: number;
}

export function groupLines<Line extends CountedLine>(lines: readonly Line[]): readonly (readonly Line[])[] {
  return [...Map.groupBy(lines, ({ text }) => text.replace(/\w*\d\w*/g, '0')).values()];
}

/** Of each node and slice that has lines; slices begin at multiples of their width after `fromMs`. */
export function cellsOf(lines: readonly CountedLine[], sliceMs: number, fromMs = 0): readonly Cell[] {
  const atMs = (line: CountedLine): number => fromMs + Math.floor((line.atMs - fromMs) / sliceMs) * sliceMs;
  return [...Map.groupBy(lines, line => `${line.node} ${atMs(line)}`).values()].map(those => ({
    node: those[0]!.node,
    atMs: atMs(those[0]!),
    lines: those.length,
  }));
}

/** Key and lines, of one side of a group. */
export function countBy<Key>(
  lines: readonly CountedLine[],
  keyOf: (line: CountedLine) => Key,
): readonly (readonly [key: Key, lines: number])[] {
  return [...Map.groupBy(lines, keyOf)].map(([key, those]) => [key, those.length] as const);
}

/** Lines of each node, and the times of the first and the last. */
export function pacesOf(lines: readonly CountedLine[]) {
  return [...Map.groupBy(lines, ({ node }) => node)].map(([node, those]) => {
    const times = those.map(({ atMs }) => atMs);
    return { node, lines: those.length, firstMs: Math.min(...times), newestMs: Math.max(...times) };
  });
}
