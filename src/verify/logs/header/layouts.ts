// Tells the streams of a source apart by the heads of their lines, and learns the layout of each.
import { hasOwnTime, headKind } from './header.ts';
import { learnLayout, linesOf, plainLayout, type SampleText } from './layout.ts';
import { type Layout, type Layouts } from './header.ts';
import { findTime, noTime } from '../text/timestamps.ts';

const mostLayouts = 32,
  headLimit = 400;

/** Learns from the canonical texts of some physical lines; continuation lines may be among them. */
export function learnLayouts(sample: readonly string[]): Layouts {
  const found = noTime(),
    texts = countTexts(sample),
    byKind = new Map<number, SampleText[]>();
  for (const one of texts) {
    const { text } = one,
      kind = findTime(text, Math.min(text.length, headLimit), found) ? headKind(text, found) : 0;
    const alike = byKind.get(kind);
    if (alike) alike.push(one);
    else if (byKind.size < mostLayouts) byKind.set(kind, [one]);
  }
  const layouts = new Map<number, Layout>(
    [...byKind].map(([kind, alike]) => [kind, learnLayout(alike, linesOf(alike) / sample.length)]),
  );
  const learned: Layouts = { timed: 0, of: kind => layouts.get(kind) ?? plainLayout };
  return { ...learned, timed: shareTimed(texts, learned) };
}

/** Each text once, in the order of their first lines: many lines have the same, and to read one takes long. */
function countTexts(sample: readonly string[]): readonly SampleText[] {
  const counts = new Map<string, number>();
  for (const text of sample) counts.set(text, (counts.get(text) ?? 0) + 1);
  return [...counts].map(([text, lines]) => ({ text, lines }));
}

function shareTimed(sample: readonly SampleText[], layouts: Layouts): number {
  const timed = sample.filter(({ text }) => hasOwnTime(text, layouts));
  return sample.length === 0 ? 0 : linesOf(timed) / linesOf(sample);
}
