// What an approver can rely on so far, named for what it is, and who can approve.
import { css, html, LitElement } from 'lit';
import type { ApprovalSnapshot } from '../../src/protocol/snapshot/approval/snapshotApproval.ts';
import { t } from '../../src/protocol/words/translate.ts';
import { icon } from '../icons.ts';
import { baseStyles } from '../styles.ts';

export class ApprovalPeople extends LitElement {
  static override properties = { approval: { attribute: false } };
  declare approval: ApprovalSnapshot;
  static override styles = [
    baseStyles,
    css`
      th:first-child {
        width: 26%;
      }
      th.number {
        width: 68px;
      }
      td {
        overflow-wrap: anywhere;
      }
      td > span,
      li {
        display: flex;
        gap: 8px;
        overflow-wrap: anywhere;
      }
      svg.icon {
        margin-top: 2px;
      }
      li,
      p {
        padding: 4px;
      }
    `,
  ];

  override render() {
    const { checks, checked, verifiedLater, people, counted } = this.approval;
    return html`<section aria-label=${t('Checks so far')}>
        <div class="head">
          <h2>${t('Checks so far')}</h2>
          <span class="dim">${checked}</span>
        </div>
        ${
          checks.length
            ? html`<table>
                <thead>
                  <tr>
                    <th>${t('Stage')}</th>
                    <th>${t('Check hook')}</th>
                    <th class="number">${t('Nodes')}</th>
                    <th class="number">${t('Took')}</th>
                  </tr>
                </thead>
                <tbody>
                  ${checks.map(
                    ({ stage, passed, what, nodes, took }) =>
                      html`<tr>
                        <td><span>${icon(passed ? 'pass' : 'skipped', passed ? 'good' : 'quiet')}${stage}</span></td>
                        <td>${what}</td>
                        <td class="number">${nodes}</td>
                        <td class="number">${took}</td>
                      </tr>`,
                  )}
                </tbody>
              </table>`
            : ''
        }
        ${verifiedLater ? html`<p class="dim">${t('Logs and metrics are verified later, with the canary.')}</p>` : ''}
      </section>
      <section aria-label=${t('Who can approve')}>
        <div class="head">
          <h2>${t('Who can approve')}</h2>
          <span class="dim">${counted}</span>
        </div>
        <ul>
          ${people.map(
            ({ name, note, may }) =>
              html`<li>
                ${icon(may ? 'person' : 'skipped', may ? '' : 'quiet')}<span class="grow">${name}</span
                ><span class="dim">${note}</span>
              </li>`,
          )}
        </ul>
      </section>`;
  }
}

customElements.define('backstop-approvers', ApprovalPeople);
