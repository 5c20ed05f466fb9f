// Clusters as the chart's data: one set per kind, risky ones on top, area growing with the number of lines.
import type { ChartDataset, Point } from 'chart.js';
import type { ClusterKind, ClusterSnapshot } from '../src/protocol/snapshotClusters.ts';
import { kindNames } from './marks.ts';

export type ClusterPoint = Point & { readonly cluster: ClusterSnapshot };
export type Paint = Readonly<Record<'red' | 'blue' | 'grey' | 'greyLine' | 'text' | 'dim' | 'background' | 'focus' | 'brush', string>>;

const shapes = { unknown: 'rectRot', 'unexpected-frequency': 'triangle', known: 'circle', baseline: 'circle' } as const satisfies Record<ClusterKind, string>;
/** Drawn first to last. */
const layers: readonly ClusterKind[] = ['baseline', 'known', 'unexpected-frequency', 'unknown'];

/** Area grows with the lines up to a hundred; beyond, each tenfold adds as much as any other. */
export function radiusOfLines(lines: number): number {
  return lines <= 100 ? 2 + 0.6 * Math.sqrt(lines) : 8 + 2 * Math.log10(lines / 100);
}

export function radiusOf({ canaryCount, baselineCount, kind }: ClusterSnapshot): number {
  switch (kind) {
    case 'unknown': case 'unexpected-frequency': return 4.5 + 1.2 * radiusOfLines(canaryCount);
    case 'known': return radiusOfLines(canaryCount);
    case 'baseline': return radiusOfLines(baselineCount);
    default: return kind satisfies never;
  }
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
