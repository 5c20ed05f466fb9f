// A run on hold, or without data: the actions that it allows, and what each does, from the run itself.
import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import type { RunEvent } from '../../../src/model/runs/runEvents.ts';
import { snapshotRun, type RunSnapshot } from '../../../src/protocol/snapshot/snapshot.ts';
import { formatTime } from '../../../src/protocol/words/format.ts';
import type { Check, MetricCheck, Reason } from '../../../src/model/evidence/verdict.ts';
import { silentStory } from '../../panel/askingStories.ts';
import { logsCheck } from '../../panel/fixtures.ts';
import {
  baselineNodes,
  call,
  canaryNodes,
  heldStory,
  newRelease,
  oldRelease,
  rolledBackStory,
  startMs,
} from '../terminal/stories.ts';

function snap(events: readonly RunEvent[], nowMs: number): RunSnapshot {
  const snapshot = snapshotRun('run', events, nowMs, { working: oldRelease });
  assert.ok(snapshot);
  return snapshot;
}
const choicesOf = ({ outlook }: RunSnapshot): readonly string[] =>
  (outlook?.choices ?? []).map(({ action, does }) => `${action}: ${does}`);

/** The table of what is known, with its heads. */
const tableOf = ({ outlook }: RunSnapshot): readonly (readonly string[])[] =>
  outlook?.known
    ? [
        ['', ...outlook.known.columns],
        ...outlook.known.rows.map(({ source, cells }) => [
          source,
          ...cells.map(({ tone, text }) => `${tone ?? ''}: ${text}`),
        ]),
      ]
    : [];
const hookCall = call('Production', 'check', canaryNodes, { purpose: 'check', phase: 1 });
const onlyN5 = (check: Check): Check => ({
  ...check,
  reasons: check.reasons.map(reason => ({
    ...reason,
    values: { ...reason.values, nodes: 'n5', count: 1, eachSinceMs: String(startMs + 399_000) },
  })),
});
type Finished = Extract<RunEvent, { type: 'verification-finished' }>;
const finished = (event: Finished, looked: RunEvent): RunEvent =>
  looked.type === 'looked' ? { ...event, report: looked.report } : event;

suite('runs on hold and without data', () => {
  const asked = heldStory.slice(
    0,
    heldStory.findIndex(event => event.type === 'question-closed' && event.question === 'q2'),
  );

  const errorRate: MetricCheck = {
    kind: 'metric',
    source: 'New Relic',
    name: 'error rate',
    outcome: 'inconclusive',
    reasons: [{ code: 'not-enough-data', values: { have: 3, need: 4, what: 'intervals' } }],
    canary: 0.25,
    baseline: 0.2,
    unit: '%',
    change: 0.25,
    evidence: 1,
    threshold: 20,
    neededMs: 90_000,
    allowed: { tolerance: 0.5, direction: 'increase' },
    series: {
      startMs: startMs + 290_000,
      intervalMs: 30_000,
      // One interval before the canary, and a last one that is not complete.
      canary: [0.9, 0.2, null, 0.4, 0.1, null],
      baseline: [0.2, 0.2, 0.2, 0.2, 0.2, null],
      low: [],
      high: [],
      nodes: {},
    },
  };
  const tooFew = asked.map(event =>
    event.type === 'verification-finished' ? { ...event, report: { ...event.report, checks: [errorRate] } } : event,
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
    const since = (seconds: number): string => formatTime(startMs + seconds * 1_000);
    assert.deepEqual(tableOf(silent), [
      ['', 'prod-01', 'prod-02', '8 other nodes'],
      [
        'Sumo Logic',
        `warn: silent since ${since(400)} (4:45)`,
        `warn: silent since ${since(398)} (4:47)`,
        'good: sends data',
      ],
      [
        'New Relic',
        `warn: silent since ${since(393)} (4:52)`,
        `warn: silent since ${since(393)} (4:52)`,
        'good: sends data',
      ],
    ]);
    assert.equal(silent.outlook?.known?.meaning, 'The other nodes still send data, so the sources work.');
    assert.equal(silent.outlook?.next[0]?.at, since(400), 'the last data of all');
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

  test('of many canary nodes the silent ones stand alone, and what the check hook confirmed has its row', () => {
    const nodes = ['n1', 'n2', 'n3', 'n4', 'n5', 'n6'],
      call = { ...hookCall, nodes };
    const events = silentStory.flatMap((event): RunEvent[] => {
      if (event.type === 'phase-started') return [{ ...event, canaryNodes: nodes }];
      if (event.type === 'verification-started')
        return [
          { ...event, type: 'nodes-changed', environment: 'production', nodes, release: newRelease.id },
          { ...event, type: 'hook-intended', call },
          { ...event, type: 'hook-finished', key: call.key, outcome: { kind: 'succeeded', durationMs: 100 } },
          event,
        ];
      if (event.type !== 'looked') return [event];
      return [{ ...event, report: { ...event.report, checks: event.report.checks.slice(0, 1).map(onlyN5) } }];
    });
    const silent = snap(events, silentStory.at(-1)!.at + 1_000);
    assert.deepEqual(tableOf(silent), [
      ['', 'n5', 'n1', 'n2', '3 more canary nodes', '8 other nodes'],
      [
        'Sumo Logic',
        `warn: silent since ${formatTime(startMs + 399_000)} (4:46)`,
        'good: sends data',
        'good: sends data',
        'good: sends data',
        'good: sends data',
      ],
      ['Check hook', ...Array.from({ length: 4 }, () => 'good: runs 2.14.0'), ': not asked'],
    ]);
  });

  test('on hold, the strip says of each interval whether it had data, and whether that was worse than allowed', () => {
    const why = snap(tooFew, startMs + 979_000).outlook?.why;
    assert.deepEqual(
      why?.intervals.map(({ kind }) => kind),
      ['within', 'none', 'beyond', 'within'],
    );
    assert.deepEqual(
      [why?.title, why?.summary, why?.needed, why?.intervals[2]?.text.replace(/^[\d:]+/, '')],
      [
        'error rate, intervals of 30 s',
        '3 of 4 intervals with data, 1 without (dashed), 1 worse than allowed (tall)',
        'Needs about 2 more minutes at this traffic.',
        ' canary 0.4 %, baseline 0.2 %',
      ],
    );
  });

  test('without a series, the strip says what each evaluation said', () => {
    const unread: Reason = { code: 'could-not-read', values: { source: 'Sumo Logic', failure: 'no answer' } };
    const at = (event: RunEvent, looks: number, reasons?: readonly Reason[]): RunEvent[] => {
      const check = logsCheck('inconclusive', 1, 0, { ...(reasons && { reasons }) }),
        report = {
          outcome: 'inconclusive',
          checks: [check],
          startedAtMs: startMs,
          lookedAtMs: event.at,
          looks,
        } as const;
      return [{ seq: 0, at: event.at, type: 'looked', key: 'Production/1/verify', report, queries: [] }];
    };
    const events = asked.flatMap(event => {
      if (event.type === 'looked') return [];
      if (event.type !== 'verification-finished') return [event];
      return [...at(event, 1), ...at(event, 2, [unread]), ...at(event, 3, [unread]).map(one => finished(event, one))];
    });
    const why = snap(events, startMs + 979_000).outlook?.why;
    assert.deepEqual(
      [why?.title, why?.summary, why?.intervals.map(({ kind }) => kind)],
      ['quality, evaluation by evaluation', '1 of 2 evaluations with data, 1 without (dashed)', ['within', 'none']],
    );
    assert.match(why?.intervals[1]?.text ?? '', /: Sumo Logic could not be read: no answer$/);
  });

  test('of a run whose pipeline is in no open folder, nothing is offered that needs the pipeline', () => {
    const elsewhere = (events: readonly RunEvent[]): RunSnapshot =>
      snapshotRun('run', events, startMs + 2_000_000, { working: oldRelease, isElsewhere: true })!;
    const ended = elsewhere(heldStory),
      running = elsewhere(asked);
    assert.deepEqual([ended.header.actions, choicesOf(ended)], [['compare-releases'], []]);
    assert.match(ended.header.detail ?? '', /Open its repository to act on it\.$/);
    assert.deepEqual(running.header.actions, snap(asked, startMs + 2_000_000).header.actions);
    assert.doesNotMatch(running.header.detail ?? '', /repository/);
  });

  test('other runs have no such part', () => assert.equal(snap(rolledBackStory, startMs + 800_000).outlook, null));
});
