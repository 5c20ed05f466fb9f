// What changes with the new release: keys or lines of its configuration files and its variables, old to new.
import { css, html, LitElement, type TemplateResult } from 'lit';
import type { CommitsSnapshot } from '../../src/protocol/snapshot/approval/snapshotCommits.ts';
import type { SettingChange } from '../../src/protocol/snapshot/configurationChange.ts';
import type {
  ComparisonSnapshot,
  FileSnapshot,
  ReleaseSnapshot,
} from '../../src/protocol/snapshot/snapshotComparison.ts';
import { formatCount } from '../../src/protocol/words/format.ts';
import { t } from '../../src/protocol/words/translate.ts';
import { act } from '../actions.ts';
import { baseStyles } from '../styles.ts';

export class ReleaseComparison extends LitElement {
  static override properties = {
    comparison: { attribute: false },
    build: { attribute: false },
    commits: { attribute: false },
    readOnly: { attribute: false },
  };
  declare comparison: ComparisonSnapshot;
  /** Where the new version was built, if that is known. */
  declare build: { readonly name: string; readonly url: string } | undefined;
  /** Between the two builds, if they are known. */
  declare commits: CommitsSnapshot | undefined;
  declare readOnly: boolean;
  static override styles = [
    baseStyles,
    css`
      th:first-child {
        width: 40%;
      }
      th {
        white-space: normal;
        overflow-wrap: anywhere;
      }
      td {
        overflow-wrap: anywhere;
      }
      table + table {
        margin-top: 12px;
      }
      p {
        padding: 4px 4px 0;
        overflow-wrap: anywhere;
      }
      h3 {
        padding: 12px 4px 0;
        font-size: inherit;
      }
      ul {
        margin: 0;
        padding: 4px 4px 0;
        list-style: none;
      }
      li {
        display: flex;
        flex-wrap: wrap;
        gap: 0 12px;
        padding: 2px 0;
        overflow-wrap: anywhere;
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
      versions = [from.version, to.version] as const;
    return html`<section aria-label=${t('What changes')}>
      <div class="head">
        <h2 tabindex="-1">${t('What changes')}</h2>
        <span class="dim grow">${from.version} → ${to.version}</span>
        ${
          this.readOnly
            ? ''
            : html`<button class="link" @click=${() => act(this, 'view-diff')}>${t('View Diff')}</button>`
        }
      </div>
      ${files.map(file => renderFile(file, versions))}
      ${variables.length ? renderTable(t('Variable'), variables, versions) : ''}
      ${files.length + variables.length ? '' : html`<p>${t('The configuration is the same.')}</p>`}
      ${hidden ? html`<p class="small dim">${t('{0} not shown', formatCount(hidden, 'more difference'))}</p>` : ''}
      <p class="small dim">${t('Release {0}, before: {1}', release(to), release(from))}</p>
      ${this.build ? renderBuild(this.build) : ''} ${this.commits ? renderCommits(this.commits) : ''}
    </section>`;
  }
}

type Versions = readonly [from: string, to: string];

function renderFile({ name, change, settings, sameKeys }: FileSnapshot, versions: Versions): TemplateResult {
  if (!settings?.length) return html`<p><span class="mono">${name}</span> ${changeWord(change)}</p>`;
  return html`${renderTable(change === 'changed' ? name : `${name}, ${changeWord(change)}`, settings, versions)}
  ${sameKeys ? html`<p class="small dim">${formatCount(sameKeys, 'unchanged key')}</p>` : ''}`;
}

function renderTable(name: string, settings: readonly SettingChange[], [from, to]: Versions): TemplateResult {
  return html`<table>
    <thead>
      <tr>
        <th>${name}</th>
        <th>${from}</th>
        <th>${to}</th>
      </tr>
    </thead>
    <tbody>
      ${settings.map(renderSetting)}
    </tbody>
  </table>`;
}

function renderSetting({ name, from, to }: SettingChange): TemplateResult {
  const [start, end] = from === undefined || to === undefined ? [0, 0] : sameEnds(from, to);
  const part = (text: string | undefined, mark: (differing: string) => TemplateResult): TemplateResult =>
    text === undefined
      ? html`<td><span class="dim">${t('not set')}</span></td>`
      : html`<td class="mono">
          ${text.slice(0, start)}${mark(text.slice(start, text.length - end))}${text.slice(text.length - end)}
        </td>`;
  return html`<tr>
    <td class="mono">${name}</td>
    ${part(from, text => (text ? html`<del>${text}</del>` : html``))}
    ${part(to, text => (text ? html`<ins>${text}</ins>` : html``))}
  </tr>`;
}

/** How many characters two values share at their start and at their end. */
function sameEnds(one: string, other: string): readonly [start: number, end: number] {
  const most = Math.min(one.length, other.length);
  let start = 0,
    end = 0;
  while (start < most && one[start] === other[start]) start += 1;
  while (end < most - start && one.at(-1 - end) === other.at(-1 - end)) end += 1;
  return [start, end];
}

function renderBuild({ name, url }: { readonly name: string; readonly url: string }): TemplateResult {
  return html`<p>${t('Build')} ${/^https?:\/\//i.test(url) ? html`<a class="link" href=${url}>${name}</a>` : name}</p>`;
}

function renderCommits({ shown, more }: CommitsSnapshot): TemplateResult {
  return html`<h3 class="strong">${t('Commits')}</h3>
    <ul>
      ${shown.map(
        ({ id, subject, author }) =>
          html`<li><span class="mono dim">${id}</span><span>${subject}</span><span class="dim">${author}</span></li>`,
      )}
    </ul>
    ${more ? html`<p class="small dim">${more}</p>` : ''}`;
}

function changeWord(change: FileSnapshot['change']): string {
  return { added: t('added'), removed: t('removed'), changed: t('changed') }[change];
}

function release({ release: id, configuration }: ReleaseSnapshot): string {
  return `${id}, ${t('configuration {0}', configuration)}`;
}

customElements.define('backstop-comparison', ReleaseComparison);
