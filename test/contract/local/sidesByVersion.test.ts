// Nodes without lasting names: log files, metric files and programs that are told apart by the version they are of.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { parsePipeline } from '../../../src/definition/parsePipeline.ts';
import { createHealthSources } from '../../../src/vendors/healthSources.ts';
import { createMarkers } from '../../../src/vendors/markers.ts';
import { createSourceChecks } from '../../../src/vendors/sourceChecks.ts';
import { at, setStage, type Read } from './stage.ts';

const names = ['1.8.0', '1.9.0'];
const texts = ({ lines, failure }: Read): readonly string[] =>
  failure ? [failure.message] : lines.map(({ node, text }) => `${node}: ${text.replace(/^\S+ /, '')}`).sort();
const values = ({ points, failure }: Read): readonly unknown[] =>
  failure ? [failure.message] : points.filter(({ value }) => value !== null).map(({ node, value }) => [node, value]);
/** A program that prints what it is given, with the two versions in it. */
const print = (body: string): string => `[${process.execPath}, -e, ${JSON.stringify(body)}`;

describe('files', () => {
  test('with the version in their path are those of all nodes that run it', async context => {
    const stage = setStage(context, "{ files: { logs: 'logs/shop-{version}-*.log' } }");
    const line = (text: string): string => `${at(stage.now - 3_000)} INFO ${text}\n`;
    stage.write('logs/shop-1.8.0-a1.log', line('served'));
    stage.write('logs/shop-1.9.0-b7.log', line('served by b7'));
    stage.write('logs/shop-1.9.0-b8.log', line('served by b8'));
    stage.write('logs/shop-1.7.0-c1.log', line('of no side'));
    assert.deepEqual(texts(await stage.read({ names })), [
      '1.8.0: INFO served',
      '1.9.0: INFO served by b7',
      '1.9.0: INFO served by b8',
    ]);
  });

  test('of metrics may have it in their path, or in a column', async context => {
    const metrics = '{ latency: {} }';
    const inPath = setStage(context, `{ files: { file: 'metrics/{version}.jsonl', metrics: ${metrics} } }`);
    for (const [version, value] of [
      ['1.8.0', 10],
      ['1.9.0', 30],
    ] as const)
      inPath.write(`metrics/${version}.jsonl`, `{"name":"latency","value":${value},"time":${inPath.now - 9_000}}\n`);
    const inColumn = setStage(context, `{ files: { file: m.csv, keys: { version: build }, metrics: ${metrics} } }`);
    const row = (build: string, value: number): string => `${inColumn.now - 9_000},${build},${value}\n`;
    inColumn.write('m.csv', `time,build,latency\n${row('1.8.0', 10)}${row('1.9.0', 30)}`);
    for (const stage of [inPath, inColumn])
      assert.deepEqual(values(await stage.read({ names })), [
        ['1.8.0', 10],
        ['1.9.0', 30],
      ]);
  });
});

describe('a program', () => {
  test('runs once for each version, which it is told', async context => {
    const body =
      'console.log(new Date(Number(process.argv[2])).toISOString(), process.argv[1], ' +
      'process.env.BACKSTOP_VERSION, process.env.BACKSTOP_VERSIONS, process.env.BACKSTOP_NODE)';
    const stage = setStage(
      context,
      `{ command: { logs: ${print(body)}, 'version={version}', '\${BACKSTOP_FROM_MS}'], nodes: each-version } }`,
    );
    assert.deepEqual(texts(await stage.read({ names })), [
      '1.8.0: version=1.8.0 1.8.0 1.8.0,1.9.0 undefined',
      '1.9.0: version=1.9.0 1.9.0 1.8.0,1.9.0 undefined',
    ]);
  });

  test('for all of them says the version at the beginning of each line, or in a label', async context => {
    const body = "for (const v of ['1.8.0', '1.9.0', '1.7.0']) console.log('[' + v + '] 2026-01-30T11:59:30Z INFO up')";
    const logs = setStage(
      context,
      `{ command: { logs: ${print(body)}], nodes: together, versionPattern: '\\[([^\\]]+)\\]' } }`,
    );
    assert.deepEqual(
      (await logs.read({ names })).lines.map(({ node }) => node),
      names,
    );
    const gauge = "for (const v of ['1.8.0', '1.9.0', '1.7.0']) console.log('busy{build=' + JSON.stringify(v) + '} 4')";
    const metrics = setStage(
      context,
      `{ command: { values: ${print(gauge)}], nodes: together, keys: { version: build }, metrics: { busy: {} } } }`,
    );
    assert.deepEqual(
      values(await metrics.read({ names, toMs: metrics.now + 10_000 })),
      names.map(name => [name, 4]),
    );
  });
});

test('check-sources looks for the version that runs, and shows what is asked', async context => {
  const stage = setStage(context, "{ files: { file: 'metrics/{version}.jsonl', metrics: { latency: {} } } }");
  stage.write('metrics/1.8.0.jsonl', `{"name":"latency","value":1,"time":${stage.now - 9_000}}\n`);
  const { outside, pipeline } = stage;
  const sources = { healthSources: createHealthSources(outside), markers: createMarkers(outside) };
  const clock = { ...outside.clock, sleep: () => Promise.resolve() };
  const checks = createSourceChecks({ ...outside, clock, ...sources });
  const told = async (versions: readonly string[]) => {
    const request = { pipeline, isNew: () => false, versions: () => versions };
    const [check] = await checks.check(request, () => {}, new AbortController().signal);
    return [check!.queries, check!.problems.map(({ kind, failure }) => `${kind}: ${failure.message}`)];
  };
  assert.deepEqual(await told(['1.8.0']), [['metrics/1.8.0.jsonl'], []]);
  assert.deepEqual(await told(['1.7.0']), [
    ['metrics/1.7.0.jsonl'],
    [
      'missing: Health source "local" knows nothing of version 1.7.0 of production.',
      'missing: Health source "local": metric "latency" had no value on any version.',
    ],
  ]);
  // Nothing was deployed that worked: there is no version to ask for.
  assert.deepEqual(await told([]), [
    [],
    ['notice: Health source "local": metric "latency" had no value on any version.'],
  ]);
});

test('rows of other versions are ignored, and check-sources names them if the wanted one is missing', async context => {
  const text = '{ files: { file: m.csv, keys: { version: build }, metrics: { latency: {}, busy: {} } } }';
  const stage = setStage(context, text);
  const at = stage.now - 9_000;
  stage.write('m.csv', `time,build,latency,busy\n${at},1.8.0,10,\n${at},v1.9.0,20,3\n${at},1.7.0,900,7\n`);
  const { outside, pipeline } = stage;
  const sources = { healthSources: createHealthSources(outside), markers: createMarkers(outside) };
  const checks = createSourceChecks({
    ...outside,
    clock: { ...outside.clock, sleep: () => Promise.resolve() },
    ...sources,
  });
  const told = async (version: string) => {
    const request = { pipeline, isNew: () => false, versions: () => [version] };
    const [check] = await checks.check(request, () => {}, new AbortController().signal);
    return {
      samples: check!.samplePoints.map(({ metric, node }) => [metric, node]),
      problems: check!.problems.map(({ failure }) => `${failure.message} ${failure.hint}`),
    };
  };
  const known = await told('1.8.0');
  assert.deepEqual(known.samples, [['latency', '1.8.0']]);
  assert.match(known.problems.join(), /^Health source "local": metric "busy" had no value on any version\./);
  const unknown = await told('1.9.0');
  assert.deepEqual(unknown.samples, []);
  assert.match(unknown.problems[0]!, /version 1\.9\.0 .* It has 1\.7\.0, 1\.8\.0, v1\.9\.0, which are ignored\./);
});

const mistakes: readonly (readonly [string, RegExp])[] = [
  ["{ files: { logs: '{version}/{node}.log' } }", /told apart by `\{node\}` or by `\{version\}`/],
  ['{ files: { file: m.csv, keys: { node: a, version: b }, metrics: { a: {} } } }', /Write `node` or `version`/],
  ["{ command: { logs: [a, '{version}'] } }", /write `nodes: each-version`/],
  ["{ command: { logs: [a, '{node}'], nodes: each-version } }", /write `nodes: each`/],
  ["{ command: { logs: [a], versionPattern: '(b)' } }", /belongs to `nodes: together`/],
  ["{ command: { logs: [a], nodes: together, versionPattern: '(b)', nodePattern: '(c)' } }", /Write `nodePattern` or/],
  ['{ command: { values: [a], keys: { version: v }, metrics: { a: {} } } }', /`version` belongs to `nodes: together`/],
];
for (const [source, expected] of mistakes)
  test(`${source} is refused with its reason`, () => {
    const { problems } = parsePipeline(
      'version: 1\nservice: shop\nenvironments: { production: { nodes: [a, b] } }\n' +
        'hooks: { deploy: { command: [a] } }\n' +
        `healthSources:\n  local: ${source}\nstages:\n  - stage: Production\n    environment: production\n` +
        '    canary: { deploy: deploy, rollback: deploy, check: deploy, phases: [{ nodes: 50% }, { nodes: 100% }] }\n' +
        '    verification: { duration: 5m }\n',
      'p.yaml',
    );
    assert.deepEqual(
      problems.map(({ line }) => line),
      [6],
    );
    assert.match(problems[0]!.message, expected);
  });
