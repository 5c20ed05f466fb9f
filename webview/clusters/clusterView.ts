// Which clusters are listed, and in which order: by kind, by text, within a selected part of the map; pure functions.
import type { Severity } from '../../src/model/evidence/evidence.ts';
import type { ClusterKind, ClusterSnapshot } from '../../src/protocol/snapshot/clusterSnapshot.ts';

export const sortKeys = ['risk', 'severity', 'template', 'canary', 'baseline'] as const;
export type SortKey = (typeof sortKeys)[number];
/** In units of the map. */
export interface MapBox {
  readonly left: number;
  readonly right: number;
  readonly bottom: number;
  readonly top: number;
}
export interface ClusterView {
  readonly off: readonly ClusterKind[];
  readonly text: string;
  readonly sort: SortKey;
  readonly reversed: boolean;
  readonly within?: MapBox;
  /** On a narrow panel: the map instead of the list. */
  readonly map?: boolean;
}
export const wholeView: ClusterView = { off: [], text: '', sort: 'risk', reversed: false };

const severities: readonly Severity[] = ['fatal', 'error', 'warn', 'unknown', 'info', 'debug', 'trace'];
/** The most important kind first. */
const orders = {
  severity: (one, other) => severities.indexOf(one.severity) - severities.indexOf(other.severity),
  template: (one, other) => (one.template < other.template ? -1 : one.template > other.template ? 1 : 0),
  canary: (one, other) => other.canaryCount - one.canaryCount,
  baseline: (one, other) => other.baselineCount - one.baselineCount,
} satisfies Record<Exclude<SortKey, 'risk'>, (one: ClusterSnapshot, other: ClusterSnapshot) => number>;

/** The clusters in the chart: those in the selection and those outside it. */
export function matchClusters(
  clusters: readonly ClusterSnapshot[],
  { off, text }: ClusterView,
): readonly ClusterSnapshot[] {
  const wanted = text.trim().toLowerCase();
  return off.length === 0 && !wanted
    ? clusters
    : clusters.filter(
        ({ kind, template, says = '', letter }) =>
          !off.includes(kind) &&
          (!wanted || `${template}\n${says}`.toLowerCase().includes(wanted) || letter?.toLowerCase() === wanted),
      );
}

/** The clusters in the table. They are given riskiest first. */
export function listClusters(
  matching: readonly ClusterSnapshot[],
  { sort, reversed, within }: ClusterView,
): readonly ClusterSnapshot[] {
  const inside = within
    ? matching.filter(({ x, y }) => x >= within.left && x <= within.right && y >= within.bottom && y <= within.top)
    : matching;
  const sorted = sort === 'risk' ? inside : inside.toSorted(orders[sort]);
  return reversed ? sorted.toReversed() : sorted;
}
