// The head of the panel: the verdict, its reason, whether anyone must act, and the actions.
import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import type { HeaderSnapshot, SnapshotAction } from '../../src/protocol/snapshot/snapshotHeader.ts';
import { act, lookOf } from '../actions.ts';
import { icon, type IconName } from '../icons.ts';
import { baseStyles } from '../styles.ts';

const icons = { bad: 'fail', good: 'pass', warn: 'unsure', live: 'running', neutral: 'skipped' } satisfies Record<
  HeaderSnapshot['tone'],
  IconName
>;

/** A question that was put aside is free again after this time. */
const longestWaitMs = 5_000;

export class VerdictHeader extends LitElement {
  static override properties = {
    header: { attribute: false },
    readOnly: { type: Boolean },
    compares: { type: Boolean },
    pending: { state: true },
  };
  declare header: HeaderSnapshot;
  declare readOnly: boolean;
  /** The comparison of the releases is shown below. */
  declare compares: boolean;
  /** The action that was asked for and has not been answered yet. */
  declare pending: SnapshotAction | undefined;
  private free: ReturnType<typeof setTimeout> | undefined;
  static override styles = [
    baseStyles,
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
      .actions {
        display: flex;
        flex-wrap: wrap;
        gap: 8px;
        align-items: center;
        align-self: start;
        padding-top: 2px;
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
      }
      @media (max-width: 720px) {
        .actions {
          padding-left: 0;
        }
        h1 {
          font-size: 18px;
          line-height: 24px;
          padding-top: 4px;
        }
      }
    `,
  ];

  override connectedCallback(): void {
    super.connectedCallback();
    window.addEventListener('focus', this.release);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    window.removeEventListener('focus', this.release);
    this.release();
  }

  /** The run has answered when its verdict or its actions are others. */
  override willUpdate(changed: ReadonlyMap<PropertyKey, unknown>): void {
    const before = changed.get('header') as HeaderSnapshot | undefined;
    if (before && (before.verdict !== this.header.verdict || before.actions.join() !== this.header.actions.join()))
      this.release();
  }

  override render() {
    const { service, about, tone, verdict, action, detail, waits, actions } = this.header,
      shown = this.readOnly ? actions.filter(one => one === 'compare-releases') : actions;
    return html`<header>
      <div class="crumb"><span class="strong">${service}</span><span class="dim">${about}</span></div>
      <div class="verdict" role="status">
        ${icon(waits === 'approval' ? 'person' : icons[tone], tone)}
        <h1>${verdict}</h1>
        <p class=${waits ? '' : 'dim'}>${action}</p>
        ${detail ? html`<p class="dim">${detail}</p>` : ''}
      </div>
      <div class="actions">
        ${shown.map((one, index) => this.button(one, index === 0))}
        ${this.readOnly ? '' : (['show-logs', 'show-evidence', 'copy-link', 'copy-summary'] as const).map(one => this.tool(one))}
      </div>
    </header>`;
  }

  private button(action: SnapshotAction, primary: boolean): TemplateResult {
    const { label, picture } = lookOf(action),
      isAnswer = action !== 'compare-releases',
      shown = this.pending === action ? 'running' : picture;
    return html`<vscode-button
      appearance=${primary ? 'primary' : 'secondary'}
      aria-expanded=${action === 'compare-releases' ? String(this.compares) : nothing}
      aria-disabled=${isAnswer && this.pending ? 'true' : nothing}
      aria-busy=${this.pending === action ? 'true' : nothing}
      @click=${() => this.press(action, isAnswer)}
      >${shown ? html`<span slot="start">${icon(shown, 'plain')}</span>` : ''}${label}</vscode-button
    >`;
  }

  /** What changes the run is asked for once: no answer counts until the run, or the person's return, frees it. */
  private press(action: SnapshotAction, isAnswer: boolean): void {
    if (!isAnswer) return act(this, action);
    if (this.pending) return;
    this.pending = action;
    this.free = setTimeout(this.release, longestWaitMs);
    act(this, action);
  }

  private readonly release = (): void => {
    clearTimeout(this.free);
    this.pending = undefined;
  };

  private tool(action: SnapshotAction): TemplateResult {
    const { label, picture } = lookOf(action);
    return html`<button class="tool" title=${label} aria-label=${label} @click=${() => act(this, action)}>
      ${picture ? icon(picture) : label}
    </button>`;
  }
}

customElements.define('backstop-verdict', VerdictHeader);
