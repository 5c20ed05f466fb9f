// The check: what fails, what passes and what cannot be said, over a made-up fleet of ten nodes.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { LogLine } from '../../../../src/model/evidence/evidence.ts';
import type { LogsCheck } from '../../../../src/model/evidence/verdict.ts';
import { createLogAnalysis, type LogAnalysis, type LogSettings } from '../../../../src/verify/logs/logAnalysis.ts';
import { minuteMs, nodeNames, ordinaryLines, seeded, stamp, startMs } from './synthetic.ts';

const settings: LogSettings = { sensitivity: 'medium', trafficRatio: 0.25, baselineKind: 'existing' };
const canaryNodes = nodeNames('canary', 2),
  baselineNodes = nodeNames('base', 8);
const endMs = startMs + 5 * minuteMs;

function ordinary(analysis: LogAnalysis, seed: number, more: { toMs?: number; burst?: number } = {}): void {
  const traffic = { fromMs: startMs, toMs: endMs, perNodeAndSecond: 1, ...more };
  analysis.add(ordinaryLines({ ...traffic, seed, nodes: baselineNodes }), 'baseline');
  analysis.add(ordinaryLines({ ...traffic, seed: seed + 1, nodes: canaryNodes }), 'canary');
}

function assess(analysis: LogAnalysis, more: { atMs?: number; minimumMs?: number } = {}): LogsCheck {
  return analysis.assess({
    name: 'logs',
    source: 'sumo',
    atMs: endMs,
    canarySinceMs: startMs,
    minimumMs: 4 * minuteMs,
    ...more,
  });
}

/** `count` records of an exception that no one has seen, ten seconds apart. */
function exceptionLines(type: string, method: string, count: number, node = 'canary-1', offsetMs = 0): LogLine[] {
  return Array.from({ length: count }, (_, i) => {
    const atMs = startMs + minuteMs + i * 10_000 + offsetMs;
    return {
      atMs,
      node,
      text: [
        `${stamp(atMs)} ERROR [worker-${i}] shop.order.Orders - Order ${i * 37} failed`,
        `shop.${type}: order ${i * 37}`,
        `\tat shop.order.Orders.${method}(Orders.java:${30 + i})`,
        '\tat shop.web.Web.post(Web.java:9)',
      ].join('\n'),
    };
  });
}

const codes = (check: LogsCheck): string[] => check.reasons.map(reason => reason.code);
const unusual = (check: LogsCheck): string[] =>
  check.clusters.filter(cluster => cluster.class !== 'known').map(cluster => cluster.template);

test('a canary like its baseline passes, with numbers', () => {
  const analysis = createLogAnalysis(settings);
  ordinary(analysis, 1);
  const check = assess(analysis);
  assert.equal(check.outcome, 'pass');
  assert.deepEqual(codes(check), ['logs-clean']);
  assert.deepEqual(unusual(check), []);
  assert.equal(check.canaryLines, 600);
});

test('four rare exceptions never seen before fail it, and are named', () => {
  const analysis = createLogAnalysis(settings);
  ordinary(analysis, 3);
  ['Alpha', 'Beta', 'Gamma', 'Delta'].forEach((name, i) =>
    analysis.add(exceptionLines(`${name}Exception`, `do${name}`, 2, canaryNodes[i % 2]!, i * 1500), 'canary'),
  );
  const check = assess(analysis);
  assert.equal(check.outcome, 'fail');
  assert.equal(unusual(check).length, 4);
  assert.deepEqual(check.reasons[0], {
    code: 'unknown-clusters',
    values: { clusters: 4, lines: 8, nodes: 2, deployments: 0 },
  });
  const [riskiest] = check.clusters;
  assert.equal(riskiest!.severity, 'error');
  assert.match(riskiest!.samples.canary[0]!, /at shop\.order\.Orders/);
});

test('it fails as soon as it is sure, before the window is over', () => {
  const analysis = createLogAnalysis(settings);
  ordinary(analysis, 5, { toMs: startMs + 2 * minuteMs });
  analysis.add(exceptionLines('AlphaException', 'doAlpha', 5), 'canary');
  assert.equal(assess(analysis, { atMs: startMs + 2 * minuteMs }).outcome, 'fail');
});

test('one line of an unknown error does not fail it, nor let it pass', () => {
  const analysis = createLogAnalysis(settings);
  ordinary(analysis, 7);
  analysis.add(exceptionLines('AlphaException', 'doAlpha', 1), 'canary');
  assert.equal(assess(analysis).outcome, 'inconclusive');
});

test('new lines of information never fail it', () => {
  const analysis = createLogAnalysis(settings);
  ordinary(analysis, 9);
  analysis.add(
    Array.from({ length: 300 }, (_, i) => ({
      atMs: startMs + i * 900,
      node: 'canary-1',
      text: `${stamp(startMs + i * 900)} INFO  [worker-1] shop.order.Orders - Brand new feature used ${i} times`,
    })),
    'canary',
  );
  const check = assess(analysis);
  assert.equal(check.outcome, 'pass');
  assert.deepEqual(codes(check), ['unknown-clusters', 'logs-clean']);
});

test('a known error that becomes several times as frequent fails it', () => {
  const analysis = createLogAnalysis(settings);
  ordinary(analysis, 11);
  analysis.add(
    Array.from({ length: 60 }, (_, i) => ({
      atMs: startMs + i * 4000,
      node: canaryNodes[i % 2]!,
      text:
        `${stamp(startMs + i * 4000)} ERROR [worker-3] shop.mail.Sender - Could not deliver message ${i} to ` +
        `smtp${i % 3}.mail.local`,
    })),
    'canary',
  );
  const check = assess(analysis);
  assert.equal(check.outcome, 'fail');
  const [cluster] = check.clusters;
  assert.equal(cluster!.class, 'unexpected-frequency');
  assert.equal(cluster!.direction, 'up');
  assert.ok(codes(check).includes('cluster-frequency'));
});

test('what could not be seen is neither good nor bad', () => {
  const silent = createLogAnalysis(settings);
  silent.add(
    ordinaryLines({ seed: 1, fromMs: startMs, toMs: endMs, nodes: baselineNodes, perNodeAndSecond: 1 }),
    'baseline',
  );
  assert.equal(assess(silent).outcome, 'inconclusive');
  assert.deepEqual(codes(assess(silent)), ['no-canary-data']);
  const alone = createLogAnalysis(settings);
  alone.add(
    ordinaryLines({ seed: 1, fromMs: startMs, toMs: endMs, nodes: canaryNodes, perNodeAndSecond: 1 }),
    'canary',
  );
  alone.add(exceptionLines('AlphaException', 'doAlpha', 9), 'canary');
  assert.equal(assess(alone).outcome, 'inconclusive');
  assert.deepEqual(unusual(assess(alone)), []);
  assert.ok(codes(assess(alone)).includes('no-baseline-data'));
  const early = createLogAnalysis(settings);
  ordinary(early, 13, { toMs: startMs + minuteMs });
  assert.deepEqual(assess(early, { atMs: startMs + minuteMs }).reasons, [
    { code: 'not-enough-data', values: { have: 60, need: 240, what: 'seconds' } },
  ]);
  assert.equal(assess(createLogAnalysis(settings)).outcome, 'inconclusive');
});

test('a parameter word never seen before makes no unknown cluster', () => {
  const analysis = createLogAnalysis(settings);
  ordinary(analysis, 15);
  const login = (user: string, at: number): LogLine => ({
    atMs: startMs + at,
    node: 'canary-1',
    text:
      `${stamp(startMs + at)} INFO  [worker-1] shop.login.Audit - audit action=login user=${user} source="${user} ` +
      'laptop" result=granted',
  });
  analysis.add(
    ['alice', 'bob', 'carol'].map((user, i) => ({ ...login(user, i * 1000), node: 'base-1' })),
    'baseline',
  );
  analysis.add([login('mallory', 5000)], 'canary');
  assert.deepEqual(unusual(assess(analysis)), []);
});

test(
  'another name in quotes, after `=` or after a colon is known; where it speaks of trouble, ' +
    'or stands in a sentence, it is not',
  () => {
    const unknownOf = (known: string, shown: string): string[] => {
      const analysis = createLogAnalysis(settings);
      ordinary(analysis, 15);
      const line = (message: string, node: string, atMs: number): LogLine => ({
        atMs,
        node,
        text: `${stamp(atMs)} INFO  [worker-1] shop.pay.Payments - ${message}`,
      });
      analysis.add([line(known, 'base-1', startMs)], 'baseline');
      analysis.add([line(shown, 'canary-1', startMs + 5000)], 'canary');
      return unusual(assess(analysis));
    };
    const names = [
      [
        'Payment method "credit card" was accepted for order 5',
        'Payment method "direct bank transfer" was accepted for order 6',
      ],
      ["Column 'total' was added to orders", "Column 'weight' was added to orders"],
      ['Charged order 5, provider: stripe', 'Charged order 6, provider: adyen'],
      ['Charged order 5 provider=stripe took 5', 'Charged order 6 provider=adyen took 8'],
    ] as const;
    const troubles = [
      ['Charged order 5 by provider stripe in 20 ms', 'Charged order 6 by provider adyen in 30 ms'],
      ['Order 5 ended with status "done" after 7 tries', 'Order 6 ended with status "failed" after 7 tries'],
      ['Order 5 ended with status=done after 7 tries', 'Order 6 ended with status=failed after 7 tries'],
      ['Gateway answered "all is well" to order 5', 'Gateway answered "connection refused by peer" to order 6'],
      ['Order 5 was sent to provider stripe', 'Order 6 was sent to provider failed'],
      ['Order 5 is done, result=all good', 'Order 6 is done, result=connection refused'],
    ] as const;
    assert.deepEqual(
      names.flatMap(([known, shown]) => unknownOf(known, shown)),
      [],
    );
    assert.deepEqual(
      troubles.map(([known, shown]) => unknownOf(known, shown).length),
      troubles.map(() => 1),
    );
  },
);

test('lines read twice count once, and order within a call does not matter', () => {
  const once = createLogAnalysis(settings),
    twice = createLogAnalysis(settings);
  ordinary(once, 17);
  const canary = ordinaryLines({ seed: 18, fromMs: startMs, toMs: endMs, nodes: canaryNodes, perNodeAndSecond: 1 });
  twice.add(
    ordinaryLines({ seed: 17, fromMs: startMs, toMs: endMs, nodes: baselineNodes, perNodeAndSecond: 1 }),
    'baseline',
  );
  twice.add([...canary].reverse(), 'canary');
  twice.add(canary.slice(0, 200), 'canary');
  assert.deepEqual(
    assess(twice).clusters.map(({ key, canaryCount }) => [key, canaryCount]),
    assess(once).clusters.map(({ key, canaryCount }) => [key, canaryCount]),
  );
});

test('keys and places on the map are the same in another run with other values', () => {
  const keysOf = (seed: number): string[] => {
    const analysis = createLogAnalysis(settings);
    ordinary(analysis, seed);
    return assess(analysis)
      .clusters.map(({ key, x, y }) => `${key} ${x} ${y}`)
      .sort();
  };
  assert.deepEqual(keysOf(19), keysOf(1019));
});

test('what a good deployment taught is known in the next, also when its wording changed a little', () => {
  const first = createLogAnalysis(settings);
  ordinary(first, 21);
  const teaching = exceptionLines('OldFriendException', 'greetPolitely', 3);
  first.add(teaching, 'canary');
  assess(first);
  const learned = first.learn();
  assert.equal(learned.deployments, 1);
  const next = createLogAnalysis({ ...settings, learned: structuredClone(learned) });
  ordinary(next, 23);
  next.add(exceptionLines('OldFriendException', 'greetPolitely', 4), 'canary');
  next.add(
    [
      {
        atMs: startMs + 5000,
        node: 'canary-1',
        text: `${stamp(startMs + 5000)} INFO  [worker-1] shop.cart.CartService - Removed an item 5 from cart 7`,
      },
    ],
    'canary',
  );
  const check = assess(next);
  assert.deepEqual(
    unusual(check).filter(template => template.includes('OldFriend')),
    [],
  );
  assert.equal(check.learnedDeployments, 1);
  const again = next.learn();
  assert.equal(again.deployments, 2);
  assert.equal(again.clusters.find(cluster => cluster.template.includes('OldFriend'))?.deployments, 2);
  assert.deepEqual(
    new Set(learned.clusters.map(cluster => cluster.key)),
    new Set(
      again.clusters.map(cluster => cluster.key).filter(key => learned.clusters.some(cluster => cluster.key === key)),
    ),
  );
});

test('without baseline nodes it compares with before and says so', () => {
  const analysis = createLogAnalysis({ ...settings, trafficRatio: 1, baselineKind: 'previous' });
  analysis.add(
    ordinaryLines({
      seed: 25,
      fromMs: startMs - 10 * minuteMs,
      toMs: startMs,
      nodes: canaryNodes,
      perNodeAndSecond: 1,
    }),
    'before',
  );
  analysis.add(
    ordinaryLines({ seed: 26, fromMs: startMs, toMs: endMs, nodes: canaryNodes, perNodeAndSecond: 1 }),
    'canary',
  );
  const check = assess(analysis);
  assert.equal(check.outcome, 'pass');
  assert.deepEqual(codes(check), ['no-baseline-nodes', 'logs-clean']);
});

test('bursty logs of a good canary, looked at again and again, rarely fail it', () => {
  let failed = 0;
  const runs = 30;
  for (let run = 0; run < runs; run++) {
    const analysis = createLogAnalysis(settings),
      seed = 1000 + run * 2;
    const traffic = { fromMs: startMs, toMs: endMs, perNodeAndSecond: 0.5, burst: 6 };
    const baseline = ordinaryLines({ ...traffic, seed, nodes: baselineNodes }),
      canary = ordinaryLines({ ...traffic, seed: seed + 1, nodes: canaryNodes });
    for (let minute = 1; minute <= 5; minute++) {
      const isNow = ({ atMs }: LogLine): boolean =>
        atMs >= startMs + (minute - 1) * minuteMs && atMs < startMs + minute * minuteMs;
      analysis.add(baseline.filter(isNow), 'baseline');
      analysis.add(canary.filter(isNow), 'canary');
      if (assess(analysis, { atMs: startMs + minute * minuteMs }).outcome === 'fail') {
        failed++;
        break;
      }
    }
  }
  assert.ok(failed <= 2, `${failed} of ${runs} failed`);
});

test('reports are bounded, and what is unusual is never cut', () => {
  const analysis = createLogAnalysis(settings),
    random = seeded(4);
  const word = (): string =>
    Array.from({ length: 9 }, () => String.fromCharCode(97 + Math.floor(random() * 26))).join('');
  const lines = Array.from({ length: 500 }, (_, i) => ({
    atMs: startMs + i,
    node: 'base-1',
    text: `${stamp(startMs + i)} INFO  [main] shop.Main - ${word()} ${word()} ${word()}`,
  }));
  analysis.add(lines, 'baseline');
  analysis.add(
    lines.map(line => ({ ...line, node: 'canary-1' })),
    'canary',
  );
  analysis.add(exceptionLines('AlphaException', 'doAlpha', 5), 'canary');
  const check = assess(analysis);
  assert.equal(check.clusters.length + check.hiddenClusters, 501);
  assert.ok(check.clusters.length <= 301);
  assert.equal(check.clusters[0]!.class, 'unknown');
});

test('objects without a message under a known name are compared by their keys, and the check says so', () => {
  const analysis = createLogAnalysis(settings);
  ordinary(analysis, 3);
  const lines = Array.from({ length: 60 }, (_, i) => ({
    atMs: startMs + i * 1000,
    node: canaryNodes[0]!,
    text: `{"seat":${i},"row":"c"}`,
  }));
  analysis.add(
    lines.map(line => ({ ...line, node: baselineNodes[0]! })),
    'baseline',
  );
  analysis.add(lines, 'canary');
  const { reasons } = assess(analysis);
  assert.deepEqual(
    reasons.find(({ code }) => code === 'unread-lines'),
    { code: 'unread-lines', values: { source: 'sumo', format: 'json-message', lines: 120 } },
  );
});
