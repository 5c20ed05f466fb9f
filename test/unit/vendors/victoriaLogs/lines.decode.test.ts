// Answers of VictoriaLogs, and what a pipeline file may say of it.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { parsePipeline } from '../../../../src/definition/parsePipeline.ts';
import { decodeVictoriaLogsLines, nanosecondsOf } from '../../../../src/vendors/victoriaLogs/lines.decode.ts';

const context = { node: 'host', nodes: JSON.stringify(['web-1', 'web-2']), moment: '0', skipped: 0 };
const decode = (text: string, more = {}) =>
  decodeVictoriaLogsLines(new TextEncoder().encode(text), { ...context, ...more });
const written = (...records: readonly object[]): string => records.map(one => `${JSON.stringify(one)}\n`).join('');

test('each JSON line is a line with its time, node, text, level and id', () => {
  const _time = '2023-01-01T13:32:13.5Z';
  const decoded = decode(
    written(
      { _time, host: 'web-1:9', _msg: 'request failed', severity: 'error', level: '' },
      { _time, host: 'web-1:9', _msg: 'request failed' },
      { _time, host: 'web-3', _msg: 'of another' },
      { _time, _msg: 'of none' },
      { _time, host: 'web-1' },
      { host: 'web-1', _msg: 'no time' },
    ),
  );
  assert.ok(decoded.ok);
  assert.equal(decoded.value.rows, 6);
  const atMs = Date.parse(_time);
  assert.deepEqual(decoded.value.lines, [
    { atMs, node: 'web-1', text: 'ERROR request failed', id: '1672579933500000000/web-1/request failed/0' },
    { atMs, node: 'web-1', text: 'request failed', id: '1672579933500000000/web-1/request failed/1' },
  ]);
});

test('an answer that was cut, is no JSON or has no times is no answer; an empty one has no lines', () => {
  const line = written({ _time: '2023-01-01T13:32:13Z', host: 'web-1', _msg: 'a' });
  const kindOf = (text: string): string => {
    const decoded = decode(text);
    return decoded.ok ? String(decoded.value.rows) : decoded.failure.kind;
  };
  assert.deepEqual(
    ['', line, `${line}${line}`, line.slice(0, 20), `${line}{"_ti`, '<html>\n', written({ hits: '3' })].map(kindOf),
    ['0', '1', '2', 'bad-answer', 'bad-answer', 'bad-answer', 'invalid'],
  );
});

test('times of any precision are nanoseconds, in their order', () => {
  assert.equal(nanosecondsOf('2023-01-01T13:32:13Z'), '1672579933000000000');
  assert.equal(nanosecondsOf('2023-01-01T13:32:13.000000001Z'), '1672579933000000001');
  for (const wrong of ['', '2023-01-01', '2023-13-01T00:00:00Z', '2023-01-01T13:32:13+01:00', '1672579933'])
    assert.equal(nanosecondsOf(wrong), undefined, wrong);
  fc.assert(
    fc.property(fc.bigInt({ min: 1_000_000_000n, max: 2n ** 62n }), ns => {
      const seconds = new Date(Number(ns / 1_000_000_000n) * 1000).toISOString().slice(0, 19);
      const places = String(ns % 1_000_000_000n).padStart(9, '0');
      assert.equal(nanosecondsOf(`${seconds}.${places}Z`), String(ns));
    }),
  );
});

test('whatever is sent, there is a failure or lines with a time, a node and a text', () => {
  const part = fc.oneof(fc.anything(), fc.constantFrom('2023-01-01T13:32:13Z', 'web-1'));
  const record = fc.record({ _time: part, host: part, _msg: part, level: part }, { requiredKeys: [] });
  fc.assert(
    fc.property(fc.array(record), records => {
      const decoded = decode(written(...records));
      for (const { atMs, node, text } of decoded.ok ? decoded.value.lines! : [])
        assert.ok(Number.isFinite(atMs) && node === 'web-1' && text !== '');
    }),
  );
  fc.assert(
    fc.property(fc.uint8Array(), bytes => {
      assert.doesNotThrow(() => decodeVictoriaLogsLines(bytes, context));
    }),
  );
});

test('a pipeline file names a source and a tenant', () => {
  const parse = (keys: string, connection = '') =>
    parsePipeline(
      `version: 1
service: shop
connections:
  logs: { victoriaLogs: { url: http://127.0.0.1:9428${connection} } }
environments:
  production: { nodes: [web-1, web-2] }
hooks:
  deploy: { command: [./deploy.sh] }
healthSources:
  quality: { victoriaLogs: { connection: logs, ${keys} } }
stages:
  - { stage: Production, environment: production, steps: [deploy] }
`,
      'shop.yaml',
    );
  const { pipeline, problems } = parse(`query: '{app="shop"}', node: kubernetes.pod_name`, `, tenant: '12:34'`);
  assert.deepEqual(problems, []);
  assert.deepEqual(pipeline?.connections['logs']?.options, { account: '12:34' });
  const source = pipeline.healthSources['quality'];
  assert.deepEqual([source?.nodeAttribute, source?.options], ['kubernetes.pod_name', { query: '{app="shop"}' }]);
  assert.deepEqual(
    parse(`query: x`, ', tenant: shop').problems.map(({ code }) => code),
    ['wrong-form'],
  );
  assert.deepEqual(
    parse(`query: x, nodePattern: 'a'`).problems.map(({ code }) => code),
    ['bad-pattern'],
  );
});
