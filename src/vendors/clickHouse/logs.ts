// Reads log lines from ClickHouse: pages from the oldest line on.
import type { ReadSummary } from '../../model/evidence/analysis.ts';
import { succeed } from '../../model/failure.ts';
import type { Result } from '../../model/failure.ts';
import type { Outside } from '../../model/outside.ts';
import type { ReadRequest } from '../../model/ports.ts';
import { listMember } from '../transport/decode/json.decode.ts';
import { listed } from '../transport/text/listed.ts';
import { askForJson, askServer, type ServerCall } from '../transport/ownServer.ts';
import { readDeadline } from '../transport/readDeadline.ts';
import { contextOfPlace, readInOrder } from '../transport/readInOrder.ts';
import { readPage } from '../transport/readPage.ts';
import { scanStamps } from '../transport/stamps.ts';
import type { Deliver } from '../vendor.ts';
import type { ClickHouseConnection, ClickHouseSource } from './options.ts';
import { toNs, writeLinesQuery, writeNodesQuery, type Page } from './sql.ts';

export type ClickHouseRequest = ReadRequest & {
  readonly source: ClickHouseSource;
  readonly connection: ClickHouseConnection;
};

const linesPerPage = 10_000;
const hintWithinMs = 10_000;

/** All lines of the nodes in [fromMs, toMs). */
export async function readClickHouseLogs(
  deps: Outside,
  request: ClickHouseRequest,
  deliver: Deliver,
  signal: AbortSignal,
): Promise<Result<ReadSummary>> {
  const deadlineMs = readDeadline(request, deps.clock.now()),
    first = firstPage(request);
  if (request.nodes.length === 0 || first.fromNs >= first.toNs) return succeed({ queries: [] });
  const read = await readInOrder(first.fromNs, first.limit, place =>
    readOne(deps, request, { ...first, ...place }, deadlineMs, deliver, signal),
  );
  return read.ok ? succeed({ queries: read.value }) : read;
}

export function describeClickHouseLogs(request: ClickHouseRequest): readonly string[] {
  return request.nodes.length === 0 ? [] : [writeLinesQuery(request.source, firstPage(request))];
}

function firstPage({ nodes, fromMs, toMs }: ClickHouseRequest): Page {
  return { nodes, fromNs: toNs(Math.floor(fromMs)), toNs: toNs(Math.ceil(toMs)), skip: 0, limit: linesPerPage };
}

function readOne(
  deps: Outside,
  { source, connection }: ClickHouseRequest,
  page: Page,
  deadlineMs: number,
  deliver: Deliver,
  signal: AbortSignal,
) {
  const text = writeLinesQuery(source, page),
    call = callOf(source, connection, text, deadlineMs);
  return readPage(
    deps.clock,
    { source: source.name, text, what: call.what, deadlineMs },
    async () => {
      const answer = await askServer(deps, connection, call, signal);
      if (!answer.ok) return answer;
      const { bytes } = answer.value;
      return succeed({
        page: { source: source.name, decoder: 'clickHouseLines', bytes, context: contextOfPlace(page) },
        seen: scanStamps(bytes),
      });
    },
    deliver,
    signal,
  );
}

/** Without `wait_end_of_query` a query that fails half-way has been answered with HTTP 200 by then. */
export function callOf(
  { name }: ClickHouseSource,
  { options: { database } }: ClickHouseConnection,
  body: string,
  deadlineMs: number,
): ServerCall {
  return {
    method: 'POST',
    path: '/',
    parameters: { wait_end_of_query: '1', ...(database !== undefined && { database }) },
    body,
    what: `ClickHouse, "${name}"`,
    deadlineMs,
  };
}

/** The names that there are, where no node was found. */
export async function hintOfClickHouseNodes(
  deps: Outside,
  { source, connection }: ClickHouseRequest,
  signal: AbortSignal,
): Promise<string | undefined> {
  const query = writeNodesQuery(source);
  const call = callOf(source, connection, query, deps.clock.now() + hintWithinMs);
  const found = await askForJson(deps, connection, call, signal);
  if (!found.ok) return undefined;
  const names = listMember(found.value, 'data').flatMap(row => (Array.isArray(row) ? [String(row[0])] : []));
  return names.length === 0
    ? `${source.options.table} has no such line of the last hour: check \`table\`, \`where\` and \`time\`.`
    : `\`${source.nodeAttribute}\` is ${listed(names)}. Check \`node\`.`;
}
