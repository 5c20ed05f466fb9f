// What people express in other tools: a pause between two weights, and a threshold on a share.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parsePipeline } from '../../../src/definition/parsePipeline.ts';

const file = `version: 1
service: podinfo
environments: { production: { nodes: [p-1, p-2, p-3, p-4] } }
hooks: { deploy: { command: [./deploy.sh] } }
healthSources:
  performance:
    command:
      values: [./metrics.sh]
      metrics:
        requests: { kind: count }
        errors: { kind: count, per: requests, floor: 0.1%, limit: { above: 1%, times: 5 } }
        duration: { unit: s, limit: { above: 0.5 }, ignore: { to: 0.2 }, onFailure: hold }
stages:
  - stage: Production
    environment: production
    canary:
      deploy: deploy
      rollback: deploy
      check: deploy
      phases:
        - { nodes: 25%, approval: { message: Go on?, by: [jonas, sara], notTheStarter: true } }
        - { nodes: 100% }
    verification: { duration: 5m }
`;

test('an approval between phases, a limit as a percentage, and a metric that holds', () => {
  const { pipeline, problems } = parsePipeline(file, 'podinfo.yaml');
  assert.deepEqual(problems, []);
  const source = pipeline?.healthSources['performance'];
  assert.ok(source?.kind === 'metrics');
  assert.deepEqual(
    source.metrics.map(({ floor, limit, onFailure }) => ({ floor, above: limit?.above, onFailure })),
    [
      { floor: undefined, above: undefined, onFailure: undefined },
      { floor: 0.001, above: 0.01, onFailure: undefined },
      { floor: undefined, above: 0.5, onFailure: 'hold' },
    ],
  );
  const stage = pipeline?.stages[0]?.[0];
  assert.ok(stage?.kind === 'canary');
  assert.deepEqual(
    stage.phases.map(({ approval }) => approval),
    [
      {
        message: 'Go on?',
        approvers: ['jonas', 'sara'],
        minimum: 1,
        starterMayApprove: false,
        commentRequired: false,
        timeoutMs: 4 * 3_600_000,
        inputs: [],
        onTimeout: 'rollback',
      },
      undefined,
    ],
  );
});

const pods = `version: 1
service: shop
connections:
  sumo: { sumoLogic: { url: 'https://api.sumologic.com/api', credential: sumo } }
environments:
  production: { nodes: { command: [./list-pods.sh], environment: [KUBECONFIG] } }
hooks:
  deploy: { command: [./deploy.sh], nodes: together }
  check: { command: [./check.sh], nodes: together }
healthSources:
  quality: { sumoLogic: { connection: sumo, query: _sourceCategory=prod/shop, version: pod_labels_version } }
stages:
  - stage: Production
    environment: production
    canary: { deploy: deploy, rollback: deploy, check: check, phases: [{ nodes: 1 }, { nodes: 100% }] }
    verification: { duration: 10m }
`;

test('pods whose names change with each release: a command lists them, and logs are told apart by version', () => {
  const { pipeline, problems } = parsePipeline(pods, 'pods.yaml');
  assert.deepEqual(problems, []);
  const { nodes, nodesCommand } = pipeline!.environments['production']!;
  assert.deepEqual([nodes, nodesCommand?.command], [[], ['./list-pods.sh']]);
  const source = pipeline?.healthSources['quality'];
  assert.deepEqual([source?.nodeAttribute, source?.versionAttribute], ['pod_labels_version', 'pod_labels_version']);
});

test('metrics too are told apart by version', () => {
  const text = pods.replace(
    'query: _sourceCategory=prod/shop, version: pod_labels_version',
    'metrics: { errors: { query: metric=errors } }, version: release',
  );
  const { pipeline, problems } = parsePipeline(text, 'pods.yaml');
  assert.deepEqual(problems, []);
  assert.equal(pipeline?.healthSources['quality']?.versionAttribute, 'release');
});

test('a source that distinguishes the sides by version needs no pattern for names of nodes', () => {
  const text = pods
    .replace("sumoLogic: { url: 'https://api.sumologic.com/api', credential: sumo }", 'loki: { url: http://l }')
    .replace(
      /sumoLogic: \{ connection.*?\}/,
      'loki: { connection: sumo, query: "{a=\'b\'}", version: v, nodePattern: "(.+)" }',
    );
  const said = parsePipeline(text, 'pods.yaml').problems.map(problem => problem.message);
  assert.ok(
    said.some(one => one.startsWith('`nodePattern` finds the names of nodes')),
    said.join(' '),
  );
});

const weights = [
  ['one that a hook sets', '[{ weight: 20% }, { weight: 50% }, { weight: 100% }]', undefined],
  [
    'beside nodes, of which no more are taken',
    '[{ nodes: 1, weight: 20% }, { nodes: 1, weight: 50% }, { nodes: 100% }]',
    undefined,
  ],
  ['that does not grow', '[{ weight: 20% }, { weight: 20% }, { weight: 100% }]', /must take more|adds no node/],
  ['of nothing', '[{ weight: 0% }, { nodes: 100% }]', /A weight is a share of the traffic/],
  ['as a number', '[{ weight: 20 }, { nodes: 100% }]', /takes text/],
  ['a phase without any', '[{ settle: 1m }, { nodes: 100% }]', /A phase needs `nodes`, `weight` or both/],
] as const;
for (const [name, phases, message] of weights)
  test(`a weight: ${name}`, () => {
    const { problems } = parsePipeline(pods.replace('[{ nodes: 1 }, { nodes: 100% }]', phases), 'pods.yaml');
    const errors = problems.filter(problem => problem.severity === 'error').map(problem => problem.message);
    if (message)
      assert.ok(
        errors.some(one => message.test(one)),
        errors.join(' '),
      );
    else assert.deepEqual(errors, []);
  });

test('where the file names the nodes, a weight alone does not say which of them', () => {
  const text = pods.replace('{ command: [./list-pods.sh], environment: [KUBECONFIG] }', '[a, b]');
  const { problems } = parsePipeline(text.replace('{ nodes: 1 }', '{ weight: 20% }'), 'pods.yaml');
  assert.match(problems.map(({ message }) => message).join(' '), /Write `nodes` too/);
});

test('pods with new names at each release are listed by a command and told apart by version', () => {
  const text = (nodes: string): string => `version: 1
service: checkout
connections:
  logs: { sumoLogic: { url: 'https://api.sumologic.com/api', credential: sumo-logic } }
  metrics: { newRelic: { account: 1234567, credential: new-relic } }
environments:
  live: { nodes: ${nodes} }
hooks:
  release: { command: [./release.sh], nodes: together }
  check: { command: [./check.sh], nodes: together }
healthSources:
  lines: { sumoLogic: { connection: logs, query: _sourceCategory=live/checkout, version: pod_labels_version } }
  figures: { newRelic: { connection: metrics, app: checkout, version: tags.version, packs: [golden] } }
stages:
  - stage: Live
    environment: live
    canary: { deploy: release, rollback: release, check: check, phases: [{ weight: 20% }, { nodes: 100% }] }
    verification: { duration: 10m }
`;
  const { pipeline, problems } = parsePipeline(text('{ command: [./pods.sh] }'), 'p.yaml');
  assert.deepEqual(problems, []);
  assert.deepEqual(
    Object.values(pipeline!.healthSources).map(({ versionAttribute }) => versionAttribute),
    ['pod_labels_version', 'tags.version'],
  );
  const [wildcard] = parsePipeline(text("['checkout-*']"), 'p.yaml').problems;
  assert.match(wildcard!.message, /Nodes whose names come and go are listed by a `command`\./);
});
