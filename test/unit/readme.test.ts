// Holds README and reference to the code: their examples work, and everything that a user can write, set or type is in
// them.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { test } from 'node:test';
import { parseCondition } from '../../src/definition/condition.ts';
import { defaults } from '../../src/definition/compile/defaults.ts';
import { parsePipeline } from '../../src/definition/parsePipeline.ts';
import { scenarioNames } from '../../src/demo/story/scenarios.ts';
import type { Pipeline } from '../../src/model/pipeline.ts';
import type { Release } from '../../src/model/release.ts';
import type { HookCall } from '../../src/model/runs/runEvents.ts';
import { hookVariables } from '../../src/run/variables.ts';
import { exitStatus } from '../../src/terminal/exitStatus.ts';
import { commands } from '../../src/terminal/screen/terminal.ts';
import { calibrate } from '../../src/verify/metrics/calibration.ts';
import { heading, rows } from '../bench/summary.ts';
import { blocksOf, documentPaths, read } from './documentSet.ts';

const readme = read('README.md');
const linesOf = (path: string): readonly string[] => read(path).split('\n');
const pipelineFile = linesOf('media/docs/pipeline-file.md');
const commandLine = linesOf('media/docs/command-line.md');
const tests = linesOf('test/README.md');

/** What stands in the first column of the tables. */
const firstColumn = (lines: readonly string[]): readonly string[] =>
  lines.filter(line => line.startsWith('|')).map(line => line.split('|')[1]!);

test('the README is short, and has the commands that a reader types first', () => {
  assert.ok(Buffer.byteLength(readme) <= 12_000, `${Buffer.byteLength(readme)} bytes`);
  assert.equal(readme.match(/!\[/g)?.length, 1);
  for (const command of ['npm ci', 'npm run demo', 'npm test', 'backstop verify'])
    assert.ok(readme.includes(command), command);
});

test('every YAML example is a whole pipeline without a mistake or a warning', () => {
  const examples = documentPaths.flatMap(path => blocksOf(read(path), 'yaml'));
  assert.ok(examples.length >= 6);
  for (const example of examples) {
    const { pipeline, problems } = parsePipeline(example, '.backstop/pipelines/example.yaml');
    assert.deepEqual(problems, [], example);
    assert.ok(pipeline);
  }
});

test('every script of the documents is one that a shell reads', { skip: process.platform === 'win32' }, () => {
  const scripts = documentPaths
    .flatMap(path => blocksOf(read(path), 'sh'))
    .filter(text => text.startsWith('#!/bin/sh'));
  assert.ok(scripts.length >= 5);
  for (const script of scripts) execFileSync('/bin/sh', ['-n'], { input: script });
});

test('every script that a recipe calls is given beside it', () => {
  const recipes = read('media/docs/recipes.md').split(/^## /m);
  for (const recipe of recipes.slice(1)) {
    const called = [...recipe.matchAll(/\.\/scripts\/([\w-]+\.sh)/g)].map(([, name = '']) => name);
    assert.deepEqual(
      called.filter(name => !recipe.includes(`\`scripts/${name}\``)),
      [],
    );
  }
});

test('every example of a condition reads', () => {
  const examples = documentPaths.flatMap(path => blocksOf(read(path), 'when')).flatMap(text => text.trim().split('\n'));
  assert.ok(examples.length >= 3);
  for (const example of examples) assert.ok('condition' in parseCondition(example), example);
});

test('every variable that hooks are given is explained', () => {
  const configuration = { digest: 'd', files: [], variables: {} };
  const release: Release = { id: 'r', service: 's', artifact: { version: '1' }, configuration, createdAt: 0 };
  const call: HookCall = {
    key: 'k',
    hook: 'h',
    purpose: 'deploy',
    stage: 's',
    environment: 'e',
    nodes: ['n'],
    phase: 1,
    attempt: 1,
    release: 'r',
    version: '1',
    configurationDigest: 'd',
  };
  const run = { runId: '1', pipeline: { name: 'p', service: 's' } as Pipeline, inputs: { name: 'value' }, fence: 7 };
  const rows = firstColumn(pipelineFile).join();
  const missing = Object.keys(hookVariables(run, call, release, '/folder')).filter(
    name => !rows.includes(`\`${name}\``),
  );
  assert.deepEqual(missing, []);
});

interface SchemaNode {
  readonly properties?: Readonly<Record<string, SchemaNode>>;
  readonly default?: unknown;
}

/** Each key of the file's schema with its default, wherever it is nested. */
function keysOf(node: unknown): readonly (readonly [string, unknown])[] {
  if (typeof node !== 'object' || node === null) return [];
  const own = Object.entries((node as SchemaNode).properties ?? {}).map(
    ([key, value]) => [key, value.default] as const,
  );
  return [...own, ...Object.values(node).flatMap(keysOf)];
}

test('every key of a pipeline file is explained, with its default', () => {
  const explains = (key: string, value?: string): boolean =>
    pipelineFile.some(
      line =>
        new RegExp(`^\\| \`(?:.*\\.)?${key}\``).test(line) && (value === undefined || line.includes(`\`${value}\``)),
    );
  const keys = keysOf(JSON.parse(read('media/pipeline.schema.json')));
  assert.ok(keys.length > 80);
  const stageDefaults = [
    ['timeout', defaults.stage.timeout],
    ['timeout', defaults.stage.canaryTimeout],
    ['askFor', defaults.askFor],
  ] as const;
  const wanted = [...keys, ...stageDefaults].map(([key, value]) => [key, writeDefault(value)] as const);
  assert.deepEqual(
    wanted.filter(([key, value]) => !explains(key, value)),
    [],
  );
});

/** As a person would write it; maps, empty texts and the format's version need no word. */
function writeDefault(value: unknown): string | undefined {
  if (Array.isArray(value)) return value.length === 0 ? undefined : `[${value.join(', ')}]`;
  return value === undefined || value === '' || typeof value === 'object'
    ? undefined
    : String(value as string | number | boolean);
}

test('the tolerance of a metric is told as it is', () => {
  const toleranceOf = (kind: 'gauge' | 'count', denominator?: string): number =>
    calibrate(
      {
        name: 'm',
        kind,
        direction: 'increase',
        canary: {},
        baseline: {},
        before: {},
        ...(denominator !== undefined && { denominator }),
      },
      'medium',
      'existing',
    ).tolerance * 100;
  const row = pipelineFile.find(line => line.includes('tolerance` |'));
  assert.ok(
    row?.includes(
      `gauge ${toleranceOf('gauge')} %, count ${toleranceOf('count')} %, share ${toleranceOf('count', 'other')} %`,
    ),
    row,
  );
});

test('every command, exit status and scenario is in a table', () => {
  assert.deepEqual(
    commands.map(({ name }) => name).filter(name => !commandLine.includes(`### backstop ${name}`)),
    [],
  );
  assert.deepEqual(
    Object.values(exitStatus).filter(status => !firstColumn(commandLine).includes(` ${status} `)),
    [],
  );
  assert.deepEqual(
    scenarioNames.filter(name => !firstColumn(tests).some(cell => cell.includes(`\`${name}\``))),
    [],
  );
});

test('every script of package.json is mentioned, and the version is in the change log', () => {
  const { scripts, version } = JSON.parse(read('package.json')) as {
    scripts: Readonly<Record<string, string>>;
    version: string;
  };
  const mentioned = firstColumn(tests).join();
  assert.deepEqual(
    Object.keys(scripts).filter(name => !new RegExp(`npm (?:run )?${name}(?: --|\`)`).test(mentioned)),
    [],
  );
  assert.ok(read('CHANGELOG.md').includes(`## [${version}]`));
});

test('the table of the benchmarks has the rows that the bench prints', () => {
  const lines = linesOf('test/bench/README.md'),
    start = lines.indexOf(heading);
  assert.deepEqual(
    lines.slice(start + 2, start + 2 + rows.length).map(line => line.split(' | ')[0]),
    rows.map(([title]) => `| ${title}`),
  );
});
