// Medians over runs, from events alone, and null where nothing happened.
import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { timelineOf } from '../../../src/protocol/report/timeline.ts';
import { median, runStatistics } from '../../../src/protocol/words/statistics.ts';
import {
  cancelledStory,
  heldStory,
  jonas,
  promotedStory,
  rolledBackStory,
  startMs,
  waitingStory,
} from '../terminal/stories.ts';

suite('statistics', () => {
  test('of no run are null, not zero', () => {
    assert.deepEqual(runStatistics([]), {
      runs: 0,
      outcomes: {},
      medianMsToDetect: null,
      detections: 0,
      medianMsToRollBack: null,
      rollbacks: 0,
      shareDecidedWithoutPerson: null,
      decided: 0,
    });
  });
  test('count detection from the first anomalous line and rollback from the decision', () => {
    assert.deepEqual(runStatistics([rolledBackStory, promotedStory, heldStory, cancelledStory, waitingStory]), {
      runs: 5,
      outcomes: { 'rolled-back': 1, promoted: 1, held: 1, cancelled: 1, unfinished: 1 },
      medianMsToDetect: 183_200,
      detections: 1,
      medianMsToRollBack: 6400,
      rollbacks: 1,
      shareDecidedWithoutPerson: 1,
      decided: 2,
    });
  });
  test("a person's decision is not the policy's", () => {
    const byHand = promotedStory.map(event => (event.type === 'decided' ? { ...event, by: jonas } : event));
    assert.equal(runStatistics([rolledBackStory, byHand]).shareDecidedWithoutPerson, 0.5);
  });
  test('a rollback that left nodes behind is no rollback to be proud of', () => {
    const broken = rolledBackStory.map(event =>
      event.type === 'rollback-finished' ? { ...event, failedNodes: ['prod-01'] } : event,
    );
    assert.equal(runStatistics([broken]).medianMsToRollBack, null);
  });
  test('the time that a person takes to answer is no time to detect', () => {
    const answeredLater = rolledBackStory.map(event =>
      event.at >= startMs + 684_200 && event.type !== 'looked' ? { ...event, at: event.at + 84_000 } : event,
    );
    assert.equal(runStatistics([answeredLater]).medianMsToDetect, 183_200);
    assert.match(
      timelineOf('run', answeredLater).find(({ about }) => about === 'first-anomaly')?.text ?? '',
      /detected 3:03 later/,
    );
  });
  test('a line stamped after its detection does not count', () => {
    const ahead = rolledBackStory.map(event =>
      event.type === 'verification-finished' ? { ...event, firstAnomalyMs: event.at + 1 } : event,
    );
    assert.equal(runStatistics([ahead]).medianMsToDetect, null);
  });
  test('median of even and odd', () =>
    assert.deepEqual([median([3, 1, 2]), median([4, 1, 2, 3]), median([])], [2, 2.5, null]));
});
