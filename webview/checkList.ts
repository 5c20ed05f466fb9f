// The checks, failed first: the reason in words, the data it had, what was asked, and the evidence beside it.
import { css, html, LitElement, type TemplateResult } from 'lit';
import type { CheckSnapshot } from '../src/protocol/snapshotChecks.ts';
import { evidenceLine, evidenceStyles } from './evidenceLine.ts';
import { icon } from './icons.ts';
import { baseStyles } from './styles.ts';

const outcomeLooks = { fail: ['fail', 'bad', 'Failed'], inconclusive: ['unsure', 'warn', 'Could not decide'], pass: ['pass', 'good', 'Passed'] } as const;

export class CheckList extends LitElement {
  static override properties = { checks: { attribute: false } };
  declare checks: readonly CheckSnapshot[];
  static override styles = [baseStyles, evidenceStyles, css`
    .check { display: grid; grid-template-columns: 16px minmax(0, 1fr) 220px; gap: 0 12px; padding: 0 0 12px; }
    .check + .check { border-top: 1px solid var(--vscode-panel-border, var(--vscode-contrastBorder)); padding-top: 12px; }
    .check > svg.icon { margin-top: 2px; }
    .check p { overflow-wrap: anywhere; text-wrap: pretty; }
    dl { display: grid; grid-template-columns: 56px minmax(0, 1fr); gap: 0 12px; margin-top: 4px; }
    summary { cursor: pointer; list-style: none; display: inline-flex; align-items: center; gap: 4px; color: var(--vscode-textLink-foreground); }
    summary svg.icon { width: 12px; height: 12px; color: inherit; }
    details[open] summary svg { transform: rotate(90deg); }
    pre { background: var(--vscode-textCodeBlock-background); border: 1px solid var(--vscode-contrastBorder, transparent); padding: 4px 8px; margin-top: 4px; white-space: pre-wrap; }
    @media (max-width: 720px) { .check { grid-template-columns: 16px minmax(0, 1fr); } figure { grid-column: 2; margin-top: 8px; } }
  `];

  override render() {
    return html`<section aria-label="Checks"><div class="head"><h2>Checks</h2><span class="dim">${summaryOf(this.checks)}</span></div>
      <ul>${this.checks.map(renderCheck)}</ul></section>`;
  }
}

function summaryOf(checks: readonly CheckSnapshot[]): string {
  const count = (outcome: CheckSnapshot['outcome']): number => checks.filter(check => check.outcome === outcome && !check.running).length;
  const running = checks.filter(check => check.running).length;
  return [[running, 'running'], [count('fail'), 'failed'], [count('inconclusive'), 'undecided'], [count('pass'), 'passed']].filter(([number]) => number !== 0).map(part => part.join(' ')).join(', ');
}

function renderCheck({ name, source, outcome, running, sentence, data, queries, evidence }: CheckSnapshot): TemplateResult {
  const [picture, tone, words] = outcomeLooks[outcome];
  return html`<li class="check">${running && outcome !== 'fail' ? icon('running', 'live') : icon(picture, tone)}
    <div><span class="strong">${name}</span> <span class="dim">${source === name ? '' : source}</span>
      <p>${running ? 'So far' : words}: ${sentence}</p>
      <dl><dt class="dim">Data</dt><dd>${data}</dd><dt class="dim">Asked</dt><dd>${queries.latest.length === 0 ? queries.summary
        : html`<details><summary>${icon('right')}${queries.summary}</summary>${queries.latest.map(text => html`<pre>${text.text}</pre>`)}</details>`}</dd></dl></div>
    ${evidenceLine(evidence, outcome === 'fail')}</li>`;
}

customElements.define('backstop-checks', CheckList);
