// Reads the clauses of a NRQL query, in whatever order they are written.
import { isTimeZone } from '../servers/localTime.ts';
import { Reader } from './nrqlReader.ts';
import { readCondition, readExpression } from './nrqlExpressions.ts';
import type { Condition, FacetItem, Instant, NrqlQuery, SelectItem } from './nrqlSyntax.ts';
import { NrqlError } from './nrqlTokens.ts';

type Draft = { -readonly [K in keyof NrqlQuery]?: NrqlQuery[K] };

/** Throws `NrqlError` with the vendor's wording. */
export function parseNrql(source: string): NrqlQuery {
  if (source.trim() === '') throw new NrqlError("Validation error on 'nrql': a query must be specified");
  const reader = new Reader(source);
  const draft: Draft = {};
  const seen = new Set<string>();
  while (!reader.atEnd()) {
    const clause = clauses.find(({ words }) => reader.seesWords(words));
    if (!clause || seen.has(clause.words[0]!)) throw reader.unexpected();
    if (seen.size === 0 && clause.words[0] !== 'SELECT' && clause.words[0] !== 'FROM') throw reader.unexpected();
    seen.add(clause.words[0]!);
    reader.skip(clause.words.length);
    clause.read(reader, draft);
  }
  if (!draft.select || !draft.from) throw reader.unexpected();
  return { facet: [], timeZone: 'UTC', ...draft, select: draft.select, from: draft.from };
}

/** A condition alone, as the entity and change searches take it. */
export function parseCondition(source: string): Condition {
  const reader = new Reader(source);
  const condition = readCondition(reader);
  if (!reader.atEnd()) throw reader.unexpected();
  return condition;
}

const clauses: readonly { readonly words: readonly string[]; readonly read: (reader: Reader, draft: Draft) => void }[] =
  [
    {
      words: ['SELECT'],
      read: (reader, draft) => {
        draft.select = reader.list(() => readSelectItem(reader));
      },
    },
    {
      words: ['FROM'],
      read: (reader, draft) => {
        draft.from = reader.list(() => reader.name());
      },
    },
    {
      words: ['WHERE'],
      read: (reader, draft) => {
        draft.where = readCondition(reader);
      },
    },
    {
      words: ['FACET'],
      read: (reader, draft) => {
        draft.facet = reader.list(() => readFacetItem(reader));
      },
    },
    {
      words: ['LIMIT'],
      read: (reader, draft) => {
        draft.limit = reader.takeWord('MAX') ? 'max' : reader.wholeNumber();
      },
    },
    {
      words: ['SINCE'],
      read: (reader, draft) => {
        draft.since = readInstant(reader);
      },
    },
    {
      words: ['UNTIL'],
      read: (reader, draft) => {
        draft.until = readInstant(reader);
      },
    },
    {
      words: ['TIMESERIES'],
      read: (reader, draft) => {
        draft.timeseries = readTimeseries(reader);
      },
    },
    {
      words: ['COMPARE', 'WITH'],
      read: (reader, draft) => {
        draft.compareWithMs = readAgo(reader);
      },
    },
    {
      words: ['ORDER', 'BY'],
      read: (reader, draft) => {
        draft.orderBy = { by: readExpression(reader), descending: reader.takeWord('DESC') || !reader.takeWord('ASC') };
      },
    },
    {
      words: ['WITH', 'TIMEZONE'],
      read: (reader, draft) => {
        draft.timeZone = readTimeZone(reader);
      },
    },
    { words: ['EXTRAPOLATE'], read: () => {} },
  ];

function readSelectItem(reader: Reader): SelectItem {
  const expression = reader.takeSymbol('*') ? { kind: 'star' as const } : readExpression(reader);
  return reader.takeWord('AS') ? { expression, alias: reader.alias() } : { expression };
}

function readFacetItem(reader: Reader): FacetItem {
  const attribute = reader.name();
  return reader.takeWord('AS') ? { attribute, alias: reader.alias() } : { attribute };
}

function readInstant(reader: Reader): Instant {
  const token = reader.peek();
  if (token.kind === 'string') return { kind: 'local', text: reader.next().text };
  if (reader.takeWord('NOW')) return { kind: 'now', text: 'NOW' };
  if (reader.takeWord('TODAY')) return { kind: 'day', back: 0, text: 'TODAY' };
  if (reader.takeWord('YESTERDAY')) return { kind: 'day', back: 1, text: 'YESTERDAY' };
  const amount = reader.number();
  if (reader.atUnit()) {
    const unit = reader.peek().text;
    const durationMs = amount * reader.unit();
    reader.word('AGO');
    return { kind: 'ago', durationMs, text: `${amount} ${unit} AGO` };
  }
  // Ten digits are seconds, thirteen are milliseconds.
  return { kind: 'epoch', epochMs: amount < 1e11 ? amount * 1000 : amount, text: token.text };
}

function readAgo(reader: Reader): number {
  const durationMs = reader.duration();
  reader.word('AGO');
  return durationMs;
}

function readTimeseries(reader: Reader): number | 'auto' | 'max' {
  if (reader.takeWord('AUTO')) return 'auto';
  if (reader.takeWord('MAX')) return 'max';
  if (reader.peek().kind === 'number') return reader.duration();
  return reader.atUnit() ? reader.unit() : 'auto';
}

function readTimeZone(reader: Reader): string {
  const token = reader.next();
  if (token.kind !== 'string') throw reader.unexpected(token);
  if (!isTimeZone(token.text)) throw new NrqlError(`Invalid time zone '${token.text}'`);
  return token.text;
}
