// Answers of ClickHouse, and what a pipeline file may say of it.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { parsePipeline } from '../../../../src/definition/parsePipeline.ts';
import { decodeClickHouseLines } from '../../../../src/vendors/clickHouse/lines.decode.ts';

const decode = (answer: unknown, context = {}) =>
  decodeClickHouseLines(new TextEncoder().encode(JSON.stringify(answer)), context);

test('each row is a line with its time, node, text, level and id', () => {
  const decoded = decode({
    data: [
      ['1795409389448468250', 'web-1', 'request failed', 'Error'],
      ['1795409389448468250', 'web-1', 'request failed', ''],
      ['1795409389448468250', '', 'no node'],
      ['1795409389448468250', 'web-1', ''],
      [1, 'web-1', 'no time'],
      'x',
    ],
  });
  assert.ok(decoded.ok);
  assert.equal(decoded.value.rows, 6);
  assert.deepEqual(decoded.value.lines, [
    {
      atMs: 1_795_409_389_448,
      node: 'web-1',
      text: 'ERROR request failed',
      id: '1795409389448468250/web-1/request failed/0',
    },
    {
      atMs: 1_795_409_389_448,
      node: 'web-1',
      text: 'request failed',
      id: '1795409389448468250/web-1/request failed/1',
    },
  ]);
});

test('pages that overlap, or skip what came of a moment, give every line once', () => {
  const line = fc.tuple(fc.integer({ min: 0, max: 5 }), fc.constantFrom('web-1', 'web-2'), fc.constantFrom('a', 'b'));
  fc.assert(
    fc.property(fc.array(line, { maxLength: 60 }), fc.integer({ min: 1, max: 12 }), (unordered, limit) => {
      const all = unordered.toSorted((one, other) => (JSON.stringify(one) < JSON.stringify(other) ? -1 : 1));
      const ids = new Set<string>();
      const momentOf = (ns: number): string => `179540938944846825${ns}`;
      for (let from = -1, skipped = 0; ;) {
        const page = all.filter(([ns]) => ns >= from).slice(skipped, skipped + limit);
        const data = page.map(([ns, node, text]) => [momentOf(ns), node, text]);
        const decoded = decode({ data }, { moment: momentOf(from), skipped });
        assert.ok(decoded.ok);
        for (const { id } of decoded.value.lines!) ids.add(id!);
        if (page.length < limit) break;
        const newest = page.at(-1)![0];
        [from, skipped] = newest > from ? [newest, 0] : [from, skipped + limit];
      }
      assert.equal(ids.size, all.length);
    }),
  );
});

test('whatever is sent, there is a failure or lines with a time, a node and a text', () => {
  const part = fc.oneof(fc.anything(), fc.constantFrom('1795409389448468250', 'web-1'));
  fc.assert(
    fc.property(fc.array(fc.oneof(fc.array(part), fc.anything())), data => {
      const decoded = decode({ data });
      assert.ok(decoded.ok);
      for (const { atMs, node, text } of decoded.value.lines!)
        assert.ok(Number.isFinite(atMs) && node !== '' && text !== '');
    }),
  );
  fc.assert(
    fc.property(fc.uint8Array(), bytes => {
      assert.doesNotThrow(() => decodeClickHouseLines(bytes, {}));
    }),
  );
});

test('a pipeline file names a table by its columns; what is no name is a mistake', () => {
  const parse = (keys: string, connection = '') =>
    parsePipeline(
      `version: 1
service: shop
connections:
  logs: { clickHouse: { url: http://127.0.0.1:8123${connection} } }
environments:
  production: { nodes: [web-1, web-2] }
hooks:
  deploy: { command: [./deploy.sh] }
healthSources:
  quality: { clickHouse: { connection: logs, ${keys} } }
stages:
  - { stage: Production, environment: production, steps: [deploy] }
`,
      'shop.yaml',
    );
  const { pipeline, problems } = parse('table: otel_logs, level: SeverityText', ', database: otel, credential: house');
  assert.deepEqual(problems, []);
  assert.deepEqual(pipeline?.connections['logs'], {
    vendor: 'clickHouse',
    url: 'http://127.0.0.1:8123',
    credential: 'house',
    options: { database: 'otel' },
  });
  const source = pipeline?.healthSources['quality'];
  assert.deepEqual(
    [source?.nodeAttribute, source?.options],
    ["ResourceAttributes['host.name']", { table: 'otel_logs', time: 'Timestamp', text: 'Body', level: 'SeverityText' }],
  );
  const codes = (keys: string) => parse(keys).problems.map(({ code }) => code);
  assert.deepEqual(codes('table: a.b, time: now()'), ['wrong-form']);
  assert.deepEqual(codes('table: a.b; DROP TABLE a'), ['wrong-form']);
});
