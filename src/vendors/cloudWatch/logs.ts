// Reads log lines from CloudWatch Logs: pages by token, of which some may be empty.
import type { ReadSummary } from '../../model/evidence/analysis.ts';
import { succeed } from '../../model/failure.ts';
import type { Result } from '../../model/failure.ts';
import type { Outside } from '../../model/outside.ts';
import type { ReadRequest } from '../../model/ports.ts';
import { listMember, textMember } from '../transport/decode/json.decode.ts';
import { listed } from '../transport/text/listed.ts';
import { askForJson, askServer } from '../transport/ownServer.ts';
import { readByToken } from '../transport/readByToken.ts';
import { readDeadline } from '../transport/readDeadline.ts';
import { readPage } from '../transport/readPage.ts';
import type { Deliver } from '../vendor.ts';
import { writeCall } from './access.ts';
import type { CloudWatchConnection, CloudWatchLogs } from './options.ts';

export type LogsRequest = ReadRequest & {
  readonly source: CloudWatchLogs;
  readonly connection: CloudWatchConnection;
};

/**
 * All lines of the nodes in [fromMs, toMs). Log streams are not named in the question: one that is not there yet, as
 * that of a node that starts, would fail it.
 */
export async function readCloudWatchLogs(
  deps: Outside,
  request: LogsRequest,
  deliver: Deliver,
  signal: AbortSignal,
): Promise<Result<ReadSummary>> {
  if (request.nodes.length === 0 || request.fromMs >= request.toMs) return succeed({ queries: [] });
  const deadlineMs = readDeadline(request, deps.clock.now());
  return readByToken(whatOf(request), token => askPage(deps, request, token, deadlineMs, deliver, signal));
}

export function describeCloudWatchLogs({ source: { options } }: LogsRequest): readonly string[] {
  const { group, prefix, filter } = options;
  return [
    [group, ...(prefix === undefined ? [] : [`${prefix}*`]), ...(filter === undefined ? [] : [filter])].join(' '),
  ];
}

function whatOf({ source }: LogsRequest): string {
  return `CloudWatch, "${source.name}"`;
}

function atLogs(connection: CloudWatchConnection): CloudWatchConnection {
  return { ...connection, url: connection.options.logsUrl };
}

function askPage(
  deps: Outside,
  request: LogsRequest,
  token: string | undefined,
  deadlineMs: number,
  deliver: Deliver,
  signal: AbortSignal,
) {
  const { source, connection, nodes } = request,
    { group, prefix, filter, nodePattern } = source.options,
    what = whatOf(request);
  const call = writeCall(connection, 'logs', 'FilterLogEvents', {
    logGroupName: group,
    startTime: Math.floor(request.fromMs),
    // The end counts to the range.
    endTime: Math.ceil(request.toMs) - 1,
    limit: 10_000,
    ...(prefix !== undefined && { logStreamNamePrefix: prefix }),
    ...(filter !== undefined && { filterPattern: filter }),
    ...(token !== undefined && { nextToken: token }),
  });
  return readPage(
    deps.clock,
    { source: source.name, text: describeCloudWatchLogs(request).join(), what, deadlineMs },
    async () => {
      const answer = await askServer(deps, atLogs(connection), { ...call, what, deadlineMs }, signal);
      if (!answer.ok) return answer;
      const { bytes } = answer.value;
      const context = { nodes: JSON.stringify(nodes), ...(nodePattern !== undefined && { nodePattern }) };
      return succeed({
        page: { source: source.name, decoder: 'cloudWatchEvents', bytes, context },
        seen: tokenOf(bytes),
      });
    },
    deliver,
    signal,
  );
}

/** Inside of a message every quote is escaped, so that no message has what is looked for. */
function tokenOf(bytes: Uint8Array): string | undefined {
  const answer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
  return /"nextToken"\s*:\s*"([^"\\]+)"/.exec(answer)?.[1];
}

const hintWithinMs = 10_000;

/** The log streams that there are, where no node was found. */
export async function hintOfCloudWatchNodes(
  deps: Outside,
  request: LogsRequest,
  signal: AbortSignal,
): Promise<string | undefined> {
  const { group } = request.source.options;
  const call = writeCall(request.connection, 'logs', 'DescribeLogStreams', {
    logGroupName: group,
    orderBy: 'LastEventTime',
    descending: true,
    limit: 11,
  });
  const deadlineMs = deps.clock.now() + hintWithinMs;
  const found = await askForJson(
    deps,
    atLogs(request.connection),
    { ...call, what: whatOf(request), deadlineMs },
    signal,
  );
  if (!found.ok) return undefined;
  const names = listMember(found.value, 'logStreams').flatMap(stream => textMember(stream, 'logStreamName') ?? []);
  return names.length === 0
    ? `${group} has no log streams: check \`group\`.`
    : `The log streams are ${listed(names)}. Check \`prefix\` and \`nodePattern\`.`;
}
