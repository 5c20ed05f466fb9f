// Scenarios are drawn by seed from a catalogue that is large enough to surprise.
import assert from 'node:assert/strict';
import test from 'node:test';
import { newExceptions } from '../../../src/demo/fleet/exceptions.ts';
import { constantWords, writeLine } from '../../../src/demo/fleet/logText.ts';
import { createRandom, draw } from '../../../src/demo/fleet/random.ts';
import { createScenario, isScenarioName, scenarioNames } from '../../../src/demo/story/scenarios.ts';

test('at least forty exceptions, each of its own, with a trace over several lines and something that varies', () => {
  assert.ok(newExceptions.length >= 40, `${newExceptions.length}`);
  assert.equal(new Set(newExceptions.map(one => one.id)).size, newExceptions.length);
  const random = createRandom(1, 'test');
  for (const exception of newExceptions) {
    const written = Array.from({ length: 20 }, () => writeLine(exception, 0, random));
    assert.ok(written[0]!.split('\n').length >= 4, exception.id);
    assert.ok(new Set(written.map(text => text.split(' - ').slice(1).join())).size > 1, `${exception.id} never varies`);
  }
});

test('no two exceptions of the catalogue read alike', () => {
  for (const [index, one] of newExceptions.entries()) {
    for (const other of newExceptions.slice(index + 1)) {
      const [left, right] = [constantWords(one), constantWords(other)];
      const shared = [...left].filter(word => right.has(word)).length / Math.min(left.size, right.size);
      assert.ok(shared < 0.7, `${one.id} and ${other.id} share ${shared}`);
    }
  }
});

test('the four differ by seed, repeat with the seed, and in the long run all are drawn', () => {
  const drawn = (seed: number) => createScenario('quality-regression', seed).exceptions.map(one => one.exception.id);
  assert.deepEqual(drawn(1), drawn(1));
  assert.equal(new Set(drawn(1)).size, 4);
  assert.ok(new Set(Array.from({ length: 20 }, (_, seed) => drawn(seed).sort().join())).size >= 19);
  assert.equal(new Set(Array.from({ length: 200 }, (_, seed) => drawn(seed)).flat()).size, newExceptions.length);
});

test('two of the four come with the version and two with the configuration', () => {
  assert.deepEqual(
    createScenario('quality-regression', 3)
      .exceptions.map(one => one.cause)
      .sort(),
    ['configuration', 'configuration', 'version', 'version'],
  );
});

test('each scenario changes only what it is named for', () => {
  const changes = scenarioNames.map(name => {
    const { exceptions, slowness, frequent, silent, backendsFail } = createScenario(name, 1);
    return { name, exceptions: exceptions.length, slowness, frequent: frequent?.factor, silent, backendsFail };
  });
  const none = { exceptions: 0, slowness: 1, frequent: undefined, silent: false, backendsFail: false };
  assert.deepEqual(changes, [
    { ...none, name: 'healthy' },
    { ...none, name: 'quality-regression', exceptions: 4 },
    { ...none, name: 'performance-regression', slowness: 1.6 },
    { ...none, name: 'frequency-regression', frequent: 6 },
    { ...none, name: 'no-data', silent: true },
    { ...none, name: 'backend-down', backendsFail: true },
  ]);
  assert.equal(isScenarioName('__proto__'), false);
});

test('chance is repeatable and drawn without repetition', () => {
  const random = createRandom(9, 'test');
  assert.deepEqual(draw(random, [1, 2, 3], 5).sort(), [1, 2, 3]);
  const mean = Array.from({ length: 4000 }, () => random.poisson(0.7)).reduce((sum, count) => sum + count) / 4000;
  assert.ok(Math.abs(mean - 0.7) < 0.06, `${mean}`);
});
