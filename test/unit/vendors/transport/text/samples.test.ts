// Values of metrics in the forms in which programs and files tell them, and the series that a metric is made of.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { compileSelector, parseSelector } from '../../../../../src/model/file/seriesSelector.ts';
import { pointsOfSamples, type DatedSample } from '../../../../../src/vendors/transport/text/samplePoints.decode.ts';
import { readSamples, readTable, readTextSamples } from '../../../../../src/vendors/transport/text/samples.decode.ts';

const keys = { name: 'name', value: 'value', time: 'time', node: 'node' };
const clock = { zone: 'utc', nowMs: Date.UTC(2026, 0, 30, 12) } as const;
const plain = ({ samples, ...counts }: ReturnType<typeof readSamples>) => ({
  ...counts,
  samples: samples.map(({ labels, ...sample }) => ({ ...sample, labels: Object.fromEntries(labels) })),
});

test('the text format of Prometheus and OpenMetrics', () => {
  const text = `# HELP http_requests_total The total number.
# TYPE http_requests_total counter
http_requests_total{method="post",code="200"} 1027 1769774400000
http_requests_total { path="C:\\\\DIR\\n\\"x\\"" , } 3
# TYPE up gauge
up 1
weird NaN
lat_bucket{le="+Inf"} 7 # {trace_id="a"} 0.5
broken{code="200" 5
load 0.5 2026-01-30T12:00:00Z
`;
  assert.deepEqual(plain(readTextSamples(text, clock)), {
    rows: 7,
    skipped: 2,
    samples: [
      {
        name: 'http_requests_total',
        value: 1027,
        atMs: 1_769_774_400_000,
        isCounter: true,
        labels: { method: 'post', code: '200' },
      },
      { name: 'http_requests_total', value: 3, isCounter: true, labels: { path: 'C:\\DIR\n"x"' } },
      { name: 'up', value: 1, labels: {} },
      { name: 'lat_bucket', value: 7, labels: { le: '+Inf' } },
      { name: 'load', value: 0.5, atMs: Date.UTC(2026, 0, 30, 12), labels: {} },
    ],
  });
});

test('JSON as a list or in lines, with a name and a value or a key for each metric', () => {
  const rows = [
    { name: 'cpu', value: '7.5', time: 1_769_774_400, code: 500 },
    { time: '2026-01-30T12:00:00Z', cpu: 1, memory: 2, node: 3, zone: 'eu' },
    { name: 'cpu' },
    null,
  ];
  const samples = [
    { name: 'cpu', value: 7.5, atMs: 1_769_774_400_000, labels: { code: '500' } },
    { name: 'cpu', value: 1, atMs: Date.UTC(2026, 0, 30, 12), labels: { node: '3', zone: 'eu' } },
    { name: 'memory', value: 2, atMs: Date.UTC(2026, 0, 30, 12), labels: { node: '3', zone: 'eu' } },
    { name: 'node', value: 3, atMs: Date.UTC(2026, 0, 30, 12), labels: { node: '3', zone: 'eu' } },
  ];
  assert.deepEqual(plain(readSamples(JSON.stringify(rows), keys, clock)).samples, samples);
  assert.deepEqual(plain(readSamples(rows.map(row => JSON.stringify(row)).join('\n'), keys, clock)).samples, samples);
});

test('a table with quoted fields, and with semicolons', () => {
  const table = '\ufefftime;name;value;note\r\n1769774400;"the ""load""";3;"a;b"\r\n';
  assert.deepEqual(plain(readTable(table, keys, clock)).samples, [
    { name: 'the "load"', value: 3, atMs: 1_769_774_400_000, labels: { note: 'a;b' } },
  ]);
});

test('whatever is told, reading it ends', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 500 }), text => {
      for (const read of [readSamples, readTable])
        for (const { value } of read(text, keys, clock).samples) assert.ok(Number.isFinite(value));
    }),
  );
});

test('labels of any text come back as they were', () => {
  const label = fc.string({ unit: 'grapheme', maxLength: 20 });
  fc.assert(
    fc.property(label, fc.double({ noNaN: true, noDefaultInfinity: true }), (text, value) => {
      const quoted = text.replace(/[\\"]/g, sign => `\\${sign}`).replaceAll('\n', '\\n');
      const [sample] = readTextSamples(`a{b="${quoted}"} ${value}\n`, clock).samples;
      assert.deepEqual([sample?.labels.get('b'), sample?.value], [text, value || 0]);
    }),
  );
});

test('a selector takes series by name and labels, and says what is wrong with it', () => {
  const is = (selector: string, labels: Record<string, string>): boolean =>
    compileSelector(selector)('r', new Map(Object.entries(labels)));
  assert.deepEqual(
    [
      is('r', { code: '500' }),
      is('r{code="500"}', { code: '500' }),
      is('r{code=~"5.."}', { code: '404' }),
      is('r{code!~"5..", method="GET"}', { code: '404', method: 'GET' }),
      is('r{code!="200"}', {}),
      is('other', {}),
    ],
    [true, true, false, true, true, false],
  );
  const mistakeOf = (selector: string): string => {
    const parsed = parseSelector(selector);
    return 'mistake' in parsed ? parsed.mistake : 'none';
  };
  assert.match(mistakeOf('r{code=500}'), /in quotes/);
  assert.match(mistakeOf('r{code="5"'), /in braces/);
  assert.match(mistakeOf('r{code=~"("}'), /does not compile/);
  assert.match(mistakeOf('r{code=~"(a+)+"}'), /exponential/);
});

const minute = { fromMs: 0, toMs: 60_000, intervalMs: 10_000 };
const metric = { series: 's', rollup: 'sum', name: 'm' } as const;
const sample = (seconds: number, value: number, more: Partial<DatedSample> = {}): DatedSample => ({
  ...{ name: 's', labels: new Map(), node: 'a', atMs: seconds * 1_000, value },
  ...more,
});
const values = (samples: readonly DatedSample[], kind: 'gauge' | 'count' | 'counter') =>
  pointsOfSamples(samples, [{ ...metric, kind }], minute)
    .filter(({ value }) => value !== null)
    .map(({ atMs, value }) => [atMs / 1_000, value]);

test('a series that a reading of everything did not have yet began at zero; one of a file did not', () => {
  const other = (seconds: number) => sample(seconds, 1, { name: 'other', isStanding: true });
  const appears = [other(5), other(15), other(25), sample(25, 7, { isStanding: true })];
  assert.deepEqual(values(appears, 'counter'), [[20, 7]]);
  assert.deepEqual(values([sample(5, 1, { name: 'other' }), sample(25, 7_000)], 'counter'), []);
});

test('of the newest interval, what its own readings tell is known', () => {
  const standing = { isStanding: true };
  assert.deepEqual(values([sample(21, 100, standing), sample(22, 103, standing)], 'count'), [[20, 3]]);
});

test('counters lose nothing and invent nothing, wherever they begin anew', () => {
  const steps = fc.array(fc.integer({ min: 0, max: 1_000 }), { minLength: 6, maxLength: 6 });
  fc.assert(
    fc.property(steps, fc.integer({ min: 1, max: 5 }), (added, restart) => {
      let standing = 5_000;
      const samples = added.map((step, k) => {
        standing = k === restart ? step : standing + step;
        return sample(k * 10 + 5, standing);
      });
      assert.deepEqual(
        values(samples, 'counter'),
        added.slice(1).map((step, k) => [(k + 1) * 10, step]),
      );
    }),
  );
});
