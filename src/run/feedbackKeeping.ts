// Writes a reviewer's marks to the repository's feedback file, and informs the run that they concern.
import { fail, succeed, type Failure, type Result } from '../model/failure.ts';
import { feedbackFile, indexFeedback, type Feedback, type FeedbackMark } from '../model/evidence/feedback.ts';
import type { MarkRequest, UnmarkRequest } from '../model/runs/engine.ts';
import type { Ports } from '../model/ports.ts';
import { formatProblem, type Problem } from '../model/problem.ts';
import type { Person } from '../model/runs/runEvents.ts';
import { answerPatiently } from './ownership/patience.ts';

/** The functions of the definition phase that parse and edit the text of the file. */
export interface FeedbackText {
  parse(text: string, file: string): { readonly entries: readonly Feedback[]; readonly problems: readonly Problem[] };
  add(text: string | undefined, entry: Feedback): string;
  remove(text: string, cluster: Pick<Feedback, 'key' | 'template'>): string | undefined;
}

export interface FeedbackKeeping {
  /** Returns the same array until the file changes. */
  read(): Result<readonly Feedback[]>;
  mark(request: MarkRequest): Promise<Result<Feedback>>;
  unmark(request: UnmarkRequest): Promise<Result<void>>;
}

export function createFeedbackKeeping(
  { feedback: file, history, clock }: Pick<Ports, 'feedback' | 'history' | 'clock'>,
  text: FeedbackText,
): FeedbackKeeping {
  const { readFile, write } = openFile(file, text);
  /**
   * The marks that this process has made, keyed by the resulting text, so that undoing the latest mark restores the
   * file byte for byte.
   */
  const marked = new Map<string, { readonly template: string; readonly before: string | undefined }>();

  const tellRun = (runId: string, by: Person, said: Said): Promise<Result<void>> =>
    tellPatiently({ history, clock }, runId, by, said);

  return {
    read() {
      const read = readFile();
      return read.ok ? succeed(read.value.entries) : read;
    },
    async mark({ runId, cluster: { key, template }, mark, reason, by }) {
      const read = readFile();
      if (!read.ok) return read;
      const entry: Feedback = { key, template, mark, reason: oneLine(reason), by: by.name, atMs: clock.now() };
      if (entry.reason === '')
        return fail('invalid', 'A reason is needed: whoever meets this log event next will want to know it.');
      const cleared =
        read.value.text === undefined || !indexFeedback(read.value.entries)(entry)
          ? read.value.text
          : text.remove(read.value.text, entry);
      const changed = text.add(cleared, entry);
      const written = write(read.value.text, changed);
      if (!written.ok) return written;
      marked.set(changed, { template, before: read.value.text });
      const told = await tellRun(runId, by, { at: entry.atMs, key, template, mark, comment: entry.reason });
      return told.ok ? succeed(entry) : told;
    },
    async unmark({ runId, cluster: { key, template }, by }) {
      const read = readFile();
      if (!read.ok) return read;
      const { text: content, entries } = read.value;
      if (content === undefined || !indexFeedback(entries)({ key, template }))
        return fail('not-found', `Nobody has said anything of this log event in ${feedbackFile}.`);
      const latest = marked.get(content);
      const written = write(
        content,
        latest?.template === template ? latest.before : text.remove(content, { key, template }),
      );
      if (!written.ok) return written;
      return tellRun(runId, by, { at: clock.now(), key, template });
    },
  };
}

interface FeedbackContent {
  readonly text: string | undefined;
  readonly entries: readonly Feedback[];
}

function openFile(
  file: Ports['feedback'],
  text: FeedbackText,
): {
  readFile(): Result<FeedbackContent>;
  write(old: string | undefined, changed: string | undefined): Result<void>;
} {
  let known: { readonly text: string | undefined; readonly entries: Result<readonly Feedback[]> } | undefined;
  function readFile(): Result<FeedbackContent> {
    const read = file.read();
    if (!read.ok) return read;
    if (!known || known.text !== read.value) known = { text: read.value, entries: parse(read.value) };
    return known.entries.ok ? succeed({ text: read.value, entries: known.entries.value }) : known.entries;
  }
  function parse(content: string | undefined): Result<readonly Feedback[]> {
    if (content === undefined) return succeed([]);
    const { entries, problems } = text.parse(content, feedbackFile);
    const errors = problems.filter(({ severity }) => severity === 'error');
    return errors.length === 0 ? succeed(entries) : { ok: false, failure: mistake(errors) };
  }
  function write(old: string | undefined, changed: string | undefined): Result<void> {
    const checked = parse(changed);
    if (!checked.ok)
      return fail('invalid', `${feedbackFile} is written in a way that cannot be changed for you.`, {
        ...(checked.failure.cause && { cause: checked.failure.cause }),
        hint: 'Change it by hand.',
      });
    return file.replace(old, changed);
  }
  return { readFile, write };
}

interface Said {
  readonly at: number;
  readonly key: string;
  readonly template: string;
  readonly mark?: FeedbackMark;
  readonly comment?: string;
}

function tell(history: Ports['history'], runId: string, by: Person, { at, ...said }: Said): void {
  const run = history.findRun(runId);
  if (!run) return;
  if (run.outcome === undefined) return history.instruct(run.id, { type: 'feedback', by, at, ...said });
  const { comment, ...rest } = said;
  const seq = (history.events(run.id).at(-1)?.seq ?? 0) + 1;
  history.append(run.id, [
    {
      seq,
      at,
      type: 'feedback-given',
      by,
      givenAtMs: at,
      ...rest,
      ...(comment !== undefined && { reason: comment }),
    },
  ]);
}

async function tellPatiently(
  { history, clock }: Pick<Ports, 'history' | 'clock'>,
  runId: string,
  by: Person,
  said: Said,
): Promise<Result<void>> {
  const told = await answerPatiently(clock, () => succeed(tell(history, runId, by, said)));
  return told.ok
    ? told
    : fail('store', `${feedbackFile} was changed, but the run has no record of it: ${told.failure.message}`, {
        ...(told.failure.hint !== undefined && { hint: told.failure.hint }),
      });
}

/** The first mistake in full, in the form that compilers use, and the number of others. */
function mistake([first, ...others]: readonly Problem[]): Failure {
  return {
    kind: 'invalid',
    message:
      `${feedbackFile} has ${others.length === 0 ? 'a mistake' : `${others.length + 1} mistakes`}, ` +
      `so nothing of it counts: ${first ? formatProblem(first) : ''}`,
    hint: 'Correct it. Until then, verifications use the marks that were last read.',
  };
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}
