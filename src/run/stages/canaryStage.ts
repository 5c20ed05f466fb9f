// A canary stage: phase by phase upgrade, mark, settle, verify, decide; then watch; and roll back from wherever it stands.
import type { Failure } from '../../model/failure.ts';
import type { CanaryStage } from '../../model/pipeline.ts';
import type { PlannedPhase, PlannedStage } from '../../model/runs/plan.ts';
import type { Decision } from '../../model/runs/runEvents.ts';
import type { StageResult } from './approvalStage.ts';
import { callHook } from '../callHook.ts';
import { policy, type RunContext } from '../context.ts';
import { decideFailure } from './failedStep.ts';
import { judge, type Judgement } from './judge.ts';
import { guardedBy, startGuard, type Guard } from './guard.ts';
import { keepLearned, lastWorkingRelease, recordNodes, recordStanding } from '../releases/ledger.ts';
import { placeMarkers } from '../marker.ts';
import { rollBack } from '../releases/rollback.ts';
import type { Scope } from './scope.ts';

interface Canary {
  readonly context: RunContext;
  readonly stage: CanaryStage;
  readonly planned: PlannedStage;
  readonly scope: Scope;
  readonly startedAtMs: number;
  /** Looks at the nodes of the phases before while the next ones are upgraded; a breach cancels the scope, and nothing but it. */
  readonly guard?: Guard;
  readonly outer?: Scope;
}

/** A phase ends in one of these; `go-on` leads to the next. */
type PhaseEnd =
  | { readonly kind: 'go-on'; readonly judgement?: Judgement; readonly byHand: boolean }
  | { readonly kind: 'end'; readonly result: StageResult };

export async function runCanary(
  context: RunContext,
  stage: CanaryStage,
  planned: PlannedStage,
  scope: Scope,
): Promise<StageResult> {
  const startedAtMs =
    context.journal.find('stage-started', event => event.stage === stage.name)?.at ?? context.ports.clock.now();
  const canary: Canary = { context, stage, planned, scope, startedAtMs };
  recordStanding(context, stage.environment, context.release, 'deploying');
  let byHand = false;
  for (const phase of planned.phases) {
    const end = await runGuarded(canary, phase);
    if (end.kind === 'end') return end.result;
    byHand ||= end.byHand;
    const last = phase.number === phase.of;
    const watched = last && stage.watchMs > 0 ? await watch(canary, phase) : undefined;
    if (watched?.kind === 'end') {
      await end.judgement?.check?.finish({ learn: false });
      return watched.result;
    }
    const finished = await (watched?.judgement ?? end.judgement)?.check?.finish({ learn: last });
    if (watched) await end.judgement?.check?.finish({ learn: false });
    if (last && finished) keepLearned(context, stage.environment, finished);
  }
  const standing = planned.phases.some(phase => phase.verification) || stage.watchMs > 0 ? 'verified' : 'unverified';
  recordStanding(context, stage.environment, context.release, byHand ? 'promoted-by-hand' : standing);
  return { outcome: 'passed' };
}

/** From the second phase on the nodes of the phases before are looked at meanwhile; where they fail, what is under way is stopped, and all of it judged. */
async function runGuarded(canary: Canary, phase: PlannedPhase): Promise<PhaseEnd> {
  const { context, stage, planned, scope, startedAtMs } = canary;
  if (findGoodEnd(canary, phase)) return { kind: 'go-on', byHand: false };
  const earlier = planned.phases[phase.number - 2],
    since = earlier && findGoodEnd(canary, earlier)?.at;
  const verification = earlier && guardedBy(context, phase.verification ?? earlier.verification, phase.baselineNodes);
  if (!earlier || since === undefined || !verification || findOwnDecision(canary, phase))
    return runPhase(canary, phase);
  const inside = scope.child();
  const guard = await startGuard(
    context,
    {
      key: `${stage.name}/${phase.number}/meanwhile`,
      stage: stage.name,
      environment: stage.environment,
      phase: phase.number,
      verification,
      canaryNodes: earlier.canaryNodes,
      baselineNodes: phase.baselineNodes,
      sinceMs: since,
      beforeToMs: startedAtMs,
    },
    inside,
    () => {
      if (stage.onFailure.kind !== 'ignore') inside.cancel(failedMeanwhile(stage));
    },
  );
  return runPhase({ ...canary, scope: inside, outer: scope, guard }, phase);
}

function failedMeanwhile({ name }: CanaryStage): Failure {
  return { kind: 'no-data', message: `${name} failed its verification while its next nodes were upgraded.` };
}

function findOwnDecision(canary: Canary, { number }: PlannedPhase): Judgement | undefined {
  const { context, stage } = canary;
  const started = context.journal.find('phase-started', event => event.stage === stage.name && event.phase === number);
  return started && findDecision(canary, started.seq);
}

async function runPhase(canary: Canary, phase: PlannedPhase): Promise<PhaseEnd> {
  const { context, stage, scope } = canary;
  const {
    journal,
    ports: { clock },
  } = context;
  const { number, of, newNodes, canaryNodes, baselineNodes } = phase;
  const { at: sinceMs, seq } = journal.recordOnce(
    {
      type: 'phase-started',
      stage: stage.name,
      phase: number,
      of,
      nodes: newNodes,
      canaryNodes,
      baselineNodes,
      later: canary.planned.phases.slice(number).map(one => one.newNodes),
    },
    event => event.stage === stage.name && event.phase === number,
  );
  const before = findDecision(canary, seq);
  if (before) return carryOut(canary, phase, before);
  const failure = await upgrade(canary, phase);
  if (failure) return afterFailedHook(canary, phase, failure);
  if (number === 1) await markDeployment(canary, phase);
  if (!phase.verification) {
    await clock.sleep(phase.settleMs, scope.signal);
    const cancelled = scope.cancelled();
    return act(canary, phase, {
      decision: cancelled ? 'cancelled' : 'promote',
      by: policy,
      reasons: [],
      ...(cancelled && { failure: cancelled }),
    });
  }
  const canarySinceMs = clock.now() + phase.settleMs;
  canary.guard?.handOver(canarySinceMs);
  const judgement = await judge(
    context,
    {
      sinceMs,
      onFailure: stage.onFailure,
      check: {
        key: `${stage.name}/${number}`,
        stage: stage.name,
        environment: stage.environment,
        phase: number,
        purpose: 'canary',
        verification: phase.verification,
        canaryNodes,
        baselineNodes,
        canarySinceMs,
        beforeToMs: canary.startedAtMs,
      },
    },
    scope,
  );
  return act(canary, phase, judgement);
}

function findGoodEnd({ context: { journal }, stage }: Canary, { number }: PlannedPhase) {
  return journal.find(
    'phase-finished',
    event =>
      event.stage === stage.name &&
      event.phase === number &&
      (event.decision === 'promote' || event.decision === 'continue'),
  );
}

/** What an earlier process decided after that event is decided: nodes that are half back must not be judged again. */
function findDecision({ context: { journal }, stage }: Canary, afterSeq: number): Judgement | undefined {
  const decided = journal.find('decided', event => event.stage === stage.name && event.seq > afterSeq);
  if (!decided || decided.decision === 'hold') return undefined;
  const { decision, by, reasons, failure, comment } = decided;
  return {
    decision: failure?.kind === 'cancelled' ? 'cancelled' : decision,
    by,
    reasons,
    ...(failure && { failure }),
    ...(comment !== undefined && { comment }),
  };
}

function markDeployment({ context, stage, scope }: Canary, { newNodes }: PlannedPhase): Promise<void> {
  const {
    pipeline: { service },
    release,
    runId,
  } = context;
  return placeMarkers(
    context,
    'canary',
    stage.name,
    release,
    `Backstop deploys ${service} ${release.artifact.version} to ${newNodes.join(', ')} (run ${runId}).`,
    scope,
  );
}

/** After the last phase the whole environment is watched on: a regression that shows late is rolled back too. */
async function watch(canary: Canary, phase: PlannedPhase): Promise<PhaseEnd> {
  const { context, stage, scope } = canary;
  const { at: sinceMs, seq } = findGoodEnd(canary, phase)!;
  const before = findDecision(canary, seq);
  if (before) return carryOut(canary, phase, before);
  const judgement = await judge(
    context,
    {
      sinceMs,
      onFailure: stage.onFailure,
      check: {
        key: `${stage.name}/watch`,
        stage: stage.name,
        environment: stage.environment,
        phase: phase.number,
        purpose: 'watch',
        verification: { ...(phase.verification ?? stage.verification), durationMs: stage.watchMs },
        canaryNodes: phase.canaryNodes,
        baselineNodes: [],
        canarySinceMs: context.ports.clock.now(),
        beforeToMs: canary.startedAtMs,
      },
    },
    scope,
  );
  return act(canary, phase, judgement);
}

/** The new release on the phase's nodes, and the check that it is there. */
async function upgrade(canary: Canary, phase: PlannedPhase): Promise<Failure | undefined> {
  const { context, stage } = canary;
  // Only a rollback stops it in the middle: what a person is asked about, or what stops where it is, must not be half-way.
  const scope = stage.onFailure.kind === 'rollback' ? canary.scope : (canary.outer ?? canary.scope);
  const { release } = context;
  const working = lastWorkingRelease(context, stage.environment, release);
  const task = {
    stage: stage.name,
    environment: stage.environment,
    nodes: phase.newNodes,
    phase: phase.number,
    release,
    ...(working.ok && { previousVersion: working.value.artifact.version }),
  };
  recordNodes(context, stage.environment, phase.newNodes, null);
  const deployed = await callHook(context, { ...task, hook: stage.deploy, purpose: 'deploy' }, scope);
  if (deployed.failure) return deployed.failure;
  if (stage.check !== undefined) {
    const checked = await callHook(context, { ...task, hook: stage.check, purpose: 'check' }, scope);
    if (checked.failure) return checked.failure;
  }
  recordNodes(context, stage.environment, phase.newNodes, release);
  return undefined;
}

async function afterFailedHook(canary: Canary, phase: PlannedPhase, failure: Failure): Promise<PhaseEnd> {
  const { context, stage, scope } = canary;
  const cancelled = scope.cancelled();
  if (cancelled) return act(canary, phase, { decision: 'cancelled', by: policy, reasons: [], failure: cancelled });
  const decided = await decideFailure(
    context,
    {
      stage: stage.name,
      key: `${stage.name}/${phase.number}/hook`,
      onFailure: stage.onFailure,
      failure,
      missingData: stage.verification.missingData,
    },
    scope,
  );
  return act(canary, phase, { ...decided, reasons: [], failure });
}

/** A cancelled or overdue canary is brought back; one whose environment another run has taken is left alone. */
function endOfScope({ stage }: Canary, { decision, failure }: Judgement): Judgement['decision'] {
  if (decision !== 'cancelled' || failure?.kind === 'cancelled') return decision;
  return failure?.kind === 'timeout' && (stage.onFailure.kind === 'rollback' || stage.onFailure.kind === 'ask')
    ? 'rollback'
    : 'stop';
}

/** What failed meanwhile counts more than what was about to be decided; a person is obeyed. */
async function heedGuard(canary: Canary, phase: PlannedPhase, judgement: Judgement): Promise<Judgement> {
  const { context, stage, guard, outer } = canary;
  const breach = await guard?.finish();
  const isByPerson = judgement.by.via !== 'policy';
  if (!breach || !outer || outer.cancelled() || judgement.decision === 'rollback' || isByPerson) return judgement;
  const { onFailure, verification } = stage;
  const weighed = context.phases.decide({
    report: breach,
    onFailure,
    missingData: verification.missingData,
    heldByPerson: false,
    waitedOut: false,
  });
  const failure = failedMeanwhile(stage);
  const decided =
    weighed.decision === 'ask'
      ? await decideFailure(
          context,
          {
            stage: stage.name,
            key: `${stage.name}/${phase.number}/meanwhile`,
            onFailure,
            failure,
            missingData: verification.missingData,
          },
          outer,
        )
      : { decision: weighed.decision, by: policy };
  return {
    ...decided,
    reasons: weighed.reasons,
    ...(judgement.check && { check: judgement.check }),
    failure: decided.decision === 'cancelled' ? (outer.cancelled() ?? failure) : failure,
  };
}

async function act(canary: Canary, phase: PlannedPhase, found: Judgement): Promise<PhaseEnd> {
  const {
    context: { journal },
    stage,
  } = canary;
  const judgement = await heedGuard(canary, phase, found);
  const { by, reasons, failure, comment } = judgement;
  const decision = endOfScope(canary, judgement);
  journal.record({
    type: 'decided',
    stage: stage.name,
    decision: inEvents(decision),
    by,
    reasons,
    strategy: stage.onFailure.kind,
    ...(failure && { failure }),
    ...(comment !== undefined && { comment }),
  });
  return carryOut(canary, phase, { ...judgement, decision });
}

async function carryOut(canary: Canary, phase: PlannedPhase, judgement: Judgement): Promise<PhaseEnd> {
  const { context, stage } = canary;
  const { decision, by, failure } = judgement;
  switch (decision) {
    case 'promote':
    case 'continue':
      finishPhase(canary, phase, decision);
      return { kind: 'go-on', judgement, byHand: by.via !== 'policy' || decision === 'continue' };
    case 'hold':
    case 'stop':
      await judgement.check?.finish({ learn: false });
      recordStanding(context, stage.environment, context.release, decision === 'hold' ? 'held' : 'failed');
      finishPhase(canary, phase, decision);
      return { kind: 'end', result: { outcome: decision === 'hold' ? 'held' : 'failed', ...(failure && { failure }) } };
    case 'rollback':
    case 'cancelled': {
      judgement.check?.stop();
      const result = await backToWorking(canary, phase, judgement);
      finishPhase(canary, phase, decision);
      return { kind: 'end', result };
    }
    default:
      return decision satisfies never;
  }
}

function finishPhase(
  { context: { journal }, stage }: Canary,
  { number }: PlannedPhase,
  decision: Judgement['decision'],
): void {
  journal.recordOnce(
    { type: 'phase-finished', stage: stage.name, phase: number, decision: inEvents(decision) },
    event => event.stage === stage.name && event.phase === number && event.decision === inEvents(decision),
  );
}

/** A cancelled canary is rolled back. */
function inEvents(decision: Judgement['decision']): Decision {
  return decision === 'cancelled' ? 'rollback' : decision;
}

async function backToWorking(canary: Canary, phase: PlannedPhase, judgement: Judgement): Promise<StageResult> {
  const { context, stage, planned, startedAtMs } = canary;
  const working = lastWorkingRelease(context, stage.environment, context.release);
  const wanted: StageResult['outcome'] = judgement.decision === 'cancelled' ? 'cancelled' : 'rolled-back';
  if (!working.ok) {
    await judgement.check?.finish({ learn: false });
    recordStanding(context, stage.environment, context.release, 'failed');
    context.journal.recordOnce(
      { type: 'rollback-impossible', stage: stage.name, failure: working.failure },
      event => event.stage === stage.name,
    );
    return { outcome: judgement.decision === 'cancelled' ? 'cancelled' : 'failed', failure: working.failure };
  }
  const result = await rollBack(context, {
    stage: stage.name,
    environment: stage.environment,
    from: context.release,
    to: working.value,
    nodes: [phase.canaryNodes],
    otherNodes: planned.nodes.filter(node => !phase.canaryNodes.includes(node)),
    hook: stage.rollback,
    ...(stage.check !== undefined && { check: stage.check }),
    verification: stage.verification,
    beforeToMs: startedAtMs,
    onBack: async () => {
      await judgement.check?.finish({ learn: false });
    },
  });
  if (result.proven) return { outcome: wanted, ...(judgement.failure && { failure: judgement.failure }) };
  return {
    outcome: 'failed',
    failure: result.failure ?? { kind: 'hook-failed', message: 'The rollback could not be verified.' },
  };
}
