// Judges a phase: waits for evaluations, instructions and deadlines at the same time, until a decision can be carried
// out.
import type { Failure } from '../../model/failure.ts';
import type { FailureStrategy, Verification } from '../../model/pipeline.ts';
import type { Decision, Instruction, Person, Question } from '../../model/runs/runEvents.ts';
import type { Reason, VerificationReport } from '../../model/evidence/verdict.ts';
import { startCheck, type HearLook, type RunningCheck } from './check/check.ts';
import { type CheckTask } from './check/checkTask.ts';
import { policy, type RunContext } from '../context.ts';
import { ask, closeQuestion, refuseAnswer } from './question.ts';
import { createQueue, type Queue } from '../ownership/queue.ts';
import type { Scope } from './scope.ts';
import type { StartUp } from './startUp.ts';
import { findHold, findStandstill } from '../unattended.ts';

export interface Judgement {
  readonly decision: Decision | 'cancelled';
  readonly by: Person;
  readonly reasons: readonly Reason[];
  readonly failure?: Failure;
  readonly comment?: string;
  /** Still running: the caller must stop or finish it. */
  readonly check?: RunningCheck;
}

export interface JudgeTask {
  /** Instructions count from this time on. */
  readonly sinceMs: number;
  readonly check: CheckTask;
  /** The findings from the start-up of the phase's nodes, which are part of its evidence. */
  readonly startUp?: StartUp;
  readonly onFailure: FailureStrategy;
}

/** The instructions that a person can give for a phase. */
const judged = ['rollback', 'promote', 'hold', 'skip-verification', 'retry-verification'] as const;
type Word = Instruction & { readonly type: (typeof judged)[number] };

type Happening =
  /** A report of the verification with the number `of`, counted from the first one of this phase. */
  | {
      readonly kind: 'look';
      readonly of: number;
      readonly report: VerificationReport;
      readonly over: boolean;
      readonly jumped: boolean;
    }
  | { readonly kind: 'word'; readonly word: Word }
  | { readonly kind: 'deadline'; readonly question: string }
  | { readonly kind: 'cancelled' };

/** The state while a phase is being judged: the evidence so far, and the open question. */
interface Hearing {
  readonly context: RunContext;
  readonly task: JudgeTask;
  readonly scope: Scope;
  readonly listening: Scope;
  readonly happenings: Queue<Happening>;
  check: RunningCheck;
  latest?: VerificationReport;
  over: boolean;
  heldByPerson: boolean;
  retries: number;
  question?: Question;
}

export async function judge(context: RunContext, task: JudgeTask, scope: Scope): Promise<Judgement> {
  const held = findHold(context);
  if (held) return { decision: 'hold', by: policy, reasons: [], failure: held };
  const listening = scope.child();
  const happenings = createQueue<Happening>();
  listening.signal.addEventListener('abort', () => happenings.push({ kind: 'cancelled' }), { once: true });
  if (listening.signal.aborted) happenings.push({ kind: 'cancelled' });
  context.inbox.listen(task.sinceMs, listening.signal, instruction => {
    if (isWord(instruction) && context.inbox.take(instruction)) happenings.push({ kind: 'word', word: instruction });
  });
  const check = await startCheck(context, task.check, scope, tellLooks(happenings, 0));
  const hearing: Hearing = {
    context,
    task,
    scope,
    listening,
    happenings,
    check,
    over: false,
    heldByPerson: false,
    retries: 0,
  };
  let judgement: Judgement | undefined;
  while (!judgement) judgement = await hear(hearing, await happenings.next());
  listening.cancel({ kind: 'cancelled', message: 'The phase is decided.' });
  return judgement;
}

function isWord(instruction: Instruction): instruction is Word {
  return judged.some(type => type === instruction.type);
}

function tellLooks(happenings: Queue<Happening>, of: number): HearLook {
  return (report, state) => happenings.push({ kind: 'look', of, report, ...state });
}

async function hear(hearing: Hearing, happening: Happening): Promise<Judgement | undefined> {
  switch (happening.kind) {
    case 'cancelled':
      dropQuestion(hearing);
      return {
        decision: 'cancelled',
        by: policy,
        reasons: [],
        check: hearing.check,
        failure: hearing.scope.cancelled() ?? { kind: 'cancelled', message: 'Cancelled.' },
      };
    case 'word':
      return hearWord(hearing, happening.word);
    case 'look':
      if (happening.of !== hearing.retries) return undefined;
      if (happening.jumped) {
        await lookAfresh(hearing);
        return undefined;
      }
      hearing.latest = hearing.task.startUp?.addTo(happening.report) ?? happening.report;
      hearing.over ||= happening.over;
      return weigh(hearing, false);
    case 'deadline':
      return happening.question === hearing.question?.id ? weigh(hearing, true) : undefined;
    default:
      return happening satisfies never;
  }
}

async function hearWord(hearing: Hearing, word: Word): Promise<Judgement | undefined> {
  const {
    context: { journal },
    task,
    latest,
  } = hearing;
  const { type, by, comment = '' } = word;
  switch (type) {
    case 'hold':
      hearing.heldByPerson = true;
      return undefined;
    case 'rollback':
    case 'promote':
      return answers(hearing, word)
        ? settle(hearing, type, by, latest?.checks.flatMap(check => check.reasons) ?? [], word.comment)
        : undefined;
    case 'skip-verification':
      journal.record({ type: 'verification-skipped', key: task.check.key, by, why: comment });
      return settle(hearing, 'promote', by, [{ code: 'skipped', values: { by: by.name, why: comment } }], word.comment);
    case 'retry-verification':
      await lookAfresh(hearing);
      return undefined;
    default:
      return type satisfies never;
  }
}

/** False if the pipeline does not allow this person to answer the open question. */
function answers({ context, question }: Hearing, word: Word): boolean {
  if (!question) return true;
  const refused = refuseAnswer(question, word, context.by, []);
  context.journal.record({
    type: 'answered',
    question: question.id,
    answer: word,
    ...(refused !== undefined && { refused }),
  });
  return refused === undefined;
}

async function lookAfresh(hearing: Hearing): Promise<void> {
  const { context, task, scope, happenings } = hearing;
  await hearing.check.finish({ learn: false });
  dropQuestion(hearing);
  hearing.over = false;
  delete hearing.latest;
  const key = `${task.check.key}/again-${++hearing.retries}`;
  hearing.check = await startCheck(
    context,
    { ...task.check, key, canarySinceMs: context.ports.clock.now() },
    scope,
    tellLooks(happenings, hearing.retries),
  );
}

/** Decides if the evidence allows it, asks people if the decision is theirs, and holds if no one answered in time. */
function weigh(hearing: Hearing, waitedOut: boolean): Judgement | undefined {
  const { context, task, latest, over, heldByPerson } = hearing;
  if (!latest || (latest.outcome === 'inconclusive' && !over)) return undefined;
  const { decision, reasons } = context.phases.decide({
    report: latest,
    onFailure: task.onFailure,
    healthSources: context.pipeline.healthSources,
    missingData: task.check.verification.missingData,
    heldByPerson,
    waitedOut,
  });
  const standstill = decision === 'promote' || decision === 'continue' ? findStandstill(context) : undefined;
  if (standstill) return { ...settle(hearing, 'hold', policy, reasons), failure: standstill };
  if (decision !== 'hold' && decision !== 'ask') return settle(hearing, decision, policy, reasons);
  if (waitedOut) {
    if (hearing.question) closeQuestion(context, hearing.question, 'timed-out');
    return { decision: 'hold', by: policy, reasons, check: hearing.check };
  }
  if (hearing.question?.kind !== decision) dropQuestion(hearing);
  hearing.question ??= askPeople(hearing, decision, reasons);
  return undefined;
}

function settle(
  { context, question, check }: Hearing,
  decision: Decision,
  by: Person,
  reasons: readonly Reason[],
  comment?: string,
): Judgement {
  if (question)
    closeQuestion(context, question, by === policy ? 'overtaken' : decision === 'promote' ? 'promote' : 'rollback');
  return { decision, by, reasons, check, ...(comment !== undefined && { comment }) };
}

function dropQuestion(hearing: Hearing): void {
  if (hearing.question) closeQuestion(hearing.context, hearing.question, 'overtaken');
  delete hearing.question;
}

function askPeople(
  { context, task: { check, onFailure }, latest, listening, happenings }: Hearing,
  kind: 'hold' | 'ask',
  reasons: readonly Reason[],
): Question {
  const {
    ports: { clock },
    journal,
  } = context;
  const hasFailed = latest?.outcome === 'fail';
  const forMs = kind === 'ask' && onFailure.kind === 'ask' ? onFailure.forMs : check.verification.holdForMs;
  const question = ask(context, {
    id: `${check.key}/${kind}`,
    kind,
    stage: check.stage,
    approvers: [],
    minimum: 1,
    starterMayAnswer: true,
    commentRequired: false,
    message:
      kind === 'ask'
        ? 'The verification failed. Roll back, or continue?'
        : hasFailed
          ? 'A metric that only holds the run failed. Promote, or roll back?'
          : 'The verification could not decide. Promote, or roll back?',
    deadlineMs: clock.now() + forMs,
    otherwise: hasFailed && kind === 'hold' ? 'hold' : otherwise(kind, check.verification),
  });
  journal.recordOnce(
    { type: 'decided', stage: check.stage, decision: 'hold', by: policy, reasons },
    event => event.stage === check.stage && event.at >= clock.now(),
  );
  void clock.sleep(Math.max(0, question.deadlineMs - clock.now()), listening.signal).then(() => {
    if (!listening.signal.aborted) happenings.push({ kind: 'deadline', question: question.id });
  });
  return question;
}

function otherwise(kind: 'hold' | 'ask', verification: Verification): Question['otherwise'] {
  return kind === 'ask' || verification.missingData === 'rollback' ? 'rollback' : 'hold';
}
