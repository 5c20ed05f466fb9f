// Logs of more lines than are read: when a source counts them itself, which windows it is asked for, and that lines and
// counts are never compared.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { AnalysisSettings, Decode, EvidencePage, Look } from '../../../../src/model/evidence/analysis.ts';
import type { CountedGroup, CountedWindow } from '../../../../src/model/evidence/counts.ts';
import type { LogsCheck } from '../../../../src/model/evidence/verdict.ts';
import { fail, succeed } from '../../../../src/model/failure.ts';
import type { CountRequest, HealthSources, LineCounter } from '../../../../src/model/ports.ts';
import { createReader } from '../../../../src/verify/reading/reader.ts';
import { createEvidenceSession } from '../../../../src/verify/session.ts';
import { settings, sinceMs, source } from './oneSource.ts';

const signal = new AbortController().signal;

interface World {
  linesPerSecond: number;
  isDown?: boolean;
  /** In seconds since the canary began; part and window of what was counted, or only the window of what was read. */
  readonly asked: string[];
}

function startReader(world: World, change: Partial<AnalysisSettings> = {}) {
  const seconds = (fromMs: number, toMs: number) => `${(fromMs - sinceMs) / 1000} to ${(toMs - sinceMs) / 1000}`;
  const counter: LineCounter = {
    probe({ nodes, fromMs, toMs }) {
      const lines = (world.linesPerSecond * (toMs - fromMs)) / 1000 / nodes.length;
      const paces = nodes.map(node => ({ node, lines, firstMs: fromMs, newestMs: toMs - 1 }));
      return Promise.resolve(succeed({ paces, queries: [] }));
    },
    count({ part, fromMs, toMs, canaryNodes }: CountRequest) {
      if (world.isDown) return Promise.resolve(fail('unreachable', 'It is down.'));
      world.asked.push(`${part} of ${canaryNodes.join()}: ${seconds(fromMs, toMs)}`);
      return Promise.resolve(succeed({ queries: [] }));
    },
  };
  const healthSources: HealthSources = {
    describe: () => [],
    counterOf: () => counter,
    read({ fromMs, toMs }) {
      if (world.isDown) return Promise.resolve(fail('unreachable', 'It is down.'));
      world.asked.push(seconds(fromMs, toMs));
      return Promise.resolve(succeed({ queries: [] }));
    },
  };
  const session = { ingest: () => Promise.resolve(succeed({ rows: 0 })) } as never;
  const connection = { vendor: 'v', url: 'http://x' } as never;
  const task = { settings: { ...settings, ...change }, sources: [], feedback: () => [], onLook: () => undefined };
  return createReader(task, { source, connection }, session, healthSources);
}

test('few lines are read, and what is read again does not count as more of them', async () => {
  const world: World = { linesPerSecond: 5, asked: [] };
  const reader = startReader(world);
  for (const second of [0, 30, 60]) await reader.read(sinceMs + second * 1000, signal);
  assert.deepEqual(world.asked, ['-60 to 0', '-10 to 30', '20 to 60']);
  assert.equal(reader.counted(), undefined);
});

test('lines whose read failed do not count twice', async () => {
  const world: World = { linesPerSecond: 10, isDown: true, asked: [] };
  const reader = startReader(world);
  for (const second of [0, 1, 2]) await reader.read(sinceMs + second * 1000, signal);
  world.isDown = false;
  await reader.read(sinceMs + 3_000, signal);
  assert.deepEqual(world.asked, ['-60 to 3']);
});

test('more lines are counted from the first one on: what is over once, what may still get lines again', async () => {
  const world: World = { linesPerSecond: 100, asked: [] };
  const reader = startReader(world);
  for (const second of [-5, 10, 40, 70, 80]) await reader.read(sinceMs + second * 1000, signal);
  assert.deepEqual(world.asked, [
    'before of : -60 to -10',
    'sides of c: 0 to 10',
    'sides of c: 0 to 40',
    'sides of c: 0 to 60',
    'sides of c: 60 to 70',
    'sides of c: 60 to 80',
  ]);
  assert.equal(reader.counted()?.mostLines, 1_000);
});

test('a source that becomes too busy is counted as a whole, and its lines are read no more', async () => {
  const world: World = { linesPerSecond: 5, asked: [] };
  const reader = startReader(world);
  await reader.read(sinceMs, signal);
  world.linesPerSecond = 1_000;
  await reader.read(sinceMs + 20_000, signal);
  world.linesPerSecond = 1;
  await reader.read(sinceMs + 30_000, signal);
  assert.deepEqual(world.asked, ['-60 to 0', 'before of : -60 to -10', 'sides of c: 0 to 20', 'sides of c: 0 to 30']);
});

test('what comes after the decision is not counted, and a count that failed is missing until it comes', async () => {
  const world: World = { linesPerSecond: 1_000, isDown: true, asked: [] };
  const reader = startReader(world);
  await reader.read(sinceMs + 20_000, signal);
  assert.equal(reader.missing(), 'It is down.');
  world.isDown = false;
  await reader.read(sinceMs + 30_000, signal, sinceMs + 24_000);
  assert.deepEqual(world.asked, ['before of : -60 to -10', 'sides of c: 0 to 24']);
  assert.equal(reader.missing(), undefined);
});

test('values that a pipeline watches are in the lines alone, which are read however many there are', async () => {
  const world: World = { linesPerSecond: 1_000, asked: [] };
  await startReader(world, { values: { watch: ['exit code'], ignore: [] } }).read(sinceMs, signal);
  assert.deepEqual(world.asked, ['-60 to 0']);
});

const decode: Decode = (_, context) =>
  succeed({ rows: 1, ...(JSON.parse(String(context['said'])) as { counts: CountedWindow }) });

function pageOf(said: object): EvidencePage {
  return { source: 'logs', decoder: 'd', bytes: new Uint8Array(), context: { said: JSON.stringify(said) } };
}

/** Of so many lines on each side, one a second. */
function groupOf(text: string, canary: number, baseline: number): CountedGroup {
  const side = (node: string, lines: number) => ({
    lines,
    ...(lines > 0 && { sample: text }),
    slices: Array.from({ length: lines }, (_, i) => [sinceMs + i * 1000, 1] as const),
    nodes: { [node]: lines },
  });
  return { canary: side('c', canary), baseline: side('b', baseline) };
}

function lookAt(windows: readonly CountedWindow[], lines: readonly object[] = []): LogsCheck {
  const session = createEvidenceSession(settings, { d: decode }, text => text);
  assert.ok(session.ingest(pageOf({ lines })).ok);
  for (const counts of windows) assert.ok(session.ingest(pageOf({ counts })).ok);
  const paces = ['c', 'b'].map(node => ({ node, lines: 200, firstMs: sinceMs, newestMs: sinceMs + 200_000 }));
  const look: Look = {
    atMs: sinceMs + 200_000,
    unread: {},
    partial: {},
    final: true,
    counted: { logs: { mostLines: 1_000, paces } },
  };
  return session.look(look).checks[0] as LogsCheck;
}

const windowOf = (groups: readonly CountedGroup[], change: Partial<CountedWindow> = {}): CountedWindow => ({
  part: 'sides',
  fromMs: sinceMs,
  toMs: sinceMs + 200_000,
  sliceMs: 1000,
  total: groups.reduce((sum, { canary, baseline }) => sum + canary.lines + baseline.lines, 0),
  groups,
  ...change,
});
const usual = groupOf('INFO order 12 is done', 190, 195),
  fresh = groupOf('ERROR OutOfStockException: no item 4 left', 9, 0);
const unknownOf = ({ clusters }: LogsCheck) =>
  clusters.filter(one => one.class === 'unknown').map(one => [one.template, one.canaryCount]);

test('counts are judged as lines are, replace those of the same window, and the verdict says so', () => {
  const healthy = lookAt([windowOf([usual, fresh]), windowOf([usual])]);
  assert.deepEqual([healthy.outcome, unknownOf(healthy)], ['pass', []]);
  const bad = lookAt([windowOf([usual]), windowOf([fresh], { fromMs: sinceMs + 100_000 })]);
  assert.deepEqual([bad.outcome, unknownOf(bad)], ['fail', [['OutOfStockException: no item <*> left', 9]]]);
  assert.deepEqual(bad.reasons.at(-1), {
    code: 'counted-by-source',
    values: { source: 'logs', lines: 394, clusters: 2, mostLines: 1_000 },
  });
});

test('what the time before has is known', () => {
  const before = { part: 'before', fromMs: sinceMs - 60_000, toMs: sinceMs - 10_000 } as const;
  const known = groupOf('ERROR OutOfStockException: no item 4 left', 0, 3);
  assert.deepEqual(unknownOf(lookAt([windowOf([known], before), windowOf([usual, fresh])])), []);
});

test('lines that were read before are not compared with counts', () => {
  const atMs = sinceMs + 5_000;
  const lines = ['c', 'b'].map(node => ({ node, atMs, text: 'ERROR of a line that was read' }));
  const check = lookAt([windowOf([usual])], lines);
  assert.deepEqual([check.canaryLines, check.baselineLines, check.clusters.length], [190, 195, 1]);
});

test('groups that were left out are missing evidence: no pass', () => {
  const check = lookAt([windowOf([usual], { total: 1_000 })]);
  assert.equal(check.outcome, 'inconclusive');
  assert.deepEqual(check.reasons[0], { code: 'partial', values: { source: 'logs', read: 385, total: 1_000 } });
});
