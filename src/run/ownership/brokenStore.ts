// The failure of a run whose store broke: the run stops without a further step, names the nodes, and can be resumed.
import type { Failure } from '../../model/failure.ts';
import { stagesOf, type RunState } from '../../model/runs/runState.ts';

/**
 * Nothing can be journalled any more, so only the returned state has the failure. `name` is what the run is resumed by;
 * undefined if not even its first event was journalled, so that there is nothing to resume.
 */
export function stopRun(state: RunState, broken: Failure, name: string | undefined): RunState {
  const { release } = state;
  const stages = stagesOf(state);
  const nodes = Object.entries(Object.assign({}, ...stages.map(stage => stage.nodes)) as Record<string, string | null>);
  const unknown = new Set(nodes.flatMap(([node, runs]) => (runs === null ? [node] : [])));
  for (const step of stages.flatMap(stage => stage.steps))
    if (step.status === 'running') for (const node of step.nodes) unknown.add(node);
  const upgraded = nodes.flatMap(([node, runs]) => (runs === release.id && !unknown.has(node) ? [node] : []));
  const words = [
    unknown.size > 0 && `What ${list([...unknown])} run is not known: a hook may still be at work on them.`,
    upgraded.length > 0 && `Version ${release.artifact.version} stays on ${list(upgraded)}.`,
    unknown.size + upgraded.length === 0 && 'No node was changed by this run.',
  ].filter(word => word !== false);
  return {
    ...state,
    stopped: {
      ...broken,
      message: `The run stopped, as its history cannot be written: ${broken.message} ${words.join(' ')}`,
      hint: nextStep(broken.hint, name),
    },
  };
}

function nextStep(before: string | undefined, name: string | undefined): string {
  const [verb, rest] =
    name === undefined ? ['start', 'a new run: backstop run'] : ['resume', `the run: backstop resume ${name}`];
  return before === undefined ? `${verb[0]!.toUpperCase()}${verb.slice(1)} ${rest}` : `${before} Then ${verb} ${rest}`;
}

function list(nodes: readonly string[]): string {
  return nodes.length > 1 ? `${nodes.slice(0, -1).join(', ')} and ${nodes.at(-1)}` : nodes.join('');
}
