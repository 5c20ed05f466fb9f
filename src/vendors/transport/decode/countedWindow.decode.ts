// What decoders of counted lines share: the window that a page tells of, and sides whose numbers may be texts.
import type { CountedGroup, CountedSide, CountedWindow } from '../../../model/evidence/counts.ts';
import type { EvidencePage } from '../../../model/evidence/analysis.ts';

/** The page's context says of which. Without `total`, the groups have all lines. */
export function windowOf(
  { part, fromMs, toMs, sliceMs }: EvidencePage['context'],
  groups: readonly CountedGroup[],
  total = groups.reduce((sum, { canary, baseline }) => sum + canary.lines + baseline.lines, 0),
): CountedWindow {
  return {
    part: part === 'before' ? 'before' : 'sides',
    fromMs: Number(fromMs),
    toMs: Number(toMs),
    sliceMs: Number(sliceMs),
    total,
    groups,
  };
}

/** `slices` begin at a time. Pairs whose count is no number are left out. */
export function sideOf(
  sample: unknown,
  slices: readonly (readonly [atMs: number, lines: unknown])[],
  nodes: readonly (readonly [node: string, lines: unknown])[],
): CountedSide {
  const counted = slices.flatMap(([atMs, lines]) =>
    Number.isFinite(atMs) && isCount(lines) && Number(lines) > 0 ? [[atMs, Number(lines)] as const] : [],
  );
  return {
    lines: counted.reduce((sum, [, lines]) => sum + lines, 0),
    ...(typeof sample === 'string' && sample !== '' && { sample }),
    slices: counted,
    nodes: sumByNode(nodes),
  };
}

function sumByNode(nodes: readonly (readonly [node: string, lines: unknown])[]): Readonly<Record<string, number>> {
  const sums = new Map<string, number>();
  for (const [node, lines] of nodes) if (isCount(lines)) sums.set(node, (sums.get(node) ?? 0) + Number(lines));
  return Object.fromEntries(sums);
}

function isCount(value: unknown): boolean {
  return (typeof value === 'number' || (typeof value === 'string' && value !== '')) && Number(value) >= 0;
}
