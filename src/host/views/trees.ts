// The three views: pipelines with their latest run, runs by day, and what runs where.
import { identityOf } from '../../model/identity.ts';
import * as vscode from 'vscode';
import { views } from '../../contributions.ts';
import type { History, RunSummary } from '../../model/history.ts';
import { openQuestions, type RunState } from '../../model/runs/runState.ts';
import { isUnverified } from '../../model/runs/verified.ts';
import { dayNodes } from '../tree/dayNode.ts';
import { environmentNode } from '../tree/environmentNode.ts';
import { pipelineNode } from '../tree/pipelineNode.ts';
import { describeFilter, filterRuns, type KeptFilter, type OwnWork } from '../tree/runFilter.ts';
import { runNode } from '../tree/runNode.ts';
import type { TreeNode } from '../tree/treeNode.ts';
import type { PipelineFile } from '../workspace/pipelineFile.ts';
import { plainLine } from '../../protocol/words/plainText.ts';
import { latestRun, type RunFeed } from '../panel/runFeed.ts';
import { expectedState, type SentInstructions } from '../runs/sentInstructions.ts';
import { createTree, type Tree } from './tree.ts';
import { t, type Translate } from '../../protocol/words/translate.ts';

export interface Trees extends vscode.Disposable {
  refresh(): void;
  /** Shown above the runs: statistics over the latest runs. */
  showFigures(text: string | undefined): void;
  readonly isVisible: () => boolean;
  readonly onVisible: (listener: () => void) => void;
}

export interface TreesOptions {
  readonly feed: RunFeed;
  readonly pipelines: () => readonly PipelineFile[];
  readonly history: () => History | undefined;
  readonly sent: SentInstructions;
  readonly runFilter: KeptFilter;
  readonly isOwnRun: (runId: string) => boolean;
}

type ViewTrees = Readonly<Record<'pipelines' | 'runs' | 'environments', Tree>>;

const tickMs = 1000;
const ticksInAMinute = 60;

export function createTrees(options: TreesOptions): Trees {
  const { feed, pipelines, history, runFilter } = options;
  const trees: ViewTrees = {
    pipelines: createTree(views.pipelines, () => pipelineNodes(options)),
    runs: createTree(views.runs, createRunNodes(options)),
    environments: createTree(views.environments, () => environmentNodes(pipelines(), history(), t)),
  };
  const all = Object.values(trees);
  const visible: (() => void)[] = [];
  const listening = all.map(tree =>
    tree.view.onDidChangeVisibility(({ visible: isVisible }) => {
      if (isVisible) for (const listener of visible) listener();
    }),
  );
  const ticking = keepTimesCurrent(feed, trees);
  return {
    refresh() {
      trees.pipelines.view.badge = waitingBadge(feed);
      trees.runs.view.description = describeFilter(runFilter.value, t) ?? '';
      for (const tree of all) tree.refresh();
    },
    showFigures(text) {
      trees.runs.view.message = text;
    },
    isVisible: () => all.some(tree => tree.view.visible),
    onVisible(listener) {
      visible.push(listener);
    },
    dispose() {
      vscode.Disposable.from(ticking, ...listening, ...all).dispose();
    },
  };
}

/** Refreshes visible durations every second while something runs, and the ages of environments every minute. */
function keepTimesCurrent(feed: RunFeed, trees: ViewTrees): Pick<vscode.Disposable, 'dispose'> {
  let ticks = 0;
  const ticking = setInterval(() => {
    ticks += 1;
    if (trees.environments.view.visible && ticks % ticksInAMinute === 0) trees.environments.refresh();
    if (feed.openStates().length === 0) return;
    if (trees.pipelines.view.visible) trees.pipelines.refresh();
    if (trees.runs.view.visible) trees.runs.refresh();
  }, tickMs);
  return {
    dispose() {
      clearInterval(ticking);
    },
  };
}

/** The number of questions that wait for a person. */
function waitingBadge(feed: RunFeed): vscode.ViewBadge | undefined {
  const waiting = feed.openStates().reduce((sum, state) => sum + openQuestions(state).length, 0);
  if (waiting === 0) return undefined;
  return {
    value: waiting,
    tooltip: waiting === 1 ? t('One item is waiting for you') : t('{0} items are waiting for you', waiting),
  };
}

function pipelineNodes({ feed, pipelines, sent }: TreesOptions): readonly TreeNode[] {
  return pipelines().map(found => {
    const latest = latestRun(feed, found.file, found.pipeline);
    const instruction = latest && sent.of(latest.run.id);
    const expected = latest && { ...latest, state: expectedState(latest.state, instruction) };
    return pipelineNode(found, expected, Date.now(), t, instruction);
  });
}

function createRunNodes({
  feed,
  pipelines,
  history,
  sent,
  runFilter,
  isOwnRun,
}: TreesOptions): () => readonly TreeNode[] {
  const unverified = rememberUnverified(feed);
  const stateOf = (runId: string): RunState | undefined => {
    const state = feed.state(runId);
    return state && expectedState(state, sent.of(runId));
  };
  const ownWork = (): OwnWork | undefined =>
    vscode.workspace.workspaceFolders && {
      services: new Set(pipelines().flatMap(({ pipeline }) => (pipeline ? [identityOf(pipeline)] : []))),
      isOwnRun,
    };
  return () => {
    const pinned = new Set(
      history()
        ?.pins()
        .map(({ runId }) => runId),
    );
    const shown = filterRuns(feed.runs(), runFilter.value, ownWork()),
      isNamed = new Set(shown.map(({ pipeline }) => pipeline)).size > 1;
    return dayNodes(shown, Date.now(), t, run =>
      runNode(run, () => stateOf(run.id), Date.now(), t, {
        sent: sent.of(run.id),
        isPinned: pinned.has(run.id),
        isNamed,
        isUnverified: unverified(run),
        isElsewhere: !pipelines().some(({ pipeline }) => pipeline && identityOf(pipeline) === identityOf(run)),
      }),
    );
  };
}

/** Called for the runs of an expanded day. Results for ended runs are cached, since they do not change. */
function rememberUnverified(feed: Pick<RunFeed, 'state'>): (run: RunSummary) => boolean {
  const known = new Map<string, boolean>();
  return run => {
    if (run.outcome !== 'promoted') return false;
    const before = known.get(run.id);
    if (before !== undefined) return before;
    const state = feed.state(run.id);
    const is = state !== undefined && isUnverified(state);
    if (state?.outcome !== undefined) known.set(run.id, is);
    return is;
  };
}

function environmentNodes(
  files: readonly PipelineFile[],
  history: History | undefined,
  t: Translate,
): readonly TreeNode[] {
  if (!history) return [];
  const services = new Set(files.map(({ pipeline }) => pipeline?.service).filter(Boolean));
  const groups = files.flatMap(({ folder, file, pipeline }) => {
    if (!pipeline) return [];
    const target = { folder, file, service: identityOf(pipeline) };
    const children = (): readonly TreeNode[] =>
      Object.keys(pipeline.environments).map(name =>
        environmentNode(
          {
            target,
            name,
            nodes: history.nodes(target.service, name),
            ledger: history.ledger(target.service, name),
            release: id => history.release(id),
          },
          Date.now(),
          t,
        ),
      );
    return [{ target, service: pipeline.service, pipeline: pipeline.name, children }];
  });
  if (services.size < 2) return groups.flatMap(({ children }) => children());
  return groups.map(({ target, service, pipeline, children }) => ({
    id: `service/${target.folder}/${target.file}`,
    label: plainLine(service, 80),
    ...(pipeline !== service && { description: plainLine(pipeline, 80) }),
    icon: { name: 'package' },
    facts: ['service'],
    target,
    expanded: true,
    children,
  }));
}
