// Counts lines while they come in, in a few numbers of each tally that lie side by side. A tally is maps within maps:
// to reach into them for every line takes longer than to read the line, so a run of lines is added to them at once.
import type { Role, Severity } from '../../../model/evidence/evidence.ts';
import { createRequestCounter } from './requests.ts';
import { addLines, mostNodes, wantsSample, type Tally } from './tally.ts';

/** A node of one side, with what it logged since the last look. */
export interface LiveNode {
  readonly role: Role;
  /** The number of the role. */
  readonly side: number;
  readonly name: string;
  /** Lines by the number of the tally; undefined for a node beyond the most that a tally keeps. */
  lines: Int32Array | undefined;
}

export interface LiveLine {
  readonly node: LiveNode;
  readonly atMs: number;
  /** The request that it belongs to, where it has an id of one. */
  readonly request: number | undefined;
}

export interface LiveCounts {
  /** Counts a line of the tally with this number. */
  count(number: number, line: LiveLine, severity: Severity): void;
  /** Whether the tally with this number still wants samples of this node's side. */
  wantsSample(number: number, node: LiveNode): boolean;
  /** Brings all tallies up to date, in the order in which things came. */
  settle(): void;
}

const roles = ['canary', 'baseline', 'before'] as const satisfies readonly Role[],
  severities = ['unknown', 'trace', 'debug', 'info', 'warn', 'error', 'fatal'] as const satisfies readonly Severity[];

/**
 * Of each tally a run of lines of one side and one severity, in cells side by side: how many lines its latest second
 * has and when that begins, its side and its severity by their numbers, when its first and its last line came, how many
 * seconds came before the latest, and of each of those when it began and how many lines it has.
 */
const cellsOfRun = 24,
  secondCell = 1,
  sideCell = 2,
  severityCell = 3,
  firstCell = 4,
  lastCell = 5,
  earlierCell = 6,
  seconds = 8,
  mostEarlier = (cellsOfRun - seconds) / 2;

/** No bin of a timeline is narrower. */
const secondMs = 1000;

const firstTallies = 64;

/** `nodesBefore`: how many others its side has. */
export function createLiveNode(role: Role, name: string, nodesBefore: number): LiveNode {
  const lines = nodesBefore < mostNodes ? new Int32Array(firstTallies) : undefined;
  return { role, side: roles.indexOf(role), name, lines };
}

/** `tallies`: by their numbers; more may come. */
export function createLiveCounts(tallies: readonly { readonly tally: Tally }[]): LiveCounts {
  let runs = new Float64Array(firstTallies * cellsOfRun),
    /** By place: whether it has all the samples that it wants. */
    isSampled = new Uint8Array(firstTallies * roles.length);
  /** By place: nodes with lines since the last look, in the order in which they came. */
  const nodes = new Map<number, LiveNode[]>();

  /** A place is that of one side of a tally. */
  const placeOf = (number: number, { side }: LiveNode): number => number * roles.length + side;

  function endRun(number: number): void {
    const at = number * cellsOfRun;
    if (runs[at] === 0) return;
    keepSecond(at);
    const { tally } = tallies[number]!,
      role = roles[runs[at + sideCell]!]!,
      severity = severities[runs[at + severityCell]!]!,
      timeline = tally.timelines[role];
    let lines = 0;
    for (let cell = at + seconds, i = runs[at + earlierCell]!; i > 0; i--, cell += 2) {
      timeline.add(runs[cell]!, runs[cell + 1]!);
      lines += runs[cell + 1]!;
    }
    runs[at] = runs[at + earlierCell] = 0;
    tally.counts[role] += lines;
    tally.severities.set(severity, (tally.severities.get(severity) ?? 0) + lines);
    if (runs[at + firstCell]! < tally.firstMs) tally.firstMs = runs[at + firstCell]!;
    if (runs[at + lastCell]! > tally.lastMs) tally.lastMs = runs[at + lastCell]!;
  }

  function keepSecond(at: number): void {
    const cell = at + seconds + 2 * runs[at + earlierCell]!++;
    runs[cell] = runs[at + secondCell]!;
    runs[cell + 1] = runs[at]!;
  }

  /** A run goes on in another second while there is room for the one before. */
  function beginSecond(number: number, side: number, severity: number, atMs: number): void {
    const at = number * cellsOfRun;
    const goesOn =
      runs[at]! > 0 &&
      runs[at + sideCell] === side &&
      runs[at + severityCell] === severity &&
      runs[at + earlierCell]! < mostEarlier - 1;
    if (goesOn) keepSecond(at);
    else {
      endRun(number);
      runs[at + sideCell] = side;
      runs[at + severityCell] = severity;
      runs[at + firstCell] = runs[at + lastCell] = atMs;
    }
    runs[at] = 0;
    runs[at + secondCell] = Math.floor(atMs / secondMs) * secondMs;
  }

  function countNode(number: number, node: LiveNode): void {
    if (node.lines === undefined) {
      settleNodes(number, placeOf(number, node));
      addLines(tallies[number]!.tally.nodes[node.role], node.name, 1);
      return;
    }
    if (number >= node.lines.length) node.lines = enlarge(node.lines, new Int32Array(number * 2));
    if (node.lines[number]!++ > 0) return;
    const place = placeOf(number, node),
      list = nodes.get(place);
    if (list) list.push(node);
    else nodes.set(place, [node]);
  }

  function settleNodes(number: number, place: number): void {
    for (const { role, name, lines } of nodes.get(place) ?? []) {
      addLines(tallies[number]!.tally.nodes[role], name, lines![number]!);
      lines![number] = 0;
    }
    nodes.delete(place);
  }

  return {
    count(number, { node, atMs, request }, severity) {
      const at = number * cellsOfRun,
        kind = severities.indexOf(severity);
      if (at >= runs.length) runs = enlarge(runs, new Float64Array(at * 2));
      const second = runs[at + secondCell]!;
      if (
        runs[at] === 0 ||
        atMs < second ||
        atMs >= second + secondMs ||
        runs[at + sideCell] !== node.side ||
        runs[at + severityCell] !== kind
      )
        beginSecond(number, node.side, kind, atMs);
      runs[at]!++;
      if (atMs < runs[at + firstCell]!) runs[at + firstCell] = atMs;
      if (atMs > runs[at + lastCell]!) runs[at + lastCell] = atMs;
      countNode(number, node);
      if (request !== undefined)
        (tallies[number]!.tally.requests[node.role] ??= createRequestCounter()).add(request, atMs);
    },
    wantsSample(number, node) {
      const place = placeOf(number, node);
      if (place >= isSampled.length) isSampled = enlarge(isSampled, new Uint8Array(place * 2));
      if (isSampled[place] === 1) return false;
      const wants = wantsSample(tallies[number]!.tally, node.role);
      if (!wants) isSampled[place] = 1;
      return wants;
    },
    settle() {
      for (let number = 0; number < tallies.length && number * cellsOfRun < runs.length; number++) endRun(number);
      for (const place of nodes.keys()) settleNodes(Math.floor(place / roles.length), place);
    },
  };
}

function enlarge<Cells extends Float64Array | Int32Array | Uint8Array>(cells: Cells, larger: Cells): Cells {
  larger.set(cells);
  return larger;
}

/** Counts one line at once, without a run. */
export function countLine(tally: Tally, { node: { role, name }, atMs, request }: LiveLine, severity: Severity): void {
  tally.counts[role]++;
  tally.timelines[role].add(atMs);
  addLines(tally.nodes[role], name, 1);
  tally.severities.set(severity, (tally.severities.get(severity) ?? 0) + 1);
  tally.firstMs = Math.min(tally.firstMs, atMs);
  tally.lastMs = Math.max(tally.lastMs, atMs);
  if (request !== undefined) (tally.requests[role] ??= createRequestCounter()).add(request, atMs);
}
