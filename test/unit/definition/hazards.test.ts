// Files that attack the reader: huge, deep, exploding. Each ends quickly in a problem.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { parsePipeline } from '../../../src/definition/parsePipeline.ts';

function codesOf(text: string): readonly string[] {
  const { pipeline, problems } = parsePipeline(text, 'hostile.yaml');
  assert.equal(pipeline, undefined);
  return problems.map(problem => problem.code);
}

describe('parsePipeline refuses', () => {
  test('a file over 1 MB, by bytes and not by characters, without reading it', () => {
    assert.deepEqual(codesOf(`version: 1\n# ${'x'.repeat(1_000_000)}\n`), ['file-too-large']);
    assert.deepEqual(codesOf(`version: 1\n# ${'ä'.repeat(600_000)}\n`), ['file-too-large']);
  });

  const deep: Readonly<Record<string, string>> = {
    brackets: '['.repeat(400_000),
    braces: '{'.repeat(400_000),
    dashes: `stages:\n  ${'- '.repeat(200_000)}x`,
    questions: '? '.repeat(200_000),
    'closed brackets': `a: ${'['.repeat(61)}${']'.repeat(61)}`,
    'indented keys': Array.from({ length: 300 }, (_, depth) => `${' '.repeat(depth)}a:`).join('\n'),
  };
  for (const [name, text] of Object.entries(deep)) {
    test(`deep nesting with ${name}`, () => {
      assert.deepEqual(codesOf(text), ['too-deep']);
    });
  }

  test('aliases that grow to a million values, as one problem', () => {
    const levels = Array.from(
      { length: 6 },
      (_, level) =>
        `l${level}: &l${level} ` +
        `[${Array.from({ length: 10 }, () => (level === 0 ? 'x' : `*l${level - 1}`)).join(', ')}]`,
    );
    assert.deepEqual(codesOf(`version: 1\nservice: s\nstages: []\n${levels.join('\n')}\n`), ['too-many-values']);
  });

  test('a list of a million empty values, as one problem', () => {
    assert.deepEqual(codesOf(`stages: [${','.repeat(900_000)}]`), ['too-many-values']);
  });

  test('ten thousand different mistakes with a bounded list', () => {
    const { problems } = parsePipeline(
      `version: 1\nservice: s\nstages: ` +
        `[]\n${Array.from({ length: 10_000 }, (_, index) => `x${index}: 1`).join('\n')}\n`,
      'hostile.yaml',
    );
    assert.equal(problems.length, 200);
  });

  test('ten thousand syntax errors with a bounded list', () => {
    assert.ok(codesOf(Array.from({ length: 10_000 }, () => '\ta: "\\q"').join('\n')).length <= 20);
  });
});

describe('parsePipeline reads', () => {
  const good =
    'version: 1\nservice: shop\nenvironments: { dev: { nodes: [n1] } }\nhooks: { go: { command: ' +
    '[go] } }\nstages:\n  - { stage: Dev, environment: dev, steps: [go] }\n';

  test('the same with a byte order mark, with Windows line ends, and without a last line end', () => {
    const { pipeline } = parsePipeline(good, 'a/b/shop.yml');
    assert.equal(pipeline?.name, 'shop');
    for (const text of [`\ufeff${good}`, good.replaceAll('\n', '\r\n'), good.trimEnd(), `---\n${good}...\n`])
      assert.deepEqual(parsePipeline(text, 'a/b/shop.yml').pipeline, pipeline);
  });

  test('numbers in variables as they were written', () => {
    const { pipeline } = parsePipeline(
      `${good}configuration: { variables: { A: 1.10, B: 0x10, C: true, D: 007, E: '', F: 1_000 } }\n`,
      'x.yaml',
    );
    assert.deepEqual(pipeline?.configuration.variables, {
      A: '1.10',
      B: '0x10',
      C: 'true',
      D: '007',
      E: '',
      F: '1_000',
    });
  });

  test('aliases and merge keys, own keys first', () => {
    const { pipeline, problems } = parsePipeline(
      good
        .replace(
          '{ go: { command: [go] } }',
          '{ go: &go { command: [go], timeout: 5m }, other: { <<: *go, timeout: 1m } }',
        )
        .replace('steps: [go]', 'steps: [go, other]'),
      'x.yaml',
    );
    assert.deepEqual(problems, []);
    assert.deepEqual(
      Object.values(pipeline?.hooks ?? {}).map(hook => [hook.name, hook.timeoutMs]),
      [
        ['go', 300_000],
        ['other', 60_000],
      ],
    );
  });
});

test('a credential is never repeated in a problem', () => {
  const secrets = [
    'NRAK-ABCDEFGHIJKLMNOPQRSTUVWXYZ0',
    'hunter2hunter2',
    'ghp_abcdefghijklmnopqrstuvwxyz012345',
    'kT9vLq2xZrMmPp31',
  ];
  const text =
    `version: 1\nservice: [${secrets[0]}]\nstages: 'ghp_abcdefghijklmnopqrstuvwxyz012345'\nconnections:\n  a: ` +
    `{ jenkins: { url: "https://bob:${secrets[1]}@ci.example", credential: ${secrets[0]} } }\n` +
    `  b: { newRelic: { account: ${secrets[2]}, credential: x, region: ${secrets[0]}, token: ` +
    `${secrets[3]} } }\nconfiguration: { variables: { API_TOKEN: ${secrets[3]} } }\n`;
  const { problems } = parsePipeline(text, 'x.yaml');
  assert.ok(problems.length >= 7);
  for (const secret of secrets)
    assert.ok(!JSON.stringify(problems).includes(secret), `${secret} in ${JSON.stringify(problems, null, 1)}`);
});
