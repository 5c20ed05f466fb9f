// What the chart draws above its dots: place names, rings, letters, the selected cluster and its nearest, the
// selection.
import type { Chart, Plugin, PointElement } from 'chart.js';
import type { ClusterSnapshot } from '../../src/protocol/snapshot/clusterSnapshot.ts';
import { formatNumber } from '../../src/protocol/words/format.ts';
import { t } from '../../src/protocol/words/translate.ts';
import type { Neighbourhood } from './neighbourhoods.ts';
import type { MapBox } from '../clusters/clusterView.ts';
import { drawRing, drawsStamps, drawUnknownRing, radiusOf, stampDots, type DotSet, type Paint } from './chartMarks.ts';

export interface Overlay {
  readonly clusters: readonly ClusterSnapshot[];
  readonly places: readonly Neighbourhood[];
  readonly picked: ClusterSnapshot | undefined;
  readonly brush: MapBox | undefined;
  readonly paint: Paint;
  readonly fontFamily: string;
}
interface Box {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

const mostLabels = 40,
  zoomTools = { width: 34, height: 84 },
  longestName = 34,
  narrow = 620,
  leastWritten = 2;

export function createOverlay(read: () => Overlay): Plugin<'scatter'> {
  return {
    id: 'backstop',
    beforeDatasetDraw: (chart, { index, meta }) =>
      !stampDots(chart, chart.data.datasets[index] as DotSet, meta.data as PointElement[]),
    afterDatasetsDraw(chart) {
      const overlay = read(),
        { ctx, chartArea } = chart;
      ctx.save();
      ctx.beginPath();
      ctx.rect(chartArea.left, chartArea.top, chartArea.width, chartArea.height);
      ctx.clip();
      const said = drawLeash(chart, overlay);
      const { clusters, picked, paint } = overlay,
        place = picked && placeOf(chart, picked);
      if (!drawsStamps(clusters))
        for (const cluster of clusters)
          if (cluster.kind === 'unknown') {
            const { x, y } = placeOf(chart, cluster);
            drawUnknownRing(ctx, x, y, cluster, paint.red);
          }
      if (picked && place) drawRing(ctx, place.x, place.y, radiusOf(picked) + 7, paint.focus, 2);
      drawLabels(chart, overlay, said);
      drawBrush(chart, overlay);
      ctx.restore();
    },
  };
}

function placeOf(chart: Chart, { x, y }: ClusterSnapshot): { readonly x: number; readonly y: number } {
  return { x: chart.scales['x']?.getPixelForValue(x) ?? 0, y: chart.scales['y']?.getPixelForValue(y) ?? 0 };
}

/** Where its words are. */
function drawLeash(chart: Chart, { clusters, picked, paint, fontFamily }: Overlay): Box | undefined {
  const nearest = picked?.nearest,
    known = nearest && clusters.find(cluster => cluster.id === nearest.id);
  if (!picked || !known || !nearest) return undefined;
  const from = placeOf(chart, picked),
    to = placeOf(chart, known),
    { ctx } = chart;
  ctx.beginPath();
  ctx.setLineDash([2, 3]);
  ctx.moveTo(from.x, from.y);
  ctx.lineTo(to.x, to.y);
  ctx.strokeStyle = paint.text;
  ctx.lineWidth = 1;
  ctx.stroke();
  ctx.setLineDash([]);
  const x = (from.x + to.x) / 2 + 8,
    y = (from.y + to.y) / 2 - 8,
    text = t('similarity {0}', formatNumber(nearest.similarity));
  write(ctx, text, x, y, paint.dim, `12px ${fontFamily}`, paint.background);
  return { left: x, top: y - 12, right: x + ctx.measureText(text).width, bottom: y + 4 };
}

function drawBrush(chart: Chart, { brush, paint }: Overlay): void {
  const { x, y } = chart.scales;
  if (!brush || !x || !y) return;
  const left = x.getPixelForValue(brush.left),
    top = y.getPixelForValue(brush.top);
  const width = x.getPixelForValue(brush.right) - left,
    height = y.getPixelForValue(brush.bottom) - top;
  chart.ctx.fillStyle = paint.brush;
  chart.ctx.fillRect(left, top, width, height);
  chart.ctx.strokeStyle = paint.focus;
  chart.ctx.lineWidth = 1;
  chart.ctx.strokeRect(left, top, width, height);
}

/** A name gives way to its letter if there is no room, and the letter disappears too if needed: the table has both. */
function drawLabels(chart: Chart, overlay: Overlay, said: Box | undefined): void {
  const { clusters } = overlay,
    { chartArea } = chart,
    taken: Box[] = [];
  const risky = clusters.filter(cluster => cluster.letter !== undefined).slice(0, mostLabels);
  for (const cluster of risky) taken.push(around(placeOf(chart, cluster), radiusOf(cluster) + 4));
  if (said) taken.push(said);
  taken.push({
    left: chartArea.right - zoomTools.width,
    top: chartArea.top,
    right: chartArea.right,
    bottom: chartArea.top + zoomTools.height,
  });
  const dots = drawsStamps(clusters) ? [] : clusters.map(cluster => around(placeOf(chart, cluster), radiusOf(cluster)));
  for (const cluster of risky) nameCluster(chart, overlay, cluster, { taken, dots });
  namePlaces(chart, overlay, taken);
}

interface Room {
  /** Nothing is written over these; what is written is added. */
  readonly taken: Box[];
  /** A name covers as few of these as possible. */
  readonly dots: readonly Box[];
}

function nameCluster(
  chart: Chart,
  { paint, fontFamily }: Overlay,
  cluster: ClusterSnapshot,
  { taken, dots }: Room,
): void {
  const { ctx, chartArea } = chart,
    { letter = '' } = cluster;
  const covered = (box: Box): number => dots.filter(dot => overlaps(dot, box)).length;
  ctx.font = `600 12px ${fontFamily}`;
  for (const text of [
    ...(chartArea.width > narrow ? [`${letter} ${shortName(cluster.template)}, ${cluster.canaryCount}`] : []),
    `${letter}, ${cluster.canaryCount}`,
  ]) {
    const [free] = boxesBeside(placeOf(chart, cluster), radiusOf(cluster) + 10, ctx.measureText(text).width)
      .filter(box => isBetweenSides(box, chartArea) && box.top > chartArea.top && box.bottom < chartArea.bottom)
      .filter(box => !taken.some(other => overlaps(box, other)))
      .map(box => ({ ...box, covers: covered(box) }))
      .sort((one, other) => one.covers - other.covers);
    if (!free) continue;
    taken.push(free);
    if (free.covers) dampen(ctx, free, paint.background);
    write(ctx, text, free.left, free.bottom - 4, paint.text, ctx.font, paint.background);
    return;
  }
}

/** Right, left, above and below. */
function boxesBeside({ x, y }: { readonly x: number; readonly y: number }, gap: number, width: number): readonly Box[] {
  return [
    [x + gap, y],
    [x - gap - width, y],
    [x - width / 2, y - gap - 8],
    [x - width / 2, y + gap + 8],
  ].map(([left = 0, middle = 0]): Box => ({ left, top: middle - 8, right: left + width, bottom: middle + 8 }));
}

function isBetweenSides(box: Box, { left, right }: Chart['chartArea']): boolean {
  return box.left > left + leastWritten && box.right < right - leastWritten;
}

function namePlaces(chart: Chart, { places, paint, fontFamily }: Overlay, taken: Box[]): void {
  const { ctx, chartArea } = chart;
  ctx.font = `12px ${fontFamily}`;
  for (const { name, x, y } of places) {
    const width = ctx.measureText(name).width,
      left = (chart.scales['x']?.getPixelForValue(x) ?? 0) - width / 2,
      base = (chart.scales['y']?.getPixelForValue(y) ?? 0) - 10;
    const box = { left, top: base - 12, right: left + width, bottom: base + 4 };
    if (
      box.left < chartArea.left + leastWritten ||
      box.right > chartArea.right - leastWritten ||
      box.top < chartArea.top ||
      taken.some(other => overlaps(box, other))
    )
      continue;
    taken.push(box);
    write(ctx, name, left, base, paint.dim, ctx.font, paint.background);
  }
}

/** Dots below a name stay visible, and do not look like a part of it. */
function dampen(ctx: CanvasRenderingContext2D, { left, top, right, bottom }: Box, color: string): void {
  ctx.globalAlpha = 0.8;
  ctx.fillStyle = color;
  ctx.fillRect(left - 2, top, right - left + 4, bottom - top);
  ctx.globalAlpha = 1;
}

function write(
  ctx: CanvasRenderingContext2D,
  text: string,
  x: number,
  y: number,
  color: string,
  font: string,
  halo: string,
): void {
  ctx.font = font;
  ctx.lineWidth = 4;
  ctx.lineJoin = 'round';
  ctx.strokeStyle = halo;
  ctx.strokeText(text, x, y);
  ctx.fillStyle = color;
  ctx.fillText(text, x, y);
}

/** For an exception its class, for other events the first words. */
export function shortName(template: string): string {
  const exception = /^(?:[\w$]{1,80}\.){0,20}(\w{1,100}(?:Exception|Error))\b/.exec(template)?.[1];
  const name = exception ?? template.replaceAll('<*>', '·');
  return name.length > longestName ? `${name.slice(0, longestName - 1)}…` : name;
}

function around({ x, y }: { readonly x: number; readonly y: number }, by: number): Box {
  return { left: x - by, top: y - by, right: x + by, bottom: y + by };
}

function overlaps(one: Box, other: Box): boolean {
  return one.left < other.right && other.left < one.right && one.top < other.bottom && other.top < one.bottom;
}
