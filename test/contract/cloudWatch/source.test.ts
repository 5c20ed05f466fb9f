// The health-source contract, CloudWatch: every log event of the window once, also behind pages that are empty; every
// value of a metric; requests that are signed as AWS does.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parsePipeline } from '../../../src/definition/parsePipeline.ts';
import { decodeCloudWatchEvents } from '../../../src/vendors/cloudWatch/events.decode.ts';
import { sign } from '../../../src/vendors/cloudWatch/signature.ts';
import { findSecrets } from '../faults/faultMatrix.ts';
import { transports, type VendorParts } from '../faults/vendors.ts';
import { askForUnknownNodes, testCancelledRead, testPageBorders, withSource } from '../logServer/contract.ts';
import { createCloudWatchServer } from './server.ts';
import { startOf, testDiscovered } from '../metricServer/discovered.ts';
import { readPoints, setMetricStage, testEveryValue } from '../metricServer/stage.ts';
import {
  assertAllLines,
  metricServer,
  metricsSource,
  read,
  setStage,
  source,
  stage as stageOfVendor,
} from './stage.ts';

for (const transport of transports)
  test(`${transport}: every line of the nodes comes once, and none of the end of the window`, async context => {
    const stage = await setStage(context, transport);
    stage.vendors.telemetry.addLog({ atMs: stage.request.toMs, node: 'prod-1', category: 'shop', text: 'of the next' });
    const { result, lines } = await read(stage);
    assert.ok(result.ok, JSON.stringify(result));
    assertAllLines(lines);
    assert.equal(lines.length, 25);
  });

testPageBorders(stageOfVendor, [['pages that end between lines of the same time', 25_000, 50, 3]]);

test('throttling, which has the status of a wrong question, only delays', async context => {
  const stage = await setStage(context, 'in process', { throttled: 2 });
  const { result, lines } = await read(stage);
  assert.ok(result.ok, JSON.stringify(result));
  assertAllLines(lines);
});

test('what is refused is told in the words of the vendor, by its kind, without a key', async context => {
  const stage = await setStage(context, 'in process');
  const failureOf = async (change: Parameters<typeof withSource<typeof source>>[1], credential = 'cloud') => {
    const changed = withSource(stage, change);
    const { result } = await read({
      ...changed,
      request: { ...changed.request, connection: { ...changed.request.connection, credential } },
    });
    assert.ok(!result.ok);
    assert.deepEqual(findSecrets(result), []);
    return [result.failure.kind, result.failure.cause];
  };
  assert.deepEqual(await failureOf({ options: { ...source.options, filter: '[' } }), [
    'invalid',
    'Invalid filter pattern',
  ]);
  const [kind, cause] = await failureOf({ options: { ...source.options, group: 'typo' } });
  assert.equal(kind, 'not-found');
  assert.match(cause ?? '', /The specified log group does not exist/);
  assert.equal((await failureOf({}, 'house'))[0], 'unauthorized');
});

testCancelledRead(stageOfVendor);

test('where no node is found, check-sources says which log streams there are', async context => {
  const stage = await setStage(context, 'in process');
  assert.equal(
    (await askForUnknownNodes(stage)).hint,
    'The log streams are ecs/shop/prod-1, ecs/shop/prod-2. Check `prefix` and `nodePattern`.',
  );
});

testEveryValue(metricServer, new Array(3).fill('POST /'));

for (const [statusCode, kind] of [
  ['PartialData', 'bad-answer'],
  ['InternalError', 'unreachable'],
  ['Forbidden', 'unauthorized'],
  ['Whatever', 'bad-answer'],
] as const)
  test(`values that are ${statusCode} are no measurement, though they come with HTTP 200`, async context => {
    const server = {
      ...metricServer,
      createServer: (parts: VendorParts) => createCloudWatchServer({ ...parts, statusCode }),
    };
    const { result, points } = await readPoints(server, await setMetricStage(server, context, 'in process'));
    assert.ok(!result.ok && result.failure.kind === kind, JSON.stringify(result));
    assert.deepEqual(points, []);
  });

test('a query is shown with its statistic and its dimensions', async context => {
  const { result } = await readPoints(metricServer, await setMetricStage(metricServer, context, 'in process'));
  assert.deepEqual(
    result.ok && (result.value as { queries: { text: string }[] }).queries[0]!.text,
    'Average(Shop latency {Service=shop, InstanceId})',
  );
});

test('sides are told apart by a dimension, or by a part of the name of the log stream', async context => {
  const byVersion = {
    ...metricServer,
    source: { ...metricsSource, versionAttribute: 'InstanceId', nodeAttribute: 'Host' },
  };
  const { points } = await readPoints(byVersion, await setMetricStage(byVersion, context, 'in process'));
  assert.ok(points.some(({ node, value }) => node === 'prod-1' && value !== null));
  const { pipeline, problems } = parsePipeline(
    `version: 1
service: shop
connections: { cloud: { cloudWatch: { region: eu-central-1, credential: cloud } } }
environments: { production: { nodes: { command: [./nodes.sh] } } }
hooks: { deploy: { command: [./deploy.sh] } }
healthSources:
  logs: { cloudWatch: { connection: cloud, group: shop, versionPattern: 'ecs/([^/]+)/.+' } }
  metrics: { cloudWatch: { connection: cloud, version: Version, metrics: { a: { namespace: Shop, metric: a } } } }
stages: [{ stage: P, environment: production, steps: [deploy], check: deploy }]
`,
    'p.yaml',
  );
  assert.deepEqual(problems, []);
  assert.equal(pipeline?.healthSources['metrics']?.versionAttribute, 'Version');
  const logs = pipeline?.healthSources['logs'];
  assert.ok(logs?.kind === 'logs' && logs.versionAttribute === 'logStreamName');
  const page = JSON.stringify({
    events: ['ecs/1.8.0/a', 'ecs/1.9.0/b', 'ecs/1.7.0/c'].map((logStreamName, k) => ({
      ...{ eventId: `${k}`, logStreamName, message: 'up', timestamp: 1_000 },
    })),
  });
  const { nodePattern } = (logs as typeof source).options;
  const decoded = decodeCloudWatchEvents(new TextEncoder().encode(page), {
    nodes: JSON.stringify(['1.8.0', '1.9.0']),
    nodePattern: nodePattern!,
  });
  assert.deepEqual(decoded.ok && decoded.value.lines?.map(({ node }) => node), ['1.8.0', '1.9.0']);
});

// From the test suite that AWS published: get-vanilla and post-vanilla.
for (const [method, signature] of [
  ['GET', '5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31'],
  ['POST', '5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b'],
] as const)
  test(`a ${method} is signed as the published example is`, () => {
    const signed = sign(
      { method, url: 'https://example.amazonaws.com/', headers: {}, body: '' },
      {
        keyId: 'AKIDEXAMPLE',
        secret: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY',
        region: 'us-east-1',
        service: 'service',
      },
      Date.UTC(2015, 7, 30, 12, 36),
    );
    assert.deepEqual(signed, {
      'X-Amz-Date': '20150830T123600Z',
      Authorization:
        'AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, ' +
        `SignedHeaders=host;x-amz-date, Signature=${signature}`,
    });
  });

testDiscovered({
  text: '{ cloudWatch: { region: eu-central-1, credential: cloud } }',
  expected: {
    where: 'Service=shop',
    node: 'InstanceId',
    nodes: ['prod-1', 'prod-2'],
    labels: ['InstanceId', 'Service'],
  },
  signals: {
    requests: [
      'requests: { namespace: Shop, metric: requests, statistic: Sum, dimensions: { Service: shop }, kind: count, ' +
        'direction: either }',
      'Shop requests 41 on prod-1',
    ],
    errors: [
      'errors: { namespace: Shop, metric: errors, statistic: Sum, dimensions: { Service: shop }, kind: count, ' +
        'per: requests }',
      'Shop errors 4 on prod-1',
    ],
    latency: [
      'latency: { namespace: Shop, metric: latency, statistic: p95, dimensions: { Service: shop } }',
      'Shop latency 25.3659 on prod-1',
    ],
  },
  unknown: /No metric of the last three hours has .* that is "cart"\. The namespaces are Shop\./,
  start: startOf(metricServer),
});
