// The nodes of a canary phase if a command lists them: laid out again when the phase begins, and assigned to canary and
// baseline again after the upgrade, by version if the nodes report it.
import { fail, succeed, type Result } from '../../model/failure.ts';
import type { PlannedPhase } from '../../model/runs/plan.ts';
import type { ListedNode } from '../../model/runs/nodeList.ts';
import type { CanaryStage } from '../../model/pipeline.ts';
import type { RunContext } from '../context.ts';
import { isListed, listNodes, runsNew, saysRelease } from '../nodes.ts';
import { lastWorkingRelease } from '../releases/ledger.ts';
import { findStrangers, noteStrangers } from './strangers.ts';
import { findStart, type Canary } from './canary.ts';

type Sides = Pick<PlannedPhase, 'newNodes' | 'canaryNodes' | 'baselineNodes'>;

/** The phase with its actual nodes, as far as it got. */
export function asItIs({ journal }: RunContext, stage: CanaryStage, phase: PlannedPhase): PlannedPhase {
  const upgraded = journal.find('sides-found', event => event.stage === stage.name && event.phase === phase.number);
  const found =
    upgraded ?? journal.find('phase-started', event => event.stage === stage.name && event.phase === phase.number);
  if (!found) return phase;
  return { ...phase, ...sidesOf(found) };
}

function sidesOf({ nodes, canaryNodes, baselineNodes }: Omit<Sides, 'newNodes'> & { nodes: readonly string[] }): Sides {
  return { newNodes: nodes, canaryNodes, baselineNodes };
}

/** Called before the phase begins. A phase that an earlier process began keeps its nodes. */
export async function layOutNow(canary: Canary, phase: PlannedPhase): Promise<Result<PlannedPhase>> {
  const { context, stage, planned, scope } = canary;
  const begun = findStart(canary, phase);
  if (begun) return succeed({ ...phase, ...sidesOf(begun) });
  if (!isListed(context, stage.environment)) return withoutStrangers(canary, phase, planned.nodes);
  const listed = await listNodes(context, listingOf(canary, phase.number, 'before'), scope.signal);
  if (!listed.ok) return listed;
  const earlier = planned.phases[phase.number - 2];
  const known = earlier ? asItIs(context, stage, earlier).canaryNodes : [];
  const upgraded = listed.value.filter(node => runsNew(context, stage.environment, node) ?? known.includes(node.name));
  const sides = context.phases.layOutPhase(stage, phase.number, namesOf(listed.value), namesOf(upgraded));
  return withoutStrangers(canary, { ...phase, ...sides }, namesOf(listed.value));
}

/** Hooks are called before the first phase only; later, their answers are in the journal. */
async function withoutStrangers(
  canary: Canary,
  phase: PlannedPhase,
  nodes: readonly string[],
): Promise<Result<PlannedPhase>> {
  const { journal } = canary.context;
  const first = journal.find('nodes-listed', event => event.key === listingOf(canary, 1, 'before').key);
  const strangers = await findStrangers(canary, first ? namesOf(first.nodes) : nodes);
  if (!strangers.ok) return strangers;
  const baselineNodes = phase.baselineNodes.filter(node => !strangers.value.includes(node));
  return succeed({ ...phase, baselineNodes });
}

/** Called after the upgrade, because upgraded nodes may have new names. */
export async function findSides(canary: Canary, phase: PlannedPhase): Promise<Result<PlannedPhase>> {
  const { context, stage, scope } = canary;
  if (!isListed(context, stage.environment)) return succeed(phase);
  const known = context.journal.find(
    'sides-found',
    event => event.stage === stage.name && event.phase === phase.number,
  );
  if (known) return succeed(asItIs(context, stage, phase));
  const listed = await listNodes(context, listingOf(canary, phase.number, 'after'), scope.signal);
  if (!listed.ok) return listed;
  const sides = tellApart(canary, phase, listed.value);
  if (sides.canaryNodes.length === 0) return noCanary(canary, listed.value);
  context.journal.record({
    type: 'sides-found',
    stage: stage.name,
    phase: phase.number,
    nodes: sides.newNodes,
    canaryNodes: sides.canaryNodes,
    baselineNodes: sides.baselineNodes,
  });
  return succeed({ ...phase, ...sides });
}

function tellApart({ context, stage }: Canary, phase: PlannedPhase, listed: readonly ListedNode[]): Sides {
  // After the last phase there is no baseline: what still runs the old release is about to be removed.
  const isAll = phase.baselineNodes.length === 0;
  const runs = new Map(listed.map(node => [node, runsNew(context, stage.environment, node)]));
  const saysVersions = [...runs.values()].some(isNew => isNew !== undefined);
  const wasCanary = new Set(phase.canaryNodes),
    wasBaseline = new Set(phase.baselineNodes);
  const canary = listed.filter(node => (saysVersions ? runs.get(node) : isAll || wasCanary.has(node.name)));
  const baseline = isAll
    ? []
    : listed.filter(node => (saysVersions ? runs.get(node) === false : wasBaseline.has(node.name)));
  const usual = ofWorkingRelease(context, stage, baseline);
  const earlier = new Set(phase.canaryNodes.filter(node => !phase.newNodes.includes(node)));
  const canaryNodes = namesOf(canary),
    newNodes = canaryNodes.filter(node => !earlier.has(node));
  return { canaryNodes, baselineNodes: namesOf(usual), newNodes: newNodes.length > 0 ? newNodes : canaryNodes };
}

/** Excludes nodes whose version is neither the new nor the working one: someone changed them manually. */
function ofWorkingRelease(
  context: RunContext,
  { environment }: CanaryStage,
  baseline: readonly ListedNode[],
): readonly ListedNode[] {
  const working = lastWorkingRelease(context, environment, context.release);
  const runs = ({ version }: ListedNode): boolean =>
    version === undefined || !working.ok || saysRelease(version, working.value);
  const usual = baseline.filter(runs);
  if (usual.length === 0 || !working.ok) return baseline;
  const strangers = baseline.filter(node => !runs(node)).map(({ name, version }) => `${name} (${version})`);
  noteStrangers(context, strangers, `not ${working.value.artifact.version}, the last working release`);
  return usual;
}

function noCanary({ context, stage }: Canary, listed: readonly ListedNode[]): Result<never> {
  const { version } = context.release.artifact;
  const versions = [...new Set(listed.flatMap(node => node.version ?? []))];
  return versions.length > 0
    ? fail('not-found', `No node of ${stage.environment} runs ${version} after it was deployed there.`, {
        cause: `They run ${versions.slice(0, 5).join(', ')}, says the command that lists them.`,
        hint: 'The deploy hook must wait until the nodes are there; `version` is spelled as the version of the run.',
      })
    : fail('not-found', `None of the nodes of ${stage.environment} that were upgraded is there any more.`, {
        hint: 'Let the command that lists the nodes print the `version` of each: then names may change.',
      });
}

function namesOf(nodes: readonly ListedNode[]): readonly string[] {
  return nodes.map(({ name }) => name);
}

function listingOf({ stage }: Canary, number: number, moment: string) {
  return { key: `${stage.name}/${number}/${moment}`, stage: stage.name, environment: stage.environment };
}
