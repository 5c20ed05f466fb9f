// Lines per node of a cluster, canary and baseline, as bars with one scale.
import { css, html, svg, type TemplateResult } from 'lit';
import { formatCount, formatNumber } from '../../src/protocol/words/format.ts';
import type { ClusterSnapshot } from '../../src/protocol/snapshot/clusterSnapshot.ts';
import { t } from '../../src/protocol/words/translate.ts';

const mostBaseline = 8;

export function nodeBars({ nodes, baselineNodes, baselineCount, letter }: ClusterSnapshot): TemplateResult {
  const shown = baselineNodes.length <= mostBaseline && baselineNodes.some(node => node.lines > 0) ? baselineNodes : [];
  const most = Math.max(
    ...nodes.map(node => node.lines),
    ...(shown.length ? shown.map(node => node.lines) : [baselineCount]),
    1,
  );
  const bar = (lines: number, side: string): TemplateResult =>
    html`<svg class=${side} aria-hidden="true">
      ${svg`<line x1="0.5" x2="0.5" y1="0" y2="12"/><rect width="${(100 * lines) / most}%" height="12"/>`}
    </svg>`;
  const row = (name: string, lines: number, side: string): TemplateResult =>
    html`<span class=${side === 'baseline' ? 'dim' : ''}>${name}</span>${bar(lines, side)}<span class="number"
        >${formatNumber(lines)}</span
      >`;
  return html`<div class="bars small">
    ${nodes.map(({ name, lines }) => row(name, lines, letter ? 'risky' : 'canary'))}
    ${shown.map(({ name, lines }) => row(name, lines, 'baseline'))}
    ${
      shown.length
        ? ''
        : row(
            baselineNodes.length ? formatCount(baselineNodes.length, 'baseline node') : t('baseline, all nodes'),
            baselineCount,
            'baseline',
          )
    }
  </div>`;
}

export const nodeBarStyles = css`
  .bars {
    display: grid;
    grid-template-columns: minmax(0, max-content) minmax(0, 1fr) minmax(24px, max-content);
    gap: 4px 8px;
    align-items: center;
    overflow-wrap: anywhere;
  }
  .bars svg {
    display: block;
    width: 100%;
    height: 12px;
  }
  .bars .canary rect {
    fill: var(--vscode-charts-blue);
  }
  .bars .risky rect {
    fill: var(--vscode-charts-red);
  }
  .bars .baseline rect {
    fill: color-mix(in srgb, var(--vscode-foreground) 48%, transparent);
  }
  .bars line {
    stroke: var(--vscode-charts-lines);
  }
`;
