// One cluster: why it is a risk or none, where it was written, the nearest known one with the words that differ, and whole samples.
import { css, html, LitElement, type TemplateResult } from 'lit';
import { formatCount, formatNumber, formatTime } from '../src/protocol/format.ts';
import type { ClusterSnapshot } from '../src/protocol/snapshotClusters.ts';
import './copyButton.ts';
import { icon } from './icons.ts';
import { kindNames, mark, markStyles } from './marks.ts';
import { baseStyles } from './styles.ts';
import { comparedText, templateText } from './templateText.ts';

export class ClusterDetail extends LitElement {
  static override properties = { cluster: { attribute: false }, clusters: { attribute: false }, sample: { state: true } };
  declare cluster: ClusterSnapshot;
  /** Those among which one goes to the previous and the next. */
  declare clusters: readonly ClusterSnapshot[];
  declare sample: number;
  static override styles = [baseStyles, markStyles, css`
    h3 { font: 600 13px/20px var(--vscode-editor-font-family); text-wrap: pretty; overflow-wrap: anywhere; }
    .tags { display: flex; flex-wrap: wrap; gap: 0 16px; margin: 4px 0; }
    .why { margin-bottom: 12px; overflow-wrap: anywhere; }
    .sub { display: flex; flex-wrap: wrap; align-items: center; gap: 0 8px; min-height: 24px; margin: 12px 0 4px; }
    .bars { display: grid; grid-template-columns: minmax(0, max-content) minmax(0, 1fr) minmax(24px, max-content); gap: 4px 8px; align-items: center; overflow-wrap: anywhere; }
    .bars svg { display: block; width: 100%; height: 12px; }
    .bars rect { fill: var(--vscode-charts-blue); }
    .bars.risky rect { fill: var(--vscode-charts-red); }
    .bars line { stroke: var(--vscode-charts-lines); }
    .nearest { display: grid; grid-template-columns: auto minmax(0, 1fr); gap: 4px 12px; }
    ins { text-decoration: underline; background: var(--vscode-diffEditor-insertedTextBackground, transparent); }
    del { text-decoration: line-through; background: var(--vscode-diffEditor-removedTextBackground, transparent); }
    .code { background: var(--vscode-textCodeBlock-background); border: 1px solid var(--vscode-contrastBorder, var(--vscode-panel-border)); border-radius: 2px; padding: 7px 12px; max-height: 480px; overflow-y: auto; }
    .code span { display: block; white-space: pre-wrap; overflow-wrap: anywhere; padding-left: 4ch; text-indent: -4ch; min-height: 20px; }
  `];

  constructor() {
    super();
    this.sample = 0;
  }

  override willUpdate(changed: Map<PropertyKey, unknown>): void {
    if (changed.has('cluster') && (changed.get('cluster') as ClusterSnapshot | undefined)?.id !== this.cluster.id) this.sample = 0;
  }

  override render() {
    const { letter, kind, template, severity, canaryCount, baselineCount, nodes, firstSeenMs, lastSeenMs, why } = this.cluster;
    const at = this.clusters.findIndex(cluster => cluster.id === this.cluster.id);
    const move = (by: number, label: string, name: 'up' | 'down'): TemplateResult => html`<button class="tool" aria-label=${label} title=${label} ?disabled=${!this.clusters[at + by]} @click=${() => this.pick(this.clusters[at + by])}>${icon(name)}</button>`;
    return html`<section aria-label=${letter ? `Cluster ${letter}` : 'Cluster'}><div class="head">${mark(kind)}<h2 tabindex="-1">Cluster ${letter ?? ''}</h2><span class="dim grow">${kindNames[kind].toLowerCase()}, ${at + 1} of ${formatNumber(this.clusters.length)}</span>
        ${move(-1, 'Previous cluster', 'up')}${move(1, 'Next cluster', 'down')}<backstop-copy label="Copy template" .text=${() => template}></backstop-copy></div>
      <h3>${templateText(template)}</h3>
      <div class="tags small"><span>${severity.toUpperCase()}</span><span>${formatCount(canaryCount, 'canary line')} on ${formatCount(nodes.length, 'node')}</span><span>${formatTime(firstSeenMs)} to ${formatTime(lastSeenMs)}</span></div>
      <p class="why strong">${why.slice(0, 1).toUpperCase()}${why.slice(1)}</p>
      ${renderNodes(this.cluster, baselineCount)}${renderNearest(this.cluster)}${this.renderSample()}</section>`;
  }

  private renderSample(): TemplateResult | string {
    const { samples } = this.cluster, sample = samples[Math.min(this.sample, samples.length - 1)];
    if (!sample) return '';
    const turn = (by: number): void => { this.sample = (this.sample + by + samples.length) % samples.length; };
    return html`<div class="sub"><span class="strong">Sample</span><span class="dim">${this.sample + 1} of ${samples.length}, from the ${sample.from}</span><span class="grow"></span>
        <button class="tool" aria-label="Previous sample" ?disabled=${samples.length < 2} @click=${() => turn(-1)}>${icon('left')}</button><button class="tool" aria-label="Next sample" ?disabled=${samples.length < 2} @click=${() => turn(1)}>${icon('right')}</button>
        <backstop-copy label="Copy sample" .text=${() => sample.text}></backstop-copy></div>
      <pre class="code" tabindex="0" role="region" aria-label="Sample">${sample.text.split('\n').map(line => html`<span>${line}</span>`)}</pre>`;
  }

  private pick(cluster: ClusterSnapshot | undefined): void {
    if (cluster) this.dispatchEvent(new CustomEvent<string>('pick-cluster', { detail: cluster.id, bubbles: true, composed: true }));
  }
}

function renderNodes({ nodes, letter }: ClusterSnapshot, baselineCount: number): TemplateResult {
  const most = Math.max(baselineCount, ...nodes.map(node => node.lines), 1);
  const bar = (lines: number): TemplateResult => html`<svg aria-hidden="true"><line x1="0.5" x2="0.5" y1="0" y2="12"></line><rect width="${100 * lines / most}%" height="12"></rect></svg>`;
  return html`<div class="sub"><span class="strong">Lines per node</span></div>
    <div class="bars small ${letter ? 'risky' : ''}">${nodes.map(({ name, lines }) => html`<span>${name}</span>${bar(lines)}<span class="number">${formatNumber(lines)}</span>`)}
      <span class="dim">baseline, all nodes</span>${bar(baselineCount)}<span class="number">${formatNumber(baselineCount)}</span></div>`;
}

function renderNearest({ nearest }: ClusterSnapshot): TemplateResult | string {
  return nearest ? html`<div class="sub"><span class="strong">Nearest known cluster</span><span class="dim">similarity ${formatNumber(nearest.similarity)}</span></div>
    <div class="nearest"><span class="dim">canary</span><span class="mono">${comparedText(nearest.canary, 'canary')}</span><span class="dim">known</span><span class="mono">${comparedText(nearest.known, 'known')}</span></div>` : '';
}

customElements.define('backstop-cluster-detail', ClusterDetail);
