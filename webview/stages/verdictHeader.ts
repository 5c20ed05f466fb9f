// The head of the panel: the verdict, its reason, whether anyone must act, and the actions.
import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import type { SnapshotAction } from '../../src/protocol/panelActions.ts';
import type { HeaderSnapshot } from '../../src/protocol/snapshot/snapshotHeader.ts';
import { longestReason } from '../../src/protocol/runPanel.ts';
import type { ApprovalSnapshot } from '../../src/protocol/snapshot/approval/snapshotApproval.ts';
import type { NeighboursSnapshot } from '../../src/protocol/snapshot/snapshotNeighbours.ts';
import { t } from '../../src/protocol/words/translate.ts';
import { announcementKey, announcementOf } from './announcement.ts';
import { act, lookOf } from '../actions.ts';
import { bar, barStyles } from '../bar.ts';
import { icon, type IconName } from '../icons.ts';
import { baseStyles } from '../styles.ts';

const icons = { bad: 'fail', good: 'pass', warn: 'unsure', live: 'running', neutral: 'skipped' } satisfies Record<
  HeaderSnapshot['tone'],
  IconName
>;

/** The answer to an approval, with its comment. */
export interface GivenAnswer {
  readonly answer: 'approve' | 'reject';
  readonly question: string;
  readonly comment: string;
}

const tools = ['show-logs', 'show-evidence', 'copy-link', 'copy-summary'] as const;

export class VerdictHeader extends LitElement {
  static override properties = {
    header: { attribute: false },
    readOnly: { type: Boolean },
    compares: { type: Boolean },
    approval: { attribute: false },
    neighbours: { attribute: false },
    settled: { attribute: false },
    pending: { state: true },
    missing: { state: true },
  };
  declare header: HeaderSnapshot;
  declare readOnly: boolean;
  /** The comparison of the releases is shown below. */
  declare compares: boolean;
  /** The open approval, which is answered here. */
  declare approval: Pick<ApprovalSnapshot, 'question' | 'commentRequired' | 'asksInputs'> | null;
  declare neighbours: NeighboursSnapshot;
  /** Another value: the host has finished what was asked for last. */
  declare settled: number;
  /** The action that was asked for and has not been answered yet. */
  declare pending: SnapshotAction | undefined;
  /** A comment is required and was not given. */
  declare missing: boolean;
  private announced = '';
  static override styles = [
    baseStyles,
    barStyles,
    css`
      header {
        display: grid;
        grid-template-columns: minmax(0, 1fr) auto;
        gap: 4px 24px;
        padding-bottom: 16px;
      }
      .crumb {
        grid-column: 1 / -1;
        display: flex;
        flex-wrap: wrap;
        gap: 0 8px;
        overflow-wrap: anywhere;
      }
      .runs {
        display: flex;
        margin: -2px 0;
      }
      .verdict {
        display: grid;
        grid-template-columns: 24px minmax(0, 1fr);
        gap: 4px 12px;
        align-content: start;
      }
      .verdict > svg.icon {
        width: 24px;
        height: 24px;
        margin-top: 4px;
        stroke-width: 1;
      }
      h1 {
        font-size: 20px;
        line-height: 32px;
        font-weight: 600;
        text-wrap: pretty;
        overflow-wrap: anywhere;
      }
      .verdict p {
        grid-column: 2;
        overflow-wrap: anywhere;
      }
      .bar {
        width: 96px;
        margin-left: 8px;
        vertical-align: middle;
      }
      .actions {
        display: flex;
        flex-wrap: wrap;
        gap: 8px;
        align-items: center;
        align-self: start;
        padding-top: 2px;
      }
      .tools {
        display: flex;
        gap: 8px;
      }
      .asks {
        width: 440px;
      }
      .asks input,
      .asks p {
        width: 100%;
      }
      vscode-button {
        height: 28px;
      }
      vscode-button[aria-disabled] {
        opacity: 0.6;
        cursor: default;
      }
      @media (max-width: 1120px) {
        header {
          grid-template-columns: minmax(0, 1fr);
        }
        .actions {
          padding: 4px 0 0 36px;
        }
        .asks {
          width: auto;
        }
      }
      @media (max-width: 720px) {
        .actions {
          gap: 4px;
          padding-left: 0;
        }
        .tools {
          gap: 0;
        }
        h1 {
          font-size: 18px;
          line-height: 24px;
          padding-top: 4px;
        }
      }
    `,
  ];

  /** The run has answered when its verdict or its actions are others. */
  override willUpdate(changed: ReadonlyMap<PropertyKey, unknown>): void {
    const before = changed.get('header') as HeaderSnapshot | undefined,
      isOther =
        before && (before.verdict !== this.header.verdict || before.actions.join() !== this.header.actions.join());
    if (isOther || changed.has('settled')) this.pending = undefined;
    if (changed.has('header') && (!before || announcementKey(before) !== announcementKey(this.header)))
      this.announced = announcementOf(this.header);
  }

  override render() {
    const { service, about, tone, verdict, action, detail, waits, actions, leftShare } = this.header,
      shown = this.readOnly ? actions.filter(one => one === 'compare-releases') : actions,
      asks = this.approval !== null && !this.readOnly;
    // The first sentence says whether anyone must act.
    const [lead, ...rest] = action.split(/(?<=\.) /),
      isAlone = waits !== undefined && rest.length === 0;
    return html`<header>
      <div class="crumb">
        <span class="strong">${service}</span
        ><span class="dim grow">${about}</span>${this.readOnly ? '' : this.renderNeighbours()}
      </div>
      <p class="out" role="status">${this.announced}</p>
      <div class="verdict">
        ${icon(waits === 'approval' ? 'person' : waits === 'held' ? 'pause' : icons[tone], tone)}
        <h1>${verdict}</h1>
        <p class=${waits ? '' : 'dim'}>
          ${waits ? html`<span class="strong">${lead}</span> ${rest.join(' ')}` : action}${
            leftShare === undefined ? '' : bar(leftShare, 'warn')
          }
          ${isAlone ? html`<span class="dim">${detail}</span>` : ''}
        </p>
        ${detail && !isAlone ? html`<p class="dim">${detail}</p>` : ''}
      </div>
      <div class="actions ${asks ? 'asks' : ''}">
        ${asks ? this.comment() : ''}
        ${shown.map((one, index) => this.button(one, index === 0 && !this.neighbours.superseded))}
        ${this.readOnly ? '' : html`<span class="tools">${tools.map(one => this.tool(one, ''))}</span>`}
      </div>
    </header>`;
  }

  private button(action: SnapshotAction, primary: boolean): TemplateResult {
    const { label, busy, picture } = lookOf(action),
      isAnswer = action !== 'compare-releases' && action !== 'view-diff',
      shown = this.pending === action ? 'running' : picture;
    return html`<vscode-button
      appearance=${primary ? 'primary' : 'secondary'}
      aria-expanded=${action === 'compare-releases' ? String(this.compares) : nothing}
      aria-disabled=${isAnswer && this.pending ? 'true' : nothing}
      aria-busy=${this.pending === action ? 'true' : nothing}
      @click=${() => this.press(action, isAnswer)}
      >${shown ? html`<span slot="start">${icon(shown, 'plain')}</span>` : ''}${
        this.pending === action ? (busy ?? label) : label
      }</vscode-button
    >`;
  }

  private comment(): TemplateResult {
    const isRequired = this.approval?.commentRequired === true,
      label = isRequired ? t('Comment (required)') : t('Comment (optional, kept with the run)');
    return html`<input
        aria-label=${label}
        placeholder=${label}
        maxlength=${longestReason}
        aria-required=${String(isRequired)}
        aria-invalid=${this.missing ? 'true' : nothing}
        @input=${() => {
          this.missing = false;
        }}
      />${this.missing ? html`<p class="small" role="alert">${t('A comment is required.')}</p>` : ''}`;
  }

  /** What changes the run is asked for once: no other answer counts until the run, or the host, has reacted. */
  private press(action: SnapshotAction, isAnswer: boolean): void {
    if (!isAnswer) return act(this, action);
    if (this.pending) return;
    const { approval } = this;
    if (approval && (action === 'approve' || action === 'reject')) {
      const field = this.renderRoot.querySelector('input'),
        comment = field?.value.trim() ?? '';
      this.missing = approval.commentRequired && comment === '';
      if (this.missing) return field?.focus();
      this.pending = action;
      const detail: GivenAnswer = { answer: action, question: approval.question, comment };
      this.dispatchEvent(new CustomEvent('answer', { detail, bubbles: true, composed: true }));
      return;
    }
    this.pending = action;
    act(this, action);
  }

  private renderNeighbours(): TemplateResult | '' {
    const { previous, next } = this.neighbours;
    return previous || next
      ? html`<span class="runs">${this.tool('open-previous', previous)}${this.tool('open-next', next)}</span>`
      : '';
  }

  /** `about` is what it opens; undefined: nothing. */
  private tool(action: SnapshotAction, about: string | undefined): TemplateResult {
    const { label, picture } = lookOf(action),
      whole = about ? `${label}: ${about}` : label;
    return html`<button
      class="tool"
      ?disabled=${about === undefined}
      title=${whole}
      aria-label=${whole}
      @click=${() => act(this, action)}
    >
      ${picture ? icon(picture) : label}
    </button>`;
  }
}

customElements.define('backstop-verdict', VerdictHeader);
