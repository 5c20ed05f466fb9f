// The pipeline as a track: groups in order, the stages of a group side by side, production with the nodes of each
// phase.
import { css, html, LitElement, type TemplateResult } from 'lit';
import { formatDuration } from '../../src/protocol/words/format.ts';
import type { RunSnapshot } from '../../src/protocol/snapshot/snapshot.ts';
import type { StageSnapshot } from '../../src/protocol/snapshot/snapshotStages.ts';
import { t } from '../../src/protocol/words/translate.ts';
import { stageWord } from '../../src/protocol/words/words.ts';
import { icon, type IconName } from '../icons.ts';
import './phaseNodes.ts';
import { baseStyles } from '../styles.ts';

const looks = {
  pending: ['pending', 'quiet'],
  queued: ['pending', 'warn'],
  running: ['running', 'live'],
  passed: ['pass', 'good'],
  failed: ['fail', 'bad'],
  skipped: ['skipped', 'quiet'],
  'rolled-back': ['back', 'bad'],
  held: ['pause', 'warn'],
  rejected: ['fail', 'bad'],
  cancelled: ['skipped', 'quiet'],
  overtaken: ['skipped', 'warn'],
} satisfies Record<StageSnapshot['status'], readonly [IconName, string]>;

/** On a narrow panel a group of such stages, and an approval, is one step with its names. */
const calm: readonly StageSnapshot['status'][] = ['passed', 'pending', 'skipped'];

export class StageTrack extends LitElement {
  static override properties = { groups: { attribute: false } };
  declare groups: RunSnapshot['groups'];
  static override styles = [
    baseStyles,
    css`
      .track {
        display: flex;
        flex-wrap: wrap;
        gap: 8px 20px;
        padding: 12px 0 20px;
        overflow-x: clip;
        border-top: 1px solid var(--vscode-panel-border, var(--vscode-contrastBorder));
      }
      .group {
        position: relative;
        min-width: 0;
        display: grid;
        grid-template-rows: 20px 1fr;
        gap: 4px;
        flex: 1 1 auto;
      }
      .group.wide {
        flex-grow: 4;
      }
      .group + .group::before {
        content: '';
        position: absolute;
        left: -15px;
        top: 50%;
        width: 6px;
        height: 6px;
        border: solid var(--vscode-descriptionForeground);
        border-width: 1px 1px 0 0;
        transform: rotate(45deg);
        margin-top: 8px;
      }
      .label {
        display: flex;
        justify-content: space-between;
        gap: 12px;
        white-space: nowrap;
        overflow: hidden;
      }
      .cells {
        display: grid;
        grid-auto-flow: column;
        grid-auto-columns: minmax(108px, 1fr);
        border: 1px solid var(--vscode-panel-border, var(--vscode-contrastBorder));
        border-radius: 4px;
      }
      .cells.bad {
        border-color: var(--vscode-charts-red);
      }
      .cells.live {
        border-color: var(--vscode-charts-blue);
      }
      .cells.warn {
        border-color: var(--vscode-charts-yellow);
      }
      .cells.pending {
        border-style: dashed;
        border-color: color-mix(in srgb, var(--vscode-foreground) 32%, transparent);
      }
      .cell {
        padding: 7px 8px;
        min-width: 0;
        display: grid;
        grid-template-columns: 16px minmax(0, 1fr);
        gap: 4px 8px;
        align-content: start;
      }
      .cell > svg.icon {
        margin-top: 2px;
      }
      .cell + .cell {
        border-left: 1px solid var(--vscode-panel-border, var(--vscode-contrastBorder));
      }
      .cells.pending .cell + .cell {
        border-left: 1px dashed color-mix(in srgb, var(--vscode-foreground) 32%, transparent);
      }
      .cells.pending .strong {
        color: var(--vscode-descriptionForeground);
      }
      .body {
        min-width: 0;
        display: flex;
        flex-wrap: wrap;
        gap: 8px 32px;
        justify-content: space-between;
        overflow-wrap: anywhere;
      }
      .times {
        display: flex;
        flex-wrap: wrap;
        column-gap: 8px;
      }
      .note {
        margin-top: 4px;
      }
      @media (max-width: 1380px) {
        .group.wide {
          flex-basis: 100%;
        }
        .group.wide::before {
          display: none;
        }
        .wide .body {
          justify-content: flex-start;
        }
      }
      @media (max-width: 860px) {
        .track {
          gap: 8px 24px;
        }
        .group {
          flex: 1 0 100%;
        }
        .group.calm {
          flex: 0 1 auto;
          grid-template-rows: 1fr;
        }
        .group + .group:not(.calm)::before {
          display: none;
        }
        .calm .label,
        .calm .times,
        .calm .note,
        .calm backstop-nodes {
          display: none;
        }
        .calm.group::before {
          display: block;
          margin-top: -3px;
        }
        .cells {
          grid-auto-columns: minmax(0, 1fr);
        }
        .calm .cells {
          display: flex;
          flex-wrap: wrap;
        }
        .calm .cell {
          padding: 3px 8px;
          gap: 0 4px;
        }
        .calm .strong {
          font-weight: 400;
        }
      }
    `,
  ];

  override render() {
    return html`<ol class="track" aria-label=${t('Stages')}>
      ${this.groups.map(renderGroup)}
    </ol>`;
  }
}

function renderGroup(group: readonly StageSnapshot[]): TemplateResult {
  const canary = group.find(stage => stage.kind === 'canary');
  const label = canary
    ? t('Canary')
    : group.some(stage => stage.kind === 'approval')
      ? t('By hand')
      : group.length > 1
        ? t('In parallel')
        : t('Stage');
  const longest = Math.max(...group.map(stage => stage.elapsedMs ?? 0));
  const tone = group.every(stage => stage.status === 'pending')
    ? 'pending'
    : (['bad', 'warn', 'live'].find(one => group.some(stage => lookOf(stage)[1] === one)) ?? '');
  const isCalm = group.every(
    stage =>
      stage.kind === 'approval' ||
      (!stage.waits && (!stage.phases.length || stage.status === 'pending') && calm.includes(stage.status)),
  );
  return html`<li class="group ${canary ? 'wide' : ''} ${isCalm ? 'calm' : ''}">
    <div class="label small">
      <span class="dim">${label}</span><span>${canary?.remark ?? (longest ? formatDuration(longest) : '')}</span>
    </div>
    <ol class="cells ${tone}">
      ${group.map(renderStage)}
    </ol>
  </li>`;
}

function lookOf({ status, waits, standstill }: StageSnapshot): readonly [IconName, string] {
  if (standstill) return [standstill === 'held' ? 'pause' : 'unsure', 'warn'];
  return waits ? ['person', 'warn'] : looks[status];
}

function wordsOf({ status, waits }: StageSnapshot): string {
  return waits ? t('waiting for an answer') : stageWord(status);
}

function renderStage(stage: StageSnapshot): TemplateResult {
  const { name, status, elapsedMs, expectedMs, note, phases, standstill } = stage;
  const [picture, tone] = lookOf(stage),
    words = wordsOf(stage);
  const isLate =
    status === 'running' && elapsedMs !== undefined && expectedMs !== undefined && elapsedMs > 1.5 * expectedMs;
  return html`<li class="cell">
    ${icon(picture, tone)}
    <div class="body">
      <div>
        <div class="strong">${name}<span class="out">, ${words}</span></div>
        <div class="times small">
          ${
            elapsedMs === undefined
              ? html`<span class="dim">${words}</span>`
              : html`<span>${formatDuration(elapsedMs)}</span>`
          }
          ${
            expectedMs === undefined
              ? ''
              : html`<span class="dim"
                  >${
                    isLate
                      ? t('usually {0}, late', formatDuration(expectedMs))
                      : t('usually {0}', formatDuration(expectedMs))
                  }</span
                >`
          }
        </div>
        ${
          note
            ? html`<div class="note small ${status === 'pending' ? 'dim' : phases.length ? 'strong' : ''}">
                ${note}
              </div>`
            : ''
        }
      </div>
      ${
        phases.length
          ? html`<backstop-nodes
              .phases=${phases}
              .pending=${status === 'pending'}
              .standstill=${standstill}
              label=${t('Nodes of {0}', name)}
            ></backstop-nodes>`
          : ''
      }
    </div>
  </li>`;
}

customElements.define('backstop-stages', StageTrack);
