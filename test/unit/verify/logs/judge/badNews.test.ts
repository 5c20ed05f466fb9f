// Known statements that newly say something bad, several events that say the same, and one fatal line.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createLogAnalysis } from '../../../../../src/verify/logs/logAnalysis.ts';
import type { LogsCheck } from '../../../../../src/model/evidence/verdict.ts';

const startMs = Date.UTC(2026, 4, 5, 9),
  apartMs = 3000,
  count = 120;

/** Two nodes with the same lines; `more` begins in the middle of the canary's, or of the baseline's. */
function judge(usual: (i: number) => string, canary: readonly string[], baseline: readonly string[] = []): LogsCheck {
  const analysis = createLogAnalysis({ sensitivity: 'medium', trafficRatio: 1, baselineKind: 'existing' });
  for (const [role, more] of [
    ['baseline', baseline],
    ['canary', canary],
  ] as const) {
    const texts = Array.from({ length: count }, (_, i) => [usual(i), ...(i < 40 ? [] : more.slice(i - 40, i - 39))]);
    analysis.add(
      texts.flatMap((some, i) =>
        some.map(text => {
          const atMs = startMs + i * apartMs;
          return { atMs, node: role, text: `${new Date(atMs).toISOString()} ${text}` };
        }),
      ),
      role,
    );
  }
  const atMs = startMs + count * apartMs;
  return analysis.assess({ name: 'logs', source: 'files', atMs, canarySinceMs: startMs, minimumMs: 60_000 });
}

const repeat = (text: string, times: number): string[] => Array.from({ length: times }, () => text);

for (const [usual, said] of [
  ['INFO gate of the dock is open', 'INFO gate of the dock is stopped'],
  ['INFO gate probe ready=true', 'INFO gate probe ready=false'],
  ['INFO tide of the dock was now measured', 'INFO tide of the dock was not measured'],
  ['gate of the dock is green', 'gate of the dock is red'],
] as const)
  void test(`"${said}" instead of "${usual}" holds when it repeats, and passes once`, () => {
    assert.equal(judge(() => usual, repeat(said, 6)).outcome, 'inconclusive');
    assert.equal(judge(() => usual, [said]).outcome, 'pass');
  });

void test('a new word of another kind in its place does not hold', () => {
  assert.equal(
    judge(() => 'INFO gate of the dock is open', repeat('INFO gate of the dock is painted', 6)).outcome,
    'pass',
  );
});

void test('a count of none is no trouble', () => {
  assert.equal(judge(() => 'INFO the dock is open', repeat('INFO inspection of cranes: 0 failed', 6)).outcome, 'pass');
});

void test('what several statements newly say holds together', () => {
  const docks = ['north', 'south', 'east'];
  const check = judge(
    i => `INFO dock ${docks[i % 3]} opened`,
    docks.flatMap(dock => repeat(`INFO dock ${dock} failed`, 2)),
  );
  assert.equal(check.outcome, 'inconclusive');
  assert.equal(judge(i => `INFO dock ${docks[i % 3]} opened`, ['INFO dock north failed']).outcome, 'pass');
});

void test('one fatal line fails beside single errors of the baseline, and not beside its fatal lines', () => {
  const usual = (i: number): string => `INFO opened gate ${i}`,
    fatal = ['FATAL keel of the ledger broken'],
    single = ['ERROR lamp burnt out', 'ERROR rope torn off', 'ERROR anchor slipped away', 'ERROR chart faded entirely'];
  assert.equal(judge(usual, fatal).outcome, 'fail');
  assert.equal(judge(usual, fatal, single).outcome, 'fail');
  assert.notEqual(judge(usual, fatal, ['FATAL mast of the archive split']).outcome, 'fail');
});
