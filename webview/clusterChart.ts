// The cluster chart: similar text lies near, area grows with count; the shape of a mark says what its colour says.
import { Chart, LinearScale, PointElement, ScatterController, Tooltip, type ChartDataset, type Point } from 'chart.js';
import { css, html, LitElement } from 'lit';
import type { ClusterKind as Kind, ClusterSnapshot as ClusterDot } from '../src/protocol/snapshotClusters.ts';

Chart.register(LinearScale, PointElement, ScatterController, Tooltip);

const marks: Readonly<Record<Kind, { readonly label: string; readonly color: string; readonly shape: 'circle' | 'rectRot' | 'triangle' }>> = {
  baseline: { label: 'Baseline', color: '--vscode-descriptionForeground', shape: 'circle' },
  known: { label: 'Known, in canary', color: '--vscode-charts-blue', shape: 'circle' },
  'unexpected-frequency': { label: 'Unexpected frequency', color: '--vscode-charts-red', shape: 'triangle' },
  unknown: { label: 'Unknown', color: '--vscode-charts-red', shape: 'rectRot' },
};

export class ClusterChart extends LitElement {
  static override properties = { clusters: { attribute: false } };
  declare clusters: readonly ClusterDot[];
  private chart?: Chart<'scatter'>;

  static override styles = css`div { position: relative; height: 320px; border: 1px solid var(--vscode-panel-border, var(--vscode-contrastBorder)); }`;

  override render() {
    return html`<div><canvas role="img" aria-label="Clusters of log events; the table below has the same facts"></canvas></div>`;
  }

  override updated(): void {
    const datasets = (Object.keys(marks) as Kind[]).map(kind => toDataset(kind, (this.clusters ?? []).filter(dot => dot.kind === kind), getComputedStyle(this)));
    const canvas = this.renderRoot.querySelector('canvas');
    if (!canvas) return;
    if (this.chart) { this.chart.data.datasets = datasets; this.chart.update('none'); return; }
    this.chart = new Chart<'scatter'>(canvas, { type: 'scatter', data: { datasets }, options: {
      animation: false, maintainAspectRatio: false,
      scales: { x: { display: false, min: -1.1, max: 1.1 }, y: { display: false, min: -1.1, max: 1.1 } },
      plugins: { tooltip: { callbacks: { label: item => (item.raw as LabelledPoint).template } } },
    } });
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.chart?.destroy();
  }
}

type LabelledPoint = Point & { readonly template: string };

function toDataset(kind: Kind, dots: readonly ClusterDot[], style: CSSStyleDeclaration): ChartDataset<'scatter'> {
  const { label, color, shape } = marks[kind];
  const paint = style.getPropertyValue(color).trim() || 'gray';
  return {
    label, data: dots.map(({ x, y, template }): LabelledPoint => ({ x, y, template })), pointStyle: shape,
    pointRadius: dots.map(({ canaryCount, baselineCount }) => 3 + 2 * Math.log10(1 + canaryCount + baselineCount)),
    backgroundColor: kind === 'baseline' ? 'transparent' : paint, borderColor: paint,
  };
}

customElements.define('backstop-clusters', ClusterChart);
