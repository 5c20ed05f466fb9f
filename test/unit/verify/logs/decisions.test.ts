// What is decided beside unknown errors: what is missing, what was learned, one line of something new, bursts, and what
// would have changed it all.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { LearnedEvents, LogLine } from '../../../../src/model/evidence/evidence.ts';
import type { Sensitivity } from '../../../../src/model/pipeline.ts';
import type { ClusterReport, LogsCheck } from '../../../../src/model/evidence/verdict.ts';
import { createLogAnalysis, type LogAnalysis, type LogSettings } from '../../../../src/verify/logs/logAnalysis.ts';
import { severityOfRecord } from '../../../../src/verify/logs/text/severity.ts';
import { minuteMs, nodeNames, ordinaryLines, stamp, startMs } from './synthetic.ts';

const canaryNodes = nodeNames('canary', 2),
  baselineNodes = nodeNames('base', 8),
  endMs = startMs + 5 * minuteMs;

function open(seed: number, more: Partial<LogSettings> = {}, toMs = endMs): LogAnalysis {
  const analysis = createLogAnalysis({ sensitivity: 'medium', trafficRatio: 0.25, baselineKind: 'existing', ...more }),
    isPast = more.baselineKind === 'previous';
  const baseline = ordinaryLines({
    fromMs: isPast ? startMs - 10 * minuteMs : startMs,
    toMs: isPast ? startMs : endMs,
    perNodeAndSecond: 1,
    seed,
    nodes: isPast ? canaryNodes : baselineNodes,
  });
  analysis.add(baseline, isPast ? 'before' : 'baseline');
  analysis.add(
    ordinaryLines({ fromMs: startMs, toMs, perNodeAndSecond: 1, seed: seed + 1, nodes: canaryNodes }),
    'canary',
  );
  return analysis;
}

function assess(analysis: LogAnalysis, atMs = endMs): LogsCheck {
  return analysis.assess({ name: 'logs', source: 'sumo', atMs, canarySinceMs: startMs, minimumMs: 4 * minuteMs });
}

function lines(text: string, count: number, { node = 'canary-1', fromMs = startMs, apartMs = 7000 } = {}): LogLine[] {
  return Array.from({ length: count }, (_, i) => ({
    atMs: fromMs + i * apartMs,
    node,
    text: `${stamp(fromMs + i * apartMs)} ${text.replaceAll('#', String(i * 31 + 7))}`,
  }));
}

function find(check: LogsCheck, words: string): ClusterReport | undefined {
  return check.clusters.find(({ template }) => template.includes(words));
}

const declined = 'ERROR [worker-#] shop.pay.Client - Payment # was declined by the acquirer',
  cutOff = 'WARN  [worker-#] shop.pay.Client - Switched # to the second acquirer';

test('one line of a new warning or of new information passes; a warning that comes again holds; both are shown', () => {
  for (const [text, count, outcome] of [
    [cutOff, 1, 'pass'],
    [cutOff, 6, 'inconclusive'],
    ['INFO  [worker-#] shop.pay.Client - Opened purse #', 1, 'pass'],
    ['INFO  [worker-#] shop.pay.Client - Failed to open purse #', 6, 'inconclusive'],
  ] as const) {
    const analysis = open(1);
    analysis.add(lines(text, count), 'canary');
    const check = assess(analysis);
    assert.deepEqual([check.outcome, check.clusters[0]!.class], [outcome, 'unknown'], `${count} of ${text}`);
  }
});

test('trouble behind a warning is no better than it says, and no exception', () => {
  const refused = 'connect: connection refused';
  assert.equal(severityOfRecord('warn', 'the pool is nearly full', [refused], false, refused), 'error');
  assert.equal(severityOfRecord('warn', 'the pool is nearly full', ['its size is 8'], false), 'warn');
  assert.equal(severityOfRecord('info', 'the pool is open', [refused], false, refused), 'info');
});

test('a new statement that counts errors is as bad as its counts, whichever comes first', () => {
  const analysis = open(1);
  const one = lines('[worker-#] batch done: 0 errors', 1),
    others = lines('[worker-#] batch done: 3 errors', 6);
  analysis.add([...one, ...others.map((line, i) => ({ ...line, id: `other ${i}` }))], 'canary');
  const [cluster] = assess(analysis).clusters;
  assert.deepEqual([cluster!.class, cluster!.severity, cluster!.canaryCount], ['unknown', 'error', 7]);
});

test('an exception is an error also where it was logged as information, a dump of threads is not', () => {
  assert.deepEqual(
    (['info', 'warn', 'debug', undefined] as const).map(level => severityOfRecord(level, 'it went wrong', [], true)),
    ['error', 'warn', 'warn', 'error'],
  );
  assert.equal(severityOfRecord('info', 'it went wrong', [], false), 'info');
  const analysis = open(3);
  analysis.add(
    lines(
      'INFO  [http-1] shop.web.Server - Traceback (most recent call last):\n  File "/srv/shop/web.py", line 1#, ' +
        'in post\n    place(order)\nTypeError: order # is not iterable',
      6,
    ),
    'canary',
  );
  const check = assess(analysis);
  assert.deepEqual([check.outcome, check.clusters[0]!.severity], ['fail', 'error']);
});

test('what every baseline node logs and the canary does not is named, and holds', () => {
  const analysis = open(5);
  const verbs = ['Reserved', 'Printed', 'Weighed', 'Insured', 'Sealed', 'Counted', 'Scanned'],
    things = [
      'a slot for',
      'the label of',
      'every item in',
      'the customs form of',
      'a picture of',
      'the toll for',
      'the books of',
      'a ramp for',
    ];
  const steps = verbs.flatMap(verb =>
    things.map(thing => `${verb} ${thing} parcel # ${verb.toLowerCase()}ly${thing.replaceAll(' ', '')}`),
  );
  for (const node of baselineNodes)
    for (const step of steps)
      analysis.add(
        lines(`INFO  [worker-#] shop.parcel.Flow - ${step}`, 1, { node, fromMs: startMs + minuteMs }),
        'baseline',
      );
  const check = assess(analysis);
  assert.equal(check.outcome, 'inconclusive');
  assert.equal(
    check.clusters.filter(
      ({ class: kind, direction, canaryCount }) =>
        kind === 'unexpected-frequency' && direction === 'down' && canaryCount === 0,
    ).length,
    steps.length,
  );
});

test('one burst of a known line is one event; the same lines spread over the window are a change', () => {
  const mail = 'ERROR [worker-3] shop.mail.Sender - Could not deliver message # to smtp#.mail.local';
  const withMail = (apartMs: number): LogsCheck => {
    const analysis = open(7);
    analysis.add(lines(mail, 60, { fromMs: startMs + minuteMs, apartMs }), 'canary');
    return assess(analysis);
  };
  assert.deepEqual([withMail(10).outcome, withMail(3500).outcome], ['pass', 'fail']);
});

test(
  'without baseline nodes a burst in the first second fails nothing, ' +
    'and a learned rate explains what the time before does not',
  () => {
    const starting = 'WARN  [main] shop.boot.Warmup - Cache region # is cold';
    const first = open(9, { baselineKind: 'previous', trafficRatio: 1 }, startMs + 1000);
    first.add(
      lines('ERROR [worker-3] shop.mail.Sender - Could not deliver message # to smtp#.mail.local', 30, { apartMs: 30 }),
      'canary',
    );
    assert.notEqual(assess(first, startMs + 1000).outcome, 'fail');
    const good = open(11, { version: '1.4.0' });
    good.add(lines(starting, 20, { apartMs: 9000 }), 'canary');
    assess(good);
    const learned = good.learn();
    const next = open(13, { baselineKind: 'previous', trafficRatio: 1, learned });
    next.add(lines(starting, 2, { fromMs: startMs - 5 * minuteMs }), 'before');
    next.add(lines(starting, 22, { apartMs: 9000 }), 'canary');
    const check = assess(next),
      cluster = find(check, 'is cold')!;
    assert.deepEqual(
      [cluster.class, cluster.knownFrom, cluster.seenIn, cluster.deployments],
      ['known', 'before', [{ version: '1.4.0', atMs: endMs }], 1],
    );
  },
);

test('events stored by an earlier version are read, and the next good deployment completes them', () => {
  const old: LearnedEvents = {
    format: 1,
    deployments: 3,
    clusters: [
      {
        key: 'k1',
        template: 'Switched <*> to the second acquirer',
        severity: 'warn',
        deployments: 2,
        lines: 9,
        rate: 0.5,
        lastSeenMs: startMs - minuteMs,
      },
    ],
  };
  const analysis = open(15, { learned: structuredClone(old), version: '2.0.0' });
  analysis.add(lines(cutOff, 6), 'canary');
  const check = assess(analysis);
  assert.deepEqual(
    [check.outcome, find(check, 'second acquirer')!.key, find(check, 'second acquirer')!.knownFrom],
    ['pass', 'k1', 'learned'],
  );
  const again = analysis.learn().clusters.find(({ key }) => key === 'k1')!;
  assert.deepEqual(
    [again.deployments, again.lines, again.nodeMinutes, again.seenIn],
    [3, 15, 10, [{ version: '2.0.0', atMs: endMs }]],
  );
});

test('a check says what would have changed it, and what it still needs', () => {
  const failing = open(17);
  failing.add(lines(declined, 5), 'canary');
  const fail = assess(failing);
  assert.equal(fail.outcome, 'fail');
  assert.deepEqual(
    fail.whatIf?.find(({ code }) => code === 'without-clusters'),
    { code: 'without-clusters', outcome: 'pass', clusters: 1 },
  );
  const holding = open(19);
  holding.add(lines(declined, 1), 'canary');
  const hold = assess(holding),
    more = hold.whatIf?.find(({ code }) => code === 'more-lines');
  assert.deepEqual([hold.outcome, hold.neededMs], ['inconclusive', null]);
  assert.ok(more?.code === 'more-lines');
  holding.add(lines(declined, more.lines, { fromMs: startMs + minuteMs }), 'canary');
  assert.equal(assess(holding).outcome, 'fail');
  const early = assess(open(21), startMs + minuteMs);
  assert.deepEqual(
    [early.outcome, early.neededMs, early.whatIf],
    ['inconclusive', 3 * minuteMs, [{ code: 'more-time', outcome: 'pass', needMs: 3 * minuteMs }]],
  );
  assert.equal(assess(open(21)).neededMs, undefined);
});

test('the sensitivities differ: what high fails, low lets pass or holds', () => {
  const outcome = (sensitivity: Sensitivity, errors: number): string => {
    const analysis = open(23, { sensitivity });
    analysis.add(lines(declined, errors), 'canary');
    return assess(analysis).outcome;
  };
  const fewest = (sensitivity: Sensitivity): number =>
    [1, 2, 3, 4, 5, 6, 7, 8].find(errors => outcome(sensitivity, errors) === 'fail') ?? Infinity;
  assert.ok(
    fewest('high') < fewest('medium') && fewest('medium') < fewest('low'),
    `${fewest('high')}, ${fewest('medium')}, ${fewest('low')}`,
  );
});

test('a cluster says where it was seen: per minute, per node, and which known event it nearly is', () => {
  const analysis = open(25);
  analysis.add(
    lines('INFO  [worker-#] shop.login.Sessions - Session # reopened for user alice', 3, { apartMs: 2 * minuteMs }),
    'canary',
  );
  const cluster = find(assess(analysis), 'reopened')!;
  assert.deepEqual(cluster.minutes, { startMs, canary: [1, 0, 1, 0, 1], baseline: [0, 0, 0, 0, 0] });
  assert.deepEqual([cluster.nodes, cluster.baselineNodes], [{ 'canary-1': 3 }, {}]);
  assert.deepEqual([cluster.nearest?.removed, cluster.nearest?.inserted], [['opened'], ['reopened']]);
  const known = find(assess(analysis), '<*> opened for')!;
  assert.deepEqual([known.knownFrom, Object.keys(known.baselineNodes ?? {}).length], ['baseline', 8]);
});
