// The pipeline as a track: groups in order, the stages of a group side by side, production with the nodes of each phase.
import { css, html, LitElement, type TemplateResult } from 'lit';
import { formatDuration } from '../src/protocol/format.ts';
import type { RunSnapshot } from '../src/protocol/snapshot.ts';
import type { NodeMark, StageSnapshot } from '../src/protocol/snapshotStages.ts';
import { icon, type IconName } from './icons.ts';
import { baseStyles } from './styles.ts';

const looks = {
  pending: ['pending', 'quiet', 'not begun'], queued: ['pending', 'warn', 'waits'], running: ['running', 'live', 'runs'], passed: ['pass', 'good', 'passed'], failed: ['fail', 'bad', 'failed'],
  skipped: ['skipped', 'quiet', 'skipped'], 'rolled-back': ['back', 'bad', 'rolled back'], held: ['unsure', 'warn', 'held'], rejected: ['fail', 'bad', 'rejected'], cancelled: ['skipped', 'quiet', 'cancelled'],
} satisfies Record<StageSnapshot['status'], readonly [IconName, string, string]>;
const markWords = { canary: 'runs the new release', 'rolled-back': 'was rolled back', unchanged: 'never changed', 'not-known': 'what it runs is not known' } satisfies Record<NodeMark, string>;

export class StageTrack extends LitElement {
  static override properties = { groups: { attribute: false } };
  declare groups: RunSnapshot['groups'];
  static override styles = [baseStyles, css`
    .track { display: flex; flex-wrap: wrap; gap: 8px 20px; padding: 12px 0 20px; border-top: 1px solid var(--vscode-panel-border, var(--vscode-contrastBorder)); }
    .group { position: relative; min-width: 0; display: grid; grid-template-rows: 20px 1fr; gap: 4px; flex: 1 1 auto; }
    .group.wide { flex-grow: 4; }
    .group + .group:not(.wide)::before { content: ''; position: absolute; left: -15px; top: 50%; width: 6px; height: 6px; border: solid var(--vscode-descriptionForeground); border-width: 1px 1px 0 0; transform: rotate(45deg); margin-top: 8px; }
    .label { display: flex; justify-content: space-between; gap: 12px; }
    .cells { display: grid; grid-auto-flow: column; grid-auto-columns: minmax(104px, 1fr); border: 1px solid var(--vscode-panel-border, var(--vscode-contrastBorder)); border-radius: 4px; }
    .cells.bad { border-color: var(--vscode-charts-red); }
    .cells.live { border-color: var(--vscode-charts-blue); }
    .cells.warn { border-color: var(--vscode-charts-yellow); }
    .cells.pending { border-style: dashed; }
    .cell { padding: 7px 8px; min-width: 0; display: grid; grid-template-columns: 16px minmax(0, 1fr); gap: 4px 8px; align-content: start; }
    .cell > svg.icon { margin-top: 2px; }
    .cell + .cell { border-left: 1px solid var(--vscode-panel-border, var(--vscode-contrastBorder)); }
    .body { min-width: 0; display: flex; flex-wrap: wrap; gap: 8px 32px; justify-content: space-between; overflow-wrap: anywhere; }
    .phases { display: flex; flex-wrap: wrap; gap: 8px 12px; }
    .nodes { display: flex; flex-wrap: wrap; gap: 4px; padding-top: 4px; }
    .node { min-width: 24px; height: 24px; padding: 0 2px; border: 1px solid color-mix(in srgb, var(--vscode-foreground) 44%, transparent); border-radius: 2px; display: grid; place-items: center; font-size: 11px; line-height: 1; position: relative; }
    .node.canary { border: 2px solid var(--vscode-charts-blue); font-weight: 600; background: color-mix(in srgb, var(--vscode-charts-blue) 24%, transparent); }
    .node.rolled-back { border: 2px solid var(--vscode-charts-red); font-weight: 600; }
    .node.rolled-back::after { content: ''; position: absolute; right: 0; top: 0; border: 3px solid; border-color: var(--vscode-charts-red) var(--vscode-charts-red) transparent transparent; }
    .node.not-known { border: 2px dotted var(--vscode-charts-yellow); }
    :host-context(.vscode-high-contrast) .node.canary { background: none; }
    @media (max-width: 1380px) { .group.wide { flex-basis: 100%; } }
    @media (max-width: 860px) { .track { flex-direction: column; } .group::before { display: none; } .cells { grid-auto-columns: minmax(0, 1fr); } }
  `];

  override render() {
    return html`<ol class="track" aria-label="Stages">${this.groups.map(renderGroup)}</ol>`;
  }
}

function renderGroup(group: readonly StageSnapshot[]): TemplateResult {
  const canary = group.find(stage => stage.kind === 'canary');
  const label = canary ? 'Canary' : group.some(stage => stage.kind === 'approval') ? 'By hand' : group.length > 1 ? 'Parallel' : 'Stage';
  const longest = Math.max(...group.map(stage => stage.elapsedMs ?? 0));
  const tone = group.every(stage => stage.status === 'pending') ? 'pending' : ['bad', 'warn', 'live'].find(one => group.some(stage => looks[stage.status][1] === one)) ?? '';
  return html`<li class="group ${canary ? 'wide' : ''}">
    <div class="label small dim"><span>${label}</span><span>${canary?.remark ?? (longest ? formatDuration(longest) : '')}</span></div>
    <ol class="cells ${tone}">${group.map(renderStage)}</ol></li>`;
}

function renderStage({ name, status, elapsedMs, note, phases, kind }: StageSnapshot): TemplateResult {
  const [picture, tone, words] = looks[status];
  return html`<li class="cell">${icon(kind === 'approval' && status === 'running' ? 'person' : picture, kind === 'approval' && status === 'running' ? 'warn' : tone)}
    <div class="body"><div><div class="strong">${name}</div>
      <div class="small dim">${words}${elapsedMs === undefined ? '' : `, ${formatDuration(elapsedMs)}`}</div>
      ${note ? html`<div class="small ${phases.length ? 'strong' : ''}">${note}</div>` : ''}</div>
      ${phases.length ? html`<div class="phases">${phases.map(({ label, nodes }) => html`<div><div class="small dim">${label}</div>
        <ul class="nodes">${nodes.map(node => html`<li class="node ${node.mark}" title="${node.name} ${markWords[node.mark]}" role="listitem" aria-label="${node.name} ${markWords[node.mark]}">${node.short}</li>`)}</ul></div>`)}</div>` : ''}
    </div></li>`;
}

customElements.define('backstop-stages', StageTrack);
