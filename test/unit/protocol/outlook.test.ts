// A run on hold, or without data: the actions that it allows, and what each does, from the run itself.
import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import type { RunEvent } from '../../../src/model/runs/runEvents.ts';
import { snapshotRun, type RunSnapshot } from '../../../src/protocol/snapshot/snapshot.ts';
import { silentStory } from '../../panel/askingStories.ts';
import { baselineNodes, canaryNodes, heldStory, oldRelease, rolledBackStory, startMs } from '../terminal/stories.ts';

function snap(events: readonly RunEvent[], nowMs: number): RunSnapshot {
  const snapshot = snapshotRun('run', events, nowMs, { working: oldRelease });
  assert.ok(snapshot);
  return snapshot;
}
const choicesOf = ({ outlook }: RunSnapshot): readonly string[] =>
  (outlook?.choices ?? []).map(({ action, does }) => `${action}: ${does}`);

suite('runs on hold and without data', () => {
  const asked = heldStory.slice(
    0,
    heldStory.findIndex(event => event.type === 'question-closed' && event.question === 'q2'),
  );

  test('a canary on hold: the nodes that stay, and four choices', () => {
    const held = snap(asked, startMs + 979_000);
    assert.match(held.header.detail ?? '', /2\.14\.0 stays on prod-01 and prod-02 until someone decides\.$/);
    assert.deepEqual(held.header.actions, ['look-again', 'promote', 'roll-back', 'hold', 'compare-releases']);
    assert.deepEqual(choicesOf(held), [
      'look-again: Measures the same nodes again, with evidence from now on; nothing is deployed. ' +
        'If it passes, the run continues with phase 2 of 3.',
      'promote: Asks for a reason, then the run continues with phase 2 of 3. ' +
        'It is recorded as your decision, not as verified.',
      'roll-back: prod-01 and prod-02 return to 2.13.2 and its configuration. No other node is changed.',
      'hold: Keeps the canary as it is until someone decides; nothing happens automatically.',
    ]);
    const production = held.groups.flat().find(({ name }) => name === 'Production');
    assert.deepEqual([production?.standstill, production?.note], ['held', 'On hold in phase 1 of 3']);
  });

  test('a run that ended on hold is accepted only where every node runs its release', () => {
    const part = snap(heldStory, startMs + 2_000_000),
      whole = snap(
        heldStory.map(event =>
          event.type === 'phase-started'
            ? { ...event, phase: 3, canaryNodes: [...canaryNodes, ...baselineNodes], baselineNodes: [] }
            : event,
        ),
        startMs + 2_000_000,
      );
    assert.deepEqual(
      [part, whole].map(({ header }) => header.actions),
      [
        ['run-again', 'roll-back', 'compare-releases'],
        ['accept', 'roll-back', 'compare-releases'],
      ],
    );
    assert.match(choicesOf(whole)[0] ?? '', /^accept: 2\.14\.0 becomes a release to roll back to in production\./);
  });

  test('without data: since when, and what happens when', () => {
    const silent = snap(silentStory, silentStory.at(-1)!.at + 1_000);
    assert.deepEqual(silent.header.actions, ['look-again', 'roll-back', 'hold', 'compare-releases']);
    assert.deepEqual(
      silent.outlook?.known.map(({ source, silent: isSilent, text }) => [source, isSilent, text.slice(0, 38)]),
      [
        ['Sumo Logic', true, 'nothing from prod-01 and prod-02 since'],
        ['New Relic', true, 'nothing from prod-01 and prod-02 since'],
      ],
    );
    assert.deepEqual(
      silent.outlook?.next.map(({ about, text }) => `${about}: ${text}`),
      [
        'past: Last data',
        'now: Now: queries every 15 s. If data arrives, the verification continues.',
        'hold: Goes on hold. 2.14.0 stays on prod-01 and prod-02, and you are asked.',
      ],
    );
    assert.equal(silent.groups.flat().find(({ name }) => name === 'Production')?.standstill, 'no-data');
  });

  test('other runs have no such part', () => assert.equal(snap(rolledBackStory, startMs + 800_000).outlook, null));
});
