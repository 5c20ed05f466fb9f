// Tells the streams of a source apart by the heads of their lines, and learns the layout of each.
import { headKind, readHeader } from './header.ts';
import { emptyHeader } from './headerStyles.ts';
import { learnLayout, plainLayout } from './layout.ts';
import { type Layout, type Layouts } from './header.ts';
import { findTime, noTime } from '../text/timestamps.ts';

const mostLayouts = 32,
  headLimit = 400;

/** Learns from the canonical texts of some physical lines; continuation lines may be among them. */
export function learnLayouts(sample: readonly string[]): Layouts {
  const found = noTime();
  const byKind = new Map<number, string[]>();
  for (const line of sample) {
    const kind = findTime(line, Math.min(line.length, headLimit), found) ? headKind(line, found) : 0;
    const lines = byKind.get(kind);
    if (lines) lines.push(line);
    else if (byKind.size < mostLayouts) byKind.set(kind, [line]);
  }
  const layouts = new Map<number, Layout>(
    [...byKind].map(([kind, lines]) => [kind, learnLayout(lines, lines.length / sample.length)]),
  );
  const learned: Layouts = { timed: 0, of: kind => layouts.get(kind) ?? plainLayout };
  return { ...learned, timed: shareTimed(sample, learned) };
}

function shareTimed(sample: readonly string[], layouts: Layouts): number {
  const header = emptyHeader();
  let timed = 0;
  for (const line of sample) {
    readHeader(line, layouts, header);
    if (header.hasTime) timed++;
  }
  return sample.length === 0 ? 0 : timed / sample.length;
}
