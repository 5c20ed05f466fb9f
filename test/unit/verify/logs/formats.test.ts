// One line of every published format: what it says, how bad it is and who says it.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Severity } from '../../../../src/model/evidence/evidence.ts';
import { readLines } from './reading.ts';

type Row = readonly [format: string, line: string, template: string, severity: Severity, logger?: string];

const json = (fields: object): string => JSON.stringify(fields);

const wrapped: readonly Row[] = [
  ['RFC 5424', '<131>1 2026-03-03T10:00:00.000Z web-1 shop 77 ID48 - no price for 7', 'no price for <*>', 'error'],
  [
    'RFC 5424 with structured data',
    '<134>1 2026-03-03T10:00:00Z h app - - [a@1 b="c"][d@2 e="f"] served 7',
    'served <*>',
    'info',
  ],
  ['RFC 3164', '<27>Mar  3 10:00:00 web-1 shop[77]: no price for 7', 'no price for <*>', 'error'],
  ['RFC 3164, warning', '<28>Mar  3 10:00:00 web-1 shop[77]: no price for 7', 'no price for <*>', 'warn'],
  ['sd-daemon', '<3>no price for 7', 'no price for <*>', 'error'],
  ['kernel ring buffer', '<4>[   12.345678] remapped 5 sectors', 'remapped <*> sectors', 'warn'],
  [
    'RFC 5424 around JSON',
    `<134>1 2026-03-03T10:00:00Z h app 1 - - ${json({ level: 'error', msg: 'lost 7' })}`,
    'lost <*>',
    'error',
  ],
  ['CEE cookie', `Mar  3 10:00:00 h app[1]: @cee: ${json({ level: 'warning', msg: 'slow 7' })}`, 'slow <*>', 'warn'],
  [
    'CRI',
    '2026-03-03T10:00:00.123456789Z stdout F scheduler: started 7 jobs',
    'scheduler: started <*> jobs',
    'unknown',
  ],
  [
    'CRI around a header',
    '2026-03-03T10:00:00.123456789+02:00 stderr F 2026-03-03 10:00:00,123 ERROR a.b.Cart - lost 7',
    'lost <*>',
    'error',
    'a.b.Cart',
  ],
  [
    'CRI around JSON',
    `2026-03-03T10:00:00.123Z stdout F ${json({ level: 'error', msg: 'payment lost', n: 7 })}`,
    'payment lost',
    'error',
  ],
  [
    'Docker json-file',
    json({ log: '2026-03-03 10:00:00 WARN lost 7\n', stream: 'stderr', time: '2026-03-03T10:00:00Z' }),
    'lost <*>',
    'warn',
  ],
  [
    'Docker json-file around JSON',
    json({ log: `${json({ level: 50, msg: 'lost 7' })}\n`, stream: 'stdout', time: 'x' }),
    'lost <*>',
    'error',
  ],
  [
    'journald JSON',
    json({ PRIORITY: '3', SYSLOG_IDENTIFIER: 'shop', MESSAGE: 'no price for 7' }),
    'no price for <*>',
    'error',
  ],
  [
    'journald JSON, bytes',
    json({ PRIORITY: '6', MESSAGE: [...'served 7'].map(c => c.charCodeAt(0)) }),
    'served <*>',
    'info',
  ],
  [
    'journald JSON around an error',
    json({ PRIORITY: '6', MESSAGE: json({ level: 'error', msg: 'lost 7' }) }),
    'lost <*>',
    'error',
  ],
  [
    'Filebeat',
    json({ '@timestamp': 'x', message: '2026-03-03 10:00:00 ERROR lost 7', log: { file: { path: '/a' } } }),
    'lost <*>',
    'error',
  ],
];

const nested: readonly Row[] = [
  [
    'syslog around a header',
    'Mar  3 10:00:00 web-1 shop[77]: 2026-03-03 10:00:00,123 ERROR a.b.Cart - lost 7',
    'lost <*>',
    'error',
    'a.b.Cart',
  ],
  [
    'syslog around klog',
    'Feb 11 19:12:26 node kubelet[68699]: E0211 19:12:26.989802   68699 flags.go:64] lost 7',
    'lost <*>',
    'error',
  ],
  ['RFC 5424 around a level', '<30>1 2026-03-03T10:00:00Z h app 1 - - ERROR lost 7', 'lost <*>', 'error'],
];

const objects: readonly Row[] = [
  [
    'GELF 1.1',
    json({ version: '1.1', host: 'w', short_message: 'no price for 7', level: 3 }),
    'no price for <*>',
    'error',
  ],
  ['GELF 1.1, warning', json({ version: '1.1', host: 'w', short_message: 'slow 7', level: 4 }), 'slow <*>', 'warn'],
  [
    'OTLP record',
    json({ severityNumber: 17, severityText: 'ERROR', body: { stringValue: 'no price for 7' } }),
    'no price for <*>',
    'error',
  ],
  [
    'OpenTelemetry, number alone',
    json({ body: 'no price for 7', severity_number: 13, severity_text: 'stderr' }),
    'no price for <*>',
    'warn',
  ],
  [
    'OTLP export',
    json({
      resourceLogs: [
        {
          scopeLogs: [
            { scope: { name: 'shop.pay' }, logRecords: [{ severityNumber: 21, body: { stringValue: 'lost 7' } }] },
          ],
        },
      ],
    }),
    'lost <*>',
    'fatal',
    'shop.pay',
  ],
  [
    'ECS, flat',
    json({ '@timestamp': 'x', 'log.level': 'error', 'log.logger': 'shop.Cart', message: 'lost 7' }),
    'lost <*>',
    'error',
    'shop.Cart',
  ],
  [
    'ECS, nested',
    json({ '@timestamp': 'x', log: { level: 'warn', logger: 'shop.Cart' }, message: 'lost 7' }),
    'lost <*>',
    'warn',
  ],
  [
    'GCP textPayload',
    json({ severity: 'ERROR', timestamp: { seconds: 1 }, textPayload: 'no price for item 7' }),
    'no price for item <*>',
    'error',
  ],
  ['GCP jsonPayload', json({ severity: 'CRITICAL', jsonPayload: { message: 'lost 7', n: 1 } }), 'lost <*>', 'fatal'],
  [
    'GCP httpRequest',
    json({
      severity: 'INFO',
      httpRequest: { requestMethod: 'POST', requestUrl: 'http://api:3000/v1/tx/7', status: 503 },
    }),
    'POST /v1/tx/<*> \u2192 5xx',
    'error',
  ],
  [
    'Azure diagnostics',
    json({ records: [{ level: 'Error', category: 'Audit', resultDescription: 'lost 7' }] }),
    'lost <*>',
    'error',
  ],
  ['Windows event', json({ EventID: 1000, Level: 2, Message: 'lost 7' }), 'lost <*>', 'error'],
  ['Application Insights', json({ message: 'lost 7', severityLevel: 3 }), 'lost <*>', 'error'],
  ['CLEF', json({ '@t': 'x', '@mt': 'Order {Id} stored', Id: 7 }), 'Order {Id} stored', 'info'],
  [
    'CLEF, error',
    json({ '@t': 'x', '@m': 'Order 7 lost', '@l': 'Error', SourceContext: 'Shop.Orders' }),
    'Order <*> lost',
    'error',
    'Shop.Orders',
  ],
  ['pino', json({ level: 50, time: 1, pid: 7, hostname: 'h', msg: 'lost 7' }), 'lost <*>', 'error'],
  [
    'pino with an error',
    json({ level: 50, msg: 'lost 7', err: { type: 'Error', message: 'disk is gone' } }),
    'lost <*>: disk is gone',
    'error',
  ],
  [
    'pino-http',
    json({ level: 30, req: { method: 'GET', url: '/a/7' }, res: { statusCode: 500 }, msg: 'request completed' }),
    'request completed GET /a/<*> \u2192 5xx',
    'error',
  ],
  ['bunyan', json({ name: 'shop', level: 60, msg: 'lost 7', v: 0 }), 'lost <*>', 'fatal'],
  [
    'zap',
    json({ level: 'error', ts: 1.5, logger: 'shop.pay', caller: 'pay/pay.go:7', msg: 'lost', error: 'disk full' }),
    'lost: disk full',
    'error',
    'shop.pay',
  ],
  ['logrus', json({ level: 'warning', msg: 'slow 7', time: 'x' }), 'slow <*>', 'warn'],
  ['slog', json({ time: 'x', level: 'ERROR', msg: 'lost 7' }), 'lost <*>', 'error'],
  [
    'tracing',
    json({ level: 'ERROR', fields: { message: 'order lost', id: 7 }, target: 'shop::cart' }),
    'order lost',
    'error',
    'shop::cart',
  ],
  [
    'Monolog',
    json({ message: 'lost 7', context: {}, level: 550, level_name: 'ALERT', channel: 'app' }),
    'lost <*>',
    'fatal',
  ],
  ['Monolog, number alone', json({ message: 'lost 7', level: 400, channel: 'app' }), 'lost <*>', 'error'],
  [
    'logstash-logback-encoder',
    json({ message: 'lost 7', logger_name: 'a.b.Cart', level: 'WARN', level_value: 30000 }),
    'lost <*>',
    'warn',
    'a.b.Cart',
  ],
  ['Python, number alone', json({ message: 'lost 7', levelno: 40, name: 'a.b' }), 'lost <*>', 'error', 'a.b'],
  [
    '.NET JSON console',
    json({
      EventId: 7,
      LogLevel: 'Error',
      Category: 'Shop.Orders',
      Message: 'Order 7 lost',
      State: { Message: 'Order 7 lost', Id: 7 },
    }),
    'Order <*> lost',
    'error',
    'Shop.Orders',
  ],
  [
    'MongoDB 4.4',
    json({ t: { $date: 'x' }, s: 'E', c: 'STORAGE', id: 7, ctx: 'main', msg: 'lost 7' }),
    'lost <*>',
    'error',
  ],
  [
    'PostgreSQL jsonlog',
    json({ timestamp: 'x', error_severity: 'ERROR', message: 'relation 7 is gone' }),
    'relation <*> is gone',
    'error',
  ],
  [
    'CloudNativePG',
    json({
      level: 'info',
      logger: 'postgres',
      msg: 'record',
      record: { error_severity: 'FATAL', message: 'role 7 is gone' },
    }),
    'role <*> is gone',
    'error',
  ],
  [
    'CloudNativePG, the whole server',
    json({ level: 'info', msg: 'record', record: { error_severity: 'PANIC', message: 'page 7 is torn' } }),
    'page <*> is torn',
    'fatal',
  ],
  [
    'CloudWatch subscription',
    json({ messageType: 'DATA_MESSAGE', logEvents: [{ id: '1', timestamp: 1, message: 'ERROR lost 7' }] }),
    'lost <*>',
    'error',
  ],
  [
    'Caddy',
    json({
      level: 'error',
      logger: 'http.log.access',
      msg: 'handled request',
      request: { method: 'GET', uri: '/a/7' },
      status: 502,
    }),
    'handled request GET /a/<*> \u2192 5xx',
    'error',
    'http.log.access',
  ],
  [
    'Traefik',
    json({ DownstreamStatus: 500, RequestMethod: 'GET', RequestPath: '/a/7', level: 'info', msg: '', time: 'x' }),
    'GET /a/<*> \u2192 5xx',
    'error',
  ],
  [
    'Kong',
    json({ request: { method: 'GET', uri: '/a/7' }, response: { status: 500 }, latencies: { proxy: 7 } }),
    'GET /a/<*> \u2192 5xx',
    'error',
  ],
  [
    'nginx JSON',
    json({ time_local: 'x', request: 'GET /a/7 HTTP/1.1', status: '500', body_bytes_sent: '7' }),
    'GET /a/<*> \u2192 5xx',
    'error',
  ],
  [
    'Envoy JSON',
    json({ method: 'GET', path: '/a/7', response_code: 404, response_flags: '-' }),
    'GET /a/<*> \u2192 4xx',
    'info',
  ],
  [
    'an object with no known message',
    json({ kind: 'deploy', count: 7, nested: { state: 'gone' } }),
    'count=<*> kind=deploy nested.state=gone',
    'unknown',
  ],
  ['a record in a message', json({ level: 'info', message: { level: 'error', msg: 'lost 7' } }), 'lost <*>', 'error'],
  ['a worse wrapper', json({ level: 'error', message: json({ level: 'info', msg: 'lost 7' }) }), 'lost <*>', 'error'],
];

const pairs: readonly Row[] = [
  ['logfmt', 'time=2026-03-03T10:00:00.000Z level=error msg="payment lost 7"', 'payment lost <*>', 'error'],
  [
    'logfmt, escaped, with an error',
    'ts=1 level=error logger=shop.pay msg="could not \\"open\\" it" err="open \\"/a/7\\": no such file" n=7',
    'could not "open" it: open "<*>": no such file',
    'error',
    'shop.pay',
  ],
  ['logfmt, one word', 'level=info msg=corruption id=7', 'corruption', 'info'],
  [
    'logfmt, a request',
    'level=info msg="request" method=GET path=/a/7 status=500 duration=7ms',
    'request GET /a/<*> \u2192 5xx',
    'error',
  ],
  ['logfmt, syslog words', 'time=2026-03-03T10:00:00.000Z level=informational msg="served 7"', 'served <*>', 'info'],
  [
    'Heroku router',
    'at=error code=H12 desc="Request timeout" method=GET path="/a/7" host=h status=503 bytes=0',
    'Request timeout GET /a/<*> \u2192 5xx',
    'error',
  ],
  [
    'lograge',
    'method=GET path=/a/7 format=html controller=A action=show status=500 duration=7.1',
    'GET /a/<*> \u2192 5xx',
    'error',
  ],
  ['klog', 'E0303 10:00:00.123456   77 cart.go:56] lost 7', 'lost <*>', 'error'],
  [
    'klog, structured',
    'E0303 10:00:00.123456   77 run.go:74] "command failed" err="disk full"',
    'command failed: disk full',
    'error',
  ],
  ['docker daemon', 'time="2026-03-03T10:00:00Z" level=warning msg="slow 7"', 'slow <*>', 'warn'],
];

const requests: readonly Row[] = [
  [
    'common',
    '10.0.0.7 - bob [03/Mar/2026:10:00:00 +0000] "GET /a/7 HTTP/1.1" 500 300',
    'GET /a/<*> \u2192 5xx',
    'error',
  ],
  [
    'combined with host',
    'shop.example.com:443 10.0.0.7 - - [03/Mar/2026:10:00:00 +0000] "GET /a/7 HTTP/2.0" 404 300 "-" "curl/8"',
    'GET /a/<*> \u2192 4xx',
    'info',
  ],
  [
    'Envoy',
    '[2026-03-03T10:00:00.000Z] "GET /a/7 HTTP/1.1" 503 UF via_upstream - "-" 0 15 0 0 "-" "curl/8" "id" "shop" ' +
      '"10.0.0.7:80"',
    'GET /a/<*> \u2192 5xx',
    'error',
  ],
  [
    'HAProxy',
    'Mar  3 10:00:00 lb haproxy[7]: 10.0.0.7:33 [03/Mar/2026:10:00:00.123] fe be/s1 10/0/30/69/109 500 2750 - - ' +
      '---- 1/1/1/1/0 0/0 {h} "GET /a/7 HTTP/1.1"',
    'GET /a/<*> \u2192 5xx',
    'error',
  ],
  [
    'ALB',
    'https 2026-03-03T10:00:00.123456Z app/lb/5 10.0.0.7:2817 10.0.0.1:80 0.086 0.048 0.037 502 502 0 57 "GET ' +
      'https://www.example.com:443/a/7 HTTP/1.1" "curl/8" ECDHE TLSv1.2',
    'GET /a/<*> \u2192 5xx',
    'error',
  ],
  [
    'IIS',
    '2026-03-03 10:00:00 10.0.0.5 GET /a/7 - 443 - 10.0.0.7 Mozilla/5.0+(Windows) - 500 0 0 7',
    'GET /a/<*> \u2192 5xx',
    'error',
  ],
  [
    'gin',
    '[GIN] 2026/03/03 - 10:00:00 | 500 |     1.234ms |       10.0.0.7 | GET      "/a/7"',
    'GET /a/<*> \u2192 5xx',
    'error',
  ],
  [
    'Squid',
    '1772532000.123      7 10.0.0.7 TCP_MISS/503 301 GET /a/7 - HIER_NONE/- -',
    'GET /a/<*> \u2192 5xx',
    'error',
  ],
  ['morgan dev', 'GET /a/7 500 12.3 ms - 301', 'GET /a/<*> \u2192 5xx', 'error'],
  ['morgan tiny', 'GET /a/7 200 301 - 12.3 ms', 'GET /a/<*> \u2192 2xx', 'info'],
  ['morgan short', '::1 - GET /a/7 HTTP/1.1 500 301 - 12.3 ms', 'GET /a/<*> \u2192 5xx', 'error'],
  [
    'uvicorn',
    'INFO:     10.0.0.7:53912 - "GET /a/7 HTTP/1.1" 500 Internal Server Error',
    'GET /a/<*> \u2192 5xx',
    'error',
  ],
  ['werkzeug', '10.0.0.7 - - [03/Mar/2026 10:00:00] "GET /a/7 HTTP/1.1" 500 -', 'GET /a/<*> \u2192 5xx', 'error'],
  [
    'Rails',
    'I, [2026-03-03T10:00:00.123456 #7]  INFO -- : [id] Completed 500 Internal Server Error in 7ms ' +
      '(ActiveRecord: 0.1ms)',
    '\u2192 5xx',
    'error',
  ],
  [
    'ASP.NET Core',
    'Request finished HTTP/1.1 GET http://localhost:5000/a/7 - 500 0 - 12.3ms',
    'GET /a/<*> \u2192 5xx',
    'error',
  ],
  ['Serilog', '[10:00:00 INF] HTTP GET /a/7 responded 500 in 12.3 ms', 'GET /a/<*> \u2192 5xx', 'error'],
  [
    'chi',
    '2026/03/03 10:00:00 "GET http://localhost/a/7 HTTP/1.1" from 10.0.0.7:5 - 500 12B in 1.2ms',
    'GET /a/<*> \u2192 5xx',
    'error',
  ],
  [
    'CouchDB',
    '[notice] 2026-03-03T10:00:00.579985Z n@h <0.17607.12> e1fed412f8 h 10.0.0.7 undefined GET /a/7 500 ok 1',
    'GET /a/<*> \u2192 5xx',
    'error',
  ],
];

const headers: readonly Row[] = [
  ['log4j', '2026-03-03 10:00:00,123 ERROR [main] a.b.Cart - lost 7', 'lost <*>', 'error', 'a.b.Cart'],
  [
    'Spring Boot',
    '2026-03-03T10:00:00.123Z ERROR 7 --- [shop] [nio-8080-exec-1] a.b.Cart : lost 7',
    'lost <*>',
    'error',
    'a.b.Cart',
  ],
  ['java.util.logging', 'SEVERE: lost 7', 'lost <*>', 'error'],
  ['Python', 'ERROR:a.b:lost 7', 'lost <*>', 'error'],
  ['Python, with a time', '2026-03-03 10:00:00,123 - a.b - ERROR - lost 7', 'lost <*>', 'error', 'a.b'],
  ['Serilog console', '[10:00:00 ERR] lost 7', 'lost <*>', 'error'],
  ['zerolog console', '10:00AM ERR lost 7', 'lost <*>', 'error'],
  ['Monolog text', '[2026-03-03T10:00:00.123456+00:00] app.ERROR: lost 7 [] []', 'lost <*> [<*>]', 'error'],
  ['Ruby', 'E, [2026-03-03T10:00:00.123456 #7] ERROR -- : lost 7', 'lost <*>', 'error'],
  ['nginx error', '2026/03/03 10:00:00 [error] 7#7: *7 lost 7', '<*> lost <*>', 'error'],
  ['Apache error', '[Tue Mar 03 10:00:00.123456 2026] [core:error] [pid 7:tid 7] lost 7', 'lost <*>', 'error'],
  ['PostgreSQL', '2026-03-03 10:00:00.123 UTC [7] ERROR:  lost 7', 'lost <*>', 'error'],
  ['PostgreSQL in German', '2026-03-03 10:00:00.123 UTC [7] FEHLER:  lost 7', 'lost <*>', 'error'],
  ['MySQL', '2026-03-03T10:00:00.123456Z 7 [ERROR] [MY-010119] [Server] lost 7', 'lost <*>', 'error'],
  ['Redis', '7:M 03 Mar 2026 10:00:00.123 # lost 7', 'lost <*>', 'warn'],
  ['Cisco', '*Mar  3 10:00:00.123: %ORDERS-3-LOST: lost 7', 'lost <*>', 'error'],
  ['ESXi kernel', '2026-03-03T10:00:00.123Z cpu7:2100)WARNING: Cart: lost 7', 'lost <*>', 'warn'],
  [
    "Logback's own status",
    '10:00:00,123 |-INFO in acme.Loggers - Setting level of logger [7] to ERROR',
    'Setting level of logger [<*>] to ERROR',
    'info',
  ],
  ['logcat, brief', 'E/Shop( 123): lost 7', 'E/Shop(<*>): lost <*>', 'error'],
  ['MongoDB 3', '2026-03-03T10:00:00.123+0000 E STORAGE  [main] lost 7', 'lost <*>', 'error'],
  ['Elixir', '10:00:00.123 [error] lost 7', 'lost <*>', 'error'],
  ['RabbitMQ', '2026-03-03 10:00:00.123 [error] <0.7.0> lost 7', 'lost <*>', 'error'],
  [
    'Kafka',
    '[2026-03-03 10:00:00,123] ERROR [Broker 7] lost 7 (kafka.server.Kafka)',
    'lost <*> (kafka.server.Kafka)',
    'error',
  ],
  ['tracing, text', '2026-03-03T10:00:00.123456Z ERROR shop::cart: lost 7', 'lost <*>', 'error', 'shop::cart'],
  ['env_logger', '[2026-03-03T10:00:00Z ERROR shop::cart] lost 7', 'lost <*>', 'error', 'shop::cart'],
  ['glog', 'W0303 10:00:00.123456   77 cart.cc:56] slow 7', 'slow <*>', 'warn'],
  ['logcat, threadtime', '03-03 10:00:00.123  1234  5678 E Shop: lost 7', 'lost <*>', 'error'],
  ['logrus terminal', 'ERRO[0007] lost 7', 'lost <*>', 'error'],
  ['HashiCorp', '2026-03-03T10:00:00.123Z [ERROR] agent.server: lost 7', 'lost <*>', 'error'],
  ['oslo.log', '2026-03-03 10:00:00.123 7 ERROR a.b [req-1 - - - - -] lost 7', 'lost <*>', 'error', 'a.b'],
  ['winston', 'error: lost 7', 'lost <*>', 'error'],
  ['Cassandra', 'ERROR [main] 2026-03-03 10:00:00,123 Cart.java:77 - lost 7', 'lost <*>', 'error'],
  ['Dropwizard', 'ERROR [2026-03-03 10:00:00,123] a.b.Cart: lost 7', 'lost <*>', 'error', 'a.b.Cart'],
  ['Akka', '[ERROR] [03/03/2026 10:00:00.123] [shop-dispatcher-7] [akka://shop/user/cart] lost 7', 'lost <*>', 'error'],
  ['Python, level first', 'ERROR 2026-03-03 10:00:00,123 lost 7', 'lost <*>', 'error'],
  ['a level in a bracket of the time', '[ERROR 2026-03-03 10:00:00] lost 7', 'lost <*>', 'error'],
  ['a letter before the time', 'E 2026-03-03 10:00:00.123 lost 7', 'lost <*>', 'error'],
  ['columns, level first', 'ERROR|2026-03-03 10:00:00|cart|lost 7', 'lost <*>', 'error'],
  ['Celery', '[2026-03-03 10:00:00,123: ERROR/MainProcess] lost 7', 'lost <*>', 'error'],
  ['Celery worker', '[2026-03-03 10:00:00,123: ERROR/ForkPoolWorker-2] lost 7', 'lost <*>', 'error'],
  ['winston, with a label', '2026-03-03T10:00:00.123Z [cart] error: lost 7', 'lost <*>', 'error'],
  ['BIND', '03-Mar-2026 10:00:00.123 general: error: lost 7', 'lost <*>', 'error'],
  ['zap production, console', '2026-03-03T10:00:00.123Z\terror\tlost 7', 'lost <*>', 'error'],
  ['InfluxDB', '2026-03-03T10:00:00.123456Z\terror\tlost 7\t{"log_id": "0ab1"}', 'lost <*>', 'error'],
  ['glog with the year', 'E20260303 10:00:00.123456 77 cart.cc:56] lost 7', 'lost <*>', 'error'],
  ['capnslog', '2026-03-03 10:00:00.123456 E | etcdserver: lost 7', 'lost <*>', 'error'],
  ['Telegraf', '2026-03-03T10:00:00Z E! lost 7', 'lost <*>', 'error'],
  ['logcat, padded', '03-03 10:00:00.123  1234  5678 E Shop    : lost 7', 'lost <*>', 'error'],
  ['syslog, level in small letters', 'Mar  3 10:00:00 web-1 cart[77]: error: lost 7', 'lost <*>', 'error'],
  ['rsyslog', '2026-03-03T10:00:00.123456+00:00 web-1 cart[77]: error: lost 7', 'lost <*>', 'error'],
  ['journalctl', 'Tue 2026-03-03 10:00:00.123456 UTC web-1 cart[77]: ERROR: lost 7', 'lost <*>', 'error'],
  [
    'WebLogic',
    '<Mar 3, 2026 10:00:00 AM UTC> <Error> <Cart> <BEA-000007> <cart is lost 7>',
    '<cart is lost <*>>',
    'error',
  ],
  ['WebSphere', '[3/3/26 10:00:00:123 UTC] 0000001a Cart          E   lost 7', 'lost <*>', 'error'],
  ['unbound', '[1772619630] unbound[77:0] error: lost 7', 'unbound[<*>] error: lost <*>', 'error'],
];

for (const row of [...wrapped, ...nested, ...objects, ...pairs, ...requests, ...headers]) {
  const [format, line, template, severity, logger] = row;
  test(`${format}: the message, its severity and who says it`, () => {
    // A stream is never one line alone: the layout shows in many.
    const records = readLines(
      [line],
      Array.from({ length: 40 }, () => line),
    );
    assert.deepEqual(
      records.map(one => [one.template, one.severity, ...(logger === undefined ? [] : [one.logger])]),
      [[template, severity, ...(logger === undefined ? [] : [logger])]],
    );
  });
}
