// What stands beside a message is part of what a line says, where it tells an error's text or a state.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readLines } from '../reading.ts';

type Row = readonly [what: string, line: string, template: string];

/** A JSON line of a record at an error level. */
const failed = (fields: object): string =>
  JSON.stringify({ level: 'error', msg: 'import of prices failed', ...fields });
const told = (fields: object): string => JSON.stringify({ level: 'info', msg: 'till checked', ...fields });
const text = 'ledger is read only',
  joined = `import of prices failed: ${text}`;

const errors: readonly Row[] = [
  ['OpenTelemetry', failed({ 'exception.type': 'LedgerError', 'exception.message': text }), joined],
  ['OpenTelemetry, nested', failed({ exception: { type: 'LedgerError', message: text } }), joined],
  [
    'OpenTelemetry, attributes in an object',
    '{"severity_text":"ERROR","body":"import of prices failed",' +
      '"attributes":{"exception.message":"ledger is read only"}}',
    joined,
  ],
  [
    'OTLP attributes',
    '{"severityText":"ERROR","body":{"stringValue":"import of prices failed"},"attributes":' +
      '[{"key":"exception.message","value":{"stringValue":"ledger is read only"}}]}',
    joined,
  ],
  ['GitLab', failed({ 'exception.class': 'LedgerError', 'exception.message': text }), joined],
  ['a class alone', failed({ 'exception.class': 'LedgerError' }), 'import of prices failed: LedgerError'],
  ['a detail', failed({ detail: text }), joined],
  [
    'a list of errors',
    failed({ errors: [{ code: 7, message: text }, { message: 'ledger is full' }] }),
    `${joined}; ledger is full`,
  ],
  ['a list of texts', failed({ errors: [text] }), joined],
  ['an object beside the message', failed({ context: { cause: text } }), joined],
  ['a count', failed({ errors: 3 }), 'import of prices failed'],
  ['a detail beside information', told({ detail: text }), 'till checked'],
  [
    'a place of a message template',
    '{"@l":"Error","@mt":"Import of {Kind} failed: {Reason}","Kind":"prices","Reason":"ledger is read only"}',
    'Import of {Kind} failed: ledger is read only',
  ],
  ['logfmt', 'level=error msg="import of prices failed" reason="ledger is read only" id=7', joined],
  ['logfmt, beside information', 'level=info msg="till checked" reason="ledger is read only" id=7', 'till checked'],
  [
    'klog',
    'E0303 10:00:00.123456       7 prices.go:40] "Import of prices failed" cause="ledger is read only"',
    `Import of prices failed: ${text}`,
  ],
];

const long = 'shop-of-the-old-town-behind-the-market-hall';
const tails: readonly Row[] = [
  [
    'zap, controller-runtime',
    `2026-03-03T10:00:00.123Z\tERROR\tImport failed\t{"controller": "prices", "shop": "${long}", "error": "${text}"}`,
    `Import failed: ${text}`,
  ],
  [
    'Monolog',
    `[2026-03-03T10:00:00.123456+00:00] shop.ERROR: Import failed {"shop":"${long}","error":"${text}"} {"uid":"ab12"}`,
    `Import failed: ${text}`,
  ],
  [
    'Laravel, whose trace follows inside the text',
    `[2026-03-03 10:00:00] production.ERROR: Import failed ` +
      `{"exception":"[object] (LedgerError(code: 7): ${text} at /srv/a.php:7)`,
    `Import failed: <*> (LedgerError(<*>): ${text} at <*>)`,
  ],
  ['without an error', `2026-03-03T10:00:00.123Z\tERROR\tImport failed\t{"shop": "${long}"}`, 'Import failed'],
  ['with a state', '2026-03-03T10:00:00.123Z INFO Till checked {"shop":"north","open":true}', 'Till checked open=<*>'],
  ['no object', '2026-03-03T10:00:00.123Z ERROR Import failed {"shop: north}', 'Import failed {<*>}'],
];

const states: readonly Row[] = [
  ['a state', told({ state: 'OPEN', id: 7 }), 'till checked state=OPEN'],
  ['a name that ends in one', told({ drawerStatus: 'shut' }), 'till checked drawerStatus=shut'],
  ['in an object beside the message', told({ context: { outcome: 'settled' } }), 'till checked outcome=settled'],
  ['go-grpc-middleware', told({ 'grpc.code': 'Unavailable' }), 'till checked code=Unavailable'],
  ['true or false', told({ balanced: true }), 'till checked balanced=<*>'],
  ['a few of them', told({ e: true, d: true, c: true, b: true, state: 'open' }), 'till checked state=open b=<*> c=<*>'],
  ['several words', told({ result: 'all drawers shut' }), 'till checked'],
  ['a figure', told({ result: 7, state: 'k7' }), 'till checked'],
  ['of an error', failed({ state: 'open', balanced: true }), 'import of prices failed'],
  [
    'logfmt',
    'level=info msg="till checked" state=open balanced=true shop=north',
    'till checked state=open balanced=<*>',
  ],
];

const audit: readonly Row[] = [
  [
    'Linux audit, a program',
    'type=USER_AUTH msg=audit(1772532000.123:77): pid=7 uid=0 auid=1000 ses=2 msg=\'op=PAM:authentication acct="ada" ' +
      'exe="/usr/sbin/sshd" hostname=? addr=10.0.0.7 terminal=ssh res=failed\'',
    'type=USER_AUTH op=PAM:authentication res=failed',
  ],
  [
    'Linux audit, a system call',
    'type=SYSCALL msg=audit(1772532000.123:77): arch=c000003e syscall=2 success=no exit=-13 comm="cat" key="shadow"',
    'type=SYSCALL success=no',
  ],
  [
    'Linux audit, SELinux',
    'type=AVC msg=audit(1772532000.123:77): avc:  denied  { read } for  pid=7 comm="cat" name="shadow" permissive=0',
    'type=AVC avc: denied { read } for',
  ],
];

for (const [what, line, template] of [...errors, ...tails, ...states, ...audit])
  test(`${what}: the message with what its fields tell`, () => {
    const records = readLines(
      [line],
      Array.from({ length: 40 }, () => line),
    );
    assert.deepEqual(
      records.map(one => one.template),
      [template],
    );
  });

test('lines of one structure are told apart by their states, and are one where these are no words', () => {
  const lines = Array.from({ length: 60 }, (_, i) => [
    told({ state: 'open', id: i }),
    told({ state: 'ajar', id: i }),
    told({ state: `drawer ${i} of ${i % 7 === 0 ? 'seven' : 'nine'}`, id: i }),
  ]).flat();
  assert.deepEqual([...new Set(readLines(lines).map(({ template }) => template))].sort(), [
    'till checked',
    'till checked state=ajar',
    'till checked state=open',
  ]);
});

const time = '2026-03-03T10:00:00.123Z';

/** Statements with a figure that tells how something ended: a good one, and a bad one. */
const ends: readonly (readonly [of: string, good: string, bad: string])[] = [
  ['INFO Task ended with return code #', '0', '1'],
  ['INFO nightly backup rc=#', '0', '23'],
  ['INFO web-1 exited (#)', '0', '137'],
  ['systemd[1]: till.service: Main process exited, code=exited, status=#', '0', '3'],
  ['INFO prices hook: {"exitCode": #}', '0', '2'],
];
const answers: readonly string[] = [
  'INFO order sent to the shop, HTTP #',
  'INFO shop said HTTP/1.1 # to order 7',
  'INFO answer of the shop has status code: # for order 7',
  'INFO call to till-service returned # in 7 ms',
  'INFO upstream answered # for /till',
  'INFO shop responded with #',
  'INFO finished request latency=7 ms status=#',
];

test('an exit status other than 0 is an event of its own, whatever it is called', () => {
  for (const [of, good, bad] of ends) {
    const [ended, failedOne] = readLines([good, bad].map(figure => `${time} ${of.replace('#', figure)}`));
    assert.deepEqual(
      [ended, failedOne].map(one => one?.template.endsWith('\u27e8exit status: not 0\u27e9')),
      [false, true],
      of,
    );
  }
  const [ended, failedOne] = readLines([told({ exit_code: 0 }), told({ exit_code: 7 })]);
  assert.deepEqual(
    [ended?.template, failedOne?.template],
    ['till checked', 'till checked \u27e8exit status: not 0\u27e9'],
  );
});

test("a status of a server's failure that is told in words is an error, another status is none", () => {
  for (const answer of answers)
    assert.deepEqual(
      readLines(['200', '503', '404', '500'].map(code => `${time} ${answer.replace('#', code)}`)).map(
        ({ severity }) => severity,
      ),
      ['info', 'error', 'info', 'error'],
      answer,
    );
});

test('a status says nothing more where the line speaks of trouble by itself', () => {
  const records = readLines(['404', '503'].map(code => `${time} INFO could not reach the shop, status code ${code}`));
  assert.deepEqual(
    records.map(({ severity }) => severity),
    ['info', 'info'],
  );
});

test('a count, a rate or a duration is no status', () => {
  for (const line of [
    'INFO search service returned 503 documents',
    'INFO HTTP 500 requests served',
    'INFO upstream answered 502 ms later',
    'INFO till returned 500',
    'INFO stock of till: status=500 items left',
    'INFO HTTP 500.5 per second',
    'INFO return codes read: 7',
  ])
    assert.deepEqual(
      readLines([`${time} ${line}`]).map(({ severity, template }) => [severity, template.includes('exit status')]),
      [['info', false]],
      line,
    );
});
