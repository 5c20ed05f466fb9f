// Evidence from look to look as a step line against its threshold: one sees when it became sure, and how near it was.
import { css, html, svg, type TemplateResult } from 'lit';
import { formatNumber, formatTime } from '../src/protocol/format.ts';
import type { EvidenceSnapshot } from '../src/protocol/snapshotEvidence.ts';

const width = 220, top = 6, bottom = 60, right = 196;

/** Evidence beyond one and a half thresholds is drawn at that height: it may grow without bound. */
export function evidenceLine({ looks, threshold, sureAtMs }: EvidenceSnapshot, bad: boolean): TemplateResult | string {
  const first = looks[0], last = looks.at(-1);
  if (!first || !last) return '';
  const span = Math.max(1, last.atMs - first.atMs), most = 1.5 * threshold;
  const x = (atMs: number): number => Math.round((right - 4) * (atMs - first.atMs) / span * 10) / 10 + 1;
  const y = (evidence: number): number => Math.round((bottom - (bottom - top) * Math.min(1, Math.max(0, evidence) / most)) * 10) / 10;
  const path = looks.map(({ atMs, evidence }, index) => index === 0 ? `M${x(atMs)} ${y(evidence)}` : `H${x(atMs)}V${y(evidence)}`).join('');
  const said = sureAtMs === undefined ? `${formatNumber(last.evidence)} of ${formatNumber(threshold)}` : `${formatNumber(last.evidence)}, sure at ${formatTime(sureAtMs)}`;
  return html`<figure><svg viewBox="0 0 ${width} 76" role="img" aria-label="Evidence to fail from ${formatTime(first.atMs)} to ${formatTime(last.atMs)}: ${said}">
    <path class="axis" d="M0.5 0V${bottom + 0.5}H${right}"/><path class="limit" d="M0 ${y(threshold)}H${right}"/>
    ${svg`<path class="line ${bad ? 'bad' : ''}" d=${path}/><circle class="end ${bad ? 'bad' : ''}" cx=${x(last.atMs)} cy=${y(last.evidence)} r="2.5"/>`}
    <text x=${width} y=${y(threshold) + 4} text-anchor="end">${formatNumber(threshold)}</text>
    <text x="0" y="74">${formatTime(first.atMs)}</text><text x=${right} y="74" text-anchor="end">${formatTime(last.atMs)}</text>
  </svg><figcaption class="small"><span class="dim">Evidence to fail</span><span>${said}</span></figcaption></figure>`;
}

export const evidenceStyles = css`
  figure svg { display: block; width: 100%; max-width: 220px; }
  figure text { font: 11px var(--vscode-font-family); fill: var(--vscode-descriptionForeground); }
  figure .axis { fill: none; stroke: var(--vscode-charts-lines); }
  figure .limit { stroke: var(--vscode-foreground); stroke-dasharray: 3 3; }
  figure .line { fill: none; stroke: var(--vscode-charts-blue); stroke-width: 1.5; }
  figure .line.bad { stroke: var(--vscode-charts-red); }
  figure .end { fill: var(--vscode-charts-blue); }
  figure .end.bad { fill: var(--vscode-charts-red); }
  figcaption { display: flex; flex-wrap: wrap; justify-content: space-between; gap: 0 8px; max-width: 220px; white-space: nowrap; }
`;
