// NRDB's own answer (`rawResponse`) in addition to the flat results: the same numbers in its older, nested form.
import type { NrqlAnswer, ResultRow } from './nrqlAnswer.ts';
import { selectsEvents, type Expression, type NrqlQuery } from './nrqlSyntax.ts';

export interface WindowTexts {
  readonly since: string;
  readonly until: string;
  readonly compareWith: string | null;
}

export function windowTexts(query: NrqlQuery): WindowTexts {
  return {
    since: query.since?.text ?? '60 MINUTES AGO',
    until: query.until?.text ?? 'NOW',
    compareWith: query.compareWithMs === undefined ? null : `${query.compareWithMs / 1000} SECONDS AGO`,
  };
}

export function rawResponse(
  query: NrqlQuery,
  answer: NrqlAnswer,
  accounts: readonly number[],
  guid: string,
): Readonly<Record<string, unknown>> {
  const { beginMs, endMs } = answer.window;
  const texts = windowTexts(query);
  return {
    metadata: {
      accounts,
      guid,
      routerGuid: guid,
      messages: [],
      beginTime: utcText(beginMs),
      beginTimeMillis: beginMs,
      endTime: utcText(endMs),
      endTimeMillis: endMs,
      eventType: query.from.join(','),
      eventTypes: query.from,
      openEnded: query.until === undefined,
      rawSince: texts.since,
      rawUntil: texts.until,
      rawCompareWith: texts.compareWith ?? '',
      timeAggregations: ['raw metrics'],
      ...(query.facet.length > 0 && { facet: query.facet.map(({ attribute }) => attribute) }),
      contents: contentsOf(query),
    },
    performanceStats: {
      exceedsRetentionWindow: false,
      inspectedCount: answer.inspectedCount,
      matchCount: answer.matchCount,
      omittedCount: 0,
      wallClockTime: 1,
    },
    ...bodyOf(query, answer),
  };
}

function contentsOf(query: NrqlQuery): readonly unknown[] {
  if (selectsEvents(query))
    return [{ function: 'events', limit: query.limit ?? 100, order: { column: 'timestamp', descending: true } }];
  return query.select.map(({ expression, alias }) => ({
    ...functionOf(expression),
    ...(alias !== undefined && { alias }),
  }));
}

function functionOf(expression: Expression): Readonly<Record<string, unknown>> {
  if (expression.kind !== 'call') return { function: 'math' };
  const first = expression.arguments[0];
  const attribute =
    first?.kind === 'expression' && first.expression.kind === 'attribute' ? first.expression.name : undefined;
  return { function: expression.name, ...(attribute === undefined ? { simple: true } : { attribute, simple: true }) };
}

function bodyOf(query: NrqlQuery, answer: NrqlAnswer): Readonly<Record<string, unknown>> {
  if (selectsEvents(query)) return { results: [{ events: answer.results }] };
  const rows = answer.currentResults ?? answer.results;
  if (query.facet.length === 0)
    return query.timeseries === undefined
      ? { results: valuesOf(rows[0]!) }
      : { timeSeries: rows.map(bucketOf), total: null };
  const groups = Map.groupBy(rows, row => JSON.stringify(row['facet']));
  return {
    facets: [...groups.values()].map(group => ({
      name: group[0]!['facet'],
      ...(query.timeseries === undefined ? { results: valuesOf(group[0]!) } : { timeSeries: group.map(bucketOf) }),
    })),
    totalResult:
      query.timeseries === undefined
        ? { results: valuesOf(answer.totalResult() as ResultRow) }
        : { timeSeries: (answer.totalResult() as readonly ResultRow[]).map(bucketOf) },
  };

  function valuesOf(row: ResultRow): readonly unknown[] {
    const keys = new Set([
      'facet',
      'beginTimeSeconds',
      'endTimeSeconds',
      ...query.facet.map(({ attribute, alias }) => alias ?? attribute),
    ]);
    return Object.entries(row)
      .filter(([name]) => !keys.has(name))
      .map(([name, value]) => ({ [name.split('.')[0]!]: value }));
  }
  function bucketOf(row: ResultRow): Readonly<Record<string, unknown>> {
    return { beginTimeSeconds: row['beginTimeSeconds'], endTimeSeconds: row['endTimeSeconds'], results: valuesOf(row) };
  }
}

function utcText(epochMs: number): string {
  return new Date(epochMs).toISOString().replace(/\.\d{3}Z$/, 'Z');
}
