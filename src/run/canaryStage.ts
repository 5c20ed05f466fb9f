// A canary stage: phase by phase upgrade, mark, settle, verify, decide; then watch; and roll back from wherever it stands.
import type { Failure } from '../model/failure.ts';
import type { CanaryStage } from '../model/pipeline.ts';
import type { PlannedPhase, PlannedStage } from '../model/plan.ts';
import type { StageResult } from './approvalStage.ts';
import { callHook } from './callHook.ts';
import { policy, type RunContext } from './context.ts';
import { decideFailure } from './failedStep.ts';
import { judge, type Judgement } from './judge.ts';
import { keepLearned, lastWorkingRelease, recordNodes, recordStanding } from './ledger.ts';
import { placeMarkers } from './marker.ts';
import { rollBack } from './rollback.ts';
import type { Scope } from './scope.ts';

interface Canary {
  readonly context: RunContext;
  readonly stage: CanaryStage;
  readonly planned: PlannedStage;
  readonly scope: Scope;
  readonly startedAtMs: number;
}

/** A phase ends in one of these; `go-on` leads to the next. */
type PhaseEnd = { readonly kind: 'go-on'; readonly judgement?: Judgement; readonly byHand: boolean } | { readonly kind: 'end'; readonly result: StageResult };

export async function runCanary(context: RunContext, stage: CanaryStage, planned: PlannedStage, scope: Scope): Promise<StageResult> {
  const startedAtMs = context.journal.find('stage-started', event => event.stage === stage.name)?.at ?? context.ports.clock.now();
  const canary: Canary = { context, stage, planned, scope, startedAtMs };
  recordStanding(context, stage.environment, context.release, 'deploying');
  let byHand = false;
  for (const phase of planned.phases) {
    const end = await runPhase(canary, phase);
    if (end.kind === 'end') return end.result;
    byHand ||= end.byHand;
    const last = phase.number === phase.of;
    const watched = last && stage.watchMs > 0 ? await watch(canary, phase) : undefined;
    if (watched?.kind === 'end') { await end.judgement?.check?.finish({ learn: false }); return watched.result; }
    const finished = await (watched?.judgement ?? end.judgement)?.check?.finish({ learn: last });
    if (watched) await end.judgement?.check?.finish({ learn: false });
    if (last && finished) keepLearned(context, stage.environment, finished);
  }
  recordStanding(context, stage.environment, context.release, byHand ? 'promoted-by-hand' : planned.phases.some(phase => phase.verification) ? 'verified' : 'unverified');
  return { outcome: 'passed' };
}

async function runPhase(canary: Canary, phase: PlannedPhase): Promise<PhaseEnd> {
  const { context, stage, scope } = canary;
  const { journal, ports: { clock } } = context;
  const done = journal.find('phase-finished', event => event.stage === stage.name && event.phase === phase.number && (event.decision === 'promote' || event.decision === 'continue'));
  if (done) return { kind: 'go-on', byHand: false };
  const { number, of, newNodes, canaryNodes, baselineNodes } = phase;
  const { at: sinceMs } = journal.recordOnce({ type: 'phase-started', stage: stage.name, phase: number, of, nodes: newNodes, canaryNodes, baselineNodes }, event => event.stage === stage.name && event.phase === number);
  const failure = await upgrade(canary, phase);
  if (failure) return afterFailedHook(canary, phase, failure);
  if (number === 1) await placeMarkers(context, 'canary', stage.name, context.release, `Backstop deploys ${context.pipeline.service} ${context.release.artifact.version} to ${newNodes.join(', ')} (run ${context.runId}).`, scope);
  if (!phase.verification) {
    await clock.sleep(phase.settleMs, scope.signal);
    const cancelled = scope.cancelled();
    return act(canary, phase, { decision: cancelled ? 'cancelled' : 'promote', by: policy, reasons: [], ...(cancelled && { failure: cancelled }) });
  }
  const judgement = await judge(context, {
    sinceMs, onFailure: stage.onFailure,
    check: { key: `${stage.name}/${number}`, stage: stage.name, environment: stage.environment, phase: number, purpose: 'canary', verification: phase.verification,
      canaryNodes, baselineNodes, canarySinceMs: clock.now() + phase.settleMs, beforeToMs: canary.startedAtMs },
  }, scope);
  return act(canary, phase, judgement);
}

/** After the last phase the whole environment is watched on: a regression that shows late is rolled back too. */
async function watch(canary: Canary, phase: PlannedPhase): Promise<PhaseEnd> {
  const { context, stage, scope } = canary;
  const judgement = await judge(context, {
    sinceMs: context.journal.find('phase-finished', event => event.stage === stage.name)?.at ?? canary.startedAtMs, onFailure: stage.onFailure,
    check: { key: `${stage.name}/watch`, stage: stage.name, environment: stage.environment, phase: phase.number, purpose: 'watch',
      verification: { ...(phase.verification ?? stage.verification), durationMs: stage.watchMs },
      canaryNodes: phase.canaryNodes, baselineNodes: [], canarySinceMs: context.ports.clock.now(), beforeToMs: canary.startedAtMs },
  }, scope);
  return act(canary, phase, judgement);
}

/** The new release on the phase's nodes, and the check that it is there. */
async function upgrade({ context, stage, scope }: Canary, phase: PlannedPhase): Promise<Failure | undefined> {
  const { release } = context;
  const working = lastWorkingRelease(context, stage.environment, release);
  const task = {
    stage: stage.name, environment: stage.environment, nodes: phase.newNodes, phase: phase.number, release,
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
  const decided = await decideFailure(context, { stage: stage.name, key: `${stage.name}/${phase.number}/hook`, onFailure: stage.onFailure, failure, missingData: stage.verification.missingData }, scope);
  return act(canary, phase, { ...decided, reasons: [], failure });
}

/** A cancelled or overdue canary is brought back; one whose environment another run has taken is left alone. */
function endOfScope({ stage }: Canary, { decision, failure }: Judgement): Judgement['decision'] {
  if (decision !== 'cancelled' || failure?.kind === 'cancelled') return decision;
  return failure?.kind === 'timeout' && (stage.onFailure.kind === 'rollback' || stage.onFailure.kind === 'ask') ? 'rollback' : 'stop';
}

/** Journals the decision and carries it out. */
async function act(canary: Canary, phase: PlannedPhase, judgement: Judgement): Promise<PhaseEnd> {
  const { context, stage } = canary;
  const { journal } = context;
  const { by, reasons, failure, comment } = judgement;
  const decision = endOfScope(canary, judgement);
  const decisionMade = decision === 'cancelled' ? 'rollback' : decision;
  journal.record({ type: 'decided', stage: stage.name, decision: decisionMade, by, reasons, strategy: stage.onFailure.kind, ...(failure && { failure }), ...(comment !== undefined && { comment }) });
  const finishPhase = (): unknown => journal.recordOnce({ type: 'phase-finished', stage: stage.name, phase: phase.number, decision: decisionMade }, event => event.stage === stage.name && event.phase === phase.number && event.decision === decisionMade);
  switch (decision) {
    case 'promote': case 'continue':
      finishPhase();
      return { kind: 'go-on', judgement, byHand: by.via !== 'policy' || decision === 'continue' };
    case 'hold': case 'stop': {
      await judgement.check?.finish({ learn: false });
      recordStanding(context, stage.environment, context.release, decision === 'hold' ? 'held' : 'failed');
      finishPhase();
      return { kind: 'end', result: { outcome: decision === 'hold' ? 'held' : 'failed', ...(failure && { failure }) } };
    }
    case 'rollback': case 'cancelled': {
      judgement.check?.stop();
      const result = await backToWorking(canary, phase, { ...judgement, decision });
      finishPhase();
      return { kind: 'end', result };
    }
    default: return decision satisfies never;
  }
}

async function backToWorking(canary: Canary, phase: PlannedPhase, judgement: Judgement): Promise<StageResult> {
  const { context, stage, planned, startedAtMs } = canary;
  const working = lastWorkingRelease(context, stage.environment, context.release);
  const wanted: StageResult['outcome'] = judgement.decision === 'cancelled' ? 'cancelled' : 'rolled-back';
  if (!working.ok) {
    await judgement.check?.finish({ learn: false });
    recordStanding(context, stage.environment, context.release, 'failed');
    context.journal.recordOnce({ type: 'rollback-impossible', stage: stage.name, failure: working.failure }, event => event.stage === stage.name);
    return { outcome: judgement.decision === 'cancelled' ? 'cancelled' : 'failed', failure: working.failure };
  }
  const result = await rollBack(context, {
    stage: stage.name, environment: stage.environment, from: context.release, to: working.value, nodes: [phase.canaryNodes],
    otherNodes: planned.nodes.filter(node => !phase.canaryNodes.includes(node)), hook: stage.rollback, ...(stage.check !== undefined && { check: stage.check }),
    verification: stage.verification, beforeToMs: startedAtMs,
    onBack: async () => { await judgement.check?.finish({ learn: false }); },
  });
  if (result.proven) return { outcome: wanted, ...(judgement.failure && { failure: judgement.failure }) };
  return { outcome: 'failed', failure: result.failure ?? { kind: 'hook-failed', message: 'The rollback could not be proven.' } };
}

