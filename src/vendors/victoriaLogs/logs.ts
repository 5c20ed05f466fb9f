// Reads log lines from VictoriaLogs: pages from the oldest line on.
import type { ReadSummary } from '../../model/evidence/analysis.ts';
import { succeed } from '../../model/failure.ts';
import type { Result } from '../../model/failure.ts';
import type { Outside } from '../../model/outside.ts';
import type { ReadRequest } from '../../model/ports.ts';
import { listMember, textMember } from '../transport/decode/json.decode.ts';
import { listed } from '../transport/text/listed.ts';
import { askForJson, askServer, type ServerCall } from '../transport/ownServer.ts';
import { readDeadline } from '../transport/readDeadline.ts';
import { contextOfPlace, readInOrder, type Place } from '../transport/readInOrder.ts';
import { readPage } from '../transport/readPage.ts';
import type { Stamps } from '../transport/stamps.ts';
import type { Deliver } from '../vendor.ts';
import { nanosecondsOf } from './lines.decode.ts';
import { writeLinesQuery } from './logsQl.ts';
import type { VictoriaLogsConnection, VictoriaLogsSource } from './options.ts';

export type VictoriaLogsRequest = ReadRequest & {
  readonly source: VictoriaLogsSource;
  readonly connection: VictoriaLogsConnection;
};

const linesPerPage = 10_000;
const hintWithinMs = 10_000,
  hintWindowMs = 3_600_000,
  hintValues = '11';

/** All lines of the nodes in [fromMs, toMs). */
export async function readVictoriaLogs(
  deps: Outside,
  request: VictoriaLogsRequest,
  deliver: Deliver,
  signal: AbortSignal,
): Promise<Result<ReadSummary>> {
  const { nodes, fromMs, toMs } = request;
  if (nodes.length === 0 || fromMs >= toMs) return succeed({ queries: [] });
  const deadlineMs = readDeadline(request, deps.clock.now());
  const read = await readInOrder(BigInt(Math.floor(fromMs)) * 1_000_000n, linesPerPage, place =>
    readOne(deps, request, place, deadlineMs, deliver, signal),
  );
  return read.ok ? succeed({ queries: read.value }) : read;
}

export function describeVictoriaLogs({ source, nodes }: VictoriaLogsRequest): readonly string[] {
  return nodes.length === 0 ? [] : [writeLinesQuery(source, nodes, { skip: 0 }, linesPerPage)];
}

function readOne(
  deps: Outside,
  { source, connection, nodes, toMs }: VictoriaLogsRequest,
  place: Place,
  deadlineMs: number,
  deliver: Deliver,
  signal: AbortSignal,
) {
  const query = writeLinesQuery(source, nodes, place, linesPerPage),
    end = String(BigInt(Math.ceil(toMs)) * 1_000_000n);
  const parameters = { query, start: String(place.fromNs), end };
  const call = callOf(source, connection, '/select/logsql/query', parameters, deadlineMs);
  const { nodePattern } = source.options;
  const context = {
    node: source.nodeAttribute,
    nodes: JSON.stringify(nodes),
    ...(nodePattern !== undefined && { nodePattern }),
    ...contextOfPlace(place),
  };
  return readPage(
    deps.clock,
    { source: source.name, text: query, what: call.what, deadlineMs },
    async () => {
      const answer = await askServer(deps, connection, call, signal);
      if (!answer.ok) return answer;
      const { bytes } = answer.value;
      return succeed({
        page: { source: source.name, decoder: 'victoriaLogsLines', bytes, context },
        seen: scanTimes(bytes),
      });
    },
    deliver,
    signal,
  );
}

/** Inside of a text a quote is escaped, so that the name of the field stands nowhere else. */
function scanTimes(bytes: Uint8Array): Stamps {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
  let lines = 0,
    newestNs = 0n;
  for (const [, time = ''] of text.matchAll(/"_time":"([^"]*)"/g)) {
    const ns = BigInt(nanosecondsOf(time) ?? 0);
    lines += 1;
    if (ns > newestNs) newestNs = ns;
  }
  return { lines, newestNs };
}

export function callOf(
  { name }: VictoriaLogsSource,
  { options }: VictoriaLogsConnection,
  path: string,
  parameters: ServerCall['parameters'],
  deadlineMs: number,
): ServerCall {
  const [account, project] = options.account?.split(':') ?? [];
  return {
    method: 'POST',
    path,
    parameters,
    ...(account !== undefined && project !== undefined && { headers: { AccountID: account, ProjectID: project } }),
    what: `VictoriaLogs, "${name}"`,
    deadlineMs,
  };
}

/** The values of the field, or the fields that there are, where no node was found. */
export async function hintOfVictoriaLogsNodes(
  deps: Outside,
  { source, connection }: VictoriaLogsRequest,
  signal: AbortSignal,
): Promise<string | undefined> {
  const nowMs = deps.clock.now();
  const ask = async (path: string, more: Readonly<Record<string, string>>): Promise<readonly string[] | undefined> => {
    const parameters = {
      query: source.options.query,
      start: String((nowMs - hintWindowMs) / 1000),
      end: String(nowMs / 1000),
      ...more,
    };
    const call = callOf(source, connection, path, parameters, nowMs + hintWithinMs);
    const found = await askForJson(deps, connection, call, signal);
    return found.ok ? listMember(found.value, 'values').flatMap(one => textMember(one, 'value') ?? []) : undefined;
  };
  const field = source.nodeAttribute;
  const values = await ask('/select/logsql/field_values', { field, limit: hintValues });
  if (!values) return undefined;
  if (values.length > 0) return `\`${field}\` has ${listed(values)}. Check \`node\` and \`nodePattern\`.`;
  const names = (await ask('/select/logsql/field_names', {})) ?? [];
  return names.length === 0
    ? 'The query found no line of the last hour.'
    : `What the query finds has no field \`${field}\`, but ${listed(names)}.`;
}
