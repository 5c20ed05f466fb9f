// The look of the chart: its frame, and one invisible element for each colour, since a canvas knows no theme.
import { css } from 'lit';
import type { Paint } from './chartMarks.ts';

export const paints = [
  'red',
  'blue',
  'grey',
  'greyLine',
  'text',
  'dim',
  'background',
  'focus',
  'brush',
] as const satisfies readonly (keyof Paint)[];

export const chartStyles = css`
  .plot {
    position: relative;
    border: 1px solid var(--vscode-panel-border, var(--vscode-contrastBorder));
    border-radius: 4px;
    height: 440px;
    overflow: hidden;
    contain: strict;
  }
  canvas {
    display: block;
    touch-action: none;
    cursor: grab;
  }
  canvas:focus-visible {
    outline-offset: -2px;
  }
  .zoom {
    position: absolute;
    right: 4px;
    top: 4px;
    display: grid;
    background: var(--vscode-editor-background);
    border: 1px solid var(--vscode-panel-border, var(--vscode-contrastBorder));
    border-radius: 4px;
  }
  .hint {
    display: flex;
    flex-wrap: wrap;
    justify-content: space-between;
    align-items: center;
    gap: 0 16px;
    padding: 4px 0 12px;
  }
  .legend {
    display: inline-flex;
    align-items: center;
    gap: 2px;
  }
  .legend .dot {
    width: 22px;
    height: 22px;
  }
  .legend .grey {
    fill: color-mix(in srgb, var(--vscode-foreground) 20%, transparent);
    stroke: color-mix(in srgb, var(--vscode-foreground) 52%, transparent);
  }
  .paint {
    display: none;
  }
  .paint.red {
    color: var(--vscode-charts-red);
  }
  .paint.blue {
    color: var(--vscode-charts-blue);
  }
  .paint.text {
    color: var(--vscode-foreground);
  }
  .paint.grey {
    color: color-mix(in srgb, var(--vscode-foreground) 20%, transparent);
  }
  .paint.greyLine {
    color: color-mix(in srgb, var(--vscode-foreground) 52%, transparent);
  }
  .paint.dim {
    color: var(--vscode-descriptionForeground);
  }
  .paint.background {
    color: var(--vscode-editor-background);
  }
  .paint.focus {
    color: var(--vscode-focusBorder);
  }
  .paint.brush {
    color: color-mix(in srgb, var(--vscode-focusBorder) 16%, transparent);
  }
  :host-context(.vscode-high-contrast) .paint.grey {
    color: transparent;
  }
  :host-context(.vscode-high-contrast) .paint.greyLine {
    color: color-mix(in srgb, var(--vscode-foreground) 72%, transparent);
  }
  @media (max-width: 720px) {
    .plot {
      height: 320px;
    }
  }
`;
