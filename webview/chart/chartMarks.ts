// Clusters as chart data: risky ones on top, area growing with lines. Equal dots are one set, which keeps thousands
// fast.
import type { Chart, ChartDataset, Point } from 'chart.js';
import { drawPoint } from 'chart.js/helpers';
import type { ClusterKind, ClusterSnapshot } from '../../src/protocol/snapshot/clusterSnapshot.ts';

export type ClusterPoint = Point & { readonly cluster: ClusterSnapshot };
export type Paint = Readonly<
  Record<'red' | 'blue' | 'grey' | 'greyLine' | 'text' | 'dim' | 'background' | 'focus' | 'brush', string>
>;
/** `stamp`: the picture that each dot is drawn with; without one, each dot is drawn as a shape. */
export type DotSet = ChartDataset<'scatter', ClusterPoint[]> & {
  readonly stamp?: CanvasImageSource & { readonly width: number };
};

const shapes = {
  unknown: 'rectRot',
  'unexpected-frequency': 'triangle',
  known: 'circle',
  baseline: 'circle',
} as const satisfies Record<ClusterKind, string>;
/** In drawing order. */
const layers: readonly ClusterKind[] = ['baseline', 'known', 'unexpected-frequency', 'unknown'];
/** From this number of dots on, each is a stamp: copying a picture is much faster than drawing a shape. */
const mostShapes = 1_500,
  radiusStep = 0.5,
  ringGap = 2.5;

/** The area grows with the lines up to a hundred; above that, every factor of ten adds the same area. */
export function radiusOfLines(lines: number): number {
  return lines <= 100 ? 2 + 0.6 * Math.sqrt(lines) : 8 + 2 * Math.log10(lines / 100);
}

export function radiusOf({ canaryCount, baselineCount, kind }: ClusterSnapshot): number {
  return (
    Math.round(
      (kind === 'baseline'
        ? radiusOfLines(baselineCount)
        : kind === 'known'
          ? radiusOfLines(canaryCount)
          : 4.5 + 1.2 * radiusOfLines(canaryCount)) / radiusStep,
    ) * radiusStep
  );
}

export function drawsStamps(clusters: readonly ClusterSnapshot[]): boolean {
  return clusters.length > mostShapes;
}

/** The first set is drawn last. `ratio`: screen pixels per page pixel. */
export function datasetsOf(clusters: readonly ClusterSnapshot[], paint: Paint, ratio: number): DotSet[] {
  const stamps = drawsStamps(clusters);
  return layers
    .flatMap(kind => {
      const alike = new Map<number, ClusterPoint[]>();
      for (const cluster of clusters) {
        if (cluster.kind !== kind) continue;
        const radius = radiusOf(cluster),
          points = alike.get(radius),
          point = { x: cluster.x, y: cluster.y, cluster };
        if (points) points.push(point);
        else alike.set(radius, [point]);
      }
      const colors = {
        backgroundColor: kind === 'baseline' ? paint.grey : kind === 'known' ? paint.blue : paint.red,
        borderColor: kind === 'baseline' ? paint.greyLine : paint.background,
      };
      return [...alike]
        .sort(([one], [other]) => other - one)
        .map(([radius, data]): DotSet => ({
          data,
          ...colors,
          ...(stamps && { stamp: stampOf(kind, radius, colors, paint, ratio) }),
          pointStyle: shapes[kind],
          pointRadius: radius,
          pointHoverRadius: radius,
          pointHitRadius: 4,
          borderWidth: 1,
          clip: 0,
        }));
    })
    .reverse();
}

function stampOf(
  kind: ClusterKind,
  radius: number,
  colors: { readonly backgroundColor: string; readonly borderColor: string },
  paint: Paint,
  ratio: number,
): HTMLCanvasElement {
  const stamp = document.createElement('canvas'),
    middle = Math.ceil(radius + ringGap + 1.5),
    context = stamp.getContext('2d');
  stamp.width = stamp.height = Math.ceil(2 * middle * ratio);
  if (!context) return stamp;
  context.scale(ratio, ratio);
  [context.fillStyle, context.strokeStyle] = [colors.backgroundColor, colors.borderColor];
  drawPoint(context, { pointStyle: shapes[kind], radius, rotation: 0, borderWidth: 1 }, middle, middle);
  if (kind === 'unknown') drawRing(context, middle, middle, radius + ringGap, paint.red, 1.5);
  return stamp;
}

/** On whole screen pixels, where a copy is sharp and fast; returns whether it drew the set. */
export function stampDots(
  { ctx, chartArea, currentDevicePixelRatio: ratio }: Chart,
  { stamp, pointRadius }: DotSet,
  dots: readonly { readonly x: number; readonly y: number }[],
): boolean {
  if (!stamp) return false;
  const size = stamp.width / ratio,
    middle = Math.ceil(Number(pointRadius) + ringGap + 1.5),
    { left, right, top, bottom } = chartArea;
  for (const { x, y } of dots) {
    if (x < left - middle || x > right + middle || y < top - middle || y > bottom + middle) continue;
    ctx.drawImage(
      stamp,
      Math.round((x - middle) * ratio) / ratio,
      Math.round((y - middle) * ratio) / ratio,
      size,
      size,
    );
  }
  return true;
}

/** The second mark of clusters that were never seen before. */
export function drawUnknownRing(
  context: CanvasRenderingContext2D,
  x: number,
  y: number,
  cluster: ClusterSnapshot,
  color: string,
): void {
  drawRing(context, x, y, radiusOf(cluster) + ringGap, color, 1.5);
}

export function drawRing(
  context: CanvasRenderingContext2D,
  x: number,
  y: number,
  radius: number,
  color: string,
  width: number,
): void {
  context.beginPath();
  context.arc(x, y, radius, 0, 2 * Math.PI);
  context.strokeStyle = color;
  context.lineWidth = width;
  context.stroke();
}
