// Reads metrics from CloudWatch: GetMetricData for each metric, with a query for each node.
import { sideAttribute } from '../../model/healthSource.ts';
import type { ReadRequest } from '../../model/ports.ts';
import { wholeOf, windowsOf, type Window } from '../transport/computedMetrics.ts';
import type { MetricQuestion } from '../transport/readComputed.ts';
import { writeCall } from './access.ts';
import type { CloudWatchConnection, CloudWatchMetric, CloudWatchMetrics } from './options.ts';

export type MetricsRequest = ReadRequest & {
  readonly source: CloudWatchMetrics;
  readonly connection: CloudWatchConnection;
};

/** What one request may ask for and get. */
const mostQueries = 500,
  mostValues = 100_000;
/** Periods in seconds below a minute; the others are whole minutes. */
const shortPeriods: ReadonlySet<number> = new Set([1, 5, 10, 30]);

export function questionsOf(request: MetricsRequest): readonly MetricQuestion[] {
  const { source, connection } = request,
    metrics: readonly CloudWatchMetric[] = source.metrics;
  return metrics.flatMap(metric => {
    const whole = wholeOf(metrics, metric),
      perNode = whole ? 2 : 1;
    return inParts(request.nodes, mostQueries / perNode).flatMap(nodes =>
      windowsOf(request, mostValues / (perNode * nodes.length), source.options.resolutionMs).map(window => ({
        metric,
        window,
        nodes,
        text: describe(metric, source),
        call: writeCall(connection, 'metrics', 'GetMetricData', {
          StartTime: window.fromMs / 1_000,
          EndTime: window.toMs / 1_000,
          ScanBy: 'TimestampAscending',
          MetricDataQueries: nodes.flatMap((node, place) => [
            writeQuery(`m${place}`, metric, source, node, window),
            ...(whole ? [writeQuery(`w${place}`, whole, source, node, window)] : []),
          ]),
        }),
      })),
    );
  });
}

function inParts(nodes: readonly string[], most: number): readonly (readonly string[])[] {
  return Array.from({ length: Math.ceil(nodes.length / most) }, (_, k) => nodes.slice(k * most, (k + 1) * most));
}

function writeQuery(
  id: string,
  metric: CloudWatchMetric,
  source: CloudWatchMetrics,
  node: string,
  { intervalMs }: Window,
) {
  const { namespace, metric: measured, statistic, dimensions } = metric.options,
    seconds = intervalMs / 1_000;
  const all = { ...dimensions, [sideAttribute(source, metric)]: node };
  return {
    Id: id,
    MetricStat: {
      Metric: {
        Namespace: namespace,
        MetricName: measured,
        Dimensions: Object.entries(all).map(([Name, Value]) => ({ Name, Value })),
      },
      Period: seconds % 60 === 0 || shortPeriods.has(seconds) ? seconds : source.options.resolutionMs / 1_000,
      Stat: statistic,
    },
  };
}

function describe(metric: CloudWatchMetric, source: CloudWatchMetrics): string {
  const { namespace, metric: measured, statistic, dimensions } = metric.options;
  const named = Object.entries(dimensions).map(([name, value]) => `${name}=${value}`);
  return `${statistic}(${namespace} ${measured} {${[...named, sideAttribute(source, metric)].join(', ')}})`;
}
