// The run panel's root: the verdict first, then stages, checks and clusters; draws the newest snapshot it was sent.
import { css, html, LitElement } from 'lit';
import { isToPanel, receive, type Received } from '../src/protocol/runPanel.ts';
import type { RunSnapshot } from '../src/protocol/snapshot.ts';
import type { SnapshotAction } from '../src/protocol/snapshotHeader.ts';
import './checkList.ts';
import './clusterDetail.ts';
import './clusterSection.ts';
import { registerControls } from './controls.ts';
import { connectHost } from './host.ts';
import './stageTrack.ts';
import { baseStyles } from './styles.ts';
import './timelineList.ts';
import './verdictHeader.ts';

class RunPanel extends LitElement {
  static override properties = { snapshot: { state: true }, picked: { state: true } };
  declare snapshot: RunSnapshot | undefined;
  declare picked: string | undefined;
  private readonly host = connectHost();

  static override styles = [baseStyles, css`
    :host { padding: 16px 0 32px; max-width: 1720px; margin: 0 auto; }
    .columns { display: grid; grid-template-columns: minmax(0, 7fr) minmax(0, 5fr); gap: 0 32px; }
    .columns > div { min-width: 0; }
    @media (max-width: 1240px) { .columns { grid-template-columns: minmax(0, 1fr); } }
  `];

  constructor() {
    super();
    this.picked = this.host.kept.picked;
    this.snapshot = this.host.embedded;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    window.addEventListener('message', this.receive);
    this.host.post?.({ type: 'ready' });
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    window.removeEventListener('message', this.receive);
  }

  private received: Received | undefined;

  private readonly receive = ({ data }: MessageEvent<unknown>): void => {
    if (!isToPanel(data) || data.type === 'marked' || data.type === 'pipeline') return;
    this.received = receive(this.received, data);
    if (!this.received) { this.host.post?.({ type: 'ready' }); return; }
    this.snapshot = this.received.snapshot;
    this.host.keep({ runId: this.snapshot.runId });
  };

  override render() {
    if (!this.snapshot) return html`<p class="dim" role="status">Reading the run…</p>`;
    const { header, groups, checks, clusters, timeline } = this.snapshot;
    const cluster = clusters.shown.find(one => one.id === this.picked) ?? clusters.shown.find(one => one.letter !== undefined);
    return html`<main @act=${this.act} @pick-cluster=${this.pick} @open-cluster=${this.open}>
      <backstop-verdict .header=${header}></backstop-verdict><backstop-stages .groups=${groups}></backstop-stages>
      <div class="columns"><div>
        ${checks.length ? html`<backstop-checks .checks=${checks}></backstop-checks><backstop-clusters .clusters=${clusters} .picked=${cluster?.id}></backstop-clusters>`
          : html`<section aria-label="Checks"><div class="head"><h2>Checks</h2></div><p class="dim">Nothing has been verified yet; checks and clusters appear with the first look at the canary.</p></section>`}</div><div>
        ${cluster ? html`<backstop-cluster-detail .cluster=${cluster} .clusters=${clusters.shown}></backstop-cluster-detail>` : ''}
        <backstop-timeline .rows=${timeline}></backstop-timeline></div></div></main>`;
  }

  private readonly act = ({ detail }: CustomEvent<SnapshotAction>): void => this.host.post?.({ type: 'act', action: detail });
  private readonly pick = ({ detail }: CustomEvent<string>): void => {
    this.picked = detail;
    this.host.keep({ picked: detail });
  };
  private readonly open = (): void => {
    const heading = this.renderRoot.querySelector('backstop-cluster-detail')?.shadowRoot?.querySelector('h2');
    heading?.scrollIntoView({ block: 'nearest' });
    heading?.focus();
  };
}

registerControls();
customElements.define('backstop-run', RunPanel);
