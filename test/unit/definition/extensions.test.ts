// Keys that begin with `x-` are the writer's own: places for anchors.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parsePipeline } from '../../../src/definition/parsePipeline.ts';

const file = (more: string): string => `version: 1
service: shop
x-retry: &retry { attempts: 3 }
x-program: &program
  timeout: 5m
  x-note: an extension inside an extension
environments:
  production: { nodes: [web-1, web-2], x-owner: { team: shop } }
hooks:
  deploy: { <<: *program, command: [./deploy.sh], retry: *retry }
stages:
  - stage: Production
    x-why: { anything: [1, two, ~] }
    environment: production
    steps: [deploy]
${more}`;

test('keys that begin with x- are ignored wherever the keys are known', () => {
  const { pipeline, problems } = parsePipeline(file(''), 'shop.yaml');
  assert.deepEqual(problems, []);
  const deploy = pipeline?.hooks['deploy'];
  assert.deepEqual([deploy?.timeoutMs, deploy?.retry.attempts], [300_000, 3]);
  assert.deepEqual(Object.keys(pipeline?.environments ?? {}), ['production']);
});

test('what stands in a map of names is a name, and no other unknown key is ignored', () => {
  const { problems } = parsePipeline(
    file('  - { stage: Test, environment: production, steps: [x-check], xnote: 1 }\n').replace(
      'stages:',
      '  x-check: { command: [./check.sh] }\nstages:',
    ),
    'shop.yaml',
  );
  assert.deepEqual(
    problems.map(({ code, found }) => `${code} ${found}`),
    ['unknown-key xnote'],
  );
});

test('a secret in such a key is found all the same', () => {
  const { problems } = parsePipeline(file('x-key: NRAK-ABCDEFGHIJKLMNOPQRSTUVWXYZ1\n'), 'shop.yaml');
  assert.deepEqual(
    problems.filter(({ severity }) => severity === 'error').map(({ code }) => code),
    ['secret-in-file'],
  );
});
