// The chart's facts as a table, riskiest first: for the keyboard, for screen readers, and for reading.
import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { formatNumber } from '../src/protocol/format.ts';
import type { ClusterSnapshot } from '../src/protocol/snapshotClusters.ts';
import { kindNames, mark, markStyles } from './marks.ts';
import { baseStyles } from './styles.ts';
import { templateText } from './templateText.ts';

const page = 20;

export class ClusterTable extends LitElement {
  static override properties = { clusters: { attribute: false }, picked: {}, calmRows: { state: true } };
  declare clusters: readonly ClusterSnapshot[];
  declare picked: string | undefined;
  declare calmRows: number;
  static override styles = [baseStyles, markStyles, css`
    table { width: 100%; border-collapse: collapse; table-layout: fixed; }
    th { font-weight: 400; text-align: left; padding: 0 8px; height: 28px; font-size: 12px; border-bottom: 1px solid var(--vscode-panel-border, var(--vscode-contrastBorder)); white-space: nowrap; color: var(--vscode-descriptionForeground); }
    th.number { text-align: right; }
    th.kind { width: 56px; } th.severity { width: 72px; } th.canary, th.baseline { width: 76px; }
    td { padding: 4px 8px; height: 28px; vertical-align: top; }
    td.mono { text-wrap: pretty; }
    td.small { line-height: 20px; }
    th:first-child, td:first-child { padding-left: 4px; }
    .key { display: flex; align-items: center; gap: 4px; font-weight: 600; height: 20px; }
    tbody tr { cursor: pointer; outline-offset: -1px; }
    tbody tr:focus-visible { outline-offset: -2px; }
    tbody tr:hover { background: var(--vscode-list-hoverBackground); }
    tbody tr[aria-current] { background: var(--vscode-list-activeSelectionBackground, transparent); color: var(--vscode-list-activeSelectionForeground, inherit); outline: 1px solid var(--vscode-contrastActiveBorder, var(--vscode-list-focusAndSelectionOutline, var(--vscode-focusBorder))); }
    tbody tr.shared td { border-top: 1px solid var(--vscode-panel-border, transparent); }
    .more { color: var(--vscode-textLink-foreground); padding: 4px 0 0; }
    .out { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
    @media (max-width: 720px) { .severity { display: none; } }
    @media (max-width: 520px) { .baseline { display: none; } }
  `];

  constructor() {
    super();
    this.calmRows = page;
  }

  override render() {
    const risky = this.clusters.filter(cluster => cluster.letter !== undefined), calm = this.clusters.filter(cluster => cluster.letter === undefined);
    const rows = [...risky, ...calm.slice(0, this.calmRows)], left = this.clusters.length - rows.length;
    const focusable = rows.some(cluster => cluster.id === this.picked) ? this.picked : rows[0]?.id;
    return html`<table aria-label="Clusters"><thead><tr><th class="kind"><span class="out">Kind</span></th><th class="severity">Severity</th><th>Template</th><th class="number canary">Canary</th><th class="number baseline">Baseline</th></tr></thead>
      <tbody @keydown=${this.press}>${rows.map(cluster => this.row(cluster, cluster.id === focusable))}</tbody></table>
      ${left > 0 ? html`<button class="more" @click=${() => { this.calmRows += 5 * page; }}>Show ${formatNumber(Math.min(left, 5 * page))} more of ${formatNumber(left)}</button>` : ''}`;
  }

  private row(cluster: ClusterSnapshot, focusable: boolean): TemplateResult {
    const { id, letter, kind, severity, template, canaryCount, baselineCount } = cluster, picked = id === this.picked;
    return html`<tr data-id=${id} tabindex=${focusable ? 0 : -1} aria-current=${picked ? 'true' : nothing} @click=${() => this.pick(id)}>
      <td><span class="key" title=${kindNames[kind]}>${mark(kind)}${letter ?? ''}<span class="out">${kindNames[kind]}</span></span></td><td class="severity small">${severity.toUpperCase()}</td>
      <td class="mono">${templateText(template)}</td><td class="number ${letter ? 'strong' : ''}">${formatNumber(canaryCount)}</td><td class="number baseline">${formatNumber(baselineCount)}</td></tr>`;
  }

  private readonly press = (event: KeyboardEvent): void => {
    const row = (event.target as Element).closest('tr');
    if (event.key === 'Enter' || event.key === ' ') {
      event.preventDefault();
      if (row?.dataset['id']) this.pick(row.dataset['id']);
      this.dispatchEvent(new CustomEvent('open-cluster', { bubbles: true, composed: true }));
      return;
    }
    const next = event.key === 'ArrowDown' ? row?.nextElementSibling : event.key === 'ArrowUp' ? row?.previousElementSibling : undefined;
    if (!(next instanceof HTMLElement)) return;
    event.preventDefault();
    next.focus();
    if (next.dataset['id']) this.pick(next.dataset['id']);
  };

  private pick(id: string): void {
    this.dispatchEvent(new CustomEvent<string>('pick-cluster', { detail: id, bubbles: true, composed: true }));
  }
}

customElements.define('backstop-cluster-table', ClusterTable);
