// The three views: pipelines with their latest run, runs by day, and what runs where.
import { identityOf } from '../../model/identity.ts';
import * as vscode from 'vscode';
import { views } from '../../contributions.ts';
import type { History } from '../../model/history.ts';
import { openQuestions } from '../../model/runs/runState.ts';
import { dayNodes } from '../tree/dayNode.ts';
import { environmentNode } from '../tree/environmentNode.ts';
import { pipelineNode } from '../tree/pipelineNode.ts';
import { runNode } from '../tree/runNode.ts';
import type { TreeNode } from '../tree/treeNode.ts';
import type { PipelineFile } from '../workspace/pipelineFile.ts';
import { latestRun, type RunFeed } from '../panel/runFeed.ts';
import { createTree } from './tree.ts';
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
}

const tickMs = 1000;

export function createTrees({ feed, pipelines, history }: TreesOptions): Trees {
  const pipelineTree = createTree(views.pipelines, () =>
    pipelines().map(found => pipelineNode(found, latestRun(feed, found.file, found.pipeline), Date.now(), t)),
  );
  const runTree = createTree(views.runs, () => {
    const pinned = new Set(
      history()
        ?.pins()
        .map(({ runId }) => runId),
    );
    return dayNodes(feed.runs(), Date.now(), t, run =>
      runNode(run, () => feed.state(run.id), Date.now(), t, pinned.has(run.id)),
    );
  });
  const environmentTree = createTree(views.environments, () => environmentNodes(pipelines(), history(), t));
  const trees = [pipelineTree, runTree, environmentTree];
  const visible: (() => void)[] = [];
  const ticking = setInterval(() => {
    // Durations are refreshed while something runs.
    if (feed.openStates().length === 0) return;
    if (pipelineTree.view.visible) pipelineTree.refresh();
    if (runTree.view.visible) runTree.refresh();
  }, tickMs);
  const listening = trees.map(tree =>
    tree.view.onDidChangeVisibility(({ visible: isVisible }) => {
      if (isVisible) for (const listener of visible) listener();
    }),
  );
  return {
    refresh() {
      const waiting = feed.openStates().reduce((sum, state) => sum + openQuestions(state).length, 0);
      pipelineTree.view.badge =
        waiting === 0
          ? undefined
          : {
              value: waiting,
              tooltip: waiting === 1 ? t('One item is waiting for you') : t('{0} items are waiting for you', waiting),
            };
      for (const tree of trees) tree.refresh();
    },
    showFigures(text) {
      runTree.view.message = text;
    },
    isVisible: () => trees.some(tree => tree.view.visible),
    onVisible(listener) {
      visible.push(listener);
    },
    dispose() {
      clearInterval(ticking);
      vscode.Disposable.from(...listening, ...trees).dispose();
    },
  };
}

function environmentNodes(
  files: readonly PipelineFile[],
  history: History | undefined,
  t: Translate,
): readonly TreeNode[] {
  if (!history) return [];
  const services = new Set(files.map(({ pipeline }) => pipeline?.service).filter(Boolean));
  return files.flatMap(({ folder, file, pipeline }) =>
    pipeline
      ? Object.keys(pipeline.environments).map(name =>
          environmentNode(
            {
              target: { folder, file, service: identityOf(pipeline) },
              name,
              ...(services.size > 1 && { service: pipeline.service }),
              nodes: history.nodes(identityOf(pipeline), name),
              ledger: history.ledger(identityOf(pipeline), name),
              release: id => history.release(id),
            },
            Date.now(),
            t,
          ),
        )
      : [],
  );
}
