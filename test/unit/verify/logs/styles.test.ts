// Headers of many makes: found and stripped, so that the groups are those of the messages alone.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { LogLine } from '../../../../src/model/evidence/evidence.ts';
import { readAccess } from '../../../../src/verify/logs/formats/accessLog.ts';
import { groupLines } from '../../../../src/verify/logs/record/grouping.ts';
import { createLogAnalysis } from '../../../../src/verify/logs/logAnalysis.ts';
import { createRecognizer, describe } from '../../../../src/verify/logs/template/recognition.ts';
import { minuteMs, seeded, startMs } from './synthetic.ts';

const messages = [
  'Cache warmed for # tenants',
  'Lease on shard # was granted',
  'Could not reach replica # of #',
  'Compaction of level # finished, # files left',
];
const loggers = ['store.v2.Cache', 'store.Lease', 'store.net.Replica', 'store.Compactor'];

/** Heads by make; `#` is a digit, LOGGER the statement's own, LEVEL one of several. */
const heads: Readonly<Record<string, string>> = {
  'log4j with threads of several words': '2024-05-06 1#:0#:##,### LEVEL [pool # thread #] LOGGER: ',
  'Spring Boot': '2024-05-06 1#:0#:##.###  LEVEL 1#### --- [exec-#] LOGGER : ',
  'short dates': '24/05/06 1#:0#:## LEVEL LOGGER: ',
  'syslog of one program': 'May  6 1#:0#:## host# stored[1###]: ',
  'syslog of RFC 5424': '<34>1 2024-05-06T1#:0#:##.###Z host#.example.net stored 1### ID4# - ',
  logcat: '05-06 1#:0#:##.###  1###  1### I Stored: ',
  klog: 'I0506 1#:0#:##.######    1### store.go:1##] ',
  'aligned columns': '2024-05-06 1#:0#:##, Info                  STORE    ',
  'numbered events with an epoch': '10#### node-1# store.hw state_change 17######## 1 ',
  "a cluster's collector": '- 17######## 2024.05.06 dn1# May 6 1#:0#:## dn1#/dn1# stored[1###]: ',
  pipes: '20240506-1#:0#:##:###|Stored_Main|1######|',
  brackets: '[Mon May 06 1#:0#:## 2024] [notice] ',
  "a request's ids": '1#:0#:##.### LEVEL  LOGGER TraceID: 8f#a0000#### SpanID: 4c#b##00 ',
  colours: '\u001b[32m2024-05-06 1#:0#:##\u001b[0m \u001b[1mLEVEL\u001b[0m LOGGER - ',
  'no header at all': '',
};

function write(head: string, count: number): { lines: string[]; statements: number[] } {
  const random = seeded(5),
    digits = (text: string): string => text.replaceAll('#', () => String(Math.floor(random() * 10)));
  const statements = Array.from({ length: count }, () => Math.floor(random() * messages.length));
  return {
    statements,
    lines: statements.map(one =>
      digits(
        head.replace('LOGGER', loggers[one]!).replace('LEVEL', ['INFO', 'WARN', 'DEBUG'][Math.floor(random() * 3)]!) +
          messages[one]!,
      ),
    ),
  };
}

for (const [make, head] of Object.entries(heads)) {
  test(`of ${make} the messages alone are grouped`, () => {
    const { lines, statements } = write(head, 200);
    const { groups, templates } = groupLines(lines);
    const expected = new Set(statements.map(one => messages[one]!.replaceAll('#', '<*>')));
    assert.deepEqual(new Set(Array.from(groups, group => templates[group]!.replace(/^<\*> /, ''))), expected);
    assert.equal(templates.length, expected.size);
  });
}

test('structured lines are grouped by their messages, whatever else they tell', () => {
  const random = seeded(6),
    figure = (): number => Math.floor(random() * 1000);
  for (const line of [
    (text: string) => JSON.stringify({ ts: figure(), severity: 'INFO', message: text, pod: `p${figure()}` }),
    (text: string) => JSON.stringify({ level: 30, time: figure(), msg: text }),
  ]) {
    const { templates } = groupLines(
      Array.from({ length: 60 }, (_, i) => line(messages[i % 4]!.replaceAll('#', () => String(figure())))),
    );
    assert.deepEqual(new Set(templates), new Set(messages.map(text => text.replaceAll('#', '<*>'))));
  }
});

/** What the canary alone logs, by its severity, and all that both log. */
function compare(
  usual: (index: number) => string,
  unheard: (index: number) => string,
): { readonly unknown: readonly unknown[]; readonly known: ReadonlyMap<string, string> } {
  const analysis = createLogAnalysis({ sensitivity: 'medium', trafficRatio: 0.5, baselineKind: 'existing' });
  const lines = (node: string, count: number, line: (index: number) => string): LogLine[] =>
    Array.from({ length: count }, (_, i) => ({
      node: `${node}-${i % 2}`,
      id: `${node} ${line(i)} ${i}`,
      atMs: startMs + Math.floor((i * 180_000) / count),
      text: line(i),
    }));
  analysis.add(lines('base', 400, usual), 'baseline');
  analysis.add(
    [...lines('canary', 200, usual), ...lines('canary', 12, unheard)].toSorted((one, other) => one.atMs - other.atMs),
    'canary',
  );
  const { clusters } = analysis.assess({
    name: 'logs',
    source: 'sumo',
    atMs: startMs + 180_000,
    canarySinceMs: startMs,
    minimumMs: minuteMs,
  });
  const by = (kind: string): typeof clusters => clusters.filter(cluster => cluster.class === kind);
  return {
    unknown: by('unknown').map(({ template, severity, canaryCount }) => [template, severity, canaryCount]),
    known: new Map(by('known').map(({ template, severity }) => [template, severity])),
  };
}

test('logfmt: the message is the text of its pair, the level that of its own, and other pairs are fields', () => {
  const line = (i: number, level: string, message: string): string =>
    `time=${new Date(startMs + i).toISOString()} level=${level} msg="${message}" pod=web-${i % 9} took=${i}ms`;
  const { unknown, known } = compare(
    i => line(i, 'info', `could not find item ${i} in the cache`),
    i => line(i, 'error', `provider refused order ${i}`),
  );
  assert.deepEqual(unknown, [['provider refused order <*>', 'error', 12]]);
  assert.deepEqual([...known.values()], ['info']);
});

test(
  'access logs: known by method, path and how it was answered; ' +
    "a server's failure on a known path is an unknown error",
  () => {
    const line = (i: number, path: string, status: number): string =>
      `10.0.${i % 5}.${i % 250} - ${i % 3 ? '-' : 'bob'} ` +
      `[06/May/2024:12:0${i % 10}:${String(i % 60).padStart(2, '0')} +0000] "GET ${path} HTTP/1.1" ${status} ` +
      `${(i * 13) % 9000} "-" "Mozilla/5.0 (X11; rv:${i % 90}.0)"`;
    const usual = (i: number): string =>
      line(
        i,
        [`/api/v2/items/${i}?page=${i}`, '/', `/static/app.${i}f.js`, '/login'][i % 4]!,
        [200, 304, 200, 401][i % 4]!,
      );
    const { unknown, known } = compare(usual, i => line(i, `/api/v2/items/${i}`, 500 + (i % 4)));
    assert.deepEqual(unknown, [['GET /api/v2/items/<*> \u2192 5xx', 'error', 12]]);
    assert.deepEqual(
      new Set(known.keys()),
      new Set([
        'GET /api/v2/items/<*> \u2192 2xx',
        'GET / \u2192 3xx',
        'GET /static/<*>.js \u2192 2xx',
        'GET /login \u2192 4xx',
      ]),
    );
    assert.deepEqual(new Set(known.values()), new Set(['info']));
    assert.deepEqual(compare(usual, i => line(i, `/new/${i}`, 200)).unknown, [['GET /new/<*> \u2192 2xx', 'info', 12]]);
  },
);

test('the requests that a good deployment taught are known in the next', () => {
  const line = (i: number): string =>
    `10.0.0.${i % 200} - - [06/May/2024:12:00:01 +0000] "POST /api/orders/${i} HTTP/1.1" 201 17`;
  const first = createRecognizer(),
    second = createRecognizer(),
    request = readAccess(line(5));
  assert.ok(request);
  const taught = second.groupOfTemplate(describe(first.groupOfRequest(request)));
  assert.equal(second.root(second.groupOfRequest(request)), second.root(taught));
});

test('several words behind the host of a syslog line are no name of a program where they speak of trouble', () => {
  const written = (rest: string): string[] =>
    Array.from({ length: 30 }, (_, i) => `Mar  3 10:00:${String(i).padStart(2, '0')} web-1 ${rest}`);
  for (const [rest, template] of [
    ['out of memory: killed the worker', 'out of memory: killed the worker'],
    ['store: killed the worker', 'killed the worker'],
    ['store raid: killed the worker', 'killed the worker'],
  ] as const)
    assert.deepEqual(groupLines(written(rest)).templates, [template]);
});

test('a level beside a name that holds digits is read, whichever comes first', () => {
  const heads: Readonly<Record<string, (level: string, i: number) => string>> = {
    log4j: (level, i) => `[06May2024 12:00:${i % 60}.123] [worker-${i % 3}/${level}] [a.b.Store/CORE]: `,
    Celery: (level, i) => `[2024-05-06 12:00:00,123: ${level}/worker-${i % 3}] `,
    Monolog: (level, i) => `[2024-05-06T12:00:${10 + (i % 50)}.123456+00:00] shop2.${level}: `,
    log4perl: level => `2024/05/06 12:00:00 ${level}> Store.pm:12 main:: - `,
  };
  for (const [make, head] of Object.entries(heads)) {
    const { unknown, known } = compare(
      i => `${head('INFO', i)}cache warmed for ${i} tenants`,
      i => `${head('ERROR', i)}lease on shard ${i} was granted`,
    );
    assert.equal(unknown.length, 1, make);
    assert.deepEqual((unknown[0] as unknown[]).slice(1), ['error', 12], make);
    assert.deepEqual([...known.values()], ['info'], make);
  }
});

test('of a line that names only its place in the code, the next line is the message', () => {
  const lines = (i: number, message: string): string =>
    `[2024/05/06 12:00:00.${100000 + i},  3] ../../source3/smbd/service.c:${i % 2 ? 12 : 34}(call)\n  ${message}`;
  const { unknown, known } = compare(
    i => lines(i, `cache warmed for ${i} tenants`),
    i => lines(i, `could not reach replica ${i}`),
  );
  assert.deepEqual(
    unknown.map(one => (one as unknown[])[2]),
    [12],
  );
  assert.equal(known.size, 1);
});

test('a host with its port may be all that a line says', () => {
  const { unknown } = compare(
    i => `2024-05-06 12:00:00 INFO cache-${i % 9}.example.com:11211`,
    () => '2024-05-06 12:00:00 ERROR example.com:443',
  );
  assert.deepEqual(
    unknown.map(one => (one as unknown[]).slice(1)),
    [['error', 12]],
  );
});

test('an exit status is read in an object without a known message, and behind a time on a line of its own', () => {
  const makes: readonly ((text: string, i: number) => string)[] = [
    (text, i) => JSON.stringify({ zeit: startMs + i, meldung: text }),
    (text, i) => `2024-05-06T12:00:00.${100000 + i}+00:00\n${text}`,
  ];
  for (const make of makes) {
    const { unknown } = compare(
      i => make(`job ${i} done, exit code 0`, i),
      i => make(`job ${i} done, exit code ${1 + (i % 3)}`, i),
    );
    assert.deepEqual(
      unknown.map(one => (one as unknown[])[2]),
      [12],
    );
  }
});

test('a level under a key of one letter is a word, and a figure there is none', () => {
  const line = (level: unknown, message: string): string =>
    JSON.stringify({ t: 1_715_000_000_000, l: level, msg: message });
  const { unknown } = compare(
    i => line('INFO', `cache warmed for ${i} tenants`),
    i => line('ERROR', `lease on shard ${i} was granted`),
  );
  assert.deepEqual(unknown, [['lease on shard <*> was granted', 'error', 12]]);
  const { known } = compare(
    i => line(3, `cache warmed for ${i} tenants`),
    i => line(3, `cache warmed for ${i} tenants`),
  );
  assert.deepEqual([...known.values()], ['unknown']);
});
