// How far evidence is complete: both sides, rare events, sides and nodes that lag, and sources that are late as a
// whole.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { createFreshness } from '../../../src/verify/freshness.ts';

/** Newest events first, as a vendor's pages bring them. */
function measure(
  newestMs: Readonly<Record<string, readonly [newestMs: number, everyMs: number]>>,
  atMs = 1_000_000,
  expectedMs = 30_000,
) {
  const freshness = createFreshness({ canaryNodes: ['c'], baselineNodes: ['b1', 'b2'], intervalMs: 10_000 });
  for (const [node, [toMs, everyMs]] of Object.entries(newestMs))
    for (let eventMs = toMs; eventMs > 0; eventMs -= everyMs) freshness.note(node, eventMs);
  return freshness.measure(atMs, expectedMs);
}

const cases: readonly (readonly [
  name: string,
  newest: Parameters<typeof measure>[0],
  expected: Partial<ReturnType<typeof measure>>,
])[] = [
  [
    'both sides fresh: complete up to the older of the newest events',
    { c: [999_000, 1_000], b1: [999_500, 1_000], b2: [998_000, 1_000] },
    { completeToMs: 999_000, delayMs: 1_000, isLate: false },
  ],
  [
    'a side whose busy log fell back: complete up to where it stands',
    { c: [999_000, 1_000], b1: [880_000, 1_000], b2: [879_000, 1_000] },
    { completeToMs: 880_000, delayMs: 120_000, isLate: true },
  ],
  [
    'a side with an event every few minutes says nothing by its silence',
    { c: [999_000, 1_000], b1: [800_000, 300_000] },
    { completeToMs: 970_000, delayMs: 30_000, isLate: false },
  ],
  [
    'a source that is late as a whole',
    { c: [700_000, 1_000], b1: [699_000, 1_000], b2: [700_500, 1_000] },
    { completeToMs: 700_500 - 500, delayMs: 300_000, isLate: true },
  ],
  [
    'one node that lags or died does not hold back its side, but is read again',
    { c: [999_000, 1_000], b1: [999_000, 1_000], b2: [600_000, 1_000] },
    { completeToMs: 999_000, delayMs: 1_000, lagMs: 400_000, isLate: false },
  ],
  ['no events at all', {}, { completeToMs: 970_000, delayMs: 30_000, isLate: false }],
];
for (const [name, newest, expected] of cases) {
  test(name, () => {
    const found = measure(newest);
    assert.deepEqual({ ...found, ...expected }, found);
  });
}

test('events that are read again do not make a source look busier than it is', () => {
  const freshness = createFreshness({ canaryNodes: ['c'], baselineNodes: ['b'], intervalMs: 10_000 });
  for (let again = 0; again < 50; again++)
    for (const node of ['c', 'b']) for (const atMs of [100_000, 300_000, 500_000]) freshness.note(node, atMs);
  assert.deepEqual(freshness.measure(900_000, 30_000).isLate, false);
});

test('what was complete stays complete', () => {
  const freshness = createFreshness({ canaryNodes: ['c'], baselineNodes: ['b'], intervalMs: 10_000 });
  for (let atMs = 0; atMs <= 100_000; atMs += 5_000) {
    freshness.note('c', atMs);
    freshness.note('b', atMs);
  }
  const first = freshness.measure(131_000, 30_000);
  const later = freshness.measure(200_000, 30_000);
  assert.ok(later.completeToMs >= first.completeToMs);
  assert.deepEqual(
    [first.isLate, later.isLate, later.silence],
    [false, false, { side: 'every', nodes: ['c', 'b'], sinceMs: 100_000, eachSinceMs: [100_000, 100_000] }],
  );
});

/**
 * Looks every ten seconds, from a moment on, at a node that tells something at these times, beside one that never
 * stops.
 */
function firstSilence(times: readonly number[], lookFromMs: number, lookUntilMs: number): number | undefined {
  const freshness = createFreshness({ canaryNodes: ['c'], baselineNodes: ['b'], intervalMs: 10_000 });
  for (let atMs = 0; atMs <= lookUntilMs; atMs += 1_000) {
    freshness.note('b', atMs);
    if (times.includes(atMs)) freshness.note('c', atMs);
    if (atMs >= lookFromMs && atMs % 10_000 === 0 && freshness.measure(atMs, 5_000).silence) return atMs;
  }
  return undefined;
}

test(
  'what ticks regularly is missed after a few intervals, what comes in bursts only when it stays away for longer ' +
    'than it ever did',
  () => {
    const regular = Array.from({ length: 30 }, (_, k) => k * 10_000),
      bursts = [0, 200_000, 400_000].flatMap(fromMs => Array.from({ length: 20 }, (_, k) => fromMs + k * 1_000));
    assert.deepEqual([firstSilence(regular, 0, 600_000), firstSilence(bursts, 210_000, 600_000)], [330_000, undefined]);
    assert.ok(firstSilence(bursts, 210_000, 1_200_000)! > 419_000 + 181_000);
  },
);

test('in whatever order a source gives the events between two looks, silence is noticed at the same one', () => {
  const everySecond = (node: string, toMs: number): (readonly [node: string, atMs: number])[] =>
    Array.from({ length: toMs / 1_000 }, (_, i) => [node, i * 1_000]);
  const events = [...everySecond('c', 240_000), ...everySecond('b', 300_000)];
  const noticedAt = (first: readonly (readonly [node: string, atMs: number])[]): readonly number[] => {
    const freshness = createFreshness({ canaryNodes: ['c'], baselineNodes: ['b'], intervalMs: 10_000 });
    for (const [node, atMs] of first) freshness.note(node, atMs);
    return Array.from({ length: 12 }, (_, i) => 300_000 + i * 10_000).filter(atMs => {
      for (let eventMs = atMs - 10_000; eventMs < atMs; eventMs += 1_000) freshness.note('b', eventMs);
      return freshness.measure(atMs, 5_000).silence !== undefined;
    });
  };
  const inOrder = noticedAt(events);
  assert.ok(inOrder.length > 0);
  fc.assert(
    fc.property(fc.shuffledSubarray(events, { minLength: events.length }), shuffled => {
      assert.deepEqual(noticedAt(shuffled), inOrder);
    }),
    { numRuns: 20 },
  );
});
