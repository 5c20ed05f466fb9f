// The clusters: chips that are legend and filter in one, a text filter, the chart and the table of what is left.
import { css, html, LitElement, type TemplateResult } from 'lit';
import { formatCount, formatNumber } from '../src/protocol/format.ts';
import type { ClusterKind, ClusterSnapshot, ClustersSnapshot } from '../src/protocol/snapshotClusters.ts';
import './clusterChart.ts';
import './clusterTable.ts';
import { clusterKinds, kindNames, mark, markStyles } from './marks.ts';
import { baseStyles } from './styles.ts';

export class ClusterSection extends LitElement {
  static override properties = { clusters: { attribute: false }, picked: {}, off: { state: true }, text: { state: true } };
  declare clusters: ClustersSnapshot;
  declare picked: string | undefined;
  declare off: ReadonlySet<ClusterKind>;
  declare text: string;
  private filtered: readonly ClusterSnapshot[] = [];
  static override styles = [baseStyles, markStyles, css`
    .chips { margin-bottom: 8px; }
    .badge { min-width: 20px; padding: 0 6px; border-radius: 8px; background: var(--vscode-badge-background); color: var(--vscode-badge-foreground); border: 1px solid var(--vscode-contrastBorder, transparent); font-size: 11px; line-height: 14px; text-align: center; }
    .foot { padding-top: 4px; }
  `];

  constructor() {
    super();
    this.off = new Set();
    this.text = '';
  }

  override willUpdate(changed: ReadonlyMap<PropertyKey, unknown>): void {
    if (!changed.has('clusters') && !changed.has('off') && !changed.has('text')) return;
    const wanted = this.text.trim().toLowerCase();
    this.filtered = this.clusters.shown.filter(({ kind, template }) => !this.off.has(kind) && (!wanted || template.toLowerCase().includes(wanted)));
  }

  override render() {
    const { shown, hidden } = this.clusters, total = shown.length + hidden;
    return html`<section aria-label="Clusters"><div class="head"><h2>Clusters</h2><span class="badge">${formatNumber(total)}</span><span class="grow"></span>
        ${shown.length ? html`<input type="search" placeholder="Filter by text" aria-label="Filter clusters by text" .value=${this.text} @input=${this.filter}>` : ''}</div>
      ${shown.length === 0 ? html`<p class="dim">${total === 0 ? 'No log event has been seen yet.' : `${formatCount(total, 'log event')} seen, none of them a risk; they are drawn when the verification ends.`}</p>` : html`
        <div class="chips" role="group" aria-label="Show">${clusterKinds.map(kind => this.chip(kind))}</div>
        <backstop-cluster-chart .clusters=${this.filtered} .picked=${this.picked}></backstop-cluster-chart>
        <backstop-cluster-table .clusters=${this.filtered} .picked=${this.picked}></backstop-cluster-table>
        <p class="foot small dim">${formatNumber(this.filtered.length)} of ${formatNumber(total)} match, riskiest first; ${hidden ? `${formatNumber(hidden)} without risk are not drawn` : 'none hidden'}</p>`}
    </section>`;
  }

  private chip(kind: ClusterKind): TemplateResult {
    const count = this.clusters.shown.filter(cluster => cluster.kind === kind).length;
    return html`<button class="chip" aria-pressed=${String(count > 0 && !this.off.has(kind))} ?disabled=${count === 0} @click=${() => this.toggle(kind)}>${mark(kind)}${kindNames[kind]} <b>${formatNumber(count)}</b></button>`;
  }

  private toggle(kind: ClusterKind): void {
    const off = new Set(this.off);
    if (!off.delete(kind)) off.add(kind);
    this.off = off;
  }

  private readonly filter = ({ target }: InputEvent): void => { this.text = (target as HTMLInputElement).value; };
}

customElements.define('backstop-clusters', ClusterSection);
