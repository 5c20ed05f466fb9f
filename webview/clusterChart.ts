// The cluster chart: similar text lies near, area grows with count; wheel and drag, buttons and keys move about, a click opens a cluster.
import { Chart, LinearScale, PointElement, ScatterController, Tooltip } from 'chart.js';
import { css, html, LitElement } from 'lit';
import { formatCount } from '../src/protocol/format.ts';
import type { ClusterSnapshot } from '../src/protocol/snapshotClusters.ts';
import { datasetsOf, type ClusterPoint, type Paint } from './chartMarks.ts';
import { createOverlay, shortName, type Overlay } from './chartOverlay.ts';
import { moveView, wholeMap, zoomView, type View } from './chartView.ts';
import { icon } from './icons.ts';
import { kindNames } from './marks.ts';
import { baseStyles } from './styles.ts';

Chart.register(LinearScale, PointElement, ScatterController, Tooltip);

const clickPixels = 4, step = 0.8, stepShare = 0.2;
const paints = ['red', 'blue', 'grey', 'greyLine', 'text', 'dim', 'background', 'focus'] as const satisfies readonly (keyof Paint)[];

export class ClusterChart extends LitElement {
  static override properties = { clusters: { attribute: false }, picked: {}, said: { state: true } };
  declare clusters: readonly ClusterSnapshot[];
  declare picked: string | undefined;
  declare said: string;
  private chart?: Chart<'scatter'>;
  private view: View = wholeMap;
  private dragged: { readonly x: number; readonly y: number; readonly view: View; moved: boolean } | undefined;
  private overlay: Overlay | undefined;
  private readonly themes = new MutationObserver(() => this.draw());

  static override styles = [baseStyles, css`
    .plot { position: relative; border: 1px solid var(--vscode-panel-border, var(--vscode-contrastBorder)); border-radius: 4px; height: 440px; overflow: hidden; }
    canvas { display: block; touch-action: none; cursor: grab; }
    canvas:focus-visible { outline-offset: -2px; }
    .zoom { position: absolute; right: 4px; top: 4px; display: grid; background: var(--vscode-editor-background); border: 1px solid var(--vscode-panel-border, var(--vscode-contrastBorder)); border-radius: 4px; }
    .hint { display: flex; flex-wrap: wrap; justify-content: space-between; gap: 0 16px; padding: 4px 0 12px; }
    .paint { display: none; }
    .red { color: var(--vscode-charts-red); } .blue { color: var(--vscode-charts-blue); } .text { color: var(--vscode-foreground); } .dim-text { color: var(--vscode-descriptionForeground); }
    .grey { color: color-mix(in srgb, var(--vscode-foreground) 20%, transparent); } .greyLine { color: color-mix(in srgb, var(--vscode-foreground) 52%, transparent); }
    .paint.dim { color: var(--vscode-descriptionForeground); } .background { color: var(--vscode-editor-background); } .focus { color: var(--vscode-focusBorder); }
    :host-context(.vscode-high-contrast) .grey { color: transparent; }
    :host-context(.vscode-high-contrast) .greyLine { color: color-mix(in srgb, var(--vscode-foreground) 72%, transparent); }
    @media (max-width: 720px) { .plot { height: 320px; } }
  `];

  constructor() {
    super();
    this.said = '';
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.themes.observe(document.body, { attributes: true, attributeFilter: ['class'] });
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.themes.disconnect();
    this.chart?.destroy();
    delete this.chart;
  }

  override render() {
    return html`<div class="plot"><canvas tabindex="0" role="application" aria-label="Cluster chart; arrow keys go from cluster to cluster, Enter opens, plus, minus and 0 zoom. The table below has the same facts."
        @keydown=${this.press} @wheel=${this.wheel} @pointerdown=${this.grab} @pointermove=${this.drag} @pointerup=${this.release} @pointercancel=${this.release}></canvas>
      <div class="zoom"><button class="tool" aria-label="Zoom in" @click=${() => this.look(zoomView(this.view, step))}>${icon('plus')}</button>
        <button class="tool" aria-label="Zoom out" @click=${() => this.look(zoomView(this.view, 1 / step))}>${icon('minus')}</button>
        <button class="tool" aria-label="Fit all" @click=${() => this.look(wholeMap)}>${icon('fit')}</button></div></div>
      <div class="hint small dim"><span>Scroll to zoom, drag to pan, click to open</span><span role="status">${this.said || 'Near means similar text, area grows with lines'}</span></div>
      ${paints.map(name => html`<span class="paint ${name}" aria-hidden="true"></span>`)}`;
  }

  override updated(changed: ReadonlyMap<PropertyKey, unknown>): void {
    if (changed.has('clusters') || changed.has('picked')) this.draw();
  }

  private draw(): void {
    const canvas = this.renderRoot.querySelector('canvas');
    if (!canvas) return;
    const style = getComputedStyle(this);
    const paint = Object.fromEntries(paints.map(name => [name, getComputedStyle(this.renderRoot.querySelector(`.paint.${name}`) ?? this).color])) as unknown as Paint;
    this.overlay = { clusters: this.clusters, picked: this.clusters.find(cluster => cluster.id === this.picked), paint, fontFamily: style.fontFamily };
    const datasets = datasetsOf(this.clusters, paint);
    if (this.chart) { this.chart.data.datasets = datasets; this.chart.update('none'); return; }
    this.chart = new Chart<'scatter'>(canvas, { type: 'scatter', data: { datasets }, plugins: [createOverlay(() => this.overlay ?? { clusters: [], picked: undefined, paint, fontFamily: style.fontFamily })], options: {
      animation: false, maintainAspectRatio: false, layout: { padding: 0 },
      scales: { x: { display: false, min: -wholeMap.reach, max: wholeMap.reach }, y: { display: false, min: -wholeMap.reach, max: wholeMap.reach } },
      plugins: { tooltip: { displayColors: false, callbacks: { label: item => describe((item.raw as ClusterPoint).cluster) } } },
    } });
  }

  private look(view: View): void {
    this.view = view;
    const { x, y } = this.chart?.options.scales ?? {};
    if (!x || !y) return;
    [x.min, x.max, y.min, y.max] = [view.centreX - view.reach, view.centreX + view.reach, view.centreY - view.reach, view.centreY + view.reach];
    this.chart?.update('none');
  }

  private readonly wheel = (event: WheelEvent): void => {
    const { x, y } = this.chart?.scales ?? {};
    if (!x || !y || (event.deltaY > 0 && this.view.reach >= wholeMap.reach)) return;
    event.preventDefault();
    this.look(zoomView(this.view, Math.exp(Math.max(-60, Math.min(60, event.deltaY)) / 200), x.getValueForPixel(event.offsetX), y.getValueForPixel(event.offsetY)));
  };
  private readonly grab = (event: PointerEvent): void => {
    (event.target as Element).setPointerCapture(event.pointerId);
    this.dragged = { x: event.offsetX, y: event.offsetY, view: this.view, moved: false };
  };
  private readonly drag = ({ offsetX, offsetY }: PointerEvent): void => {
    const { dragged, chart } = this;
    if (!dragged || !chart) return;
    const byX = offsetX - dragged.x, byY = offsetY - dragged.y;
    dragged.moved ||= Math.hypot(byX, byY) > clickPixels;
    if (dragged.moved) this.look(moveView(dragged.view, -2 * dragged.view.reach * byX / chart.chartArea.width, 2 * dragged.view.reach * byY / chart.chartArea.height));
  };
  private readonly release = (event: PointerEvent): void => {
    const clicked = this.dragged && !this.dragged.moved && event.type === 'pointerup';
    this.dragged = undefined;
    if (!clicked) return;
    const [hit] = this.chart?.getElementsAtEventForMode(event, 'nearest', { intersect: true }, false) ?? [];
    const point = hit && this.chart?.data.datasets[hit.datasetIndex]?.data[hit.index] as ClusterPoint | undefined;
    if (point) this.pick(point.cluster);
  };

  private readonly press = (event: KeyboardEvent): void => {
    const moves: Readonly<Record<string, () => void>> = {
      '+': () => this.look(zoomView(this.view, step)), '=': () => this.look(zoomView(this.view, step)), '-': () => this.look(zoomView(this.view, 1 / step)), 0: () => this.look(wholeMap),
      ArrowRight: () => this.walk(1, event.shiftKey), ArrowDown: () => this.walk(1, event.shiftKey), ArrowLeft: () => this.walk(-1, event.shiftKey), ArrowUp: () => this.walk(-1, event.shiftKey),
      Enter: () => this.dispatchEvent(new CustomEvent('open-cluster', { bubbles: true, composed: true })),
    };
    const move = Object.hasOwn(moves, event.key) ? moves[event.key] : undefined;
    if (!move || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    move();
  };

  /** In the table's order, so that both tell the same story; with Shift the view moves instead. */
  private walk(by: 1 | -1, pan: boolean): void {
    if (pan) { this.look(moveView(this.view, by * stepShare * this.view.reach, 0)); return; }
    const at = this.clusters.findIndex(cluster => cluster.id === this.picked);
    const next = this.clusters[Math.min(this.clusters.length - 1, Math.max(0, at + by))];
    if (!next) return;
    this.pick(next);
    const { reach, centreX, centreY } = this.view;
    if (Math.abs(next.x - centreX) > reach || Math.abs(next.y - centreY) > reach) this.look(moveView(this.view, next.x - centreX, next.y - centreY));
  }

  private pick(cluster: ClusterSnapshot): void {
    this.said = describe(cluster);
    this.dispatchEvent(new CustomEvent<string>('pick-cluster', { detail: cluster.id, bubbles: true, composed: true }));
  }
}

function describe({ letter, kind, template, canaryCount, baselineCount }: ClusterSnapshot): string {
  return `${letter ? `${letter}: ` : ''}${shortName(template)} (${kindNames[kind].toLowerCase()}), ${formatCount(canaryCount, 'canary line')}, ${formatCount(baselineCount, 'baseline line')}`;
}

customElements.define('backstop-cluster-chart', ClusterChart);
