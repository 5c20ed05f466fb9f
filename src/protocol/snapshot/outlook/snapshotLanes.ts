// When nodes sent data: a lane of bars for each column of the table of what is known, from the values of one metric.
import { formatTime } from '../../words/format.ts';
import { t } from '../../words/translate.ts';
import type { CheckSnapshot } from '../snapshotChecks.ts';

export interface LanesSnapshot {
  /** Name of the metric. */
  readonly title: string;
  readonly from: string;
  readonly to: string;
  readonly count: number;
  /** The bar with which the canary begins. */
  readonly since: number;
  readonly lanes: readonly LaneSnapshot[];
}
export interface LaneSnapshot {
  readonly name: string;
  readonly side: 'canary' | 'baseline';
  /** Shares of the greatest value of all lanes; null: no data. */
  readonly bars: readonly (number | null)[];
  /** `last 15:46:07`, `now`. */
  readonly last: string;
  /** The first bar since which the nodes are silent. */
  readonly silentFrom?: number;
}

/** Which nodes a lane is for, and the time of their last data if they are silent. */
export interface LaneNodes {
  readonly head: string;
  readonly nodes: readonly string[];
  readonly side: 'canary' | 'baseline';
  readonly silentSinceMs?: number;
}
type Values = readonly (number | null)[];

const mostBars = 48;

/** As much time before the canary as since its beginning, to now; undefined if the metric has no series. */
export function snapshotLanes(
  { name, series }: CheckSnapshot,
  of: readonly LaneNodes[],
  nowMs: number,
): LanesSnapshot | undefined {
  if (!series || nowMs <= series.sinceMs) return undefined;
  const { startMs, intervalMs, sinceMs, nodes, canary, baseline } = series;
  const fromMs = Math.max(startMs, 2 * sinceMs - nowMs),
    barMs = Math.max(intervalMs, (nowMs - fromMs) / mostBars),
    count = Math.ceil((nowMs - fromMs) / barMs);
  const barOf = (atMs: number): number => Math.floor((atMs - fromMs) / barMs);
  const drawn = of.map(lane => {
    const own = lane.side === 'baseline' ? [] : lane.nodes.flatMap(node => (nodes[node] ? [nodes[node]] : []));
    const lines = own.length > 0 ? own : [lane.side === 'baseline' ? baseline : canary];
    return { lane, means: meansOf(lines, count, at => barOf(startMs + (at + 0.5) * intervalMs)) };
  });
  const most = Math.max(...drawn.flatMap(({ means }) => means.map(mean => mean ?? 0)));
  return {
    title: name,
    from: formatTime(fromMs),
    to: formatTime(nowMs),
    count,
    since: barOf(sinceMs),
    lanes: drawn.map(({ lane: { head, side, silentSinceMs }, means }) => ({
      name: head,
      side,
      bars: means.map(mean => (mean === null || most <= 0 ? mean : Math.round((100 * mean) / most) / 100)),
      last: silentSinceMs === undefined ? t('now') : t('last {0}', formatTime(silentSinceMs)),
      ...(silentSinceMs !== undefined && { silentFrom: means.findLastIndex(mean => mean !== null) + 1 }),
    })),
  };
}

/** The mean of all values that belong to a bar. */
function meansOf(lines: readonly Values[], count: number, barOf: (at: number) => number): (number | null)[] {
  const sums = Array.from({ length: count }, () => ({ sum: 0, values: 0 }));
  for (const line of lines)
    for (const [at, value] of line.entries()) {
      const bar = sums[barOf(at)];
      if (value === null || !bar) continue;
      bar.sum += value;
      bar.values += 1;
    }
  return sums.map(({ sum, values }) => (values ? sum / values : null));
}
