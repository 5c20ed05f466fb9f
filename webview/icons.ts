// The panel's icons: 16 px line drawings in the theme's colour; always decoration beside a text.
import { html, svg, type TemplateResult } from 'lit';

const drawings = {
  pass: svg`<circle cx="8" cy="8" r="6"/><path d="M5.2 8.2l2 2L10.8 6"/>`,
  fail: svg`<circle cx="8" cy="8" r="6"/><path d="M5.9 5.9l4.2 4.2M10.1 5.9l-4.2 4.2"/>`,
  unsure: svg`<circle cx="8" cy="8" r="6"/><path d="M8 4.8v3.8M8 11v.01"/>`,
  pause: svg`<circle cx="8" cy="8" r="6"/><path d="M6.5 5.750v4.5M9.5 5.750v4.5"/>`,
  pending: svg`<circle cx="8" cy="8" r="6"/>`,
  skipped: svg`<circle cx="8" cy="8" r="6"/><path d="M5 8h6"/>`,
  running: svg`<path d="M8 2a6 6 0 1 1-6 6"/>`,
  back: svg`<path d="M2.5 3v4h4"/><path d="M3 7a5.5 5.5 0 1 1 .4 3.4"/>`,
  again: svg`<path d="M13.500 3v4h-4"/><path d="M13 7a5.500 5.500 0 1 0-.3 3.500"/>`,
  person: svg`<circle cx="8" cy="5" r="2.75"/><path d="M2.8 13.8c.5-2.8 2.5-4.2 5.2-4.2s4.7 1.4 5.2 4.2"/>`,
  dot: svg`<circle cx="8" cy="8" r="1.5"/>`,
  decision: svg`<path d="M8 2l6 6-6 6-6-6z"/>`,
  plus: svg`<path d="M8 3.5v9M3.5 8h9"/>`,
  minus: svg`<path d="M3.5 8h9"/>`,
  fit: svg`<path d="M2.5 6V2.5H6M10 2.5h3.5V6M13.5 10v3.5H10M6 13.5H2.5V10"/>`,
  copy: svg`<rect x="5.5" y="5.5" width="8" height="8" rx="1"/>
    <path d="M10.5 5.5v-2a1 1 0 0 0-1-1h-6a1 1 0 0 0-1 1v6a1 1 0 0 0 1 1h2"/>`,
  right: svg`<path d="M6 3.5L10.5 8 6 12.5"/>`,
  left: svg`<path d="M10 3.5L5.5 8l4.5 4.5"/>`,
  up: svg`<path d="M3.5 10L8 5.5l4.5 4.5"/>`,
  compare: svg`<circle cx="4" cy="4" r="1.75"/><circle cx="12" cy="12" r="1.75"/>
    <path d="M4 5.75V10a2 2 0 0 0 2 2h2.5M7 10.2L8.8 12 7 13.8M12 10.25V6a2 2 0 0 0-2-2H7.5M9 2.2L7.2 4 9 5.8"/>`,
  play: svg`<path d="M4.5 3v10l8-5z"/>`,
  link: svg`<path
    d="M6.5 9.5l3-3M7.5 4.5l1.5-1.5a2.5 2.5 0 0 1 4 4L11.5 8.5M8.5 11.5L7 13a2.5 2.5 0 0 1-4-4l1.5-1.5"
  />`,
  search: svg`<circle cx="7" cy="7" r="4.5"/><path d="M10.4 10.4L14 14"/>`,
  open: svg`<path d="M9 2.5H4a1 1 0 0 0-1 1v9a1 1 0 0 0 1 1h8a1 1 0 0 0 1-1v-6zM9 2.5v4h4"/>`,
  flag: svg`<path d="M4 14V2.5h8.5l-2 3 2 3H4"/>`,
  pulse: svg`<path d="M1.5 8h3l2-4.5 3 9 2-4.5h3"/>`,
  server: svg`<rect x="2.5" y="2.5" width="11" height="4.5" rx="1"/><rect x="2.5" y="9" width="11" height="4.5" rx="1"/>
    <path d="M5 4.750h.01M5 11.250h.01"/>`,
  lines: svg`<path d="M2.5 4h11M2.5 8h11M2.5 12h7"/>`,
  evidence: svg`<path d="M2.5 13.5v-11M2.5 13.5h11M5 11V9M8 11V5M11 11V7"/>`,
  down: svg`<path d="M3.5 6L8 10.5 12.5 6"/>`,
} as const;
export type IconName = keyof typeof drawings;

export function icon(name: IconName, tone = ''): TemplateResult {
  return html`<svg class="icon ${tone}" viewBox="0 0 16 16" aria-hidden="true">${drawings[name]}</svg>`;
}
