// The run panel's snapshot: what a reviewer reads, taken from a run's events; bounded, and no red cluster ever left
// out.
import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import fc from 'fast-check';
import { applyPatch, compareSnapshots } from '../../../src/protocol/snapshot/patch.ts';
import { isToHost, isToPanel, receive } from '../../../src/protocol/runPanel.ts';
import { finishSteps } from '../../../src/model/runs/steps.ts';
import { createSnapshots, snapshotRun, type RunSnapshot } from '../../../src/protocol/snapshot/snapshot.ts';
import { compareWords } from '../../../src/protocol/snapshot/snapshotWords.ts';
import type { RunEvent } from '../../../src/model/runs/runEvents.ts';
import type { Check, ClusterReport, VerificationReport } from '../../../src/model/evidence/verdict.ts';
import {
  baselineNodes,
  canaryNodes,
  cluster,
  quality,
  rolledBackStory,
  started,
  startMs,
  story,
} from '../terminal/stories.ts';

function snap(events: readonly RunEvent[], nowMs = startMs + 3_600_000): RunSnapshot {
  const snapshot = snapshotRun('r', events, nowMs);
  assert.ok(snapshot);
  return snapshot;
}

/** A canary whose latest look says this. */
function looking(...reports: readonly Partial<VerificationReport>[]): readonly RunEvent[] {
  return story(
    [0, started([['Production']])],
    [1, { type: 'stage-started', stage: 'Production', environment: 'production' }],
    [
      2,
      { type: 'phase-started', stage: 'Production', phase: 1, of: 3, nodes: canaryNodes, canaryNodes, baselineNodes },
    ],
    [
      3,
      {
        type: 'verification-started',
        key: 'v',
        stage: 'Production',
        phase: 1,
        purpose: 'canary',
        sinceMs: startMs + 3000,
        canaryNodes,
        baselineNodes,
      },
    ],
    ...reports.map(
      (report, index) =>
        [
          4 + index,
          {
            type: 'looked',
            key: 'v',
            queries: [],
            report: {
              outcome: 'inconclusive',
              checks: [],
              startedAtMs: startMs + 3000,
              lookedAtMs: startMs + 4000 + 1000 * index,
              looks: index + 1,
              ...report,
            },
          },
        ] as const,
    ),
  );
}
const withClusters = (clusters: readonly ClusterReport[], hiddenClusters = 0): readonly RunEvent[] =>
  looking({ checks: [{ ...quality('fail', 24), clusters, hiddenClusters }] });

suite('run panel snapshot', () => {
  test('a rolled-back run says what, how fast and how many were exposed', () => {
    const { header, ended } = snap(rolledBackStory);
    assert.equal(ended, true);
    assert.equal(header.tone, 'bad');
    assert.match(header.verdict, /^4 new exceptions on 2 canary nodes: 12 lines, none in 31 good deployments/);
    assert.deepEqual(header.facts.map(({ name, value }) => `${name}: ${value}`).slice(0, 4), [
      'Artifact: 2.14.0 → 2.13.2',
      'Configuration: 2 keys differ',
      'Rolled back in: 6.3 s',
      'Verified healthy after: 21 s',
    ]);
    assert.deepEqual(header.facts.find(({ name }) => name === 'Affected')?.value, '2 of 10 nodes');
    assert.deepEqual(header.actions, ['compare-releases', 'run-again']);
  });

  test('marks each node of each phase with what it runs', () => {
    const production = snap(rolledBackStory)
      .groups.flat()
      .find(({ kind }) => kind === 'canary');
    assert.deepEqual(
      production?.phases.map(({ label, nodes }) => [label, nodes.map(({ short, mark }) => `${short} ${mark}`).join()]),
      [
        ['20 %', '01 rolled-back,02 rolled-back'],
        ['later, in 2 phases', baselineNodes.map(name => `${name.slice(-2)} unchanged`).join()],
      ],
    );
    assert.equal(production?.remark, '8 nodes never left 2.13.2');
  });

  test('keeps the evidence of every look, and when it became sure', () => {
    const [check] = snap(looking(...[1, 8, 24, 31].map(evidence => ({ checks: [quality('fail', evidence)] })))).checks;
    assert.deepEqual(check?.evidence, {
      threshold: 20,
      fromMs: startMs + 3000,
      sureAtMs: startMs + 6000,
      looks: [1, 8, 24, 31].map((evidence, index) => ({ atMs: startMs + 4000 + 1000 * index, evidence })),
    });
    assert.equal(check?.running, true);
  });

  test('thins grey clusters beyond 2,000 and says how many, red ones never', () => {
    const red = Array.from({ length: 2500 }, (_, index) => cluster(`Boom ${index}`));
    const grey = Array.from({ length: 2300 }, (_, index) =>
      cluster(`calm ${index}`, { class: 'known', canaryCount: 0, baselineCount: index }),
    );
    const { clusters } = snap(withClusters([...grey, ...red], 7));
    assert.equal(clusters.shown.filter(({ kind }) => kind === 'unknown').length, 2500);
    assert.equal(clusters.shown.filter(({ kind }) => kind === 'baseline').length, 2000);
    assert.equal(clusters.hidden, 307);
    assert.deepEqual(
      [0, 25, 26, 701, 702].map(index => clusters.shown[index]?.letter),
      ['A', 'Z', 'AA', 'ZZ', 'AAA'],
    );
  });

  test('bounds a sample of a megabyte and says what is missing', () => {
    const sample = snap(withClusters([cluster('Big', { samples: { canary: ['x'.repeat(1_000_000)], baseline: [] } })]))
      .clusters.shown[0]?.samples[0]?.text;
    assert.match(sample ?? '', /\n… 936,000 more characters$/);
    assert.ok((sample?.length ?? 0) < 65_000);
  });

  test('lets no control or direction character of a log through', () => {
    const hostile = '<script>alert(1)</script>\u0000\u001b[31m\u202etxt';
    const text = JSON.stringify(
      snap(
        withClusters([
          cluster(hostile, {
            samples: { canary: [hostile], baseline: [] },
            nodes: { [hostile]: 1 },
            nearest: { key: 'n', template: hostile, similarity: 0.5 },
          }),
        ]),
      ),
    );
    assert.ok(!/\\u0000|\\u001b|\u202e/.test(text));
    assert.ok(text.includes('<script>alert(1)</script>txt'));
  });

  test('shows which words keep the nearest known cluster apart', () => {
    const { left, right } = compareWords(
      'no stock row for sku <*> in warehouse <*>',
      'no stock row for sku <*> in region <*>',
    );
    assert.deepEqual(
      [left, right].map(words => words.filter(word => word.differs).map(word => word.text)),
      [['warehouse'], ['region']],
    );
  });

  test('compared words are all the words, and what is marked the same is the same on both sides', () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom('a', 'b', 'c', 'd')),
        fc.array(fc.constantFrom('a', 'b', 'c', 'd')),
        (one, other) => {
          const { left, right } = compareWords(one.join(' '), other.join(' '));
          assert.deepEqual([left.map(word => word.text), right.map(word => word.text)], [one, other]);
          const same = (words: typeof left): readonly string[] =>
            words.filter(word => !word.differs).map(word => word.text);
          assert.deepEqual(same(left), same(right));
        },
      ),
    );
  });

  test('makes anew only what a look changed', () => {
    const snapshots = createSnapshots('r');
    const build = (nowMs: number, checks: readonly Check[]): RunSnapshot =>
      finishSteps(snapshots.build(nowMs, { checks: () => checks })) ?? assert.fail();
    snapshots.add(withClusters([cluster('Boom')]));
    const whole = [
      { ...quality('fail', 24), clusters: [cluster('Boom'), cluster('calm', { class: 'known', canaryCount: 2 })] },
    ];
    const first = build(1, whole),
      second = build(2, whole),
      third = build(3, [
        { ...whole[0]!, clusters: [cluster('Boom'), cluster('calm', { class: 'known', canaryCount: 3 })] },
      ]);
    assert.deepEqual(
      first.clusters.shown.map(({ template }) => template),
      ['Boom', 'calm'],
    );
    assert.equal(second.clusters, first.clusters);
    assert.deepEqual(
      third.clusters.shown.map((one, index) => one === first.clusters.shown[index]),
      [true, false],
    );
  });

  test('says what would change a check, how long it needs, and how long a stage usually takes', () => {
    const check: Check = {
      ...quality('inconclusive', 4),
      neededMs: 200_000,
      whatIf: [
        { code: 'sensitivity', outcome: 'pass', sensitivity: 'low' },
        { code: 'without-clusters', outcome: 'pass', clusters: 2 },
      ],
    };
    const snapshot = snapshotRun('r', looking({ checks: [check] }), startMs, {
      expectedMs: stage => (stage === 'Production' ? 600_000 : undefined),
    });
    assert.deepEqual(
      [snapshot?.checks[0]?.whatIf, snapshot?.checks[0]?.needed, snapshot?.groups[0]?.[0]?.expectedMs],
      [
        ['would pass at low sensitivity', 'would pass without the 2 riskiest log events'],
        'about 4 more minutes at this traffic',
        600_000,
      ],
    );
  });

  test('has nothing to show before a run has begun', () => {
    assert.equal(snapshotRun('r', [], startMs), undefined);
  });
});

suite('run panel messages', () => {
  test('takes only what it knows', () => {
    const marked = { type: 'mark', cluster: 'a', mark: 'not-a-risk', reason: 'known noise' };
    assert.deepEqual(
      [
        { type: 'ready' },
        { type: 'act', action: 'roll-back' },
        marked,
        { type: 'unmark', cluster: 'a' },
        { type: 'open-cluster', cluster: 'a' },
        { type: 'act', action: 'toString' },
        { type: 'act' },
        { ...marked, reason: ' ' },
        { ...marked, reason: 'x'.repeat(501) },
        { ...marked, mark: 'constructor' },
        { ...marked, cluster: 7 },
        { type: 'unmark' },
        null,
        'ready',
        [],
      ].map(isToHost),
      [...Array.from({ length: 5 }, () => true), ...Array.from({ length: 10 }, () => false)],
    );
    const snapshot = snap(rolledBackStory),
      pipeline = { name: 'p', service: 's', file: 'f', groups: [] };
    assert.deepEqual(
      [
        { type: 'snapshot', number: 1, snapshot },
        { type: 'patch', number: 2, patch: { parts: {} } },
        { type: 'marked', cluster: 'a' },
        { type: 'pipeline', pipeline },
        { type: 'snapshot', number: 1, snapshot: {} },
        { type: 'snapshot', snapshot },
        { type: 'snapshot', number: 1, snapshot: null },
        { type: 'patch', number: 2, patch: {} },
        { type: 'pipeline', pipeline: {} },
        7,
      ].map(isToPanel),
      [...Array.from({ length: 4 }, () => true), ...Array.from({ length: 6 }, () => false)],
    );
  });

  test('patches lead from any snapshot to any other, and leave alone what did not change', () => {
    const empty = snap(withClusters([]));
    const anyClusters = fc
      .uniqueArray(fc.record({ name: fc.constantFrom(...'abcdefgh'), lines: fc.integer({ min: 1, max: 3 }) }), {
        selector: ({ name }) => name,
      })
      .map(
        list =>
          snap(
            withClusters(
              list.map(({ name, lines }) =>
                cluster(name, { canaryCount: lines, class: lines === 3 ? 'unknown' : 'known' }),
              ),
              list.length,
            ),
          ).clusters,
      );
    fc.assert(
      fc.property(anyClusters, anyClusters, fc.integer(), (one, other, nowMs) => {
        const before = { ...empty, clusters: one },
          after = { ...empty, nowMs, clusters: other };
        assert.deepEqual(compareSnapshots(before, after).reduce(applyPatch, before), after);
      }),
    );
    assert.deepEqual(compareSnapshots(empty, { ...empty }), []);
    const many = {
      ...empty,
      clusters: snap(withClusters(Array.from({ length: 1200 }, (_, index) => cluster(`Boom ${index}`)))).clusters,
    };
    const patches = compareSnapshots(empty, many);
    assert.deepEqual(
      patches.map(({ clusters }) => clusters?.put.length),
      [500, 500, 200],
    );
    assert.equal(applyPatch(many, { parts: { nowMs: 1 } }).clusters, many.clusters);
  });

  test('a panel that missed a message knows it', () => {
    const snapshot = snap(rolledBackStory),
      first = receive(undefined, { type: 'snapshot', number: 7, snapshot });
    const second = receive(first, { type: 'patch', number: 8, patch: { parts: { nowMs: 5 } } });
    assert.deepEqual(
      [
        second?.snapshot.nowMs,
        second?.snapshot.checks === snapshot.checks,
        receive(second, { type: 'patch', number: 10, patch: { parts: {} } }),
        receive(undefined, { type: 'patch', number: 1, patch: { parts: {} } }),
      ],
      [5, true, undefined, undefined],
    );
  });
});
