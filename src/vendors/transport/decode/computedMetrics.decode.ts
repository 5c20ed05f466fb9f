// Puts values that a vendor computed on a grid: one value per metric, node and interval, null where there is none.
import type { EvidencePage } from '../../../model/evidence/analysis.ts';
import type { MetricPoint } from '../../../model/evidence/evidence.ts';
import { parseJson } from './json.decode.ts';
import { createNodeNames } from './nodeNames.decode.ts';

export interface Grid {
  readonly metric: string;
  readonly kind: string;
  readonly nodes: readonly string[];
  readonly fromMs: number;
  readonly length: number;
  readonly intervalMs: number;
  /** The node that a label names; undefined: none of those that were asked for. */
  readonly nameOf: (value: string) => string | undefined;
}

export interface Sample {
  readonly node: string;
  /** Any moment of its interval. */
  readonly atMs: number;
  readonly value: number;
}

/** Of the context that `contextOfWindow` made. */
export function gridOf(context: EvidencePage['context']): Grid {
  const fromMs = Number(context.fromMs),
    intervalMs = Number(context.intervalMs),
    listed = parseJson(String(context.nodes), 'The page');
  const nodes = listed.ok && Array.isArray(listed.value) ? listed.value.map(String) : [];
  return {
    metric: String(context.metric),
    kind: String(context.kind),
    nodes,
    fromMs,
    intervalMs,
    length: Math.max(0, Math.round((Number(context.toMs) - fromMs) / intervalMs)),
    nameOf: createNodeNames(nodes, context.nodePattern === undefined ? undefined : String(context.nodePattern)),
  };
}

/**
 * Several values of a node in one interval are averaged for a gauge, and added up for a count. A count is zero where
 * nothing was counted and `whole`, the count that it is a share of, has a value. NaN and infinite values count as none.
 */
export function pointsOfSamples(
  { metric, kind, nodes, fromMs, length, intervalMs }: Grid,
  own: readonly Sample[],
  whole: readonly Sample[],
): readonly MetricPoint[] {
  const byCell = (samples: readonly Sample[]): ReadonlyMap<string, readonly Sample[]> =>
    Map.groupBy(
      samples.filter(({ value }) => Number.isFinite(value)),
      ({ node, atMs }) => `${Math.floor((atMs - fromMs) / intervalMs)}/${node}`,
    );
  const values = byCell(own),
    present = byCell(whole);
  const named = nodes.length > 0 ? nodes : [...new Set([...own, ...whole].map(({ node }) => node))];
  return named.flatMap(node =>
    Array.from({ length }, (_, k) => {
      const cell = values.get(`${k}/${node}`) ?? [],
        sum = cell.reduce((total, { value }) => total + value, 0);
      const none = kind === 'count' && present.has(`${k}/${node}`) ? 0 : null;
      const value = cell.length === 0 ? none : kind === 'count' ? sum : sum / cell.length;
      return { metric, node, atMs: fromMs + k * intervalMs, value: Number.isFinite(value) ? value : null };
    }),
  );
}
