// The chart.js part of the cluster chart: its options, the visible part of the map, and the text for a dot.
import { Chart, LinearScale, PointElement, ScatterController, Tooltip, type ChartDataset, type Scale } from 'chart.js';
import { formatCount } from '../../src/protocol/words/format.ts';
import type { ClusterSnapshot } from '../../src/protocol/snapshot/clusterSnapshot.ts';
import type { ClusterPoint } from './chartMarks.ts';
import { createOverlay, shortName, type Overlay } from './chartOverlay.ts';
import { wholeMap } from './chartView.ts';
import type { MapBox } from '../clusters/clusterView.ts';
import { kindWord } from '../marks.ts';

Chart.register(LinearScale, PointElement, ScatterController, Tooltip);

export interface ScatterParts {
  readonly datasets: ChartDataset<'scatter'>[];
  readonly overlay: () => Overlay;
  /** True while the map is dragged: no tooltip appears meanwhile. */
  readonly isMoved: () => boolean;
}

export function createScatter(
  canvas: HTMLCanvasElement,
  { datasets, overlay, isMoved }: ScatterParts,
): Chart<'scatter'> {
  const scale = {
    display: false,
    min: -wholeMap.reach,
    max: wholeMap.reach,
    afterBuildTicks: (axis: Scale) => {
      axis.ticks = [];
    },
  };
  return new Chart<'scatter'>(canvas, {
    type: 'scatter',
    data: { datasets },
    plugins: [createOverlay(overlay), { id: 'stillness', beforeEvent: () => !isMoved() }],
    options: {
      animation: false,
      responsive: false,
      maintainAspectRatio: false,
      layout: { padding: 0 },
      normalized: true,
      scales: { x: { ...scale }, y: { ...scale } },
      plugins: {
        tooltip: { displayColors: false, callbacks: { label: item => describe((item.raw as ClusterPoint).cluster) } },
      },
    },
  });
}

/** Only moves the dots: a full update would compute the style of each again. */
export function showPart(chart: Chart<'scatter'>, { left, right, bottom, top }: MapBox): void {
  const { x, y } = chart.scales,
    options = chart.options.scales;
  if (!x || !y || !options?.['x'] || !options['y']) return;
  for (const [scale, option, min, max] of [
    [x, options['x'], left, right],
    [y, options['y'], bottom, top],
  ] as const) {
    [option.min, option.max, scale.min, scale.max] = [min, max, min, max];
    scale.configure();
  }
  chart.data.datasets.forEach(({ data }, index) =>
    chart.getDatasetMeta(index).data.forEach((element, at) => {
      const point = data[at] as ClusterPoint | undefined;
      if (point) [element.x, element.y] = [x.getPixelForValue(point.cluster.x), y.getPixelForValue(point.cluster.y)];
    }),
  );
  chart.draw();
}

export function describe({ letter, kind, template, canaryCount, baselineCount }: ClusterSnapshot): string {
  const name = `${letter ? `${letter}: ` : ''}${shortName(template)} (${kindWord(kind)})`;
  return [name, formatCount(canaryCount, 'canary line'), formatCount(baselineCount, 'baseline line')].join(', ');
}
