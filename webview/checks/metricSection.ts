// The metrics: a picture each, with canary, baseline and band, the times of deployment and decision, and optional
// nodes.
import { css, html, LitElement, svg, type TemplateResult } from 'lit';
import type { CheckSnapshot } from '../../src/protocol/snapshot/snapshotChecks.ts';
import { t } from '../../src/protocol/words/translate.ts';
import { icon } from '../icons.ts';
import { gapOf, metricPicture, metricStyles } from './metricPicture.ts';
import { baseStyles } from '../styles.ts';
import { figuresText } from '../clusters/templateText.ts';

const looks = { fail: ['fail', 'bad'], inconclusive: ['unsure', 'warn'], pass: ['pass', 'good'] } as const;

export class MetricSection extends LitElement {
  static override properties = { checks: { attribute: false }, nodes: { state: true } };
  /** The checks of metrics. */
  declare checks: readonly CheckSnapshot[];
  /** Whether each node has a line of its own. */
  declare nodes: boolean;
  static override styles = [
    baseStyles,
    metricStyles,
    css`
      .multiples {
        display: grid;
        grid-template-columns: repeat(auto-fit, minmax(216px, 1fr));
        gap: 16px 24px;
      }
      .title,
      .foot,
      .keys {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 0 8px;
      }
      .title > .strong {
        flex: 1;
        min-width: 0;
        overflow-wrap: anywhere;
      }
      .foot {
        justify-content: space-between;
        overflow-wrap: anywhere;
      }
      .keys {
        gap: 0 16px;
      }
      .keys span {
        display: inline-flex;
        align-items: center;
        gap: 4px;
        white-space: nowrap;
      }
      .keys svg {
        width: 16px;
        height: 12px;
      }
      @media (max-width: 1240px) {
        .multiples {
          grid-template-columns: repeat(2, minmax(0, 1fr));
        }
      }
      @media (max-width: 520px) {
        .multiples {
          grid-template-columns: minmax(0, 1fr);
        }
      }
    `,
  ];

  constructor() {
    super();
    this.nodes = false;
  }

  override render() {
    const drawn = this.checks.filter(check => check.series),
      perNode = drawn.some(({ series }) => Object.keys(series?.nodes ?? {}).length > 1);
    return html`<section aria-label=${t('Metrics')}>
      <div class="head">
        <h2>${t('Metrics')}</h2>
        ${
          perNode
            ? html`<button
                class="chip plain"
                aria-pressed=${String(this.nodes)}
                @click=${() => {
                  this.nodes = !this.nodes;
                }}
              >
                ${t('Each node')}
              </button>`
            : ''
        }<span class="grow"></span> ${drawn.length ? renderKeys(drawn) : ''}
      </div>
      <div class="multiples">${this.checks.map(check => renderMetric(check, this.nodes))}</div>
    </section>`;
  }
}

function renderKeys(checks: readonly CheckSnapshot[]): TemplateResult {
  const key = (drawing: unknown, text: string): TemplateResult =>
    html`<span><svg aria-hidden="true">${drawing}</svg>${text}</span>`;
  return html`<div class="keys small dim">
    ${key(svg`<path class="canary" d="M0 6h16"/>`, t('canary'))}
    ${key(
      svg`<rect class="band" x="0.5" y="1.5" width="15" height="9"/><path class="baseline" d="M0 6h16"/>`,
      t('baseline, band'),
    )}
    ${key(svg`<path class="since" d="M8 0v12"/>`, t('canary begins'))}
    ${
      checks.some(({ series }) => series?.decidedAtMs !== undefined)
        ? key(svg`<path class="decided" d="M8 0v12"/>`, t('decision'))
        : ''
    }
  </div>`;
}

function wordsOf(outcome: CheckSnapshot['outcome'], running: boolean): string {
  return (
    running
      ? { fail: t('failed so far'), inconclusive: t('undecided so far'), pass: t('passed so far') }
      : { fail: t('failed'), inconclusive: t('undecided'), pass: t('passed') }
  )[outcome];
}

function renderMetric(check: CheckSnapshot, nodes: boolean): TemplateResult {
  const { name, outcome, running, data, margin, series } = check,
    [picture, tone] = looks[outcome];
  return html`<figure>
    <div class="title">
      <span class="strong">${name}</span
      >${running && outcome !== 'fail' ? icon('running', 'live') : icon(picture, tone)}<span class="out"
        >${wordsOf(outcome, running)}</span
      >
    </div>
    ${
      series
        ? metricPicture(series, `${name}: ${data}`, nodes)
        : html`<p class="small dim none">${t('No history was stored.')}</p>`
    }
    <figcaption class="foot small">
      <span>${figuresText(data)}</span>
      ${margin ? html`<span class="dim">${margin}</span>` : ''}
      ${series && gapOf(series) ? html`<span class="dim">${gapOf(series)}</span>` : ''}
    </figcaption>
  </figure>`;
}

customElements.define('backstop-metrics', MetricSection);
