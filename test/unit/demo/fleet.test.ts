// The fleet in virtual time: the same seed gives the same telemetry, healthy is healthy, and a node runs only what it
// was given.
import assert from 'node:assert/strict';
import test from 'node:test';
import { createFleet, playHistory, type Fleet } from '../../../src/demo/fleet/fleet.ts';
import { constantWords } from '../../../src/demo/fleet/logText.ts';
import { newExceptions } from '../../../src/demo/fleet/exceptions.ts';
import { rareStatements, startStatements, steadyStatements } from '../../../src/demo/fleet/logCatalogue.ts';
import { createScenario, type ScenarioName } from '../../../src/demo/story/scenarios.ts';
import { createTelemetry, type LogRecord, type Telemetry } from '../../../src/demo/fleet/telemetry.ts';

const startMs = Date.parse('2026-11-23T14:00:00Z');
const minute = 60_000;
const good = { version: '2.13.2', configuration: 'a'.repeat(64) };
const fresh = { version: '2.14.0', configuration: 'b'.repeat(64) };
const canary = ['prod-01', 'prod-02'];

function play(
  scenario: ScenarioName,
  seed: number,
  historyMs = minute,
  canaryMs = 20_000,
  release = fresh,
): { fleet: Fleet; telemetry: Telemetry; canaryFromMs: number } {
  const telemetry = createTelemetry();
  const fleet = createFleet({ seed, telemetry, startMs, release: good });
  fleet.setScenario(createScenario(scenario, seed));
  playHistory(fleet, startMs, startMs + historyMs);
  const canaryFromMs = startMs + historyMs;
  for (const node of canary) fleet.deploy(node, release, canaryFromMs);
  fleet.advance(canaryFromMs + canaryMs);
  return { fleet, telemetry, canaryFromMs };
}
const production = (telemetry: Telemetry, fromMs = 0) =>
  telemetry.logs(fromMs, Infinity).filter(line => line.category === 'prod/storefront');
const newLines = (lines: readonly LogRecord[]) =>
  lines.filter(line => newExceptions.some(one => line.text.includes(` ${one.logger} - ${one.message.split('{')[0]}`)));
const durations = (telemetry: Telemetry, fromMs: number, isCanary: boolean) =>
  telemetry
    .events('Transaction', fromMs, Infinity)
    .filter(
      event =>
        event.attributes['appName'] === 'storefront' && canary.includes(String(event.attributes['host'])) === isCanary,
    )
    .map(event => Number(event.attributes['duration']))
    .sort((left, right) => left - right);
const p95 = (sorted: readonly number[]) => sorted[Math.floor(sorted.length * 0.95)]!;

test('the same seed gives the same telemetry, whatever steps the clock takes, and another seed another', () => {
  const emit = (seed: number, stepMs: number) => {
    const telemetry = createTelemetry();
    const fleet = createFleet({ seed, telemetry, startMs, release: good });
    for (let atMs = startMs; atMs <= startMs + 6000; atMs += stepMs) fleet.advance(atMs);
    return { logs: telemetry.logs(0, Infinity), transactions: telemetry.events('Transaction', 0, Infinity) };
  };
  assert.deepEqual(emit(3, 6000), emit(3, 250));
  assert.notDeepEqual(emit(3, 6000).logs[0], emit(4, 6000).logs[0]);
});

test(
  'ten production nodes write thousands of lines a minute in dozens of templates, ' +
    'and answer 8 to 12 requests a second each',
  () => {
    const telemetry = createTelemetry();
    const fleet = createFleet({ seed: 1, telemetry, startMs, release: good });
    fleet.advance(startMs + 2 * minute);
    assert.equal(fleet.nodes('production', startMs).length, 10);
    const linesPerMinute = production(telemetry).length / 2;
    assert.ok(linesPerMinute > 2500 && linesPerMinute < 5000, `${linesPerMinute} lines a minute`);
    assert.ok(steadyStatements.length + rareStatements.length + startStatements.length >= 50);
    for (const { node } of fleet.nodes('production', startMs)) {
      const perSecond =
        telemetry.events('Transaction', 0, Infinity).filter(event => event.attributes['host'] === node).length / 120;
      assert.ok(perSecond > 8 && perSecond < 12, `${node}: ${perSecond} requests a second`);
      const samples = telemetry.events('SystemSample', 0, Infinity).filter(event => event.attributes['host'] === node);
      assert.equal(samples.length, 120);
    }
    assert.ok(
      production(telemetry).some(line => line.text.includes('\n\tat com.shop.')),
      'known errors bring stack traces',
    );
  },
);

test('every line begins with its time, level, thread and logger', () => {
  const { telemetry } = play('quality-regression', 5);
  for (const line of telemetry.logs(0, Infinity)) {
    assert.match(line.text, /^2026-11-23 14:\d\d:\d\d\.\d{3} (DEBUG|INFO |WARN |ERROR) \[[a-z0-9-]+\] [\w.]+ - \S/);
    assert.equal(Date.parse(`${line.text.slice(0, 23).replace(' ', 'T')}Z`), Math.floor(line.atMs));
    assert.doesNotMatch(line.text, /[{}]/);
  }
});

test('a node is down while it restarts, writes its start-up lines, then serves the release it was given', () => {
  const telemetry = createTelemetry();
  const fleet = createFleet({ seed: 2, telemetry, startMs, release: good });
  fleet.advance(startMs + 5000);
  const { servingFromMs } = fleet.deploy('dev-01', fresh, startMs + 5000)!;
  assert.ok(servingFromMs >= startMs + 6000 && servingFromMs <= startMs + 7000);
  assert.deepEqual(fleet.nodes('dev', servingFromMs - 1), [{ node: 'dev-01', ...good }]);
  assert.deepEqual(fleet.nodes('dev', servingFromMs), [{ node: 'dev-01', ...fresh }]);
  fleet.advance(startMs + 20_000);
  const started = telemetry
    .logs(startMs + 5000, servingFromMs)
    .filter(line => line.node === 'dev-01')
    .map(line => line.text);
  assert.equal(started.length, startStatements.length);
  assert.match(started[0]!, /starting storefront 2\.14\.0/);
  assert.deepEqual(
    telemetry
      .events('Transaction', startMs + 5000, servingFromMs)
      .filter(event => event.attributes['host'] === 'dev-01'),
    [],
  );
  assert.equal(fleet.deploy('dev-09', fresh, startMs), undefined);
});

test('a healthy release shows no anomaly', () => {
  const { fleet, telemetry, canaryFromMs } = play('healthy', 11, minute, minute);
  assert.equal(fleet.firstAnomalyMs(), undefined);
  assert.deepEqual(newLines(telemetry.logs(0, Infinity)), []);
  assert.ok(
    Math.abs(
      p95(durations(telemetry, canaryFromMs + 4000, true)) / p95(durations(telemetry, canaryFromMs, false)) - 1,
    ) < 0.2,
  );
});

test(
  'a quality regression shows exactly its four exceptions, on canary nodes alone, first after some good seconds, ' +
    'then again and again',
  () => {
    for (const seed of [1, 2, 3]) {
      const { fleet, telemetry, canaryFromMs } = play('quality-regression', seed);
      const lines = newLines(telemetry.logs(0, Infinity));
      assert.equal(fleet.firstAnomalyMs(), lines[0]!.atMs);
      assert.ok(lines.every(line => canary.includes(line.node)));
      for (const { exception } of fleet.scenario().exceptions) {
        const times = lines
          .filter(line => line.text.includes(`${exception.logger} - ${exception.message.split('{')[0]}`))
          .map(line => line.atMs);
        assert.ok(
          times[0]! - canaryFromMs > 9_000 && times[0]! - canaryFromMs < 15_000,
          `${exception.id} first after ${times[0]! - canaryFromMs} ms`,
        );
        assert.ok(times.length >= 3, `${exception.id} ${times.length} times`);
        times.slice(1).forEach((time, index) => assert.ok(time - times[index]! > 1300 && time - times[index]! < 4000));
      }
      const transactions = telemetry
        .events('Transaction', canaryFromMs, Infinity)
        .filter(event => canary.includes(String(event.attributes['host'])));
      assert.ok(
        transactions.filter(event => event.attributes['error'] === true).length < transactions.length * 0.02,
        'the code catches them: no more errors for customers',
      );
    }
  },
);

test(
  'old code under the new configuration still shows two of the four, ' +
    'so that half a rollback does not pass for a whole one',
  () => {
    const { fleet, telemetry } = play('quality-regression', 4, minute, 20_000, {
      ...good,
      configuration: fresh.configuration,
    });
    const seen = fleet
      .scenario()
      .exceptions.filter(({ exception }) =>
        telemetry
          .logs(0, Infinity)
          .some(line => line.text.includes(`${exception.logger} - ${exception.message.split('{')[0]}`)),
      );
    assert.deepEqual(
      seen.map(one => one.cause),
      ['configuration', 'configuration'],
    );
  },
);

test('after the rollback of both, nothing anomalous is written any more', () => {
  const { fleet, telemetry, canaryFromMs } = play('quality-regression', 6);
  for (const node of canary) fleet.deploy(node, good, canaryFromMs + 20_000);
  fleet.advance(canaryFromMs + 60_000);
  assert.deepEqual(newLines(telemetry.logs(canaryFromMs + 20_000, Infinity)), []);
});

test('a performance regression slows p95 by some 60 % and leaves the logs clean', () => {
  const { fleet, telemetry, canaryFromMs } = play('performance-regression', 8, minute, minute);
  const ratio = p95(durations(telemetry, canaryFromMs + 3000, true)) / p95(durations(telemetry, canaryFromMs, false));
  assert.ok(ratio > 1.4 && ratio < 1.8, `${ratio}`);
  assert.deepEqual(newLines(telemetry.logs(0, Infinity)), []);
  assert.ok(fleet.firstAnomalyMs()! >= canaryFromMs);
});

test('a frequency regression makes one known line several times as frequent', () => {
  const { fleet, telemetry, canaryFromMs } = play('frequency-regression', 9, minute, minute);
  const { statement } = fleet.scenario().frequent!;
  const lines = production(telemetry, canaryFromMs + 2000).filter(line =>
    line.text.includes(`${statement.logger} - ${statement.message.split('{')[0]}`),
  );
  const perNode = (isCanary: boolean) =>
    lines.filter(line => canary.includes(line.node) === isCanary).length / (isCanary ? 2 : 8);
  const ratio = perNode(true) / perNode(false);
  assert.ok(ratio > 3.5 && ratio < 9, `${ratio}`);
});

test('no-data: the vendors hear nothing of a canary node from its deploy on, and all of the others', () => {
  const { telemetry, canaryFromMs } = play('no-data', 10);
  const of = (node: string) =>
    telemetry.logs(canaryFromMs, Infinity).filter(line => line.node === node).length +
    telemetry.events('Transaction', canaryFromMs, Infinity).filter(event => event.attributes['host'] === node).length;
  assert.deepEqual(canary.map(of), [0, 0]);
  assert.ok(of('prod-03') > 100);
});

test('lower environments never show the scenario', () => {
  const telemetry = createTelemetry();
  const fleet = createFleet({ seed: 1, telemetry, startMs, release: good });
  fleet.setScenario(createScenario('quality-regression', 1));
  fleet.deploy('staging-01', fresh, startMs);
  fleet.advance(startMs + 30_000);
  assert.equal(fleet.firstAnomalyMs(), undefined);
  assert.equal(fleet.isStruck(), false);
});

test('a benign line and a new exception share few words, so that one is never mistaken for the other', () => {
  for (const exception of newExceptions) {
    const words = constantWords(exception);
    for (const benign of [...steadyStatements, ...rareStatements]) {
      const shared = [...words].filter(word => constantWords(benign).has(word)).length / words.size;
      assert.ok(shared < 0.5, `${exception.id} and "${benign.message}" share ${shared}`);
    }
  }
});

test('five minutes of history cost less than two seconds of work, with a restart of every node in them', () => {
  const telemetry = createTelemetry();
  const fleet = createFleet({ seed: 1, telemetry, startMs, release: good });
  const before = process.cpuUsage();
  playHistory(fleet, startMs, startMs + 5 * minute);
  const { user, system } = process.cpuUsage(before);
  assert.ok((user + system) / 1000 < 2000, `${(user + system) / 1000} ms`);
  const started = production(telemetry)
    .filter(line => line.text.includes('taking traffic'))
    .map(line => line.node);
  assert.equal(new Set(started).size, 10);
});
