// The head of the panel: the verdict, whether anyone must act, the actions, and the facts behind the verdict.
import { css, html, LitElement, nothing, svg, type TemplateResult } from 'lit';
import type { FactSnapshot, HeaderSnapshot, SnapshotAction } from '../../src/protocol/snapshot/snapshotHeader.ts';
import { act, lookOf } from '../actions.ts';
import { icon, type IconName } from '../icons.ts';
import { baseStyles } from '../styles.ts';

const icons = { bad: 'fail', good: 'pass', warn: 'unsure', live: 'running', neutral: 'skipped' } satisfies Record<
  HeaderSnapshot['tone'],
  IconName
>;

export class VerdictHeader extends LitElement {
  static override properties = {
    header: { attribute: false },
    readOnly: { type: Boolean },
    compares: { type: Boolean },
  };
  declare header: HeaderSnapshot;
  declare readOnly: boolean;
  /** The comparison of the releases is shown below. */
  declare compares: boolean;
  static override styles = [
    baseStyles,
    css`
      header {
        display: grid;
        grid-template-columns: minmax(0, 1fr) auto;
        gap: 4px 24px;
        padding-bottom: 16px;
      }
      .crumb {
        grid-column: 1 / -1;
        display: flex;
        flex-wrap: wrap;
        gap: 0 8px;
        overflow-wrap: anywhere;
      }
      .verdict {
        display: grid;
        grid-template-columns: 24px minmax(0, 1fr);
        gap: 4px 12px;
        align-content: start;
      }
      .verdict > svg.icon {
        width: 24px;
        height: 24px;
        margin-top: 4px;
        stroke-width: 1;
      }
      h1 {
        font-size: 20px;
        line-height: 32px;
        font-weight: 600;
        text-wrap: pretty;
        overflow-wrap: anywhere;
      }
      .verdict p {
        grid-column: 2;
        overflow-wrap: anywhere;
      }
      .actions {
        display: flex;
        flex-wrap: wrap;
        gap: 8px;
        align-items: center;
        align-self: start;
        padding-top: 2px;
      }
      vscode-button {
        height: 28px;
      }
      dl {
        grid-column: 1 / -1;
        display: grid;
        grid-template-columns: repeat(auto-fit, minmax(152px, 1fr));
        gap: 12px 24px;
        padding: 12px 0 0 36px;
      }
      dd {
        font-weight: 600;
        overflow-wrap: anywhere;
      }
      dd .dim {
        font-weight: 400;
      }
      .meter {
        display: block;
        width: 100%;
        max-width: 176px;
        height: 4px;
        margin-top: 4px;
      }
      .meter .whole {
        fill: color-mix(in srgb, var(--vscode-foreground) 16%, transparent);
      }
      .meter .part {
        fill: var(--vscode-charts-red);
      }
      :host-context(.vscode-high-contrast) .meter .whole {
        fill: none;
        stroke: var(--vscode-contrastBorder);
      }
      @media (max-width: 1120px) {
        header {
          grid-template-columns: minmax(0, 1fr);
        }
        .actions {
          padding: 4px 0 0 36px;
        }
        dl {
          grid-template-columns: repeat(auto-fit, minmax(124px, 1fr));
        }
      }
      @media (max-width: 940px) {
        dl {
          grid-template-columns: repeat(3, minmax(0, 1fr));
        }
      }
      @media (max-width: 720px) {
        .actions,
        dl {
          padding-left: 0;
        }
        dl {
          grid-template-columns: repeat(2, minmax(0, 1fr));
        }
        h1 {
          font-size: 18px;
          line-height: 24px;
          padding-top: 4px;
        }
      }
    `,
  ];

  override render() {
    const { service, about, tone, verdict, action, facts, actions } = this.header,
      shown = this.readOnly ? actions.filter(one => one === 'compare-releases') : actions;
    return html`<header>
      <div class="crumb"><span class="strong">${service}</span><span class="dim">${about}</span></div>
      <div class="verdict" role="status">
        ${icon(icons[tone], tone)}
        <h1>${verdict}</h1>
        <p class="dim">${action}</p>
      </div>
      <div class="actions">
        ${shown.map((one, index) => this.button(one, index === 0))}
        ${this.readOnly ? '' : (['show-logs', 'show-evidence'] as const).map(one => this.tool(one))}
      </div>
      <dl>${facts.map(renderFact)}</dl>
    </header>`;
  }

  private button(action: SnapshotAction, primary: boolean): TemplateResult {
    const { label, picture } = lookOf(action);
    return html`<vscode-button
      appearance=${primary ? 'primary' : 'secondary'}
      aria-expanded=${action === 'compare-releases' ? String(this.compares) : nothing}
      @click=${() => act(this, action)}
      >${picture ? html`<span slot="start">${icon(picture, 'plain')}</span>` : ''}${label}</vscode-button
    >`;
  }

  private tool(action: SnapshotAction): TemplateResult {
    const { label, picture } = lookOf(action);
    return html`<button class="tool" title=${label} aria-label=${label} @click=${() => act(this, action)}>
      ${picture ? icon(picture) : label}
    </button>`;
  }
}

function renderFact({ name, value, more, meter }: FactSnapshot): TemplateResult {
  return html`<div>
    <dt class="dim small">${name}</dt>
    <dd>
      ${value}${more ? html` <span class="dim">${more}</span>` : ''}
      ${
        meter === undefined
          ? ''
          : html`<svg class="meter" aria-hidden="true">
              ${svg`<rect class="whole" width="100%" height="4"/>
                <rect class="part" width="${100 * meter}%" height="4"/>`}
            </svg>`
      }
    </dd>
  </div>`;
}

customElements.define('backstop-verdict', VerdictHeader);
