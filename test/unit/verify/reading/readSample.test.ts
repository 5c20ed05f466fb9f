// Logs of more lines than are read, where nobody counts them: a sample in time, the same for both sides.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { AnalysisSettings, Decode, Look } from '../../../../src/model/evidence/analysis.ts';
import type { LogLine } from '../../../../src/model/evidence/evidence.ts';
import { slicesOf, type SampledSource } from '../../../../src/model/evidence/sampling.ts';
import type { LogsCheck } from '../../../../src/model/evidence/verdict.ts';
import { fail, succeed, type FailureKind } from '../../../../src/model/failure.ts';
import type { HealthSources, LineCounter } from '../../../../src/model/ports.ts';
import { createReader } from '../../../../src/verify/reading/reader.ts';
import { createEvidenceSession } from '../../../../src/verify/session.ts';
import { createSliceEdges } from '../../../../src/verify/sliceEdges.ts';
import { settings as anySettings, sinceMs, source as anySource } from './oneSource.ts';

const settings: AnalysisSettings = { ...anySettings, beforeFromMs: sinceMs - 300_000, beforeToMs: sinceMs };
const source = { ...anySource, mostLines: 6_000 };
const signal = new AbortController().signal;

interface World {
  linesPerSecond: number;
  /** Where a read fails, in seconds since the canary began. */
  brokenFrom?: number;
  /** Absent: there is no counter, or a slow one that counts. */
  readonly refusal?: FailureKind;
  readonly isSlow?: boolean;
  /** In seconds since the canary began. */
  readonly asked: (readonly [from: number, to: number])[];
}

function startReader(world: World) {
  const counter: LineCounter = {
    probe: ({ fromMs, toMs }) => {
      const paces = [{ node: 'c', lines: world.linesPerSecond * (toMs - fromMs), firstMs: fromMs, newestMs: toMs }];
      return Promise.resolve(succeed({ paces, queries: [] }));
    },
    ...(world.isSlow && { probesSlowly: true }),
    count: () => Promise.resolve(world.refusal ? fail(world.refusal, 'It cannot.') : succeed({ queries: [] })),
  };
  const healthSources: HealthSources = {
    describe: () => [],
    ...((world.refusal || world.isSlow) && { counterOf: () => counter }),
    read({ fromMs, toMs }) {
      const [from, to] = [fromMs, toMs].map(ms => (ms - sinceMs) / 1000) as [number, number];
      if (to > (world.brokenFrom ?? Infinity)) return Promise.resolve(fail('unreachable', 'It is down.'));
      world.asked.push([from, to]);
      const rows = Math.round(world.linesPerSecond * (to - from));
      return Promise.resolve(
        succeed({ queries: [{ source: 'logs', text: '', atMs: 0, durationMs: 0, bytes: 0, rows }] }),
      );
    },
  };
  const session = { ingest: () => Promise.resolve(succeed({ rows: 0 })) } as never;
  const task = { settings, sources: [], feedback: () => [], onLook: () => undefined };
  return createReader(task, { source, connection: { vendor: 'v', url: 'http://x' } as never }, session, healthSources);
}

const secondsIn = (asked: World['asked']): number => asked.reduce((sum, [from, to]) => sum + to - from, 0);

test('a source of few lines is read as a whole, after a short look at how busy it is', async () => {
  const world: World = { linesPerSecond: 1, asked: [] };
  const reader = startReader(world);
  for (const second of [0, 10]) await reader.read(sinceMs + second * 1000, signal);
  assert.deepEqual(world.asked.slice(1), [
    [-300, 0],
    [-10, 10],
  ]);
  assert.ok(secondsIn(world.asked.slice(0, 1)) <= 1);
  assert.equal(reader.sampled(), undefined);
});

test('a tenth of the lines is read where there are ten times as many, and no more at each look', async () => {
  const world: World = { linesPerSecond: 100, asked: [] };
  const reader = startReader(world);
  await reader.read(sinceMs, signal);
  const share = secondsIn(world.asked) / 300;
  assert.ok(share > 0.1 && share < 0.12, String(share));
  assert.deepEqual(reader.sampled()?.mostLines, 6_000);
  world.asked.length = 0;
  for (let second = 10; second <= 300; second += 10) await reader.read(sinceMs + second * 1000, signal);
  const again = secondsIn(world.asked) / 300;
  assert.ok(again < 0.4, `${again}: late lines are read again`);
  assert.ok(world.asked.every(([from, to]) => slicesOf(reader.sampled()!, range(from, to)).length === 1));
});

const range = (from: number, to: number) => ({ fromMs: sinceMs + from * 1000, toMs: sinceMs + to * 1000 });

test('a source that becomes too busy is sampled from then on', async () => {
  const world: World = { linesPerSecond: 5, asked: [] };
  const reader = startReader(world);
  await reader.read(sinceMs, signal);
  assert.equal(reader.sampled(), undefined);
  world.linesPerSecond = 1_000;
  await reader.read(sinceMs + 10_000, signal);
  assert.equal(reader.sampled()?.sinceMs, sinceMs + 10_000);
  world.asked.length = 0;
  await reader.read(sinceMs + 100_000, signal);
  assert.ok(secondsIn(world.asked.filter(([from]) => from >= 10)) < 60);
});

test('after a failure only what is missing is read', async () => {
  const world: World = { linesPerSecond: 100, brokenFrom: -100, asked: [] };
  const reader = startReader(world);
  await reader.read(sinceMs, signal);
  assert.equal(reader.missing(), 'It is down.');
  assert.equal(reader.sampled(), undefined);
  world.brokenFrom = Infinity;
  await reader.read(sinceMs, signal);
  world.brokenFrom = 50;
  await reader.read(sinceMs + 100_000, signal);
  assert.equal(reader.missing(), 'It is down.');
  world.brokenFrom = Infinity;
  world.asked.length = 0;
  await reader.read(sinceMs + 110_000, signal);
  assert.equal(reader.missing(), undefined);
  assert.ok(
    world.asked.every(([, to]) => to > 40),
    JSON.stringify(world.asked),
  );
});

test('a source that refuses to count is sampled; one that cannot count now is missing', async () => {
  const refusing: World = { linesPerSecond: 100, refusal: 'invalid', asked: [] };
  const sampled = startReader(refusing);
  await sampled.read(sinceMs, signal);
  assert.deepEqual([sampled.missing(), sampled.counted(), sampled.sampled()?.mostLines], [undefined, undefined, 6_000]);
  const down = startReader({ linesPerSecond: 100, refusal: 'unreachable', asked: [] });
  await down.read(sinceMs, signal);
  assert.deepEqual([down.missing(), down.sampled()], ['It cannot.', undefined]);
});

const sampling: SampledSource = { sinceMs: sinceMs - 300_000, periodMs: 10_000, widthMs: 2_000, mostLines: 6_000 };
const decode: Decode = (_, { said }) => succeed({ rows: 1, lines: JSON.parse(String(said)) as LogLine[] });

/** A line of each node every 100 ms, as far as it is in the sample; and what a node writes in addition. */
function checkOf(
  change: Partial<AnalysisSettings>,
  more: (atMs: number, node: string) => string | undefined,
): LogsCheck {
  const session = createEvidenceSession({ ...settings, ...change }, { d: decode }, text => text);
  const lines: LogLine[] = [];
  for (const { fromMs, toMs } of slicesOf(sampling, { fromMs: sinceMs - 300_000, toMs: sinceMs + 300_000 }))
    for (let atMs = fromMs; atMs < toMs; atMs += 100)
      for (const node of ['c', 'b']) {
        const text = more(atMs, node);
        for (const [i, one] of ['INFO order 7 was placed', ...(text === undefined ? [] : [text])].entries())
          lines.push({ atMs, node, text: one, id: `${node} ${atMs} ${i}` });
      }
  const page = { source: 'logs', decoder: 'd', bytes: new Uint8Array(), context: { said: JSON.stringify(lines) } };
  assert.ok(session.ingest(page).ok);
  const look: Look = { atMs: sinceMs + 300_000, unread: {}, partial: {}, sampled: { logs: sampling }, final: true };
  return session.look(look).checks[0] as LogsCheck;
}

test('a source whose probe is slow is asked to count only once it is busy', async () => {
  const calm: World = { linesPerSecond: 1, isSlow: true, asked: [] },
    busy: World = { linesPerSecond: 100, isSlow: true, asked: [] };
  const [calmReader, busyReader] = [startReader(calm), startReader(busy)];
  await calmReader.read(sinceMs, signal);
  assert.deepEqual([calmReader.counted(), calm.asked.at(-1)], [undefined, [-300, 0]]);
  await busyReader.read(sinceMs, signal);
  assert.deepEqual([busyReader.counted()?.mostLines, busyReader.sampled()], [6_000, undefined]);
  assert.ok(secondsIn(busy.asked) < 5);
});

test('the verdict says how much was read, and what that may hide', () => {
  const check = checkOf({}, () => undefined);
  assert.equal(check.outcome, 'pass');
  assert.deepEqual(
    check.reasons.map(({ code }) => code),
    ['logs-clean', 'sampled'],
  );
  const { share, mostLines } = check.reasons[1]!.values;
  assert.ok(Math.abs(Number(share) - 0.2) < 0.01);
  assert.equal(mostLines, 6_000);
});

test('what repeats is found in a sample, and gaps between slices are neither late nor silent', () => {
  const check = checkOf({}, (atMs, node) =>
    node === 'c' && atMs >= sinceMs && atMs % 500 < 100 ? 'ERROR OutOfStockException: no item left' : undefined,
  );
  assert.deepEqual([check.outcome, check.reasons.map(({ code }) => code)], ['fail', ['unknown-clusters', 'sampled']]);
});

test('the time before counts by what was read of it', () => {
  const previous = { baselineNodes: [], baselineKind: 'previous' } as const;
  const healthy = checkOf(previous, atMs => (atMs % 500 < 100 ? 'WARN retry of payment 7' : undefined));
  assert.deepEqual([healthy.outcome, healthy.clusters.map(one => one.class)], ['pass', ['known', 'known']]);
});

test('the end of a stack trace that began before a slice is no event of its own', () => {
  const slices = slicesOf(sampling, { fromMs: sinceMs, toMs: sinceMs + 300_000 });
  const [{ fromMs: firstMs }] = slices.slice(3) as [(typeof slices)[number]];
  const isInSlice = createSliceEdges();
  const textsOf = (texts: readonly string[], atMs = firstMs): readonly string[] =>
    texts.filter((text, i) => isInSlice({ atMs: atMs + i, node: 'c', text }, sampling));
  const tail = ['\tat a.B.c(B.java:7)', 'Caused by: java.io.IOException: gone', '\t... 4 more', 'ValueError: 7'];
  const trace = ['ERROR failed', '\tat a.B.c(B.java:7)', 'Caused by: java.io.IOException: gone'];
  assert.deepEqual(textsOf([...tail, ...trace]), trace);
  // As it is read again.
  assert.deepEqual(textsOf([...tail, ...trace]), trace);
  assert.deepEqual(textsOf(['ERROR between slices'], firstMs + sampling.widthMs), []);
});
