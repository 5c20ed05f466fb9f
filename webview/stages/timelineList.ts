// What happened and when, down to the seconds after the decision; filtered by how closely one follows it, and copied as Markdown.
import { css, html, LitElement, type TemplateResult } from 'lit';
import { formatTime } from '../../src/protocol/words/format.ts';
import { timelineMarkdown, tookOf } from '../../src/protocol/report/timeline.ts';
import { type TimelineRow } from '../../src/protocol/report/timelineRow.ts';
import { t } from '../../src/protocol/words/translate.ts';
import '../copyButton.ts';
import { icon, type IconName } from '../icons.ts';
import { baseStyles } from '../styles.ts';
import { figuresText } from '../clusters/templateText.ts';

const depth = ['key', 'normal', 'detail'] as const satisfies readonly TimelineRow['level'][];
const tones = { good: 'pass', bad: 'fail', warn: 'unsure', neutral: 'dot' } satisfies Record<
  TimelineRow['tone'],
  IconName
>;
/** What has a picture of its own, whether it went well or not. */
const pictures: Readonly<Partial<Record<TimelineRow['about'], IconName>>> = {
  'run-started': 'play',
  'run-resumed': 'play',
  asked: 'person',
  answered: 'person',
  'question-closed': 'person',
  'cancel-asked': 'person',
  'marker-finished': 'flag',
  'nodes-changed': 'server',
  'phase-started': 'server',
  'first-anomaly': 'pulse',
  decided: 'decision',
  'rollback-started': 'back',
  'rollback-finished': 'server',
};

export class TimelineList extends LitElement {
  static override properties = { rows: { attribute: false }, level: {} };
  declare rows: readonly TimelineRow[];
  declare level: TimelineRow['level'];
  static override styles = [
    baseStyles,
    css`
      li {
        display: grid;
        grid-template-columns: 72px 16px minmax(0, 1fr) auto;
        gap: 0 8px;
        padding: 2px 0;
      }
      li > svg.icon {
        margin-top: 2px;
      }
      li > span {
        overflow-wrap: anywhere;
      }
      li.key {
        font-weight: 600;
      }
      li.decided {
        border-top: 1px solid var(--vscode-panel-border, var(--vscode-contrastBorder));
        margin-top: 4px;
        padding-top: 5px;
      }
    `,
  ];

  override render() {
    const rows = this.rows.filter(row => depth.indexOf(row.level) <= depth.indexOf(this.level));
    const decided = rows.find(row => row.sinceDecisionMs === 0);
    return html`<section aria-label=${t('Timeline')}>
      <div class="head">
        <h2>${t('Timeline')}</h2>
        <span class="grow"></span>
        <div class="chips" role="group" aria-label=${t('Show')}>
          ${depth.map(
            level =>
              html` <button
                class="chip plain"
                aria-pressed=${String(level === this.level)}
                @click=${() => this.dispatchEvent(new CustomEvent<TimelineRow['level']>('change-level', { detail: level }))}
              >
                ${levelName(level)}
              </button>`,
          )}
        </div>
        <backstop-copy label=${t('Copy as Markdown')} .text=${() => timelineMarkdown(rows)}></backstop-copy>
      </div>
      <ol>
        ${rows.map(row => renderRow(row, row === decided))}
      </ol>
    </section>`;
  }
}

function levelName(level: TimelineRow['level']): string {
  return { key: t('Key events'), normal: t('Usual'), detail: t('Every step') }[level];
}

function renderRow(row: TimelineRow, decided: boolean): TemplateResult {
  return html`<li class="${row.level === 'key' ? 'key' : ''} ${decided ? 'decided' : ''}">
    <time class="dim">${formatTime(row.atMs)}</time>${icon(pictures[row.about] ?? tones[row.tone], row.tone)}<span
      >${figuresText(row.text)}</span
    ><span class="number">${tookOf(row)}</span>
  </li>`;
}

customElements.define('backstop-timeline', TimelineList);
