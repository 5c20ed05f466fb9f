// Writes a reviewer's feedback from the run panel into the feedback file of the run's folder, if it is open and
// trusted.
import { identityOf } from '../../model/identity.ts';
import * as vscode from 'vscode';
import type { RunState } from '../../model/runs/runState.ts';
import type { ToHost } from '../../protocol/runPanel.ts';
import type { HostServices } from '../hostServices.ts';
import type { FeedbackSource, RunFollower } from './runFollower.ts';
import { t } from '../../protocol/words/translate.ts';

export async function feedbackOf(services: HostServices, state: RunState): Promise<FeedbackSource> {
  const folder = folderOf(services, state);
  if (folder === undefined)
    return {
      refused: t('The pipeline of this run is not in an open folder. Open its repository to mark log events.'),
    };
  const engine = await services.engines.open(folder);
  if (!engine.ok) return { refused: engine.failure.message };
  return {
    engine: engine.value,
    ...(!vscode.workspace.isTrusted && {
      refused: t("This workspace is not trusted, so Backstop doesn't write to it."),
    }),
  };
}

/** The message if nothing was written. */
export async function answerMark(
  services: HostServices,
  { state, find }: Pick<RunFollower, 'state' | 'find'>,
  message: Extract<ToHost, { type: 'mark' | 'unmark' }>,
): Promise<string | undefined> {
  const cluster = find(message.cluster)?.cluster;
  if (!state || !cluster) return t('This log event is no longer in the latest report.');
  const { engine, refused } = await feedbackOf(services, state);
  if (!engine || refused !== undefined) return refused;
  const request = {
    runId: state.runId,
    cluster: { key: cluster.key, template: cluster.template },
    by: await services.person(folderOf(services, state)),
  };
  const answer =
    message.type === 'mark'
      ? await engine.mark({ ...request, mark: message.mark, reason: message.reason })
      : await engine.unmark(request);
  return answer.ok ? undefined : [answer.failure.message, answer.failure.hint].filter(Boolean).join(' ');
}

/** The open folder that has the pipeline of the run; undefined: none has. */
export function folderOf({ pipelines, ownRuns }: HostServices, state: RunState): string | undefined {
  const own = ownRuns.folderOf(state.runId);
  const { file, pipeline } = state;
  return pipelines.find({ file, name: pipeline, service: identityOf(state), ...(own !== undefined && { folder: own }) })
    ?.folder;
}
