// The visible part of the map: zooming around a point and panning, as pure arithmetic.
import type { Chart } from 'chart.js';
import type { MapBox } from '../clusters/clusterView.ts';

export interface View {
  readonly centreX: number;
  readonly centreY: number;
  /** Half of the visible range, in units of the map, on both axes; the whole map is from -1 to 1. */
  readonly reach: number;
}

export const wholeMap: View = { centreX: 0, centreY: 0, reach: 1.12 };
const leastReach = 0.02;

/** The point (x, y) stays in place; a `factor` below 1 zooms in. */
export function zoomView({ centreX, centreY, reach }: View, factor: number, x = centreX, y = centreY): View {
  const next = Math.min(wholeMap.reach, Math.max(leastReach, reach * factor)),
    ratio = next / reach;
  return moveView({ centreX: x + (centreX - x) * ratio, centreY: y + (centreY - y) * ratio, reach: next }, 0, 0);
}

/** The map never leaves the frame. */
export function moveView({ centreX, centreY, reach }: View, byX: number, byY: number): View {
  const most = wholeMap.reach - reach;
  const keep = (value: number): number => Math.min(most, Math.max(-most, value));
  return { centreX: keep(centreX + byX), centreY: keep(centreY + byY), reach };
}

export function boxOf({ centreX, centreY, reach }: View): MapBox {
  return { left: centreX - reach, right: centreX + reach, bottom: centreY - reach, top: centreY + reach };
}

/** The part of the map between two pixels. */
export function boxBetween(
  { x, y }: Chart<'scatter'>['scales'],
  from: { readonly x: number; readonly y: number },
  to: { readonly x: number; readonly y: number },
): MapBox {
  const across = [from.x, to.x].map(pixel => x?.getValueForPixel(pixel) ?? 0),
    up = [from.y, to.y].map(pixel => y?.getValueForPixel(pixel) ?? 0);
  return { left: Math.min(...across), right: Math.max(...across), bottom: Math.min(...up), top: Math.max(...up) };
}
