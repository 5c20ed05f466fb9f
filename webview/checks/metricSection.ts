// The metrics: a table, the most important ones first, and a chart each; one crosshair and one zoom for all charts.
import { html, LitElement, svg, type TemplateResult } from 'lit';
import { formatConfidence } from '../../src/protocol/words/confidence.ts';
import { formatMeasure, formatNumber, joinParts } from '../../src/protocol/words/format.ts';
import type { CheckSnapshot, SeriesSnapshot } from '../../src/protocol/snapshot/snapshotChecks.ts';
import { t } from '../../src/protocol/words/translate.ts';
import { meterStyles, smallMeter } from './confidenceMeter.ts';
import { icon } from '../icons.ts';
import './metricChart.ts';
import { endOf, gapOf, rangeAt, spanOf, valueAt, type Span } from './metricScales.ts';
import { metricStyles } from './metricStyles.ts';
import { baseStyles } from '../styles.ts';

const looks = { fail: ['fail', 'bad'], inconclusive: ['unsure', 'warn'], pass: ['pass', 'good'] } as const,
  ranks = { fail: 0, inconclusive: 1, pass: 2 } as const;

export class MetricSection extends LitElement {
  static override properties = {
    checks: { attribute: false, hasChanged: isOtherList },
    nodes: { state: true },
    crossMs: { state: true },
    zoomed: { state: true },
  };
  /** The checks of metrics. */
  declare checks: readonly CheckSnapshot[];
  /** Whether each node has a line of its own. */
  declare nodes: boolean;
  declare crossMs: number | undefined;
  declare zoomed: Span | undefined;
  static override styles = [baseStyles, meterStyles, metricStyles];

  constructor() {
    super();
    this.nodes = false;
  }

  override render() {
    const sorted = byImportance(this.checks),
      drawn = sorted.flatMap(check => (check.series ? [{ check, series: check.series }] : []));
    const perNode = drawn.some(({ series }) => Object.keys(series.nodes).length > 1),
      span = this.zoomed ?? (drawn.length ? spanOf(drawn.map(({ series }) => series)) : undefined);
    return html`<section aria-label=${t('Metrics')}>
      <div class="head">
        <h2>${t('Metrics')}</h2>
        <span class="dim">${summaryOf(sorted)}</span><span class="grow"></span>
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
        }
      </div>
      ${renderTable(sorted)} ${drawn.length ? renderKeys(drawn.map(({ series }) => series)) : ''}
      <div class="charts">${span ? drawn.map(({ check, series }) => this.renderChart(check, series, span)) : ''}</div>
      ${
        drawn.length
          ? html`<p class="small dim">
              ${
                hasRange(drawn.map(({ series }) => series))
                  ? t('A metric fails when the whole blue range is beyond the limit.')
                  : ''
              }
              ${t('Drag to zoom, double-click to show all; arrow keys move the crosshair in all charts.')}
            </p>`
          : ''
      }
    </section>`;
  }

  private renderChart(check: CheckSnapshot, series: SeriesSnapshot, span: Span): TemplateResult {
    const { crossMs } = this,
      value = (values: readonly (number | null)[]): string => {
        const one = crossMs === undefined ? null : valueAt(series, values, crossMs);
        return one === null ? t('no data') : formatMeasure(one, series.unit);
      },
      gap = gapOf(series),
      range = rangeAt(series, crossMs ?? endOf(series));
    const figures =
      crossMs === undefined ? check.figures : { canary: value(series.canary), baseline: value(series.baseline) };
    return html`<figure>
      <figcaption class="small">
        <span class="name strong">${check.name}</span
        ><span><span class="dim">${t('canary')}</span> <b>${figures?.canary}</b></span
        ><span><span class="dim">${t('baseline')}</span> <b>${figures?.baseline}</b></span
        >${
          range && check.evidence
            ? html`<span
                ><span class="dim">${t('{0} sure', formatConfidence(check.evidence.threshold))}</span> ${t(
                  '{0} to {1}',
                  formatNumber(range.low),
                  formatMeasure(range.high, series.unit),
                )}</span
              >`
            : ''
        }${gap ? html`<span class="dim">${gap}</span>` : ''}
      </figcaption>
      <backstop-metric-chart
        .check=${check}
        .nodes=${this.nodes}
        .span=${span}
        .crossMs=${crossMs}
        @cross=${({ detail }: CustomEvent<number | null>) => {
          this.crossMs = detail ?? undefined;
        }}
        @zoom=${({ detail }: CustomEvent<Span | null>) => {
          this.zoomed = detail ?? undefined;
        }}
      ></backstop-metric-chart>
    </figure>`;
  }
}

function summaryOf(checks: readonly CheckSnapshot[]): string {
  const within = checks.filter(({ outcome, running }) => outcome === 'pass' && !running).length,
    undecided = checks.filter(({ outcome, running }) => outcome !== 'fail' && (running || outcome !== 'pass')).length;
  return joinParts([
    undecided === checks.length ? '' : t('{0} of {1} within limits', within, checks.length),
    undecided ? t('{0} undecided', undecided) : '',
  ]);
}

/** A chart is drawn anew only if its own check is another. */
function isOtherList(one: readonly CheckSnapshot[], other: readonly CheckSnapshot[] | undefined): boolean {
  return one.length !== other?.length || one.some((check, at) => check !== other[at]);
}

/** What failed, then what is undecided; among them, what is nearest to failing. */
function byImportance(checks: readonly CheckSnapshot[]): readonly CheckSnapshot[] {
  const share = ({ evidence }: CheckSnapshot): number =>
    evidence ? (evidence.looks.at(-1)?.evidence ?? 0) / evidence.threshold : 0;
  return checks.toSorted((one, other) => ranks[one.outcome] - ranks[other.outcome] || share(other) - share(one));
}

function renderTable(checks: readonly CheckSnapshot[]): TemplateResult {
  return html`<table aria-label=${t('Metrics')}>
    <thead>
      <tr>
        <th>${t('Metric')}</th>
        <th class="number">${t('Canary')}</th>
        <th class="number">${t('Baseline')}</th>
        <th class="number">${t('Change')}</th>
        <th class="number">${t('Allowed')}</th>
        <th class="number confident">${t('Confidence')}</th>
      </tr>
    </thead>
    <tbody>
      ${checks.map(renderRow)}
    </tbody>
  </table>`;
}

function renderRow(check: CheckSnapshot): TemplateResult {
  const { name, outcome, running, silent, figures, margin } = check,
    [picture, tone] = looks[outcome];
  return html`<tr title=${margin ?? ''}>
    <td>
      <span class="metric"
        >${running && outcome !== 'fail' && !silent ? icon('running', 'live') : icon(picture, tone)}<span>${name}</span
        ><span class="out">${wordsOf(outcome, running)}</span></span
      >
    </td>
    <td class="number strong">${figures?.canary}</td>
    <td class="number">${figures?.baseline}</td>
    <td class="number">${figures?.change}</td>
    <td class="number dim">${figures?.allowed}</td>
    <td>${smallMeter(check)}</td>
  </tr>`;
}

function wordsOf(outcome: CheckSnapshot['outcome'], running: boolean): string {
  return (
    running
      ? { fail: t('failed so far'), inconclusive: t('undecided so far'), pass: t('passed so far') }
      : { fail: t('failed'), inconclusive: t('undecided'), pass: t('passed') }
  )[outcome];
}

function renderKeys(all: readonly SeriesSnapshot[]): TemplateResult {
  const key = (drawing: unknown, text: string): TemplateResult =>
    html`<span><svg aria-hidden="true">${drawing}</svg>${text}</span>`;
  return html`<div class="keys small dim">
    ${key(svg`<path class="canary" d="M0 6h16"/>`, t('canary'))}
    ${key(
      svg`<rect class="range" x="0.5" y="1.5" width="15" height="9"/><path class="baseline" d="M0 6h16"/>`,
      t('baseline, expected range'),
    )}
    ${
      hasRange(all)
        ? key(svg`<rect class="level" x="0.5" y="1.5" width="15" height="9"/>`, t("range of the canary's mean"))
        : ''
    }
    ${key(svg`<path class="limit" d="M0 6h16"/>`, t('limit'))}
    ${key(svg`<path class="since" d="M8 0v12"/>`, t('canary begins'))}
    ${
      all.some(({ decidedAtMs }) => decidedAtMs !== undefined)
        ? key(svg`<path class="decided" d="M8 0v12"/>`, t('decision'))
        : ''
    }
  </div>`;
}

function hasRange(all: readonly SeriesSnapshot[]): boolean {
  return all.some(({ range }) => range !== undefined);
}

customElements.define('backstop-metrics', MetricSection);
