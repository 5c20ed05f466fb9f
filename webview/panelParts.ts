// How the run panel is laid out, and what it shows before there is a check.
import { css, html, type TemplateResult } from 'lit';
import { t } from '../src/protocol/words/translate.ts';

export const panelStyles = css`
  :host {
    padding: 16px 0 32px;
    max-width: 1720px;
    margin: 0 auto;
  }
  .columns {
    display: grid;
    grid-template-columns: minmax(0, 7fr) minmax(0, 5fr);
    gap: 0 32px;
  }
  .columns > div {
    min-width: 0;
  }
  @media (max-width: 1199.9px) {
    .columns {
      grid-template-columns: minmax(0, 1fr);
    }
  }
  @media screen and (min-width: 1200px) {
    .beside {
      position: sticky;
      top: 0;
      align-self: start;
      max-height: 100vh;
      overflow-y: auto;
      /* Room for the outline of what has the focus. */
      margin-left: -4px;
      padding: 0 4px;
    }
  }
`;

export function renderNoFindings(hasEnded: boolean): TemplateResult {
  return html`<section aria-label=${t('Checks')}>
    <div class="head"><h2>${t('Checks')}</h2></div>
    <p class="dim">
      ${
        hasEnded
          ? t('No verification ran.')
          : t('Nothing has been verified yet. Checks and log events appear with the first evaluation of the canary.')
      }
    </p>
  </section>`;
}
