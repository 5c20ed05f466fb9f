// Reads log lines from OpenSearch: all pages of one point in time, so that what is written meanwhile moves no border.
import type { ReadSummary } from '../../model/evidence/analysis.ts';
import type { QueryRecord } from '../../model/evidence/verdict.ts';
import { fail, succeed } from '../../model/failure.ts';
import type { Result } from '../../model/failure.ts';
import type { Outside } from '../../model/outside.ts';
import type { ReadRequest } from '../../model/ports.ts';
import { listMember, member, textMember } from '../transport/decode/json.decode.ts';
import { listed } from '../transport/text/listed.ts';
import { askForJson, askServer } from '../transport/ownServer.ts';
import { readDeadline } from '../transport/readDeadline.ts';
import { readPage } from '../transport/readPage.ts';
import type { Deliver } from '../vendor.ts';
import type { OpenSearchConnection, OpenSearchLogs } from './options.ts';
import { callOf, keepAlive, pageSize, writePage } from './search.ts';

export type LogsRequest = ReadRequest & {
  readonly source: OpenSearchLogs;
  readonly connection: OpenSearchConnection;
};

interface Reading {
  readonly deps: Outside;
  readonly request: LogsRequest;
  readonly deliver: Deliver;
  readonly deadlineMs: number;
  readonly signal: AbortSignal;
}

/** What of a page's bytes is needed for the next one; `pit` and `after` are JSON. */
interface Seen {
  readonly hits: number;
  readonly pit?: string;
  readonly after?: string;
}

const closeWithinMs = 5_000;

/** All lines of the nodes in [fromMs, toMs). */
export async function readOpenSearchLogs(
  deps: Outside,
  request: LogsRequest,
  deliver: Deliver,
  signal: AbortSignal,
): Promise<Result<ReadSummary>> {
  if (request.nodes.length === 0 || request.fromMs >= request.toMs) return succeed({ queries: [] });
  const reading = { deps, request, deliver, signal, deadlineMs: readDeadline(request, deps.clock.now()) };
  const opened = await openPit(reading);
  if (!opened.ok) return opened;
  const queries: QueryRecord[] = [];
  for (let place: Seen = { hits: pageSize, pit: JSON.stringify(opened.value) }; place.hits >= pageSize;) {
    const page = await askPage(reading, place);
    if (!page.ok) {
      await closePit(reading, place.pit);
      return page;
    }
    queries.push(page.value.record);
    place = { ...place, ...page.value.seen };
    if (place.hits < pageSize) await closePit(reading, place.pit);
  }
  return succeed({ queries });
}

export function describeOpenSearchLogs(request: LogsRequest): readonly string[] {
  return request.nodes.length === 0 ? [] : [writePage(request.source, request.connection, rangeOf(request), {})];
}

export function rangeOf({ nodes, fromMs, toMs }: LogsRequest) {
  return { nodes, fromMs: Math.floor(fromMs), toMs: Math.ceil(toMs) };
}

export function whatOf({ source }: { readonly source: { readonly name: string } }): string {
  return `OpenSearch, "${source.name}"`;
}

async function openPit({ deps, request, deadlineMs, signal }: Reading): Promise<Result<string>> {
  const { source, connection } = request,
    isElastic = connection.options.product === 'elasticsearch';
  const call = callOf(connection, {
    method: 'POST',
    path: `/${encodeURIComponent(source.options.index)}/${isElastic ? '_pit' : '_search/point_in_time'}`,
    parameters: { keep_alive: keepAlive },
    body: '{}',
    what: whatOf(request),
    deadlineMs,
  });
  const opened = await askForJson(deps, connection, call, signal);
  if (!opened.ok) return opened;
  const id = textMember(opened.value, isElastic ? 'id' : 'pit_id');
  return id === undefined ? fail('bad-answer', `${call.what}: the server opened no point in time.`) : succeed(id);
}

/** It ends by itself as well: whether this works is no matter. */
async function closePit({ deps, request, signal }: Reading, pit: string | undefined): Promise<void> {
  if (signal.aborted || pit === undefined) return;
  const { connection } = request,
    isElastic = connection.options.product === 'elasticsearch';
  const call = callOf(connection, {
    method: 'DELETE',
    path: isElastic ? '/_pit' : '/_search/point_in_time',
    parameters: {},
    body: isElastic ? `{"id":${pit}}` : `{"pit_id":[${pit}]}`,
    what: whatOf(request),
    deadlineMs: deps.clock.now() + closeWithinMs,
    repeatable: false,
  });
  await askServer(deps, connection, call, signal);
}

function askPage({ deps, request, deliver, deadlineMs, signal }: Reading, place: Seen) {
  const { source, connection } = request,
    what = whatOf(request),
    range = rangeOf(request);
  const body = writePage(source, connection, range, place);
  const { time, message, level } = source.options;
  const context = { time, message, node: source.nodeAttribute, ...(level !== undefined && { level }) };
  return readPage(
    deps.clock,
    { source: source.name, text: writePage(source, connection, range, {}), what, deadlineMs },
    async () => {
      const call = callOf(connection, { method: 'POST', path: '/_search', parameters: {}, body, what, deadlineMs });
      const answer = await askServer(deps, connection, call, signal);
      if (!answer.ok) return answer;
      const { bytes } = answer.value;
      return succeed({
        page: { source: source.name, decoder: 'openSearchHits', bytes, context },
        seen: scanHits(bytes),
      });
    },
    deliver,
    signal,
  );
}

const text = String.raw`"(?:[^"\\]|\\.)*"`;
const sortValues = new RegExp(String.raw`"sort"\s*:\s*(\[(?:${text}|[^\]"])*\])`, 'g'),
  pitId = new RegExp(String.raw`"pit_id"\s*:\s*(${text})`);

/**
 * Each hit has one `_index`, and ends with what it was sorted by. Inside of a text every quote is escaped, so that none
 * of this is found there.
 */
function scanHits(bytes: Uint8Array): Seen {
  const answer = new TextDecoder().decode(bytes);
  const pit = pitId.exec(answer)?.[1],
    last = answer.lastIndexOf('"_index"'),
    after = [...answer.slice(Math.max(0, last)).matchAll(sortValues)].at(-1)?.[1];
  return {
    hits: answer.split(/"_index"\s*:\s*"/).length - 1,
    ...(pit !== undefined && { pit }),
    ...(after !== undefined && { after }),
  };
}

const hintWithinMs = 10_000;

/** The names that there are, where no node was found. */
export async function hintOfOpenSearchNodes(
  deps: Outside,
  { source, connection }: Pick<LogsRequest, 'connection'> & { readonly source: { readonly name: string } & NodeField },
  signal: AbortSignal,
): Promise<string | undefined> {
  const { index, where, time } = source.options,
    nowMs = deps.clock.now();
  const call = callOf(connection, {
    method: 'POST',
    path: `/${encodeURIComponent(index)}/_search`,
    parameters: {},
    body: JSON.stringify({
      size: 0,
      query: {
        bool: {
          filter: [
            { range: { [time]: { gte: nowMs - 3_600_000, format: 'epoch_millis' } } },
            ...(where === undefined ? [] : [{ query_string: { query: where } }]),
          ],
        },
      },
      aggs: { nodes: { terms: { field: source.nodeAttribute, size: 11 } } },
    }),
    what: whatOf({ source }),
    deadlineMs: nowMs + hintWithinMs,
  });
  const found = await askForJson(deps, connection, call, signal);
  if (!found.ok) return undefined;
  const names = listMember(member(member(found.value, 'aggregations'), 'nodes'), 'buckets').map(bucket =>
    String(member(bucket, 'key')),
  );
  return names.length === 0
    ? `${index} has no such document of the last hour with a field \`${source.nodeAttribute}\`: ` +
        'check `index`, `where`, `time` and `node`. The field must be a keyword.'
    : `\`${source.nodeAttribute}\` is ${listed(names)}. Check \`node\`.`;
}

interface NodeField {
  readonly nodeAttribute: string;
  readonly options: { readonly index: string; readonly where?: string; readonly time: string };
}
