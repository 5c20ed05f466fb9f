// What decoders of counted lines share: the window that a page tells of, and sides whose numbers may be texts.
import type { CountedGroup, CountedSide, CountedWindow } from '../../model/evidence/counts.ts';
import type { EvidencePage } from '../../model/evidence/analysis.ts';

/** Of the page's context: `contextOfCounts`. Without `total`, the groups have all lines. */
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

/** `slices`: numbers of slices since the window began. Pairs whose count is no number are left out. */
export function sideOf(
  sample: unknown,
  slices: readonly (readonly [slice: unknown, lines: unknown])[],
  nodes: readonly (readonly [node: string, lines: unknown])[],
  { fromMs, sliceMs }: EvidencePage['context'],
): CountedSide {
  const counted = slices.flatMap(([slice, lines]) =>
    isCount(slice) && isCount(lines) && Number(lines) > 0
      ? [[Number(fromMs) + Number(slice) * Number(sliceMs), Number(lines)] as const]
      : [],
  );
  return {
    lines: counted.reduce((sum, [, lines]) => sum + lines, 0),
    ...(typeof sample === 'string' && sample !== '' && { sample }),
    slices: counted,
    nodes: Object.fromEntries(nodes.flatMap(([node, lines]) => (isCount(lines) ? [[node, Number(lines)]] : []))),
  };
}

function isCount(value: unknown): boolean {
  return (typeof value === 'number' || (typeof value === 'string' && value !== '')) && Number(value) >= 0;
}
