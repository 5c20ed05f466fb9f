// The mark of each kind of cluster, the same in chips, table, detail and chart: shape repeats what colour shows.
import { css, html, svg, type TemplateResult } from 'lit';
import type { ClusterKind } from '../src/protocol/snapshot/clusterSnapshot.ts';
import { t } from '../src/protocol/words/translate.ts';

export const clusterKinds = [
  'unknown',
  'unexpected-frequency',
  'known',
  'baseline',
] as const satisfies readonly ClusterKind[];

export function kindName(kind: ClusterKind): string {
  return {
    unknown: t('Unknown'),
    'unexpected-frequency': t('Unexpected frequency'),
    known: t('Known, in canary'),
    baseline: t('Baseline'),
  }[kind];
}

/** The word within a sentence. */
export function kindWord(kind: ClusterKind): string {
  return {
    unknown: t('unknown'),
    'unexpected-frequency': t('unexpected frequency'),
    known: t('known, in canary'),
    baseline: t('baseline'),
  }[kind];
}

const drawings = {
  unknown: svg`<circle class="red ring" cx="8" cy="8" r="7"/><path class="red" d="M8 3.5L12.5 8 8 12.500 3.5 8z"/>`,
  'unexpected-frequency': svg`<path class="red" d="M8 3l5.5 9.500h-11z"/>`,
  known: svg`<circle class="blue" cx="8" cy="8" r="4"/>`,
  baseline: svg`<circle class="grey" cx="8" cy="8" r="4"/>`,
} satisfies Record<ClusterKind, unknown>;

export function mark(kind: ClusterKind): TemplateResult {
  return html`<svg class="mark" viewBox="0 0 16 16" aria-hidden="true">${drawings[kind]}</svg>`;
}

export const markStyles = css`
  .mark {
    width: 16px;
    height: 16px;
    flex: none;
    display: block;
  }
  .mark .red {
    fill: var(--vscode-charts-red);
  }
  .mark .ring {
    fill: none;
    stroke: var(--vscode-charts-red);
    stroke-width: 1.25;
  }
  .mark .blue {
    fill: var(--vscode-charts-blue);
  }
  .mark .grey {
    fill: color-mix(in srgb, var(--vscode-foreground) 20%, transparent);
    stroke: color-mix(in srgb, var(--vscode-foreground) 60%, transparent);
  }
  :host-context(.vscode-high-contrast) .mark .grey {
    fill: none;
    stroke: var(--vscode-foreground);
  }
`;
