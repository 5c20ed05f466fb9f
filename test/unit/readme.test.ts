// Holds the README to the code: its examples parse, and what a person can write, set or type is in it.
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { parseCondition } from '../../src/definition/condition.ts';
import { defaults } from '../../src/definition/defaults.ts';
import { parsePipeline } from '../../src/definition/parsePipeline.ts';
import { scenarioNames } from '../../src/demo/scenarios.ts';
import type { Pipeline } from '../../src/model/pipeline.ts';
import type { Release } from '../../src/model/release.ts';
import type { HookCall } from '../../src/model/runEvents.ts';
import { hookVariables } from '../../src/run/variables.ts';
import { exitStatus } from '../../src/terminal/exitStatus.ts';
import { commands } from '../../src/terminal/terminal.ts';
import { calibrate } from '../../src/verify/metrics/calibration.ts';
import { heading, rows } from '../bench/summary.ts';

const root = join(import.meta.dirname, '../..');
const readme = readFileSync(join(root, 'README.md'), 'utf8');
const lines = readme.split('\n');

function blocksOf(language: string): string[] {
  return [...readme.matchAll(/^```([a-z]*)\n([\s\S]*?)^```$/gm)]
    .filter(([, name]) => name === language)
    .map(([, , text = '']) => text);
}

function readJson<T>(path: string): T {
  return JSON.parse(readFileSync(join(root, path), 'utf8')) as T;
}

test('every YAML example is a whole pipeline without a mistake or a warning', () => {
  const examples = blocksOf('yaml');
  assert.ok(examples.length >= 2);
  for (const example of examples) {
    const { pipeline, problems } = parsePipeline(example, '.backstop/pipelines/example.yaml');
    assert.deepEqual(problems, []);
    assert.ok(pipeline);
  }
});

test('every example of a condition reads', () => {
  const examples = blocksOf('when').flatMap(text => text.trim().split('\n'));
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
  const rows = lines
    .filter(line => line.startsWith('| `BACKSTOP_'))
    .map(line => line.split('|')[1]!)
    .join();
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
    lines.some(line => line.includes(`\`${key}\``) && (value === undefined || line.includes(`\`${value}\``)));
  const keys = keysOf(readJson('media/pipeline.schema.json'));
  assert.ok(keys.length > 80);
  const stageDefaults = [
    ['timeout', defaults.stage.timeout],
    ['timeout', defaults.stage.canaryTimeout],
    ['askFor', defaults.askFor],
  ] as const;
  const wanted = [...keys, ...stageDefaults].map(([key, value]) => [key, writeDefault(value)] as const);
  assert.deepEqual(
    wanted.filter(([key, value]) => !explains(key === 'parameter' ? '{ parameter: NAME }' : key, value)),
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
    ).tolerance * 100;
  const row = lines.find(line => line.startsWith('| `tolerance`'));
  assert.ok(
    row?.includes(
      `gauge ${toleranceOf('gauge')} %, count ${toleranceOf('count')} %, share ${toleranceOf('count', 'other')} %`,
    ),
    row,
  );
});

test('every command, exit status and scenario is in a table', () => {
  const rows = lines.filter(line => line.startsWith('|')).map(line => line.split('|')[1]!);
  assert.deepEqual(
    commands.map(({ name }) => name).filter(name => !rows.some(row => row.includes(`\`backstop ${name}`))),
    [],
  );
  assert.deepEqual(
    Object.values(exitStatus).filter(status => !rows.includes(` ${status} `)),
    [],
  );
  assert.deepEqual(
    scenarioNames.filter(name => !rows.some(row => row.includes(`\`${name}\``))),
    [],
  );
});

test('every script of package.json is mentioned, and the version is in the change log', () => {
  const { scripts, version } = readJson<{ scripts: Readonly<Record<string, string>>; version: string }>('package.json');
  assert.deepEqual(
    Object.keys(scripts).filter(name => !readme.includes(name === 'test' ? 'npm test' : `npm run ${name}`)),
    [],
  );
  assert.ok(readFileSync(join(root, 'CHANGELOG.md'), 'utf8').includes(`## [${version}]`));
});

test('the table of the benchmarks has the rows that the bench prints', () => {
  const start = lines.indexOf(heading);
  assert.deepEqual(
    lines.slice(start + 2, start + 2 + rows.length).map(line => line.split(' | ')[0]),
    rows.map(([title]) => `| ${title}`),
  );
});

test('no link is relative, as the package could not resolve it; pictures are, each is there and has words that stand in for it', () => {
  assert.deepEqual(
    [...readme.matchAll(/(?<!!\[[^\]]*)\]\((?!https:\/\/|#)[^)]*\)/g)].map(([link]) => link),
    [],
  );
  const pictures = [...readme.matchAll(/!\[([^\]]*)\]\(([^)]*)\)/g)].map(([, words = '', path = '']) => ({
    words,
    path,
  }));
  assert.deepEqual(
    pictures.filter(({ words, path }) => words.length < 20 || !existsSync(join(root, path))),
    [],
  );
});
