// For a run on hold, or without data: what is known, why it is undecided, what happens when, and what each choice does.
import { html, LitElement, svg, type TemplateResult } from 'lit';
import type { CheckSnapshot } from '../../src/protocol/snapshot/snapshotChecks.ts';
import type { IntervalsSnapshot } from '../../src/protocol/snapshot/outlook/snapshotIntervals.ts';
import type { KnownSnapshot } from '../../src/protocol/snapshot/outlook/snapshotKnown.ts';
import type { LaneSnapshot, LanesSnapshot } from '../../src/protocol/snapshot/outlook/snapshotLanes.ts';
import type { OutlookSnapshot } from '../../src/protocol/snapshot/outlook/snapshotOutlook.ts';
import { t } from '../../src/protocol/words/translate.ts';
import { lookOf } from '../actions.ts';
import { confidenceMeter, meterStyles } from '../checks/confidenceMeter.ts';
import { icon, type IconName } from '../icons.ts';
import { markStyles } from '../marks.ts';
import { baseStyles } from '../styles.ts';
import { outlookStyles } from './outlookStyles.ts';

const pictures = {
  past: ['pulse', ''],
  now: ['running', 'live'],
  hold: ['pause', 'warn'],
} as const satisfies Record<OutlookSnapshot['next'][number]['about'], readonly [IconName, string]>;
const tones = { good: icon('pass', 'good'), warn: icon('unsure', 'warn') } as const;

export class RunOutlook extends LitElement {
  static override properties = { outlook: { attribute: false }, checks: { attribute: false } };
  declare outlook: OutlookSnapshot;
  declare checks: readonly CheckSnapshot[];
  static override styles = [baseStyles, markStyles, meterStyles, outlookStyles];

  override render() {
    const { known, why, next, choices } = this.outlook;
    return html`${known ? part(t('What is known'), renderKnown(known)) : ''}
    ${why ? part(t('Why it is inconclusive'), this.renderWhy(why)) : ''}
    ${
      next.length
        ? part(
            t('What happens when'),
            html`<ol>
              ${next.map(
                ({ at, text, about }) =>
                  html`<li>
                    <time class="dim">${at}</time>${icon(pictures[about][0], pictures[about][1])}<span>${text}</span>
                  </li>`,
              )}
            </ol>`,
          )
        : ''
    }
    ${
      choices.length === 0
        ? ''
        : part(
            t('What each choice does'),
            html`<dl class="pairs">
              ${choices.map(
                ({ action, does }) =>
                  html`<dt class="strong">${lookOf(action).label}</dt>
                    <dd>${does}</dd>`,
              )}
            </dl>`,
          )
    }`;
  }

  private renderWhy({ check, title, intervals, from, to, summary, needed }: IntervalsSnapshot): TemplateResult {
    const of = this.checks.find(({ id }) => id === check);
    return html`<div class="why">
      <div>
        <h3 class="strong">${title}</h3>
        <div class="intervals">
          <div class="strip" role="img" aria-label="${title}: ${summary}">
            ${intervals.map(({ kind, text }) => html`<i class=${kind} title=${text}></i>`)}
          </div>
          <div class="ends small dim"><span>${from}</span><span>${to}</span></div>
        </div>
        <p>${summary}</p>
      </div>
      <div>${of ? confidenceMeter(of, '') : ''}${needed ? html`<p>${needed}</p>` : ''}</div>
    </div>`;
  }
}

function renderKnown({ columns, rows, lanes, meaning }: KnownSnapshot): TemplateResult {
  return html`<table aria-label=${t('What is known')}>
      <thead>
        <tr class="dim">
          <th scope="col">${t('Source')}</th>
          ${columns.map(column => html`<th scope="col">${column}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${rows.map(
          ({ source, cells }) =>
            html`<tr>
              <th scope="row">${source}</th>
              ${cells.map(
                ({ tone, text }) =>
                  html`<td class=${tone ? '' : 'dim'}>
                    <span class="cell">${tone ? tones[tone] : ''}<span>${text}</span></span>
                  </td>`,
              )}
            </tr>`,
        )}
      </tbody>
    </table>
    ${lanes ? renderLanes(lanes) : ''}${meaning ? html`<p>${meaning}</p>` : ''}`;
}

/** The table says the same to a screen reader. */
function renderLanes({ title, from, to, count, since, lanes }: LanesSnapshot): TemplateResult {
  const caption = `${title}; ${t('vertical line = deployment')}`;
  return html`<div class="lanes small dim" aria-hidden="true">
    ${lanes.map(lane => renderLane(lane, count, since))}
    <span></span>
    <div class="ends"><span>${from}</span><span>${caption}</span><span>${to}</span></div>
  </div>`;
}

function renderLane({ name, side, bars, last, silentFrom }: LaneSnapshot, count: number, since: number) {
  const drawn = bars.map((height, at) => {
    const look = side === 'canary' && at >= since ? 'own' : '';
    return height === null ? '' : svg`<path class=${look} d="M${at + 0.5} 20v${-1 - 17 * height}"/>`;
  });
  const silence =
    silentFrom === undefined ? '' : svg`<rect x=${silentFrom} y="1" width=${count - silentFrom} height="18"/>`;
  return html`<span>${name}</span
    ><svg viewBox="0 0 ${count} 20" preserveAspectRatio="none">
      ${drawn}${silence}${svg`<path class="since" d="M${since} 0V20"/>`}</svg
    ><span>${last}</span>`;
}

function part(name: string, body: TemplateResult): TemplateResult {
  return html`<section aria-label=${name}>
    <div class="head"><h2>${name}</h2></div>
    ${body}
  </section>`;
}

customElements.define('backstop-outlook', RunOutlook);
