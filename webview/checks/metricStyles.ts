// The style sheet of the metrics: the table keeps its columns in a narrow column of the panel, the charts stand side by
// side in a wide one.
import { css } from 'lit';

export const metricStyles = css`
  :host {
    container-type: inline-size;
  }
  table {
    table-layout: auto;
    margin-bottom: 12px;
  }
  th.confident {
    width: 22%;
  }
  .metric {
    display: flex;
    gap: 4px;
    position: relative;
    overflow-wrap: anywhere;
  }
  .metric svg.icon {
    margin-top: 2px;
  }
  tbody td {
    border-bottom: 1px solid color-mix(in srgb, var(--vscode-foreground) 12%, transparent);
  }
  .keys {
    display: flex;
    flex-wrap: wrap;
    gap: 0 12px;
    margin-bottom: 12px;
  }
  .keys span {
    display: inline-flex;
    align-items: center;
    gap: 4px;
  }
  .keys svg {
    width: 16px;
    height: 12px;
    flex: none;
  }
  .keys path {
    fill: none;
    stroke: var(--vscode-charts-lines);
  }
  .keys .canary {
    stroke: var(--vscode-charts-blue);
    stroke-width: 1.5;
  }
  .keys .baseline {
    stroke: var(--vscode-foreground);
    stroke-dasharray: 4 2;
  }
  .keys .range {
    fill: color-mix(in srgb, var(--vscode-foreground) 14%, transparent);
  }
  .keys .level {
    fill: color-mix(in srgb, var(--vscode-charts-blue) 35%, transparent);
  }
  :host-context(.vscode-high-contrast) .keys .level {
    fill: none;
    stroke: var(--vscode-charts-blue);
  }
  :host-context(.vscode-high-contrast) .keys .range {
    fill: none;
    stroke: var(--vscode-foreground);
    stroke-dasharray: 1 3;
  }
  .keys .limit {
    stroke: var(--vscode-foreground);
    stroke-dasharray: 4 3;
  }
  .keys .decided {
    stroke: var(--vscode-charts-red);
    stroke-width: 1.5;
  }
  .charts {
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    gap: 16px 24px;
  }
  figcaption {
    display: flex;
    flex-wrap: wrap;
    gap: 0 12px;
    margin-bottom: 4px;
    overflow-wrap: anywhere;
  }
  figcaption .name {
    font-size: 13px;
  }
  .charts + p {
    margin-top: 8px;
  }
  @container (min-width: 720px) {
    .charts {
      grid-template-columns: repeat(2, minmax(0, 1fr));
    }
  }
  @container (max-width: 600px) {
    th,
    td {
      padding-left: 4px;
      padding-right: 4px;
    }
    .in-table .meter {
      display: none;
    }
    th:first-child {
      width: 26%;
    }
    th.confident {
      width: auto;
    }
  }
`;
