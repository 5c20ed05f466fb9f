// Runs an NRQL query over the telemetry and builds the answer of NerdGraph.
import { aggregate, type Aggregate } from './nrqlFunctions.ts';
import { attributeOf, holds, rowsOf, valueOf, type Row } from './nrqlRows.ts';
import { columnName, selectsEvents, type NrqlQuery } from './nrqlSyntax.ts';
import { NrqlError } from './nrqlTokens.ts';
import { bucketsOf, windowOf, type TimeWindow } from './nrqlWindow.ts';
import type { Telemetry } from '../fleet/telemetry.ts';

export type ResultRow = Readonly<Record<string, Aggregate>>;

export interface NrqlAnswer {
  readonly results: readonly ResultRow[];
  /** For `COMPARE WITH`, otherwise null. */
  readonly currentResults: readonly ResultRow[] | null;
  readonly previousResults: readonly ResultRow[] | null;
  /** For `FACET`, otherwise null; with `TIMESERIES` one row per bucket. Computed on demand, which is rare. */
  readonly otherResult: () => ResultRow | readonly ResultRow[] | null;
  readonly totalResult: () => ResultRow | readonly ResultRow[] | null;
  readonly window: TimeWindow;
  readonly inspectedCount: number;
  readonly matchCount: number;
}

/** The number of rows for `LIMIT MAX`, unless the account's plan says otherwise. */
export const defaultLimitMax = 2000;

type Part = Pick<NrqlAnswer, 'results' | 'otherResult' | 'totalResult' | 'inspectedCount' | 'matchCount'>;

/** Throws `NrqlError` with the vendor's wording. */
export function answerNrql(
  query: NrqlQuery,
  telemetry: Telemetry,
  nowMs: number,
  limitMax = defaultLimitMax,
): NrqlAnswer {
  const window = windowOf(query, nowMs);
  const current = answerWindow(query, telemetry, window, limitMax);
  if (query.compareWithMs === undefined) return { ...current, window, currentResults: null, previousResults: null };
  const earlier = { beginMs: window.beginMs - query.compareWithMs, endMs: window.endMs - query.compareWithMs };
  const previous = answerWindow(query, telemetry, earlier, limitMax);
  const tag = (comparison: string, rows: readonly ResultRow[]) => rows.map(row => ({ ...row, comparison }));
  return {
    ...current,
    window,
    currentResults: current.results,
    previousResults: previous.results,
    results: [...tag('current', current.results), ...tag('previous', previous.results)],
  };
}

function answerWindow(query: NrqlQuery, telemetry: Telemetry, window: TimeWindow, limitMax: number): Part {
  const inspected = rowsOf(telemetry, query.from, window.beginMs, window.endMs);
  const { where } = query;
  const rows = where ? inspected.filter(row => holds(where, row)) : inspected;
  const counts = { inspectedCount: inspected.length, matchCount: rows.length };
  if (selectsEvents(query))
    return { ...counts, results: showEvents(query, rows, limitOf(query, 100, limitMax)), ...withoutFacets };
  const layOut =
    query.timeseries === undefined
      ? layOutWhole(query, window)
      : layOutBuckets(query, bucketsOf(query.timeseries, window));
  if (query.facet.length === 0) return { ...counts, results: layOut(rows), ...withoutFacets };
  const { shown, others } = facetsOf(query, rows, window, limitOf(query, 10, limitMax));
  const alone = (laidOut: readonly ResultRow[]) => (query.timeseries === undefined ? laidOut[0]! : laidOut);
  return {
    ...counts,
    results: shown.flatMap(facet => layOut(facet.rows).map(row => ({ ...facet.keys, ...row }))),
    otherResult: () => alone(layOut(others)),
    totalResult: () => alone(layOut(rows)),
  };
}

const withoutFacets = { otherResult: () => null, totalResult: () => null };

function limitOf(query: NrqlQuery, usual: number, limitMax: number): number {
  return query.limit === 'max' ? limitMax : Math.min(query.limit ?? usual, limitMax);
}

function showEvents(query: NrqlQuery, rows: readonly Row[], limit: number): readonly ResultRow[] {
  if (query.facet.length > 0 || query.timeseries !== undefined || query.compareWithMs !== undefined)
    throw new NrqlError('FACET and TIMESERIES are not supported on events.');
  const ordered = query.orderBy ? sortRows(rows, query.orderBy) : rows.toReversed();
  const all = query.select.some(({ expression }) => expression.kind === 'star');
  return ordered.slice(0, limit).map(row => {
    const shown: Record<string, Aggregate> = all ? { ...row.attributes, timestamp: row.atMs } : { timestamp: row.atMs };
    for (const item of query.select)
      if (item.expression.kind === 'attribute') shown[columnName(item)] = attributeOf(row, item.expression.name);
    return shown;
  });
}

function sortRows(rows: readonly Row[], { by, descending }: NonNullable<NrqlQuery['orderBy']>): readonly Row[] {
  return rows.toSorted((one, other) => (descending ? -1 : 1) * compareValues(valueOf(by, one), valueOf(by, other)));
}

function layOutWhole(query: NrqlQuery, window: TimeWindow): (rows: readonly Row[]) => readonly ResultRow[] {
  return rows => [columns(query, rows, window.endMs - window.beginMs)];
}

function layOutBuckets(
  query: NrqlQuery,
  buckets: readonly TimeWindow[],
): (rows: readonly Row[]) => readonly ResultRow[] {
  const firstMs = buckets[0]!.beginMs,
    widthMs = buckets[0]!.endMs - firstMs;
  return rows => {
    const filled = buckets.map((): Row[] => []);
    for (const row of rows) filled[Math.floor((row.atMs - firstMs) / widthMs)]?.push(row);
    return buckets.map((bucket, index) => ({
      beginTimeSeconds: bucket.beginMs / 1000,
      endTimeSeconds: bucket.endMs / 1000,
      ...columns(query, filled[index]!, widthMs),
    }));
  };
}

function columns(query: NrqlQuery, rows: readonly Row[], windowMs: number): ResultRow {
  return Object.fromEntries(query.select.map(item => [columnName(item), aggregate(item.expression, rows, windowMs)]));
}

interface Facet {
  readonly keys: ResultRow;
  readonly rows: Row[];
  readonly name: string;
}

/** The groups with the largest value of the first column, and the rows of no shown group. */
function facetsOf(
  query: NrqlQuery,
  rows: readonly Row[],
  window: TimeWindow,
  limit: number,
): { shown: readonly Facet[]; others: readonly Row[] } {
  const facets = new Map<string, Facet>();
  const others: Row[] = [];
  for (const row of rows) {
    const values = query.facet.map(({ attribute }) => attributeOf(row, attribute));
    if (values.includes(null)) {
      others.push(row);
      continue;
    }
    const name = values.length === 1 ? String(values[0]) : JSON.stringify(values);
    let facet = facets.get(name);
    if (!facet) facets.set(name, (facet = { keys: keysOf(query, values), rows: [], name }));
    facet.rows.push(row);
  }
  // A time series of every facet needs no order, which is expensive to compute.
  if (query.timeseries !== undefined && facets.size <= limit)
    return { shown: [...facets.values()].sort(byName), others };
  const windowMs = window.endMs - window.beginMs;
  const by = query.orderBy?.by ?? query.select[0]!.expression;
  const rank = new Map([...facets.values()].map(facet => [facet, aggregate(by, facet.rows, windowMs)]));
  const sign = query.orderBy?.descending === false ? 1 : -1;
  const ordered = [...facets.values()].sort(
    (one, other) => sign * compareValues(rank.get(one), rank.get(other)) || byName(one, other),
  );
  for (const facet of ordered.slice(limit)) others.push(...facet.rows);
  return { shown: ordered.slice(0, limit), others: others.sort((one, other) => one.atMs - other.atMs) };
}

function byName(one: Facet, other: Facet): number {
  return one.name < other.name ? -1 : 1;
}

function keysOf(query: NrqlQuery, values: readonly Aggregate[]): ResultRow {
  const keys: Record<string, Aggregate> = { facet: values.length === 1 ? String(values[0]) : values.map(String) };
  for (const [index, { attribute, alias }] of query.facet.entries()) keys[alias ?? attribute] = values[index]!;
  return keys;
}

/** Numbers by size, objects by their first number, texts alphabetically; a missing value is the smallest. */
function compareValues(one: unknown, other: unknown): number {
  const [left, right] = [sortable(one), sortable(other)];
  if (typeof left === 'number' && typeof right === 'number') return left === right ? 0 : left < right ? -1 : 1;
  return String(left).localeCompare(String(right));
}

function sortable(value: unknown): number | string {
  if (typeof value === 'number' || typeof value === 'string') return value;
  if (typeof value === 'boolean') return Number(value);
  if (value === null || value === undefined) return -Infinity;
  return sortable(Object.values(value)[0]);
}
