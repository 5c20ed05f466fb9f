// How the outlook of a run is drawn: a table of sources and nodes, a strip of intervals, and lists.
import { css } from 'lit';

export const outlookStyles = css`
  ol li {
    display: grid;
    grid-template-columns: 72px 16px minmax(0, 1fr);
    gap: 0 8px;
    padding: 4px 0;
    overflow-wrap: anywhere;
  }
  li svg.icon,
  .cell svg.icon {
    margin-top: 2px;
  }
  .pairs {
    gap: 8px 24px;
  }
  table {
    overflow-wrap: anywhere;
  }
  tbody th {
    border: 0;
    padding: 4px 8px 4px 4px;
    vertical-align: top;
    font-size: inherit;
    color: inherit;
    white-space: inherit;
  }
  tbody tr + tr > * {
    border-top: 1px solid color-mix(in srgb, var(--vscode-foreground) 16%, transparent);
  }
  :host-context(.vscode-high-contrast) tbody tr + tr > * {
    border-color: color-mix(in srgb, var(--vscode-foreground) 32%, transparent);
  }
  .cell {
    display: grid;
    grid-template-columns: 16px minmax(0, 1fr);
    gap: 0 4px;
  }
  td.dim .cell {
    grid-template-columns: minmax(0, 1fr);
  }
  .lanes {
    display: grid;
    grid-template-columns: max-content minmax(0, 1fr) max-content;
    gap: 4px 12px;
    align-items: center;
    max-width: 880px;
    margin-top: 12px;
  }
  .lanes svg {
    width: 100%;
    height: 20px;
  }
  .lanes path {
    stroke: var(--vscode-descriptionForeground);
    stroke-width: 0.7;
  }
  .lanes .own {
    stroke: var(--vscode-charts-blue);
  }
  .lanes .since,
  .lanes rect {
    stroke-width: 1px;
    vector-effect: non-scaling-stroke;
  }
  .lanes rect {
    fill: none;
    stroke: var(--vscode-charts-yellow);
    stroke-dasharray: 3 2;
  }
  table ~ p,
  .why p {
    margin-top: 8px;
  }
  .why {
    display: grid;
    grid-template-columns: repeat(auto-fit, minmax(260px, 1fr));
    gap: 12px 32px;
  }
  h3 {
    margin-bottom: 4px;
    overflow-wrap: anywhere;
  }
  .strip {
    display: flex;
    align-items: end;
    gap: 2px;
    height: 16px;
  }
  .intervals {
    width: fit-content;
    max-width: 100%;
  }
  .strip i {
    width: 12px;
    min-width: 1px;
    height: 10px;
    border-radius: 1px;
    background: var(--vscode-charts-blue);
  }
  .strip i.beyond {
    height: 16px;
  }
  .strip i.none {
    border: 1px dashed var(--vscode-charts-yellow);
    background: none;
  }
  .ends {
    display: flex;
    justify-content: space-between;
    margin-top: 4px;
  }
`;
