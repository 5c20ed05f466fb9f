// Restores a working release on nodes, artifact and configuration together, and verifies both. It is shielded from
// cancellation.
import { identityOf } from '../../model/identity.ts';
import { describeFailure, type Failure } from '../../model/failure.ts';
import { compareReleases, type Release } from '../../model/release.ts';
import type { RollbackBatches, Verification } from '../../model/pipeline.ts';
import { callHook } from '../callHook.ts';
import type { RunContext } from '../context.ts';
import { recordNodes, recordStanding } from './ledger.ts';
import { setsWeight } from '../nodes.ts';
import { asTheyAre, nodesBack } from './rollbackNodes.ts';
import { placeMarkers } from '../marker.ts';
import { proveHealth } from './proof.ts';
import { createShield, type Scope } from '../stages/scope.ts';

export interface RollbackTask {
  readonly stage: string;
  readonly environment: string;
  readonly from: Release;
  readonly to: Release;
  /** The groups run in order, and the nodes of a group in parallel; the canary nodes come first. */
  readonly nodes: readonly (readonly string[])[];
  /** Absent: the groups are the batches. */
  readonly batches?: RollbackBatches;
  /** The nodes of the environment that never left the working release. */
  readonly otherNodes: readonly string[];
  readonly hook: string;
  readonly check?: string;
  /** Verifies the health of the nodes; if absent, only the check hook is used. */
  readonly verification?: Verification;
  readonly beforeToMs: number;
  /** Called when the last node is back, before the verification of the rollback. */
  readonly onBack?: () => Promise<void>;
}

export interface RollbackResult {
  readonly proven: boolean;
  readonly failure?: Failure;
}

export async function rollBack(context: RunContext, planned: RollbackTask): Promise<RollbackResult> {
  const { journal } = context;
  const task = await asTheyAre(context, planned);
  const { stage, environment, from, to } = task;
  const scope = createShield(context.ended);
  const nodes = task.nodes.flat();
  journal.recordOnce(
    { type: 'rollback-started', stage, environment, from, to, difference: compareReleases(from, to), nodes },
    event => event.stage === stage,
  );
  const description =
    `Backstop rolled back ${context.pipeline.service} from ${from.artifact.version} to ${to.artifact.version} in ` +
    `${environment}.`;
  const marking = placeMarkers(context, 'rollback', stage, to, description, scope).catch(context.breakOff);
  const failedNodes: string[] = [];
  let failure: Failure | undefined;
  for (const group of inBatches(task)) {
    const result = await callHook(
      context,
      {
        hook: task.hook,
        purpose: 'rollback',
        stage,
        environment,
        nodes: group,
        phase: 0,
        ...(setsWeight(context, environment) && { weight: 0 }),
        release: to,
        previousVersion: from.artifact.version,
      },
      scope,
    );
    recordNodes(context, environment, result.succeededNodes, to);
    recordNodes(context, environment, result.failedNodes, null);
    failedNodes.push(...result.failedNodes);
    failure ??= result.failure;
  }
  journal.recordOnce({ type: 'rollback-finished', stage, failedNodes }, event => event.stage === stage);
  recordStanding(context, environment, from, 'rolled-back');
  await task.onBack?.();
  await marking;
  return prove(context, task, await nodesBack(context, task), failure, scope);
}

/** Depends only on the order of the nodes, so that a resumed run makes the same batches. */
function inBatches({ nodes: groups, batches }: RollbackTask): readonly (readonly string[])[] {
  if (!batches) return groups;
  const nodes = batches.order === 'listed' ? groups.flat() : groups.flat().reverse();
  const size =
    'count' in batches.nodes
      ? batches.nodes.count
      : Math.max(1, Math.ceil(Number((batches.nodes.share * nodes.length).toFixed(9))));
  return Array.from({ length: Math.ceil(nodes.length / size) }, (_, k) => nodes.slice(k * size, (k + 1) * size));
}

/** The check hook determines what the nodes run; the verification determines whether they are healthy. */
async function prove(
  context: RunContext,
  task: RollbackTask,
  nodes: readonly string[],
  hookFailure: Failure | undefined,
  scope: Scope,
): Promise<RollbackResult> {
  const { journal } = context;
  const { stage } = task;
  await context.kept();
  const doubt = (failure: Failure, run: Readonly<Record<string, string>>): RollbackResult => {
    journal.recordOnce({ type: 'rollback-unproven', stage, failure, nodes: run }, event => event.stage === stage);
    return { proven: false, failure };
  };
  const run = await findOutWhatRuns(context, task, nodes, scope);
  if (task.check !== undefined) recordWhatRuns(context, task, run);
  const wrong = nodes.filter(node => run[node] !== task.to.id);
  if (wrong.length > 0)
    return doubt(
      {
        kind: 'hook-failed',
        message:
          `Not all nodes are back on ${task.to.artifact.version}: ` +
          `${wrong.map(node => `${node} runs ${nameRelease(task, run[node])}`).join(', ')}.`,
        ...(hookFailure && { cause: describeFailure(hookFailure) }),
        hint: `Bring these nodes back by hand, or run: backstop rollback --environment ${task.environment}`,
      },
      run,
    );
  return finishProof(context, task, nodes, run, doubt, scope);
}

/** Verifies the health of nodes that are rolled back, if the pipeline asks for it. */
async function finishProof(
  context: RunContext,
  task: RollbackTask,
  nodes: readonly string[],
  run: Readonly<Record<string, string>>,
  doubt: (failure: Failure, run: Readonly<Record<string, string>>) => RollbackResult,
  scope: Scope,
): Promise<RollbackResult> {
  const { journal } = context;
  const { stage } = task;
  const confirmed = task.check === undefined ? {} : { confirmed: nodes.length };
  const isWanted = task.verification !== undefined && task.verification.proofMs > 0;
  // Without a source, or if the pipeline asks for no verification, there is nothing to wait for.
  if (!task.verification || !isWanted || task.verification.sources.length === 0) {
    const health = isWanted ? 'no-source' : 'not-wanted';
    journal.recordOnce(
      { type: 'rollback-proven', stage, proof: { ...confirmed, health } },
      event => event.stage === stage,
    );
    return { proven: true };
  }
  const report = await proveHealth(context, { ...task, nodes, verification: task.verification }, scope);
  const back = `All nodes are back on ${task.to.artifact.version}`;
  if (report.outcome === 'fail')
    return doubt(
      {
        kind: 'no-data',
        message: `${back}, but the verification still fails there.`,
        hint: 'The cause may lie outside this release.',
      },
      run,
    );
  if (report.outcome === 'inconclusive')
    journal.record({
      type: 'noted',
      failure: { kind: 'no-data', message: `${back}; their health could not be measured.` },
    });
  const health = report.outcome === 'pass' ? 'healthy' : 'not-measured';
  journal.recordOnce(
    { type: 'rollback-proven', stage, report, proof: { ...confirmed, health } },
    event => event.stage === stage,
  );
  return { proven: true };
}

/** The result of the check hook for a node overrides the outcome of the rollback hook. */
function recordWhatRuns(
  context: RunContext,
  { environment, from, to }: RollbackTask,
  run: Readonly<Record<string, string>>,
): void {
  const known = new Map(
    context.ports.history.nodes(identityOf(context.pipeline), environment).map(({ node, release }) => [node, release]),
  );
  for (const release of [to, from]) {
    const nodes = Object.keys(run).filter(node => run[node] === release.id && known.get(node) !== release.id);
    recordNodes(context, environment, nodes, release);
  }
}

/**
 * Asks the check hook about every node; without a check hook, the outcome of the rollback hook is used. The values are
 * release ids or `unknown`.
 */
async function findOutWhatRuns(
  context: RunContext,
  task: RollbackTask,
  nodes: readonly string[],
  scope: Scope,
): Promise<Readonly<Record<string, string>>> {
  const { stage, environment, check, from, to } = task;
  const known = Object.fromEntries(
    context.ports.history
      .nodes(identityOf(context.pipeline), environment)
      .map(state => [state.node, state.release ?? 'unknown']),
  );
  if (check === undefined) return Object.fromEntries(nodes.map(node => [node, known[node] ?? 'unknown']));
  const run: Record<string, string> = {};
  await Promise.all(
    nodes.map(async node => {
      const ask = async (release: Release, round: string): Promise<boolean> =>
        (
          await callHook(
            context,
            { hook: check, purpose: 'check', stage, environment, nodes: [node], phase: 0, release, round },
            scope,
          )
        ).failedNodes.length === 0;
      run[node] = (await ask(to, 'proof')) ? to.id : (await ask(from, 'doubt')) ? from.id : 'unknown';
    }),
  );
  return run;
}

function nameRelease({ from, to }: RollbackTask, id: string | undefined): string {
  return id === from.id ? from.artifact.version : id === to.id ? to.artifact.version : 'something unknown';
}
