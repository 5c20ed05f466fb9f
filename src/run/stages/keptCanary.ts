// A canary stage that passed on only some of its nodes leaves the environment partly upgraded. The run keeps the
// environment, watches it, and rolls it back if the run does not continue.
import type { Failure } from '../../model/failure.ts';
import type { CanaryStage, Verification } from '../../model/pipeline.ts';
import type { PlannedPhase, PlannedStage } from '../../model/runs/plan.ts';
import type { Person, RunOutcome } from '../../model/runs/runEvents.ts';
import type { Reason, VerificationReport } from '../../model/evidence/verdict.ts';
import { policy, type RunContext } from '../context.ts';
import { guardedBy, startGuard, type Guard } from './guard.ts';
import { keepEnvironment } from '../ownership/lease.ts';
import { lastWorkingRelease, recordStanding } from '../releases/ledger.ts';
import { rollBack } from '../releases/rollback.ts';
import { asItIs } from './phaseNodes.ts';
import { createShield, type Scope } from './scope.ts';

interface Kept {
  readonly stage: CanaryStage;
  readonly last: PlannedPhase;
  readonly nodes: readonly string[];
  readonly guard?: Guard;
}

export interface KeptCanaries {
  /**
   * Called after a stage has passed. If nodes remain on the old release, the run keeps the environment. Returns a
   * failure if it has lost the environment.
   */
  keep(planned: PlannedStage, scope: Scope): Promise<Failure | undefined>;
  /** From now on, another stage of the run is responsible for these nodes. */
  handOver(environment: string): Promise<void>;
  /**
   * Rolls back what no later stage is responsible for, unless the run was promoted or is to stay as it is. Returns how
   * the run ends.
   */
  end(ended: Ending | undefined): Promise<Ending | undefined>;
}
export interface Ending {
  readonly outcome: RunOutcome;
  readonly failure?: Failure;
}

/** True if nodes remain on the old release. */
export function leavesPart({ phases }: Pick<PlannedStage, 'phases'>): boolean {
  return (phases.at(-1)?.baselineNodes.length ?? 0) > 0;
}

export function keepCanaries(context: RunContext): KeptCanaries {
  const { journal } = context;
  const kept = new Map<string, Kept>();
  let breach: { readonly failure: Failure; readonly reasons: readonly Reason[] } | undefined;

  async function keep({ stage, nodes, phases }: PlannedStage, scope: Scope): Promise<Failure | undefined> {
    const planned = phases.at(-1);
    if (stage.kind !== 'canary' || !planned || !leavesPart({ phases })) return undefined;
    const last = asItIs(context, stage, planned);
    // A run that repeats an earlier one does not own what the earlier one deployed.
    if (!journal.find('stage-started', event => event.stage === stage.name)) return undefined;
    const held = await keepEnvironment(context, stage.name, stage.environment, scope);
    if (!held.ok) return held.failure;
    const passed = journal.find('stage-finished', event => event.stage === stage.name);
    const before = journal.find(
      'decided',
      event => event.stage === stage.name && event.decision === 'rollback' && event.seq > (passed?.seq ?? 0),
    );
    const message = `${stage.name} failed its verification after it had passed, before the run went on.`;
    const failure = { kind: 'cancelled', message } as const;
    const onBreach = (reasons: readonly Reason[]): void => {
      breach ??= { reasons, failure };
      scope.cancel(breach.failure);
    };
    const wanted = stage.onFailure.kind === 'rollback' || stage.onFailure.kind === 'ask';
    if (before?.failure?.message === message) onBreach(before.reasons);
    const verification = wanted ? guardedBy(context, last.verification, last.baselineNodes) : undefined;
    const guard =
      verification && !breach
        ? await guardKept(context, stage, last, { verification, failure, sinceMs: passed?.at }, onBreach)
        : undefined;
    kept.set(stage.environment, { stage, last, nodes, ...(guard && { guard }) });
    return undefined;
  }

  async function end(ended: Ending | undefined): Promise<Ending | undefined> {
    const ending: Ending | undefined = breach ? { outcome: 'rolled-back', failure: breach.failure } : ended;
    const stays =
      !ending || ending.outcome === 'promoted' || ending.outcome === 'held' || ending.outcome === 'overtaken';
    let broken: Failure | undefined;
    for (const canary of kept.values()) {
      await canary.guard?.finish();
      if (!stays) broken ??= await bringBack(context, canary, ending, breach?.reasons ?? []);
    }
    return broken ? { outcome: 'failed', failure: broken } : ending;
  }

  return {
    keep,
    async handOver(environment) {
      await kept.get(environment)?.guard?.finish();
    },
    end,
  };
}

function guardKept(
  context: RunContext,
  stage: CanaryStage,
  last: PlannedPhase,
  {
    verification,
    failure,
    sinceMs = context.ports.clock.now(),
  }: { readonly verification: Verification; readonly failure: Failure; readonly sinceMs: number | undefined },
  onBreach: (reasons: readonly Reason[]) => void,
): Promise<Guard> {
  return startGuard(
    context,
    {
      key: `${stage.name}/after`,
      stage: stage.name,
      environment: stage.environment,
      phase: last.number,
      verification,
      canaryNodes: last.canaryNodes,
      baselineNodes: last.baselineNodes,
      sinceMs,
      beforeToMs: context.journal.find('stage-started', event => event.stage === stage.name)?.at ?? 0,
      failure,
    },

    createShield(context.ended),
    (report: VerificationReport) =>
      onBreach(report.checks.filter(check => check.outcome === 'fail').flatMap(check => check.reasons)),
  );
}

/**
 * Rolls the canary back unless `onFailure` says otherwise. Returns a failure if it cannot be rolled back or verified.
 */
async function bringBack(
  context: RunContext,
  { stage, last, nodes }: Kept,
  { failure }: Ending,
  reasons: readonly Reason[],
): Promise<Failure | undefined> {
  const { journal } = context;
  const { name, environment, onFailure } = stage;
  const responsible = journal.find('phase-started', event =>
    context.plan.groups
      .flat()
      .some(
        one => one.stage.name === event.stage && one.stage.kind === 'canary' && one.stage.environment === environment,
      ),
  );
  if (responsible?.stage !== name || onFailure.kind === 'stop' || onFailure.kind === 'ignore') return undefined;
  const working = lastWorkingRelease(context, environment, context.release);
  if (!working.ok) {
    recordStanding(context, environment, context.release, 'failed');
    journal.recordOnce(
      { type: 'rollback-impossible', stage: name, failure: working.failure },
      event => event.stage === name,
    );
    return working.failure;
  }
  const by = whoEnded(context) ?? policy;
  const passed = journal.find('stage-finished', event => event.stage === name)?.seq ?? 0;
  journal.recordOnce(
    {
      type: 'decided',
      stage: name,
      decision: 'rollback',
      by,
      reasons,
      strategy: onFailure.kind,
      ...(failure && { failure }),
    },
    event => event.stage === name && event.decision === 'rollback' && event.seq > passed,
  );
  const result = await rollBack(context, {
    stage: name,
    environment,
    from: context.release,
    to: working.value,
    nodes: [last.canaryNodes],
    otherNodes: nodes.filter(node => !last.canaryNodes.includes(node)),
    hook: stage.rollback,
    ...(stage.rollbackBatches && { batches: stage.rollbackBatches }),
    ...(stage.check !== undefined && { check: stage.check }),
    verification: stage.verification,
    beforeToMs: journal.find('stage-started', event => event.stage === name)?.at ?? 0,
  });
  return result.proven
    ? undefined
    : (result.failure ?? { kind: 'hook-failed', message: 'The rollback could not be verified.' });
}

/** The person who cancelled or rejected the run. */
function whoEnded({ journal }: RunContext): Person | undefined {
  const { cancelledBy, questions } = journal.state();
  return (
    cancelledBy ??
    questions.flatMap(one => one.answers).findLast(one => one.answer.type === 'reject' && !one.refused)?.answer.by
  );
}
