// What every part of the panel shares: a grid of 4 px, 13 px type on 20 px lines, and only theme variables for colours.
import { css } from 'lit';

export const baseStyles = css`
  :host {
    display: block;
    min-width: 0;
    font: 13px/20px var(--vscode-font-family);
    font-variant-numeric: tabular-nums;
    color: var(--vscode-foreground);
  }
  * {
    box-sizing: border-box;
  }
  h1,
  h2,
  h3,
  p,
  dl,
  dd,
  ol,
  ul,
  pre,
  figure {
    margin: 0;
    padding: 0;
    font-weight: inherit;
    font-size: inherit;
  }
  ol,
  ul {
    list-style: none;
  }
  .dim {
    color: var(--vscode-descriptionForeground);
  }
  /* The light default theme gives both the same value. */
  :host-context(.vscode-light) .dim {
    color: color-mix(in srgb, var(--vscode-descriptionForeground) 82%, var(--vscode-editor-background));
  }
  .small {
    font-size: 12px;
    line-height: 16px;
  }
  .strong {
    font-weight: 600;
  }
  .mono,
  pre {
    font: 12px/20px var(--vscode-editor-font-family);
    overflow-wrap: anywhere;
  }
  .number {
    text-align: right;
    white-space: nowrap;
  }
  .grow {
    flex: 1;
    min-width: 0;
  }
  section {
    border-top: 1px solid var(--vscode-panel-border, var(--vscode-contrastBorder));
    padding: 12px 0 20px;
  }
  .head {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 4px 8px;
    min-height: 28px;
    margin-bottom: 8px;
  }
  .head h2 {
    font-weight: 600;
    overflow-wrap: anywhere;
  }
  svg.icon {
    width: 16px;
    height: 16px;
    flex: none;
    display: block;
    fill: none;
    stroke: currentColor;
    stroke-width: 1.25;
    stroke-linecap: round;
    stroke-linejoin: round;
    color: var(--vscode-icon-foreground);
  }
  svg.icon.good {
    color: var(--vscode-charts-green);
  }
  svg.icon.bad {
    color: var(--vscode-charts-red);
  }
  svg.icon.warn {
    color: var(--vscode-charts-yellow);
  }
  svg.icon.live {
    color: var(--vscode-charts-blue);
  }
  svg.icon.plain {
    color: inherit;
  }
  svg.icon.quiet {
    color: var(--vscode-descriptionForeground);
  }
  @media (prefers-reduced-motion: no-preference) {
    /* In steps, as the editor's own: a smooth turn would have every frame drawn anew. */
    svg.icon.live > * {
      animation: turn 1.6s steps(16) infinite;
      transform-origin: 8px 8px;
    }
    @keyframes turn {
      to {
        transform: rotate(360deg);
      }
    }
  }
  button {
    font: inherit;
    color: inherit;
    background: none;
    border: 0;
    padding: 0;
    cursor: pointer;
  }
  .pairs {
    display: grid;
    grid-template-columns: max-content minmax(0, 1fr);
    gap: 4px 16px;
    overflow-wrap: anywhere;
  }
  .tool {
    width: 24px;
    height: 24px;
    display: inline-grid;
    place-items: center;
    border-radius: 4px;
    flex: none;
  }
  .tool:hover {
    background: var(--vscode-toolbar-hoverBackground, transparent);
    outline: 1px dashed var(--vscode-contrastActiveBorder, transparent);
  }
  .tool:disabled {
    opacity: 0.4;
    cursor: default;
  }
  .chip {
    height: 24px;
    padding: 0 8px 0 4px;
    border: 1px solid var(--vscode-panel-border, var(--vscode-contrastBorder));
    border-radius: 4px;
    display: inline-flex;
    align-items: center;
    gap: 4px;
    white-space: nowrap;
    color: var(--vscode-descriptionForeground);
  }
  .chip[aria-pressed='true'] {
    border-color: var(--vscode-inputOption-activeBorder);
    background: color-mix(in srgb, var(--vscode-inputOption-activeBackground, transparent) 32%, transparent);
    color: var(--vscode-foreground);
  }
  :host-context(.vscode-high-contrast) .chip[aria-pressed='true'] {
    outline: 1px solid var(--vscode-contrastActiveBorder);
    outline-offset: -3px;
  }
  /* The toolkit has a grey of its own where a theme has no colour for a second button. */
  vscode-button[appearance='secondary'] {
    background: var(--vscode-button-secondaryBackground, transparent);
    color: var(--vscode-button-secondaryForeground, inherit);
  }
  .chip.plain {
    padding: 0 8px;
  }
  .chips {
    display: flex;
    flex-wrap: wrap;
    gap: 4px;
  }
  input {
    height: 28px;
    width: 216px;
    padding: 0 8px;
    font: inherit;
    background: var(--vscode-input-background);
    color: var(--vscode-input-foreground);
    border: 1px solid var(--vscode-input-border, var(--vscode-contrastBorder, transparent));
    border-radius: 2px;
  }
  input::placeholder {
    color: var(--vscode-input-placeholderForeground);
    opacity: 1;
  }
  .link {
    color: var(--vscode-textLink-foreground);
    text-align: left;
  }
  .link:hover {
    text-decoration: underline;
  }
  .out {
    position: absolute;
    width: 1px;
    height: 1px;
    overflow: hidden;
    clip-path: inset(50%);
    white-space: nowrap;
  }
  table {
    width: 100%;
    border-collapse: collapse;
    table-layout: fixed;
  }
  th {
    font-weight: 400;
    text-align: left;
    padding: 0 8px;
    height: 28px;
    font-size: 12px;
    border-bottom: 1px solid var(--vscode-panel-border, var(--vscode-contrastBorder));
    white-space: nowrap;
    color: var(--vscode-descriptionForeground);
  }
  th.number {
    text-align: right;
  }
  td {
    padding: 4px 8px;
    height: 28px;
    vertical-align: top;
  }
  th:first-child,
  td:first-child {
    padding-left: 4px;
  }
  :focus {
    outline: none;
  }
  :focus-visible {
    outline: 1px solid var(--vscode-focusBorder);
    outline-offset: 1px;
  }
  :host-context(.vscode-high-contrast) :focus-visible {
    outline-width: 2px;
  }
  input:focus {
    outline: 1px solid var(--vscode-focusBorder);
    outline-offset: -1px;
  }
  var {
    font-style: normal;
    padding: 0 2px;
    border-bottom: 1px dotted currentColor;
    background: color-mix(in srgb, var(--vscode-foreground) 8%, transparent);
    border-radius: 2px;
  }
  @media (max-width: 720px) {
    input {
      width: 100%;
    }
  }
`;
