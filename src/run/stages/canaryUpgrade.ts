// Deploys the new release to the nodes of a phase, and marks the deployment in the monitoring systems.
import type { Failure } from '../../model/failure.ts';
import type { PlannedPhase } from '../../model/runs/plan.ts';
import { callHook } from '../callHook.ts';
import { placeMarkers } from '../marker.ts';
import { lastWorkingRelease, recordNodes } from '../releases/ledger.ts';
import type { Canary } from './canary.ts';
import { findSides } from './phaseNodes.ts';

/** Deploys to the nodes of the phase, then runs the check hook and the hook of `beforeTraffic`. */
export async function upgrade(canary: Canary, phase: PlannedPhase): Promise<Failure | undefined> {
  const { context, stage } = canary;
  // Only a rollback may interrupt the upgrade; if the pipeline asks a person or stops, the nodes must not be
  // half-upgraded.
  const scope = stage.onFailure.kind === 'rollback' ? canary.scope : (canary.outer ?? canary.scope);
  const { release } = context;
  const working = lastWorkingRelease(context, stage.environment, release);
  const task = {
    stage: stage.name,
    environment: stage.environment,
    nodes: phase.newNodes,
    phase: phase.number,
    ...(phase.weight !== undefined && { weight: phase.weight }),
    release,
    ...(working.ok && { previousVersion: working.value.artifact.version }),
  };
  recordNodes(context, stage.environment, phase.newNodes, null);
  const deployed = await callHook(context, { ...task, hook: stage.deploy, purpose: 'deploy' }, scope);
  if (deployed.failure) return deployed.failure;
  const found = await findSides(canary, phase);
  if (!found.ok) return found.failure;
  const { newNodes: nodes } = found.value;
  if (stage.check !== undefined) {
    const checked = await callHook(context, { ...task, nodes, hook: stage.check, purpose: 'check' }, scope);
    if (checked.failure) return checked.failure;
  }
  recordNodes(context, stage.environment, nodes, release);
  if (stage.beforeTraffic === undefined) return undefined;
  const tested = await callHook(
    context,
    { ...task, nodes, hook: stage.beforeTraffic, purpose: 'before-traffic' },
    scope,
  );
  return tested.failure;
}

export function markDeployment({ context, stage, scope }: Canary, { newNodes }: PlannedPhase): Promise<void> {
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
