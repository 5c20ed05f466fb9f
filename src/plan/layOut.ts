// Lays a pipeline out for one run: which nodes each phase takes, and what they are compared with.
import type { CanaryPhase, CanaryStage, Pipeline, Stage } from '../model/pipeline.ts';
import type { PlannedPhase, PlannedStage, RunPlan } from '../model/runs/plan.ts';

/** Nodes keep the environment's order; groups keep the file's. */
export function layOutRun(pipeline: Pipeline): RunPlan {
  return { groups: pipeline.stages.map(group => group.map(stage => layOutStage(pipeline, stage))) };
}

function layOutStage(pipeline: Pipeline, stage: Stage): PlannedStage {
  switch (stage.kind) {
    case 'approval':
      return { stage, nodes: [], phases: [] };
    case 'deploy':
      return { stage, nodes: nodesOf(pipeline, stage.environment), phases: [] };
    case 'canary': {
      const nodes = nodesOf(pipeline, stage.environment);
      return { stage, nodes, phases: layOutPhases(stage, nodes) };
    }
    default:
      return stage satisfies never;
  }
}

function nodesOf(pipeline: Pipeline, environment: string): readonly string[] {
  return Object.hasOwn(pipeline.environments, environment) ? (pipeline.environments[environment]?.nodes ?? []) : [];
}

function layOutPhases(stage: CanaryStage, nodes: readonly string[]): readonly PlannedPhase[] {
  return stage.phases.map((phase, index) => {
    const before = index === 0 ? 0 : countNodes(stage.phases[index - 1], nodes.length);
    return {
      number: index + 1,
      of: stage.phases.length,
      ...layOutPhase(stage, index + 1, nodes, nodes.slice(0, before)),
      ...(phase.weight !== undefined && { weight: phase.weight }),
      settleMs: phase.settleMs,
      ...(phase.verify && {
        verification: {
          ...stage.verification,
          durationMs: phase.verify.durationMs,
          sensitivity: phase.verify.sensitivity,
          ...(phase.verify.sources && { sources: phase.verify.sources }),
        },
      }),
      ...(phase.during !== undefined && { during: phase.during }),
      ...(phase.approval && { approval: phase.approval }),
    };
  });
}

/** Of nodes some of which have the new release already; `number` counts from 1. */
export function layOutPhase(
  { phases }: CanaryStage,
  number: number,
  nodes: readonly string[],
  upgraded: readonly string[],
): Pick<PlannedPhase, 'newNodes' | 'canaryNodes' | 'baselineNodes'> {
  const others = nodes.filter(node => !upgraded.includes(node));
  const count = Math.max(0, countNodes(phases[number - 1], nodes.length) - upgraded.length);
  const newNodes = others.slice(0, count);
  return { newNodes, canaryNodes: [...upgraded, ...newNodes], baselineNodes: others.slice(count) };
}

/**
 * Nodes that run the new release in a phase. A share rounds up, but only 100 % takes every node where there are two or
 * more.
 */
function countNodes(phase: CanaryPhase | undefined, total: number): number {
  if (!phase) return 0;
  // The hook decides how many nodes this phase takes, according to its share of the traffic.
  if (!phase.nodes) return (phase.weight ?? 1) >= 1 ? total : 0;
  if ('count' in phase.nodes) return Math.min(phase.nodes.count, total);
  const { share } = phase.nodes;
  if (share >= 1) return total;
  // 0.07 * 100 is 7.000000000000001: without the rounding it would take eight nodes.
  const wanted = Math.ceil(Number((share * total).toFixed(9)));
  return Math.max(1, Math.min(wanted, Math.max(1, total - 1)));
}
