// The queries of a check: one entry for a query that was asked again and again, with the times that it read.
import type { HealthSource } from '../../model/healthSource.ts';
import { connectionOf, type Connection, type Pipeline } from '../../model/pipeline.ts';
import type { QueryRecord } from '../../model/evidence/verdict.ts';
import { formatCount, formatDuration, formatNumber, formatSize, formatTime } from '../words/format.ts';
import { plainText } from '../words/plainText.ts';
import { t } from '../words/translate.ts';

export interface QueriesSnapshot {
  readonly summary: string;
  /** The latest last. */
  readonly entries: readonly QuerySnapshot[];
}
export interface QuerySnapshot {
  /** As it was sent last. */
  readonly text: string;
  /** `run 11 times, every 30 s`. */
  readonly asked: string;
  /** `1,284 rows, 452 kB`. */
  readonly total: string;
  /** The latest first. */
  readonly windows: readonly WindowSnapshot[];
  /** Number of windows that are not listed. */
  readonly hidden: number;
  /** The vendor's own page for the latest window. */
  readonly page?: QueryPage;
}
export interface WindowSnapshot {
  /** Empty if it was not recorded. */
  readonly from: string;
  readonly to: string;
  readonly rows: string;
  readonly took: string;
  readonly size: string;
}
export interface QueryPage {
  readonly vendor: string;
  readonly url: string;
}
/** Finds the vendor's page for a query. */
export type PageOf = (asked: {
  readonly connection: Connection;
  readonly source: HealthSource;
  readonly text: string;
  readonly fromMs: number;
  readonly toMs: number;
}) => QueryPage | undefined;

const mostEntries = 8,
  mostWindows = 12,
  longestQuery = 4_000;

/** `fixed`: the pipeline when the run began. Without it, or without `pageOf`, nothing links to a vendor. */
export function snapshotQueries(
  queries: readonly QueryRecord[],
  fixed: Pipeline | undefined,
  pageOf: PageOf | undefined,
): QueriesSnapshot {
  if (queries.length === 0) return { summary: t('nothing yet'), entries: [] };
  const groups = [...Map.groupBy(queries, ({ text }) => withoutTimes(text)).values()];
  const asked = askedPhrase(queries.length, groups.length === 1 ? queries : []);
  return {
    summary: `${formatCount(groups.length, 'query')}, ${asked}`,
    entries: groups.slice(-mostEntries).map(group => snapshotQuery(group, fixed, pageOf)),
  };
}

/** The same query names another time whenever it is asked: long numbers, and dates with their time. */
export function withoutTimes(text: string): string {
  return text.replace(/\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?Z?|\d{10,}/g, '#');
}

function snapshotQuery(
  group: readonly QueryRecord[],
  fixed: Pipeline | undefined,
  pageOf: PageOf | undefined,
): QuerySnapshot {
  const last = group.at(-1),
    page = last && pageFor(last, fixed, pageOf);
  const total = (of: 'rows' | 'bytes'): number => group.reduce((sum, query) => sum + query[of], 0);
  return {
    text: plainText((last?.text ?? '').slice(0, longestQuery)),
    asked: askedPhrase(group.length, group),
    total: `${formatCount(total('rows'), 'row')}, ${formatSize(total('bytes'))}`,
    windows: group
      .slice(-mostWindows)
      .toReversed()
      .map(({ fromMs, toMs, atMs, rows, durationMs, bytes }) => ({
        from: fromMs === undefined ? '' : formatTime(fromMs),
        to: formatTime(toMs ?? atMs),
        rows: formatNumber(rows),
        took: formatDuration(durationMs),
        size: formatSize(bytes),
      })),
    hidden: Math.max(0, group.length - mostWindows),
    ...(page && { page }),
  };
}

function pageFor(
  { source: name, text, fromMs, toMs }: QueryRecord,
  fixed: Pipeline | undefined,
  pageOf: PageOf | undefined,
): QueryPage | undefined {
  const source = fixed?.healthSources[name];
  if (!fixed || !source || fromMs === undefined || toMs === undefined) return undefined;
  const page = pageOf?.({ connection: connectionOf(fixed, source), source, text, fromMs, toMs });
  return page && /^https?:\/\//.test(page.url) ? page : undefined;
}

function askedPhrase(times: number, queries: readonly QueryRecord[]): string {
  const asked = times === 1 ? t('run once') : t('run {0} times', formatNumber(times)),
    steps = queries.slice(1).map(({ atMs }, index) => atMs - (queries[index]?.atMs ?? atMs));
  const step = steps.toSorted((one, other) => one - other)[Math.floor(steps.length / 2)];
  return step === undefined || step < 1_000
    ? asked
    : t('{0}, every {1}', asked, formatDuration(Math.round(step / 1_000) * 1_000));
}
