// Aligned columns, for lists that people read.
import { toned } from './line.ts';
import type { Line, Tone } from './line.ts';
import { displayWidth, padEnd, padStart } from './width.ts';

export interface Column {
  readonly title: string;
  readonly align?: 'right';
}
export type Cell = string | { readonly text: string; readonly tone: Tone };

/** The last column is not padded, since it can be long. */
export function table(columns: readonly Column[], rows: readonly (readonly Cell[])[]): readonly Line[] {
  const widths = columns.map(({ title }, index) =>
    Math.max(displayWidth(title), ...rows.map(row => displayWidth(textOf(row[index])))),
  );
  const pad = (text: string, index: number): string =>
    index === columns.length - 1 && columns[index]?.align !== 'right'
      ? text
      : (columns[index]?.align === 'right' ? padStart : padEnd)(text, widths[index] ?? 0);
  const line = (cells: readonly Cell[], tone: Tone): Line =>
    columns.flatMap((_, index) => {
      const cell = cells[index] ?? '';
      return [index ? '  ' : '', toned(typeof cell === 'string' ? tone : cell.tone, pad(textOf(cell), index))];
    });
  return [
    line(
      columns.map(({ title }) => title),
      'dim',
    ),
    ...rows.map(row => line(row, 'plain')),
  ];
}

function textOf(cell: Cell | undefined): string {
  return typeof cell === 'object' ? cell.text : (cell ?? '');
}
