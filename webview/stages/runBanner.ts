// Says above the verdict that a later run has superseded this one, and opens it.
import { css, html, LitElement } from 'lit';
import type { NeighboursSnapshot } from '../../src/protocol/snapshot/snapshotNeighbours.ts';
import { t } from '../../src/protocol/words/translate.ts';
import { act, lookOf } from '../actions.ts';
import { icon } from '../icons.ts';
import { baseStyles } from '../styles.ts';

export class RunBanner extends LitElement {
  static override properties = { superseded: { attribute: false }, readOnly: { attribute: false } };
  declare superseded: NonNullable<NeighboursSnapshot['superseded']>;
  declare readOnly: boolean;
  static override styles = [
    baseStyles,
    css`
      div {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 8px;
        padding: 7px 8px 7px 12px;
        margin-bottom: 12px;
        border: 1px solid var(--vscode-panel-border, var(--vscode-contrastBorder));
        border-radius: 4px;
        background: color-mix(in srgb, var(--vscode-foreground) 4%, transparent);
      }
      .grow {
        overflow-wrap: anywhere;
      }
      vscode-button {
        height: 28px;
      }
      :host-context(.vscode-high-contrast) div {
        background: none;
      }
    `,
  ];

  override render() {
    const { number, about } = this.superseded,
      { label } = lookOf('open-latest');
    return html`<div role="note">
      ${icon('unsure')}<span class="grow"
        ><span class="strong">${t('Superseded by {0}', number)}</span> (${about})</span
      >
      ${
        this.readOnly
          ? ''
          : html`<vscode-button appearance="secondary" title=${label} @click=${() => act(this, 'open-latest')}
              >${t('Open {0}', number)}</vscode-button
            >`
      }
    </div>`;
  }
}

customElements.define('backstop-banner', RunBanner);
