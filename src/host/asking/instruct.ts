// Sends an instruction to a run and waits briefly for its reaction, so that a rejected answer is noticed.
import type { Instruction, RunEvent } from '../../model/runs/runEvents.ts';
import { fail } from '../../model/failure.ts';
import { plainLine } from '../../protocol/words/plainText.ts';
import type { HostServices } from '../hostServices.ts';

const patienceMs = 6000,
  pollMs = 250;

export interface TellWords {
  readonly notTaken: string;
  readonly refused: string;
}
type TellServices = Pick<HostServices, 'notify' | 'feed' | 'engineFor' | 'mayAct' | 'sent'>;

/** Until the run has reacted, the views show the instruction that was sent. */
export async function tellRun(
  services: TellServices,
  runId: string,
  instruction: Instruction,
  words: TellWords,
): Promise<boolean> {
  if (!services.mayAct()) return false;
  const settle = services.sent.add(runId, instruction.type);
  try {
    return await sendAndWait(services, runId, instruction, words);
  } finally {
    settle();
  }
}

async function sendAndWait(
  { notify, feed, engineFor }: TellServices,
  runId: string,
  instruction: Instruction,
  words: TellWords,
): Promise<boolean> {
  const engine = await engineFor();
  if (!engine) return false;
  const before = engine.history.events(runId).at(-1)?.seq ?? 0;
  const told = await engine.instruct(runId, instruction);
  if (!told.ok) {
    notify.fail(told.failure);
    return false;
  }
  if (isSilent(instruction)) {
    feed.poke();
    return true;
  }
  for (let waitedMs = 0; waitedMs < patienceMs; waitedMs += pollMs) {
    const answer = engine.history.events(runId, before).find(event => reactsTo(event, instruction));
    if (answer) {
      feed.poke();
      if (answer.type !== 'answered' || answer.refused === undefined) return true;
      notify.fail(fail('refused', `${words.refused} ${plainLine(answer.refused, 300)}`).failure);
      return false;
    }
    await new Promise(resolve => {
      setTimeout(resolve, pollMs);
    });
  }
  notify.fail(fail('timeout', words.notTaken).failure);
  return false;
}

/** These instructions produce no event immediately, so there is nothing to wait for. */
function isSilent({ type }: Instruction): boolean {
  return type === 'hold' || type === 'retry-verification';
}

function reactsTo(event: RunEvent, instruction: Instruction): boolean {
  switch (event.type) {
    case 'answered':
      return (
        event.answer.at === instruction.at &&
        event.answer.type === instruction.type &&
        event.answer.by.name === instruction.by.name
      );
    case 'cancel-asked':
      return instruction.type === 'cancel';
    case 'verification-skipped':
      return instruction.type === 'skip-verification';
    case 'decided':
      return event.by.via !== 'policy' && event.decision === instruction.type;
    case 'run-finished':
      return true;
    default:
      return false;
  }
}
