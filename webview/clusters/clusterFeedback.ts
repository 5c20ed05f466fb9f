// A reviewer's feedback on a cluster: the mark with its reason, its effect before it is saved, its author, and undo.
import { css, html, LitElement, type TemplateResult } from 'lit';
import { feedbackFile, feedbackMarks, type FeedbackMark } from '../../src/model/evidence/feedback.ts';
import { feedbackPreview, markName } from '../../src/protocol/words/feedbackSentences.ts';
import { formatMoment } from '../../src/protocol/words/format.ts';
import { longestReason } from '../../src/protocol/runPanel.ts';
import type { ClusterSnapshot } from '../../src/protocol/snapshot/clusterSnapshot.ts';
import type { FeedbackSnapshot } from '../../src/protocol/snapshot/snapshot.ts';
import { t } from '../../src/protocol/words/translate.ts';
import { icon } from '../icons.ts';
import { baseStyles } from '../styles.ts';

export interface Judgement {
  readonly cluster: string;
  readonly mark: FeedbackMark;
  readonly reason: string;
}

export class ClusterFeedback extends LitElement {
  static override properties = {
    cluster: { attribute: false },
    feedback: { attribute: false },
    ended: { attribute: false },
    readOnly: { attribute: false },
    problem: {},
    chosen: { state: true },
    reason: { state: true },
    waits: { state: true },
  };
  declare cluster: ClusterSnapshot;
  declare feedback: FeedbackSnapshot;
  declare ended: boolean;
  declare readOnly: boolean;
  declare problem: string | undefined;
  declare chosen: FeedbackMark | undefined;
  declare reason: string;
  /** Sent, but not answered yet. */
  declare waits: boolean;
  static override styles = [
    baseStyles,
    css`
      .sub {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 0 8px;
        min-height: 24px;
      }
      .judge {
        display: flex;
        flex-wrap: wrap;
        gap: 8px;
        margin: 4px 0 8px;
      }
      .row {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 8px;
      }
      .row input {
        flex: 1;
        width: auto;
        min-width: 160px;
      }
      .choice {
        height: 28px;
        padding: 0 12px;
        border: 1px solid
          var(--vscode-button-secondaryBorder, var(--vscode-button-border, var(--vscode-contrastBorder, transparent)));
        border-radius: 2px;
        background: var(--vscode-button-secondaryBackground, transparent);
        color: var(--vscode-button-secondaryForeground, inherit);
        white-space: nowrap;
      }
      .choice:hover {
        background: var(--vscode-button-secondaryHoverBackground, var(--vscode-list-hoverBackground));
      }
      .choice[aria-pressed='true'] {
        border-color: var(--vscode-inputOption-activeBorder);
        background: var(--vscode-inputOption-activeBackground, transparent);
        color: var(--vscode-inputOption-activeForeground, inherit);
        outline: 1px solid var(--vscode-contrastActiveBorder, transparent);
        outline-offset: -3px;
      }
      .choice:focus-visible {
        outline: 1px solid var(--vscode-focusBorder);
        outline-offset: 1px;
      }
      .said {
        display: grid;
        grid-template-columns: 16px minmax(0, 1fr) auto;
        gap: 0 8px;
        align-items: start;
        overflow-wrap: anywhere;
        margin: 4px 0 8px;
      }
      .said svg.icon {
        margin-top: 2px;
      }
      .whole {
        white-space: nowrap;
      }
      .told {
        margin-top: 4px;
        min-height: 16px;
      }
      vscode-button {
        height: 28px;
      }
    `,
  ];

  constructor() {
    super();
    this.reason = '';
    this.waits = false;
  }

  /** The form is cleared for another cluster, and after feedback was given: the text belonged to the previous one. */
  override willUpdate(changed: ReadonlyMap<PropertyKey, unknown>): void {
    const before = changed.get('cluster') as ClusterSnapshot | undefined;
    if (before && (before.id !== this.cluster.id || before.feedback?.atMs !== this.cluster.feedback?.atMs)) {
      this.chosen = undefined;
      this.reason = '';
      this.waits = false;
    }
    if (changed.has('problem') && this.problem) this.waits = false;
  }

  override render() {
    const { letter, feedback } = this.cluster,
      { refused } = this.feedback;
    const closed = this.readOnly ? (feedback ? '' : t('No feedback.')) : refused;
    return html`<div class="sub">
        <span class="strong">${letter ? t('Is log event {0} a risk?', letter) : t('Is this log event a risk?')}</span
        ><span class="dim">${t('saved in {0}', feedbackFile)}</span>
      </div>
      ${feedback ? this.renderSaid(feedback) : ''}
      ${closed === undefined ? this.renderChoice() : html`<p class="dim">${closed}</p>`}`;
  }

  private renderSaid({ mark, reason, by, atMs }: NonNullable<ClusterSnapshot['feedback']>): TemplateResult {
    return html`<div class="said">
      ${icon('person')}
      <div>
        <span class="strong">${markName(mark)}</span>: ${reason}
        <span class="dim">${t('by {0}', by)}, <span class="whole">${formatMoment(atMs)}</span></span>
      </div>
      ${
        this.readOnly || this.feedback.refused
          ? ''
          : html`<vscode-button appearance="secondary" ?disabled=${this.waits} @click=${this.undo}
              >${t('Undo')}</vscode-button
            >`
      }
    </div>`;
  }

  private renderChoice(): TemplateResult {
    const { chosen, problem } = this,
      isReady = chosen !== undefined && this.reason.trim() !== '' && !this.waits;
    const told =
      problem ??
      (chosen
        ? `${feedbackPreview(this.cluster, chosen, this.ended)} ${t('It can be undone.')}`
        : t('A choice shows what it would change before you save it.'));
    return html`<div class="judge" role="group" aria-label=${t('Feedback')}>
        ${feedbackMarks.map(
          mark =>
            html`<button
              class="choice"
              aria-pressed=${String(mark === chosen)}
              @click=${() => {
                this.chosen = mark === chosen ? undefined : mark;
              }}
            >
              ${markName(mark)}
            </button>`,
        )}
      </div>
      <div class="row">
        <input
          aria-label=${t('Reason')}
          placeholder=${t('Reason (required)')}
          maxlength=${longestReason}
          .value=${this.reason}
          ?disabled=${chosen === undefined}
          @input=${this.type}
          @keydown=${this.press}
        />
        <vscode-button appearance="primary" ?disabled=${!isReady} @click=${this.save}>${t('Save')}</vscode-button>
      </div>
      <p class="told small dim" role="status">${told}</p>`;
  }

  private readonly type = ({ target }: InputEvent): void => {
    this.reason = (target as HTMLInputElement).value;
  };
  private readonly press = ({ key }: KeyboardEvent): void => {
    if (key === 'Enter') this.save();
  };
  private readonly save = (): void => {
    if (this.chosen === undefined || this.reason.trim() === '' || this.waits) return;
    this.waits = true;
    this.dispatchEvent(
      new CustomEvent<Judgement>('judge', {
        detail: { cluster: this.cluster.id, mark: this.chosen, reason: this.reason.trim() },
        bubbles: true,
        composed: true,
      }),
    );
  };
  private readonly undo = (): void => {
    this.waits = true;
    this.dispatchEvent(new CustomEvent<string>('unjudge', { detail: this.cluster.id, bubbles: true, composed: true }));
  };
}

customElements.define('backstop-feedback', ClusterFeedback);
