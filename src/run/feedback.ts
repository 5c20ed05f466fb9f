// Follows feedback from reviewers during a run: each evaluation uses the current file, and the journal records every
// mark.
import type { Feedback } from '../model/evidence/feedback.ts';
import type { RunContext } from './context.ts';
import type { Inbox } from './ownership/inbox.ts';
import type { Journal } from './ownership/journal.ts';

/**
 * Returns the entries, as the same array until the file changes. If the file has a mistake, the previous entries stay
 * in effect and the mistake is reported once.
 */
export function followFeedback({ phases, journal }: Pick<RunContext, 'phases' | 'journal'>): () => readonly Feedback[] {
  let entries: readonly Feedback[] = [];
  let told: string | undefined;
  return () => {
    const read = phases.readFeedback();
    if (read.ok) {
      entries = read.value;
      told = undefined;
      return entries;
    }
    if (told !== read.failure.message) journal.record({ type: 'noted', failure: read.failure });
    told = read.failure.message;
    return entries;
  };
}

/** Marks arrive through the store, from any process. A resumed run reads them again, and journals each only once. */
export function journalFeedback(inbox: Inbox, journal: Journal, signal: AbortSignal): void {
  inbox.listen(0, signal, instruction => {
    if (instruction.type !== 'feedback') return;
    const { by, at, key, template, mark, comment } = instruction;
    journal.recordOnce(
      {
        type: 'feedback-given',
        by,
        givenAtMs: at,
        key,
        template,
        ...(mark && { mark }),
        ...(comment !== undefined && { reason: comment }),
      },
      event => event.givenAtMs === at && event.key === key,
    );
  });
}
