// Lines counted while they come in: a tally that is brought up to date has what counting one by one gives.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Severity } from '../../../../src/model/evidence/evidence.ts';
import { countLive, createLiveCounts, settle } from '../../../../src/verify/logs/count/liveCounts.ts';
import { createTally, mostNodes } from '../../../../src/verify/logs/count/tally.ts';

const lines = fc.array(
  fc.record({
    role: fc.constantFrom('canary', 'baseline', 'before'),
    number: fc.constantFrom(0, 3, 1, 7, undefined),
    atMs: fc.nat(5000),
    severity: fc.constantFrom<Severity[]>('info', 'error', 'unknown'),
    isLook: fc.boolean(),
  }),
  { maxLength: 40 },
);

test('looks in between change nothing, and nodes and severities keep the order in which they came', () => {
  fc.assert(
    fc.property(lines, all => {
      const tally = createTally(),
        live = createLiveCounts(tally),
        nodes = { canary: new Map(), baseline: new Map(), before: new Map() } as Record<string, Map<string, number>>,
        severities = new Map<string, number>();
      for (const { role, number, atMs, severity, isLook } of all) {
        const name = `node ${number ?? 'without a number'}`;
        countLive(live, { role, node: { name, number }, atMs, request: undefined }, severity);
        nodes[role]!.set(name, (nodes[role]!.get(name) ?? 0) + 1);
        severities.set(severity, (severities.get(severity) ?? 0) + 1);
        if (isLook) settle(live);
      }
      settle(live);
      for (const role of ['canary', 'baseline', 'before'] as const) {
        assert.deepEqual([...tally.nodes[role]], [...nodes[role]!]);
        assert.equal(tally.counts[role], all.filter(line => line.role === role).length);
      }
      assert.deepEqual([...tally.severities], [...severities]);
      const times = all.map(({ atMs }) => atMs);
      assert.deepEqual([tally.firstMs, tally.lastMs], [Math.min(...times), Math.max(...times)]);
    }),
    { numRuns: 300, seed: 7 },
  );
});

test('the lines of a thousand nodes are counted apart, those of further ones only together', () => {
  const tally = createTally(),
    live = createLiveCounts(tally);
  for (let i = 0; i < mostNodes + 5; i++)
    countLive(
      live,
      { role: 'canary', node: { name: `n${i}`, number: i < mostNodes ? i : undefined }, atMs: i, request: undefined },
      'info',
    );
  settle(live);
  assert.deepEqual([tally.nodes.canary.size, tally.counts.canary], [mostNodes, mostNodes + 5]);
});
