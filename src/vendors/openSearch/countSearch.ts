// Writes the searches that count log lines where they are: how many each node has, and groups of alike lines.
import { widenSlices } from '../../model/evidence/counts.ts';
import type { CountRequest } from '../../model/ports.ts';
import type { OpenSearchLogs } from './options.ts';
import { filterOf, mostNodes, type Range } from './search.ts';

/** Each of them has buckets for its slices and nodes, and a server gives 65,536 of all of them. */
export const mostGroups = 2_000;
/** Slices are wider where there would be more of them. */
const mostSlices = 16;
/** Percent of the words of two lines that are equal in one group: all but numbers, which the server leaves out. */
const likeness = 100;

export function widen(window: Pick<CountRequest, 'fromMs' | 'toMs' | 'sliceMs'>): number {
  return widenSlices(window, mostSlices);
}

export function writeProbe(source: OpenSearchLogs, range: Range): string {
  const field = source.options.time;
  return JSON.stringify({
    size: 0,
    query: filterOf(source, range),
    aggs: {
      nodes: {
        terms: { field: source.nodeAttribute, size: sizeFor(range.nodes) },
        aggs: { first: { min: { field } }, newest: { max: { field } } },
      },
    },
    track_total_hits: false,
  });
}

/** Lines of both sides by what they have in common and by their level, each side with a sample, slices and nodes. */
export function writeCount(
  source: OpenSearchLogs,
  range: Range,
  { canaryNodes, sliceMs }: Pick<CountRequest, 'canaryNodes' | 'sliceMs'>,
): string {
  const { message, level } = source.options,
    isCanary = { terms: { [source.nodeAttribute]: canaryNodes } };
  const each = eachSide(source, range, sliceMs),
    sides = {
      canary: { filter: isCanary, aggs: each },
      baseline: { filter: { bool: { must_not: isCanary } }, aggs: each },
    };
  return JSON.stringify({
    size: 0,
    query: filterOf(source, range),
    aggs: {
      groups: {
        categorize_text: { field: message, similarity_threshold: likeness, size: mostGroups },
        aggs: level === undefined ? sides : { levels: { terms: { field: level, missing: '' }, aggs: sides } },
      },
    },
    track_total_hits: true,
  });
}

function eachSide(
  { nodeAttribute, options: { time, message } }: OpenSearchLogs,
  { fromMs, nodes }: Range,
  sliceMs: number,
) {
  const slices = { field: time, fixed_interval: `${sliceMs}ms`, offset: `${fromMs % sliceMs}ms`, min_doc_count: 1 };
  return {
    sample: { top_hits: { size: 1, _source: [message] } },
    slices: { date_histogram: slices },
    nodes: { terms: { field: nodeAttribute, size: sizeFor(nodes) } },
  };
}

function sizeFor(nodes: readonly string[]): number {
  return Math.max(nodes.length, mostNodes);
}
