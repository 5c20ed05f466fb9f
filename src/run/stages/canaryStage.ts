// A canary stage. Each phase upgrades nodes, marks the deployment, settles, verifies and decides; after the last phase
// the environment is watched. A rollback is possible at any point.
import type { Failure } from '../../model/failure.ts';
import type { CanaryStage, Verification } from '../../model/pipeline.ts';
import type { RunEvent } from '../../model/runs/runEvents.ts';
import type { PlannedPhase, PlannedStage } from '../../model/runs/plan.ts';
import type { StageResult } from './approvalStage.ts';
import {
  failedAtStart,
  failedMeanwhile,
  findDecision,
  findGoodEnd,
  findOwnDecision,
  findStart,
  type Canary,
  type PhaseEnd,
} from './canary.ts';
import { act, afterFailedHook, carryOut } from './canaryDecision.ts';
import { markDeployment, upgrade } from './canaryUpgrade.ts';
import { endEarlierLoads, startLoad } from './phaseLoad.ts';
import { findApproved, passApproval } from './phaseApproval.ts';
import { policy, type RunContext } from '../context.ts';
import { isListed } from '../nodes.ts';
import { asItIs, layOutNow } from './phaseNodes.ts';
import { judge, type Judgement } from './judge.ts';
import { guardedBy, startGuard, type Guard } from './guard.ts';
import { keepLearned, keepStartUp, recordStanding } from '../releases/ledger.ts';
import { watchStartUp } from './startUp.ts';
import type { Scope } from './scope.ts';
import { findStandstill } from '../unattended.ts';

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
  await endEarlierLoads(canary);
  let byHand = false;
  for (const one of planned.phases) {
    const phase = asItIs(context, stage, one);
    const before = (await endBefore(canary, phase)) ?? (await askBefore(canary, phase));
    if (before?.kind === 'end') return before.result;
    const laidOut = await layOutNow(canary, phase);
    const end = laidOut.ok
      ? await runGuarded(canary, laidOut.value)
      : await stopUnlisted(canary, phase, laidOut.failure);
    if (end.kind === 'end') return end.result;
    byHand ||= end.byHand || (before?.byHand ?? false);
    const last = phase.number === phase.of;
    const watched = last && stage.watchMs > 0 ? await watch(canary, asItIs(context, stage, phase)) : undefined;
    if (watched?.kind === 'end') {
      await end.judgement?.check?.finish({ learn: false });
      await end.startUp?.finish({ learn: false });
      return watched.result;
    }
    const finished = await (watched?.judgement ?? end.judgement)?.check?.finish({ learn: last });
    if (watched) await end.judgement?.check?.finish({ learn: false });
    if (last && finished) keepLearned(context, stage.environment, finished);
    const started = await end.startUp?.finish({ learn: last });
    if (last && started) keepStartUp(context, stage.environment, started);
  }
  const standing = planned.phases.some(phase => phase.verification) || stage.watchMs > 0 ? 'verified' : 'unverified';
  recordStanding(context, stage.environment, context.release, byHand ? 'promoted-by-hand' : standing);
  return { outcome: 'passed' };
}

/** Ends the stage if the phase must not begin. An open decision on the previous phase is carried out first. */
async function endBefore(canary: Canary, phase: PlannedPhase): Promise<PhaseEnd | undefined> {
  const { context, stage, scope } = canary;
  if (findStart(canary, phase)) return undefined;
  const earlier = phaseBefore(canary, phase);
  const end = earlier && findGoodEnd(canary, earlier);
  const before = end && findDecision(canary, end.seq);
  if (earlier && before) return carryOut(canary, earlier, before);
  const cancelled = scope.cancelled(),
    failure = cancelled ?? findStandstill(context);
  if (!failure) return undefined;
  const decision = cancelled ? 'cancelled' : 'hold';
  if (earlier) return act(canary, earlier, { decision, by: policy, reasons: [], failure });
  // No node was changed yet.
  recordStanding(context, stage.environment, context.release, 'failed');
  const outcome = failure.kind === 'timeout' ? 'failed' : cancelled ? 'cancelled' : 'held';
  return { kind: 'end', result: { outcome, failure } };
}

function askBefore(canary: Canary, phase: PlannedPhase): Promise<PhaseEnd | undefined> | undefined {
  const earlier = phaseBefore(canary, phase);
  return earlier && passApproval(canary, earlier, phase);
}

function phaseBefore({ context, stage, planned }: Canary, { number }: PlannedPhase): PlannedPhase | undefined {
  const earlier = planned.phases[number - 2];
  return earlier && asItIs(context, stage, earlier);
}

/** No node of this phase was changed; nodes of earlier phases are treated as after a failed hook. */
function stopUnlisted(canary: Canary, phase: PlannedPhase, failure: Failure): Promise<PhaseEnd> {
  const earlier = phaseBefore(canary, phase);
  if (earlier) return afterFailedHook(canary, earlier, failure);
  const { context, stage } = canary;
  recordStanding(context, stage.environment, context.release, 'failed');
  const said = { ...failure, message: `Nothing was deployed. ${failure.message}` };
  return Promise.resolve({ kind: 'end', result: { outcome: 'failed', failure: said } });
}

/**
 * Watches the new nodes from the start of their upgrade and, from the second phase on, the nodes of earlier phases as
 * well. A failure cancels what is in progress, and the phase is decided with all evidence.
 */
async function runGuarded(canary: Canary, phase: PlannedPhase): Promise<PhaseEnd> {
  const { stage, scope } = canary;
  if (findGoodEnd(canary, phase)) return { kind: 'go-on', byHand: false };
  if (findOwnDecision(canary, phase)) return runPhase(canary, phase);
  const inside = scope.child();
  const onBreach = (failure: Failure): void => {
    if (stage.onFailure.kind !== 'ignore') inside.cancel(failure);
  };
  const guard = await guardEarlier(canary, phase, inside, onBreach);
  return runPhase({ ...canary, scope: inside, outer: scope, ...(guard && { guard }) }, phase, () =>
    onBreach(failedAtStart(stage)),
  );
}

async function guardEarlier(
  canary: Canary,
  phase: PlannedPhase,
  inside: Scope,
  onBreach: (failure: Failure) => void,
): Promise<Guard | undefined> {
  const { context, stage, startedAtMs } = canary;
  const earlier = phaseBefore(canary, phase),
    since = earlier && (findApproved(canary, earlier) ?? findGoodEnd(canary, earlier))?.at;
  const verification = earlier && guardedBy(context, phase.verification ?? earlier.verification, phase.baselineNodes);
  if (!earlier || since === undefined || !verification) return undefined;
  const failure = failedMeanwhile(stage);
  return startGuard(
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
      failure,
    },
    inside,
    () => onBreach(failure),
  );
}

async function runPhase(given: Canary, planned: PlannedPhase, onBreach?: () => void): Promise<PhaseEnd> {
  const { context, stage, scope } = given;
  const { number } = planned;
  const { at: sinceMs, seq } = beginPhase(given, planned);
  const before = findDecision(given, seq);
  if (before) return carryOut(given, asItIs(context, stage, planned), before);
  const times = { canarySinceMs: sinceMs, beforeToMs: given.startedAtMs };
  // If a command lists the nodes, starting nodes have no names yet, so they cannot be watched.
  const startUp =
    onBreach && !isListed(context, stage.environment)
      ? await watchStartUp(context, stage, planned, times, scope, onBreach)
      : undefined;
  const canary: Canary = { ...given, ...(startUp && { startUp }) };
  const upgraded = await upgrade(canary, planned);
  const phase = asItIs(context, stage, planned);
  if (upgraded) return afterFailedHook(canary, phase, upgraded);
  if (number === 1) await markDeployment(canary, phase);
  const load = startLoad(canary, phase);
  const loaded: Canary = { ...canary, ...(load && { load }) };
  const judgement = phase.verification
    ? await judgePhase(canary, phase, phase.verification, sinceMs)
    : await settle(canary, phase);
  const failed = load?.failure(),
    { outer } = canary;
  const end = await (failed && outer && !outer.cancelled() && judgement.decision === 'cancelled'
    ? afterFailedHook({ ...loaded, scope: outer }, phase, failed, judgement.check)
    : act(loaded, phase, judgement));
  await load?.ended;
  return end;
}

function judgePhase(
  canary: Canary,
  phase: PlannedPhase,
  verification: Verification,
  sinceMs: number,
): Promise<Judgement> {
  const { context, stage, scope, startUp } = canary;
  const { number, canaryNodes, baselineNodes } = phase;
  const canarySinceMs = context.ports.clock.now() + phase.settleMs;
  canary.guard?.handOver(canarySinceMs);
  startUp?.handOver(canarySinceMs);
  return judge(
    context,
    {
      sinceMs,
      onFailure: stage.onFailure,
      ...(startUp && { startUp }),
      check: {
        key: `${stage.name}/${number}`,
        stage: stage.name,
        environment: stage.environment,
        phase: number,
        purpose: 'canary',
        verification,
        canaryNodes,
        baselineNodes,
        canarySinceMs,
        beforeToMs: canary.startedAtMs,
      },
    },
    scope,
  );
}

function beginPhase(
  { context, stage, planned }: Canary,
  { number, of, newNodes, canaryNodes, baselineNodes }: PlannedPhase,
): RunEvent {
  return context.journal.recordOnce(
    {
      type: 'phase-started',
      stage: stage.name,
      phase: number,
      of,
      nodes: newNodes,
      canaryNodes,
      baselineNodes,
      later: planned.phases.slice(number).map(one => one.newNodes),
    },
    event => event.stage === stage.name && event.phase === number,
  );
}

/** Ends a phase that has no verification. */
async function settle({ context, scope }: Canary, phase: PlannedPhase): Promise<Judgement> {
  const standstill = findStandstill(context);
  if (!standstill) await context.ports.clock.sleep(phase.settleMs, scope.signal);
  const cancelled = scope.cancelled(),
    failure = cancelled ?? standstill;
  return {
    decision: cancelled ? 'cancelled' : failure ? 'hold' : 'promote',
    by: policy,
    reasons: [],
    ...(failure && { failure }),
  };
}

/**
 * After the last phase the whole environment is watched for a while: a regression that appears late is rolled back too.
 */
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
