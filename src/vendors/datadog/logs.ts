// Reads log lines from Datadog: pages by cursor, from the oldest line on.
import type { ReadSummary } from '../../model/evidence/analysis.ts';
import { succeed } from '../../model/failure.ts';
import type { Result } from '../../model/failure.ts';
import type { Outside } from '../../model/outside.ts';
import type { ReadRequest } from '../../model/ports.ts';
import { listMember, member, parseJson, textMember } from '../transport/decode/json.decode.ts';
import { askServer } from '../transport/ownServer.ts';
import { readByToken } from '../transport/readByToken.ts';
import { readDeadline } from '../transport/readDeadline.ts';
import { readPage } from '../transport/readPage.ts';
import type { Deliver } from '../vendor.ts';
import { datadogAccess } from './access.ts';
import type { DatadogConnection, DatadogLogs } from './options.ts';
import { isTag, storedTag } from './tags.decode.ts';

export type LogsRequest = ReadRequest & { readonly source: DatadogLogs; readonly connection: DatadogConnection };

const linesPerPage = 1_000;

/** All lines of the nodes in [fromMs, toMs). */
export async function readDatadogLogs(
  deps: Outside,
  request: LogsRequest,
  deliver: Deliver,
  signal: AbortSignal,
): Promise<Result<ReadSummary>> {
  if (request.nodes.length === 0 || request.fromMs >= request.toMs) return succeed({ queries: [] });
  const deadlineMs = readDeadline(request, deps.clock.now());
  return readByToken(whatOf(request), cursor => askPage(deps, request, cursor, deadlineMs, deliver, signal));
}

export function describeDatadogLogs({ source, nodes }: LogsRequest): readonly string[] {
  return nodes.length === 0 ? [] : [narrow(source, nodes)];
}

function whatOf({ source }: LogsRequest): string {
  return `Datadog, "${source.name}"`;
}

function narrow({ nodeAttribute, options: { query } }: DatadogLogs, nodes: readonly string[]): string {
  // A host may be in the form that it was sent in, and a tag in the form that is stored.
  const values = isTag(nodeAttribute) ? nodes.flatMap(node => [node, storedTag(node)]) : nodes;
  const either = [...new Set(values)].map(value => `"${value}"`).join(' OR ');
  return `(${query}) ${isTag(nodeAttribute) ? storedTag(nodeAttribute) : nodeAttribute}:(${either})`;
}

function askPage(
  deps: Outside,
  request: LogsRequest,
  cursor: string | undefined,
  deadlineMs: number,
  deliver: Deliver,
  signal: AbortSignal,
) {
  const { source, connection, nodes } = request,
    text = narrow(source, nodes),
    what = whatOf(request),
    fromMs = Math.floor(request.fromMs),
    toMs = Math.ceil(request.toMs);
  const body = JSON.stringify({
    filter: { query: text, from: new Date(fromMs).toISOString(), to: new Date(toMs).toISOString() },
    sort: 'timestamp',
    page: { limit: linesPerPage, ...(cursor !== undefined && { cursor }) },
  });
  return readPage(
    deps.clock,
    { source: source.name, text, what, deadlineMs },
    async () => {
      const answer = await askServer(
        deps,
        connection,
        {
          method: 'POST',
          path: '/api/v2/logs/events/search',
          parameters: {},
          body,
          headers: { 'Content-Type': 'application/json' },
          what,
          deadlineMs,
          access: datadogAccess,
        },
        signal,
      );
      if (!answer.ok) return answer;
      const { bytes } = answer.value;
      return succeed({
        page: {
          source: source.name,
          decoder: 'datadogLogs',
          bytes,
          context: { node: source.nodeAttribute, nodes: JSON.stringify(nodes), fromMs, toMs },
        },
        seen: cursorOf(bytes),
      });
    },
    deliver,
    signal,
  );
}

/**
 * A page is small, and its events hold objects of any names, so that the cursor is found only by parsing it. An answer
 * that is no JSON is refused where it is delivered to.
 */
function cursorOf(bytes: Uint8Array): string | undefined {
  const answer = parseJson(bytes, 'Datadog');
  if (!answer.ok || listMember(answer.value, 'data').length === 0) return undefined;
  return textMember(member(member(answer.value, 'meta'), 'page'), 'after');
}
