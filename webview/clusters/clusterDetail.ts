// One cluster: why it is a risk, where and when it was logged, the nearest known cluster, samples, and feedback.
import { css, html, LitElement, type TemplateResult } from 'lit';
import { formatCount, formatMoment, formatNumber, formatTime } from '../../src/protocol/words/format.ts';
import type { ClusterSnapshot } from '../../src/protocol/snapshot/clusterSnapshot.ts';
import type { FeedbackSnapshot } from '../../src/protocol/snapshot/snapshot.ts';
import { t } from '../../src/protocol/words/translate.ts';
import './clusterFeedback.ts';
import './clusterSamples.ts';
import '../copyButton.ts';
import { icon, type IconName } from '../icons.ts';
import { kindWord, mark, markStyles } from '../marks.ts';
import { linesPer, minuteChart, minuteStyles } from '../checks/minuteBars.ts';
import { nodeBars, nodeBarStyles } from '../stages/nodeBars.ts';
import { baseStyles } from '../styles.ts';
import { comparedText, sentence, templateText } from './templateText.ts';

export class ClusterDetail extends LitElement {
  static override properties = {
    cluster: { attribute: false },
    clusters: { attribute: false },
    feedback: { attribute: false },
    ended: { attribute: false },
    readOnly: { attribute: false },
    inRow: { attribute: false },
    sources: { attribute: false },
    problem: {},
  };
  declare cluster: ClusterSnapshot;
  /** The clusters that Previous and Next move through. */
  declare clusters: readonly ClusterSnapshot[];
  declare feedback: FeedbackSnapshot;
  declare ended: boolean;
  declare readOnly: boolean;
  /** Its row is directly above, and says which log event this is. */
  declare inRow: boolean;
  declare sources: ReadonlySet<string>;
  /** Why the last mark was not saved. */
  declare problem: string | undefined;
  static override styles = [
    baseStyles,
    markStyles,
    minuteStyles,
    nodeBarStyles,
    css`
      h3 {
        font: 600 13px/20px var(--vscode-editor-font-family);
        text-wrap: pretty;
        overflow-wrap: anywhere;
      }
      section.in-row {
        border: 0;
        padding: 0;
      }
      .tags {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 0 16px;
        margin: 4px 0;
      }
      .why {
        margin-bottom: 12px;
        overflow-wrap: anywhere;
      }
      .sub {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 0 8px;
        min-height: 24px;
        margin: 0 0 4px;
      }
      .pair {
        display: grid;
        grid-template-columns: repeat(2, minmax(0, 1fr));
        gap: 16px 24px;
        margin-bottom: 12px;
      }
      .pair.single {
        grid-template-columns: minmax(0, 1fr);
      }
      .nearest {
        display: grid;
        grid-template-columns: auto minmax(0, 1fr);
        gap: 4px 12px;
        margin-bottom: 12px;
      }
      ins {
        text-decoration: underline;
        background: var(--vscode-diffEditor-insertedTextBackground, transparent);
      }
      del {
        text-decoration: line-through;
        background: var(--vscode-diffEditor-removedTextBackground, transparent);
      }
      .tags backstop-copy {
        display: inline-block;
        vertical-align: top;
      }
      .seen {
        margin-bottom: 12px;
        overflow-wrap: anywhere;
      }
      @media (max-width: 600px) {
        .pair {
          grid-template-columns: minmax(0, 1fr);
        }
      }
    `,
  ];

  override render() {
    const { cluster } = this,
      { letter, severity, canaryCount, nodes, firstSeenMs, lastSeenMs, why, minutes } = cluster;
    const name = letter ? t('Log event {0}', letter) : t('Log event');
    return html`<section aria-label=${name} class=${this.inRow ? 'in-row' : ''}>
      ${this.inRow ? '' : this.renderHead(name)}
      <div class="tags small">
        <span>${severity.toUpperCase()}</span
        ><span
          >${
            nodes.length
              ? t('{0} on {1}', formatCount(canaryCount, 'canary line'), formatCount(nodes.length, 'node'))
              : formatCount(canaryCount, 'canary line')
          }</span
        ><span>${t('{0} to {1}', formatTime(firstSeenMs), formatTime(lastSeenMs))}</span>
        ${this.inRow ? html`<span class="grow"></span><span>${this.renderTools()}</span>` : ''}
      </div>
      <p class="why strong">${sentence(why)}</p>
      <div class="pair ${minutes ? '' : 'single'}">
        <div>
          <div class="sub"><span class="strong">${t('Lines per node')}</span></div>
          ${nodeBars(cluster)}
        </div>
        ${
          minutes
            ? html`<div>
                <div class="sub">
                  <span class="strong">${linesPer(minutes.stepMs)}</span
                  ><span class="dim small">${cluster.kind === 'baseline' ? t('baseline') : t('canary nodes')}</span>
                </div>
                ${minuteChart(cluster)}
              </div>`
            : ''
        }
      </div>
      ${renderNearest(cluster)}${renderSeenIn(cluster)}<backstop-samples
        .samples=${cluster.samples}
        .sources=${this.sources}
        .of=${cluster.id}
      ></backstop-samples>
      <backstop-feedback
        .cluster=${cluster}
        .feedback=${this.feedback}
        .ended=${this.ended}
        .readOnly=${this.readOnly}
        .problem=${this.problem}
      ></backstop-feedback>
    </section>`;
  }

  /** `1 of 4, unknown`, with the way to its neighbours. */
  private renderHead(name: string): TemplateResult {
    const { kind, template, says = template } = this.cluster;
    return html`<div class="head">
        ${mark(kind)}
        <h2 tabindex="-1">${name}</h2>
        ${this.renderPlace()} ${this.renderTools()}
      </div>
      <h3>${templateText(says)}</h3>
      ${says === template ? '' : html`<p class="mono dim">${templateText(template)}</p>`}`;
  }

  private renderPlace(): TemplateResult {
    const { cluster, clusters } = this,
      alike = clusters.filter(one => one.kind === cluster.kind),
      at = clusters.findIndex(one => one.id === cluster.id);
    return html`<span class="dim grow"
        >${t('{0} of {1}', alike.findIndex(one => one.id === cluster.id) + 1, formatNumber(alike.length))},
        ${kindWord(cluster.kind)}</span
      >
      ${this.tool(t('Previous log event (K)'), 'up', clusters[at - 1])}
      ${this.tool(t('Next log event (J)'), 'down', clusters[at + 1])}`;
  }

  private renderTools(): TemplateResult {
    const { template, id } = this.cluster;
    return html`${
        this.readOnly
          ? ''
          : html`<button
              class="tool"
              aria-label=${t('Open in Editor')}
              title=${t('Open in Editor')}
              @click=${() => this.tell('open-in-editor', id)}
            >
              ${icon('open')}
            </button>`
      } <backstop-copy label=${t('Copy template')} .text=${() => template}></backstop-copy>`;
  }

  private tool(label: string, name: IconName, to: ClusterSnapshot | undefined): TemplateResult {
    return html`<button
      class="tool"
      aria-label=${label}
      title=${label}
      ?disabled=${!to}
      @click=${() => {
        if (to) this.tell('pick-cluster', to.id);
      }}
    >
      ${icon(name)}
    </button>`;
  }

  private tell(what: 'pick-cluster' | 'open-in-editor', id: string): void {
    this.dispatchEvent(new CustomEvent<string>(what, { detail: id, bubbles: true, composed: true }));
  }
}

function renderNearest({ nearest }: ClusterSnapshot): TemplateResult | string {
  return nearest
    ? html`<div class="sub">
          <span class="strong">${t('Nearest known log event')}</span
          ><span class="dim">${t('similarity {0}', formatNumber(nearest.similarity))}</span>
        </div>
        <div class="nearest">
          <span class="dim">${t('this one')}</span><span class="mono">${comparedText(nearest.canary, 'canary')}</span
          ><span class="dim">${t('known')}</span><span class="mono">${comparedText(nearest.known, 'known')}</span>
        </div>`
    : '';
}

function renderSeenIn({ seenIn }: ClusterSnapshot): TemplateResult | string {
  return seenIn.length
    ? html`<div class="sub"><span class="strong">${t('Earlier deployments with this log event')}</span></div>
        <p class="seen small">${seenIn.map(({ version, atMs }) => `${version} (${formatMoment(atMs)})`).join(', ')}</p>`
    : '';
}

/** The heading of the log event's detail. */
export function focusHeading(root: ParentNode): void {
  const heading = root.querySelector('backstop-cluster-detail')?.shadowRoot?.querySelector('h2');
  if (!heading) return;
  const { top } = heading.getBoundingClientRect();
  if (top < 0 || top > innerHeight / 2) heading.scrollIntoView();
  heading.focus({ preventScroll: true });
}

customElements.define('backstop-cluster-detail', ClusterDetail);
