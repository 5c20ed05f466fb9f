// A known statement that says something new is an event of its own; a new value where values are usual is not.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { LogLine } from '../../../../src/model/evidence/evidence.ts';
import type { LogsCheck } from '../../../../src/model/evidence/verdict.ts';
import { createLogAnalysis } from '../../../../src/verify/logs/logAnalysis.ts';
import { startMs } from './synthetic.ts';

const lines = 300;

/** What the service always logs: one statement in each second, `every` seconds apart from its `at`. */
const usual: readonly (readonly [every: number, at: number, text: (i: number) => string])[] = [
  [1, 0, i => `INFO [main] shop.Basket - Basket ${i} priced in ${(i * 7) % 90} ms`],
  [20, 7, i => `INFO [main] shop.Queue - Message ${i} went from WAITING to SENT in ${i % 9} ms`],
  [20, 11, () => 'INFO [main] shop.Probe - Probe of cache: state=WARM'],
  [10, 3, i => `INFO [main] shop.Link - Link to warehouse opened after ${i % 50} ms`],
  [10, 6, i => `INFO [main] shop.Import - Import of catalogue completed after ${i % 50} ms`],
  [
    5,
    2,
    i => `INFO [main] shop.Users - User ${names[Math.floor(i / 5) % names.length]!}${i % 3 === 0 ? i : ''} signed in`,
  ],
  [10, 8, i => `INFO [main] shop.Audit - Ledger checked, result: ${i % 20 === 8 ? 'OK' : 'SKIPPED'}`],
];
const names = 'ada bob cleo dora emil fritz gina hugo ida jana karl lena mona nina olaf'.split(' ');

function linesOf(node: string, more: More): LogLine[] {
  const texts = Array.from({ length: lines }, (_, i) => [
    ...usual.flatMap(([every, at, text]) => (i % every === at % every ? [text(i)] : [])),
    ...[more(i)].filter(text => text !== undefined),
  ]);
  return texts.flatMap((those, i) =>
    those.map(text => ({
      node,
      atMs: startMs + i * 1000,
      text: `${new Date(startMs + i * 1000).toISOString()} ${text}`,
    })),
  );
}

function check(more: More): LogsCheck {
  return compare(() => undefined, more);
}

type More = (i: number) => string | undefined;

function compare(before: More, more: More): LogsCheck {
  const analysis = createLogAnalysis({ sensitivity: 'medium', trafficRatio: 1, baselineKind: 'existing' });
  analysis.add(linesOf('web-1', before), 'baseline');
  analysis.add(linesOf('web-2', more), 'canary');
  return analysis.assess({
    name: 'logs',
    source: 'files',
    atMs: startMs + lines * 1000,
    canarySinceMs: startMs,
    minimumMs: 0,
  });
}

const every25 = (text: (i: number) => string) => (i: number) => (i % 25 === 13 ? text(i) : undefined);

test('an error that resembles what is known fails the check', () => {
  for (const text of [
    (i: number) => `ERROR [main] shop.Basket - Basket ${i} priced in 5 ms`,
    (i: number) => `ERROR [main] shop.Queue - Message ${i} went from WAITING to DROPPED in 3 ms`,
    () => 'ERROR [main] shop.Probe - Probe of cache: state=GONE',
    (i: number) => `ERROR [main] shop.Link - Link to warehouse severed after ${i} ms`,
    (i: number) => `FATAL [main] shop.Import - Import of catalogue garbled after ${i} ms`,
    () => 'ERROR [main] shop.Audit - Ledger checked, result: UNEQUAL',
  ])
    assert.equal(check(every25(text)).outcome, 'fail', text(13));
});

test('a new word in a sentence, and a new state in a closed place, are events of their own at any level', () => {
  for (const [text, word] of [
    [(i: number) => `INFO [main] shop.Link - Link to warehouse severed after ${i} ms`, 'severed'],
    [() => 'INFO [main] shop.Probe - Probe of cache: state=COLD', 'COLD'],
    [(i: number) => `INFO [main] shop.Queue - Message ${i} went from WAITING to LOST in 3 ms`, 'LOST'],
  ] as const) {
    const unknown = check(every25(text)).clusters.filter(({ class: kind }) => kind === 'unknown');
    assert.deepEqual(
      unknown.map(({ template, canaryCount }) => [template.includes(word), canaryCount]),
      [[true, 12]],
      word,
    );
  }
});

test('a new word among several is news if it comes as often as they do, unless such words come in bursts', () => {
  const parcel = (state: string): string => `INFO [main] shop.Parcels - Parcel of order 17 is ${state} (courier 4)`,
    states = ['booked', 'packed', 'weighed', 'labelled', 'sent'],
    unknownOf = (before: More, more: More): string[] =>
      compare(before, more).clusters.flatMap(({ class: kind, template }) => (kind === 'unknown' ? [template] : []));
  const inTurn = (i: number): string | undefined => (i % 6 === 1 ? parcel(states[Math.floor(i / 6) % 5]!) : undefined);
  const alsoMislaid = (i: number): string | undefined => (i % 25 === 13 ? parcel('mislaid') : inTurn(i));
  assert.deepEqual(
    unknownOf(inTurn, alsoMislaid).map(template => template.includes('mislaid')),
    [true],
  );
  // Each word stands there for a while, and does not come back: so may the next one.
  const oneByOne = (i: number): string | undefined => (i % 6 === 1 ? parcel(states[Math.floor(i / 60)]!) : undefined),
    nextOne = (i: number): string | undefined => (i % 25 === 13 ? parcel('mislaid') : undefined);
  assert.deepEqual(unknownOf(oneByOne, nextOne), []);
});

test('what stands beside a figure in writing without spaces is text, and a name behind its mark is a value', () => {
  for (const [known, said, word] of [
    [
      (i: number) => `INFO 用户${i}登录成功，耗时${i % 9}毫秒`,
      (i: number) => `INFO 用户${i}登录失败，耗时${i % 9}毫秒`,
      '失败',
    ],
    [(i: number) => `INFO 注文${i}を送信しました`, (i: number) => `INFO 注文${i}を取消しました`, '取消'],
    [(i: number) => `INFO 주문${i}건 저장 완료`, (i: number) => `INFO 주문${i}건 저장 취소`, '취소'],
  ] as const) {
    const unknown = compare(known, i => (i % 25 === 13 ? said(i) : known(i))).clusters.flatMap(
      ({ class: kind, template }) => (kind === 'unknown' ? [template.includes(word)] : []),
    );
    assert.deepEqual(unknown, [true], word);
  }
  const named = (from: number) => (i: number) =>
    `INFO 受付（顧客：${names[(i + from) % 15]!}${names[(i * from) % 15]!}）完了`;
  assert.deepEqual(
    compare(named(1), named(4)).clusters.filter(({ class: kind }) => kind !== 'known'),
    [],
  );
});

test('a constant beside a place with hundreds of names stays one, on both sides', () => {
  const syllables = 'ba de fi go hu ka le mi no pu ra se ti vo zu'.split(' ');
  const nameAt = (i: number, from: number): string =>
    [syllables[i % 15], syllables[(i * 7 + from) % 13], syllables[Math.floor(i / 15) % 14]].join('');
  const login = (token: string, from: number) => (i: number) =>
    `ERROR login of ${nameAt(i, from)} denied, token=${token}`;
  const classes = (before: More, more: More) =>
    compare(before, more).clusters.flatMap(({ class: kind, canaryCount }) =>
      kind === 'known' ? [] : [canaryCount >= 10],
    );
  assert.deepEqual(classes(login('null', 1), login('null', 2)), []);
  assert.deepEqual(
    classes(login('null', 1), i => login(i % 25 === 13 ? 'false' : 'null', 2)(i)),
    [true],
  );
});

test('requests for one of many names are one route: a usual share of failures is no news, a new one is', () => {
  const syllables = 'ba de fi go hu ka le mi no pu ra se ti vo zu'.split(' ');
  const asked = (share: number, from: number) => (i: number) =>
    `203.0.113.9 - - [23/Nov/2026:14:02:11 +0000] ` +
    `"GET /shop/${syllables[(i * from) % 15]!}-${syllables[(i * 7 + from) % 13]!} HTTP/1.1" ` +
    `${i % share === 7 ? 500 : 200} 512`;
  assert.deepEqual(
    compare(asked(20, 2), asked(20, 4)).clusters.filter(
      ({ class: kind, severity }) => kind !== 'known' && severity === 'error',
    ),
    [],
  );
  assert.equal(compare(asked(0, 2), asked(20, 4)).outcome, 'fail');
});

test('a statement that only ever counted no errors is news once it counts some, and not where it usually does', () => {
  const counted = (errors: (i: number) => number) => (i: number) =>
    i % 10 === 4 ? `INFO nightly import of ${i} rows ended with ${errors(i)} errors` : undefined;
  const found = (before: (i: number) => number, now: (i: number) => number) =>
    compare(counted(before), counted(now)).clusters.flatMap(({ class: kind, severity, canaryCount }) =>
      kind === 'unknown' ? [[severity, canaryCount]] : [],
    );
  const none = () => 0,
    some = (i: number) => (i % 50 === 4 ? 17 : 0);
  assert.deepEqual(found(none, some), [['warn', 6]]);
  assert.deepEqual(found(some, some), []);
  assert.deepEqual(
    found(() => 3, some),
    [],
    'that there are none at last',
  );
  assert.deepEqual(
    found(i => (i < 100 ? 0 : NaN), some),
    [],
    'ten lines are too few to know',
  );
});

test('fillings of two free places are one event, however few of them both sides have', () => {
  const syllables = 'ba de fi go hu ka le mi no pu ra se ti vo zu'.split(' '),
    nameAt = (i: number): string => `${syllables[i % 15]!}${syllables[(i * 7 + 3) % 13]!}n`;
  const mistakes = (share: number, from: number) => (i: number) =>
    i % share === 1
      ? `ERROR [main] shop.Post - ${nameAt(i + from)} could not send parcels to ${nameAt(i * 5 + from * 3)}`
      : undefined;
  const usual = compare(mistakes(6, 1), mistakes(6, 4));
  assert.deepEqual([usual.outcome, usual.clusters.filter(({ class: kind }) => kind !== 'known')], ['pass', []]);
  assert.equal(compare(mistakes(30, 1), mistakes(3, 4)).outcome, 'fail', 'ten times as many');
});

test('a new name where names differ already, and a known line at a lesser level, are no news', () => {
  for (const text of [
    () => 'INFO [main] shop.Users - User zora signed in',
    (i: number) => `DEBUG [main] shop.Basket - Basket ${i} priced in 5 ms`,
  ]) {
    const { outcome, clusters } = check(every25(text));
    assert.deepEqual([outcome, clusters.filter(({ class: kind }) => kind === 'unknown')], ['pass', []], text(13));
  }
});

test('five lines of a fresh error fail, one holds', () => {
  const fresh = (at: readonly number[]) => (i: number) =>
    at.includes(i) ? `ERROR [main] shop.Pay - Refund ${i} is larger than its payment` : undefined;
  assert.equal(check(fresh([150])).outcome, 'inconclusive');
  assert.equal(check(fresh([50, 100, 150, 200, 250])).outcome, 'fail');
});

test(
  'a name that many same words follow is a value also where the statement begins with it, ' +
    'and no value where it is all that differs',
  () => {
    const table = (name: string) => (i: number) =>
      i === 150 ? `INFO [main] shop.Tables - ${name}: loaded for floor plan of north wing, ${i} seats` : undefined;
    const named = ['OAK', 'ELM', 'ASH'].map(table),
      before = (i: number) => named[Math.floor(i / 60) % 3]!(i % 60 === 30 ? 150 : 0);
    const { clusters } = compare(before, table('FIR'));
    assert.deepEqual(
      clusters.filter(({ class: kind }) => kind === 'unknown'),
      [],
    );
    const set = (name: string) => (i: number) =>
      i % 60 === 30 ? `INFO [main] shop.Setup - ${name} set to ${i}` : undefined;
    assert.equal(
      compare(set('seatLimit'), set('orderLimit')).clusters.filter(({ class: kind }) => kind === 'unknown').length,
      1,
    );
  },
);

test('a known message of another logger is news once so many lines divide by logger', () => {
  const said =
    (logger: string, every: number) =>
    (i: number): string | undefined =>
      i % every === 7 ? `INFO [main] ${logger} - Cellar is closed for the night` : undefined;
  const unknown = (every: number): number =>
    compare(said('shop.Users', every), said('shop.Audit', every)).clusters.filter(
      ({ class: kind }) => kind === 'unknown',
    ).length;
  assert.deepEqual([unknown(290), unknown(30)], [0, 1]);
});

test('where pairs of many names are listed, one more pair is no news; where there is one pair, its value is', () => {
  const pairs =
    'oven.door=shut oven.light=on grill.name=Big Joe stock.owner=Cellar Two ltd menu.of=today bar.stool=red';
  const listed = pairs.split(/ (?=\w+\.)/);
  const property = (said: readonly string[]) => (i: number) =>
    i % 10 === 7 ? `INFO [main] shop.Setup - Kitchen setting:${said[Math.floor(i / 10) % said.length]!}` : undefined;
  const unknown = (before: readonly string[], after: readonly string[]): number =>
    compare(property(before), property(after)).clusters.filter(({ class: kind }) => kind === 'unknown').length;
  assert.equal(unknown(listed, ['till.drawer=Old wooden one']), 0);
  assert.equal(unknown(['oven.door=shut'], ['oven.door=melted']), 1);
});

test('a statement that is more frequent in all of its values fails, though each value alone tells too little', () => {
  const providers = ['adyen', 'klarna', 'stripe', 'paypal'];
  const every = (seconds: number) => (i: number) =>
    i % seconds === 3
      ? `WARN [main] shop.Retry - retry ${i % 3} for provider ${providers[Math.floor(i / seconds) % 4]!} after ${i} ms`
      : undefined;
  const { outcome, clusters } = compare(every(25), every(4));
  assert.equal(outcome, 'fail');
  const named = clusters.filter(one => one.class === 'unexpected-frequency').map(({ template }) => template);
  assert.equal(named.length, 4, named.join());
  assert.equal(compare(every(25), every(25)).outcome, 'pass');
});

test('a state that only ever was one is news as often as it comes otherwise', () => {
  const door = (state: string, every: number) => (i: number) =>
    i % every === 9 ? `INFO [main] shop.Oven - Oven report: 'DoorClosed': ${state}, 'Degrees': ${i}` : undefined;
  const unknown = (every: number): number =>
    compare(door('Yes', 100), door('No', every)).clusters.filter(({ class: kind }) => kind === 'unknown').length;
  assert.deepEqual([unknown(290), unknown(15)], [0, 1]);
});

test('a constant that has a word of trouble in it is news where one such constant stood', () => {
  const moved = (to: string) => (i: number) =>
    i === 150 ? `INFO [main] shop.Cook - Dish soup moved from COOKING to ${to}` : undefined;
  const unknown = (to: string): number =>
    compare(moved('DONE_TABLE_CLEANUP'), moved(to)).clusters.filter(({ class: kind }) => kind === 'unknown').length;
  assert.deepEqual([unknown('FAILED_TABLE_CLEANUP'), unknown('SERVED_TABLE_CLEANUP')], [1, 0]);
});

test('a word in brackets is one more value where paths stood in them', () => {
  const entered = (folder: string) => (i: number) =>
    i % 30 === 4 ? `ERROR [main] shop.Files - LOGIN enter(${folder}) failed: no such folder` : undefined;
  const { clusters } = compare(entered('/srv/menu/today'), entered('cwd'));
  assert.deepEqual(
    clusters.filter(({ class: kind }) => kind === 'unknown'),
    [],
  );
});

test('an exit status other than 0 is an error where programs only ever ended well, and else no news', () => {
  const ended = (words: string, status: (i: number) => number) => (i: number) =>
    i % 10 === 2 ? `INFO [main] shop.Jobs - Job ${i} ${words}${status(i)} after ${i} ms` : undefined;
  const well = () => 0,
    badly = (i: number) => (i % 30 === 2 ? 137 : 0);
  for (const words of [
    'finished with exit code ',
    'ended, exit_status=',
    'exited with code: ',
    'ended: returncode=-',
  ]) {
    const { outcome, clusters } = compare(ended(words, well), ended(words, badly));
    assert.equal(outcome, 'fail', words);
    assert.deepEqual(
      clusters.flatMap(one => (one.class === 'unknown' ? [[one.severity, one.canaryCount]] : [])),
      [['error', 10]],
      words,
    );
    assert.equal(compare(ended(words, badly), ended(words, badly)).outcome, 'pass', words);
  }
  const pairs = (status: (i: number) => number) => (i: number) =>
    i % 10 === 2 ? `level=info msg="job ${i} is done, exit code ${status(i)}" took=${i}ms` : undefined;
  assert.equal(compare(pairs(well), pairs(badly)).outcome, 'fail');
  assert.equal(compare(pairs(badly), pairs(badly)).outcome, 'pass');
  for (const words of ['has item code ', 'was answered with code '])
    assert.equal(compare(ended(words, well), ended(words, badly)).outcome, 'pass', words);
});

test('a new value that makes a rare statement a usual one is an event of its own, one that is as rare is not', () => {
  const opened = (pool: string, at: number, every: number) => (i: number) =>
    i % every === at ? `INFO [main] shop.Pools - Opened the pool 'shop.${pool}' on port ${4000 + i}` : undefined;
  const before = opened('orders', 100, 150);
  for (const [more, found] of [
    [opened('returns', 13, 15), 1],
    [opened('returns', 100, 150), 0],
    [opened('orders', 100, 150), 0],
  ] as const)
    assert.equal(compare(before, more).clusters.filter(({ class: kind }) => kind === 'unknown').length, found);
});
