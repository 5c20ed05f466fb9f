// The nodes of a rollback where a command lists them: as they are when it begins, and as they are once it is done.
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

/** Whatever does not run the working release, the canary first; a node that was there before and never left stays. */
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
    // A hook that is called for all nodes together is called even if none of them has a name any more.
    nodes: groups.length > 0 ? groups : [[]],
    otherNodes: task.otherNodes.filter(name => listed.some(node => node.name === name)),
  };
}

/** The nodes that went back, whatever they are called now; all of them where none is new. */
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
