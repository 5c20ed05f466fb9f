// What the lines of a stream have in common before their message, learned from a sample of them: columns that one line
// alone cannot show.
import { columnKindAt, levelIndexAfter, readHeader, type ColumnKind, type Layout, type Layouts } from './header.ts';
import { emptyHeader } from './headerStyles.ts';
import { findTime, noTime } from '../text/timestamps.ts';

const share = 0.85,
  leastLines = 20;

/** Without a sample: only what every header shows by itself. */
export const plainLayout: Layout = makeLayout({
  levels: [],
  pipes: 0,
  columns: [],
  lines: 0,
  common: false,
  usual: false,
});

/** A text of the sample, and how many lines have it. */
export interface SampleText {
  readonly text: string;
  readonly lines: number;
}

export function linesOf(sample: readonly SampleText[]): number {
  return sample.reduce((sum, { lines }) => sum + lines, 0);
}

interface Counts {
  readonly levels: readonly number[];
  readonly pipes: number;
  readonly columns: readonly ColumnKind[];
  readonly lines: number;
  readonly common: boolean;
  readonly usual: boolean;
}

function makeLayout({ levels, pipes, columns, lines, common, usual }: Counts): Layout {
  const enough = Math.max(1, 0.05 * lines);
  const lastLevel = levels.reduce((last, count, index) => (count >= enough ? index : last), -1);
  return {
    pipes,
    columns,
    isOwn: ({ before, words, isNumber }) =>
      isNumber ? usual || (common && words === 0) : common || before <= 1 || words === 0,
    allowsLevelAt: index => (levels[index] ?? 0) >= enough,
    hasLevelFrom: index => index <= lastLevel,
  };
}

/**
 * Learns the layout of a stream from the texts of some of its lines, all of one head. `portion`: of the source's lines
 * that have this head.
 */
export function learnLayout(sample: readonly SampleText[], portion: number): Layout {
  if (linesOf(sample) < leastLines) return plainLayout;
  const counts = {
    levels: [] as number[],
    pipes: 0,
    columns: [] as ColumnKind[],
    lines: 0,
    common: portion >= 0.5,
    usual: portion >= 0.8,
  };
  const found = noTime();
  const pipeCounts: number[] = [];
  for (const { text, lines } of sample) {
    if (!findTime(text, Math.min(text.length, 400), found)) continue;
    counts.lines += lines;
    const index = levelIndexAfter(text, found.end);
    if (index >= 0) counts.levels[index] = (counts.levels[index] ?? 0) + lines;
    pipeCounts.push(...new Array<number>(lines).fill(countPipes(text, found.end)));
  }
  if (counts.lines >= leastLines) counts.pipes = commonPipes(pipeCounts);
  for (;;) {
    const layout = makeLayout(counts);
    const next = counts.columns.length < 4 && counts.pipes === 0 ? nextColumn(sample, layout) : undefined;
    if (!next) return layout;
    counts.columns.push(next);
  }
}

function countPipes(line: string, from: number): number {
  let count = 0;
  const end = Math.min(line.length, from + 200);
  if (line.charCodeAt(from) !== 124) return 0;
  for (let i = from; i < end; i++) if (line.charCodeAt(i) === 124) count++;
  return count;
}

/** The number of pipes that nearly every line has at least. */
function commonPipes(counts: number[]): number {
  counts.sort((a, b) => a - b);
  return counts[Math.floor(counts.length * 0.03)] ?? 0;
}

/** The column that nearly every line has where its header would end by this layout. */
function nextColumn(sample: readonly SampleText[], layout: Layout): ColumnKind | undefined {
  const header = emptyHeader();
  const layouts: Layouts = { timed: 1, of: () => layout };
  const kinds = new Map<ColumnKind, number>();
  let headed = 0;
  for (const { text, lines } of sample) {
    readHeader(text, layouts, header);
    if (header.end === 0) continue;
    headed += lines;
    const kind = columnKindAt(text, header.end);
    if (kind) kinds.set(kind, (kinds.get(kind) ?? 0) + lines);
  }
  if (headed < leastLines) return undefined;
  for (const [kind, count] of kinds) if (count >= (kind === 'dash' ? 0.95 : share) * headed) return kind;
  return undefined;
}
