// Pages of a search job, messages and records, in the vendor's format: every value is a text, every key in lower case.
import { metadataOf, type SumoQuery } from './query.ts';
import type { LogRecord } from '../fleet/telemetry.ts';

interface Field {
  readonly name: string;
  readonly fieldType: 'long' | 'int' | 'string';
  readonly keyField: boolean;
}
type Row = Readonly<Record<string, string>>;

const messageFields: readonly Field[] = (
  [
    ['_messageid', 'long'],
    ['_sourceid', 'long'],
    ['_sourcename', 'string'],
    ['_sourcehost', 'string'],
    ['_sourcecategory', 'string'],
    ['_format', 'string'],
    ['_size', 'long'],
    ['_messagetime', 'long'],
    ['_receipttime', 'long'],
    ['_messagecount', 'int'],
    ['_raw', 'string'],
    ['_source', 'string'],
    ['_collectorid', 'long'],
    ['_collector', 'string'],
    ['_blockid', 'long'],
  ] as const
).map(([name, fieldType]) => ({ name, fieldType, keyField: false }));

/** Time between a line's own time and its receipt. */
const receiptDelayMs = 200;

/**
 * The text of the page: building it directly is many times as fast for ten thousand messages as serialising objects.
 */
export function writeMessages(records: readonly LogRecord[], timesliceMs: number | undefined): string {
  const sliced: readonly Field[] =
    timesliceMs === undefined ? [] : [{ name: '_timeslice', fieldType: 'long', keyField: false }];
  const constants = new Map<string, string>();
  const messages = records.map(record => {
    const key = `${record.node}\n${record.category}`;
    let constant = constants.get(key);
    if (constant === undefined) constants.set(key, (constant = JSON.stringify(sourceOf(record)).slice(1, -1)));
    const slice = timesliceMs === undefined ? '' : `"_timeslice":"${sliceOf(record, timesliceMs)}",`;
    return (
      `{"map":{${slice}"_receipttime":"${record.atMs + receiptDelayMs}",` +
      `"_messageid":"${-9_007_199_254_000_000 + record.id}","_messagetime":"${record.atMs}",` +
      `"_raw":${JSON.stringify(record.text)},"_size":"${Buffer.byteLength(record.text)}",` +
      `"_messagecount":"${record.id}",${constant}}}`
    );
  });
  return `{"fields":${JSON.stringify([...messageFields, ...sliced])},"messages":[${messages.join(',')}]}`;
}

/** The fields that the messages of one source share. */
function sourceOf(record: LogRecord): Row {
  return {
    _source: metadataOf(record, '_source')!,
    _collector: metadataOf(record, '_collector')!,
    _collectorid: '1579',
    _sourceid: '1640',
    _sourcename: metadataOf(record, '_sourcename')!,
    _sourcehost: record.node,
    _sourcecategory: record.category,
    _format: 't:O:0:o:0:l:23:p:yyyy-MM-dd HH:mm:ss,SSS',
    _blockid: '-9223372036854775669',
  };
}

export interface CountedRecords {
  readonly fields: readonly Field[];
  readonly rows: readonly Row[];
}

/**
 * Groups without a record are absent: the vendor does not fill gaps. Time slices come in order, other groups by count.
 */
export function countRecords(records: readonly LogRecord[], query: SumoQuery): CountedRecords {
  const { by, name } = query.count!;
  const groups = new Map<string, { readonly keys: Row; count: number; readonly order: number }>();
  for (const record of records) {
    const keys = Object.fromEntries(
      by.map(field => [
        field,
        field === '_timeslice' ? String(sliceOf(record, query.timesliceMs!)) : metadataOf(record, field)!,
      ]),
    );
    const id = JSON.stringify(keys);
    const group = groups.get(id) ?? { keys, count: 0, order: Number(keys['_timeslice'] ?? 0) };
    group.count++;
    groups.set(id, group);
  }
  if (by.length === 0 && groups.size === 0) groups.set('', { keys: {}, count: 0, order: 0 });
  return {
    fields: [
      ...by.map((field): Field => ({
        name: field,
        fieldType: field === '_timeslice' ? 'long' : 'string',
        keyField: true,
      })),
      { name, fieldType: 'int', keyField: false },
    ],
    rows: [...groups.values()]
      .sort((one, other) => one.order - other.order || other.count - one.count)
      .map(({ keys, count }) => ({ ...keys, [name]: String(count) })),
  };
}

export function recordsPage({ fields, rows }: CountedRecords, offset: number, limit: number): unknown {
  return { fields, records: rows.slice(offset, offset + limit).map(map => ({ map })) };
}

function sliceOf(record: LogRecord, widthMs: number): number {
  return Math.floor(record.atMs / widthMs) * widthMs;
}
