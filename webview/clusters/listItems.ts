// The lines of the list of log events: risky ones each, the others folded into a line for each kind; pure functions.
import type { ClusterSnapshot } from '../../src/protocol/snapshot/clusterSnapshot.ts';
import type { ClusterView } from './clusterView.ts';

export type FoldedKind = 'known' | 'baseline';
/** How the person left the list: which folded lines are open, and how many log events without risk are listed. */
export interface ListState {
  readonly open: readonly FoldedKind[];
  readonly limit: number;
}
export type ListItem =
  | { readonly type: 'cluster'; readonly cluster: ClusterSnapshot }
  | {
      readonly type: 'fold';
      readonly kind: FoldedKind;
      readonly count: number;
      readonly lines: number;
      readonly isOpen: boolean;
    }
  | { readonly type: 'more'; readonly count: number; readonly left: number };

const page = 20,
  laterPage = 100;
export const wholeList: ListState = { open: [], limit: page };

/** `listed`: in the order of the view. Whoever filters or sorts looks for something, so nothing is folded then. */
export function listItems(
  listed: readonly ClusterSnapshot[],
  { sort, reversed, text, within }: ClusterView,
  { open, limit }: ListState,
): readonly ListItem[] {
  if (sort !== 'risk' || reversed || text.trim() !== '' || within) return paged(listed, limit);
  const risky = listed.filter(cluster => !foldedKindOf(cluster));
  return [
    ...risky.map(cluster => ({ type: 'cluster' as const, cluster })),
    ...(['known', 'baseline'] as const).flatMap(kind => foldOf(listed, kind, open.includes(kind), limit)),
  ];
}

/** The state in which this log event is listed, after it was picked elsewhere. */
export function unfold(state: ListState, listed: readonly ClusterSnapshot[], picked: ClusterSnapshot): ListState {
  const kind = foldedKindOf(picked);
  if (!kind) return state;
  const place = listed.filter(cluster => foldedKindOf(cluster) === kind).indexOf(picked);
  return {
    open: state.open.includes(kind) ? state.open : [...state.open, kind],
    limit: Math.max(state.limit, Math.ceil((place + 1) / page) * page),
  };
}

export function toggleFold(state: ListState, kind: FoldedKind): ListState {
  const { open } = state;
  return { ...state, open: open.includes(kind) ? open.filter(one => one !== kind) : [...open, kind] };
}

export function showMore(state: ListState): ListState {
  return { ...state, limit: state.limit + laterPage };
}

export function clustersOf(items: readonly ListItem[]): readonly ClusterSnapshot[] {
  return items.flatMap(item => (item.type === 'cluster' ? [item.cluster] : []));
}

function foldedKindOf({ kind }: ClusterSnapshot): FoldedKind | undefined {
  return kind === 'known' || kind === 'baseline' ? kind : undefined;
}

function foldOf(
  listed: readonly ClusterSnapshot[],
  kind: FoldedKind,
  isOpen: boolean,
  limit: number,
): readonly ListItem[] {
  const members = listed.filter(cluster => foldedKindOf(cluster) === kind);
  if (members.length === 0) return [];
  const lines = members.reduce(
    (sum, { canaryCount, baselineCount }) => sum + (kind === 'known' ? canaryCount : baselineCount),
    0,
  );
  return [{ type: 'fold', kind, count: members.length, lines, isOpen }, ...(isOpen ? paged(members, limit) : [])];
}

function paged(clusters: readonly ClusterSnapshot[], limit: number): readonly ListItem[] {
  const shown = clusters.slice(0, limit),
    left = clusters.length - shown.length;
  return [
    ...shown.map(cluster => ({ type: 'cluster' as const, cluster })),
    ...(left > 0 ? [{ type: 'more' as const, count: Math.min(left, laterPage), left }] : []),
  ];
}
