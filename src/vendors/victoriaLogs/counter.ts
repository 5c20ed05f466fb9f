// Lets VictoriaLogs count log lines, where there are too many to read them.
import type { NodePace } from '../../model/evidence/counts.ts';
import type { Result } from '../../model/failure.ts';
import type { Outside } from '../../model/outside.ts';
import type { CountRequest, LineCounter } from '../../model/ports.ts';
import { countLines, probeLines, type CountQuestion } from '../transport/countLines.ts';
import { createNodeNames } from '../transport/decode/nodeNames.decode.ts';
import { readPaces } from './counts.decode.ts';
import { callOf, type VictoriaLogsRequest } from './logs.ts';
import { writeCountQuery, writeProbeQuery } from './logsQl.ts';

/** Slices times nodes of a group: with more of them, slices are wider, since the answer tells of each. */
const mostCells = 2_000;

export function createVictoriaLogsCounter(deps: Outside): LineCounter {
  return {
    probe(request, signal) {
      const asked = request as VictoriaLogsRequest,
        { source, nodes } = asked;
      const nameOf = createNodeNames(nodes, source.options.nodePattern),
        pacesOf = (bytes: Uint8Array): Result<readonly NodePace[]> => readPaces(bytes, source.nodeAttribute, nameOf);
      return probeLines(deps, request, questionOf(asked, writeProbeQuery(source, nodes)), pacesOf, signal);
    },
    count(request, deliver, signal) {
      const asked = { ...request, sliceMs: widen(request) } as VictoriaLogsRequest & CountRequest,
        { source, nodes, canaryNodes } = asked,
        { nodePattern } = source.options;
      const context = {
        node: source.nodeAttribute,
        nodes: JSON.stringify(nodes),
        canary: JSON.stringify(canaryNodes),
        ...(nodePattern !== undefined && { nodePattern }),
      };
      const question = questionOf(asked, writeCountQuery(source, asked));
      return countLines(deps, asked, question, { decoder: 'victoriaLogsCounts', context }, deliver, signal);
    },
  };
}

function widen({ nodes, fromMs, toMs, sliceMs }: CountRequest): number {
  let widthMs = sliceMs;
  while ((nodes.length * (toMs - fromMs)) / widthMs > mostCells && widthMs < toMs - fromMs) widthMs *= 2;
  return widthMs;
}

function questionOf({ source, connection, fromMs, toMs }: VictoriaLogsRequest, text: string): CountQuestion {
  const nanoseconds = (ms: number): string => String(BigInt(Math.ceil(ms)) * 1_000_000n);
  const parameters = { query: text, start: nanoseconds(fromMs), end: nanoseconds(toMs) };
  return {
    connection,
    text,
    call: deadlineMs => callOf(source, connection, '/select/logsql/query', parameters, deadlineMs),
  };
}
