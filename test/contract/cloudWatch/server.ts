// A local server with CloudWatch's JSON API over known records: log events by token, with a page that is empty, and
// the values of metrics. It refuses a request whose signature is not that of the known key.
import { createHash, createHmac } from 'node:crypto';
import { withFaults } from '../../../src/demo/faults/faults.ts';
import { jsonResponse } from '../../../src/demo/servers/httpServer.ts';
import type { DemoRequest, DemoResponse, Handler } from '../../../src/demo/servers/httpServer.ts';
import type { VendorParts } from '../faults/vendors.ts';
import { compute, requestsOf } from '../metricServer/stage.ts';

export interface CloudWatchServerOptions extends VendorParts {
  /** So many requests are throttled. */
  readonly throttled?: number;
  /** Of each metric; absent: all of its values are there. */
  readonly statusCode?: string;
}

export function createCloudWatchServer(options: CloudWatchServerOptions): Handler {
  let throttled = options.throttled ?? 0;
  const answer: Handler = request => {
    if (!isSigned(request)) return Promise.resolve(exception('InvalidSignatureException', 'The signature is wrong'));
    if (throttled-- > 0) return Promise.resolve(exception('ThrottlingException', 'Rate exceeded'));
    return Promise.resolve(route(request, options));
  };
  return withFaults('other', options.faults, options.sleep, status => jsonResponse(status, { message: 'no' }), answer);
}

const authorization = new RegExp(
  String.raw`^AWS4-HMAC-SHA256 Credential=(\w+)/(\d+)/([\w-]+)/(\w+)/aws4_request, ` +
    String.raw`SignedHeaders=([\w;-]+), Signature=(\w{64})$`,
);

/** By the words of the specification: the request as it came, and the key derived step by step. */
function isSigned({ method, path, headers, body }: DemoRequest): boolean {
  const given = authorization.exec(headers['authorization'] ?? '');
  if (!given) return false;
  const [, keyId, day = '', region = '', service = '', names = '', signature] = given;
  const hmac = (key: string | Buffer, text: string) => createHmac('sha256', key).update(text).digest();
  const sha = (text: string) => createHash('sha256').update(text).digest('hex');
  const lines = names.split(';').map(name => `${name}:${headers[name] ?? ''}\n`);
  const canonical = `${method}\n${path}\n\n${lines.join('')}\n${names}\n${sha(body)}`;
  const scope = `${day}/${region}/${service}/aws4_request`,
    text = `AWS4-HMAC-SHA256\n${headers['x-amz-date']}\n${scope}\n${sha(canonical)}`;
  const key = hmac(hmac(hmac(hmac('AWS4cloudSECRETACCESSKEY', day), region), service), 'aws4_request');
  return keyId === 'AKIATESTTESTTESTTEST' && hmac(key, text).toString('hex') === signature;
}

function route(request: DemoRequest, options: CloudWatchServerOptions): DemoResponse {
  const [, operation = ''] = /\.(\w+)$/.exec(request.headers['x-amz-target'] ?? '') ?? [];
  const asked: unknown = JSON.parse(request.body);
  if (operation === 'FilterLogEvents') return filterEvents(asked as Filter, options);
  if (operation === 'ListMetrics') return listMetrics(asked as MetricList);
  if (operation === 'GetMetricData') return metricData(asked as MetricData, options);
  if (operation === 'DescribeLogStreams')
    return jsonResponse(200, {
      logStreams: ['ecs/shop/prod-1', 'ecs/shop/prod-2'].map(logStreamName => ({ logStreamName })),
    });
  return exception('UnknownOperationException', '');
}

interface MetricList {
  readonly Dimensions?: readonly { readonly Name: string; readonly Value: string }[];
  readonly NextToken?: string;
}

/** Two pages; the metrics of a service have its dimension, and that of the instance. */
function listMetrics({ Dimensions = [], NextToken }: MetricList): DemoResponse {
  const asked = Dimensions.every(({ Name, Value }) => Name === 'Service' && Value === 'shop');
  const page = NextToken === undefined ? ['requests', 'latency'] : ['errors'];
  const metrics = ['prod-1', 'prod-2'].flatMap(node =>
    page.map(MetricName => ({
      Namespace: 'Shop',
      MetricName,
      Dimensions: [
        { Name: 'Service', Value: 'shop' },
        { Name: 'InstanceId', Value: node },
      ],
    })),
  );
  return jsonResponse(200, { Metrics: asked ? metrics : [], ...(NextToken === undefined && { NextToken: 'page/2' }) });
}

interface Filter {
  readonly logGroupName: string;
  readonly startTime: number;
  readonly endTime: number;
  readonly limit: number;
  readonly nextToken?: string;
  readonly filterPattern?: string;
}

function filterEvents(asked: Filter, { telemetry, faults }: CloudWatchServerOptions): DemoResponse {
  if (asked.logGroupName !== 'shop')
    return exception('ResourceNotFoundException', 'The specified log group does not exist.');
  if (asked.filterPattern === '[') return exception('InvalidParameterException', 'Invalid filter pattern');
  // The first page is empty, as where a shard has nothing.
  if (asked.nextToken === undefined) return jsonResponse(200, { events: [], nextToken: 'at/0' });
  const seen = faults.view('other', telemetry).logs(0, faults.now('other') + 1);
  const found = [...new Map(seen.map(record => [record.id, record])).values()].filter(
    ({ atMs, category }) => category === 'shop' && atMs >= asked.startTime && atMs <= asked.endTime,
  );
  const from = Number(asked.nextToken.slice(3)),
    page = found.slice(from, from + asked.limit);
  return jsonResponse(200, {
    events: page.map(({ atMs, node, text, id }) => ({
      eventId: String(id),
      ingestionTime: atMs,
      logStreamName: `ecs/shop/${node}`,
      message: `${text}\n`,
      timestamp: atMs,
    })),
    searchedLogStreams: [],
    ...(from + page.length < found.length && { nextToken: `at/${from + page.length}` }),
  });
}

interface MetricData {
  readonly StartTime: number;
  readonly EndTime: number;
  readonly MetricDataQueries: readonly {
    readonly Id: string;
    readonly MetricStat: {
      readonly Metric: {
        readonly MetricName: string;
        readonly Dimensions: readonly { readonly Name: string; readonly Value: string }[];
      };
      readonly Period: number;
    };
  }[];
}

function metricData({ StartTime, EndTime, MetricDataQueries }: MetricData, options: CloudWatchServerOptions) {
  const requests = requestsOf(options);
  return jsonResponse(200, {
    Messages: [],
    MetricDataResults: MetricDataQueries.map(({ Id, MetricStat: { Metric, Period } }) => {
      const node = Metric.Dimensions.find(({ Name }) => Name === 'InstanceId')?.Value ?? '';
      const found: (readonly [number, number])[] = [];
      for (let at = StartTime; at < EndTime; at += Period) {
        const value = compute(requests, Metric.MetricName, node, at * 1_000, (at + Period) * 1_000);
        if (value !== undefined) found.push([at, value]);
      }
      return {
        Id,
        Label: node,
        StatusCode: options.statusCode ?? 'Complete',
        Timestamps: found.map(([at]) => at),
        Values: found.map(([, value]) => value),
      };
    }),
  });
}

function exception(type: string, message: string): DemoResponse {
  return jsonResponse(400, { __type: type, message });
}
