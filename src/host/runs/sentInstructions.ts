// Instructions that users have just given. Views show them immediately, until the run reacts.
import { openQuestions, type RunState } from '../../model/runs/runState.ts';
import type { Instruction } from '../../model/runs/runEvents.ts';
import type { Translate } from '../../protocol/words/translate.ts';

export interface SentInstructions {
  of(runId: string): Instruction['type'] | undefined;
  /** Call the returned function when the run has reacted, or if it will not react. */
  add(runId: string, type: Instruction['type']): () => void;
}

export function keepSentInstructions(onChange: () => void): SentInstructions {
  const sent = new Map<string, Instruction['type']>();
  return {
    of: runId => sent.get(runId),
    add(runId, type) {
      sent.set(runId, type);
      onChange();
      return () => {
        sent.delete(runId);
        onChange();
      };
    },
  };
}

const answers: Readonly<Partial<Record<Instruction['type'], string>>> = {
  approve: 'approved',
  reject: 'rejected',
  rollback: 'rollback',
  promote: 'promote',
};

/** The state as if the run had accepted the instruction, so that no one is asked again for what was just answered. */
export function expectedState(state: RunState, type: Instruction['type'] | undefined): RunState {
  const closed = type && answers[type];
  const asked = openQuestions(state)[0]?.question;
  const missing = asked ? asked.minimum - countedAnswers(state, asked.id) : 0;
  if (closed === undefined || !asked || (type === 'approve' && missing > 1)) return state;
  return {
    ...state,
    questions: state.questions.map(one => (one.question.id === asked.id ? { ...one, closed } : one)),
  };
}

function countedAnswers({ questions }: RunState, id: string): number {
  const asked = questions.find(({ question }) => question.id === id);
  return asked?.answers.filter(({ refused }) => refused === undefined).length ?? 0;
}

export function sentWord(type: Instruction['type'], t: Translate): string {
  switch (type) {
    case 'approve':
      return t('approving…');
    case 'reject':
      return t('rejecting…');
    case 'rollback':
      return t('rolling back…');
    case 'promote':
      return t('promoting…');
    case 'hold':
      return t('holding…');
    case 'cancel':
      return t('cancelling…');
    case 'skip-verification':
      return t('skipping the verification…');
    case 'retry-verification':
      return t('verifying again…');
    case 'feedback':
      return t('marking…');
    default:
      return type satisfies never;
  }
}
