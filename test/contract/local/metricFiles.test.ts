// Files with the values of metrics as a health source.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { MetricPoint } from '../../../src/model/evidence/evidence.ts';
import { at, setStage } from './stage.ts';

const table = (points: readonly MetricPoint[], startMs: number): readonly unknown[] =>
  points
    .filter(({ value }) => value !== null)
    .map(({ metric, node, atMs, value }) => [metric, node, (atMs - startMs) / 1_000, value]);

test('JSON lines with one value each, in intervals', async context => {
  const stage = setStage(
    context,
    "{ files: { file: 'metrics/{node}.jsonl', metrics: { latency: { unit: ms }, requests: { kind: count }, " +
      'errors: { series: \'failed{code=~"5.."}\', kind: count, per: requests } } } }',
  );
  const startMs = stage.now - 60_000;
  const row = (afterMs: number, name: string, value: number, more = {}): string =>
    `${JSON.stringify({ name, value, time: at(startMs + afterMs), ...more })}\n`;
  stage.write(
    'metrics/node-1.jsonl',
    row(1_000, 'latency', 10) +
      row(2_000, 'latency', 20) +
      row(3_000, 'requests', 5) +
      row(4_000, 'requests', 6) +
      row(12_000, 'requests', 7) +
      row(13_000, 'failed', 1, { code: 503 }) +
      row(14_000, 'failed', 9, { code: 404 }) +
      'not JSON\n{"name":"latency"}\n',
  );
  const { points, failure } = await stage.read({ fromMs: startMs });
  assert.deepEqual(failure, undefined);
  assert.deepEqual(table(points, startMs), [
    ['latency', 'node-1', 0, 15],
    ['requests', 'node-1', 0, 11],
    ['requests', 'node-1', 10, 7],
    ['errors', 'node-1', 0, 0],
    ['errors', 'node-1', 10, 1],
  ]);
});

test('a table with a column for each metric, and the names of the nodes in another', async context => {
  const stage = setStage(
    context,
    "{ files: { file: metrics.csv, keys: { time: when, node: host }, metrics: { cpu: { series: 'CPU %' }, " +
      'served: { kind: cumulative } } } }',
  );
  const startMs = stage.now - 60_000;
  const rows = [
    [1_000, 'node-1', 50, 100],
    [1_000, 'node-2', 10, 5],
    [11_000, 'node-1', 60, 130],
    [21_000, 'node-1', 70, 4],
  ] as const;
  stage.write(
    'metrics.csv',
    `when,host,"CPU %",served\n${rows.map(([after, ...rest]) => [startMs + after, ...rest].join(',')).join('\n')}\n`,
  );
  const { points } = await stage.read({ fromMs: startMs });
  assert.deepEqual(table(points, startMs), [
    ['cpu', 'node-1', 0, 50],
    ['cpu', 'node-1', 10, 60],
    ['cpu', 'node-1', 20, 70],
    ['served', 'node-1', 10, 30],
    ['served', 'node-1', 20, 4],
    ['cpu', 'node-2', 0, 10],
  ]);
});

test('the end of a long table is read with its header', async context => {
  const stage = setStage(context, "{ files: { file: '{node}.csv', metrics: { cpu: {} } } }");
  const rows = Array.from({ length: 50_000 }, (_, k) => `${at(stage.now - (50_000 - k) * 1_000)},${k}`);
  stage.write('node-1.csv', `time,cpu\n${rows.join('\n')}\n`);
  const { points, summary } = await stage.read({ fromMs: stage.now - 20_000 });
  assert.ok((summary?.queries[0]?.bytes ?? Infinity) < 300_000);
  assert.deepEqual(
    points.slice(-2).map(({ value }) => value),
    [49_984.5, 49_994.5],
  );
});

test('a file that has no time, or is not there, is a failure', async context => {
  const stage = setStage(context, "{ files: { file: '{node}.jsonl', metrics: { cpu: {} } } }");
  assert.match((await stage.read()).failure?.message ?? '', /no file is named \{node\}\.jsonl/);
  stage.write('node-1.jsonl', '{"cpu":1}\n');
  assert.match((await stage.read()).failure?.message ?? '', /node-1\.jsonl: no row has a value, and a time under/);
});
