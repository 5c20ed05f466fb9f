// Confidence that something is worse than allowed, as a bar with a mark where its check fails; the e-value is in the
// tooltip.
import { css, html, type TemplateResult } from 'lit';
import { confidenceOf, confidenceWord, formatConfidence } from '../../src/protocol/words/confidence.ts';
import { formatNumber, formatTime } from '../../src/protocol/words/format.ts';
import type { CheckSnapshot } from '../../src/protocol/snapshot/snapshotChecks.ts';
import type { EvidenceSnapshot } from '../../src/protocol/snapshot/snapshotEvidence.ts';
import { t } from '../../src/protocol/words/translate.ts';
import { mark } from '../marks.ts';

/** With its words. `of`: the metric's name, if there are several. */
export function confidenceMeter({ evidence, silent = false }: CheckSnapshot, of: string): TemplateResult | string {
  const last = evidence?.looks.at(-1)?.evidence;
  if (!evidence || last === undefined) return '';
  const { threshold, sureAtMs } = evidence,
    name = t('Confidence it is worse'),
    word = silent ? t('Waiting for data') : confidenceWord(last, threshold),
    fails = t('fails at {0}', formatConfidence(threshold));
  return html`<div class="confidence small">
    <div class="pair"><span class="dim">${name}</span><span class="strong">${formatConfidence(last)}</span></div>
    ${bar(evidence, silent, [of, `${formatConfidence(last)}, ${word}, ${fails}`].filter(Boolean).join(': '))}
    <div class="pair">
      <span class="word">${last >= threshold ? mark('unknown') : ''}${word}</span><span class="dim">${fails}</span>
    </div>
    ${of ? html`<div class="dim">${of}</div>` : ''}
    ${sureAtMs === undefined ? '' : html`<div class="dim">${t('certain at {0}', formatTime(sureAtMs))}</div>`}
  </div>`;
}

/** For a table: bar and figure alone. */
export function smallMeter({ evidence, name, silent = false }: CheckSnapshot): TemplateResult | string {
  const last = evidence?.looks.at(-1)?.evidence;
  if (!evidence || last === undefined) return '';
  const figure = formatConfidence(last),
    word = silent ? t('Waiting for data') : confidenceWord(last, evidence.threshold);
  return html`<span class="in-table"
    >${bar(evidence, silent, `${name}: ${figure}, ${word}`)}<span class="figure">${figure}</span></span
  >`;
}

function bar({ looks, threshold }: EvidenceSnapshot, isSilent: boolean, said: string): TemplateResult {
  const last = looks.at(-1)?.evidence ?? 0,
    share = Math.round(confidenceOf(last) * 1000) / 10,
    limit = Math.round(confidenceOf(threshold) * 1000) / 10;
  return html`<svg
    class="meter"
    viewBox="0 0 100 12"
    preserveAspectRatio="none"
    role="meter"
    aria-label=${t('Confidence it is worse')}
    aria-valuemin="0"
    aria-valuemax="100"
    aria-valuenow=${share}
    aria-valuetext=${said}
  >
    <title>${t('e-value {0} of {1}', formatNumber(last), formatNumber(threshold))}</title>
    <path class=${isSilent ? 'rail silent' : 'rail'} d="M0 6H100" />
    <path class=${last >= threshold ? 'bad' : 'so-far'} d="M0 6H${share}" />
    <path class="limit" d="M${limit} 0V12" />
  </svg>`;
}

export const meterStyles = css`
  .confidence {
    max-width: 220px;
  }
  .confidence .pair {
    display: flex;
    flex-wrap: wrap;
    justify-content: space-between;
    gap: 0 8px;
    margin: 0;
  }
  .confidence .word {
    display: inline-flex;
    align-items: center;
    gap: 4px;
  }
  .confidence .mark {
    width: 12px;
    height: 12px;
  }
  .meter {
    display: block;
    width: 100%;
    height: 12px;
    margin: 2px 0;
  }
  .meter path {
    fill: none;
    stroke-width: 4;
    vector-effect: non-scaling-stroke;
  }
  .meter .rail {
    stroke: color-mix(in srgb, var(--vscode-foreground) 16%, transparent);
  }
  .meter .silent {
    stroke: var(--vscode-charts-yellow);
    stroke-dasharray: 2 4;
  }
  .meter .so-far {
    stroke: var(--vscode-charts-blue);
  }
  .meter .bad {
    stroke: var(--vscode-charts-red);
  }
  .meter .limit {
    stroke: var(--vscode-foreground);
    stroke-width: 1;
  }
  .in-table {
    display: inline-flex;
    align-items: center;
    justify-content: flex-end;
    gap: 8px;
    width: 100%;
  }
  .in-table .meter {
    width: auto;
    flex: 1;
    min-width: 0;
    max-width: 104px;
  }
  .in-table .figure {
    min-width: 40px;
    text-align: right;
  }
`;
