// The log events of a narrow panel: two lines each, and the one that is picked opens below its row.
import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { formatCount } from '../../src/protocol/words/format.ts';
import type { ClusterSnapshot } from '../../src/protocol/snapshot/clusterSnapshot.ts';
import { t } from '../../src/protocol/words/translate.ts';
import { nodesPhrase, partsOf, topFrame } from './exceptionParts.ts';
import { foldLine, foldStyles, neighbour } from './foldLine.ts';
import { icon } from '../icons.ts';
import type { ListItem } from './listItems.ts';
import { kindName, mark, markStyles } from '../marks.ts';
import { baseStyles } from '../styles.ts';
import { templateText } from './templateText.ts';

export class ClusterRows extends LitElement {
  static override properties = { items: { attribute: false }, picked: {}, detail: { attribute: false } };
  declare items: readonly ListItem[];
  declare picked: string | undefined;
  /** What is shown below the row that is picked. */
  declare detail: TemplateResult | undefined;
  static override styles = [
    baseStyles,
    markStyles,
    foldStyles,
    css`
      li {
        border-bottom: 1px solid var(--vscode-panel-border, var(--vscode-contrastBorder));
      }
      :host-context(.vscode-high-contrast) li {
        border-color: color-mix(in srgb, var(--vscode-foreground) 32%, transparent);
      }
      li > button:not(.link) {
        padding: 6px 4px;
      }
      li > button.link {
        padding: 6px 28px;
      }
      .row {
        display: grid;
        grid-template-columns: 16px auto minmax(0, 1fr) auto;
        gap: 0 8px;
        width: 100%;
        text-align: left;
      }
      li > button:hover {
        background: var(--vscode-list-hoverBackground);
      }
      li > button:focus-visible {
        outline-offset: -1px;
      }
      .row[aria-expanded='true'] {
        background: var(--vscode-list-activeSelectionBackground, transparent);
        color: var(--vscode-list-activeSelectionForeground, inherit);
        outline: 1px solid
          var(--vscode-contrastActiveBorder, var(--vscode-list-focusAndSelectionOutline, var(--vscode-focusBorder)));
        outline-offset: -1px;
      }
      .row[aria-expanded='true'] .dim {
        color: inherit;
      }
      .row svg.icon {
        margin-top: 2px;
      }
      .key {
        display: flex;
        align-items: center;
        gap: 4px;
        min-width: 28px;
        height: 20px;
        font-weight: 600;
      }
      .what,
      .second {
        overflow-wrap: anywhere;
      }
      .second {
        grid-column: 3;
      }
      .nodes {
        text-align: right;
      }
      .detail {
        padding: 4px 4px 12px 28px;
      }
      @media (max-width: 520px) {
        .detail {
          padding-left: 4px;
        }
      }
    `,
  ];

  override render() {
    return html`<ul aria-label=${t('Log events')} @keydown=${this.press}>
      ${this.items.map(
        item => html`<li>${item.type === 'cluster' ? this.row(item.cluster) : foldLine(this, item)}</li>`,
      )}
    </ul>`;
  }

  /** Moves the focus to the row that is picked, and the page so far that row and detail are seen. */
  focusPicked(): void {
    const row = this.openRow;
    row?.focus();
    this.bringIntoView();
  }

  private row(cluster: ClusterSnapshot): TemplateResult {
    const { id, letter, kind, severity, canaryCount, baselineCount } = cluster,
      [name, message] = partsOf(cluster),
      frame = topFrame(cluster),
      isOpen = id === this.picked && this.detail !== undefined;
    return html`<button
        class="row"
        data-id=${id}
        aria-expanded=${String(isOpen)}
        aria-controls=${isOpen ? 'detail' : nothing}
        @click=${this.toggle}
      >
        ${icon(isOpen ? 'down' : 'right')}
        <span class="key">${mark(kind)}${letter ?? ''}<span class="out">${kindName(kind)}</span></span>
        <span class="what">${name ? html`<span class="strong">${name}</span> ` : ''}${templateText(message)}</span>
        <span class="number">${formatCount(kind === 'baseline' ? baselineCount : canaryCount, 'line')}</span>
        <span class="second dim ${frame && letter ? 'mono' : 'small'}"
          >${frame && letter ? t('at {0}', frame) : severity.toUpperCase()}</span
        >
        <span class="nodes small dim">${nodesPhrase(cluster)}</span>
      </button>
      ${isOpen ? html`<div class="detail" id="detail">${this.detail}</div>` : ''}`;
  }

  private get openRow(): HTMLElement | null {
    return this.renderRoot.querySelector<HTMLElement>('.row[aria-expanded="true"]');
  }

  /** The row stays where it was clicked, though another one above it may close. */
  private readonly toggle = (event: MouseEvent): void => {
    const row = event.currentTarget as HTMLElement,
      before = row.getBoundingClientRect().top;
    const isOpen = row.getAttribute('aria-expanded') === 'true';
    this.dispatchEvent(
      new CustomEvent<string>('pick-cluster', {
        detail: isOpen ? '' : (row.dataset['id'] ?? ''),
        bubbles: true,
        composed: true,
      }),
    );
    requestAnimationFrame(() => {
      scrollBy(0, row.getBoundingClientRect().top - before);
      this.bringIntoView();
    });
  };

  private bringIntoView(): void {
    const box = this.openRow?.closest('li')?.getBoundingClientRect();
    if (!box) return;
    const below = Math.min(box.bottom - innerHeight, box.top);
    if (box.top < 0 || below > 0) scrollBy(0, box.top < 0 ? box.top : below);
  }

  private readonly press = (event: KeyboardEvent): void => {
    neighbour(this.renderRoot, '.row, .fold', event);
  };
}

customElements.define('backstop-cluster-rows', ClusterRows);
