// What a chart of a metric draws: its lines as chart.js data, and by hand what lies behind and in front of them.
import type { Chart, ChartDataset, Point } from 'chart.js';
import { formatNumber, formatTime } from '../../src/protocol/words/format.ts';
import type { CheckSnapshot, SeriesSnapshot } from '../../src/protocol/snapshot/snapshotChecks.ts';
import { t } from '../../src/protocol/words/translate.ts';
import { endOf, valueAt, type Span } from './metricScales.ts';

export interface MetricPaint {
  readonly blue: string;
  readonly red: string;
  readonly text: string;
  readonly dim: string;
  readonly line: string;
  readonly grid: string;
  readonly background: string;
  readonly isHighContrast: boolean;
}
export interface Drawing {
  readonly check: CheckSnapshot;
  readonly crossMs: number | undefined;
  readonly span: Span;
  readonly fontFamily: string;
  readonly paint: MetricPaint;
}
type Scatter = Chart<'scatter'>;
type Place = readonly [x: number, low: number, high: number];

/** A missing value interrupts its line. */
export function datasetsOf(
  { startMs, intervalMs, canary, baseline, nodes }: SeriesSnapshot,
  perNode: boolean,
  { blue, text }: MetricPaint,
): ChartDataset<'scatter'>[] {
  const line = (values: readonly (number | null)[], look: object): ChartDataset<'scatter'> => ({
    data: values.map((value, index) => ({ x: startMs + (index + 0.5) * intervalMs, y: value ?? NaN }) satisfies Point),
    showLine: true,
    pointRadius: 0,
    borderWidth: 1.5,
    ...look,
  });
  return [
    line(canary, { borderColor: blue }),
    ...(perNode ? Object.values(nodes).map(values => line(values, { borderColor: blue, borderWidth: 0.5 })) : []),
    line(baseline, { borderColor: text, borderWidth: 1, borderDash: [4, 2] }),
  ];
}

/** The canary's time, the range in which its value would be expected, the one of its level, and the limit. */
export function drawBehind(chart: Scatter, { check, paint }: Drawing): void {
  const { ctx, chartArea, scales } = chart,
    { series, figures } = check,
    [x, y] = [scales['x'], scales['y']];
  if (!series || !x || !y) return;
  ctx.save();
  ctx.beginPath();
  ctx.rect(chartArea.left, chartArea.top, chartArea.width, chartArea.height);
  ctx.clip();
  const from = x.getPixelForValue(series.sinceMs),
    to = x.getPixelForValue(series.decidedAtMs ?? endOf(series));
  if (!paint.isHighContrast) {
    ctx.globalAlpha = 0.08;
    ctx.fillStyle = paint.blue;
    ctx.fillRect(from, chartArea.top, to - from, chartArea.height);
  }
  const place = (atMs: number, low: number | null | undefined, high: number | null | undefined): Place => [
    x.getPixelForValue(atMs),
    y.getPixelForValue(low ?? NaN),
    y.getPixelForValue(high ?? NaN),
  ];
  const { startMs, intervalMs, low, high, range = [] } = series;
  ctx.setLineDash([1, 3]);
  for (const part of partsOf(low.map((one, at) => place(startMs + (at + 0.5) * intervalMs, one, high[at]))))
    drawRange(ctx, part, paint.text, 0.14, paint);
  ctx.setLineDash([]);
  drawRange(
    ctx,
    range.map(one => place(one.atMs, one.low, one.high)),
    paint.blue,
    0.35,
    paint,
  );
  if (figures?.limit !== undefined) {
    const at = Math.round(y.getPixelForValue(figures.limit)) + 0.5;
    stroke(ctx, paint.text, [chartArea.left, at], [chartArea.right, at], [4, 3]);
  }
  ctx.restore();
}

/** Without gaps. */
function partsOf(places: readonly Place[]): readonly (readonly Place[])[] {
  const parts: Place[][] = [[]];
  for (const place of places) {
    if (place.some(Number.isNaN)) parts.push([]);
    else parts.at(-1)?.push(place);
  }
  return parts;
}

function drawRange(
  ctx: CanvasRenderingContext2D,
  places: readonly Place[],
  color: string,
  opacity: number,
  { isHighContrast }: MetricPaint,
): void {
  ctx.globalAlpha = isHighContrast ? 1 : opacity;
  ctx.fillStyle = ctx.strokeStyle = color;
  ctx.lineWidth = 1;
  ctx.beginPath();
  for (const [across, , top] of places) ctx.lineTo(across, top);
  for (const [across, bottom] of places.toReversed()) ctx.lineTo(across, bottom);
  ctx.closePath();
  if (isHighContrast) ctx.stroke();
  else ctx.fill();
  ctx.globalAlpha = 1;
}

/** The words of the limit, deployment and decision, and the crosshair with its time in a flag on the axis. */
export function drawInFront(chart: Scatter, { check, crossMs, span, paint, fontFamily }: Drawing): void {
  const { ctx, chartArea, scales } = chart,
    { series, figures } = check,
    [x, y] = [scales['x'], scales['y']],
    { top, bottom } = chartArea;
  if (!series || !x || !y) return;
  const isShown = (atMs: number | undefined): atMs is number =>
    atMs !== undefined && atMs >= span.fromMs && atMs <= span.toMs;
  ctx.save();
  ctx.font = `11px ${fontFamily}`;
  const since = x.getPixelForValue(Math.max(span.fromMs, series.sinceMs)),
    until = x.getPixelForValue(Math.min(span.toMs, series.decidedAtMs ?? endOf(series)));
  if (until > since) stroke(ctx, paint.blue, [since, bottom], [until, bottom], [], 3);
  if (isShown(series.sinceMs)) stroke(ctx, paint.line, [since, top], [since, bottom]);
  if (isShown(series.decidedAtMs)) {
    stroke(ctx, paint.red, [until, top], [until, bottom], [], 1.5);
    ctx.fillStyle = paint.red;
    ctx.beginPath();
    for (const [right, down] of [
      [0, -4],
      [4, 0],
      [0, 4],
      [-4, 0],
    ] as const)
      ctx.lineTo(until + right, top + 4 + down);
    ctx.fill();
  }
  const limit = figures?.limit === undefined ? undefined : y.getPixelForValue(figures.limit);
  if (limit !== undefined && limit >= top && limit <= bottom) {
    const place = [
      t('limit {0}', formatNumber(figures?.limit ?? 0)),
      chartArea.left + 4,
      limit > top + 14 ? limit - 4 : limit + 12,
    ] as const;
    ctx.strokeStyle = paint.background;
    ctx.lineWidth = 4;
    ctx.lineJoin = 'round';
    ctx.strokeText(...place);
    ctx.fillStyle = paint.dim;
    ctx.fillText(...place);
  }
  if (isShown(crossMs)) drawCross(chart, series, crossMs, paint);
  ctx.restore();
}

function drawCross(
  { ctx, chartArea, scales }: Scatter,
  series: SeriesSnapshot,
  crossMs: number,
  paint: MetricPaint,
): void {
  const { left, right, top, bottom } = chartArea,
    at = Math.round(scales['x']?.getPixelForValue(crossMs) ?? 0) + 0.5;
  stroke(ctx, paint.text, [at, top], [at, bottom]);
  for (const [values, color] of [
    [series.baseline, paint.background],
    [series.canary, paint.blue],
  ] as const) {
    const value = valueAt(series, values, crossMs);
    if (value === null) continue;
    ctx.beginPath();
    ctx.arc(at, scales['y']?.getPixelForValue(value) ?? 0, 3.5, 0, 2 * Math.PI);
    ctx.fillStyle = color;
    ctx.fill();
    ctx.strokeStyle = paint.text;
    ctx.lineWidth = 1;
    ctx.stroke();
  }
  const text = formatTime(crossMs),
    width = ctx.measureText(text).width + 10,
    from = Math.min(right - width, Math.max(left, at - width / 2));
  ctx.fillStyle = paint.text;
  ctx.fillRect(from, bottom + 4, width, 16);
  ctx.fillStyle = paint.background;
  ctx.fillText(text, from + 5, bottom + 16);
}

function stroke(
  ctx: CanvasRenderingContext2D,
  color: string,
  from: readonly [number, number],
  to: readonly [number, number],
  dash: number[] = [],
  width = 1,
): void {
  ctx.strokeStyle = color;
  ctx.lineWidth = width;
  ctx.setLineDash(dash);
  ctx.beginPath();
  ctx.moveTo(...from);
  ctx.lineTo(...to);
  ctx.stroke();
  ctx.setLineDash([]);
}
