// Runs the command that lists the nodes of an environment.
import { fail } from '../model/failure.ts';
import type { RunProgram } from '../model/outside.ts';
import { readNodeList, type NodeLists } from '../model/runs/nodeList.ts';

/** Enough for ten thousand nodes with labels. */
const mostBytes = 8 * 1_048_576;

export function createNodeLists(runProgram: RunProgram): NodeLists {
  return {
    async list({ environment, command, variables }, signal) {
      const title = `Nodes of ${environment}`;
      const ran = await runProgram({ ...command, title, values: variables, withErrors: false, mostBytes }, signal);
      if (!ran.ok) return ran;
      const whose = `${title}: its program "${command.command[0]}"`;
      if (ran.value.cut > 0) return fail('bad-answer', `${whose} printed more than ${mostBytes / 1_048_576} MB.`);
      return readNodeList(new TextDecoder('utf-8').decode(ran.value.bytes), whose);
    },
  };
}
