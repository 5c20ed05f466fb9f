// For a run on hold, or without data: what is known, what happens when, and what each choice does.
import { css, html, LitElement } from 'lit';
import type { OutlookSnapshot } from '../../src/protocol/snapshot/snapshotOutlook.ts';
import { t } from '../../src/protocol/words/translate.ts';
import { lookOf } from '../actions.ts';
import { icon, type IconName } from '../icons.ts';
import { baseStyles } from '../styles.ts';

const pictures = {
  past: ['pulse', ''],
  now: ['running', 'live'],
  hold: ['pause', 'warn'],
} as const satisfies Record<OutlookSnapshot['next'][number]['about'], readonly [IconName, string]>;

export class RunOutlook extends LitElement {
  static override properties = { outlook: { attribute: false } };
  declare outlook: OutlookSnapshot;
  static override styles = [
    baseStyles,
    css`
      li {
        display: grid;
        grid-template-columns: 72px 16px minmax(0, 1fr);
        gap: 0 8px;
        padding: 4px 0;
        overflow-wrap: anywhere;
      }
      .known li {
        grid-template-columns: 16px minmax(0, 160px) minmax(0, 1fr);
      }
      li svg.icon {
        margin-top: 2px;
      }
      .pairs {
        gap: 8px 24px;
      }
    `,
  ];

  override render() {
    const { known, next, choices } = this.outlook;
    return html`${
        known.length
          ? html`<section aria-label=${t('What is known')}>
              <div class="head"><h2>${t('What is known')}</h2></div>
              <ul class="known">
                ${known.map(
                  ({ source, silent, text }) =>
                    html`<li>
                      ${icon(silent ? 'unsure' : 'pass', silent ? 'warn' : 'good')}<span class="strong">${source}</span
                      ><span>${text}</span>
                    </li>`,
                )}
              </ul>
            </section>`
          : ''
      }
      ${
        next.length
          ? html`<section aria-label=${t('What happens when')}>
              <div class="head"><h2>${t('What happens when')}</h2></div>
              <ol>
                ${next.map(
                  ({ at, text, about }) =>
                    html`<li>
                      <time class="dim">${at}</time>${icon(pictures[about][0], pictures[about][1])}<span>${text}</span>
                    </li>`,
                )}
              </ol>
            </section>`
          : ''
      }
      <section aria-label=${t('What each choice does')}>
        <div class="head"><h2>${t('What each choice does')}</h2></div>
        <dl class="pairs">
          ${choices.map(
            ({ action, does }) =>
              html`<dt class="strong">${lookOf(action).label}</dt>
                <dd>${does}</dd>`,
          )}
        </dl>
      </section>`;
  }
}

customElements.define('backstop-outlook', RunOutlook);
