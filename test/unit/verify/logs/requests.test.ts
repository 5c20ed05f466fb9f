// How many lines a request writes: what tells independent lines from those of one moment's work.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createRequestCounter, joinCounters, linesPerRequest } from '../../../../src/verify/logs/count/requests.ts';

const seenMs = 600_000;

function perRequest(...counters: readonly ReturnType<typeof joinCounters>[]): number {
  return linesPerRequest(counters.map(counter => ({ counter, seenMs })));
}

test('without ids, and with an id for each line, lines come one at a time', () => {
  const counter = createRequestCounter();
  for (let id = 0; id < 50; id++) counter.add(id, id * 1_000);
  assert.equal(perRequest(undefined), 1);
  assert.equal(perRequest(counter), 1);
});

test('requests of five lines each weigh as five', () => {
  const counter = createRequestCounter();
  for (let id = 0; id < 50; id++) for (let line = 0; line < 5; line++) counter.add(id, id * 1_000 + line);
  assert.equal(perRequest(counter), 5);
});

test('a request that writes one line into each of four events weighs as four in all of them together', () => {
  const events = [0, 1, 2, 3].map(createRequestCounter);
  for (let id = 0; id < 50; id++) for (const event of events) event.add(id, id * 1_000);
  assert.equal(perRequest(joinCounters(events)), 4);
});

test('requests that write into different events are not added up', () => {
  const events = [0, 1, 2, 3].map(createRequestCounter);
  for (let id = 0; id < 50; id++) events[id % 4]!.add(id, id * 1_000);
  assert.equal(perRequest(joinCounters(events)), 1);
});

test('an id that is there all the time is a thread, whose lines are work of their own', () => {
  const counter = createRequestCounter();
  for (let line = 0; line < 100; line++) counter.add(7, line * 5_000);
  assert.equal(perRequest(counter), 1);
});
