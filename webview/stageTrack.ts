// The pipeline as a track: groups in order, the stages of a group side by side.
import { css, html, LitElement } from 'lit';
import type { RunSnapshot } from '../src/protocol/snapshot.ts';
import type { StageSnapshot } from '../src/protocol/snapshotStages.ts';

export class StageTrack extends LitElement {
  static override properties = { groups: { attribute: false } };
  declare groups: RunSnapshot['groups'];

  static override styles = css`
    ol { display: flex; flex-wrap: wrap; gap: 8px; list-style: none; margin: 0; padding: 0; }
    ol ol { gap: 0; border: 1px solid var(--vscode-panel-border, var(--vscode-contrastBorder)); }
    ol ol > li { padding: 8px 12px; }
    ol ol > li + li { border-left: 1px solid var(--vscode-panel-border, var(--vscode-contrastBorder)); }
    strong { font-weight: 600; }
    small { display: block; font-size: 12px; line-height: 16px; color: var(--vscode-descriptionForeground); }
  `;

  override render() {
    return html`<ol aria-label="Stages">${(this.groups ?? []).map(group => html`<li><ol>${group.map(renderStage)}</ol></li>`)}</ol>`;
  }
}

function renderStage({ name, status, elapsedMs, note }: StageSnapshot) {
  return html`<li><strong>${name}</strong> ${status}
    ${elapsedMs === undefined ? '' : html`<small>${(elapsedMs / 1000).toFixed(1)} s</small>`}
    ${note === undefined ? '' : html`<small>${note}</small>`}</li>`;
}

customElements.define('backstop-stages', StageTrack);
