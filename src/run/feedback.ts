// What reviewers say while a run goes on: the file as it is now, for every look, and a line in the journal for whoever
// asks later.
import type { Feedback } from '../model/evidence/feedback.ts';
import type { RunContext } from './context.ts';
import type { Inbox } from './ownership/inbox.ts';
import type { Journal } from './ownership/journal.ts';

/**
 * The list of entries, the same object as long as nothing changed. A file with a mistake leaves what was heeded before,
 * and is told once.
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

/** Marks come through the store, from any process; a run taken up again reads them anew and journals each once. */
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
