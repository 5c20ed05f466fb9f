// Answers the messages of a run panel: its buttons are commands of the editor.
import * as vscode from 'vscode';
import { commands } from '../../contributions.ts';
import { identityOf } from '../../model/identity.ts';
import type { SnapshotAction } from '../../protocol/panelActions.ts';
import type { ToHost } from '../../protocol/runPanel.ts';
import { compareCluster, openCluster } from '../documents/clusterDocuments.ts';
import type { HostServices } from '../hostServices.ts';
import { answerMark } from './panelFeedback.ts';
import type { PanelUpdates } from './panelUpdates.ts';
import type { RunFollower } from './runFollower.ts';
import { findSourceFiles } from './sourceFiles.ts';

export const commandOf = {
  'roll-back': commands.rollBack,
  promote: commands.promoteCanary,
  hold: commands.holdCanary,
  'look-again': commands.retryVerification,
  accept: commands.acceptRelease,
  cancel: commands.cancelRun,
  approve: commands.approve,
  reject: commands.reject,
  'compare-releases': commands.compareReleases,
  'view-diff': commands.compareReleases,
  'run-again': commands.runAgain,
  'show-logs': commands.showLogs,
  'show-evidence': commands.showEvidence,
  'copy-link': commands.copyLink,
  'copy-summary': commands.copySummary,
  run: commands.deploy,
  'open-pipeline': commands.openPipeline,
  'open-latest': commands.openRun,
  'open-next': commands.nextRun,
  'open-previous': commands.previousRun,
} as const satisfies Record<SnapshotAction, string>;

interface AnswerParts {
  readonly services: HostServices;
  readonly runId: string;
  readonly follower: RunFollower;
  readonly updates: PanelUpdates;
}

export function answerPanel({ services, runId, follower, updates }: AnswerParts): (message: ToHost) => Promise<void> {
  const sources = findSourceFiles();

  /** The panel's buttons are busy until what they asked for is done, and the panel shows it. */
  async function execute(command: string, target: object): Promise<void> {
    try {
      await vscode.commands.executeCommand(command, target);
    } finally {
      await updates.refresh();
      updates.post({ type: 'settled' });
    }
  }

  return async message => {
    switch (message.type) {
      case 'ready':
        updates.startOver();
        return updates.refresh();
      case 'act':
        return execute(commandOf[message.action], targetOf(message.action, { runId, follower, updates }));
      case 'answer':
        return execute(commandOf[message.answer], {
          runId,
          question: message.question,
          comment: message.comment,
          confirmed: true,
        });
      case 'open-cluster':
        return openCluster(services, runId, follower.find(message.cluster));
      case 'compare-cluster':
        return compareCluster(services, runId, follower, message.cluster);
      case 'find-sources':
        return updates.post({ type: 'sources', files: await sources.present(message.files) });
      case 'open-source':
        return sources.open(message.file, message.line);
      case 'mark':
      case 'unmark': {
        const problem = await answerMark(services, follower, message);
        updates.post({ type: 'marked', cluster: message.cluster, ...(problem !== undefined && { problem }) });
        return updates.refresh();
      }
      default:
        return message satisfies never;
    }
  };
}

/** What the command of a button is given. */
function targetOf(action: SnapshotAction, { runId, follower, updates }: Omit<AnswerParts, 'services'>): object {
  const { state } = follower,
    environment = updates.sent?.approval?.environment;
  return {
    runId,
    ...(state &&
      commandOf[action] === commands.compareReleases && { service: identityOf(state), release: state.release.id }),
    ...(environment !== undefined && { environment }),
    ...(state && action === 'open-pipeline' && { file: state.file }),
  };
}
