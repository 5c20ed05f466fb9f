// Samples of a cluster, one at a time, with full stack traces; log text is only ever shown as text.
import { css, html, LitElement, type TemplateResult } from 'lit';
import type { ClusterSnapshot } from '../../src/protocol/snapshot/clusterSnapshot.ts';
import { t } from '../../src/protocol/words/translate.ts';
import '../copyButton.ts';
import { icon } from '../icons.ts';
import { frameOf, type StackFrame } from '../../src/protocol/words/stackFrames.ts';
import { baseStyles } from '../styles.ts';
import { partedText } from './templateText.ts';

const mostFiles = 100;

export class ClusterSamples extends LitElement {
  static override properties = {
    samples: { attribute: false },
    sources: { attribute: false },
    of: {},
    at: { state: true },
  };
  declare samples: ClusterSnapshot['samples'];
  /** Files that the workspace has: frames of stack traces link to them. */
  declare sources: ReadonlySet<string>;
  /** The cluster of the samples. */
  declare of: string;
  declare at: number;
  static override styles = [
    baseStyles,
    css`
      .sub {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 0 8px;
        min-height: 24px;
        margin: 0 0 4px;
      }
      .code {
        background: var(--vscode-textCodeBlock-background);
        border: 1px solid var(--vscode-contrastBorder, var(--vscode-panel-border));
        border-radius: 2px;
        padding: 7px 12px;
        max-height: 480px;
        overflow-y: auto;
        margin-bottom: 12px;
      }
      .code span {
        display: block;
        white-space: pre-wrap;
        overflow-wrap: anywhere;
        padding-left: 4ch;
        text-indent: -4ch;
        min-height: 20px;
      }
      .code button {
        text-indent: 0;
        overflow-wrap: anywhere;
      }
    `,
  ];

  constructor() {
    super();
    this.at = 0;
  }

  override willUpdate(changed: ReadonlyMap<PropertyKey, unknown>): void {
    if (changed.has('of')) this.at = 0;
  }

  override render() {
    const { samples } = this,
      sample = samples[Math.min(this.at, samples.length - 1)];
    if (!sample) return '';
    const turn = (by: number, label: string, name: 'left' | 'right'): TemplateResult =>
      html`<button
        class="tool"
        aria-label=${label}
        title=${label}
        ?disabled=${samples.length < 2}
        @click=${() => {
          this.at = (this.at + by + samples.length) % samples.length;
        }}
      >
        ${icon(name)}
      </button>`;
    return html`<div class="sub">
        <span class="strong">${t('Sample')}</span
        ><span class="dim">${sampleOf(Math.min(this.at, samples.length - 1) + 1, samples.length, sample.from)}</span
        ><span class="grow"></span>
        ${turn(-1, t('Previous sample'), 'left')}${turn(1, t('Next sample'), 'right')}<backstop-copy
          label=${t('Copy sample')}
          .text=${() => sample.text}
        ></backstop-copy>
      </div>
      <pre class="code" tabindex="0" role="region" aria-label=${t('Sample')}>
${sample.text.split('\n').map(line => html`<span>${this.renderLine(line)}</span>`)}</pre>`;
  }

  /** Asks which of the files that the samples name can be opened. */
  override updated(changed: ReadonlyMap<PropertyKey, unknown>): void {
    if (!changed.has('of')) return;
    const files = this.samples.flatMap(({ text }) => text.split('\n').flatMap(line => frameOf(line)?.file ?? []));
    if (files.length > 0) this.tell<readonly string[]>('find-sources', [...new Set(files)].slice(0, mostFiles));
  }

  private renderLine(text: string): unknown {
    const frame = frameOf(text);
    return frame && this.sources.has(frame.file)
      ? html`${partedText(text.slice(0, frame.from))}<button
            class="link"
            title=${t('Open Source')}
            .textContent=${text.slice(frame.from, frame.to)}
            @click=${() => this.tell<StackFrame>('open-source', frame)}
          ></button
          >${partedText(text.slice(frame.to))}`
      : partedText(text);
  }

  private tell<T>(what: 'find-sources' | 'open-source', detail: T): void {
    this.dispatchEvent(new CustomEvent<T>(what, { detail, bubbles: true, composed: true }));
  }
}

function sampleOf(number: number, of: number, from: 'canary' | 'baseline'): string {
  return from === 'canary'
    ? t('{0} of {1}, from the canary', number, of)
    : t('{0} of {1}, from the baseline', number, of);
}

customElements.define('backstop-samples', ClusterSamples);
