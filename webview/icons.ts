// The panel's pictograms: 16 px line drawings that take their colour from the theme; decoration only, words stand beside them.
import { html, svg, type TemplateResult } from 'lit';

const drawings = {
  pass: svg`<circle cx="8" cy="8" r="6"/><path d="M5.2 8.2l2 2L10.8 6"/>`,
  fail: svg`<circle cx="8" cy="8" r="6"/><path d="M5.9 5.9l4.2 4.2M10.1 5.9l-4.2 4.2"/>`,
  unsure: svg`<circle cx="8" cy="8" r="6"/><path d="M8 4.8v3.8M8 11v.01"/>`,
  pending: svg`<circle cx="8" cy="8" r="6"/>`,
  skipped: svg`<circle cx="8" cy="8" r="6"/><path d="M5 8h6"/>`,
  running: svg`<path d="M8 2a6 6 0 1 1-6 6"/>`,
  back: svg`<path d="M2.5 3v4h4"/><path d="M3 7a5.5 5.5 0 1 1 .4 3.4"/>`,
  person: svg`<circle cx="8" cy="5" r="2.75"/><path d="M2.8 13.8c.5-2.8 2.5-4.2 5.2-4.2s4.7 1.4 5.2 4.2"/>`,
  dot: svg`<circle cx="8" cy="8" r="1.5"/>`,
  decision: svg`<path d="M8 2l6 6-6 6-6-6z"/>`,
  plus: svg`<path d="M8 3.5v9M3.5 8h9"/>`,
  minus: svg`<path d="M3.5 8h9"/>`,
  fit: svg`<path d="M2.5 6V2.5H6M10 2.5h3.5V6M13.5 10v3.5H10M6 13.5H2.5V10"/>`,
  copy: svg`<rect x="5.5" y="5.5" width="8" height="8" rx="1"/><path d="M10.5 5.5v-2a1 1 0 0 0-1-1h-6a1 1 0 0 0-1 1v6a1 1 0 0 0 1 1h2"/>`,
  right: svg`<path d="M6 3.5L10.5 8 6 12.5"/>`,
  left: svg`<path d="M10 3.5L5.5 8l4.5 4.5"/>`,
  up: svg`<path d="M3.5 10L8 5.5l4.5 4.5"/>`,
  down: svg`<path d="M3.5 6L8 10.5 12.5 6"/>`,
} as const;
export type IconName = keyof typeof drawings;

export function icon(name: IconName, tone = ''): TemplateResult {
  return html`<svg class="icon ${tone}" viewBox="0 0 16 16" aria-hidden="true">${drawings[name]}</svg>`;
}
