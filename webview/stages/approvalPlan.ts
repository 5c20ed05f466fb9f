// What the run will do once it is approved: each phase with its nodes, how it is verified, and what follows.
import { css, html, LitElement, type TemplateResult } from 'lit';
import type { ApprovedStage } from '../../src/protocol/snapshot/approval/approvedStage.ts';
import { t } from '../../src/protocol/words/translate.ts';
import { baseStyles } from '../styles.ts';

export class ApprovalPlan extends LitElement {
  static override properties = { stages: { attribute: false } };
  declare stages: readonly ApprovedStage[];
  static override styles = [
    baseStyles,
    css`
      li {
        display: grid;
        grid-template-columns: 52px minmax(0, 3fr) minmax(0, 4fr) minmax(56px, max-content);
        gap: 0 12px;
        align-items: center;
        padding: 4px;
        min-height: 36px;
      }
      li + li {
        border-top: 1px solid var(--vscode-panel-border, var(--vscode-contrastBorder));
      }
      :host-context(.vscode-high-contrast) li + li {
        border-color: color-mix(in srgb, var(--vscode-foreground) 32%, transparent);
      }
      .nodes {
        display: flex;
        flex-wrap: wrap;
        gap: 4px;
      }
      .nodes i {
        min-width: 24px;
        padding: 0 2px;
        border: 1px dashed color-mix(in srgb, var(--vscode-foreground) 44%, transparent);
        border-radius: 2px;
        font: 11px/22px var(--vscode-font-family);
        text-align: center;
      }
      dl {
        margin-top: 8px;
        padding: 0 4px;
      }
    `,
  ];

  override render() {
    return this.stages.map(
      ({ name, expected, phases, rows }) =>
        html`<section aria-label=${t('What {0} will do', name)}>
          <div class="head">
            <h2>${t('What {0} will do', name)}</h2>
            ${expected ? html`<span class="dim">${expected}</span>` : ''}
          </div>
          ${
            phases.length
              ? html`<ol aria-label=${t('Phases')}>
                  ${phases.map(renderPhase)}
                </ol>`
              : ''
          }
          <dl class="pairs">
            ${rows.map(
              row =>
                html`<dt class="dim">${row.name}</dt>
                  <dd>${row.value}</dd>`,
            )}
          </dl>
        </section>`,
    );
  }
}

function renderPhase({ label, nodes, what, took }: ApprovedStage['phases'][number]): TemplateResult {
  const names = nodes.map(({ name }) => name).join(', ');
  return html`<li>
    <span class="strong">${label}</span
    ><span class="nodes" role="img" title=${names} aria-label=${names}
      >${nodes.map(({ short }) => html`<i>${short}</i>`)}</span
    ><span>${what}</span><span class="number dim">${took}</span>
  </li>`;
}

customElements.define('backstop-plan', ApprovalPlan);
