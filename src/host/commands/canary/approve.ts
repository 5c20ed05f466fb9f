// Approve…: shows who asked, what changes and the checks so far; then asks for inputs and a comment if required.
import { identityOf } from '../../../model/identity.ts';
import * as vscode from 'vscode';
import { commands } from '../../../contributions.ts';
import type { ApprovalStage } from '../../../model/pipeline.ts';
import { allStages } from '../../../model/pipeline.ts';
import { stagesOf, type QuestionState, type RunState } from '../../../model/runs/runState.ts';
import { formatMoment } from '../../../protocol/words/format.ts';
import { plainLine } from '../../../protocol/words/plainText.ts';
import { automaticAt } from '../../../protocol/words/waitingSentences.ts';
import { problemOfInput } from '../../asking/inputValues.ts';
import { tellRun } from '../../asking/instruct.ts';
import { changeSentence, progressSentence, subject } from '../../notices/notices.ts';
import type { HostServices } from '../../hostServices.ts';
import { pickOne, typeLine } from '../../asking/prompts.ts';
import { findQuestion, nextEnvironment } from '../../runs/runFacts.ts';
import { readTarget } from '../../workspace/target.ts';
import { chooseRun } from '../choose.ts';
import { currentRelease, isConfirmed } from '../deploying/rollBack.ts';
import { wordsOf } from './tellWords.ts';
import { t } from '../../../protocol/words/translate.ts';

export async function approve(services: HostServices, given: unknown): Promise<void> {
  if (!services.mayAct()) return;
  const target = readTarget(given),
    title = t('Approve');
  const chosen = await chooseRun(
    services,
    target,
    title,
    state => findQuestion(state, target, 'approval') !== undefined,
    t('No run is waiting for an approval.'),
  );
  const asked = chosen && findQuestion(chosen.state, target, 'approval');
  if (!chosen || !asked) return;
  if (!isConfirmed(given) && !(await showRequest(services, chosen.state, asked, title))) return;
  const inputs = await askInputs(services, chosen.state, asked, title);
  if (!inputs) return;
  const isAsked = asked.question.commentRequired && !target.comment?.trim();
  const comment = isAsked
    ? await typeLine(
        { title },
        {
          prompt: t('Comment (required by the pipeline)'),
          check: text => (text.trim() === '' ? t('A comment is required.') : undefined),
        },
      )
    : { text: target.comment?.trim() ?? '' };
  if (comment === undefined || comment === 'back') return;
  const by = await services.person(services.ownRuns.folderOf(chosen.run.id));
  await tellRun(
    services,
    chosen.run.id,
    {
      type: 'approve',
      question: asked.question.id,
      by,
      at: Date.now(),
      ...(comment.text && { comment: comment.text }),
      ...(Object.keys(inputs).length && { inputs }),
    },
    wordsOf(),
  );
}

async function showRequest(
  services: HostServices,
  state: RunState,
  { question }: QuestionState,
  title: string,
): Promise<boolean> {
  const engine = await services.engineFor();
  const environment = nextEnvironment(
    state,
    services.pipelines.find({ file: state.file, name: state.pipeline, service: identityOf(state) })?.pipeline,
  );
  const running =
    engine && environment !== undefined ? currentRelease(engine.history, identityOf(state), environment) : undefined;
  const picked = await pickOne<'approve' | 'evidence'>(
    { title: `${title}: ${subject(state)}` },
    plainLine(question.message, 200) || t('Continue?'),
    [
      { label: `$(check) ${t('Approve')}`, description: automaticAt({ question }, Date.now()), value: 'approve' },
      { label: `$(output) ${t('Show Evidence')}`, value: 'evidence' },
      { label: t('Details'), kind: vscode.QuickPickItemKind.Separator },
      { label: t('Requested by {0}', plainLine(state.by.name, 80)), description: formatMoment(state.startedAtMs) },
      ...(question.approvers.length
        ? [{ label: t('Can be approved by {0}', question.approvers.map(name => plainLine(name, 80)).join(', ')) }]
        : []),
      { label: changeSentence(running, state.release, t) || t('What runs there now is unknown.') },
      { label: progressSentence(state, t) },
      ...stagesOf(state)
        .filter(stage => stage.status !== 'pending')
        .map(stage => ({ label: plainLine(stage.name, 80), description: stage.status })),
    ],
  );
  if (picked === 'evidence') await vscode.commands.executeCommand(commands.openRun, { runId: state.runId });
  return picked === 'approve';
}

/** Undefined if the user cancelled; the engine checks the values again. */
async function askInputs(
  { pipelines }: HostServices,
  state: RunState,
  { question }: QuestionState,
  title: string,
): Promise<Readonly<Record<string, string>> | undefined> {
  const pipeline = pipelines.find({ file: state.file, name: state.pipeline, service: identityOf(state) })?.pipeline;
  const stage =
    pipeline &&
    allStages(pipeline).find((one): one is ApprovalStage => one.kind === 'approval' && one.name === question.stage);
  const values: Record<string, string> = {};
  for (const input of stage?.inputs ?? []) {
    const answer = await typeLine(
      { title: `${title}: ${plainLine(input.name, 80)}` },
      {
        prompt: plainLine(input.description ?? input.name, 200),
        ...(input.default !== undefined && { value: String(input.default) }),
        check: text => problemOfInput(input, text, t),
      },
    );
    if (answer === undefined || answer === 'back') return undefined;
    if (answer.text !== '') values[input.name] = answer.text;
  }
  return values;
}
