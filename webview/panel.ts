// The root of the run panel: the verdict, then stages, checks and clusters, from the latest snapshot or from a report.
import { html, LitElement, type TemplateResult } from 'lit';
import { isToPanel, receive, type Received } from '../src/protocol/runPanel.ts';
import type { RunSnapshot } from '../src/protocol/snapshot/snapshot.ts';
import type { SnapshotAction } from '../src/protocol/panelActions.ts';
import type { PipelineSnapshot } from '../src/protocol/snapshot/snapshotPipeline.ts';
import type { TimelineRow } from '../src/protocol/report/rowParts.ts';
import type { StackFrame } from '../src/protocol/words/stackFrames.ts';
import { t } from '../src/protocol/words/translate.ts';
import { afterPaint } from './afterPaint.ts';
import './checks/checkList.ts';
import { focusHeading } from './clusters/clusterDetail.ts';
import type { Judgement } from './clusters/clusterFeedback.ts';
import type { ClusterSection } from './clusters/clusterSection.ts';
import './clusters/clusterSection.ts';
import './clusters/exceptionList.ts';
import { panelStyles, renderNoFindings } from './panelParts.ts';
import { wholeView, type ClusterView } from './clusters/clusterView.ts';
import { registerControls } from './controls.ts';
import { connectHost, type Kept } from './host.ts';
import { speakAsPage } from './language.ts';
import './checks/metricSection.ts';
import './stages/approvalPeople.ts';
import './stages/approvalPlan.ts';
import './stages/factList.ts';
import './stages/pipelineStart.ts';
import './stages/releaseComparison.ts';
import './stages/runBanner.ts';
import './stages/runOutlook.ts';
import './stages/stageTrack.ts';
import { baseStyles } from './styles.ts';
import './stages/timelineList.ts';
import type { GivenAnswer } from './stages/verdictHeader.ts';
import './stages/verdictHeader.ts';
import { WideScreen } from './wideScreen.ts';
import type { ClusterSnapshot } from '../src/protocol/snapshot/clusterSnapshot.ts';

class RunPanel extends LitElement {
  static override properties = {
    snapshot: { state: true },
    pipeline: { state: true },
    kept: { state: true },
    problem: { state: true },
    whole: { state: true },
    settled: { state: true },
    sources: { state: true },
  };
  declare snapshot: RunSnapshot | undefined;
  declare pipeline: PipelineSnapshot | undefined;
  declare kept: Kept;
  /** Why the latest mark of a cluster was not saved. */
  declare problem: { readonly cluster: string; readonly text: string } | undefined;
  /** Verdict, stages, checks, chart and cluster are drawn first; the rest follows. */
  declare whole: boolean;
  /** How many requests the host has finished. */
  declare settled: number;
  /** Files of stack traces that the workspace has. */
  declare sources: ReadonlySet<string>;
  private readonly host = connectHost();
  private received: Received | undefined;
  private readonly screen = new WideScreen(this);

  static override styles = [baseStyles, panelStyles];

  constructor() {
    super();
    this.kept = this.host.kept;
    this.snapshot = this.host.embedded;
    this.whole = false;
    this.settled = 0;
    this.sources = new Set();
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

  private readonly receive = ({ data }: MessageEvent<unknown>): void => {
    if (!isToPanel(data)) return;
    switch (data.type) {
      case 'pipeline':
        this.pipeline = data.pipeline;
        return;
      case 'marked':
        this.problem = data.problem === undefined ? undefined : { cluster: data.cluster, text: data.problem };
        return;
      case 'settled':
        this.settled += 1;
        return;
      case 'sources':
        this.sources = new Set([...this.sources, ...data.files]);
        return;
      case 'snapshot':
      case 'patch':
      case 'latest':
        this.received = receive(this.received, data);
        if (!this.received) {
          this.host.post?.({ type: 'ready' });
          return;
        }
        this.snapshot = this.received.snapshot;
        if (this.kept.runId !== this.snapshot.runId) this.keep({ runId: this.snapshot.runId });
        return;
      default:
        data satisfies never;
    }
  };

  override updated(): void {
    if (this.snapshot && !this.whole)
      afterPaint(() => {
        this.whole = true;
      });
  }

  override render() {
    if (this.snapshot) return this.renderRun(this.snapshot);
    if (this.pipeline)
      return html`<main @act=${this.act}><backstop-pipeline .pipeline=${this.pipeline}></backstop-pipeline></main>`;
    return html`<p class="dim" role="status">
      ${this.host.post ? t('Reading the run…') : t('This report contains no run.')}
    </p>`;
  }

  private renderRun(run: RunSnapshot): TemplateResult {
    const { header, groups, checks, clusters, comparison, approval, neighbours, outlook } = run,
      { picked } = this.kept,
      compares = approval !== null || this.kept.compares === true,
      readOnly = !this.host.post;
    const cluster =
      clusters.shown.find(one => one.id === picked) ??
      (picked === '' && !this.screen.isWide ? undefined : clusters.shown.find(one => one.letter !== undefined));
    const stages = html`<backstop-stages .groups=${groups}></backstop-stages>`,
      facts = html`<backstop-facts .facts=${header.facts}></backstop-facts>`,
      unknown = header.waits === 'decision' ? clusters.shown.filter(({ kind }) => kind === 'unknown') : [],
      told = outlook ? html`<backstop-outlook .outlook=${outlook} .checks=${checks}></backstop-outlook>` : '',
      proof = unknown.length
        ? html`<backstop-exceptions .clusters=${unknown}></backstop-exceptions>`
        : outlook?.known
          ? told
          : undefined;
    return html`<main
      @act=${this.act}
      @answer=${this.answer}
      @pick-cluster=${this.pick}
      @open-cluster=${this.openDetail}
      @open-in-editor=${this.openInEditor}
      @judge=${this.judge}
      @unjudge=${this.unjudge}
      @find-sources=${this.findSources}
      @open-source=${this.openSource}
    >
      ${
        neighbours.superseded
          ? html`<backstop-banner .superseded=${neighbours.superseded} .readOnly=${readOnly}></backstop-banner>`
          : ''
      }
      <backstop-verdict
        .header=${header}
        .readOnly=${readOnly}
        .compares=${compares && comparison !== null}
        .approval=${approval}
        .neighbours=${neighbours}
        .settled=${this.settled}
      ></backstop-verdict>
      ${proof ? html`${proof}${stages}${facts}` : html`${facts}${stages}`} ${proof === told ? '' : told}
      ${approval ? '' : this.renderComparison(run)}
      <div class="columns">
        <div>${approval ? this.renderComparison(run) : ''}${this.renderMain(run, cluster)}</div>
        <div class="beside">
          ${approval ? html`<backstop-approvers .approval=${approval}></backstop-approvers>` : ''}
          ${this.renderDetails(run, cluster)}
        </div>
      </div>
    </main>`;
  }

  private renderComparison({ comparison, approval }: RunSnapshot): TemplateResult | '' {
    return comparison && (approval || this.kept.compares)
      ? html`<backstop-comparison
          .comparison=${comparison}
          .build=${approval?.build}
          .commits=${approval?.commits}
          .readOnly=${!this.host.post}
        ></backstop-comparison>`
      : '';
  }

  private renderMain(run: RunSnapshot, cluster: ClusterSnapshot | undefined): TemplateResult {
    const { approval, checks } = run;
    return html`${approval ? html`<backstop-plan .stages=${approval.stages}></backstop-plan>` : ''}
    ${checks.length ? this.renderFindings(run, cluster) : approval ? '' : renderNoFindings(run.ended)}`;
  }

  private renderFindings(run: RunSnapshot, cluster?: ClusterSnapshot): TemplateResult {
    const { checks, clusters, feedback } = run,
      { isWide } = this.screen;
    return html`<backstop-checks .checks=${checks} .feedback=${feedback}></backstop-checks>
      <backstop-clusters
        .clusters=${clusters}
        .picked=${cluster?.id}
        .view=${this.kept.view ?? wholeView}
        .whole=${this.whole}
        .isWide=${isWide}
        .detail=${
          cluster && !isWide ? (inRow: boolean): TemplateResult => this.renderCluster(run, cluster, inRow) : undefined
        }
        @change-view=${this.changeView}
      ></backstop-clusters>`;
  }

  private renderCluster(
    { clusters, feedback, ended }: RunSnapshot,
    cluster: ClusterSnapshot,
    inRow = false,
  ): TemplateResult {
    return html`<backstop-cluster-detail
      .cluster=${cluster}
      .clusters=${clusters.shown}
      .feedback=${feedback}
      .ended=${ended}
      .readOnly=${!this.host.post}
      .inRow=${inRow}
      .sources=${this.sources}
      .problem=${this.problem?.cluster === cluster.id ? this.problem.text : undefined}
    ></backstop-cluster-detail>`;
  }

  private renderDetails(run: RunSnapshot, cluster?: ClusterSnapshot): TemplateResult {
    const metrics = run.checks.filter(check => check.kind === 'metric');
    return html`${cluster && this.screen.isWide ? this.renderCluster(run, cluster) : ''}
    ${this.whole && metrics.length ? html`<backstop-metrics .checks=${metrics}></backstop-metrics>` : ''}
    ${
      this.whole
        ? html`<backstop-timeline
            .rows=${run.timeline}
            .level=${this.kept.level ?? 'normal'}
            @change-level=${this.changeLevel}
          ></backstop-timeline>`
        : ''
    }`;
  }

  private keep(change: Kept): void {
    this.host.keep(change);
    this.kept = this.host.kept;
  }

  /** The comparison is shown here if there is one; its own button opens the editor's. */
  private readonly act = ({ detail, target }: CustomEvent<SnapshotAction>): void => {
    const isToggle =
      detail === 'compare-releases' &&
      this.snapshot?.comparison &&
      (target as Element).localName === 'backstop-verdict';
    if (isToggle) this.keep({ compares: !this.kept.compares });
    else this.host.post?.({ type: 'act', action: detail });
  };
  private readonly answer = ({ detail }: CustomEvent<GivenAnswer>): void =>
    this.host.post?.({ type: 'answer', ...detail });
  private readonly pick = ({ detail }: CustomEvent<string>): void => {
    this.keep({ picked: detail });
    this.renderRoot.querySelector('.beside')?.scrollTo({ top: 0 });
  };
  private readonly changeView = ({ detail }: CustomEvent<ClusterView>): void => this.keep({ view: detail });
  private readonly changeLevel = ({ detail }: CustomEvent<TimelineRow['level']>): void => this.keep({ level: detail });
  private readonly openInEditor = ({ detail }: CustomEvent<string>): void =>
    this.host.post?.({ type: 'open-cluster', cluster: detail });
  private readonly findSources = ({ detail }: CustomEvent<readonly string[]>): void =>
    this.host.post?.({ type: 'find-sources', files: detail });
  private readonly openSource = ({ detail: { file, line } }: CustomEvent<StackFrame>): void =>
    this.host.post?.({ type: 'open-source', file, line });
  private readonly judge = ({ detail }: CustomEvent<Judgement>): void => {
    this.problem = undefined;
    this.host.post?.({ type: 'mark', ...detail });
  };
  private readonly unjudge = ({ detail }: CustomEvent<string>): void => {
    this.problem = undefined;
    this.host.post?.({ type: 'unmark', cluster: detail });
  };
  private readonly openDetail = async (): Promise<void> => {
    await this.updateComplete;
    if (this.screen.isWide) focusHeading(this.renderRoot);
    else this.renderRoot.querySelector<ClusterSection>('backstop-clusters')?.reveal();
  };
}

speakAsPage();
registerControls();
customElements.define('backstop-run', RunPanel);
