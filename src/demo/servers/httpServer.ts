// Connects a vendor's request handler, which a bench calls without sockets, to a port on this machine.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { gunzipSync } from 'node:zlib';

export interface DemoRequest {
  readonly method: string;
  /** Without the query string, still percent-encoded. */
  readonly path: string;
  readonly query: URLSearchParams;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: string;
}

export interface DemoResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | readonly string[]>>;
  readonly body: string;
  /** The body is sent at this rate; absent: at once. */
  readonly bytesPerSec?: number;
}

/** Rejects with `ConnectionLost` if a real server would end the connection without an answer. */
export type Handler = (request: DemoRequest) => Promise<DemoResponse>;

export class ConnectionLost extends Error {
  readonly code: 'ECONNRESET' | 'ECONNREFUSED';
  constructor(code: 'ECONNRESET' | 'ECONNREFUSED') {
    super(`connection lost (${code})`);
    this.code = code;
  }
}

export interface ListeningServer {
  /** `http://127.0.0.1:PORT`, without a slash at its end. */
  readonly url: string;
  close(): Promise<void>;
}

const largestBodyBytes = 4 * 1024 * 1024;

/** Listens on 127.0.0.1, on any free port unless one is named. */
export async function listen(handler: Handler, port = 0): Promise<ListeningServer> {
  const server = createServer((incoming, outgoing) => void serve(handler, incoming, outgoing));
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise(resolve => {
        server.close(() => {
          resolve();
        });
        server.closeAllConnections();
      }),
  };
}

async function serve(handler: Handler, incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
  try {
    const body = await readBody(incoming);
    const answer =
      body === undefined ? textResponse(413, 'Request body too large') : await handler(requestOf(incoming, body));
    const bytes = Buffer.from(answer.body, 'utf8');
    const headers: Record<string, string | string[]> = {};
    for (const [name, value] of Object.entries(answer.headers))
      headers[name] = typeof value === 'string' ? value : [...value];
    outgoing.writeHead(answer.status, { ...headers, 'Content-Length': bytes.length });
    if (answer.bytesPerSec !== undefined) await writeSlowly(outgoing, bytes, answer.bytesPerSec);
    outgoing.end(incoming.method === 'HEAD' || answer.bytesPerSec !== undefined ? undefined : bytes);
  } catch (error) {
    if (error instanceof ConnectionLost || incoming.socket.destroyed) {
      incoming.socket.destroy();
      return;
    }
    console.error(error);
    outgoing.writeHead(500).end();
  }
}

const dripMs = 50;

async function writeSlowly(outgoing: ServerResponse, bytes: Buffer, bytesPerSec: number): Promise<void> {
  const step = Math.max(1, Math.round((bytesPerSec * dripMs) / 1000));
  for (let at = 0; at < bytes.length && !outgoing.destroyed; at += step) {
    outgoing.write(bytes.subarray(at, at + step));
    await wait(dripMs);
  }
}

/** undefined: larger than any request that a client of these APIs sends. */
async function readBody(incoming: IncomingMessage): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of incoming as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size <= largestBodyBytes) chunks.push(chunk);
  }
  if (size > largestBodyBytes) return undefined;
  const bytes = Buffer.concat(chunks);
  if (incoming.headers['content-encoding'] !== 'gzip') return bytes.toString('utf8');
  try {
    return gunzipSync(bytes, { maxOutputLength: largestBodyBytes }).toString('utf8');
  } catch {
    return '';
  }
}

function requestOf(incoming: IncomingMessage, body: string): DemoRequest {
  const headers: Record<string, string | undefined> = {};
  for (const [name, value] of Object.entries(incoming.headers))
    headers[name] = Array.isArray(value) ? value.join(', ') : value;
  return { ...splitTarget(incoming.url ?? '/'), method: incoming.method ?? 'GET', headers, body };
}

/** A request target (`/path?query`) in its two parts. */
export function splitTarget(target: string): Pick<DemoRequest, 'path' | 'query'> {
  const mark = target.indexOf('?');
  return mark < 0
    ? { path: target, query: new URLSearchParams() }
    : { path: target.slice(0, mark), query: new URLSearchParams(target.slice(mark + 1)) };
}

export function jsonResponse(status: number, value: unknown, headers: DemoResponse['headers'] = {}): DemoResponse {
  return { status, headers: { 'Content-Type': 'application/json', ...headers }, body: JSON.stringify(value) };
}

export function textResponse(status: number, body: string, headers: DemoResponse['headers'] = {}): DemoResponse {
  return { status, headers: { 'Content-Type': 'text/plain;charset=UTF-8', ...headers }, body };
}

/** User and password of an `Authorization: Basic` header. */
export function basicCredentials(
  request: DemoRequest,
): { readonly user: string; readonly password: string } | undefined {
  const [scheme, encoded] = (request.headers['authorization'] ?? '').split(' ');
  if (scheme?.toLowerCase() !== 'basic' || encoded === undefined) return undefined;
  const text = Buffer.from(encoded, 'base64').toString('utf8');
  const colon = text.indexOf(':');
  return colon < 0 ? undefined : { user: text.slice(0, colon), password: text.slice(colon + 1) };
}

/** Cookies of a request by name; the first of a name counts. */
export function cookiesOf(request: DemoRequest): ReadonlyMap<string, string> {
  const cookies = new Map<string, string>();
  for (const pair of (request.headers['cookie'] ?? '').split(';')) {
    const equals = pair.indexOf('=');
    const name = pair.slice(0, equals).trim();
    if (equals > 0 && !cookies.has(name)) cookies.set(name, pair.slice(equals + 1).trim());
  }
  return cookies;
}

/** A percent-encoded path segment as text; undefined where the encoding is broken. */
export function decodeSegment(segment: string): string | undefined {
  try {
    return decodeURIComponent(segment);
  } catch {
    return undefined;
  }
}
