// The timeline: every event that a person cares about has a row, in the order of time, counted from the decision.
import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
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
        'No marker in newRelic: No answer.',
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
