// A deploy stage: runs its hooks in order on all its nodes, repeats them as the pipeline says, and rolls back if it
// says so.
import { succeed, type Failure, type Result } from '../../model/failure.ts';
import type { DeployStage } from '../../model/pipeline.ts';
import type { StageResult } from './approvalStage.ts';
import { callHook } from '../callHook.ts';
import { policy, type RunContext } from '../context.ts';
import { isListed, listNodes, listNodesOr } from '../nodes.ts';
import { decideFailure, type FailureDecision } from './failedStep.ts';
import { lastWorkingRelease, recordNodes, recordStanding } from '../releases/ledger.ts';
import { rollBack } from '../releases/rollback.ts';
import type { Scope } from './scope.ts';
import { findHold } from '../unattended.ts';

export async function runDeploy(
  context: RunContext,
  stage: DeployStage,
  planned: readonly string[],
  scope: Scope,
): Promise<StageResult> {
  const { release, journal } = context;
  const listed = await nodesBefore(context, stage, planned, scope);
  if (!listed.ok) return { outcome: 'failed', failure: listed.failure };
  const nodes = listed.value;
  // A decision to roll back stays in effect, whichever process continues the run.
  const before = journal.find('decided', event => event.stage === stage.name && event.decision === 'rollback');
  if (before?.failure) return backToWorking(context, stage, nodes, before.failure);
  recordStanding(context, stage.environment, release, 'deploying');
  recordNodes(context, stage.environment, nodes, null);
  const failure = await runRounds(context, stage, nodes, scope);
  if (!failure) {
    const ended = await nodesAfter(context, stage, nodes);
    recordNodes(context, stage.environment, ended, release);
    recordStanding(context, stage.environment, release, stage.check === undefined ? 'deployed' : 'verified');
    return { outcome: 'passed' };
  }
  const cancelled = scope.cancelled();
  if (cancelled?.kind === 'cancelled') {
    recordStanding(context, stage.environment, release, 'failed');
    return { outcome: 'cancelled', failure: cancelled };
  }
  if (!cancelled && (failure.kind === 'unattended' || findHold(context))) {
    recordStanding(context, stage.environment, release, 'held');
    return { outcome: 'held', failure };
  }
  const { decision, by, comment }: FailureDecision =
    cancelled?.kind === 'unattended'
      ? { decision: 'rollback', by: policy }
      : await decideFailure(
          context,
          { key: stage.name, stage: stage.name, onFailure: stage.onFailure, failure, missingData: 'hold' },
          scope,
        );
  journal.record({
    type: 'decided',
    stage: stage.name,
    decision: decision === 'cancelled' ? 'stop' : decision,
    by,
    reasons: [],
    failure,
    strategy: stage.onFailure.kind,
    ...(comment !== undefined && { comment }),
  });
  if (decision === 'cancelled') return { outcome: 'cancelled', failure };
  if (decision === 'rollback') return backToWorking(context, stage, nodes, failure);
  recordStanding(context, stage.environment, release, 'failed');
  return { outcome: 'failed', failure, ignored: decision === 'continue' };
}

/** Runs the steps as often as the pipeline says. Returns the failure of the last attempt. */
async function runRounds(
  context: RunContext,
  stage: DeployStage,
  nodes: readonly string[],
  scope: Scope,
): Promise<Failure | undefined> {
  const { clock } = context.ports;
  let failure: Failure | undefined;
  for (let round = 1; round <= stage.retry.attempts; round++) {
    failure = await runSteps(context, stage, nodes, round, scope);
    if (!failure || scope.signal.aborted) break;
    if (round < stage.retry.attempts) await clock.sleep(context.phases.retryDelayMs(stage.retry, round), scope.signal);
  }
  return failure;
}

/** The nodes that a command lists now; without a command, the planned nodes. */
async function nodesBefore(
  context: RunContext,
  { name, environment }: DeployStage,
  planned: readonly string[],
  scope: Scope,
): Promise<Result<readonly string[]>> {
  if (!isListed(context, environment)) return succeed(planned);
  const listed = await listNodes(context, { key: `${name}/before`, stage: name, environment }, scope.signal);
  return listed.ok ? succeed(listed.value.map(node => node.name)) : listed;
}

/** Lists the nodes again, since they may have other names after the deployment. */
async function nodesAfter(
  context: RunContext,
  { name, environment }: DeployStage,
  nodes: readonly string[],
): Promise<readonly string[]> {
  if (!isListed(context, environment)) return nodes;
  const listed = await listNodesOr(context, { key: `${name}/after`, stage: name, environment }, nodes);
  return listed.map(node => node.name);
}

/** The check hook comes last, unless the steps contain it. */
function hooksOf({ steps, check }: DeployStage): readonly string[] {
  return check === undefined || steps.includes(check) ? steps : [...steps, check];
}

async function runSteps(
  context: RunContext,
  stage: DeployStage,
  nodes: readonly string[],
  round: number,
  scope: Scope,
): Promise<Failure | undefined> {
  const working = lastWorkingRelease(context, stage.environment, context.release);
  for (const hook of hooksOf(stage)) {
    const result = await callHook(
      context,
      {
        hook,
        purpose: hook === stage.check ? 'check' : 'step',
        stage: stage.name,
        environment: stage.environment,
        nodes,
        phase: 0,
        release: context.release,
        ...(working.ok && { previousVersion: working.value.artifact.version }),
        ...(round > 1 && { round: `round-${round}` }),
      },
      scope,
    );
    if (result.failure) return result.failure;
  }
  return undefined;
}

async function backToWorking(
  context: RunContext,
  stage: DeployStage,
  nodes: readonly string[],
  failure: Failure,
): Promise<StageResult> {
  const { journal, release } = context;
  const working = lastWorkingRelease(context, stage.environment, release);
  const impossible: Failure | undefined = !working.ok
    ? working.failure
    : stage.rollback === undefined
      ? { kind: 'invalid', message: `Stage ${stage.name} has no rollback hook.`, hint: 'Name one under `rollback:`.' }
      : undefined;
  if (impossible || !working.ok || stage.rollback === undefined) {
    recordStanding(context, stage.environment, release, 'failed');
    if (impossible)
      journal.recordOnce(
        { type: 'rollback-impossible', stage: stage.name, failure: impossible },
        event => event.stage === stage.name,
      );
    return { outcome: 'failed', failure };
  }
  const result = await rollBack(context, {
    stage: stage.name,
    environment: stage.environment,
    from: release,
    to: working.value,
    nodes: [nodes],
    otherNodes: [],
    hook: stage.rollback,
    ...(stage.check !== undefined && { check: stage.check }),
    beforeToMs: 0,
  });
  return result.proven
    ? { outcome: 'rolled-back', failure }
    : { outcome: 'failed', failure: result.failure ?? failure };
}
