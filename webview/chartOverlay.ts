// What the chart draws over its dots: rings round unknown clusters, letters, the picked one, and the line to its nearest known cluster.
import type { Chart, Plugin } from 'chart.js';
import type { ClusterSnapshot } from '../src/protocol/snapshotClusters.ts';
import { formatNumber } from '../src/protocol/format.ts';
import { radiusOf, type Paint } from './chartMarks.ts';

export interface Overlay {
  readonly clusters: readonly ClusterSnapshot[];
  readonly picked: ClusterSnapshot | undefined;
  readonly paint: Paint;
  readonly fontFamily: string;
}
interface Box { readonly left: number; readonly top: number; readonly right: number; readonly bottom: number }

const mostLabels = 40, longestName = 34, narrow = 620, leastWritten = 2;

export function createOverlay(read: () => Overlay): Plugin<'scatter'> {
  return { id: 'backstop', afterDatasetsDraw(chart) {
    const overlay = read(), { ctx, chartArea } = chart;
    ctx.save();
    ctx.beginPath();
    ctx.rect(chartArea.left, chartArea.top, chartArea.width, chartArea.height);
    ctx.clip();
    drawLeash(chart, overlay);
    for (const cluster of overlay.clusters) if (cluster.kind === 'unknown') drawRing(chart, cluster, 3, overlay.paint.red, 1.5);
    if (overlay.picked) drawRing(chart, overlay.picked, 7, overlay.paint.focus, 2);
    drawLabels(chart, overlay);
    ctx.restore();
  } };
}

function placeOf(chart: Chart, { x, y }: ClusterSnapshot): { readonly x: number; readonly y: number } {
  return { x: chart.scales['x']?.getPixelForValue(x) ?? 0, y: chart.scales['y']?.getPixelForValue(y) ?? 0 };
}

function drawRing(chart: Chart, cluster: ClusterSnapshot, beyond: number, color: string, width: number): void {
  const { x, y } = placeOf(chart, cluster);
  chart.ctx.beginPath();
  chart.ctx.arc(x, y, radiusOf(cluster) + beyond, 0, 2 * Math.PI);
  chart.ctx.strokeStyle = color;
  chart.ctx.lineWidth = width;
  chart.ctx.stroke();
}

function drawLeash(chart: Chart, { clusters, picked, paint, fontFamily }: Overlay): void {
  const nearest = picked?.nearest, known = nearest && clusters.find(cluster => cluster.id === nearest.id);
  if (!picked || !known || !nearest) return;
  const from = placeOf(chart, picked), to = placeOf(chart, known), { ctx } = chart;
  ctx.beginPath();
  ctx.setLineDash([2, 3]);
  ctx.moveTo(from.x, from.y);
  ctx.lineTo(to.x, to.y);
  ctx.strokeStyle = paint.text;
  ctx.lineWidth = 1;
  ctx.stroke();
  ctx.setLineDash([]);
  write(ctx, `similarity ${formatNumber(nearest.similarity)}`, (from.x + to.x) / 2 + 8, (from.y + to.y) / 2 - 8, paint.dim, `12px ${fontFamily}`, paint.background);
}

/** A name gives way to its letter where there is no room, and the letter where there is none for it either: the table has both. */
function drawLabels(chart: Chart, { clusters, paint, fontFamily }: Overlay): void {
  const { ctx, chartArea } = chart, taken: Box[] = [];
  const risky = clusters.filter(cluster => cluster.letter !== undefined).slice(0, mostLabels);
  for (const cluster of risky) taken.push(around(placeOf(chart, cluster), radiusOf(cluster) + 4));
  for (const cluster of risky) {
    const { letter = '' } = cluster, { x, y } = placeOf(chart, cluster), gap = radiusOf(cluster) + 10;
    ctx.font = `600 12px ${fontFamily}`;
    for (const text of [...(chartArea.width > narrow ? [`${letter} ${shortName(cluster.template)}, ${cluster.canaryCount}`] : []), `${letter}, ${cluster.canaryCount}`]) {
      const width = ctx.measureText(text).width;
      const sides = [x + gap, x - gap - width].map((left): Box => ({ left, top: y - 8, right: left + width, bottom: y + 8 }));
      const free = sides.find(box => box.left > chartArea.left + leastWritten && box.right < chartArea.right - leastWritten && !taken.some(other => overlaps(box, other)));
      if (!free) continue;
      taken.push(free);
      write(ctx, text, free.left, y + 4, paint.text, ctx.font, paint.background);
      break;
    }
  }
}

function write(ctx: CanvasRenderingContext2D, text: string, x: number, y: number, color: string, font: string, halo: string): void {
  ctx.font = font;
  ctx.lineWidth = 4;
  ctx.lineJoin = 'round';
  ctx.strokeStyle = halo;
  ctx.strokeText(text, x, y);
  ctx.fillStyle = color;
  ctx.fillText(text, x, y);
}

/** Of an exception its class, of other events their first words. */
export function shortName(template: string): string {
  const exception = /^[\w.$]{1,300}?(\w{1,100}(?:Exception|Error))\b/.exec(template)?.[1];
  const name = exception ?? template.replaceAll('<*>', '·');
  return name.length > longestName ? `${name.slice(0, longestName - 1)}…` : name;
}

function around({ x, y }: { readonly x: number; readonly y: number }, by: number): Box {
  return { left: x - by, top: y - by, right: x + by, bottom: y + by };
}

function overlaps(one: Box, other: Box): boolean {
  return one.left < other.right && other.left < one.right && one.top < other.bottom && other.top < one.bottom;
}
