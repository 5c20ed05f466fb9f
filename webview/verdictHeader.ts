// The head: one sentence that is read first, whether anyone must act, what can be done, and the facts behind it.
import { css, html, LitElement } from 'lit';
import type { HeaderSnapshot, SnapshotAction } from '../src/protocol/snapshotHeader.ts';
import { icon, type IconName } from './icons.ts';
import { baseStyles } from './styles.ts';

const icons = { bad: 'fail', good: 'pass', warn: 'unsure', live: 'running', neutral: 'skipped' } satisfies Record<HeaderSnapshot['tone'], IconName>;
const labels = {
  'roll-back': 'Roll Back…', promote: 'Promote…', hold: 'Hold', 'look-again': 'Look Again', cancel: 'Cancel Run…', approve: 'Approve…', reject: 'Reject…', 'compare-releases': 'Compare Releases', 'run-again': 'Run Again…',
  'show-logs': 'Show Logs', 'show-evidence': 'Show Evidence', run: 'Run Pipeline…', 'open-pipeline': 'Open Pipeline File',
} satisfies Record<SnapshotAction, string>;

export class VerdictHeader extends LitElement {
  static override properties = { header: { attribute: false } };
  declare header: HeaderSnapshot;
  static override styles = [baseStyles, css`
    header { display: grid; grid-template-columns: minmax(0, 1fr) auto; gap: 4px 24px; padding-bottom: 16px; }
    .crumb { grid-column: 1 / -1; display: flex; flex-wrap: wrap; gap: 0 8px; }
    .verdict { display: grid; grid-template-columns: 24px minmax(0, 1fr); gap: 4px 12px; }
    .verdict > svg.icon { width: 24px; height: 24px; margin-top: 4px; stroke-width: 1; }
    h1 { font-size: 20px; line-height: 32px; font-weight: 600; text-wrap: pretty; overflow-wrap: anywhere; }
    .verdict p { grid-column: 2; overflow-wrap: anywhere; }
    .actions { display: flex; flex-wrap: wrap; gap: 8px; align-items: center; align-self: start; padding-top: 2px; }
    vscode-button { height: 28px; }
    dl { grid-column: 1 / -1; display: grid; grid-template-columns: repeat(auto-fit, minmax(152px, 1fr)); gap: 12px 24px; padding: 12px 0 0 36px; }
    dd { font-weight: 600; overflow-wrap: anywhere; }
    dd .dim { font-weight: 400; }
    @media (max-width: 1120px) { header { grid-template-columns: minmax(0, 1fr); } .actions { padding: 4px 0 0 36px; } }
    @media (max-width: 720px) {
      .actions, dl { padding-left: 0; }
      dl { grid-template-columns: repeat(2, minmax(0, 1fr)); }
      h1 { font-size: 18px; line-height: 24px; padding-top: 4px; }
    }
  `];

  override render() {
    const { service, about, tone, verdict, action, facts, actions } = this.header;
    return html`<header>
      <div class="crumb"><span class="strong">${service}</span><span class="dim">${about}</span></div>
      <div class="verdict" role="status">${icon(icons[tone], tone)}<h1>${verdict}</h1><p class="dim">${action}</p></div>
      <div class="actions">${actions.map((one, index) => html`<vscode-button appearance=${index === 0 ? 'primary' : 'secondary'} @click=${() => this.act(one)}>${labels[one]}</vscode-button>`)}</div>
      <dl>${facts.map(({ name, value, more }) => html`<div><dt class="dim small">${name}</dt><dd>${value}${more ? html` <span class="dim">${more}</span>` : ''}</dd></div>`)}</dl>
    </header>`;
  }

  private act(action: SnapshotAction): void {
    this.dispatchEvent(new CustomEvent<SnapshotAction>('act', { detail: action, bubbles: true, composed: true }));
  }
}

customElements.define('backstop-verdict', VerdictHeader);
