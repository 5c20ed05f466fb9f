// Confidence over the evaluations as a step line against the check's limit: when it became certain, and where it is
// heading.
import { css, html, svg, type TemplateResult } from 'lit';
import { confidenceOf, confidenceWord, formatConfidence } from '../../src/protocol/words/confidence.ts';
import { formatNumber, formatTime } from '../../src/protocol/words/format.ts';
import type { CheckSnapshot } from '../../src/protocol/snapshot/snapshotChecks.ts';
import { t } from '../../src/protocol/words/translate.ts';

const width = 220,
  top = 6,
  bottom = 60,
  right = 190,
  briefMs = 120_000;

/**
 * The figures are confidences; the e-value behind them is in the tooltip. `of`: the metric's name, if there are
 * several.
 */
export function evidenceLine({ evidence, outcome, running }: CheckSnapshot, of: string): TemplateResult | string {
  const last = evidence?.looks.at(-1);
  if (!evidence || !last) return '';
  const { looks, threshold, sureAtMs, sureByMs, fromMs, toMs } = evidence;
  const untilMs = Math.max(last.atMs, toMs ?? 0, fromMs + 1),
    bad = outcome === 'fail' || sureAtMs !== undefined ? 'bad' : '';
  const x = (atMs: number): number =>
    Math.round((right - 6) * Math.min(1, Math.max(0, (atMs - fromMs) / (untilMs - fromMs))) * 10) / 10 + 1;
  const y = (value: number): number => Math.round((bottom - (bottom - top) * confidenceOf(value)) * 10) / 10;
  const steps = looks.map(look => `H${x(look.atMs)}V${y(look.evidence)}`);
  const path = `M${x(fromMs)} ${y(looks[0]?.evidence ?? 0)}${steps.join('')}`;
  const clock = (atMs: number): string =>
      untilMs - fromMs < briefMs ? formatTime(atMs) : formatTime(atMs).slice(0, 5),
    apart = untilMs - fromMs < briefMs ? 84 : 52;
  const at = x(last.atMs),
    height = y(last.evidence),
    limit = formatConfidence(threshold),
    value = t('e-value {0} of {1}', formatNumber(last.evidence), formatNumber(threshold));
  const word = confidenceWord(last.evidence, threshold),
    said =
      sureAtMs === undefined
        ? formatConfidence(last.evidence)
        : t('{0}, certain at {1}', formatConfidence(last.evidence), formatTime(sureAtMs));
  const title = [t('Confidence it is worse'), ...(of ? [of] : [])].join(', '),
    span = t('{0} to {1}', formatTime(fromMs), formatTime(last.atMs));
  const ahead = (sureMs: number): number =>
    sureMs > untilMs
      ? last.evidence + ((threshold - last.evidence) * (untilMs - last.atMs)) / (sureMs - last.atMs)
      : threshold;
  return html`<figure title=${value}>
    <svg viewBox="0 0 ${width} 76" role="img" aria-label="${title}, ${span}: ${said}, ${word}">
      <path class="axis" d="M0.5 0V${bottom + 0.5}H${right}" />
      <path class="limit" d="M0 ${y(threshold)}H${right}" />
      ${
        sureByMs === undefined
          ? ''
          : svg`<path class="line ahead" d="M${at} ${height}L${x(sureByMs)} ${y(ahead(sureByMs))}"/>`
      }
      ${svg`<path class="line ${bad}" d=${path}/>`}
      ${
        outcome === 'fail'
          ? svg`<path class="end bad" d="M${at} ${height - 4.5}l4.5 4.5-4.5 4.5-4.5-4.5z"/>`
          : svg`<circle class="end ${bad}" cx=${at} cy=${height} r="2.5"/>`
      }
      <text x=${width} y=${y(threshold) + 4} text-anchor="end">${limit}</text>
      <text x="0" y="74">${clock(fromMs)}</text>
      ${
        at > apart && at < right - apart
          ? svg`<text x=${at} y="74" text-anchor="middle">${running ? t('now') : clock(last.atMs)}</text>`
          : ''
      }
      <text x=${right} y="74" text-anchor="end">${clock(untilMs)}</text>
    </svg>
  </figure>`;
}

export const evidenceStyles = css`
  figure svg {
    display: block;
    width: 100%;
    max-width: 220px;
  }
  figure text {
    font: 11px var(--vscode-font-family);
    fill: var(--vscode-descriptionForeground);
  }
  figure .axis {
    fill: none;
    stroke: var(--vscode-charts-lines);
  }
  figure .limit {
    stroke: var(--vscode-foreground);
    stroke-dasharray: 3 3;
  }
  figure .line {
    fill: none;
    stroke: var(--vscode-charts-blue);
    stroke-width: 1.5;
  }
  figure .line.bad {
    stroke: var(--vscode-charts-red);
  }
  figure .line.ahead {
    stroke: var(--vscode-charts-red);
    stroke-dasharray: 2 3;
  }
  figure .end {
    fill: var(--vscode-charts-blue);
  }
  figure .end.bad {
    fill: var(--vscode-charts-red);
  }
  figure {
    margin-top: 8px;
  }
`;
