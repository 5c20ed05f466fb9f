// The new log events that a decision is about, directly below the question: name, message, top frame, lines and nodes.
import { css, html, LitElement, type TemplateResult } from 'lit';
import { formatCount, formatNumber, formatTime } from '../../src/protocol/words/format.ts';
import type { ClusterSnapshot } from '../../src/protocol/snapshot/clusterSnapshot.ts';
import { t } from '../../src/protocol/words/translate.ts';
import { minuteBars, minuteStyles } from '../checks/minuteBars.ts';
import { mark, markStyles } from '../marks.ts';
import { baseStyles } from '../styles.ts';
import { nodesPhrase, partsOf, topFrame } from './exceptionParts.ts';
import { templateText } from './templateText.ts';

const most = 4;

export class ExceptionList extends LitElement {
  static override properties = { clusters: { attribute: false } };
  /** The unknown ones, riskiest first. */
  declare clusters: readonly ClusterSnapshot[];
  static override styles = [
    baseStyles,
    markStyles,
    minuteStyles,
    css`
      li + li {
        border-top: 1px solid var(--vscode-panel-border, var(--vscode-contrastBorder));
      }
      :host-context(.vscode-high-contrast) li + li {
        border-color: color-mix(in srgb, var(--vscode-foreground) 32%, transparent);
      }
      button.row {
        display: grid;
        grid-template-columns: 36px minmax(0, 1fr) auto;
        gap: 0 12px;
        width: 100%;
        padding: 6px 4px;
        border: 0;
        background: none;
        color: inherit;
        font: inherit;
        text-align: left;
        cursor: pointer;
      }
      button.row:hover {
        background: var(--vscode-list-hoverBackground);
      }
      button.row:focus-visible {
        outline: 1px solid var(--vscode-focusBorder);
        outline-offset: -1px;
      }
      .key {
        display: flex;
        align-items: center;
        gap: 4px;
        height: 20px;
        font-weight: 600;
      }
      .what,
      .frame {
        overflow-wrap: anywhere;
      }
      .frame,
      .nodes {
        grid-row: 2;
      }
      .frame {
        grid-column: 2;
      }
      .nodes {
        grid-column: 3;
        text-align: right;
      }
      .wide {
        display: none;
      }
      /* One line for each, with columns. */
      @media (min-width: 1040px) {
        .narrow {
          display: none;
        }
        .wide {
          display: block;
        }
        button.row,
        .heads {
          display: grid;
          grid-template-columns: 36px minmax(0, 8fr) minmax(0, 6fr) 48px minmax(0, 3fr) 64px 83px;
          gap: 0 12px;
        }
        .heads {
          padding: 4px;
        }
        .frame,
        .nodes {
          grid-row: auto;
          text-align: left;
        }
        .frame {
          grid-column: 3;
        }
        .lines {
          grid-column: 4;
        }
        .nodes {
          grid-column: 5;
        }
      }
    `,
  ];

  override render() {
    const shown = this.clusters.slice(0, most),
      more = this.clusters.length - shown.length;
    return html`<section aria-label=${t('New log events')}>
      <div class="head">
        <h2>${t('New log events')}</h2>
        <span class="badge">${formatNumber(this.clusters.length)}</span>
        <span class="dim">${absence(this.clusters)}</span>
      </div>
      <div class="heads wide small dim" aria-hidden="true">
        <span></span><span>${t('Log event')}</span><span>${t('Top frame')}</span>
        <span class="number">${t('Lines')}</span><span>${t('Nodes')}</span><span>${t('First')}</span>
        <span>${t('Per minute')}</span>
      </div>
      <ul>
        ${shown.map(cluster => html`<li>${this.row(cluster)}</li>`)}
      </ul>
      ${more > 0 ? html`<p class="dim small">${t('{0} more below', more)}</p>` : ''}
    </section>`;
  }

  private row(cluster: ClusterSnapshot): TemplateResult {
    const { id, letter, canaryCount, firstSeenMs } = cluster,
      [name, message] = partsOf(cluster),
      frame = topFrame(cluster),
      lines = formatCount(canaryCount, 'line');
    return html`<button class="row" @click=${() => this.pick(id)}>
      <span class="key">${mark('unknown')}${letter ?? ''}</span>
      <span class="what">${name ? html`<span class="strong">${name}</span> ` : ''}${templateText(message)}</span>
      <span class="narrow number">${lines}</span>
      ${frame ? html`<span class="frame mono dim">${t('at {0}', frame)}</span>` : ''}
      <span class="lines wide number strong"
        ><span aria-hidden="true">${formatNumber(canaryCount)}</span><span class="out">${lines}</span></span
      >
      <span class="nodes small dim">${nodesPhrase(cluster)}</span>
      <span class="wide small dim">${formatTime(firstSeenMs)}</span>
      <span class="wide">${minuteBars(cluster)}</span>
    </button>`;
  }

  private pick(id: string): void {
    this.dispatchEvent(new CustomEvent<string>('pick-cluster', { detail: id, bubbles: true, composed: true }));
    this.dispatchEvent(new CustomEvent('open-cluster', { bubbles: true, composed: true }));
  }
}

function absence([first]: readonly ClusterSnapshot[]): string {
  const deployments = first?.learnedDeployments ?? 0;
  return deployments > 0 ? t('in none of {0}', formatCount(deployments, 'good deployment')) : t('not in the baseline');
}

customElements.define('backstop-exceptions', ExceptionList);
