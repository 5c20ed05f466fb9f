// The log events: chips that are both legend and filter, a text filter, the chart, and the list. A narrow panel shows
// either the list or the chart.
import { css, html, LitElement, type TemplateResult } from 'lit';
import { formatCount, formatNumber } from '../../src/protocol/words/format.ts';
import type { ClusterKind, ClusterSnapshot, ClustersSnapshot } from '../../src/protocol/snapshot/clusterSnapshot.ts';
import { t } from '../../src/protocol/words/translate.ts';
import '../chart/clusterChart.ts';
import type { ClusterRows } from './clusterRows.ts';
import './clusterRows.ts';
import type { ClusterTable } from './clusterTable.ts';
import './clusterTable.ts';
import { focusHeading } from './clusterDetail.ts';
import { listClusters, matchClusters, type ClusterView, type MapBox, type SortKey } from './clusterView.ts';
import { listedOf } from './foldLine.ts';
import { icon } from '../icons.ts';
import {
  clustersOf,
  listItems,
  showMore,
  toggleFold,
  unfold,
  wholeList,
  type FoldedKind,
  type ListItem,
  type ListState,
} from './listItems.ts';
import { clusterKinds, kindName, mark, markStyles } from '../marks.ts';
import { baseStyles } from '../styles.ts';

export class ClusterSection extends LitElement {
  static override properties = {
    clusters: { attribute: false },
    picked: {},
    view: { attribute: false },
    whole: { attribute: false },
    isWide: { attribute: false },
    detail: { attribute: false },
    list: { state: true },
  };
  declare clusters: ClustersSnapshot;
  declare picked: string | undefined;
  declare view: ClusterView;
  /** Whether the table is drawn too. */
  declare whole: boolean;
  /** Whether the picked log event is shown beside this section instead of in it. */
  declare isWide: boolean;
  /** The picked log event in full; `inRow`: its row is directly above. */
  declare detail: ((inRow: boolean) => TemplateResult) | undefined;
  declare list: ListState;
  private matching: readonly ClusterSnapshot[] = [];
  private listed: readonly ClusterSnapshot[] = [];
  private items: readonly ListItem[] = [];
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
      .choice {
        display: inline-flex;
      }
      @media (max-width: 720px) {
        .search {
          width: 100%;
        }
      }
    `,
  ];

  constructor() {
    super();
    this.list = wholeList;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    window.addEventListener('keydown', this.press);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    window.removeEventListener('keydown', this.press);
  }

  /** Unchanged filters give the same list, so that the chart is drawn only if its content changes. */
  override willUpdate(changed: ReadonlyMap<PropertyKey, unknown>): void {
    const before = changed.get('view') as ClusterView | undefined;
    if (changed.has('clusters') || !before || before.off !== this.view.off || before.text !== this.view.text)
      this.matching = matchClusters(this.clusters.shown, this.view);
    if (changed.has('clusters') || changed.has('view')) this.listed = listClusters(this.matching, this.view);
    const picked = changed.has('picked') && this.listed.find(({ id }) => id === this.picked);
    if (picked) this.list = unfold(this.list, this.listed, picked);
    this.items = listItems(this.listed, this.view, this.list);
  }

  /**
   * Moves the focus to the picked log event, to its row in the list or to its heading below the chart, as soon as it is
   * drawn.
   */
  reveal(): void {
    requestAnimationFrame(() => {
      const list = this.renderRoot.querySelector<ClusterTable | ClusterRows>(
        'backstop-cluster-rows, backstop-cluster-table',
      );
      if (list) list.focusPicked();
      else focusHeading(this.renderRoot);
    });
  }

  override render() {
    const { shown, hidden } = this.clusters,
      total = shown.length + hidden;
    return html`<section aria-label=${t('Log events')}>
      <div class="head">
        <h2>${t('Log events')}</h2>
        <span class="badge">${formatNumber(total)}</span>${
          shown.length && this.showsMap ? html`<span class="dim">${t('closer = more similar')}</span>` : ''
        }<span class="grow"></span> ${shown.length ? this.renderTools() : ''}
      </div>
      ${
        shown.length === 0
          ? html`<p class="dim">
              ${
                total === 0
                  ? t('No log events.')
                  : t(
                      '{0} seen, none of them a risk; the chart shows them when the verification ends.',
                      formatCount(total, 'log event'),
                    )
              }
            </p>`
          : html`${this.showsMap ? this.renderMap() : ''} ${this.renderList()} ${this.renderFoot(total)}`
      }
    </section>`;
  }

  private get showsMap(): boolean {
    return this.isWide || this.view.map === true;
  }

  private renderTools(): TemplateResult {
    const choice = (map: boolean, label: string): TemplateResult =>
      html`<button
        class="chip plain"
        aria-pressed=${String((this.view.map ?? false) === map)}
        @click=${() => this.change({ map })}
      >
        ${label}
      </button>`;
    return html`${
        this.isWide
          ? ''
          : html`<div class="choice" role="group" aria-label=${t('View')}>
              ${choice(false, t('List'))}${choice(true, t('Map'))}
            </div>`
      }<label class="search"
        >${icon('search', 'quiet')}<input
          type="search"
          placeholder=${t('Filter by text')}
          aria-label=${t('Filter log events by text')}
          .value=${this.view.text}
          @input=${this.filter}
      /></label>`;
  }

  private renderMap(): TemplateResult {
    return html`<div class="chips" role="group" aria-label=${t('Show')}>
        ${clusterKinds.map(kind => this.chip(kind))}
      </div>
      <backstop-cluster-chart
        .clusters=${this.matching}
        .all=${this.clusters.shown}
        .picked=${this.picked}
        .brush=${this.view.within}
        @brush=${this.brush}
      ></backstop-cluster-chart>
      ${this.isWide || !this.detail ? '' : this.detail(false)}`;
  }

  private renderList(): TemplateResult | string {
    if (!this.isWide)
      return this.showsMap
        ? ''
        : html`<backstop-cluster-rows
            .items=${this.items}
            .picked=${this.picked}
            .detail=${this.detail?.(true)}
            @fold=${this.fold}
            @list-more=${this.listMore}
          ></backstop-cluster-rows>`;
    return this.whole
      ? html`<backstop-cluster-table
          .items=${this.items}
          .picked=${this.picked}
          .sort=${this.view.sort}
          .reversed=${this.view.reversed}
          @sort-by=${this.sortBy}
          @fold=${this.fold}
          @list-more=${this.listMore}
        ></backstop-cluster-table>`
      : '';
  }

  private renderFoot(total: number): TemplateResult {
    const isPart = this.listed.length < this.clusters.shown.length,
      { hidden } = this.clusters;
    return html`<div class="foot small dim">
      <span
        >${listedOf(this.listed.length, total, this.view.within !== undefined)}${
          isPart ? html` <button class="link" @click=${this.showAll}>${t('Show all')}</button>` : ''
        };
        ${hidden ? t('{0} without risk are hidden', formatNumber(hidden)) : t('none hidden')}</span
      ><span>${t('J and K: next and previous log event')}</span>${
        this.isWide ? html`<span>${t('vertical line = deployment')}</span>` : ''
      }
    </div>`;
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
  private readonly showAll = (): void => this.change({ off: [], text: '' }, true);
  private readonly fold = ({ detail }: CustomEvent<FoldedKind>): void => {
    this.list = toggleFold(this.list, detail);
  };
  private readonly listMore = (): void => {
    this.list = showMore(this.list);
  };

  /** J and K, as in other lists, wherever the focus is; not while something is typed. */
  private readonly press = (event: KeyboardEvent): void => {
    const by = event.key === 'j' ? 1 : event.key === 'k' ? -1 : 0,
      { ctrlKey, metaKey, altKey } = event;
    if (by === 0 || ctrlKey || metaKey || altKey || event.composedPath()[0] instanceof HTMLInputElement) return;
    const clusters = this.showsMap && !this.isWide ? this.listed : clustersOf(this.items),
      at = clusters.findIndex(({ id }) => id === this.picked);
    const next = clusters[at < 0 ? 0 : at + by];
    if (!next) return;
    event.preventDefault();
    this.dispatchEvent(new CustomEvent<string>('pick-cluster', { detail: next.id, bubbles: true, composed: true }));
    this.reveal();
  };
  private readonly brush = ({ detail }: CustomEvent<MapBox | undefined>): void =>
    this.change(detail ? { within: detail } : {}, true);

  private change(change: Partial<ClusterView>, unbrush = false): void {
    const { within, ...rest } = this.view;
    const detail: ClusterView = { ...rest, ...(within && !unbrush && { within }), ...change };
    this.dispatchEvent(new CustomEvent<ClusterView>('change-view', { detail }));
  }
}

customElements.define('backstop-clusters', ClusterSection);
