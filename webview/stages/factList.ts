// The facts behind the verdict: six at most in a row, three by two, or two by three.
import { css, html, LitElement, type TemplateResult } from 'lit';
import type { FactSnapshot } from '../../src/protocol/snapshot/snapshotHeader.ts';
import { bar, barStyles } from '../bar.ts';
import { partedText } from '../clusters/templateText.ts';
import { baseStyles } from '../styles.ts';

export class FactList extends LitElement {
  static override properties = { facts: { attribute: false } };
  declare facts: readonly FactSnapshot[];
  static override styles = [
    baseStyles,
    barStyles,
    css`
      dl {
        display: grid;
        grid-template-columns: repeat(auto-fit, minmax(152px, 1fr));
        gap: 12px 24px;
        padding: 0 0 16px 36px;
      }
      dd {
        font-weight: 600;
        overflow-wrap: anywhere;
      }
      /* A name that does not fit beside the value begins on a line of its own. */
      dd .dim {
        display: inline-block;
        max-width: 100%;
        font-weight: 400;
      }
      .bar {
        display: block;
        max-width: 176px;
        margin-top: 4px;
      }
      @media (max-width: 1120px) {
        dl {
          grid-template-columns: repeat(auto-fit, minmax(124px, 1fr));
        }
      }
      @media (max-width: 940px) {
        dl {
          grid-template-columns: repeat(3, minmax(0, 1fr));
        }
        dl.four {
          grid-template-columns: repeat(4, minmax(0, 1fr));
        }
      }
      @media (max-width: 720px) {
        dl {
          padding-left: 0;
        }
      }
      @media (max-width: 640px) {
        dl,
        dl.four {
          grid-template-columns: repeat(2, minmax(0, 1fr));
        }
      }
    `,
  ];

  override render() {
    return html`<dl class=${this.facts.length === 4 ? 'four' : ''}>${this.facts.map(renderFact)}</dl>`;
  }
}

function renderFact({ name, value, more, meter }: FactSnapshot): TemplateResult {
  return html`<div>
    <dt class="dim small">${name}</dt>
    <dd>
      ${value}${more ? html` <span class="dim">${partedText(more)}</span>` : ''}
      ${meter === undefined ? '' : bar(meter.share, meter.isOver ? 'bad' : 'live')}
    </dd>
  </div>`;
}

customElements.define('backstop-facts', FactList);
