// Where a record begins and ends: what speaks of trouble is never lost in the line before it, and a trace is one event
// through any wrapper.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Severity } from '../../../../src/model/evidence/evidence.ts';
import { read, readLines, type ReadRecord } from './reading.ts';

const stamp = (i: number): string =>
  `2026-03-03T10:${String(Math.floor(i / 60)).padStart(2, '0')}:${String(i % 60).padStart(2, '0')}.000Z`;
const ordinary = Array.from({ length: 60 }, (_, i) => `${stamp(i)} INFO served ${i}`);

/** What is read of lines between ordinary ones, whose time each line of the stream has. */
function among(lines: readonly string[], wrap: (line: string, i: number) => string = line => line): ReadRecord[] {
  const all = [...ordinary, ...lines, `${stamp(61)} INFO served 61`].map(wrap);
  return readLines(all).filter(({ template }) => template !== 'served <*>');
}

/**
 * What a runtime prints when a process dies or an exception is not caught, and the words that must be in the one event
 * that it is.
 */
const deaths: Readonly<Record<string, { readonly lines: string; readonly says: RegExp; readonly severity: Severity }>> =
  {
    'Rust, without a backtrace': {
      lines: `thread 'main' panicked at src/cart.rs:41:17:
index out of bounds: the len is 3 but the index is 7
note: run with \`RUST_BACKTRACE=1\` environment variable to display a backtrace`,
      says: /panicked at .*index out of bounds/,
      severity: 'fatal',
    },
    'Rust, with a backtrace': {
      lines: `thread 'tokio-runtime-worker' panicked at src/cart.rs:41:17:
called \`Result::unwrap()\` on an \`Err\` value: NoPrice(7)
stack backtrace:
   0: rust_begin_unwind
             at /rustc/abc/library/std/src/panicking.rs:645:5
   1: core::panicking::panic_fmt
             at /rustc/abc/library/core/src/panicking.rs:72:14
   2: shop::cart::sum
             at ./src/cart.rs:41:17
note: Some details are omitted, run with \`RUST_BACKTRACE=full\` for a verbose backtrace.`,
      says: /panic.*shop::cart::sum/,
      severity: 'fatal',
    },
    'Go, fatal error': {
      lines: `fatal error: all goroutines are asleep - deadlock!

goroutine 1 [chan receive]:
main.main()
	/srv/app/main.go:7 +0x1d
exit status 2`,
      says: /panic .*main\.main/,
      severity: 'fatal',
    },
    'the shell': {
      lines: 'Segmentation fault (core dumped)',
      says: /^Segmentation fault \(core dumped\)$/,
      severity: 'fatal',
    },
    'the shell, with a job': {
      lines: './run.sh: line 12:  4242 Killed                  java -jar shop.jar',
      says: /Killed/,
      severity: 'error',
    },
    HotSpot: {
      lines: `#
# A fatal error has been detected by the Java Runtime Environment:
#
#  SIGSEGV (0xb) at pc=0x00007f3a7, pid=1, tid=7
#
# If you would like to submit a bug report, please visit:
#   https://bugreport.java.com/bugreport/crash.jsp`,
      says: /fatal error has been detected by the Java Runtime Environment.*SIGSEGV/,
      severity: 'fatal',
    },
    'Java, out of memory without a frame': {
      lines: 'java.lang.OutOfMemoryError: Java heap space',
      says: /^java\.lang\.OutOfMemoryError: Java heap space$/,
      severity: 'fatal',
    },
    'Java, uncaught': {
      lines: `Exception in thread "main" java.lang.IllegalStateException: cart 7 is empty
	at com.acme.Cart.sum(Cart.java:41)
Caused by: java.io.IOException: reset
	at com.acme.Net.read(Net.java:7)
	... 3 more`,
      says: /java\.lang\.IllegalStateException < java\.io\.IOException .*com\.acme\.Cart\.sum/,
      severity: 'error',
    },
    'Python, uncaught': {
      lines: `Traceback (most recent call last):
  File "/srv/shop/order.py", line 41, in run
    return price(item)
           ^^^^^^^^^^^
  File "/srv/shop/order.py", line 12, in price
    return prices[item]
KeyError: 'seat'

During handling of the above exception, another exception occurred:

Traceback (most recent call last):
  File "/srv/shop/main.py", line 7, in <module>
    run()
shop.errors.OrderError: order 7`,
      says: /OrderError < KeyError .*order\.price/,
      severity: 'error',
    },
    'Node, uncaught': {
      lines: `Uncaught TypeError: Cannot read properties of undefined (reading 'price')
    at sum (/srv/app/dist/cart.js:12:5)
    at process.processTicksAndRejections (node:internal/process/task_queues:95:5)`,
      says: /TypeError .*cart\.js:sum/,
      severity: 'error',
    },
    '.NET, uncaught': {
      lines: `Unhandled exception. System.InvalidOperationException: seat 7 is gone
   at Shop.Seats.Take(Int32 seat) in /src/Shop/Seats.cs:line 12
   at Shop.Program.Main()`,
      says: /System\.InvalidOperationException .*Shop\.Seats\.Take/,
      severity: 'error',
    },
    'C++, terminate': {
      lines: `terminate called after throwing an instance of 'std::out_of_range'
  what():  vector::_M_range_check: __n (which is 7) >= this->size() (which is 3)
Aborted (core dumped)`,
      says: /terminate called after throwing/,
      severity: 'unknown',
    },
    AddressSanitizer: {
      lines: `==77==ERROR: AddressSanitizer: heap-use-after-free on address 0x602 at pc 0x4f2 bp 0x7ff sp 0x7fe
READ of size 4 at 0x602 thread T0
    #0 0x4f2a01 in cart_sum /src/cart.c:41:5
    #1 0x4f2b02 in main /src/main.c:7:3`,
      says: /AddressSanitizer: heap-use-after-free .*cart_sum/,
      severity: 'fatal',
    },
    'PHP, uncaught': {
      lines: `PHP Fatal error:  Uncaught SeatException: seat 7 is gone in /srv/app/Seats.php:12
Stack trace:
#0 /srv/app/Web.php(80): Shop\\Seats->take(7)
#1 {main}
  thrown in /srv/app/Seats.php on line 12`,
      says: /SeatException .*Seats->take/,
      severity: 'fatal',
    },
    'Ruby, uncaught': {
      lines: `/srv/app/shop/seats.rb:12:in \`take': seat 7 is gone (SeatError)
	from /srv/app/shop/web.rb:80:in \`block in post'
	from /srv/app/shop/main.rb:8:in \`<main>'`,
      says: /SeatError .*take/,
      severity: 'error',
    },
    'Elixir, uncaught': {
      lines: `** (RuntimeError) seat 7 is gone
    (shop 0.1.0) lib/shop/seats.ex:12: Shop.Seats.take/1
    (stdlib 5.0) gen_server.erl:1077: :gen_server.try_handle_call/4`,
      says: /RuntimeError .*Shop\.Seats\.take/,
      severity: 'error',
    },
  };

const indent = (line: string): string => line;
const wrappers: Readonly<Record<string, (line: string, i: number) => string>> = {
  'as they are': indent,
  'through CRI': line => `2026-03-03T10:30:00.000123456Z stderr F ${line}`,
  'through Docker': line => JSON.stringify({ log: `${line}\n`, stream: 'stderr', time: '2026-03-03T10:30:00Z' }),
};

for (const [runtime, { lines, says, severity }] of Object.entries(deaths)) {
  for (const [way, wrap] of Object.entries(wrappers)) {
    test(`${runtime}, ${way}: one event of its own`, () => {
      const records = among(lines.split('\n'), wrap);
      const seen = records.map(one => `${one.severity} ${one.template}`).join('\n');
      if (runtime === 'C++, terminate') {
        assert.ok(
          records.some(({ template }) => says.test(template)),
          seen,
        );
        return;
      }
      assert.equal(records.length, 1, seen);
      assert.match(records[0]!.template, says);
      assert.equal(records[0]!.severity, severity, seen);
    });
  }
}

test('a trace each line of which syslog prefixed is one event', () => {
  const lines = `java.lang.IllegalStateException: cart 7 is empty
	at com.acme.Cart.sum(Cart.java:41)
	at com.acme.Http.serve(Http.java:17)`.split('\n');
  const records = readLines([
    ...Array.from(
      { length: 60 },
      (_, i) => `Mar  3 10:00:${String(i % 60).padStart(2, '0')} web-1 shop[7]: served ${i}`,
    ),
    ...lines.map((line, i) => `Mar  3 10:01:0${i} web-1 shop[7]: ${line}`),
  ]).filter(({ template }) => template !== 'served <*>');
  assert.deepEqual(
    records.map(({ template, severity }) => [template, severity]),
    [['java.lang.IllegalStateException \u21a6 com.acme.Cart.sum \u2190 com.acme.Http.serve', 'error']],
  );
});

test('a trace each line of which has a time of its own is one event, and what follows it another', () => {
  const trace = [
    'Traceback (most recent call last):',
    '  File "/srv/shop/pool.py", line 145, in checkout',
    '    with guarded():',
    '         ^^^^^^^^^',
    '  File "/srv/shop/pool.py", line 211, in connect',
    '    raise error',
    'shop.errors.PoolError: no connection is free',
    '',
    'During handling of the above exception, another exception occurred:',
    '',
    'Traceback (most recent call last):',
    '  File "/srv/shop/cart.py", line 12, in total',
    '    return prices()',
    'shop.errors.CartError: no price',
    'PoolError was seen before',
  ];
  const tell = (level: string, line: string, ms: number): string =>
    `2026-03-03 10:01:00,${String(ms)} ${level} [shop.pool] ${line}`;
  const records = readLines([
    ...Array.from({ length: 60 }, (_, i) => tell('INFO', `served ${i}`, 200 + i)),
    ...trace.map((line, i) => tell('ERROR', line, 500 + i)),
  ]).filter(({ template }) => template !== 'served <*>');
  assert.deepEqual(
    records.map(({ template, severity }) => ({ template, severity })),
    [
      {
        template:
          'shop.errors.CartError < shop.errors.PoolError ↦ ' +
          'srv.shop.cart.total ← srv.shop.pool.connect ← srv.shop.pool.checkout',
        severity: 'error',
      },
      { template: 'PoolError was seen before', severity: 'error' },
    ],
  );
});

test('what follows a trace in a log of aligned columns is an event of its own', () => {
  const tell = (level: string, line: string, second: number): string =>
    `2026-03-03 10:01:${second} ${level.padEnd(5)} [pool]   ${line}`;
  const records = readLines([
    ...Array.from({ length: 40 }, (_, i) => tell('INFO', `served ${i}`, 10 + i)),
    tell('ERROR', 'Traceback (most recent call last):', 51),
    tell('ERROR', '  File "/srv/shop/pool.py", line 145, in checkout', 52),
    tell('ERROR', '    raise error', 53),
    tell('ERROR', 'shop.errors.PoolError: no connection is free', 54),
    tell('ERROR', 'the ledger is closed', 55),
  ]).filter(({ template }) => template !== 'served <*>');
  assert.deepEqual(
    records.map(({ template }) => template),
    ['shop.errors.PoolError ↦ srv.shop.pool.checkout', 'the ledger is closed'],
  );
});

test('two failures of the same millisecond with the same head stay two', () => {
  const failure = (type: string): string[] => [
    '2026-03-03T10:01:00.000Z ERROR shop Internal Server Error',
    'Traceback (most recent call last):',
    '  File "/srv/shop/order.py", line 41, in run',
    '    return price(item)',
    `${type}: 'seat'`,
  ];
  assert.deepEqual(
    among([...failure('KeyError'), ...failure('ValueError')]).map(({ template }) => template),
    ['KeyError \u21a6 srv.shop.order.run', 'ValueError \u21a6 srv.shop.order.run'],
  );
});

test('an exception behind a warning is part of what the warning says, and lends it its severity', () => {
  assert.deepEqual(
    among([`${stamp(60)} WARN slow collection`, 'java.lang.OutOfMemoryError: Java heap space']).map(
      ({ template, severity, lines }) => [template, severity, lines],
    ),
    [['slow collection java.lang.OutOfMemoryError: Java heap space', 'fatal', 2]],
  );
});

test('words of trouble without a time begin a record, other lines go on with the one before', () => {
  assert.deepEqual(
    among(['could not open the ledger', `${stamp(60)} INFO settings:`, 'colour is red', '  size is 7']).map(
      ({ template, lines }) => [template, lines],
    ),
    [
      ['could not open the ledger', 1],
      ['settings:', 3],
    ],
  );
});

test('blank lines join what is before them, and a header without a message is a visible group that is no alarm', () => {
  const records = among(['', `${stamp(60)} INFO `, '']);
  assert.deepEqual(
    records.map(({ template, severity }) => [template, severity]),
    [['(empty line)', 'debug']],
  );
});

test('a header without a message says what the next line says', () => {
  assert.deepEqual(
    among([`${stamp(60)} ERROR `, 'the ledger is locked']).map(({ template, severity }) => [template, severity]),
    [['the ledger is locked', 'error']],
  );
});

test('the pieces of a long line are joined', () => {
  const records = readLines([
    '2026-03-03T10:00:00.000Z stdout P {"level":"error","msg":"pay',
    '2026-03-03T10:00:00.000Z stdout P ment lost ',
    '2026-03-03T10:00:00.000Z stdout F 7"}',
    '2026-03-03T10:00:01.000Z stdout F served 7',
  ]);
  assert.deepEqual(
    records.map(({ template, severity, lines }) => [template, severity, lines]),
    [
      ['payment lost <*>', 'error', 3],
      ['served <*>', 'unknown', 1],
    ],
  );
});

test("the two lines of .NET's console are one record, whose message is the second", () => {
  const lines = Array.from({ length: 30 }, (_, i) => ['info: Shop.Orders[7]', `      Order ${i} stored`]).flat();
  const records = readLines([
    ...lines,
    'fail: Shop.Orders[8]',
    '      Order 7 lost',
    '      System.InvalidOperationException: seat 7 is gone',
    '         at Shop.Seats.Take(Int32 seat) in /src/Shop/Seats.cs:line 12',
    'crit: Worker[0]',
    '      disk 7 full',
  ]);
  assert.deepEqual(
    records.slice(-3).map(({ template, severity, logger, lines: count }) => [template, severity, logger, count]),
    [
      ['Order <*> stored', 'info', 'Shop.Orders', 2],
      ['System.InvalidOperationException \u21a6 Shop.Seats.Take', 'error', 'Shop.Orders', 4],
      ['disk <*> full', 'fatal', '', 2],
    ],
  );
});

test("the journal's export: an entry is a record, with its message and priority", () => {
  const entry = (i: number, priority: number, message: string): string[] => [
    `__CURSOR=s=7;i=${i}`,
    `__REALTIME_TIMESTAMP=17725320000000${i}`,
    `PRIORITY=${priority}`,
    'SYSLOG_IDENTIFIER=shop',
    `MESSAGE=${message}`,
    '',
  ];
  const records = readLines([...entry(1, 6, 'served 7'), ...entry(2, 3, 'no price for 7'), ...entry(3, 6, 'served 8')]);
  assert.deepEqual(
    records.map(({ template, severity, lines }) => [template, severity, lines]),
    [
      ['served <*>', 'info', 6],
      ['no price for <*>', 'error', 6],
      ['served <*>', 'info', 6],
    ],
  );
});

test('columns that a log names are heeded', () => {
  const records = readLines([
    '#Software: Microsoft Internet Information Services 10.0',
    '#Fields: date time cs-uri-stem cs-method sc-status time-taken',
    '2026-03-03 10:00:00 /a/7 GET 500 7',
    '2026-03-03 10:00:01 /a/8 GET 200 7',
  ]);
  assert.deepEqual(
    records.slice(-2).map(({ template, severity }) => [template, severity]),
    [
      ['GET /a/<*> \u2192 5xx', 'error'],
      ['GET /a/<*> \u2192 2xx', 'info'],
    ],
  );
});

test('what could not be read as what it seemed to be is counted, and seen by its keys', () => {
  const { records, intake } = read([
    '{"kind":"deploy","count":7}',
    '{"kind":"rollback","count":7}',
    '{"kind":"deploy",}',
    '{"msg":"served 7"}',
  ]);
  assert.deepEqual(
    records.slice(0, 2).map(({ template }) => template),
    ['count=<*> kind=deploy', 'count=<*> kind=rollback'],
  );
  assert.deepEqual(intake.unread(), [
    { format: 'json', lines: 1 },
    { format: 'json-message', lines: 2 },
  ]);
});

/** What tools put before the lines of the programs that they show together. */
const collectors: Readonly<Record<string, (i: number) => string>> = {
  'docker compose': i => `web-${1 + (i % 2)}  | `,
  'kubectl logs --prefix': i => `[pod/web-7c9d5-x${i % 2}k/app] `,
  foreman: i => `10:00:${String(10 + (i % 50))} web.${1 + (i % 2)}   | `,
  pm2: () => '0|shop  | ',
};

for (const [tool, prefix] of Object.entries(collectors))
  test(`lines that ${tool} shows are read as their programs wrote them`, () => {
    const trace = [
      'java.lang.IllegalStateException: the cart is closed',
      '\tat com.acme.Cart.price(Cart.java:41)',
      'Caused by: java.io.IOException: gone',
      '\tat com.acme.Ledger.read(Ledger.java:3)',
    ];
    const shown = (write: (line: string) => string): ReturnType<typeof readLines> =>
      readLines([
        ...Array.from({ length: 80 }, (_, i) => prefix(i) + write(`served order ${i}`)),
        ...trace.map(line => prefix(0) + line),
        prefix(1) + write('served order 7'),
      ]);
    for (const write of [(line: string) => line, (line: string) => JSON.stringify({ level: 'info', msg: line })])
      assert.deepEqual(
        new Set(shown(write).map(({ template }) => template)),
        new Set([
          'served order <*>',
          'java.lang.IllegalStateException < java.io.IOException ↦ com.acme.Cart.price ← com.acme.Ledger.read',
        ]),
      );
  });
