// What distinguishes the new release from the one it replaces: artifact, configuration files and variables, old to new.
import { css, html, LitElement, type TemplateResult } from 'lit';
import { formatCount } from '../../src/protocol/words/format.ts';
import type { ComparisonSnapshot, ReleaseSnapshot } from '../../src/protocol/snapshot/snapshotComparison.ts';
import { t } from '../../src/protocol/words/translate.ts';
import { act } from '../actions.ts';
import { icon } from '../icons.ts';
import { baseStyles } from '../styles.ts';

export class ReleaseComparison extends LitElement {
  static override properties = { comparison: { attribute: false }, readOnly: { attribute: false } };
  declare comparison: ComparisonSnapshot;
  declare readOnly: boolean;
  static override styles = [
    baseStyles,
    css`
      th.name {
        width: 32%;
      }
      td {
        overflow-wrap: anywhere;
      }
      .wide {
        grid-column: 1 / -1;
      }
      ins {
        text-decoration: underline;
        background: var(--vscode-diffEditor-insertedTextBackground, transparent);
      }
      del {
        text-decoration: line-through;
        background: var(--vscode-diffEditor-removedTextBackground, transparent);
      }
    `,
  ];

  override render() {
    const { from, to, files, variables, hidden } = this.comparison,
      count = files.length + variables.length + hidden;
    return html`<section aria-label=${t('What is new in this release')}>
      <div class="head">
        ${icon('compare')}
        <h2 tabindex="-1">${t('What is new in this release')}</h2>
        <span class="dim grow"
          >${count ? formatCount(count, 'differing setting') : t('the configuration is the same')}</span
        >
        ${
          this.readOnly
            ? ''
            : html`<button
                class="tool"
                aria-label=${t('Compare in Editor')}
                title=${t('Compare in Editor')}
                @click=${() => this.compareInEditor()}
              >
                ${icon('open')}
              </button>`
        }
      </div>
      <table>
        <thead>
          <tr>
            <th class="name">${t('Part')}</th>
            <th>${t('Before')}</th>
            <th>${t('Now')}</th>
          </tr>
        </thead>
        <tbody>
          ${row(t('Artifact'), from.version, to.version)}${row(t('Release'), release(from), release(to))}
          ${files.map(
            ({ name, change }) =>
              html`<tr>
                <td class="mono">${name}</td>
                <td>${change === 'added' ? '' : t('present')}</td>
                <td>${changeWord(change)}</td>
              </tr>`,
          )}
          ${variables.map(
            ({ name, from: before, to: now }) =>
              html`<tr>
                <td class="mono">${name}</td>
                <td class="mono">
                  ${before === undefined ? html`<span class="dim">${t('not set')}</span>` : html`<del>${before}</del>`}
                </td>
                <td class="mono">
                  ${now === undefined ? html`<span class="dim">${t('not set')}</span>` : html`<ins>${now}</ins>`}
                </td>
              </tr>`,
          )}
        </tbody>
      </table>
      ${hidden ? html`<p class="small dim">${t('{0} not shown', formatCount(hidden, 'more difference'))}</p>` : ''}
    </section>`;
  }

  private compareInEditor(): void {
    act(this, 'compare-releases');
  }
}

function row(name: string, before: string, now: string): TemplateResult {
  return html`<tr>
    <td>${name}</td>
    <td>${before}</td>
    <td class=${before === now ? '' : 'strong'}>${now}</td>
  </tr>`;
}

function changeWord(change: ComparisonSnapshot['files'][number]['change']): string {
  return { added: t('added'), removed: t('removed'), changed: t('changed') }[change];
}

function release({ release: id, configuration }: ReleaseSnapshot): string {
  return `${id}, ${t('configuration {0}', configuration)}`;
}

customElements.define('backstop-comparison', ReleaseComparison);
