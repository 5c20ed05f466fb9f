// What was seen of one group: how often, where, when, how severe, and a few samples.
import type { Role, Severity } from '../../../model/evidence/evidence.ts';
import { copyOf } from '../text/characters.ts';
import { joinCounters, type RequestCounter } from './requests.ts';
import { createTimeline, joinTimelines, type Timeline } from './timeline.ts';

/** Lines of so many nodes are counted apart. */
export const mostNodes = 1000;
const mostSamples = 5,
  longestSample = 8_000;

export interface Tally {
  /** The tallies that were merged into this one. */
  readonly parts: readonly Tally[];
  readonly counts: Record<Role, number>;
  readonly timelines: Record<Role, Timeline>;
  /** Lines per node. */
  readonly nodes: Record<Role, Map<string, number>>;
  /** How its lines are spread over requests; undefined where they bear no ids. */
  readonly requests: Record<Role, RequestCounter | undefined>;
  readonly severities: Map<Severity, number>;
  readonly samples: { readonly canary: string[]; readonly baseline: string[] };
  firstMs: number;
  lastMs: number;
}

export function createTally(parts: readonly Tally[] = []): Tally {
  return {
    parts,
    counts: { canary: 0, baseline: 0, before: 0 },
    timelines: { canary: createTimeline(), baseline: createTimeline(), before: createTimeline() },
    nodes: { canary: new Map(), baseline: new Map(), before: new Map() },
    requests: { canary: undefined, baseline: undefined, before: undefined },
    severities: new Map(),
    samples: { canary: [], baseline: [] },
    firstMs: Infinity,
    lastMs: -Infinity,
  };
}

/** Counts lines of a node. */
export function addLines(nodes: Map<string, number>, node: string, lines: number): void {
  const before = nodes.get(node);
  if (before !== undefined || nodes.size < mostNodes) nodes.set(node, (before ?? 0) + lines);
}

export function wantsSample(tally: Tally, role: Role): boolean {
  return (role === 'canary' ? tally.samples.canary : tally.samples.baseline).length < mostSamples;
}

export function addSample(tally: Tally, role: Role, text: string): void {
  const bounded = text.length > longestSample ? `${text.slice(0, longestSample)}…` : text;
  (role === 'canary' ? tally.samples.canary : tally.samples.baseline).push(copyOf(bounded));
}

/** The severity that most lines had. */
export function usualSeverity(severities: ReadonlyMap<Severity, number>): Severity {
  let best: Severity = 'unknown',
    most = 0;
  for (const [severity, lines] of severities)
    if (lines > most) {
      best = severity;
      most = lines;
    }
  return best;
}

/** Several groups that turned out to be one. */
export function mergeTallies(tallies: readonly Tally[]): Tally {
  if (tallies.length === 1) return tallies[0]!;
  const merged = createTally(tallies.flatMap(tally => [tally, ...tally.parts]));
  for (const tally of tallies) {
    for (const role of ['canary', 'baseline', 'before'] as const) {
      merged.counts[role] += tally.counts[role];
      for (const [node, lines] of tally.nodes[role])
        merged.nodes[role].set(node, (merged.nodes[role].get(node) ?? 0) + lines);
    }
    for (const [severity, lines] of tally.severities)
      merged.severities.set(severity, (merged.severities.get(severity) ?? 0) + lines);
    for (const side of ['canary', 'baseline'] as const)
      merged.samples[side].push(...tally.samples[side].slice(0, mostSamples - merged.samples[side].length));
    merged.firstMs = Math.min(merged.firstMs, tally.firstMs);
    merged.lastMs = Math.max(merged.lastMs, tally.lastMs);
  }
  for (const role of ['canary', 'baseline', 'before'] as const) {
    merged.timelines[role] = joinTimelines(tallies.map(tally => tally.timelines[role]));
    merged.requests[role] = joinCounters(tallies.map(tally => tally.requests[role]));
  }
  return merged;
}
