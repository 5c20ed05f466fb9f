// One exchange over a real socket: what comes back, what is bounded, and that failures never tell a secret.
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import type { TestContext } from 'node:test';
import { gzipSync } from 'node:zlib';
import { createHttp, quoteAnswer } from '../../../../src/vendors/transport/http.ts';
import { createRedactor } from '../../../../src/model/redact.ts';

async function serve(context: TestContext, listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  await new Promise<void>(resolve => {
    server.listen(0, '127.0.0.1', resolve);
  });
  context.after(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
const http = createHttp();

test(
  'any status is an answer, with headers in lower case, ' + 'cookies apart and bytes that can be transferred',
  async context => {
    const url = await serve(context, (_, response) => {
      response.writeHead(503, { 'Retry-After': '7', 'Set-Cookie': ['a=1; Path=/', 'b=2'] }).end('later');
    });
    const sent = await http.request({ method: 'GET', url, timeoutMs: 5_000 });
    assert.ok(sent.ok);
    assert.equal(sent.value.status, 503);
    assert.equal(sent.value.headers['retry-after'], '7');
    assert.deepEqual(sent.value.cookies, ['a=1; Path=/', 'b=2']);
    const moved = structuredClone(sent.value.bytes, { transfer: [sent.value.bytes.buffer] });
    assert.equal(new TextDecoder().decode(moved), 'later');
  },
);

test('the body goes out as it is, also one that looks like JSON or is empty', async context => {
  const url = await serve(context, (request, response) => {
    request.pipe(response);
  });
  for (const body of ['{"a": 1 }', '', 'ünïcode']) {
    const sent = await http.request({
      method: 'POST',
      url,
      body,
      headers: { 'Content-Type': 'application/json' },
      timeoutMs: 5_000,
    });
    assert.ok(sent.ok);
    assert.equal(new TextDecoder().decode(sent.value.bytes), body);
  }
});

test('a redirect is an answer and is not followed', async context => {
  const seen: string[] = [];
  const url = await serve(context, (request, response) => {
    seen.push(request.url ?? '');
    response.writeHead(301, { Location: '/elsewhere' }).end();
  });
  const sent = await http.request({ method: 'POST', url: `${url}/here`, body: 'x', timeoutMs: 5_000 });
  assert.ok(sent.ok);
  assert.deepEqual([sent.value.status, sent.value.headers['location'], seen], [301, '/elsewhere', ['/here']]);
});

test('an answer above the limit fails, also when it is small until it is unpacked', async context => {
  const bomb = gzipSync(Buffer.alloc(4_000_000));
  const url = await serve(context, (request, response) => {
    if (request.url === '/bomb') response.writeHead(200, { 'Content-Encoding': 'gzip' }).end(bomb);
    else response.end(Buffer.alloc(200_000));
  });
  for (const path of ['/plain', '/bomb']) {
    const sent = await http.request({ method: 'GET', url: `${url}${path}`, timeoutMs: 5_000, maxBytes: 100_000 });
    assert.ok(!sent.ok);
    assert.equal(sent.failure.kind, 'bad-answer', path);
    assert.match(sent.failure.message, /100000 bytes/);
  }
});

test('a server that never answers, or stops in the middle, is a timeout that may have arrived', async context => {
  const url = await serve(context, (request, response) => {
    if (request.url === '/half') response.writeHead(200, { 'Content-Length': '10' }).write('half');
  });
  for (const path of ['/never', '/half']) {
    const sent = await http.request({ method: 'GET', url: `${url}${path}`, timeoutMs: 60 });
    assert.ok(!sent.ok);
    assert.deepEqual([sent.failure.kind, sent.sent], ['timeout', true], path);
  }
});

test('a dropped connection may have arrived, a refused one has not', async context => {
  const url = await serve(context, request => {
    request.socket.destroy();
  });
  const dropped = await http.request({ method: 'POST', url, body: 'x', timeoutMs: 5_000 });
  assert.ok(!dropped.ok);
  assert.deepEqual([dropped.failure.kind, dropped.sent], ['unreachable', true]);
  const refused = await http.request({ method: 'POST', url: 'http://127.0.0.1:1/', body: 'x', timeoutMs: 5_000 });
  assert.ok(!refused.ok);
  assert.deepEqual([refused.failure.kind, refused.sent], ['unreachable', false]);
});

test('an aborted signal cancels, before and during the request', async context => {
  const url = await serve(context, () => {
    controller.abort();
  });
  const controller = new AbortController();
  const during = await http.request({ method: 'GET', url, timeoutMs: 5_000, signal: controller.signal });
  const before = await http.request({ method: 'GET', url, timeoutMs: 5_000, signal: controller.signal });
  assert.ok(!during.ok && !before.ok);
  assert.deepEqual([during.failure.kind, before.failure.kind, before.sent], ['cancelled', 'cancelled', false]);
});

test('no failure tells header values, user names, paths or queries', async context => {
  const url = await serve(context, request => {
    request.socket.destroy();
  });
  const secretive = `${url.replace('http://', 'http://user:hunter22@')}/receiver/s3cr3t?token=s3cr3t`;
  const sent = await http.request({
    method: 'POST',
    url: secretive,
    headers: { 'Api-Key': 's3cr3t' },
    timeoutMs: 5_000,
  });
  const broken = await http.request({ method: 'POST', url, headers: { 'Api-Key': 's3cr3t\n' }, timeoutMs: 5_000 });
  const unknown = await http.request({ method: 'GET', url: 'ftp://s3cr3t@host/', timeoutMs: 5_000 });
  assert.ok(!sent.ok && !broken.ok && !unknown.ok);
  const told = JSON.stringify([sent, broken, unknown]);
  assert.doesNotMatch(told, /s3cr3t|hunter22/);
  assert.match(sent.failure.message, /^http:\/\/127\.0\.0\.1:\d+ could not be reached/);
});

test('an answer is redacted before it is cut', () => {
  const bytes = new TextEncoder().encode(`${'x'.repeat(95)}topsecret`);
  assert.equal(quoteAnswer(bytes, 100, createRedactor(['topsecret'])), `${'x'.repeat(95)}[reda`);
});
