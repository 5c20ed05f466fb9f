// Judges a phase: listens to the looks, to people and to the clock at once, until there is a decision that can be acted upon.
import type { Failure } from '../model/failure.ts';
import type { FailureStrategy, Verification } from '../model/pipeline.ts';
import type { Decision, Instruction, Person, Question } from '../model/runEvents.ts';
import type { Reason, VerificationReport } from '../model/verdict.ts';
import { startCheck, type CheckTask, type RunningCheck } from './check.ts';
import { policy, type RunContext } from './context.ts';
import { ask, closeQuestion, refuseAnswer } from './question.ts';
import type { Scope } from './scope.ts';

export interface Judgement {
  readonly decision: Decision | 'cancelled';
  readonly by: Person;
  readonly reasons: readonly Reason[];
  readonly failure?: Failure;
  readonly comment?: string;
  /** Looks go on until it is stopped or finished. */
  readonly check?: RunningCheck;
}

interface JudgeTask {
  /** What people have said since then counts. */
  readonly sinceMs: number;
  readonly check: CheckTask;
  readonly onFailure: FailureStrategy;
}

/** What a person may say of a phase. */
const judged: ReadonlySet<Instruction['type']> = new Set(['rollback', 'promote', 'hold', 'skip-verification', 'retry-verification']);

type Happening =
  | { readonly kind: 'look'; readonly report: VerificationReport; readonly over: boolean }
  | { readonly kind: 'instruction'; readonly instruction: Instruction }
  | { readonly kind: 'deadline'; readonly question: string }
  | { readonly kind: 'cancelled' };

export async function judge(context: RunContext, task: JudgeTask, scope: Scope): Promise<Judgement> {
  const listening = scope.child();
  const happenings = createQueue<Happening>();
  listening.signal.addEventListener('abort', () => happenings.push({ kind: 'cancelled' }), { once: true });
  if (listening.signal.aborted) happenings.push({ kind: 'cancelled' });
  context.inbox.listen(task.sinceMs, listening.signal, instruction => {
    if (judged.has(instruction.type) && context.inbox.take(instruction)) happenings.push({ kind: 'instruction', instruction });
  });
  const judgement = await listen(context, task, scope, listening, happenings);
  listening.cancel({ kind: 'cancelled', message: 'The phase is decided.' });
  return judgement;
}

async function listen(context: RunContext, task: JudgeTask, scope: Scope, listening: Scope, happenings: Queue<Happening>): Promise<Judgement> {
  let check = await startCheck(context, task.check, scope, onLook);
  let latest: VerificationReport | undefined;
  let over = false, heldByPerson = false, round = 1;
  let question: Question | undefined;
  function onLook(report: VerificationReport, isOver: boolean): void { happenings.push({ kind: 'look', report, over: isOver }); }
  const settle = (decision: Decision, by: Person, reasons: readonly Reason[], comment?: string): Judgement => {
    if (question) closeQuestion(context, question, by === policy ? 'overtaken' : decision === 'promote' ? 'promote' : 'rollback');
    return { decision, by, reasons, check, ...(comment !== undefined && { comment }) };
  };

  for (;;) {
    const happening = await happenings.next();
    switch (happening.kind) {
      case 'cancelled': {
        if (question) closeQuestion(context, question, 'overtaken');
        return { decision: 'cancelled', by: policy, reasons: [], check, failure: scope.cancelled() ?? { kind: 'cancelled', message: 'Cancelled.' } };
      }
      case 'instruction': {
        const { instruction } = happening;
        const { type, by, comment } = instruction;
        const reasons = latest?.checks.flatMap(one => one.reasons) ?? [];
        if (type !== 'rollback' && type !== 'promote' && type !== 'hold' && type !== 'skip-verification' && type !== 'retry-verification') break;
        if (question && (type === 'promote' || type === 'rollback')) {
          const refused = refuseAnswer(question, instruction, context.by, []);
          context.journal.record({ type: 'answered', question: question.id, answer: instruction, ...(refused !== undefined && { refused }) });
          if (refused !== undefined) break;
        }
        if (type === 'rollback' || type === 'promote') return settle(type, by, reasons, comment);
        if (type === 'hold') { heldByPerson = true; break; }
        if (type === 'skip-verification') {
          context.journal.record({ type: 'verification-skipped', key: task.check.key, by, why: comment ?? '' });
          return settle('promote', by, [{ code: 'skipped', values: { by: by.name, why: comment ?? '' } }], comment);
        }
        await check.finish({ learn: false });
        if (question) closeQuestion(context, question, 'overtaken');
        question = undefined; over = false; latest = undefined;
        check = await startCheck(context, { ...task.check, key: `${task.check.key}/again-${round++}`, canarySinceMs: context.ports.clock.now() }, scope, onLook);
        break;
      }
      case 'look': case 'deadline': {
        if (happening.kind === 'look') { latest = happening.report; over ||= happening.over; }
        else if (happening.question !== question?.id) break;
        if (!latest || (latest.outcome === 'inconclusive' && !over)) break;
        const waitedOut = happening.kind === 'deadline';
        const made = context.phases.decide({ report: latest, onFailure: task.onFailure, missingData: task.check.verification.missingData, heldByPerson, waitedOut });
        if (made.decision !== 'hold' && made.decision !== 'ask') return settle(made.decision, policy, made.reasons);
        if (waitedOut) {
          if (question) closeQuestion(context, question, 'timed-out');
          return { decision: 'hold', by: policy, reasons: made.reasons, check };
        }
        if (question && question.kind !== made.decision) {
          closeQuestion(context, question, 'overtaken');
          question = undefined;
        }
        question ??= askPeople(context, task, made.decision, made.reasons, listening, happenings);
        break;
      }
      default: return happening satisfies never;
    }
  }
}

function askPeople(context: RunContext, { check, onFailure }: JudgeTask, kind: 'hold' | 'ask', reasons: readonly Reason[], listening: Scope, happenings: Queue<Happening>): Question {
  const { ports: { clock }, journal } = context;
  const forMs = kind === 'ask' && onFailure.kind === 'ask' ? onFailure.forMs : check.verification.holdForMs;
  const question = ask(context, {
    id: `${check.key}/${kind}`, kind, stage: check.stage, approvers: [], minimum: 1, starterMayAnswer: true, commentRequired: false,
    message: kind === 'ask' ? 'The verification failed. Roll back, or go on?' : 'The verification could not decide. Promote, or roll back?',
    deadlineMs: clock.now() + forMs, otherwise: otherwise(kind, check.verification) });
  journal.recordOnce({ type: 'decided', stage: check.stage, decision: 'hold', by: policy, reasons }, event => event.stage === check.stage && event.at >= clock.now());
  void clock.sleep(Math.max(0, question.deadlineMs - clock.now()), listening.signal).then(() => {
    if (!listening.signal.aborted) happenings.push({ kind: 'deadline', question: question.id });
  });
  return question;
}

function otherwise(kind: 'hold' | 'ask', verification: Verification): Question['otherwise'] {
  return kind === 'ask' || verification.missingData === 'rollback' ? 'rollback' : 'hold';
}

interface Queue<T> {
  push(item: T): void;
  next(): Promise<T>;
}
function createQueue<T>(): Queue<T> {
  const items: T[] = [];
  let wake: (() => void) | undefined;
  return {
    push(item) { items.push(item); wake?.(); },
    async next() {
      while (items.length === 0) await new Promise<void>(resolve => { wake = resolve; });
      return items.shift()!;
    },
  };
}
