// Runs a pipeline: the groups in order, the stages of a group in parallel, until all are done or one ends the run.
import type { Failure } from '../model/failure.ts';
import type { PlannedStage } from '../model/runs/plan.ts';
import type { RunOutcome, StageOutcome } from '../model/runs/runEvents.ts';
import { runApproval, type StageResult } from './stages/approvalStage.ts';
import { runCanary } from './stages/canaryStage.ts';
import type { RunContext } from './context.ts';
import { runDeploy } from './stages/deployStage.ts';
import { keepCanaries, leavesPart, type Ending, type KeptCanaries } from './stages/keptCanary.ts';
import { withEnvironment } from './ownership/lease.ts';
import { leaveStage } from './ownership/overtaken.ts';
import { inputsSoFar } from './stages/question.ts';
import { createShield, withTimeout, type Scope } from './stages/scope.ts';
import { cancelUnattended, findStandstill } from './unattended.ts';

/**
 * Expects `run-started` in the journal, and journals `run-finished`. Stages before `from` keep their earlier outcome.
 */
export async function runPipeline(
  context: RunContext,
  from?: { readonly stage: string; readonly outcomes: ReadonlyMap<string, StageOutcome> },
): Promise<void> {
  const scope = createShield(context.ended);
  cancelUnattended(context, scope);
  const stopListening = listenForCancel(context, scope);
  const outcomes = new Map<string, StageOutcome>();
  const first = from
    ? Math.max(
        0,
        context.plan.groups.findIndex(group => group.some(({ stage }) => stage.name === from.stage)),
      )
    : 0;
  const kept = keepCanaries(context);
  let ended: Ending | undefined;
  for (const [index, group] of context.plan.groups.entries()) {
    const results = await Promise.all(
      group.map(async planned => {
        const before =
          index < first || (index === first && planned.stage.name !== from?.stage)
            ? from?.outcomes.get(planned.stage.name)
            : undefined;
        const result =
          before === 'passed' || before === 'skipped'
            ? keepOutcome(context, planned, before)
            : await runStage(context, planned, outcomes, scope, kept);
        return { name: planned.stage.name, result };
      }),
    );
    for (const { name, result } of results) outcomes.set(name, result.outcome);
    ended = worst(results.map(({ result }) => result));
    for (const planned of group)
      if (!ended && outcomes.get(planned.stage.name) === 'passed') {
        const failure = await kept.keep(planned, scope);
        ended = failure && { outcome: outcomeOf(failure), failure };
      }
    if (ended) break;
  }
  stopListening();
  ended = await kept.end(ended);
  if (ended?.failure?.kind === 'unattended' && ended.outcome === 'cancelled' && wasBroughtBack(context))
    ended = { ...ended, outcome: 'rolled-back' };
  context.journal.recordOnce({ type: 'run-finished', ...(ended ?? { outcome: 'promoted' }) }, () => true);
}

/** If several stages end the run at once, the first outcome of this list wins. */
const gravity: readonly RunOutcome[] = ['failed', 'rolled-back', 'overtaken', 'cancelled', 'rejected', 'held'];

function worst(results: readonly StageResult[]): Ending | undefined {
  const ending = results.filter(({ outcome, ignored }) => outcome !== 'passed' && outcome !== 'skipped' && !ignored);
  for (const outcome of gravity) {
    const result = ending.find(one => one.outcome === outcome);
    if (result) return { outcome, ...(result.failure && { failure: result.failure }) };
  }
  return undefined;
}

function keepOutcome({ journal }: RunContext, { stage }: PlannedStage, outcome: StageOutcome): StageResult {
  journal.recordOnce({ type: 'stage-finished', stage: stage.name, outcome }, event => event.stage === stage.name);
  return { outcome };
}

async function runStage(
  context: RunContext,
  planned: PlannedStage,
  outcomes: ReadonlyMap<string, StageOutcome>,
  scope: Scope,
  kept: KeptCanaries,
): Promise<StageResult> {
  const { journal } = context;
  const { name } = planned.stage;
  const before = journal.find('stage-finished', event => event.stage === name);
  if (before)
    return {
      outcome: before.outcome,
      ...(before.failure && { failure: before.failure }),
      ignored: wasIgnored(context, name),
    };
  const result = endBeforeStart(context, planned, outcomes, scope) ?? (await workOn(context, planned, scope, kept));
  journal.record({
    type: 'stage-finished',
    stage: name,
    outcome: result.outcome,
    ...(result.failure && { failure: result.failure }),
  });
  return result;
}

/**
 * Even a cancelled run enters a stage that an earlier process began, because its hooks must end and its canary must be
 * rolled back.
 */
function endBeforeStart(
  context: RunContext,
  { stage }: PlannedStage,
  outcomes: ReadonlyMap<string, StageOutcome>,
  scope: Scope,
): StageResult | undefined {
  const { journal, phases, release } = context;
  const begun = journal.find('stage-started', event => event.stage === stage.name) !== undefined;
  const cancelled = begun ? undefined : scope.cancelled();
  if (cancelled) return { outcome: 'cancelled', failure: cancelled };
  const standstill = begun ? undefined : findStandstill(context);
  if (standstill) return { outcome: 'held', failure: standstill };
  const facts = { inputs: inputsSoFar(context), version: release.artifact.version, outcomes };
  return stage.when && !phases.evaluateCondition(stage.when, facts) ? { outcome: 'skipped' } : undefined;
}

async function workOn(
  context: RunContext,
  planned: PlannedStage,
  scope: Scope,
  kept: KeptCanaries,
): Promise<StageResult> {
  const { journal, ports } = context;
  const { stage } = planned;
  const start = (): void => {
    journal.recordOnce(
      {
        type: 'stage-started',
        stage: stage.name,
        ...(stage.kind !== 'approval' && { environment: stage.environment }),
      },
      event => event.stage === stage.name,
    );
  };
  if (stage.kind === 'approval') {
    start();
    return runApproval(context, stage, scope);
  }
  const held = await withEnvironment(
    context,
    stage.name,
    stage.environment,
    scope,
    async inside => {
      start();
      await kept.handOver(stage.environment);
      return withTimeout(inside, stage.timeoutMs, `Stage ${stage.name}`, ports.clock, limited =>
        stage.kind === 'deploy'
          ? runDeploy(context, stage, planned.nodes, limited)
          : runCanary(context, stage, planned, limited),
      );
    },
    ({ outcome }) => outcome === 'passed' && stage.kind === 'canary' && leavesPart(planned),
  );
  if (held.ok) return held.value;
  if (held.failure.kind === 'overtaken') leaveStage(journal, stage.name);
  return { outcome: outcomeOf(held.failure), failure: held.failure };
}

/** The outcome of a stage that could not take its environment. */
function outcomeOf({ kind }: Failure): 'cancelled' | 'overtaken' | 'failed' {
  return kind === 'unattended' ? 'cancelled' : kind === 'cancelled' || kind === 'overtaken' ? kind : 'failed';
}

function wasBroughtBack({ journal }: RunContext): boolean {
  return journal.find('rollback-finished') !== undefined;
}

function wasIgnored({ journal }: RunContext, stage: string): boolean {
  return journal.find('decided', event => event.stage === stage)?.decision === 'continue';
}

/** A person's instruction cancels the scope of the run; rollbacks in progress are shielded from it. */
function listenForCancel({ inbox, journal }: RunContext, scope: Scope): () => void {
  const listening = new AbortController();
  const cancel = (name: string): void => scope.cancel({ kind: 'cancelled', message: `Cancelled by ${name}.` });
  const before = journal.find('cancel-asked');
  if (before) cancel(before.by.name);
  inbox.listen(0, listening.signal, instruction => {
    if (instruction.type !== 'cancel' || journal.find('cancel-asked')) return;
    journal.record({ type: 'cancel-asked', by: instruction.by });
    cancel(instruction.by.name);
  });
  return () => listening.abort();
}
