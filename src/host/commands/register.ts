// Maps each command to its function.
import * as vscode from 'vscode';
import { commands } from '../../contributions.ts';
import { fail } from '../../model/failure.ts';
import type { HostServices, Run } from '../hostServices.ts';
import { acceptRelease } from './deploying/acceptRelease.ts';
import { approve } from './canary/approve.ts';
import { cancelRun } from './cancelRun.ts';
import { compareReleases } from './compareReleases.ts';
import { copyLink, copySummary } from './copyRun.ts';
import { deploy } from './deploying/deploy.ts';
import { deployEarlier } from './deploying/deployEarlier.ts';
import { deployLastBuild } from './deploying/deployLastBuild.ts';
import { dryRun } from './deploying/dryRun.ts';
import { diagnostics } from './diagnostics.ts';
import { exportRun } from './exportRun.ts';
import { filterRuns } from './filterRuns.ts';
import { holdCanary } from './canary/holdCanary.ts';
import { newPipeline } from './newPipeline.ts';
import { openDemo } from './openDemo.ts';
import { openDocumentation } from './openDocumentation.ts';
import { openPipeline } from './openPipeline.ts';
import { nextRun, openRun, previousRun } from './openRun.ts';
import { pinBaseline, unpinBaseline } from './deploying/pinBaseline.ts';
import { promoteCanary } from './canary/promoteCanary.ts';
import { reject } from './canary/reject.ts';
import { retryVerification } from './canary/retryVerification.ts';
import { rollBack } from './deploying/rollBack.ts';
import { runAgain } from './deploying/runAgain.ts';
import { setCredentials } from './setCredentials.ts';
import { showEvidence } from './showEvidence.ts';
import { showLogs } from './showLogs.ts';
import { skipVerification } from './canary/skipVerification.ts';
import { testConnections } from './testConnections.ts';
import { validatePipelines } from './validatePipelines.ts';
import { fileTarget } from '../workspace/folders.ts';
import { t } from '../../protocol/words/translate.ts';

export const answers: Readonly<Record<keyof typeof commands, Run>> = {
  deploy,
  deployLastBuild,
  deployEarlier,
  dryRun,
  approve,
  reject,
  rollBack,
  cancelRun,
  holdCanary,
  promoteCanary,
  skipVerification,
  retryVerification,
  acceptRelease,
  runAgain,
  openRun,
  nextRun,
  previousRun,
  showLogs,
  showEvidence,
  compareReleases,
  exportRun,
  copyLink,
  copySummary,
  pinBaseline,
  unpinBaseline,
  setCredentials,
  testConnections,
  newPipeline,
  openPipeline,
  validatePipelines,
  openDemo,
  openDocumentation,
  diagnostics,
  filterRuns,
  showMoreRuns({ feed }) {
    feed.showMore();
    return Promise.resolve();
  },
  async refresh({ pipelines, feed }) {
    await pipelines.refresh();
    feed.poke();
  },
};

export function registerCommands(services: HostServices): vscode.Disposable {
  const names = Object.keys(commands) as (keyof typeof commands)[];
  return vscode.Disposable.from(
    ...names.map(name =>
      vscode.commands.registerCommand(commands[name], async (given: unknown) => {
        try {
          await answers[name](services, given instanceof vscode.Uri ? fileTarget(given) : given);
        } catch (error) {
          // An exception is a bug or a broken store: the user sees the message, and the log has the details.
          services.notify.fail(
            fail('store', t("Backstop couldn't complete this action."), {
              cause: error instanceof Error ? error.message : String(error),
            }).failure,
          );
          throw error;
        }
      }),
    ),
  );
}
