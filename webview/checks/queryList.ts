// The queries of a check: each once, with the times that it read, to be copied or opened where it was asked.
import { css, html, type TemplateResult } from 'lit';
import type { QueriesSnapshot, QuerySnapshot } from '../../src/protocol/snapshot/snapshotQueries.ts';
import { t } from '../../src/protocol/words/translate.ts';
import '../copyButton.ts';
import { icon } from '../icons.ts';

export function queryList({ summary, entries }: QueriesSnapshot): TemplateResult | string {
  return entries.length === 0
    ? summary
    : html`<details>
        <summary>${icon('right')}${summary}</summary>
        ${entries.map(renderQuery)}
      </details>`;
}

function renderQuery({ text, asked, total, windows, hidden, page }: QuerySnapshot): TemplateResult {
  return html`<div class="query">
    <div class="query-head small">
      <span class="grow">${asked}</span><span class="dim">${total}</span>
      ${page ? html`<a href=${page.url} target="_blank" rel="noreferrer">${t('Open in {0}', page.vendor)}</a>` : ''}
      <backstop-copy label=${t('Copy query')} .text=${() => text}></backstop-copy>
    </div>
    <pre>${text}</pre>
    <table class="small" aria-label=${t('Time ranges that were read')}>
      <thead>
        <tr>
          <th>${t('From')}</th>
          <th>${t('To')}</th>
          <th class="number">${t('Rows')}</th>
          <th class="number">${t('Took')}</th>
          <th class="number">${t('Size')}</th>
        </tr>
      </thead>
      <tbody>
        ${windows.map(
          ({ from, to, rows, took, size }) =>
            html`<tr>
              <td>${from}</td>
              <td>${to}</td>
              <td class="number">${rows}</td>
              <td class="number">${took}</td>
              <td class="number">${size}</td>
            </tr>`,
        )}
      </tbody>
    </table>
    ${hidden > 0 ? html`<p class="small dim">${t('{0} earlier time ranges', hidden)}</p>` : ''}
  </div>`;
}

export const queryStyles = css`
  summary {
    cursor: pointer;
    list-style: none;
    display: inline-flex;
    align-items: center;
    gap: 4px;
    color: var(--vscode-textLink-foreground);
  }
  summary svg.icon {
    width: 12px;
    height: 12px;
    color: inherit;
  }
  details[open] summary svg {
    transform: rotate(90deg);
  }
  .query {
    margin: 4px 0 12px;
  }
  .query-head {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 0 12px;
  }
  .query-head .grow {
    flex: 1 0 auto;
  }
  .query a {
    color: var(--vscode-textLink-foreground);
  }
  .query td,
  .query th {
    height: 20px;
    padding-top: 0;
    padding-bottom: 0;
  }
  pre {
    background: var(--vscode-textCodeBlock-background);
    border: 1px solid var(--vscode-contrastBorder, transparent);
    padding: 4px 8px;
    white-space: pre-wrap;
  }
`;
