// The timeline: every event that a person cares about has a row, in the order of time, counted from the decision.
import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import type { Pipeline } from '../../../src/model/pipeline.ts';
import type { RunEventBody } from '../../../src/model/runs/runEvents.ts';
import { timelineOf } from '../../../src/protocol/report/timeline.ts';
import { jonas, maria, newRelease, oldRelease, rolledBackStory, started, startMs, story } from '../terminal/stories.ts';

suite('timeline', () => {
  test('counts the seconds from the decision to the proof', () => {
    const rows = timelineOf('r', rolledBackStory).filter(
      ({ sinceDecisionMs, level }) => sinceDecisionMs !== undefined && level === 'key',
    );
    assert.deepEqual(
      rows.map(({ text, sinceDecisionMs }) => [sinceDecisionMs, text]),
      [
        [0, 'Production: decided to roll back, by Backstop'],
        [100, 'Production: rollback began, 2.14.0 → 2.13.2 together with 1 file and 1 variable on 2 nodes'],
        [6400, 'Production: 2 of 2 nodes run 2.13.2 again'],
        [21_000, 'Production: verified healthy by 2 checks, 2.13.2 and its configuration are restored'],
        [21_100, 'Run rolled back'],
      ],
    );
  });

  test('puts the first anomalous line where it was written, not where it was found', () => {
    const rows = timelineOf('r', rolledBackStory);
    const at = rows.findIndex(({ text }) => text.startsWith('First anomalous line'));
    assert.equal(rows[at]?.atMs, startMs + 501_000);
    assert.ok(rows.every((row, index) => index === 0 || row.atMs >= (rows[index - 1]?.atMs ?? 0)));
    assert.equal(rows[at]?.sinceDecisionMs, undefined);
  });

  test('of what is verified while other nodes are upgraded, only a failure ends in words', () => {
    const verification = (key: string, outcome: 'inconclusive' | 'fail') =>
      [
        {
          type: 'verification-started',
          key,
          stage: 'Production',
          phase: 2,
          purpose: 'watch',
          sinceMs: startMs,
          canaryNodes: ['prod-01'],
          baselineNodes: ['prod-02'],
        },
        {
          type: 'verification-finished',
          key,
          report: { outcome, checks: [], startedAtMs: startMs, lookedAtMs: startMs, looks: 1 },
        },
      ] as const;
    const rows = (key: string, outcome: 'inconclusive' | 'fail') => {
      const [begun, ended] = verification(key, outcome);
      return timelineOf(
        'r',
        story(
          [0, started([['Production']])],
          [1, { type: 'stage-started', stage: 'Production', environment: 'production' }],
          [2, begun],
          [3, ended],
        ),
      )
        .slice(2)
        .map(({ text }) => text);
    };
    const goesOn = 'Production: verification of 1 canary node continues in the meantime';
    assert.deepEqual(rows('Production/2/meanwhile', 'inconclusive'), [goesOn]);
    assert.deepEqual(rows('Production/2/meanwhile', 'fail'), [goesOn, 'Verification failed: nothing was measured']);
    assert.deepEqual(rows('Production/watch', 'inconclusive'), [
      'Production: verification of phase 2 compares 1 canary node with 1 node',
      'Verification inconclusive: nothing was measured',
    ]);
  });

  test('has words for what goes wrong', () => {
    const failure = { kind: 'hook-failed', message: 'Hook back failed.' } as const;
    const rows = timelineOf(
      'r',
      story(
        [0, started([['Production']])],
        [1, { type: 'environment-waited-for', stage: 'Production', environment: 'production', heldBy: '#11' }],
        [2, { type: 'stage-started', stage: 'Production', environment: 'production' }],
        [3, { type: 'nodes-changed', environment: 'production', nodes: ['prod-01'], release: null }],
        [4, { type: 'marker-intended', key: 'm', connection: 'newRelic', version: '2', purpose: 'canary' }],
        [5, { type: 'marker-finished', key: 'm', failure: { kind: 'timeout', message: 'No answer.' } }],
        [6, { type: 'verification-skipped', key: 'v', by: maria, why: 'no traffic' }],
        [7, { type: 'cancel-asked', by: jonas }],
        [8, { type: 'run-resumed', by: maria }],
        [
          9,
          {
            type: 'rollback-started',
            stage: 'Production',
            environment: 'production',
            from: newRelease,
            to: oldRelease,
            difference: { files: [], variables: [] },
            nodes: ['prod-01'],
          },
        ],
        [10, { type: 'rollback-finished', stage: 'Production', failedNodes: ['prod-01'] }],
        [11, { type: 'rollback-unproven', stage: 'Production', failure, nodes: { 'prod-01': 'unknown' } }],
        [12, { type: 'noted', failure: { kind: 'unreachable', message: 'Jenkins is away.' } }],
        [13, { type: 'run-finished', outcome: 'failed', failure }],
      ),
    );
    assert.deepEqual(
      rows.map(({ text }) => text),
      [
        'storefront 2.14.0 started by maria',
        'Production waits for production, which is used by #11',
        'Production started',
        'prod-01: version unknown until the hook finishes',
        'No marker in “newRelic”: No answer.',
        'Verification skipped by maria: no traffic',
        'Cancellation requested by jonas',
        'Resumed by maria',
        'Production: rollback began, 2.14.0 → 2.13.2 (configuration unchanged) on 1 node',
        'Production: the rollback hook failed on prod-01; 0 of 1 node were rolled back to 2.13.2',
        'Production: rollback not verified, Hook back failed.: prod-01 runs an unknown release',
        'Jenkins is away.',
        'Run failed: Hook back failed.',
      ],
    );
  });

  test('a marker is said to be where its vendor is called so, and else where the pipeline file calls it', () => {
    const connections = {
      newRelic: { vendor: 'newRelic', url: '', marks: true, title: 'New Relic' },
      billing: { vendor: 'newRelic', url: '', marks: true, title: 'New Relic' },
      dashboards: { vendor: 'grafana', url: '', marks: true },
    };
    const begun = started([['A']]) as RunEventBody & { type: 'run-started' };
    const rows = timelineOf(
      'r',
      story(
        [0, { ...begun, fixed: { connections } as unknown as Pipeline }],
        ...Object.keys(connections).flatMap(connection => [
          [1, { type: 'marker-intended', key: connection, connection, version: '2', purpose: 'canary' }] as const,
          [1, { type: 'marker-finished', key: connection, id: '1' }] as const,
        ]),
      ),
    );
    assert.deepEqual(
      rows.slice(1).map(({ text }) => text),
      ['Marked in New Relic', 'Marked in “billing”', 'Marked in “dashboards”'],
    );
  });

  test('an answer that does not count says why', () => {
    const rows = timelineOf(
      'r',
      story(
        [0, started([['A']])],
        [
          1,
          {
            type: 'answered',
            question: 'q',
            answer: { type: 'approve', by: maria, at: 0 },
            refused: 'the starter may not approve',
          },
        ],
      ),
    );
    assert.equal(rows[1]?.text, 'maria approved, not accepted: the starter may not approve');
  });
});
