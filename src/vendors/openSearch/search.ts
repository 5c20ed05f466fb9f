// Writes the searches of a source, with their access to the server.
import { sideAttribute } from '../../model/healthSource.ts';
import type { Access, ServerCall } from '../transport/ownServer.ts';
import { basicAuthorization } from '../transport/credentials.ts';
import type { Window } from '../transport/computedMetrics.ts';
import {
  valuePattern,
  type OpenSearchConnection,
  type OpenSearchLogs,
  type OpenSearchMetric,
  type OpenSearchMetrics,
} from './options.ts';

type Call = Pick<ServerCall, 'method' | 'path' | 'repeatable'> & {
  readonly body: string;
  readonly parameters?: ServerCall['parameters'];
};

export function writeCall({ options: { scheme } }: OpenSearchConnection, call: Call) {
  const access: Access = {
    authorize: (_, key) => ({ Authorization: key.includes(':') ? basicAuthorization(key) : `${scheme} ${key}` }),
  };
  return { parameters: {}, ...call, headers: { 'Content-Type': 'application/json' }, access };
}

export function callOf(
  connection: OpenSearchConnection,
  { what, deadlineMs, ...call }: Call & Pick<ServerCall, 'what' | 'deadlineMs'>,
): ServerCall {
  return { ...writeCall(connection, call), what, deadlineMs };
}

export const pageSize = 5_000;

/** In milliseconds; `toMs` is exclusive. */
export interface Range {
  readonly nodes: readonly string[];
  readonly fromMs: number;
  readonly toMs: number;
}

export function filterOf(
  { nodeAttribute, options: { time, where } }: OpenSearchLogs | OpenSearchMetrics,
  range: Range,
) {
  return {
    bool: {
      filter: [
        { range: { [time]: { gte: range.fromMs, lt: range.toMs, format: 'epoch_millis' } } },
        ...(range.nodes.length > 0 ? [{ terms: { [nodeAttribute]: range.nodes } }] : []),
        ...(where === undefined ? [] : [{ query_string: { query: where } }]),
      ],
    },
  };
}

/**
 * A page in an order in which no two documents are equal, so that the next begins behind its last one. `after` and
 * `pit` are JSON as the server sent it: a time in nanoseconds is no number to JavaScript.
 */
export function writePage(
  source: OpenSearchLogs,
  { options: { product } }: OpenSearchConnection,
  range: Range,
  { pit, after }: { readonly pit?: string; readonly after?: string },
): string {
  const { time, message, level } = source.options;
  const tie = product === 'elasticsearch' ? ['_shard_doc'] : ['_id', '_index'];
  const search = {
    size: pageSize,
    query: filterOf(source, range),
    _source: false,
    fields: [
      { field: time, format: 'epoch_millis' },
      ...[source.nodeAttribute, message, ...(level === undefined ? [] : [level])].map(field => ({ field })),
    ],
    sort: [time, ...tie].map(field => ({ [field]: 'asc' })),
    track_total_hits: false,
  };
  const more = [
    ...(pit === undefined ? [] : [`"pit":{"id":${pit},"keep_alive":"${keepAlive}"}`]),
    ...(after === undefined ? [] : [`"search_after":${after}`]),
  ];
  return `${[JSON.stringify(search).slice(0, -1), ...more].join(',')}}`;
}

/** Longer than a page and its retries take. */
export const keepAlive = '5m';

/** As many documents as there are intervals of all nodes: a server gives 65,536 of them. */
export const mostBuckets = 50_000;
export const mostNodes = 500;

export function writeAggregation(
  source: OpenSearchMetrics,
  metric: OpenSearchMetric,
  nodes: readonly string[],
  window: Window,
): string {
  const { where, value } = metric.options,
    computed = computationOf(value);
  const intervals = {
    date_histogram: { field: source.options.time, fixed_interval: `${window.intervalMs}ms`, min_doc_count: 1 },
    aggs: {
      selected: {
        filter: where === undefined ? { match_all: {} } : { query_string: { query: where } },
        ...(computed && { aggs: { value: computed } }),
      },
    },
  };
  const field = sideAttribute(source, metric);
  return JSON.stringify({
    size: 0,
    query: filterOf({ ...source, nodeAttribute: field }, { ...window, nodes }),
    aggs: { nodes: { terms: { field, size: Math.max(nodes.length, mostNodes) }, aggs: { intervals } } },
    track_total_hits: false,
  });
}

/** Undefined: the documents are counted. */
export function computationOf(value: string): object | undefined {
  const [, name, field] = valuePattern.exec(value) ?? [];
  if (name === undefined) return undefined;
  return name.startsWith('p') ? { percentiles: { field, percents: [Number(name.slice(1))] } } : { [name]: { field } };
}
