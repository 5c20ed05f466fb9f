// The nodes of a rollback if a command lists them: listed once when the rollback begins and once when it is done.
import type { RunContext } from '../context.ts';
import { isListed, listNodesOr, saysRelease } from '../nodes.ts';
import type { Release } from '../../model/release.ts';

interface GoingBack {
  readonly stage: string;
  readonly environment: string;
  readonly from: Release;
  readonly to: Release;
  readonly nodes: readonly (readonly string[])[];
  readonly otherNodes: readonly string[];
}

/** All nodes that do not run the working release, canary nodes first. Nodes that never left it are not touched. */
export async function asTheyAre<Task extends GoingBack>(context: RunContext, task: Task): Promise<Task> {
  if (!isListed(context, task.environment)) return task;
  const listed = await list(context, task, 'before');
  const stays = new Set(task.otherNodes);
  const isBack = (version: string | undefined): boolean =>
    version !== undefined && saysRelease(version, task.to) && !saysRelease(version, task.from);
  const names = listed.flatMap(({ name, version }) => (stays.has(name) || isBack(version) ? [] : [name]));
  const planned = new Set(task.nodes.flat());
  const groups = [
    ...task.nodes.map(group => group.filter(name => names.includes(name))),
    names.filter(name => !planned.has(name)),
  ].filter(group => group.length > 0);
  return {
    ...task,
    // A hook that is called once for all nodes is called even if none of the nodes exists any more.
    nodes: groups.length > 0 ? groups : [[]],
    otherNodes: task.otherNodes.filter(name => listed.some(node => node.name === name)),
  };
}

/**
 * The nodes that were rolled back, under their current names: all listed nodes except those that never left the working
 * release. If no others are listed, all of them.
 */
export async function nodesBack(context: RunContext, task: GoingBack): Promise<readonly string[]> {
  if (!isListed(context, task.environment)) return task.nodes.flat();
  const names = (await list(context, task, 'after')).map(({ name }) => name);
  const back = names.filter(name => !task.otherNodes.includes(name));
  return back.length > 0 ? back : names;
}

function list(context: RunContext, { stage, environment, nodes, otherNodes }: GoingBack, moment: string) {
  const listing = { key: `${stage}/rollback/${moment}`, stage, environment };
  return listNodesOr(context, listing, [...nodes.flat(), ...otherNodes]);
}
