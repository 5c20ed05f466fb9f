// Counts the lines of a tally while they come in, in a few numbers that lie together. A tally is maps within maps; to
// reach into them for every line takes longer than to read the line, so they are brought up to date at each look only.
import type { Role, Severity } from '../../../model/evidence/evidence.ts';
import { createRequestCounter } from './requests.ts';
import type { Timeline } from './timeline.ts';
import { addLines, wantsSample, type Tally } from './tally.ts';

export interface LiveCounts {
  readonly tally: Tally;
  readonly canary: LiveSide;
  readonly baseline: LiveSide;
  readonly before: LiveSide;
  firstMs: number;
  lastMs: number;
  /** The severity of the latest lines, and how many there are. */
  severity: Severity;
  severityLines: number;
}

/** What came since the last look. */
interface LiveSide {
  readonly timeline: Timeline;
  /** Lines per node until the last look, as the tally has them. */
  readonly settled: Map<string, number>;
  lines: number;
  /** Lines by the number of the node, and the nodes in the order in which they came. */
  readonly linesOfNode: number[];
  readonly nodes: LiveNode[];
  wantsSample: boolean;
}

/** A node of one side. Numbers count from 0; those beyond the most nodes that a tally keeps have none. */
export interface LiveNode {
  readonly name: string;
  readonly number: number | undefined;
}

export interface LiveLine {
  readonly role: Role;
  readonly node: LiveNode;
  readonly atMs: number;
  /** The request that it belongs to, where it has an id of one. */
  readonly request: number | undefined;
}

export function createLiveCounts(tally: Tally): LiveCounts {
  const sideOf = (role: Role): LiveSide => ({
    timeline: tally.timelines[role],
    settled: tally.nodes[role],
    lines: 0,
    linesOfNode: [],
    nodes: [],
    wantsSample: wantsSample(tally, role),
  });
  return {
    tally,
    canary: sideOf('canary'),
    baseline: sideOf('baseline'),
    before: sideOf('before'),
    firstMs: tally.firstMs,
    lastMs: tally.lastMs,
    severity: 'unknown',
    severityLines: 0,
  };
}

/** Counts one record. */
export function countLive(live: LiveCounts, { role, node, atMs, request }: LiveLine, severity: Severity): void {
  const side = live[role];
  side.lines++;
  side.timeline.add(atMs);
  countNode(side, node);
  if (severity !== live.severity) {
    settleSeverity(live);
    live.severity = severity;
  }
  live.severityLines++;
  if (atMs < live.firstMs) live.firstMs = atMs;
  if (atMs > live.lastMs) live.lastMs = atMs;
  if (request !== undefined) (live.tally.requests[role] ??= createRequestCounter()).add(request, atMs);
}

function countNode(side: LiveSide, node: LiveNode): void {
  const { linesOfNode } = side,
    { number } = node;
  if (number === undefined) {
    settleNodes(side);
    addLines(side.settled, node.name, 1);
    return;
  }
  const lines = linesOfNode[number];
  if (lines) {
    linesOfNode[number] = lines + 1;
    return;
  }
  // A list without gaps is the fast kind.
  while (linesOfNode.length < number) linesOfNode.push(0);
  linesOfNode[number] = 1;
  side.nodes.push(node);
}

/** Brings the tally up to date, in the order in which things came. */
export function settle(live: LiveCounts): void {
  const { tally } = live;
  for (const role of ['canary', 'baseline', 'before'] as const) {
    const side = live[role];
    tally.counts[role] += side.lines;
    side.lines = 0;
    settleNodes(side);
  }
  settleSeverity(live);
  tally.firstMs = Math.min(tally.firstMs, live.firstMs);
  tally.lastMs = Math.max(tally.lastMs, live.lastMs);
}

function settleNodes({ nodes, linesOfNode, settled }: LiveSide): void {
  for (const { name, number = 0 } of nodes) {
    addLines(settled, name, linesOfNode[number]!);
    linesOfNode[number] = 0;
  }
  nodes.length = 0;
}

function settleSeverity(live: LiveCounts): void {
  const { severity, severityLines, tally } = live;
  if (severityLines > 0) tally.severities.set(severity, (tally.severities.get(severity) ?? 0) + severityLines);
  live.severityLines = 0;
}
