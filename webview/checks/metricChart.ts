// One metric over time, drawn by chart.js: canary, baseline and the expected range, the canary's time, the limit and
// the decision. The crosshair is shared with the other charts.
import { css, html, LitElement } from 'lit';
import { Chart, type ChartOptions, LinearScale, LineElement, PointElement, ScatterController } from 'chart.js';
import type { CheckSnapshot } from '../../src/protocol/snapshot/snapshotChecks.ts';
import { t } from '../../src/protocol/words/translate.ts';
import { datasetsOf, drawBehind, drawInFront, type Drawing, type MetricPaint } from './metricDrawing.ts';
import { isOtherSpan, tickText, timeTicks, valueRange, type Span } from './metricScales.ts';
import { formatMeasure } from '../../src/protocol/words/format.ts';
import { baseStyles } from '../styles.ts';

Chart.register(LinearScale, LineElement, PointElement, ScatterController);

const dragPixels = 6,
  wideTick = 76;

export class MetricChart extends LitElement {
  static override properties = {
    check: { attribute: false },
    nodes: { attribute: false },
    span: { attribute: false, hasChanged: isOtherSpan },
    crossMs: { attribute: false },
  };
  /** With a series. */
  declare check: CheckSnapshot;
  /** Whether each node has a line of its own. */
  declare nodes: boolean;
  /** The time that all charts show. */
  declare span: Span;
  declare crossMs: number | undefined;
  private chart?: Chart<'scatter'>;
  private paint: MetricPaint | undefined;
  private grabbedMs: number | undefined;
  private readonly themes = new MutationObserver(() => this.draw());
  private readonly sizes = new ResizeObserver(() => this.draw());
  static override styles = [
    baseStyles,
    css`
      .plot {
        position: relative;
        height: 128px;
        overflow: hidden;
      }
      canvas {
        position: absolute;
        inset: 0;
        cursor: crosshair;
      }
      canvas:focus-visible {
        outline-offset: -1px;
      }
    `,
  ];

  override connectedCallback(): void {
    super.connectedCallback();
    this.themes.observe(document.body, { attributes: true, attributeFilter: ['class'] });
    if (this.hasUpdated) this.firstUpdated();
  }

  override firstUpdated(): void {
    this.sizes.observe(this.renderRoot.querySelector('.plot') ?? this);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.themes.disconnect();
    this.sizes.disconnect();
    this.chart?.destroy();
    delete this.chart;
  }

  override render() {
    const { name, data } = this.check;
    return html`<div class="plot">
      <canvas
        tabindex="0"
        role="application"
        aria-label="${name}: ${data}. ${t('Arrow keys move the crosshair in all charts, Escape removes it.')}"
        @keydown=${this.press}
        @pointermove=${this.point}
        @pointerdown=${this.grab}
        @pointerup=${this.release}
        @pointerleave=${() => this.cross(undefined)}
        @dblclick=${() => this.zoom(undefined)}
      ></canvas>
    </div>`;
  }

  override updated(changed: ReadonlyMap<PropertyKey, unknown>): void {
    if (changed.size === 1 && changed.has('crossMs')) this.chart?.draw();
    else this.draw();
  }

  /** Anew: theme, size or data have changed. */
  private draw(): void {
    const plot = this.renderRoot.querySelector('.plot'),
      canvas = plot?.querySelector('canvas'),
      { series } = this.check;
    if (!plot || !canvas || !series || plot.clientWidth === 0) return;
    this.paint = this.readPaint();
    const datasets = datasetsOf(series, this.nodes, this.paint),
      { fontFamily } = getComputedStyle(this),
      text = { color: this.paint.dim, font: { family: fontFamily, size: 11 } };
    this.chart?.destroy();
    [canvas.width, canvas.height] = [plot.clientWidth, plot.clientHeight];
    this.chart = new Chart<'scatter'>(canvas, {
      type: 'scatter',
      data: { datasets },
      plugins: [
        {
          id: 'backstop-metric',
          beforeDatasetsDraw: chart => drawBehind(chart, this.drawing(fontFamily)),
          afterDraw: chart => drawInFront(chart, this.drawing(fontFamily)),
        },
      ],
      options: {
        animation: false,
        responsive: false,
        maintainAspectRatio: false,
        events: [],
        scales: {
          x: timeAxis(this.span, plot.clientWidth, this.paint, text),
          y: valueAxis(valueRange(series, this.nodes, this.check.figures?.limit), series.unit, this.paint, text),
        },
      },
    });
  }

  private drawing(fontFamily: string): Drawing {
    const { check, crossMs, span } = this;
    return { check, crossMs, span, fontFamily, paint: this.paint ?? this.readPaint() };
  }

  private readPaint(): MetricPaint {
    const style = getComputedStyle(this),
      isHighContrast = document.body.classList.contains('vscode-high-contrast'),
      read = (name: string): string => style.getPropertyValue(`--vscode-${name}`).trim();
    return {
      blue: read('charts-blue'),
      red: read('charts-red'),
      text: read('foreground'),
      dim: read('descriptionForeground'),
      line: read('charts-lines') || read('descriptionForeground'),
      // In high contrast this is as bright as the lines of the chart.
      grid: isHighContrast ? 'transparent' : read('panel-border') || 'transparent',
      background: read('editor-background'),
      isHighContrast,
    };
  }

  private timeAt(event: PointerEvent): number | undefined {
    return this.chart?.scales['x']?.getValueForPixel(event.offsetX);
  }
  private readonly point = (event: PointerEvent): void => this.cross(this.timeAt(event));
  private readonly grab = (event: PointerEvent): void => {
    this.grabbedMs = this.timeAt(event);
  };
  /** A drag zooms all charts to the time that it covers. */
  private readonly release = (event: PointerEvent): void => {
    const { grabbedMs } = this,
      untilMs = this.timeAt(event),
      perPixel = (this.span.toMs - this.span.fromMs) / Math.max(1, this.clientWidth);
    this.grabbedMs = undefined;
    if (grabbedMs === undefined || untilMs === undefined || Math.abs(untilMs - grabbedMs) < dragPixels * perPixel)
      return;
    this.zoom({ fromMs: Math.min(grabbedMs, untilMs), toMs: Math.max(grabbedMs, untilMs) });
  };

  private readonly press = (event: KeyboardEvent): void => {
    const { series } = this.check,
      by = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (event.key === 'Escape') {
      this.cross(undefined);
      this.zoom(undefined);
    }
    if (by === undefined || !series) return;
    event.preventDefault();
    const atMs = (this.crossMs ?? series.sinceMs) + by * series.intervalMs;
    this.cross(Math.min(this.span.toMs, Math.max(this.span.fromMs, atMs)));
  };

  private cross(atMs: number | undefined): void {
    this.dispatchEvent(new CustomEvent<number | null>('cross', { detail: atMs ?? null }));
  }
  private zoom(span: Span | undefined): void {
    this.dispatchEvent(new CustomEvent<Span | null>('zoom', { detail: span ?? null }));
  }
}

type Axis = NonNullable<ChartOptions<'scatter'>['scales']>[string];
interface AxisText {
  readonly color: string;
  readonly font: { readonly family: string; readonly size: number };
}

/** `width`: of the plot, in pixels. */
function timeAxis(span: Span, width: number, paint: MetricPaint, text: AxisText): Axis {
  return {
    min: span.fromMs,
    max: span.toMs,
    border: { color: paint.line },
    grid: { drawOnChartArea: false, color: paint.line, tickLength: 4 },
    ticks: {
      ...text,
      autoSkip: false,
      maxRotation: 0,
      callback: (at, _, all) =>
        tickText(
          Number(at),
          all.map(({ value }) => value),
        ),
    },
    afterBuildTicks: axis => {
      axis.ticks = timeTicks(span, Math.floor(width / wideTick)).map(value => ({ value }));
    },
  };
}

/** The uppermost tick has the unit. */
function valueAxis(
  { least, most }: ReturnType<typeof valueRange>,
  unit: Parameters<typeof formatMeasure>[1],
  paint: MetricPaint,
  text: AxisText,
): Axis {
  return {
    min: least,
    max: most,
    border: { display: false },
    grid: { color: paint.grid, tickLength: 0 },
    ticks: {
      ...text,
      maxTicksLimit: 5,
      includeBounds: false,
      callback: (value, index, ticks) => formatMeasure(Number(value), index === ticks.length - 1 ? unit : undefined),
    },
    afterFit: axis => {
      axis.width = 56;
    },
  };
}

customElements.define('backstop-metric-chart', MetricChart);
