// Clusters as the chart's data: one set per kind, risky ones on top, area growing with the number of lines.
import type { ChartDataset, Point } from 'chart.js';
import type { ClusterKind, ClusterSnapshot } from '../src/protocol/snapshotClusters.ts';
import { kindNames } from './marks.ts';

export type ClusterPoint = Point & { readonly cluster: ClusterSnapshot };
export type Paint = Readonly<Record<'red' | 'blue' | 'grey' | 'greyLine' | 'text' | 'dim' | 'background' | 'focus', string>>;

const shapes = { unknown: 'rectRot', 'unexpected-frequency': 'triangle', known: 'circle', baseline: 'circle' } as const satisfies Record<ClusterKind, string>;
/** Drawn first to last. */
const layers: readonly ClusterKind[] = ['baseline', 'known', 'unexpected-frequency', 'unknown'];
const widest = 16;

export function radiusOf({ canaryCount, baselineCount, kind }: ClusterSnapshot): number {
  const least = kind === 'unknown' || kind === 'unexpected-frequency' ? 5 : 2.5;
  return Math.min(widest, least + 1.4 * Math.log2(1 + canaryCount + baselineCount));
}

export function datasetsOf(clusters: readonly ClusterSnapshot[], paint: Paint): ChartDataset<'scatter'>[] {
  return layers.map(kind => {
    const own = clusters.filter(cluster => cluster.kind === kind);
    const radius = own.map(radiusOf), risky = kind === 'unknown' || kind === 'unexpected-frequency';
    return {
      label: kindNames[kind], data: own.map((cluster): ClusterPoint => ({ x: cluster.x, y: cluster.y, cluster })), pointStyle: shapes[kind], pointRadius: radius, pointHoverRadius: radius, pointHitRadius: 4,
      backgroundColor: risky ? paint.red : kind === 'known' ? paint.blue : paint.grey, borderColor: kind === 'baseline' ? paint.greyLine : paint.background, borderWidth: 1, clip: 0,
    };
  }).reverse();
}
