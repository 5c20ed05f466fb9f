// A manual rollback, which is a run of its own: restores the last working release of a whole environment, or a given
// one.
import { identityOf } from '../../model/identity.ts';
import { fail, succeed, type Result } from '../../model/failure.ts';
import type { CanaryStage, DeployStage, Pipeline } from '../../model/pipeline.ts';
import { allStages } from '../../model/pipeline.ts';
import { findLastWorking, findRollbackTarget, type Release } from '../../model/release.ts';
import type { History } from '../../model/history.ts';
import type { RunContext } from '../context.ts';
import { isListed, listNodesOr, saysRelease, withNodes } from '../nodes.ts';
import { recordStanding } from './ledger.ts';
import { leaveStage } from '../ownership/overtaken.ts';
import { rollBack, type RollbackResult } from './rollback.ts';
import { withEnvironment } from '../ownership/lease.ts';
import { createShield } from '../stages/scope.ts';

/** The displayed name of its only stage. A stage of a pipeline may have the same name. */
export const rollbackStage = 'Rollback';

export interface RollbackPlan {
  readonly stage: (CanaryStage | DeployStage) & { readonly rollback: string };
  readonly environment: string;
  readonly from: Release;
  readonly to: Release;
  readonly nodes: readonly (readonly string[])[];
  readonly otherNodes: readonly string[];
}

/** A resumed rollback keeps its choice. A new one chooses according to what the environment runs now. */
function replanRollback(
  { ports: { history }, pipeline, journal, release }: RunContext,
  environment: string,
): Result<RollbackPlan> {
  const begun = journal.find('rollback-started');
  const stage = findRollbackStage(pipeline, environment);
  if (!begun || !stage) return planRollback(history, pipeline, environment, release.id);
  const nodes = pipeline.environments[environment]?.nodes ?? [];
  return succeed({
    stage,
    environment,
    from: begun.from,
    to: begun.to,
    nodes: [begun.nodes],
    otherNodes: nodes.filter(node => !begun.nodes.includes(node)),
  });
}

function findRollbackStage(pipeline: Pipeline, environment: string): RollbackPlan['stage'] | undefined {
  return allStages(pipeline).find(
    (one): one is RollbackPlan['stage'] =>
      one.kind !== 'approval' && one.environment === environment && one.rollback !== undefined,
  );
}

/** Chooses the release and the nodes. Fails if there is no release to restore, or nothing to do. */
export function planRollback(
  history: History,
  pipeline: Pipeline,
  environment: string,
  wanted?: string,
): Result<RollbackPlan> {
  const stage = findRollbackStage(pipeline, environment);
  const nodes = pipeline.environments[environment]?.nodes;
  if (!nodes)
    return fail('invalid', `Pipeline ${pipeline.name} has no environment '${environment}'.`, {
      hint: `It has: ${Object.keys(pipeline.environments).join(', ')}.`,
    });
  if (!stage)
    return fail('invalid', `No stage of pipeline ${pipeline.name} says how to roll back ${environment}.`, {
      hint: 'Name a hook under `rollback:` of the stage.',
    });
  const runs = whatRuns(history, pipeline, environment);
  const ledger = history.ledger(identityOf(pipeline), environment);
  const running = new Set(nodes.map(node => runs.get(node) ?? null));
  const current = running.size === 1 ? [...running][0]! : ledger.at(-1)?.release;
  const target =
    wanted === undefined
      ? findRollbackTarget(ledger, current ?? undefined, running)
      : history
          .releases(identityOf(pipeline))
          .find(release => release.id.startsWith(wanted) || release.artifact.version === wanted)?.id;
  const to = target === undefined ? undefined : history.release(target);
  if (!to) {
    return wanted === undefined
      ? fail(
          'not-found',
          `There is no earlier working release of ${pipeline.service} in ${environment} to go back to.`,
          {
            hint: 'If nodes run another version: backstop rollback --to VERSION',
          },
        )
      : fail('not-found', `No release of ${pipeline.service} is called '${wanted}'.`, {
          hint: 'See: backstop releases',
        });
  }
  const changed = nodes.filter(node => runs.get(node) !== to.id);
  if (changed.length === 0)
    return fail('invalid', `All nodes of ${environment} run ${to.artifact.version} (${to.id.slice(0, 12)}) already.`);
  const working = findLastWorking(ledger);
  const canary = changed.filter(node => runs.get(node) !== working);
  const left =
    current === to.id ? changed.map(node => runs.get(node)).find(id => id !== null && id !== undefined) : current;
  const from = history.release(left ?? '') ?? to;
  return succeed({
    stage,
    environment,
    from,
    to,
    nodes: [canary, changed.filter(node => !canary.includes(node))].filter(group => group.length > 0),
    otherNodes: nodes.filter(node => !changed.includes(node)),
  });
}

/** The version that a node reports counts more than the version that was deployed to it. */
function whatRuns(history: History, pipeline: Pipeline, environment: string): ReadonlyMap<string, string | null> {
  const runs = new Map(history.nodes(identityOf(pipeline), environment).map(state => [state.node, state.release]));
  for (const { name, version } of pipeline.environments[environment]?.listed ?? []) {
    if (version === undefined) continue;
    const likely = history.releases(identityOf(pipeline)).filter(release => saysRelease(version, release));
    if (!likely.some(({ id }) => id === runs.get(name))) runs.set(name, likely[0]?.id ?? null);
  }
  return runs;
}

/** Plans only after the run has taken the environment, because other runs may have changed it before. */
export async function runRollback(context: RunContext, environment: string): Promise<void> {
  const { journal } = context;
  const held = await withEnvironment(context, rollbackStage, environment, createShield(context.ended), () =>
    goBack(context, environment),
  );
  const failure = held.ok ? held.value.failure : held.failure;
  if (failure?.kind === 'overtaken') leaveStage(journal, rollbackStage);
  const outcome = !failure ? 'rolled-back' : failure.kind === 'overtaken' ? 'overtaken' : 'failed';
  journal.record({ type: 'stage-finished', stage: rollbackStage, outcome, ...(failure && { failure }) });
  journal.record({ type: 'run-finished', outcome, ...(failure && { failure }) });
}

async function withNodesNow(context: RunContext, environment: string): Promise<RunContext> {
  if (!isListed(context, environment)) return context;
  const listing = { key: `${rollbackStage}/plan`, stage: rollbackStage, environment };
  const known = context.pipeline.environments[environment]!.nodes;
  const listed = await listNodesOr(context, listing, known);
  return { ...context, pipeline: withNodes(context.pipeline, environment, listed) };
}

async function goBack(given: RunContext, environment: string): Promise<RollbackResult> {
  const context = await withNodesNow(given, environment);
  const { journal } = context;
  const planned = replanRollback(context, environment);
  const started = journal.recordOnce({ type: 'stage-started', stage: rollbackStage, environment }, () => true);
  if (!planned.ok) return { proven: false, failure: planned.failure };
  const { stage, from, to, nodes, otherNodes } = planned.value;
  journal.recordOnce(
    { type: 'decided', stage: rollbackStage, decision: 'rollback', by: context.by, reasons: [] },
    () => true,
  );
  const result = await rollBack(context, {
    stage: rollbackStage,
    environment,
    from,
    to,
    nodes,
    otherNodes,
    hook: stage.rollback,
    beforeToMs: started.at,
    ...(stage.check !== undefined && { check: stage.check }),
    ...(stage.kind === 'canary' && {
      verification: stage.verification,
      ...(stage.rollbackBatches && { batches: stage.rollbackBatches }),
    }),
  });
  if (result.proven) recordStanding(context, environment, to, 'promoted-by-hand');
  return result;
}
