// A vendor is its folder and a line in each registry: the one in test/fixtures/vendor is parsed, completed, checked,
// read and redacted without another edit.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { TestContext } from 'node:test';
import { createParser } from '../../../src/definition/parsePipeline.ts';
import { pipelineJsonSchema } from '../../../src/definition/schema/jsonSchema.ts';
import { completeAt } from '../../../src/host/language/completion/completion.ts';
import type { Schema } from '../../../src/host/language/document/schema.ts';
import { fixesOf } from '../../../src/host/language/fixes/quickFixes.ts';
import { hoverAt } from '../../../src/host/language/hover.ts';
import { findReferences, renameName } from '../../../src/host/language/navigation.ts';
import { applyEdits } from '../../../src/host/language/texts.ts';
import type { MetricPoint } from '../../../src/model/evidence/evidence.ts';
import { succeed } from '../../../src/model/failure.ts';
import { createSecretFinder } from '../../../src/model/file/secrets.ts';
import type { HttpRequest, Outside } from '../../../src/model/outside.ts';
import { createRedactor, REDACTED } from '../../../src/model/redact.ts';
import { decoders } from '../../../src/vendors/decoders.decode.ts';
import { definitions } from '../../../src/vendors/definitions.ts';
import { createHealthSources } from '../../../src/vendors/healthSources.ts';
import { createMarkers } from '../../../src/vendors/markers.ts';
import { vendorPorts } from '../../../src/vendors/ports.ts';
import { createSourceChecks } from '../../../src/vendors/sourceChecks.ts';
import { createLocalBudget } from '../../fakes/localBudget.ts';
import { createVirtualClock } from '../../fakes/virtualClock.ts';
import { gaugeHouse } from '../../fixtures/vendor/definition.ts';
import { gaugeHousePorts } from '../../fixtures/vendor/ports.ts';
import { gaugeHouseDecoders } from '../../fixtures/vendor/readings.decode.ts';
import { completionParts, readTree, splitAtCursor, t } from '../host/language/cursor.ts';

// The three lines in the registries.
const vendors = [...definitions, gaugeHouse];
const allDecoders = { ...decoders, ...gaugeHouseDecoders };
const allPorts = { ...vendorPorts, gaugeHouse: gaugeHousePorts };

const schema = pipelineJsonSchema(vendors) as Schema;
const parse = createParser(vendors);
const file = `version: 1
service: shop
connections:
  house: { gaugeHouse: { url: https://eu.gauges.example, credential: gauges } }
  ci: { jenkins: { url: https://ci.example.com, credential: ci } }
environments:
  production: { nodes: [prod-1, prod-2] }
hooks:
  deploy: { command: [./deploy.sh] }
healthSources:
  quality:
    gaugeHouse:
      connection: house
      metrics:
        requests: { gauge: req, kind: count }
        errors: { gauge: err, kind: count, per: requests }
stages:
  - stage: Production
    environment: production
    steps: [deploy]
`;
const key = 'GH-ABCDEFGHIJKLMNOP';

test('it parses', () => {
  const { pipeline, problems } = parse(file, 'shop.yaml');
  assert.deepEqual(problems, []);
  assert.deepEqual(pipeline?.connections['house'], {
    vendor: 'gaugeHouse',
    url: 'https://eu.gauges.example',
    credential: 'gauges',
  });
  const source = pipeline.healthSources['quality'];
  assert.ok(source?.kind === 'metrics');
  assert.deepEqual(
    [source.vendor, source.nodeAttribute, source.metrics.map(({ name, options }) => [name, options])],
    [
      'gaugeHouse',
      'machine',
      [
        ['requests', { gauge: 'req' }],
        ['errors', { gauge: 'err' }],
      ],
    ],
  );
});

test('its mistakes are told where they stand', () => {
  const codes = (text: string): readonly string[] => parse(text, 'shop.yaml').problems.map(problem => problem.code);
  assert.deepEqual(codes(file.replace('connection: house', 'connection: ci')), ['wrong-connection']);
  assert.deepEqual(codes(file.replace('per: requests', 'per: request')), ['unknown-metric']);
  assert.deepEqual(codes(file.replace(/      metrics:\n.*\n.*\n/, '')), ['no-metric']);
  assert.deepEqual(codes(file.replace('gauge: req', 'guage: req')), ['unknown-key']);
  assert.deepEqual(codes(file.replace('credential: gauges', `credential: ${key}`)), ['secret-in-file']);
  const { problems } = parse(file.replace('{ jenkins:', '{ jenkens:'), 'shop.yaml');
  assert.ok(problems.some(({ allowed = [] }) => allowed.includes('gaugeHouse')));
});

function labelsAt(marked: string): readonly string[] {
  const { text, offset } = splitAtCursor(marked);
  return completeAt(text, offset, { ...completionParts(), schema }).map(one => one.label);
}

test('the editor completes, explains, finds, renames and declares it', () => {
  assert.ok(labelsAt('connections:\n  a:\n    |\n').includes('gaugeHouse'));
  assert.ok(labelsAt('healthSources:\n  a:\n    |\n').includes('gaugeHouse'));
  assert.deepEqual(labelsAt(file.replace('connection: house', 'connection: |')), ['house']);
  assert.deepEqual(labelsAt(file.replace('per: requests', 'per: |')), ['requests']);
  const tree = readTree(file);
  assert.match(
    hoverAt(tree, file.indexOf('gaugeHouse:\n') + 2, schema, t)?.content ?? '',
    /Metrics from a Gauge House/,
  );
  assert.equal(findReferences(tree, file.indexOf('requests: {') + 1, true).length, 2);
  const renamed = renameName(tree, file.indexOf('requests: {') + 1, 'calls', schema, t);
  assert.ok('edits' in renamed);
  assert.deepEqual(parse(applyEdits(file, renamed.edits), 'shop.yaml').problems, []);
  const lacking = file.replace(/  house: .*\n/, '');
  const [problem] = parse(lacking, 'shop.yaml').problems;
  const fix = fixesOf(problem!, readTree(lacking), { schema, vendors, t }).find(({ title }) => /^Declare/.test(title));
  assert.deepEqual(parse(applyEdits(lacking, fix!.edits), 'shop.yaml').problems, []);
});

function setStage(context: TestContext) {
  const clock = createVirtualClock();
  const asked: HttpRequest[] = [];
  const outside: Outside = {
    clock,
    credentials: { get: () => succeed(key) },
    budget: createLocalBudget(context, clock),
    http: {
      request(request) {
        asked.push(request);
        const at = Number(/from=(\d+)/.exec(request.url)?.[1]);
        const readings = ['prod-1', 'prod-2'].map(machine => ({ machine, at, value: 7 }));
        const bytes = new TextEncoder().encode(JSON.stringify(readings));
        return Promise.resolve({ ok: true, value: { status: 200, headers: {}, cookies: [], bytes } });
      },
    },
  };
  const { pipeline } = parse(file, 'shop.yaml');
  assert.ok(pipeline);
  return { clock, asked, outside, pipeline, sources: createHealthSources(outside, allPorts) };
}

test('it is read, and its pages are decoded', async context => {
  const { clock, asked, pipeline, sources } = setStage(context);
  const points: MetricPoint[] = [];
  const toMs = clock.now();
  const read = await clock.drive(
    sources.read(
      {
        source: pipeline.healthSources['quality']!,
        connection: pipeline.connections['house']!,
        nodes: ['prod-1', 'prod-2'],
        fromMs: toMs - 10_000,
        toMs,
        intervalMs: 10_000,
      },
      page => {
        const decoded = allDecoders[page.decoder]!(page.bytes, page.context);
        if (decoded.ok) points.push(...(decoded.value.points ?? []));
        return Promise.resolve(decoded);
      },
      new AbortController().signal,
    ),
  );
  assert.ok(read.ok, JSON.stringify(read));
  assert.deepEqual(
    points.map(({ metric, node, value }) => `${metric} ${node} ${value}`),
    ['requests prod-1 7', 'requests prod-2 7', 'errors prod-1 7', 'errors prod-2 7'],
  );
  assert.ok(
    asked.every(
      ({ url, headers }) => url.startsWith('https://eu.gauges.example/') && headers?.['Authorization'] === key,
    ),
  );
});

test('check-sources looks at it', async context => {
  const { clock, outside, pipeline, sources } = setStage(context);
  const checks = createSourceChecks(
    { ...outside, healthSources: sources, markers: createMarkers(outside, allPorts) },
    { ports: allPorts, decoders: allDecoders },
  );
  const found = await clock.drive(
    checks.check({ pipeline, isNew: () => false }, () => undefined, new AbortController().signal),
  );
  assert.deepEqual(
    found.map(({ name, queries, nodes, problems }) => ({ name, queries, nodes, problems })),
    [
      {
        name: 'quality',
        queries: ['req', 'err'],
        nodes: [{ environment: 'production', found: ['prod-1', 'prod-2'], missing: [] }],
        problems: [],
      },
    ],
  );
});

test('its keys are recognised in a file and redacted everywhere', () => {
  const forms = vendors.flatMap(({ credential }) => credential?.forms ?? []);
  assert.equal(createSecretFinder(forms).findKnownSecret(`x ${key} y`), key);
  assert.equal(createRedactor([], forms)(`x ${key} y`), `x ${REDACTED} y`);
});
