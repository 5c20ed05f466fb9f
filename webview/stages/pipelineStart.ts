// A pipeline that has never run: its stages as they would run, one sentence, one button.
import { css, html, LitElement } from 'lit';
import type { PipelineSnapshot } from '../../src/protocol/snapshot/snapshotPipeline.ts';
import { t } from '../../src/protocol/words/translate.ts';
import { act, lookOf } from '../actions.ts';
import { icon } from '../icons.ts';
import './stageTrack.ts';
import { baseStyles } from '../styles.ts';

export class PipelineStart extends LitElement {
  static override properties = { pipeline: { attribute: false } };
  declare pipeline: PipelineSnapshot;
  static override styles = [
    baseStyles,
    css`
      header {
        padding-bottom: 12px;
      }
      .empty {
        padding: 32px 0 40px;
        max-width: 560px;
      }
      h1 {
        font-size: 20px;
        line-height: 32px;
        font-weight: 600;
      }
      .empty p {
        margin: 4px 0 16px;
        overflow-wrap: anywhere;
      }
      vscode-button {
        height: 28px;
      }
    `,
  ];

  override render() {
    const { service, name, file, groups } = this.pipeline;
    return html`<header>
        <span class="strong">${service}</span>${name === service ? '' : html` <span class="dim">${name}</span>`}
      </header>
      <backstop-stages .groups=${groups}></backstop-stages>
      <section aria-label=${t('No run yet')}>
        <div class="empty">
          <h1>${t('No run yet')}</h1>
          <p>
            ${t('Start one to follow its stages, the canary’s nodes and the evidence behind every verdict.')}
            ${t('The stages above are those of this file:')}
            <button class="link" @click=${() => act(this, 'open-pipeline')}>${file}</button>
          </p>
          <vscode-button appearance="primary" @click=${() => act(this, 'run')}
            ><span slot="start">${icon('play', 'plain')}</span>${lookOf('run').label}</vscode-button
          >
        </div>
      </section>`;
  }
}

customElements.define('backstop-pipeline', PipelineStart);
