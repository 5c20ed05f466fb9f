// Values that a pipeline names: a new one that matters is an event, a new one that never matters is none.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { LogsCheck } from '../../../../src/model/evidence/verdict.ts';
import type { NamedValues } from '../../../../src/model/pipeline.ts';
import { createLogAnalysis } from '../../../../src/verify/logs/logAnalysis.ts';
import { createValueReader } from '../../../../src/verify/logs/text/namedValues.ts';
import { startMs } from './synthetic.ts';

const none: NamedValues = { watch: [], ignore: [] };

function compare(baseline: (i: number) => string, canary: (i: number) => string, values: NamedValues): LogsCheck {
  const analysis = createLogAnalysis({ sensitivity: 'medium', trafficRatio: 1, baselineKind: 'existing', values });
  const linesOf = (node: string, text: (i: number) => string) =>
    Array.from({ length: 200 }, (_, i) => ({ node, atMs: startMs + i * 1000, text: text(i) }));
  analysis.add(linesOf('web-1', baseline), 'baseline');
  analysis.add(linesOf('web-2', canary), 'canary');
  return analysis.assess({
    name: 'logs',
    source: 'files',
    atMs: startMs + 200_000,
    canarySinceMs: startMs,
    minimumMs: 0,
  });
}

const forms: readonly (readonly [string, (code: number, i: number) => string])[] = [
  ['a sentence', (code, i) => `INFO worker ${i} stopped with signal ${code} after ${i} ms`],
  ['logfmt', (code, i) => `level=info msg="worker stopped" worker=${i} signal=${code}`],
  ['JSON', (code, i) => JSON.stringify({ level: 'info', msg: 'worker stopped', worker: i, signal: code })],
];

for (const [form, line] of forms) {
  const healthy = (i: number) => line(i % 2, i),
    killed = (i: number) => line(i % 30 === 7 ? 137 : i % 2, i);

  test(`a watched value that the reference never had is an error: ${form}`, () => {
    const watched = compare(healthy, killed, { ...none, watch: ['signal'] });
    assert.equal(watched.outcome, 'fail');
    assert.deepEqual(
      watched.clusters
        .filter(one => one.class === 'unknown')
        .map(({ severity, canaryCount, template }) => [severity, canaryCount, /⟨signal: 137⟩$/.test(template)]),
      [['error', 7, true]],
    );
  });

  test(`a number that nobody watches is a parameter: ${form}`, () => {
    assert.equal(compare(healthy, killed, none).outcome, 'pass');
  });

  test(`watched values that both sides have are known: ${form}`, () => {
    const check = compare(healthy, healthy, { ...none, watch: ['signal'] });
    assert.equal(check.outcome, 'pass');
    assert.equal(check.clusters.length, 2);
  });
}

test('a new word where values never matter is no event', () => {
  const line = (tenant: string) => (i: number) => `ERROR lease of tenant ${tenant} ended early at ${i}`,
    [before, after] = [line('contoso'), line('fabrikam')];
  assert.equal(compare(before, after, none).outcome, 'fail');
  assert.equal(compare(before, after, { ...none, ignore: ['tenant'] }).outcome, 'pass');
});

test('a name finds its values in every way of writing it, and nothing else', () => {
  const reader = createValueReader({ watch: ['exit code'], ignore: [] })!;
  for (const line of ['exit code 7', 'exit_code=7', '"exitCode": 7', 'Exit-Code: "7"', 'EXIT.CODE=7', 'exit code is 7'])
    assert.deepEqual(reader.watched(line), ['exit code: 7'], line);
  for (const line of ['exit codes 7', 'preexit code 7', 'exit of code 7', 'exit code', 'exit code=""'])
    assert.deepEqual(reader.watched(line), [], line);
  assert.equal(createValueReader(none), undefined);
});
