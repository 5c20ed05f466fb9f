// A share as a thin bar; the words beside it say the same.
import { css, html, type TemplateResult } from 'lit';

export function bar(share: number, tone: 'live' | 'bad' | 'warn'): TemplateResult {
  return html`<svg class="bar" aria-hidden="true">
    <rect width="100%" height="4" />
    <rect class=${tone} width="${100 * share}%" height="4" />
  </svg>`;
}

export const barStyles = css`
  .bar {
    width: 100%;
    height: 4px;
    fill: color-mix(in srgb, var(--vscode-foreground) 16%, transparent);
  }
  :host-context(.vscode-high-contrast) .bar {
    fill: none;
    stroke: var(--vscode-contrastBorder);
  }
  .bar .live {
    fill: var(--vscode-charts-blue);
  }
  .bar .bad {
    fill: var(--vscode-charts-red);
  }
  .bar .warn {
    fill: var(--vscode-charts-yellow);
  }
`;
