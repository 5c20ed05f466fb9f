// LogQL is narrowed to the nodes in its selector or behind its stages, and stays what it was otherwise.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { endOfSelector, narrowToNodes, selectorOf } from '../../../../src/vendors/loki/logQl.ts';
import { scanStamps } from '../../../../src/vendors/transport/stamps.ts';
import type { LokiSource } from '../../../../src/vendors/loki/options.ts';
import { parsePipeline } from '../../../../src/definition/parsePipeline.ts';

const sourceOf = (query: string, more: Partial<LokiSource['options']> = {}): LokiSource => ({
  kind: 'logs',
  vendor: 'loki',
  name: 'logs',
  connection: 'loki',
  nodeAttribute: 'host',
  delayMs: 0,
  options: { query, nodeIn: 'stream', ...more },
});
const nodes = ['web-1', 'web-2.example.com'];
const matcher = 'host=~`(?:web-1|web-2\\.example\\.com)(?::[0-9]{1,5})?`';

test('the nodes become a matcher of the selector, whatever stands in its texts and behind it', () => {
  for (const [query, narrowed] of [
    ['{app="shop"}', `{app="shop", ${matcher}}`],
    [' {app="shop", } |= "}"', `{app="shop",${matcher}} |= "}"`],
    ['{}', `{${matcher}}`],
    ['{app=~"a\\"}b", x=`}"`} | json | y="}"', `{app=~"a\\"}b", x=\`}"\`, ${matcher}} | json | y="}"`],
  ] as const)
    assert.equal(narrowToNodes(sourceOf(query), nodes), narrowed);
  assert.equal(narrowToNodes(sourceOf('{a="b"} | json', { nodeIn: 'line' }), nodes), `{a="b"} | json | ${matcher}`);
  assert.equal(narrowToNodes(sourceOf('{a="b"}', { nodePattern: '(.*)-x' }), nodes), '{a="b"}');
  assert.equal(selectorOf(' {a="}"} |= "x"'), '{a="}"}');
  for (const query of ['rate({a="b"}[1m])', '{a="b"', '', '{a="}'])
    assert.equal(endOfSelector(query), undefined, query);
});

test('the matcher fits a node with or without a port, and nothing else', () => {
  const name = fc.stringMatching(/^[A-Za-z0-9_][A-Za-z0-9._:@-]{0,20}$/);
  fc.assert(
    fc.property(fc.array(name, { minLength: 1, maxLength: 4 }), name, (known, other) => {
      const pattern = /`(.*)`/.exec(narrowToNodes(sourceOf('{a="b"}'), known))![1]!;
      const fits = (text: string): boolean => new RegExp(`^(?:${pattern})$`).test(text);
      for (const node of known) assert.ok(fits(node) && fits(`${node}:9100`));
      assert.equal(fits(other), known.includes(other) || known.includes(other.replace(/:[0-9]{1,5}$/, '')));
    }),
  );
});

test('lines and the newest time are found in the bytes as by parsing them', () => {
  const text = fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom('["123","', '[', '["9","x"]', '\\["1",'));
  const stamp = fc.bigInt({ min: 1n, max: 2n ** 63n }).map(String);
  const stream = fc.record({
    stream: fc.dictionary(text, text),
    values: fc.array(fc.oneof(fc.tuple(stamp, text), fc.tuple(stamp, text, fc.dictionary(text, text)))),
  });
  fc.assert(
    fc.property(fc.array(stream), fc.constantFrom(undefined, 2), (result, space) => {
      const bytes = Buffer.from(
        JSON.stringify({ status: 'success', data: { resultType: 'streams', result } }, null, space),
      );
      const stamps = result.flatMap(({ values }) => values.map(([ns]) => BigInt(ns)));
      assert.deepEqual(scanStamps(new Uint8Array(bytes)), {
        lines: stamps.length,
        newestNs: stamps.reduce((most, one) => (one > most ? one : most), 0n),
      });
    }),
  );
});

test('a pipeline file names a source of Loki; a metric query is a mistake', () => {
  const parse = (keys: string) =>
    parsePipeline(
      `version: 1
service: shop
connections:
  logs: { loki: { url: http://127.0.0.1:3100 } }
environments:
  production: { nodes: [web-1, web-2] }
hooks:
  deploy: { command: [./deploy.sh] }
healthSources:
  quality: { loki: { connection: logs, ${keys} } }
stages:
  - { stage: Production, environment: production, steps: [deploy] }
`,
      'shop.yaml',
    );
  const { pipeline, problems } = parse(`query: '{app="shop"}', node: pod, nodeIn: line, nodePattern: '(.*)-x'`);
  assert.deepEqual(problems, []);
  assert.deepEqual(pipeline?.healthSources['quality']?.options, {
    query: '{app="shop"}',
    nodeIn: 'line',
    nodePattern: '(.*)-x',
  });
  const codes = (keys: string) => parse(keys).problems.map(({ code }) => code);
  assert.deepEqual(codes(`query: 'rate({app="shop"}[1m])'`), ['wrong-form']);
  assert.deepEqual(codes(`query: '{app="shop"}', nodePattern: 'a'`), ['bad-pattern']);
});
