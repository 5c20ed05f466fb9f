// Thirty errors in our own words, as programs of many kinds write them: what a person would want to be told of at once.

export interface InjectedError {
  readonly name: string;
  /**
   * Each `{number}`, `{hex}` and `{host}` is drawn. A trace follows on lines of its own, which bear no header in most
   * logs. The first line is a message: where a log has headers, it gets one.
   */
  readonly text: string;
  /** It is a line with a form of its own that no other header may stand before. */
  readonly isWhole?: true;
}

export const injectedErrors: readonly InjectedError[] = [
  {
    name: 'java exception',
    text:
      'Request {number} could not be served: java.lang.NullPointerException: ' +
      'Cannot invoke "com.acme.cart.Basket.total()" because "basket" is null\n\tat ' +
      'com.acme.cart.CheckoutService.priceOf(CheckoutService.java:118)\n\tat ' +
      'com.acme.cart.CheckoutController.submit(CheckoutController.java:64)\n\tat ' +
      'java.base/java.lang.Thread.run(Thread.java:840)',
  },
  {
    name: 'java cause',
    text:
      'Batch {number} aborted\njava.lang.IllegalStateException: ' +
      'ledger is closed\n\tat com.acme.ledger.Writer.append(Writer.java:77)\nCaused by: java.io.IOException: ' +
      'Stream closed\n\tat java.base/java.io.BufferedWriter.ensureOpen(BufferedWriter.java:107)\n\t... 12 more',
  },
  {
    name: 'java heap',
    text: 'Exception in thread "pool-{number}-thread-2" java.lang.OutOfMemoryError: Java heap space',
    isWhole: true,
  },
  {
    name: 'python traceback',
    text:
      'Unhandled error in job {number}\nTraceback (most recent call last):\n  File "/srv/app/jobs.py", line 212, ' +
      'in run\n    result = step(payload)\n  File "/srv/app/steps.py", line 58, ' +
      'in step\n    return payload["customer"]["address"]\nKeyError: \'address\'',
  },
  {
    name: 'python import',
    text:
      'Traceback (most recent call last):\n  File "/srv/app/main.py", line 3, ' +
      "in <module>\n    import orjson\nModuleNotFoundError: No module named 'orjson'",
    isWhole: true,
  },
  {
    name: 'go panic',
    text:
      'panic: runtime error: index out of range [{number}] with length 0\n\ngoroutine 41 ' +
      '[running]:\nmain.(*Router).pick(0xc000{hex}, 0x0)\n\t/src/router/pick.go:93 ' +
      '+0x1d4\nmain.main()\n\t/src/main.go:31 +0x8f',
    isWhole: true,
  },
  {
    name: 'go nil',
    text: 'http: panic serving {host}:53122: runtime error: invalid memory address or nil pointer dereference',
  },
  {
    name: 'rust panic',
    text:
      "thread 'tokio-runtime-worker' panicked at src/store.rs:214:37:\ncalled `Result::unwrap()` on an `Err` " +
      'value: Corrupted("checksum of block {number}")\nnote: run with `RUST_BACKTRACE=1` environment variable to ' +
      'display a backtrace',
    isWhole: true,
  },
  {
    name: 'dotnet exception',
    text:
      'Unhandled exception. System.InvalidOperationException: Sequence contains no elements\n   at ' +
      'System.Linq.ThrowHelper.ThrowNoElementsException()\n   at Acme.Billing.Invoices.Latest(Int32 customer) in ' +
      '/src/Billing/Invoices.cs:line 71',
    isWhole: true,
  },
  {
    name: 'node exception',
    text:
      "Uncaught TypeError: Cannot read properties of undefined (reading 'price')\n    at totalOf " +
      '(/app/dist/cart.js:44:31)\n    at process.processTicksAndRejections ' +
      '(node:internal/process/task_queues:105:5)',
  },
  { name: 'disk full', text: 'write of segment {number} failed: No space left on device' },
  { name: 'read-only disk', text: 'cannot append to journal {number}: Read-only file system' },
  {
    name: 'killed for memory',
    text: 'Out of memory: Killed process {number} (acme-worker) total-vm:8388608kB, anon-rss:7340032kB',
  },
  {
    name: 'segmentation fault',
    text: 'acme-worker[{number}]: segfault at 0 ip 00007f{hex} sp 00007ffd{hex} error 4 in libacme.so.2',
  },
  { name: 'connection refused', text: 'dial tcp {host}:5432: connect: connection refused' },
  {
    name: 'certificate expired',
    text: 'TLS handshake with {host} failed: x509: certificate has expired or is not yet valid',
  },
  { name: 'unknown host', text: 'getaddrinfo ENOTFOUND ledger.internal.example while request {number} waited' },
  { name: 'corrupt page', text: 'invalid page in block {number} of relation base/16384/2619: checksum mismatch' },
  {
    name: 'deadlock',
    text: 'deadlock detected: process {number} waits for ShareLock on transaction 771203; blocked by process 4410',
  },
  {
    name: 'constraint',
    text: 'duplicate key value violates unique constraint "orders_pkey": Key (id)=({number}) already exists',
  },
  {
    name: 'missing column',
    text: 'column "loyalty_tier" of relation "customers" does not exist at character {number}',
  },
  {
    name: 'pool exhausted',
    text: 'could not obtain a connection from the pool within 30000 ms ({number} in use, 0 idle)',
  },
  {
    name: 'upstream timeout',
    text: 'upstream timed out (110: Connection timed out) while reading response header from {host}',
  },
  {
    name: 'deadline',
    text: 'rpc error: code = DeadlineExceeded desc = context deadline exceeded after attempt {number}',
  },
  { name: 'permission', text: 'open /etc/acme/secret.{number}.pem: permission denied' },
  { name: 'authentication', text: 'password authentication failed for user "acme_batch" from {host}' },
  { name: 'server error', text: 'POST /api/orders/{number}/submit returned 500 Internal Server Error' },
  { name: 'lost leader', text: 'partition {number} has no leader, all replicas are offline' },
  {
    name: 'logfmt',
    text:
      'level=error msg="payment rejected by provider" provider=acmepay order={number} err="signature does not ' +
      'match"',
    isWhole: true,
  },
  {
    name: 'json',
    text:
      '{"level":"error","message":"cache shard {number} is inconsistent, ' +
      'refusing to serve","error":"NullPointerException: index"}',
    isWhole: true,
  },
];
