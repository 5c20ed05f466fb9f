// Lines counted while they come in: a tally that is brought up to date has what counting one by one gives.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Role, Severity } from '../../../../src/model/evidence/evidence.ts';
import { countLine, createLiveCounts, createLiveNode } from '../../../../src/verify/logs/count/liveCounts.ts';
import { createTally, mostNodes, type Tally } from '../../../../src/verify/logs/count/tally.ts';

const roles = ['canary', 'baseline', 'before'] as const satisfies readonly Role[];
const lines = fc.array(
  fc.record({
    number: fc.constantFrom(0, 1, 200),
    role: fc.constantFrom(...roles),
    node: fc.constantFrom(0, 3, 1, 7, mostNodes + 2),
    atMs: fc.oneof(fc.nat(5000), fc.nat(3_000_000)),
    severity: fc.constantFrom<Severity[]>('info', 'error', 'unknown'),
    request: fc.option(fc.constantFrom(4, 5), { nil: undefined }),
    isLook: fc.boolean(),
  }),
  { maxLength: 60 },
);

function plainly({ counts, nodes, requests, severities, timelines, firstMs, lastMs }: Tally): unknown {
  return {
    sides: roles.map(role => {
      const bins: [number, number][] = [];
      timelines[role].each((atMs, count) => bins.push([atMs, count]));
      return [counts[role], [...nodes[role]], requests[role]?.squares, timelines[role].widthMs(), bins];
    }),
    severities: [...severities],
    firstMs,
    lastMs,
  };
}

test('runs of lines and looks in between give what counting one by one gives, in the same order', () => {
  fc.assert(
    fc.property(lines, all => {
      const tallies = Array.from({ length: 201 }, () => ({ tally: createTally() })),
        plain = tallies.map(() => createTally()),
        live = createLiveCounts(tallies);
      const nodes = new Map(
        all.map(({ role, node }) => [`${role} ${node}`, createLiveNode(role, `node ${node}`, node)] as const),
      );
      for (const { number, role, node: which, atMs, severity, request, isLook } of all) {
        const node = nodes.get(`${role} ${which}`)!;
        live.count(number, { node, atMs, request }, severity);
        countLine(plain[number]!, { node, atMs, request }, severity);
        if (isLook) live.settle();
      }
      live.settle();
      assert.deepEqual(
        tallies.map(({ tally }) => plainly(tally)),
        plain.map(plainly),
      );
    }),
    { numRuns: 300, seed: 7 },
  );
});

test('the lines of a thousand nodes are counted apart, those of further ones only together', () => {
  const tally = createTally(),
    live = createLiveCounts([{ tally }]);
  for (let i = 0; i < mostNodes + 5; i++)
    live.count(0, { node: createLiveNode('canary', `n${i}`, i), atMs: i, request: undefined }, 'info');
  live.settle();
  assert.deepEqual([tally.nodes.canary.size, tally.counts.canary], [mostNodes, mostNodes + 5]);
});
