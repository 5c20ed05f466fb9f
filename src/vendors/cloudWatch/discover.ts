// Asks CloudWatch what it has of a service: metrics with a dimension that names it, and another that names the node.
import { succeed, type Result } from '../../model/failure.ts';
import type { Outside } from '../../model/outside.ts';
import type { Candidate, Offered, OfferedSignal, Ranked, SignalRole } from '../../model/starter.ts';
import { listMember, textMember } from '../transport/decode/json.decode.ts';
import { labelNames, labelValues, lookMs, nodeLabelOf, nothingOf, sampleOf } from '../transport/discovered.ts';
import { askForJson } from '../transport/ownServer.ts';
import type { DiscoverQuestion } from '../vendor.ts';
import { writeCall } from './access.ts';
import type { CloudWatchConnection } from './options.ts';

const serviceDimensions = ['ServiceName', 'Service', 'service', 'service.name', 'AutoScalingGroupName', 'App', 'app'];
const nodeDimensions = [
  'InstanceId',
  'TaskId',
  'PodName',
  'Host',
  'host',
  'host.name',
  'Node',
  'node',
  'ContainerName',
];
/** Of 500 metrics each. */
const mostPages = 4;
const sampledMs = 900_000;
const statistics: Readonly<Record<SignalRole, string>> = {
  requests: 'Sum',
  errors: 'Sum',
  latency: 'p95',
  saturation: 'Average',
};

interface Metric extends Candidate {
  readonly namespace: string;
}

type Ask = (operation: string, question: object) => Promise<Result<unknown>>;

export async function discoverCloudWatch(
  deps: Outside,
  { connection, service, nodes, rank }: DiscoverQuestion,
  signal: AbortSignal,
): Promise<Result<Offered>> {
  const server = connection as CloudWatchConnection;
  const ask: Ask = (operation, question) => {
    const call = writeCall(server, 'metrics', operation, question);
    return askForJson(deps, server, { ...call, what: 'CloudWatch', deadlineMs: deps.clock.now() + lookMs }, signal);
  };
  for (const dimension of serviceDimensions) {
    const found = await list(ask, { Dimensions: [{ Name: dimension, Value: service }] });
    if (!found.ok) return found;
    const node = nodeLabelOf(nodeDimensions, label => labelValues(found.value, label), nodes);
    if (node === undefined) continue;
    const perNode = found.value.filter(({ labels }) => labels.has(node));
    const signals = await Promise.all(rank(perNode).map(one => offer(ask, one, node, deps.clock.now())));
    return succeed({
      where: `${dimension}=${service}`,
      source: { node },
      node,
      nodes: labelValues(found.value, node).toSorted(),
      labels: labelNames(perNode),
      signals,
    });
  }
  const all = await list(ask, {});
  return nothingOf(
    service,
    `No metric of the last three hours has a dimension of the node (${nodeDimensions.join(', ')}) and one of ` +
      `${serviceDimensions.join(', ')} that is`,
    { what: 'The namespaces are', names: all.ok ? [...new Set(all.value.map(({ namespace }) => namespace))] : [] },
  );
}

/** Metrics that had a value of late. */
async function list(ask: Ask, question: object): Promise<Result<readonly Metric[]>> {
  const found: Metric[] = [];
  let next: string | undefined;
  for (let page = 0; page < mostPages; page++) {
    const more = next === undefined ? {} : { NextToken: next };
    const answer = await ask('ListMetrics', { RecentlyActive: 'PT3H', ...question, ...more });
    if (!answer.ok) return answer;
    found.push(...listMember(answer.value, 'Metrics').flatMap(metricOf));
    next = textMember(answer.value, 'NextToken');
    if (next === undefined) break;
  }
  return succeed(found);
}

function metricOf(value: unknown): readonly Metric[] {
  const name = textMember(value, 'MetricName'),
    namespace = textMember(value, 'Namespace');
  const labels = listMember(value, 'Dimensions').map(
    dimension => [textMember(dimension, 'Name') ?? '', textMember(dimension, 'Value') ?? ''] as const,
  );
  return name === undefined || namespace === undefined ? [] : [{ name, namespace, labels: new Map(labels) }];
}

async function offer(
  ask: Ask,
  { candidate: { name, namespace, labels }, role, kind }: Ranked<Metric>,
  node: string,
  nowMs: number,
): Promise<OfferedSignal> {
  const statistic = statistics[role],
    dimensions = Object.fromEntries([...labels].filter(([label]) => label !== node));
  const answer = await ask('GetMetricData', {
    StartTime: Math.floor((nowMs - sampledMs) / 60_000) * 60,
    EndTime: Math.ceil(nowMs / 60_000) * 60,
    ScanBy: 'TimestampAscending',
    MetricDataQueries: [
      {
        Id: 'm0',
        MetricStat: {
          Metric: {
            Namespace: namespace,
            MetricName: name,
            Dimensions: [...labels].map(([Name, Value]) => ({ Name, Value })),
          },
          Period: 60,
          Stat: statistic,
        },
      },
    ],
  });
  const [result] = answer.ok ? listMember(answer.value, 'MetricDataResults') : [];
  const newest = listMember(result, 'Values').findLast(value => typeof value === 'number') as number | undefined;
  return {
    role,
    kind,
    bounds: [],
    keys: { namespace, metric: name, statistic, dimensions },
    sample: sampleOf(`${namespace} ${name}`, newest, labels.get(node)),
  };
}
