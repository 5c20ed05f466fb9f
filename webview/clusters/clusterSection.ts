// The clusters: chips that are both legend and filter, a text filter, the chart and the table.
import { css, html, LitElement, type TemplateResult } from 'lit';
import { formatCount, formatNumber } from '../../src/protocol/words/format.ts';
import type { ClusterKind, ClusterSnapshot, ClustersSnapshot } from '../../src/protocol/snapshot/clusterSnapshot.ts';
import { t } from '../../src/protocol/words/translate.ts';
import '../chart/clusterChart.ts';
import './clusterTable.ts';
import { listClusters, matchClusters, type ClusterView, type MapBox, type SortKey } from './clusterView.ts';
import { icon } from '../icons.ts';
import { clusterKinds, kindName, mark, markStyles } from '../marks.ts';
import { baseStyles } from '../styles.ts';

export class ClusterSection extends LitElement {
  static override properties = {
    clusters: { attribute: false },
    picked: {},
    view: { attribute: false },
    whole: { attribute: false },
  };
  declare clusters: ClustersSnapshot;
  declare picked: string | undefined;
  declare view: ClusterView;
  /** Whether the table is drawn too. */
  declare whole: boolean;
  private matching: readonly ClusterSnapshot[] = [];
  private listed: readonly ClusterSnapshot[] = [];
  static override styles = [
    baseStyles,
    markStyles,
    css`
      .chips {
        margin-bottom: 8px;
      }
      .badge {
        min-width: 20px;
        padding: 0 6px;
        border-radius: 8px;
        background: var(--vscode-badge-background);
        color: var(--vscode-badge-foreground);
        border: 1px solid var(--vscode-contrastBorder, transparent);
        font-size: 11px;
        line-height: 14px;
        text-align: center;
      }
      .search {
        position: relative;
      }
      .search svg {
        position: absolute;
        left: 8px;
        top: 6px;
      }
      .search input {
        padding-left: 28px;
      }
      .foot {
        display: flex;
        flex-wrap: wrap;
        justify-content: space-between;
        gap: 0 16px;
        padding-top: 4px;
      }
      @media (max-width: 720px) {
        .search {
          width: 100%;
        }
      }
    `,
  ];

  /** Unchanged filters give the same list, so that the chart is drawn only if its content changes. */
  override willUpdate(changed: ReadonlyMap<PropertyKey, unknown>): void {
    const before = changed.get('view') as ClusterView | undefined;
    if (changed.has('clusters') || !before || before.off !== this.view.off || before.text !== this.view.text)
      this.matching = matchClusters(this.clusters.shown, this.view);
    if (changed.has('clusters') || changed.has('view')) this.listed = listClusters(this.matching, this.view);
  }

  override render() {
    const { shown, hidden } = this.clusters,
      total = shown.length + hidden;
    return html`<section aria-label=${t('Clusters')}>
      <div class="head">
        <h2>${t('Clusters')}</h2>
        <span class="badge">${formatNumber(total)}</span
        >${shown.length ? html`<span class="dim">${t('closer = more similar')}</span>` : ''}<span class="grow"></span>
        ${
          shown.length
            ? html`<label class="search"
                >${icon('search', 'quiet')}<input
                  type="search"
                  placeholder=${t('Filter by text')}
                  aria-label=${t('Filter clusters by text')}
                  .value=${this.view.text}
                  @input=${this.filter}
              /></label>`
            : ''
        }
      </div>
      ${
        shown.length === 0
          ? html`<p class="dim">
              ${
                total === 0
                  ? t('No log event has been seen yet.')
                  : t(
                      '{0} seen, none of them a risk; the chart shows them when the verification ends.',
                      formatCount(total, 'log event'),
                    )
              }
            </p>`
          : html` <div class="chips" role="group" aria-label=${t('Show')}>
                ${clusterKinds.map(kind => this.chip(kind))}
              </div>
              <backstop-cluster-chart
                .clusters=${this.matching}
                .all=${shown}
                .picked=${this.picked}
                .brush=${this.view.within}
                @brush=${this.brush}
              ></backstop-cluster-chart>
              ${
                this.whole
                  ? html`<backstop-cluster-table
                      .clusters=${this.listed}
                      .picked=${this.picked}
                      .sort=${this.view.sort}
                      .reversed=${this.view.reversed}
                      @sort-by=${this.sortBy}
                    ></backstop-cluster-table>`
                  : ''
              }
              <div class="foot small dim">
                <span
                  >${listedOf(this.listed.length, total, this.view.within !== undefined)}${
                    this.view.within
                      ? html` <button class="link" @click=${() => this.change({}, true)}>${t('Show all')}</button>`
                      : ''
                  };
                  ${hidden ? t('{0} without risk are hidden', formatNumber(hidden)) : t('none hidden')}</span
                ><span>${t('vertical line = deployment')}</span>
              </div>`
      }
    </section>`;
  }

  private chip(kind: ClusterKind): TemplateResult {
    const count = this.clusters.shown.filter(cluster => cluster.kind === kind).length;
    return html`<button
      class="chip"
      aria-pressed=${String(count > 0 && !this.view.off.includes(kind))}
      ?disabled=${count === 0}
      @click=${() => this.toggle(kind)}
    >
      ${mark(kind)}${kindName(kind)} <b>${formatNumber(count)}</b>
    </button>`;
  }

  private toggle(kind: ClusterKind): void {
    const { off } = this.view;
    this.change({ off: off.includes(kind) ? off.filter(one => one !== kind) : [...off, kind] });
  }
  private readonly filter = ({ target }: InputEvent): void => this.change({ text: (target as HTMLInputElement).value });
  private readonly sortBy = ({ detail }: CustomEvent<SortKey>): void =>
    this.change({ sort: detail, reversed: this.view.sort === detail && !this.view.reversed });
  private readonly brush = ({ detail }: CustomEvent<MapBox | undefined>): void =>
    this.change(detail ? { within: detail } : {}, true);

  private change(change: Partial<ClusterView>, unbrush = false): void {
    const { within, ...rest } = this.view;
    const detail: ClusterView = { ...rest, ...(within && !unbrush && { within }), ...change };
    this.dispatchEvent(new CustomEvent<ClusterView>('change-view', { detail }));
  }
}

function listedOf(listed: number, total: number, isPart: boolean): string {
  if (listed === total) return t('{0} in total', formatNumber(total));
  return isPart
    ? t('{0} of {1} selected', formatNumber(listed), formatNumber(total))
    : t('{0} of {1} shown', formatNumber(listed), formatNumber(total));
}

customElements.define('backstop-clusters', ClusterSection);
