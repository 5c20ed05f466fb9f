// Programs that list versions: real ones, what they print, and how they break.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { TestContext } from 'node:test';
import fc from 'fast-check';
import { parsePipeline } from '../../../src/definition/parsePipeline.ts';
import { formatProblem } from '../../../src/model/problem.ts';
import { connectionOf } from '../../../src/model/pipeline.ts';
import { createArtifacts } from '../../../src/vendors/artifacts.ts';
import { readVersions } from '../../../src/vendors/command/artifacts.ts';
import { createSourceChecks } from '../../../src/vendors/sourceChecks.ts';
import type { SourceChecksDeps } from '../../../src/vendors/sourceChecks.ts';
import { setStage } from './stage.ts';

const parse = (artifact: string) =>
  parsePipeline(
    `version: 1
service: shop
artifact: ${artifact}
environments: { dev: { nodes: [dev-1] } }
hooks: { deploy: { command: [./deploy.sh] } }
stages: [{ stage: Dev, environment: dev, steps: [deploy] }]
`,
    'shop.yaml',
  );

function open(context: TestContext, body: string, more = '') {
  const program = body.startsWith('$') ? JSON.stringify(body.slice(1)) : `[node, -e, ${JSON.stringify(body)}]`;
  const { pipeline, problems } = parse(`{ command: { versions: ${program}${more} } }`);
  if (pipeline?.artifact.kind !== 'build') throw new Error(JSON.stringify(problems));
  const { outside } = setStage(context, '{ script: { command: [node] } }', {
    env: { PATH: process.env['PATH'], GH_TOKEN: 'let-in', CI_TOKEN: 'kept' },
  });
  return { pipeline, source: pipeline.artifact, outside };
}

async function list(context: TestContext, body: string, more?: string, limit = 10): Promise<string> {
  const { pipeline, source, outside } = open(context, body, more);
  const signal = new AbortController().signal;
  const listed = await createArtifacts(outside).list(source, connectionOf(pipeline, source), limit, signal);
  return listed.ok
    ? listed.value.map(({ artifact, refused = '' }) => artifact.version + refused).join(' ')
    : `${listed.failure.kind}: ${listed.failure.message}`;
}

test('it lists what it prints, the newest first, each once, and no more than asked for', async context => {
  assert.equal(await list(context, 'console.log("v3\\r\\n\\nv2\\nv3\\nv1\\n")'), 'v3 v2 v1');
  assert.equal(await list(context, 'console.log("v3\\nv2\\nv1\\nand something else")', '', 2), 'v3 v2');
  assert.equal(await list(context, ''), '');
});

test('it has the environment of a hook, and a shell only if it is asked for', async context => {
  assert.equal(await list(context, 'console.log(process.env.GH_TOKEN)', ', environment: [GH_TOKEN]'), 'let-in');
  assert.equal(await list(context, 'console.log(process.env.CI_TOKEN)'), 'undefined');
  assert.equal(
    await list(context, 'console.log(process.env.T)', ", variables: { T: '${credential:known}' }"),
    's3cret-value',
  );
  assert.equal(await list(context, '$printf "v1\\nv2\\n" | sort -r', ', shell: true'), 'v2 v1');
});

test('what it prints too much of, what is no version, and how it breaks is told', async context => {
  const rows = [
    [
      'console.log("v3\\nShop 2\\tLatest\\tv2")',
      '',
      /^bad-answer: .* printed line 2, which is no version: "Shop 2 Lat/,
    ],
    ['console.log("v".repeat(201))', '', /^bad-answer: .* printed line 1, which is no version: "v{80}…"/],
    ['console.log("v1\\n".repeat(400000))', '', /^bad-answer: Versions: its program "node" printed more than 1 MB/],
    ['console.error("not signed in"); process.exitCode = 4', '', /^bad-answer: .* exit code 4: not signed in\.$/],
    ['setInterval(() => {}, 1000)', ', timeout: 1s', /^timeout: .* took longer than 1 s/],
    ['', ", variables: { T: '${credential:lost}' }", /^unauthorized: /],
  ] as const;
  for (const [body, more, expected] of rows) assert.match(await list(context, body, more), expected, body);
});

test('any text is either versions or a failure, and no version has a space or a control character', () => {
  const pieces = fc.constantFrom('v1', '2', '\n', '\r\n', '\t', ' ', '\u0000', '\u2028', 'é', 'x'.repeat(150));
  fc.assert(
    fc.property(fc.array(pieces), fc.integer({ min: 1, max: 5 }), (text, limit) => {
      const read = readVersions(text.join(''), 'It', limit);
      if (!read.ok) return !/[\p{Cc}]/u.test(read.failure.message);
      return (
        read.value.length <= limit && read.value.every(({ artifact }) => /^[^\s\p{C}]{1,200}$/u.test(artifact.version))
      );
    }),
  );
});

test('the file is checked: a list or a text with a shell, and one kind', () => {
  const said = (artifact: string): readonly string[] => parse(artifact).problems.map(formatProblem);
  assert.match(
    said('{ command: { versions: git tag } }').join(),
    /^shop\.yaml:3:24.*Without `shell: true` the command is/,
  );
  assert.match(
    said('{ command: { versions: [git, tag], shell: true } }').join(),
    /3:24.*With `shell: true` the command/,
  );
  assert.match(said('{ command: {} }').join(), /3:.*versions/);
  assert.match(said('{ command: { versions: [a] }, version: {} }').join(), /The artifact is of one kind/);
  assert.deepEqual(said('{ command: { versions: [git, tag], watch: deploy } }'), []);
});

test('check-sources runs it, and says what is wrong with it', async context => {
  const check = async (body: string) => {
    const { pipeline, outside } = open(context, body);
    const deps = { ...outside, markers: undefined, healthSources: undefined } as unknown as SourceChecksDeps;
    const request = { pipeline, isNew: () => true, versions: () => [] };
    const [first] = await createSourceChecks(deps).check(request, () => undefined, new AbortController().signal);
    return [first!.kind, first!.problems.map(({ kind }) => kind).join()];
  };
  assert.deepEqual(await check('console.log("v1")'), ['versions', '']);
  assert.deepEqual(await check('process.exitCode = 1'), ['versions', 'unknown']);
});
