// The detector of a repository's service: each finding names file and line, and hostile files cost little.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { detect } from '../../../../src/definition/starter/detect.ts';
import { suggest } from '../../../../src/definition/starter/suggest.ts';

const told = (texts: Readonly<Record<string, string>>, names: readonly string[] = Object.keys(texts)) =>
  detect({ names, texts: new Map(Object.entries(texts)) }).map(
    ({ kind, value, file, line }) => `${kind} ${value} ${file}:${line}`,
  );

const deployment = `apiVersion: v1
kind: Service
metadata: { name: shop }
spec: { selector: { app: shop } }
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: shop
spec:
  replicas: 4
  template:
    metadata:
      labels: { app: shop }
      annotations:
        prometheus.io/scrape: 'true'
        prometheus.io/port: '9102'
    spec:
      containers:
        - name: shop
          ports: [{ containerPort: 8081 }]
          readinessProbe: { httpGet: { path: /ready } }
`;
const rollout = `apiVersion: argoproj.io/v1alpha1
kind: Rollout
metadata: { name: shop }
spec:
  strategy:
    canary:
      steps:
        - setWeight: 10
        - pause: { duration: 5m }
        - setWeight: 50
        - pause: {}
---
apiVersion: argoproj.io/v1alpha1
kind: AnalysisTemplate
metadata: { name: rate }
spec:
  metrics:
    - name: rate
      provider: { prometheus: { query: 'sum(rate(errors[1m]))' } }
`;
const canary = `apiVersion: flagger.app/v1beta1
kind: Canary
spec:
  targetRef: { name: podinfo }
  service: { port: 9898 }
  analysis: { interval: 1m, maxWeight: 30, stepWeight: 10 }
`;

test('package.json, Dockerfile, Jenkinsfile, workflows and units are read', () => {
  assert.deepEqual(
    told({
      'package.json': '{\n  "name": "@acme/shop"\n}',
      Dockerfile: 'FROM node\nEXPOSE 3000\nHEALTHCHECK --interval=5s \\\n  CMD curl http://localhost:3000/healthz\n',
      Jenkinsfile: "pipeline {\n  stages {\n    stage('Build') {}\n  }\n}",
      '.github/workflows/ci.yml': 'name: CI\non: push\n',
      'deploy/shop.service': '[Unit]\n[Service]\nExecStart=/srv/shop\n',
    }),
    [
      'job CI .github/workflows/ci.yml:1',
      'port 3000 Dockerfile:2',
      'health /healthz Dockerfile:3',
      'platform jenkins Jenkinsfile:1',
      'job Build Jenkinsfile:3',
      'platform systemd deploy/shop.service:2',
      'service shop deploy/shop.service:2',
      'service shop package.json:2',
    ],
  );
});

test('manifests, rollouts and canaries are read with their steps and queries', () => {
  assert.deepEqual(told({ 'k8s/shop.yaml': deployment }), [
    'service shop k8s/shop.yaml:4',
    'platform kubernetes k8s/shop.yaml:7',
    'service shop k8s/shop.yaml:14',
    'replicas 4 k8s/shop.yaml:11',
    'port 8081 k8s/shop.yaml:21',
    'health /ready k8s/shop.yaml:22',
    'metrics http://{node}:9102/metrics k8s/shop.yaml:16',
  ]);
  assert.deepEqual(told({ 'rollout.yaml': rollout }), [
    'platform argo rollout.yaml:2',
    'service shop rollout.yaml:3',
    'phase 10 rollout.yaml:8',
    'phase 50 rollout.yaml:10',
    'wait 5m rollout.yaml:9',
    'query sum(rate(errors[1m])) rollout.yaml:19',
  ]);
  assert.deepEqual(told({ 'canary.yaml': canary }), [
    'platform flagger canary.yaml:2',
    'service podinfo canary.yaml:4',
    'port 9898 canary.yaml:5',
    'phase 10 canary.yaml:6',
    'phase 20 canary.yaml:6',
    'phase 30 canary.yaml:6',
    'wait 1m canary.yaml:6',
  ]);
});

test('Compose files and Helm charts are read', () => {
  assert.deepEqual(
    told({
      'compose.yaml': 'services:\n  web:\n    ports: ["8000:80"]\n    deploy: { replicas: 3 }\n',
      'chart/Chart.yaml': 'name: shop\n',
      'chart/values.yaml': 'replicaCount: 2\nservice: { port: 80 }\n',
      'chart/templates/all.yaml': 'kind: {{ .Values.kind }}\n',
    }),
    [
      'platform helm chart/Chart.yaml:1',
      'service shop chart/Chart.yaml:1',
      'replicas 2 chart/values.yaml:1',
      'port 80 chart/values.yaml:2',
      'platform compose compose.yaml:2',
      'service web compose.yaml:2',
      'replicas 3 compose.yaml:4',
      'port 80 compose.yaml:3',
    ],
  );
});

test('of a Compose file, the service that is built here counts, not the database before it', () => {
  const file =
    'services:\n  db:\n    image: postgres:16\n    ports: ["5432:5432"]\n  web:\n    build: .\n' +
    '    ports: ["8080:3000"]\n    healthcheck: { test: [CMD, curl, -f, "http://localhost:3000/healthz"] }\n';
  assert.deepEqual(told({ 'compose.yaml': file }), [
    'platform compose compose.yaml:5',
    'service web compose.yaml:5',
    'port 3000 compose.yaml:7',
    'health /healthz compose.yaml:8',
  ]);
});

test('the server that an analysis asks is found, and the label that names an app', () => {
  const template =
    'apiVersion: a/v1\nkind: AnalysisTemplate\nspec:\n  metrics:\n    - provider:\n        prometheus:\n' +
    '          address: http://prometheus.example.com:9090\n          query: up\n';
  assert.deepEqual(told({ 'analysis.yaml': template }), [
    'query up analysis.yaml:8',
    'server prometheus=http://prometheus.example.com:9090 analysis.yaml:7',
  ]);
  const labelled =
    'apiVersion: apps/v1\nkind: Deployment\nmetadata: { name: checkout-v2 }\nspec:\n  template:\n' +
    '    metadata: { labels: { app.kubernetes.io/name: checkout } }\n';
  assert.deepEqual(told({ 'deployment.yaml': labelled })[1], 'service checkout deployment.yaml:6');
});

test('folders of log files name the nodes', () => {
  assert.deepEqual(told({}, ['logs/web-1/shop.log', 'logs/web-2/shop.log', 'config/shop.json', 'src/log/a.ts']), [
    'logs logs/{node}/*.log logs/web-1/shop.log:1',
    'node web-1 logs/web-1/shop.log:1',
    'node web-2 logs/web-2/shop.log:1',
    'configuration config/shop.json config/shop.json:1',
  ]);
});

test('hostile files are passed over within a second', () => {
  const aliases = Array.from({ length: 40 }, (_, at) => `b${at}: &b${at} [*a, *a]`),
    bomb = `a: &a [${'x,'.repeat(50)}]\n${aliases.join('\n')}`;
  const startMs = performance.now();
  const found = told({
    'a.yaml': '['.repeat(200_000),
    'b.yaml': `apiVersion: v1\nkind: Deployment\n${bomb}`,
    'c.yaml': '- '.repeat(100_000),
    'd.yaml': 'kind: \u0000',
    'e.yaml': 'a: *missing\n',
    'f.yaml': 'kind: Canary\napiVersion: flagger.app/v1\nspec: { analysis: { stepWeight: 1e-9, maxWeight: 100 } }\n',
    Dockerfile: `HEALTHCHECK ${'http://a/'.repeat(10_000)}`,
    Jenkinsfile: `stage${' '.repeat(100_000)}(`,
    'package.json': `"name"${' '.repeat(100_000)}`,
    'x.service': '[Service]',
  });
  assert.ok(performance.now() - startMs < 1_000);
  assert.ok(found.every(line => !/missing|Canary/.test(line)));
});

test('the findings suggest phases that reach more nodes each, and all at last', () => {
  const texts = { 'rollout.yaml': rollout, 'k8s/shop.yaml': deployment };
  const suggested = suggest(detect({ names: Object.keys(texts), texts: new Map(Object.entries(texts)) }), 'folder');
  const { service, platform, nodes, phases, durationS, metrics } = suggested;
  assert.deepEqual(
    { service, platform, nodes, phases, durationS, metrics },
    {
      service: 'shop',
      platform: 'argo',
      nodes: ['shop-1', 'shop-2', 'shop-3', 'shop-4'],
      phases: [10, 50, 100],
      durationS: 300,
      metrics: ['http://{node}:9102/metrics'],
    },
  );
});
