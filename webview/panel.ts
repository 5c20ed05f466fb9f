// The run panel's root: the verdict first, then stages, checks and clusters; draws the newest snapshot it was sent.
import { css, html, LitElement } from 'lit';
import { isToPanel, type ToHost } from '../src/protocol/runPanel.ts';
import type { RunSnapshot } from '../src/protocol/snapshot.ts';
import './clusterChart.ts';
import { registerControls } from './controls.ts';
import './stageTrack.ts';

declare function acquireVsCodeApi(): { postMessage(message: ToHost): void };

class RunPanel extends LitElement {
  static override properties = { snapshot: { state: true } };
  declare snapshot: RunSnapshot | undefined;
  private readonly host = acquireVsCodeApi();

  static override styles = css`
    :host { display: grid; gap: 20px; padding: 16px 0 32px; font: 13px/20px var(--vscode-font-family); color: var(--vscode-foreground); }
    h1 { margin: 0; font-size: 20px; line-height: 32px; font-weight: 600; }
    h2 { margin: 0 0 8px; font-size: 13px; font-weight: 600; }
    p { margin: 0; }
    ul { margin: 0; padding: 0; list-style: none; display: grid; gap: 8px; }
    .quiet { color: var(--vscode-descriptionForeground); }
    table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
    th, td { text-align: left; padding: 4px 8px 4px 0; vertical-align: top; }
    th { font-weight: 400; color: var(--vscode-descriptionForeground); }
    td.number, th.number { text-align: right; }
    code { font-family: var(--vscode-editor-font-family); font-size: 12px; overflow-wrap: anywhere; }
  `;

  override connectedCallback(): void {
    super.connectedCallback();
    window.addEventListener('message', this.receive);
    this.host.postMessage({ type: 'ready' });
  }
  override disconnectedCallback(): void {
    super.disconnectedCallback();
    window.removeEventListener('message', this.receive);
  }
  private readonly receive = ({ data }: MessageEvent<unknown>): void => { if (isToPanel(data)) this.snapshot = data.snapshot; };

  override render() {
    if (!this.snapshot) return html`<p class="quiet">Reading the run…</p>`;
    const { header: { about, verdict, action }, groups, checks, clusters: { shown: clusters } } = this.snapshot;
    return html`
      <header><p class="quiet">${about}</p><h1>${verdict}</h1><p class="quiet">${action}</p></header>
      <backstop-stages .groups=${groups}></backstop-stages>
      ${checks.length === 0 ? '' : html`<section><h2>Checks</h2><ul>${checks.map(check => html`
        <li><vscode-tag>${check.outcome}</vscode-tag> <strong>${check.name}</strong><p>${check.sentence}</p></li>`)}</ul></section>`}
      ${clusters.length === 0 ? '' : html`<section><h2>Clusters</h2><backstop-clusters .clusters=${clusters}></backstop-clusters>${renderTable(clusters)}</section>`}`;
  }
}

function renderTable(clusters: RunSnapshot['clusters']['shown']) {
  return html`<table><thead><tr><th>Kind</th><th>Template</th><th class="number">Canary</th><th class="number">Baseline</th></tr></thead>
    <tbody>${clusters.map(dot => html`<tr><td>${dot.kind}</td><td><code>${dot.template}</code></td><td class="number">${dot.canaryCount}</td><td class="number">${dot.baselineCount}</td></tr>`)}</tbody></table>`;
}

registerControls();
customElements.define('backstop-run', RunPanel);
