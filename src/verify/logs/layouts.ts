// Tells the streams of a source apart by the heads of their lines, and learns the layout of each.
import { headKind } from './header.ts';
import { learnLayout, plainLayout, type Layout, type Layouts } from './layout.ts';
import { findTime, type FoundTime } from './timestamps.ts';

const mostLayouts = 32, headLimit = 400;

/** Learns from some physical lines; continuation lines may be among them. */
export function learnLayouts(sample: readonly string[]): Layouts {
  const found: FoundTime = { start: 0, end: 0, before: 0, syslog: false };
  const byKind = new Map<number, string[]>();
  let timed = 0;
  for (const line of sample) {
    const hasTime = findTime(line, Math.min(line.length, headLimit), found);
    if (hasTime) timed++;
    const kind = hasTime ? headKind(line, found) : 0;
    const lines = byKind.get(kind);
    if (lines) lines.push(line); else if (byKind.size < mostLayouts) byKind.set(kind, [line]);
  }
  const layouts = new Map<number, Layout>([...byKind].map(([kind, lines]) => [kind, learnLayout(lines)]));
  return { timed: sample.length === 0 ? 0 : timed / sample.length, of: kind => layouts.get(kind) ?? plainLayout };
}
