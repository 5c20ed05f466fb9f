// Sends an instruction to a run and waits briefly, so that its effect can be reported.
import type { Engine } from '../../model/runs/engine.ts';
import type { Result } from '../../model/failure.ts';
import type { RunSummary } from '../../model/history.ts';
import type { Instruction, RunEvent } from '../../model/runs/runEvents.ts';
import { openQuestions } from '../../model/runs/runState.ts';
import { reduceRun } from '../../model/runs/reduceRun.ts';
import type { RunState } from '../../model/runs/runState.ts';
import { plainLine } from '../../protocol/words/plainText.ts';
import { verdictSentence } from '../../protocol/words/verdictSentence.ts';
import { questionSentence } from '../../protocol/words/questionSentences.ts';
import { done } from '../command.ts';
import type { CommandContext } from '../command.ts';
import { exitStatus } from '../exitStatus.ts';

const patienceMs = 5000;
const pollMs = 200;

export async function tellRun(
  { dependencies: { clock }, output }: CommandContext,
  engine: Engine,
  run: RunSummary,
  instruction: Instruction,
): Promise<Result<number>> {
  const before = lastSeq(engine, run.id);
  const told = await engine.instruct(run.id, instruction);
  if (!told.ok) return told;
  if (!engine.history.isRunning(run.id)) {
    output.line([
      {
        tone: 'warn',
        text:
          `Saved for run #${run.number}, but its process has ended. It takes effect when the run is resumed: ` +
          `backstop resume ${run.number}`,
      },
    ]);
    return done(exitStatus.held);
  }
  const until = clock.now() + patienceMs;
  for (;;) {
    const answer = engine.history.events(run.id, before).find(event => reactsTo(event, instruction));
    if (answer?.type === 'answered' && answer.refused) {
      output.line([{ tone: 'bad', text: `Run #${run.number} did not accept this: ${plainLine(answer.refused, 300)}` }]);
      return done(exitStatus.bad);
    }
    if (answer) {
      output.line([`Run #${run.number} accepted it. ${nextOf(reduceRun(run.id, engine.history.events(run.id)))}`]);
      return done(exitStatus.good);
    }
    if (clock.now() >= until) {
      output.line([
        `Saved for run #${run.number}, but the run hasn't responded yet. If its process has ended: ` +
          `backstop resume ${run.number}`,
      ]);
      return done(exitStatus.good);
    }
    await clock.sleep(pollMs);
  }
}

function lastSeq(engine: Engine, runId: string): number {
  return engine.history.events(runId).at(-1)?.seq ?? -1;
}

function reactsTo(event: RunEvent, instruction: Instruction): boolean {
  if (event.type === 'answered')
    return (
      event.answer.type === instruction.type &&
      event.answer.at === instruction.at &&
      event.answer.by.name === instruction.by.name
    );
  if (event.type === 'cancel-asked') return instruction.type === 'cancel';
  return event.type === 'decided' && event.by.via !== 'policy' && event.decision === instruction.type;
}

function nextOf(state: RunState | undefined): string {
  const waiting = state?.outcome === undefined && state ? openQuestions(state)[0] : undefined;
  if (waiting) return `It is still waiting for ${questionSentence(waiting)}.`;
  return state ? `${verdictSentence(state)}.` : '';
}
