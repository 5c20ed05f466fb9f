// The clusters of the chart as a table, riskiest first or sorted by a column: for keyboard and screen readers.
import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { formatNumber } from '../../src/protocol/words/format.ts';
import type { ClusterSnapshot } from '../../src/protocol/snapshot/clusterSnapshot.ts';
import { t } from '../../src/protocol/words/translate.ts';
import type { SortKey } from './clusterView.ts';
import { foldLine, foldStyles, neighbour } from './foldLine.ts';
import { icon } from '../icons.ts';
import { clustersOf, type ListItem } from './listItems.ts';
import { kindName, mark, markStyles } from '../marks.ts';
import { minuteBars, minuteStyles } from '../checks/minuteBars.ts';
import { baseStyles } from '../styles.ts';
import { templateText } from './templateText.ts';

export class ClusterTable extends LitElement {
  static override properties = {
    items: { attribute: false },
    picked: {},
    sort: {},
    reversed: { attribute: false },
  };
  declare items: readonly ListItem[];
  declare picked: string | undefined;
  declare sort: SortKey;
  declare reversed: boolean;
  static override styles = [
    baseStyles,
    markStyles,
    minuteStyles,
    foldStyles,
    css`
      th.kind {
        width: 56px;
      }
      th.severity {
        width: 80px;
      }
      th.canary {
        width: 76px;
      }
      th.baseline {
        width: 84px;
      }
      th.minutes {
        width: 99px;
      }
      th button {
        display: inline-flex;
        align-items: center;
        gap: 2px;
      }
      th button svg.icon {
        width: 12px;
        height: 12px;
      }
      td.mono {
        text-wrap: pretty;
      }
      td.small {
        line-height: 20px;
      }
      .key {
        display: flex;
        align-items: center;
        gap: 4px;
        font-weight: 600;
        height: 20px;
      }
      tr[data-id] {
        cursor: pointer;
        outline-offset: -1px;
      }
      tbody tr:focus-visible {
        outline-offset: -2px;
      }
      tr[data-id]:hover {
        background: var(--vscode-list-hoverBackground);
      }
      tbody tr[aria-current] {
        background: var(--vscode-list-activeSelectionBackground, transparent);
        color: var(--vscode-list-activeSelectionForeground, inherit);
        outline: 1px solid
          var(--vscode-contrastActiveBorder, var(--vscode-list-focusAndSelectionOutline, var(--vscode-focusBorder)));
      }
      @media (max-width: 720px) {
        .severity {
          display: none;
        }
      }
      @media (max-width: 520px) {
        .baseline,
        .minutes {
          display: none;
        }
      }
    `,
  ];

  override render() {
    const clusters = clustersOf(this.items),
      focusable = clusters.some(({ id }) => id === this.picked) ? this.picked : clusters[0]?.id;
    return html`<table aria-label=${t('Log events')}>
      <thead>
        <tr>
          ${this.head('risk', t('Kind'), 'kind')} ${this.head('severity', t('Severity'), 'severity')}
          ${this.head('template', t('Template'), '')} ${this.head('canary', t('Canary'), 'number canary')}
          ${this.head('baseline', t('Baseline'), 'number baseline')}
          <th class="minutes">${t('Per minute')}</th>
        </tr>
      </thead>
      <tbody @keydown=${this.press}>
        ${this.items.map(item =>
          item.type === 'cluster'
            ? this.row(item.cluster, item.cluster.id === focusable)
            : html`<tr>
                <td colspan="6">${foldLine(this, item)}</td>
              </tr>`,
        )}
      </tbody>
    </table>`;
  }

  /** Moves the focus, and with it the page, to the row that is picked. */
  focusPicked(): void {
    this.renderRoot.querySelector<HTMLElement>('tr[aria-current]')?.focus();
  }

  private head(key: SortKey, label: string, classes: string): TemplateResult {
    const sorted = this.sort === key;
    return html`<th class=${classes} aria-sort=${sorted ? (this.reversed ? 'descending' : 'ascending') : nothing}>
      <button @click=${() => this.dispatchEvent(new CustomEvent<SortKey>('sort-by', { detail: key }))}>
        ${label}${sorted ? icon(this.reversed ? 'up' : 'down') : ''}
      </button>
    </th>`;
  }

  private row(cluster: ClusterSnapshot, focusable: boolean): TemplateResult {
    const { id, letter, kind, severity, template, says = template, canaryCount, baselineCount, feedback } = cluster,
      picked = id === this.picked;
    return html`<tr
      data-id=${id}
      tabindex=${focusable ? 0 : -1}
      aria-current=${picked ? 'true' : nothing}
      @click=${() => this.pick(id)}
    >
      <td>
        <span class="key" title=${kindName(kind)}
          >${mark(kind)}${letter ?? ''}<span class="out">${kindName(kind)}</span>${
            feedback ? html`<span title=${t('Has feedback from a reviewer')}>${icon('person', 'plain')}</span>` : ''
          }</span
        >
      </td>
      <td class="severity small">${severity.toUpperCase()}</td>
      <td class="mono">${templateText(says)}</td>
      <td class="number ${letter ? 'strong' : ''}">${formatNumber(canaryCount)}</td>
      <td class="number baseline">${formatNumber(baselineCount)}</td>
      <td class="minutes">${minuteBars(cluster)}</td>
    </tr>`;
  }

  private readonly press = (event: KeyboardEvent): void => {
    const row = (event.target as Element).closest<HTMLElement>('tr[data-id]');
    if (row && (event.key === 'Enter' || event.key === ' ')) {
      event.preventDefault();
      this.pick(row.dataset['id'] ?? '');
      this.dispatchEvent(new CustomEvent('open-cluster', { bubbles: true, composed: true }));
      return;
    }
    const next = neighbour(this.renderRoot, 'tr[data-id], button.fold', event);
    if (next?.dataset['id']) this.pick(next.dataset['id']);
  };

  private pick(id: string): void {
    this.dispatchEvent(new CustomEvent<string>('pick-cluster', { detail: id, bubbles: true, composed: true }));
  }
}

customElements.define('backstop-cluster-table', ClusterTable);
