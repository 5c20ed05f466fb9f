// The checks, failed ones first: the finding, the data, the margin, the queries, and the evidence beside it.
import { css, html, LitElement, type TemplateResult } from 'lit';
import { formatCount, formatList } from '../../src/protocol/words/format.ts';
import type { CheckSnapshot } from '../../src/protocol/snapshot/snapshotChecks.ts';
import type { FeedbackSnapshot } from '../../src/protocol/snapshot/snapshot.ts';
import { t } from '../../src/protocol/words/translate.ts';
import { groupChecks, type CheckGroup } from './checkGroups.ts';
import { confidenceMeter, meterStyles } from './confidenceMeter.ts';
import { evidenceLine, evidenceStyles } from './evidenceLine.ts';
import { icon } from '../icons.ts';
import { markStyles } from '../marks.ts';
import { baseStyles } from '../styles.ts';
import { queryList, queryStyles } from './queryList.ts';
import { figuresText, sentence } from '../clusters/templateText.ts';

const outcomeLooks = { fail: ['fail', 'bad'], inconclusive: ['unsure', 'warn'], pass: ['pass', 'good'] } as const;

export class CheckList extends LitElement {
  static override properties = { checks: { attribute: false }, feedback: { attribute: false } };
  declare checks: readonly CheckSnapshot[];
  declare feedback: FeedbackSnapshot;
  static override styles = [
    baseStyles,
    evidenceStyles,
    markStyles,
    meterStyles,
    queryStyles,
    css`
      .check {
        display: grid;
        grid-template-columns: 16px minmax(0, 1fr) 220px;
        gap: 0 12px;
        padding: 0 0 12px;
      }
      .check + .check {
        border-top: 1px solid var(--vscode-panel-border, var(--vscode-contrastBorder));
        padding-top: 12px;
      }
      :host-context(.vscode-high-contrast) .check + .check {
        border-color: color-mix(in srgb, var(--vscode-foreground) 32%, transparent);
      }
      .check > svg.icon {
        margin-top: 2px;
      }
      .since {
        margin-bottom: 8px;
      }
      .check p {
        overflow-wrap: anywhere;
        text-wrap: pretty;
      }
      dl {
        display: grid;
        grid-template-columns: 72px minmax(0, 1fr);
        gap: 0 12px;
        margin-top: 4px;
      }
      dd {
        min-width: 0;
        overflow-wrap: anywhere;
      }
      @media (max-width: 720px) {
        .check {
          grid-template-columns: 16px minmax(0, 1fr) 200px;
        }
        figure {
          display: none;
        }
      }
      @media (max-width: 600px) {
        .check {
          grid-template-columns: 16px minmax(0, 1fr);
        }
        .evidence {
          grid-column: 2;
          margin-top: 8px;
        }
      }
    `,
  ];

  override render() {
    const { wouldBe, problem } = this.feedback;
    return html`<section aria-label=${t('Checks')}>
      <div class="head">
        <h2>${t('Checks')}</h2>
        <span class="dim">${summaryOf(this.checks)}</span>
      </div>
      ${[wouldBe, problem].map(text => (text ? html`<p class="dim since" role="status">${sentence(text)}</p>` : ''))}
      <ul>
        ${groupChecks(this.checks).map(renderGroup)}
      </ul>
    </section>`;
  }
}

function summaryOf(checks: readonly CheckSnapshot[]): string {
  const count = (outcome: CheckSnapshot['outcome']): number =>
    checks.filter(check => check.outcome === outcome && !check.running).length;
  const running = checks.filter(check => check.running).length;
  const failed = count('fail'),
    undecided = count('inconclusive'),
    passed = count('pass');
  return [
    ...(running ? [t('{0} running', running)] : []),
    ...(failed ? [t('{0} failed', failed)] : []),
    ...(undecided ? [t('{0} undecided', undecided)] : []),
    ...(passed ? [t('{0} passed', passed)] : []),
  ].join(', ');
}

function renderGroup({ first, others, nearest }: CheckGroup): TemplateResult {
  const { name, source, outcome, running, sentence: found, needed } = first,
    [picture, tone] = outcomeLooks[outcome];
  const several = others.length > 0,
    all = [first, ...others];
  const whatIf = several ? whatIfOfAll(all) : first.whatIf;
  return html`<li class="check">
    ${running && outcome !== 'fail' && !first.silent ? icon('running', 'live') : icon(picture, tone)}
    <div>
      <span class="strong">${several ? source : name}</span>
      <span class="dim">${several ? formatCount(all.length, 'metric') : source === name ? '' : source}</span>
      <p>${running ? t('So far: {0}', figuresText(found)) : foundSentence(outcome, figuresText(found))}</p>
      <dl>
        ${row(t('Data'), several ? others.map(check => `${check.name}: ${check.data}`).join('; ') : first.data)}
        ${againstOf(all).map(text => row(t('Against'), text))} ${needed ? row(t('Needs'), needed) : ''}
        ${whatIf.length ? row(t('What if'), several ? whatIf.join('; ') : sentence(whatIf.join('; '))) : ''}
        ${running || first.queries.entries.length ? row(t('Queries'), queryList(first.queries)) : ''}
      </dl>
    </div>
    <div class="evidence">
      ${confidenceMeter(nearest, several ? nearest.name : '')} ${evidenceLine(nearest, several ? nearest.name : '')}
    </div>
  </li>`;
}

function foundSentence(outcome: CheckSnapshot['outcome'], found: string): string {
  return {
    pass: t('Passed: {0}', found),
    fail: t('Failed: {0}', found),
    inconclusive: t('Inconclusive: {0}', found),
  }[outcome];
}

/** What the canaries were compared with; once if it is the same for all. */
function againstOf(checks: readonly CheckSnapshot[]): readonly string[] {
  return [...new Set(checks.flatMap(({ against }) => (against === undefined ? [] : [sentence(against)])))];
}

/** A margin that several metrics share is shown once, with all their names. */
function whatIfOfAll(checks: readonly CheckSnapshot[]): readonly string[] {
  const names = new Map<string, string[]>();
  for (const { name, whatIf } of checks) for (const text of whatIf) names.set(text, [...(names.get(text) ?? []), name]);
  return [...names].map(([text, of]) => t('{0} {1}', formatList(of), text));
}

function row(name: string, value: TemplateResult | string): TemplateResult {
  return html`<dt class="dim">${name}</dt>
    <dd>${typeof value === 'string' ? figuresText(value) : value}</dd>`;
}

customElements.define('backstop-checks', CheckList);
