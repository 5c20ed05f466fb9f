// What must not change a verdict: the order of lines within a second, the names of nodes, the pieces in which lines
// arrive, a restart, and when one looked.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { LogLine, Role } from '../../../../src/model/evidence/evidence.ts';
import type { LogsCheck } from '../../../../src/model/evidence/verdict.ts';
import { createLogAnalysis, type LogAnalysis } from '../../../../src/verify/logs/logAnalysis.ts';
import { minuteMs, nodeNames, ordinaryLines, seeded, stamp, startMs } from './synthetic.ts';

const canaryNodes = nodeNames('canary', 2),
  baselineNodes = nodeNames('base', 4),
  endMs = startMs + 3 * minuteMs;

interface Evidence {
  readonly canary: readonly LogLine[];
  readonly baseline: readonly LogLine[];
}

function exceptions(count: number, seed: number): LogLine[] {
  return Array.from({ length: count }, (_, i) => {
    const atMs = startMs + 20_000 + ((i * 9_000 + seed * 137) % 150_000),
      head = stamp(atMs);
    const text =
      `${head} ERROR [worker-${i}] shop.order.Orders - Order ${i * 37} failed\nshop.NewException: ` +
      `order ${i}\n\tat shop.order.Orders.place(Orders.java:${30 + i})\n\tat shop.web.Web.post(Web.java:9)`;
    return { atMs, node: canaryNodes[i % 2]!, text, id: `exception ${seed} ${i}` };
  });
}

/** Of every kind: healthy ones, some with new exceptions, some with a known error that became more frequent. */
const evidences = fc
  .record({ seed: fc.integer({ min: 1, max: 1e6 }), errors: fc.constantFrom(0, 1, 3, 8), more: fc.constantFrom(0, 40) })
  .map(({ seed, errors, more }): Evidence => {
    const traffic = { fromMs: startMs, toMs: endMs, perNodeAndSecond: 1 };
    const frequent = Array.from({ length: more }, (_, i) => ({
      atMs: startMs + i * 4000,
      node: canaryNodes[i % 2]!,
      id: `more ${i}`,
      text:
        `${stamp(startMs + i * 4000)} ERROR [worker-3] shop.mail.Sender - Could not deliver message ${i} to ` +
        `smtp${i % 3}.mail.local`,
    }));
    return {
      baseline: ordinaryLines({ ...traffic, seed, nodes: baselineNodes }),
      canary: [
        ...ordinaryLines({ ...traffic, seed: seed + 1, nodes: canaryNodes }),
        ...exceptions(errors, seed),
        ...frequent,
      ].sort((one, other) => one.atMs - other.atMs),
    };
  });

function open(): LogAnalysis {
  return createLogAnalysis({ sensitivity: 'medium', trafficRatio: 0.5, baselineKind: 'existing' });
}

function assess(analysis: LogAnalysis, atMs = endMs): LogsCheck {
  return analysis.assess({ name: 'logs', source: 'sumo', atMs, canarySinceMs: startMs, minimumMs: minuteMs });
}

function judge({ canary, baseline }: Evidence): LogsCheck {
  const analysis = open();
  analysis.add(baseline, 'baseline');
  analysis.add(canary, 'canary');
  return assess(analysis);
}

/** All that a verdict says but where it happened and what was kept as a sample. */
function verdict({ outcome, evidence, clusters }: LogsCheck): unknown {
  return {
    outcome,
    evidence: Math.round(evidence * 1e6),
    clusters: clusters.map(({ key, class: kind, severity, direction, canaryCount, baselineCount }) => ({
      key,
      kind,
      severity,
      direction,
      canaryCount,
      baselineCount,
    })),
  };
}

const runs = { numRuns: 12 };

test('the same evidence gives the same verdict, whatever the order of lines within a second', () => {
  fc.assert(
    fc.property(evidences, fc.integer(), (evidence, seed) => {
      const random = seeded(seed);
      const shuffle = (lines: readonly LogLine[]): LogLine[] =>
        lines
          .map(line => ({ line, order: Math.floor(line.atMs / 1000) + random() }))
          .sort((one, other) => one.order - other.order)
          .map(({ line }) => line);
      // Lines of one second may arrive in any order, and bear any time within it.
      const within = (lines: readonly LogLine[]): LogLine[] =>
        shuffle(lines).map(line => ({
          ...line,
          atMs: Math.floor(line.atMs / 1000) * 1000 + Math.floor(random() * 1000),
        }));
      const seconds = (lines: readonly LogLine[]): LogLine[] =>
        lines.map(line => ({ ...line, atMs: Math.floor(line.atMs / 1000) * 1000 }));
      const one = judge({ canary: seconds(evidence.canary), baseline: seconds(evidence.baseline) });
      const other = judge({ canary: seconds(within(evidence.canary)), baseline: seconds(within(evidence.baseline)) });
      assert.deepEqual(verdict(other), verdict(one));
    }),
    runs,
  );
});

test('the names of the nodes change nothing', () => {
  fc.assert(
    fc.property(evidences, fc.string({ minLength: 1, maxLength: 8 }), (evidence, prefix) => {
      const rename = (lines: readonly LogLine[]): LogLine[] =>
        lines.map(line => ({ ...line, node: `${prefix}${[...line.node].reverse().join('')}` }));
      assert.deepEqual(
        verdict(judge({ canary: rename(evidence.canary), baseline: rename(evidence.baseline) })),
        verdict(judge(evidence)),
      );
    }),
    runs,
  );
});

test('the pieces in which lines arrive, looks in between, lines read twice and a restart change nothing', () => {
  fc.assert(
    fc.property(
      evidences,
      fc.array(fc.integer({ min: 1, max: 400 }), { minLength: 1, maxLength: 12 }),
      fc.boolean(),
      (evidence, sizes, restarts) => {
        let analysis = open();
        const pending: Record<'baseline' | 'canary', LogLine[]> = {
          baseline: [...evidence.baseline],
          canary: [...evidence.canary],
        };
        sizes.forEach((size, i) => {
          const role = i % 2 === 0 ? 'canary' : 'baseline',
            lines = pending[role].splice(0, size);
          analysis.add(lines, role);
          if (lines.length > 0) assess(analysis, lines.at(-1)!.atMs);
          // The bucket under way is asked for again.
          analysis.add(lines.slice(-5), role);
        });
        if (restarts) {
          analysis = open();
          pending.canary = [...evidence.canary];
          pending.baseline = [...evidence.baseline];
        }
        for (const role of ['baseline', 'canary'] satisfies Role[]) analysis.add(pending[role], role);
        assert.deepEqual(verdict(assess(analysis)), verdict(judge(evidence)));
      },
    ),
    runs,
  );
});

test('a stack trace that arrives line by line, with looks in between, is the same as one that came whole', () => {
  fc.assert(
    fc.property(evidences, evidence => {
      const split = (lines: readonly LogLine[]): LogLine[] =>
        lines.flatMap(line => line.text.split('\n').map((text, i) => ({ ...line, text, id: `${line.id} ${i}` })));
      // The lines of a trace follow one another on their node.
      const canary = split(evidence.canary),
        analysis = open();
      analysis.add(split(evidence.baseline), 'baseline');
      for (let i = 0; i < canary.length; i += 7) {
        analysis.add(canary.slice(i, i + 7), 'canary');
        if (i % 49 === 0) assess(analysis);
      }
      const keys = (check: LogsCheck): unknown =>
        check.clusters
          .filter(({ class: kind }) => kind === 'unknown')
          .map(({ key, canaryCount }) => [key, canaryCount]);
      assert.deepEqual(keys(assess(analysis)), keys(judge(evidence)));
    }),
    { numRuns: 6 },
  );
});

test('more of the same evidence never turns a fail into a pass', () => {
  fc.assert(
    fc.property(evidences, fc.integer({ min: 1, max: 3 }), (evidence, times) => {
      const once = judge(evidence);
      fc.pre(once.outcome === 'fail');
      const windowMs = endMs - startMs,
        analysis = open();
      const repeat = (lines: readonly LogLine[]): LogLine[] =>
        Array.from({ length: times + 1 }, (_, turn) =>
          lines.map(line => ({ ...line, atMs: line.atMs + turn * windowMs, id: `${line.id} ${turn}` })),
        ).flat();
      analysis.add(repeat(evidence.baseline), 'baseline');
      analysis.add(repeat(evidence.canary), 'canary');
      assert.equal(assess(analysis, endMs + times * windowMs).outcome, 'fail');
    }),
    runs,
  );
});

test('looking every ten seconds fails at most one good canary of twenty', () => {
  let failed = 0;
  const deployments = 40;
  for (let run = 0; run < deployments; run++) {
    const analysis = open(),
      traffic = { fromMs: startMs, toMs: endMs, perNodeAndSecond: 0.7, burst: run % 3 === 0 ? 5 : 1 };
    const baseline = ordinaryLines({ ...traffic, seed: 7000 + 2 * run, nodes: baselineNodes }),
      canary = ordinaryLines({ ...traffic, seed: 7001 + 2 * run, nodes: canaryNodes });
    for (let atMs = startMs + 10_000; atMs <= endMs; atMs += 10_000) {
      const isNew = (line: LogLine): boolean => line.atMs >= atMs - 10_000 && line.atMs < atMs;
      analysis.add(baseline.filter(isNew), 'baseline');
      analysis.add(canary.filter(isNew), 'canary');
      if (assess(analysis, atMs).outcome === 'fail') {
        failed++;
        break;
      }
    }
  }
  assert.ok(failed <= deployments / 20, `${failed} of ${deployments} failed`);
});
