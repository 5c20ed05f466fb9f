// Stack traces of seven languages as their runtimes print them: joined to one record, known again in a build with
// shifted lines, told apart by where they happened.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { LogLine, Severity } from '../../../../src/model/evidence/evidence.ts';
import type { ClusterReport } from '../../../../src/model/evidence/verdict.ts';
import { createLogAnalysis } from '../../../../src/verify/logs/logAnalysis.ts';
import { minuteMs, nodeNames, ordinaryLines, stamp, startMs } from './synthetic.ts';

/** What a build prints: `shift` moves the lines of its files, `method` is where it breaks, `id` what it was about. */
type Print = (build: { readonly shift: number; readonly method: string; readonly id: number }) => string;

const prints: Readonly<Record<string, { readonly type: string; readonly severity?: Severity; readonly print: Print }>> =
  {
    Java: {
      type: 'shop.SeatException',
      print: ({ shift, method, id }) => `ERROR [worker-3] shop.order.Orders - Order ${id} failed
shop.SeatException: seat ${id} is gone
	at shop.order.Seats.${method}(Seats.java:${30 + shift}) ~[shop.jar:1.${shift}]
	at shop.web.Web.lambda$post$${shift}(Web.java:${9 + shift})
	at org.apache.tomcat.Processor.run(Processor.java:88)
	... 12 more
Caused by: java.io.IOException: reset by 10.0.0.${id % 200}
	at shop.net.Net.read(Net.java:${shift + 4})
	... 14 common frames omitted`,
    },
    Python: {
      type: 'shop.errors.SeatError',
      print: ({ shift, method, id }) => `ERROR:shop.orders:order ${id} failed
Traceback (most recent call last):
  File "/srv/app/shop/web.py", line ${80 + shift}, in post
    return seats.${method}(${id})
           ^^^^^^^^^^^^^^^^^
  File "/srv/app/shop/seats.py", line ${12 + shift}, in ${method}
    raise SeatError(seat)
shop.errors.SeatError: seat ${id} is gone

During handling of the above exception, another exception occurred:

Traceback (most recent call last):
  File "/srv/app/shop/main.py", line ${7 + shift}, in run
    answer(500)
shop.errors.SeatError: seat ${id} is gone`,
    },
    Node: {
      type: 'SeatError',
      print: ({ shift, method, id }) => `error: order ${id} failed
SeatError: seat ${id} is gone
    at Seats.${method} (/srv/app/dist/seats.js:${12 + shift}:${5 + shift})
    at async post (/srv/app/dist/web.js:${80 + shift}:9)
    at process.processTicksAndRejections (node:internal/process/task_queues:95:5) {
  code: 'ESEAT',
  seat: ${id}
}`,
    },
    '.NET': {
      type: 'System.InvalidOperationException',
      print: ({ shift, method, id }) => `fail: Shop.Orders[${id % 10}] Order ${id} failed
System.InvalidOperationException: seat ${id} is gone
 ---> System.IO.IOException: reset
   at Shop.Net.Read(Byte[] buffer) in /src/Shop/Net.cs:line ${40 + shift}
   --- End of inner exception stack trace ---
   at Shop.Seats.${method}(Int32 seat) in /src/Shop/Seats.cs:line ${12 + shift}
   at Shop.Web.<Post>d__${shift}.MoveNext() in /src/Shop/Web.cs:line ${80 + shift}
   at System.Runtime.CompilerServices.TaskAwaiter.HandleNonSuccessAndDebuggerNotification(Task task)`,
    },
    Go: {
      type: 'panic',
      severity: 'fatal',
      print: ({ shift, method, id }) => `panic: seat ${id} is gone

goroutine ${id} [running]:
main.(*Seats).${method}(0xc0000${id}, 0x${id})
	/srv/app/seats.go:${12 + shift} +0x1${shift}d
main.(*Web).post(...)
	/srv/app/web.go:${80 + shift}
net/http.(*conn).serve(0xc0001${id}, {0x7a, 0xc000})
	/usr/local/go/src/net/http/server.go:2009 +0x5f4
created by net/http.(*Server).Serve in goroutine 1
	/usr/local/go/src/net/http/server.go:3086 +0x5cb`,
    },
    Ruby: {
      type: 'SeatError',
      print: ({ shift, method, id }) => `ERROR -- : order ${id} failed
/srv/app/shop/seats.rb:${12 + shift}:in \`${method}': seat ${id} is gone (SeatError)
	from /srv/app/shop/web.rb:${80 + shift}:in \`block in post'
	from /usr/lib/ruby/gems/3.1.0/gems/rack-2.2.${shift}/lib/rack/builder.rb:${100 + shift}:in \`call'`,
    },
    PHP: {
      type: 'SeatException',
      severity: 'fatal',
      print: ({ shift, method, id }) => `ERROR: order ${id} failed
PHP Fatal error:  Uncaught SeatException: seat ${id} is gone in /srv/app/Seats.php:${12 + shift}
Stack trace:
#0 /srv/app/Web.php(${80 + shift}): Shop\\Seats->${method}(${id})
#1 /srv/app/vendor/slim/App.php(${shift + 3}): Shop\\Web->post(Array)
#2 {main}
  thrown in /srv/app/Seats.php on line ${12 + shift}`,
    },
  };

const canaryNodes = nodeNames('canary', 2),
  baselineNodes = nodeNames('base', 4),
  endMs = startMs + 3 * minuteMs,
  count = 6;

/** The traces of both builds among ordinary lines, and of the canary alone such that break elsewhere. */
function reports(print: Print, arrive: (line: LogLine) => readonly LogLine[]): readonly ClusterReport[] {
  const analysis = createLogAnalysis({ sensitivity: 'medium', trafficRatio: 0.5, baselineKind: 'existing' });
  const traces = (nodes: readonly string[], shift: number, method: string, offsetMs: number): readonly LogLine[] =>
    Array.from({ length: count }, (_, i) => {
      const atMs = startMs + offsetMs + i * 20_000,
        node = nodes[i % nodes.length]!;
      return {
        atMs,
        node,
        id: `${node} ${method} ${i}`,
        text: `${stamp(atMs)} ${print({ shift, method, id: 1000 + i * 37 })}`,
      };
    });
  const sorted = (lines: readonly LogLine[]): readonly LogLine[] =>
    lines.toSorted((one, other) => one.atMs - other.atMs).flatMap(arrive);
  const ordinary = (nodes: readonly string[], seed: number): readonly LogLine[] =>
    ordinaryLines({ fromMs: startMs, toMs: endMs, perNodeAndSecond: 0.5, seed, nodes });
  analysis.add(sorted([...ordinary(baselineNodes, 1), ...traces(baselineNodes, 1, 'take', 5_000)]), 'baseline');
  analysis.add(
    sorted([
      ...ordinary(canaryNodes, 2),
      ...traces(canaryNodes, 4, 'take', 7_000),
      ...traces(canaryNodes, 4, 'release', 9_000),
    ]),
    'canary',
  );
  return analysis.assess({ name: 'logs', source: 'sumo', atMs: endMs, canarySinceMs: startMs, minimumMs: minuteMs })
    .clusters;
}

const arrivals: Readonly<Record<string, (line: LogLine) => readonly LogLine[]>> = {
  whole: line => [line],
  'line by line': line => line.text.split('\n').map((text, index) => ({ ...line, text, id: `${line.id} ${index}` })),
};

for (const [language, { type, severity = 'error', print }] of Object.entries(prints)) {
  for (const [way, arrive] of Object.entries(arrivals)) {
    test(`${language}, told ${way}: one record, known in the next build, and another where it breaks elsewhere`, () => {
      const clusters = reports(print, arrive),
        of = (method: string): readonly ClusterReport[] =>
          clusters.filter(({ template }) => template.includes(type) && template.includes(method));
      assert.deepEqual(
        clusters.filter(cluster => cluster.class === 'unknown').map(({ canaryCount }) => canaryCount),
        [count],
        clusters.map(one => `${one.class} ${one.canaryCount} ${one.baselineCount} ${one.template}`).join('\n'),
      );
      assert.deepEqual(
        of('take').map(cluster => [cluster.class, cluster.canaryCount, cluster.baselineCount]),
        [['known', count, count]],
      );
      assert.deepEqual(
        of('release').map(cluster => [cluster.class, cluster.severity, cluster.canaryCount, cluster.baselineCount]),
        [['unknown', severity, count, 0]],
      );
      const whole = print({ shift: 4, method: 'release', id: 1000 }).split('\n').at(-1)!;
      assert.ok(
        of('release')[0]?.samples.canary.some(sample => sample.includes(whole.trim())),
        'the sample has the last line of the trace',
      );
    });
  }
}
