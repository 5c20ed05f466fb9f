// A local server with Prometheus' API over known telemetry: selectors of one name, with the answers and errors that
// were recorded from a real one.
import { withFaults } from '../../../src/demo/faults/faults.ts';
import type { TelemetryEvent } from '../../../src/demo/fleet/telemetry.ts';
import { jsonResponse, textResponse } from '../../../src/demo/servers/httpServer.ts';
import type { DemoRequest, DemoResponse, Handler } from '../../../src/demo/servers/httpServer.ts';
import type { VendorParts } from '../faults/vendors.ts';

export interface PrometheusServerOptions extends VendorParts {
  /** What `Authorization`, or another header, must be; absent: nobody is asked. */
  readonly asks?: { readonly header: string; readonly value: string };
  readonly tenant?: string;
}

const lookbackMs = 300_000;
const mostPoints = 11_000;

export function createPrometheusServer(options: PrometheusServerOptions): Handler {
  const { telemetry, faults, sleep, asks, tenant } = options;
  const answer: Handler = request => {
    if (asks && request.headers[asks.header] !== asks.value)
      return Promise.resolve(textResponse(401, 'Unauthorized\n'));
    if (tenant !== undefined && request.headers['x-scope-orgid'] !== tenant)
      return Promise.resolve(textResponse(401, 'no org id\n'));
    const seen = faults.view('other', telemetry);
    // Samples exist up to now, by the server's clock.
    const events = seen.events('sample', 0, faults.now('other') + 1);
    return Promise.resolve(route(request, events, faults.now('other')));
  };
  return withFaults('other', faults, sleep, failWith, answer);
}

function route(request: DemoRequest, events: readonly TelemetryEvent[], atMs: number): DemoResponse {
  const form = request.method === 'POST' ? new URLSearchParams(request.body) : request.query;
  if (request.path === '/api/v1/query_range' && request.method === 'POST') return queryRange(form, events);
  if (request.path === '/api/v1/query') {
    const found = select(form.get('query') ?? '', events);
    return succeed({
      resultType: 'vector',
      result: [...found].flatMap(([labels, samples]) => {
        const value = valueAt(samples, atMs);
        return value === undefined ? [] : [{ metric: JSON.parse(labels) as unknown, value: [atMs / 1000, value] }];
      }),
    });
  }
  const label = /^\/api\/v1\/label\/(\w+)\/values$/.exec(request.path)?.[1];
  if (label !== undefined)
    return succeed([...new Set(events.flatMap(({ attributes }) => attributes[label] ?? []))].sort());
  return textResponse(404, '404 page not found\n');
}

function queryRange(form: URLSearchParams, events: readonly TelemetryEvent[]): DemoResponse {
  const [start, end, step] = ['start', 'end', 'step'].map(name => Number(form.get(name) ?? NaN) * 1000);
  if (!(step! > 0)) return refuse('invalid parameter "step": cannot parse "" to a valid duration');
  if (end! < start!) return refuse('invalid parameter "end": end timestamp must not be before start time');
  if ((end! - start!) / step! > mostPoints)
    return refuse(
      'exceeded maximum resolution of 11,000 points per timeseries. Try decreasing the query resolution (?step=XX)',
    );
  const query = form.get('query') ?? '';
  if (!/^\w+(?:\{[^{}]*\})?$/.test(query))
    return refuse(`invalid parameter "query": 1:${query.length}: parse error: unexpected end of input`);
  return succeed({
    resultType: 'matrix',
    result: [...select(query, events)].flatMap(([labels, samples]) => {
      const values: (readonly [number, string])[] = [];
      for (let atMs = start!; atMs <= end!; atMs += step!) {
        const value = valueAt(samples, atMs);
        if (value !== undefined) values.push([atMs / 1000, value]);
      }
      return values.length === 0 ? [] : [{ metric: JSON.parse(labels) as unknown, values }];
    }),
  });
}

/** Series by their labels, as JSON. */
function select(query: string, events: readonly TelemetryEvent[]): ReadonlyMap<string, readonly TelemetryEvent[]> {
  const [name = '', matchers = ''] = query.split(/[{}]/);
  const wanted = [...matchers.matchAll(/(\w+)="([^"]*)"/g)].map(([, key = '', value]) => [key, value] as const);
  return Map.groupBy(
    events.filter(
      ({ attributes }) => attributes['__name__'] === name && wanted.every(([key, value]) => attributes[key] === value),
    ),
    ({ attributes: { value: _, ...labels } }) => JSON.stringify(labels),
  );
}

/** The newest within the look-back; a sample whose value is `stale` ends the series. */
function valueAt(samples: readonly TelemetryEvent[], atMs: number): string | undefined {
  let low = 0,
    high = samples.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (samples[middle]!.atMs <= atMs) low = middle + 1;
    else high = middle;
  }
  const newest = samples[low - 1];
  const value = newest && newest.atMs > atMs - lookbackMs ? String(newest.attributes['value']) : 'stale';
  return value === 'stale' ? undefined : value;
}

function succeed(data: unknown): DemoResponse {
  return jsonResponse(200, { status: 'success', data });
}

function refuse(error: string): DemoResponse {
  return jsonResponse(400, { status: 'error', errorType: 'bad_data', error });
}

/** Prometheus speaks JSON; what stands before it speaks text. */
function failWith(status: number): DemoResponse {
  const types: Readonly<Record<number, string>> = { 422: 'execution', 500: 'internal', 503: 'timeout' };
  const errorType = types[status];
  return errorType === undefined
    ? textResponse(status, 'The proxy says no.\n')
    : jsonResponse(status, { status: 'error', errorType, error: 'query timed out in expression evaluation' });
}
