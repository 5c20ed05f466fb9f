// Clusters as the chart's data: risky ones on top, area growing with the number of lines. Dots that look alike are one set, which is what keeps thousands quick.
import type { ChartDataset, Point } from 'chart.js';
import { drawPoint } from 'chart.js/helpers';
import type { ClusterKind, ClusterSnapshot } from '../src/protocol/snapshotClusters.ts';

export type ClusterPoint = Point & { readonly cluster: ClusterSnapshot };
export type Paint = Readonly<Record<'red' | 'blue' | 'grey' | 'greyLine' | 'text' | 'dim' | 'background' | 'focus' | 'brush', string>>;

const shapes = { unknown: 'rectRot', 'unexpected-frequency': 'triangle', known: 'circle', baseline: 'circle' } as const satisfies Record<ClusterKind, string>;
/** Drawn first to last. */
const layers: readonly ClusterKind[] = ['baseline', 'known', 'unexpected-frequency', 'unknown'];
/** From so many dots on each is a stamp: drawing a picture is far quicker than drawing a shape, if less sharp on a fine screen. */
const mostShapes = 1_500, radiusStep = 0.5, ringGap = 2.5;

/** Area grows with the lines up to a hundred; beyond, each tenfold adds as much as any other. */
export function radiusOfLines(lines: number): number {
  return lines <= 100 ? 2 + 0.6 * Math.sqrt(lines) : 8 + 2 * Math.log10(lines / 100);
}

export function radiusOf({ canaryCount, baselineCount, kind }: ClusterSnapshot): number {
  return Math.round((kind === 'baseline' ? radiusOfLines(baselineCount) : kind === 'known' ? radiusOfLines(canaryCount) : 4.5 + 1.2 * radiusOfLines(canaryCount)) / radiusStep) * radiusStep;
}

export function drawsStamps(clusters: readonly ClusterSnapshot[]): boolean {
  return clusters.length > mostShapes;
}

/** The first set is drawn last. */
export function datasetsOf(clusters: readonly ClusterSnapshot[], paint: Paint): ChartDataset<'scatter'>[] {
  const stamps = drawsStamps(clusters);
  return layers.flatMap(kind => {
    const alike = new Map<number, ClusterPoint[]>();
    for (const cluster of clusters) {
      if (cluster.kind !== kind) continue;
      const radius = radiusOf(cluster), points = alike.get(radius), point = { x: cluster.x, y: cluster.y, cluster };
      if (points) points.push(point);
      else alike.set(radius, [point]);
    }
    const colors = { backgroundColor: kind === 'baseline' ? paint.grey : kind === 'known' ? paint.blue : paint.red, borderColor: kind === 'baseline' ? paint.greyLine : paint.background };
    return [...alike].sort(([one], [other]) => other - one).map(([radius, data]): ChartDataset<'scatter'> => ({
      data, ...colors, pointStyle: stamps ? stampOf(kind, radius, colors, paint) : shapes[kind], pointRadius: radius, pointHoverRadius: radius, pointHitRadius: 4, borderWidth: 1, clip: 0,
    }));
  }).reverse();
}

function stampOf(kind: ClusterKind, radius: number, colors: { readonly backgroundColor: string; readonly borderColor: string }, paint: Paint): HTMLCanvasElement {
  const stamp = document.createElement('canvas'), middle = Math.ceil(radius + ringGap + 1.5), context = stamp.getContext('2d');
  stamp.width = stamp.height = 2 * middle;
  if (!context) return stamp;
  [context.fillStyle, context.strokeStyle] = [colors.backgroundColor, colors.borderColor];
  drawPoint(context, { pointStyle: shapes[kind], radius, rotation: 0, borderWidth: 1 }, middle, middle);
  if (kind === 'unknown') drawRing(context, middle, middle, radius + ringGap, paint.red, 1.5);
  return stamp;
}

/** The second mark of what was never seen. */
export function drawUnknownRing(context: CanvasRenderingContext2D, x: number, y: number, cluster: ClusterSnapshot, color: string): void {
  drawRing(context, x, y, radiusOf(cluster) + ringGap, color, 1.5);
}

export function drawRing(context: CanvasRenderingContext2D, x: number, y: number, radius: number, color: string, width: number): void {
  context.beginPath();
  context.arc(x, y, radius, 0, 2 * Math.PI);
  context.strokeStyle = color;
  context.lineWidth = width;
  context.stroke();
}
