// The cluster chart: similar text is close, area grows with the count. It can be zoomed, panned, selected and clicked.
import type { Chart } from 'chart.js';
import { html, LitElement, svg } from 'lit';
import type { ClusterSnapshot } from '../../src/protocol/snapshot/clusterSnapshot.ts';
import { t } from '../../src/protocol/words/translate.ts';
import { afterPaint } from '../afterPaint.ts';
import { datasetsOf, radiusOfLines, type ClusterPoint, type Paint } from './chartMarks.ts';
import type { Overlay } from './chartOverlay.ts';
import { chartStyles, paints } from './chartStyles.ts';
import { type View, boxBetween, boxOf, moveView, wholeMap, zoomView } from './chartView.ts';
import type { MapBox } from '../clusters/clusterView.ts';
import { icon } from '../icons.ts';
import { markStyles } from '../marks.ts';
import { nameNeighbourhoods, type Neighbourhood } from './neighbourhoods.ts';
import { baseStyles } from '../styles.ts';
import { createScatter, describe, showPart } from './scatterChart.ts';

const clickPixels = 4,
  step = 0.8,
  stepShare = 0.2,
  legendLines = [1, 10, 100],
  namedAgain = 0.05;

interface Drag {
  readonly x: number;
  readonly y: number;
  readonly view: View;
  readonly brushes: boolean;
  moved: boolean;
}

export class ClusterChart extends LitElement {
  static override properties = {
    clusters: { attribute: false },
    all: { attribute: false },
    picked: {},
    brush: { attribute: false },
    said: { state: true },
  };
  /** The clusters that are drawn. */
  declare clusters: readonly ClusterSnapshot[];
  /** All clusters: places keep their names while a filter is typed. */
  declare all: readonly ClusterSnapshot[];
  declare picked: string | undefined;
  declare brush: MapBox | undefined;
  declare said: string;
  private chart?: Chart<'scatter'>;
  private view: View = wholeMap;
  private dragged: Drag | undefined;
  private overlay: Overlay | undefined;
  private places: readonly Neighbourhood[] = [];
  private named = 0;
  private frame: number | undefined;
  private readonly themes = new MutationObserver(() => this.draw());
  private readonly sizes = new ResizeObserver(() => this.fit());
  static override styles = [baseStyles, markStyles, chartStyles];

  constructor() {
    super();
    this.said = '';
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.themes.observe(document.body, { attributes: true, attributeFilter: ['class'] });
    window.addEventListener('resize', this.fit);
    if (this.hasUpdated) this.firstUpdated();
  }

  override firstUpdated(): void {
    this.sizes.observe(this.renderRoot.querySelector('.plot') ?? this);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.themes.disconnect();
    this.sizes.disconnect();
    window.removeEventListener('resize', this.fit);
    if (this.frame !== undefined) cancelAnimationFrame(this.frame);
    this.frame = undefined;
    this.chart?.destroy();
    delete this.chart;
  }

  override render() {
    const tool = (label: string, name: 'plus' | 'minus' | 'fit', view: () => View): unknown =>
      html`<button class="tool" aria-label=${label} title=${label} @click=${() => this.look(view())}>
        ${icon(name)}
      </button>`;
    return html`<div class="plot">
        <canvas
          tabindex="0"
          role="application"
          aria-label=${t(
            'Map of log events: arrow keys move between them, Enter opens one, plus, minus and 0 zoom, ' +
              'Escape shows all again. The list has the same information.',
          )}
          @keydown=${this.press}
          @wheel=${this.wheel}
          @pointerdown=${this.grab}
          @pointermove=${this.drag}
          @pointerup=${this.release}
          @pointercancel=${this.release}
        ></canvas>
        <div class="zoom">
          ${tool(t('Zoom in'), 'plus', () => zoomView(this.view, step))}
          ${tool(t('Zoom out'), 'minus', () => zoomView(this.view, 1 / step))}
          ${tool(t('Fit all'), 'fit', () => wholeMap)}
        </div>
      </div>
      <div class="hint small dim">
        <span>${t('Scroll to zoom, drag to pan, Shift-drag to select')}</span
        ><span class="legend"
          >${t('Size = lines:')}
          ${legendLines.map(
            lines =>
              html`<svg class="dot" aria-hidden="true">
                ${svg`<circle class="grey" cx="11" cy="11" r=${radiusOfLines(lines)}/>`}
              </svg>`,
          )}${legendLines.join(', ')}</span
        >
      </div>
      <span class="out" role="status">${this.said}</span
      >${paints.map(name => html`<span class="paint ${name}" aria-hidden="true"></span>`)}`;
  }

  override updated(changed: ReadonlyMap<PropertyKey, unknown>): void {
    if (changed.has('all') && Math.abs(this.all.length - this.named) > namedAgain * this.all.length) this.namePlaces();
    if (['clusters', 'all', 'picked', 'brush'].some(name => changed.has(name))) this.draw(changed.has('clusters'));
  }

  /**
   * Runs after the dots are on the screen. Names stay while few clusters change, so that nothing jumps at an
   * evaluation.
   */
  private namePlaces(): void {
    this.named = this.all.length;
    afterPaint(() => {
      this.places = nameNeighbourhoods(this.all);
      if (this.isConnected) this.draw(false);
    });
  }

  /** Runs after layout and before paint: reading sizes is free then, and the first frame has its chart. */
  private readonly fit = (): void => {
    const plot = this.renderRoot.querySelector('.plot'),
      canvas = plot?.querySelector('canvas');
    if (!plot || !canvas || plot.clientWidth === 0) return;
    if (!this.chart) {
      this.chart = this.start(canvas, plot.clientWidth, plot.clientHeight);
      return;
    }
    const ratio = this.chart.currentDevicePixelRatio;
    this.chart.resize(plot.clientWidth, plot.clientHeight);
    if (this.chart.currentDevicePixelRatio !== ratio) this.draw();
  };

  private start(canvas: HTMLCanvasElement, width: number, height: number): Chart<'scatter'> {
    const overlay = (this.overlay = this.overlayNow());
    [canvas.width, canvas.height] = [width, height];
    return createScatter(canvas, {
      datasets: datasetsOf(this.clusters, overlay.paint, devicePixelRatio),
      overlay: () => this.overlay ?? overlay,
      isMoved: () => this.dragged?.moved === true,
    });
  }

  private overlayNow(): Overlay {
    const { fontFamily } = getComputedStyle(this);
    const paint = Object.fromEntries(
      paints.map(name => [name, getComputedStyle(this.renderRoot.querySelector(`.paint.${name}`) ?? this).color]),
    ) as unknown as Paint;
    return {
      clusters: this.clusters,
      places: this.places,
      picked: this.clusters.find(cluster => cluster.id === this.picked),
      brush: this.brush,
      paint,
      fontFamily,
    };
  }

  private draw(anew = true): void {
    if (!this.chart) return;
    this.overlay = this.overlayNow();
    if (!anew) {
      this.chart.draw();
      return;
    }
    this.chart.data.datasets = datasetsOf(this.clusters, this.overlay.paint, this.chart.currentDevicePixelRatio);
    this.chart.update('none');
  }

  /** At most once per frame: a wheel turns faster than a chart can be drawn. */
  private look(view: View): void {
    this.view = view;
    this.frame ??= requestAnimationFrame(() => {
      this.frame = undefined;
      if (this.chart) showPart(this.chart, boxOf(this.view));
    });
  }

  private readonly wheel = (event: WheelEvent): void => {
    const { x, y } = this.chart?.scales ?? {};
    if (!x || !y || (event.deltaY > 0 && this.view.reach >= wholeMap.reach)) return;
    event.preventDefault();
    this.look(
      zoomView(
        this.view,
        Math.exp(Math.max(-60, Math.min(60, event.deltaY)) / 200),
        x.getValueForPixel(event.offsetX),
        y.getValueForPixel(event.offsetY),
      ),
    );
  };
  private readonly grab = (event: PointerEvent): void => {
    (event.target as Element).setPointerCapture(event.pointerId);
    this.dragged = { x: event.offsetX, y: event.offsetY, view: this.view, brushes: event.shiftKey, moved: false };
  };
  private readonly drag = ({ offsetX, offsetY }: PointerEvent): void => {
    const { dragged, chart } = this;
    if (!dragged || !chart) return;
    const byX = offsetX - dragged.x,
      byY = offsetY - dragged.y;
    dragged.moved ||= Math.hypot(byX, byY) > clickPixels;
    if (!dragged.moved) return;
    if (dragged.brushes) this.brushTo(boxBetween(chart.scales, dragged, { x: offsetX, y: offsetY }));
    else
      this.look(
        moveView(
          dragged.view,
          (-2 * dragged.view.reach * byX) / chart.chartArea.width,
          (2 * dragged.view.reach * byY) / chart.chartArea.height,
        ),
      );
  };
  private readonly release = (event: PointerEvent): void => {
    const clicked = this.dragged && !this.dragged.moved && event.type === 'pointerup';
    this.dragged = undefined;
    if (!clicked) return;
    const [hit] = this.chart?.getElementsAtEventForMode(event, 'nearest', { intersect: true }, false) ?? [];
    const point = hit && (this.chart?.data.datasets[hit.datasetIndex]?.data[hit.index] as ClusterPoint | undefined);
    if (point) {
      this.pick(point.cluster);
      this.open();
    } else if (this.brush) this.brushTo(undefined);
  };

  private brushTo(box: MapBox | undefined): void {
    this.dispatchEvent(new CustomEvent<MapBox | undefined>('brush', { detail: box }));
  }

  private readonly press = (event: KeyboardEvent): void => {
    const moves: Readonly<Record<string, () => void>> = {
      '+': () => this.look(zoomView(this.view, step)),
      '=': () => this.look(zoomView(this.view, step)),
      '-': () => this.look(zoomView(this.view, 1 / step)),
      0: () => this.look(wholeMap),
      ArrowRight: () => this.walk(1, 0, event.shiftKey),
      ArrowDown: () => this.walk(0, -1, event.shiftKey),
      ArrowLeft: () => this.walk(-1, 0, event.shiftKey),
      ArrowUp: () => this.walk(0, 1, event.shiftKey),
      Enter: () => this.open(),
      Escape: () => this.brushTo(undefined),
    };
    const move = Object.hasOwn(moves, event.key) ? moves[event.key] : undefined;
    if (!move || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    move();
  };

  /** In the order of the table; with Shift the view moves instead. */
  private walk(right: number, up: number, pan: boolean): void {
    if (pan) {
      this.look(moveView(this.view, right * stepShare * this.view.reach, up * stepShare * this.view.reach));
      return;
    }
    const at = this.clusters.findIndex(cluster => cluster.id === this.picked);
    const next = this.clusters[Math.min(this.clusters.length - 1, Math.max(0, at + right - up))];
    if (!next) return;
    this.pick(next);
    const { reach, centreX, centreY } = this.view;
    if (Math.abs(next.x - centreX) > reach || Math.abs(next.y - centreY) > reach)
      this.look(moveView(this.view, next.x - centreX, next.y - centreY));
  }

  private open(): void {
    this.dispatchEvent(new CustomEvent('open-cluster', { bubbles: true, composed: true }));
  }

  private pick(cluster: ClusterSnapshot): void {
    this.said = describe(cluster);
    this.dispatchEvent(new CustomEvent<string>('pick-cluster', { detail: cluster.id, bubbles: true, composed: true }));
  }
}

customElements.define('backstop-cluster-chart', ClusterChart);
