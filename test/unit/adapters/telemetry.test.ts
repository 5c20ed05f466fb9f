// Runs for a collector of OpenTelemetry: off by default, in the JSON form of the protocol, redacted, bounded, and never
// in the way of a run.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { attributesOf } from '../../../src/adapters/telemetry/otlp.ts';
import { exportRun } from '../../../src/adapters/telemetry/runSpans.ts';
import { collectorSecrets, createTelemetry } from '../../../src/adapters/telemetry/telemetry.ts';
import { describeFailure } from '../../../src/model/failure.ts';
import type { HttpRequest, HttpResult } from '../../../src/model/outside.ts';
import type { RunEvent } from '../../../src/model/runs/runEvents.ts';
import { createVirtualClock } from '../../fakes/virtualClock.ts';
import { rolledBackStory } from '../terminal/stories.ts';

const plain = (text: string): string => text;
const events = rolledBackStory.map((event, index): RunEvent => ({ ...event, seq: index + 1 }));
const finished = events.findLast(({ type }) => type === 'run-finished')!;

interface ToldSpan {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly name: string;
  readonly startTimeUnixNano: string;
  readonly endTimeUnixNano: string;
}

function spansOf(traces: unknown): readonly ToldSpan[] {
  return (traces as { resourceSpans: { scopeSpans: { spans: ToldSpan[] }[] }[] }).resourceSpans[0]!.scopeSpans[0]!
    .spans;
}

test('a run is one trace: stages in the run, hooks, verifications and rollbacks in their stage', () => {
  const made = exportRun('run-1', events, plain);
  assert.ok(made);
  const spans = spansOf(made.traces);
  const names = new Map(spans.map(({ spanId, name }) => [spanId, name]));
  assert.equal(names.size, spans.length, 'every span has an id of its own');
  const [run, ...others] = spans;
  assert.match(run!.name, /^run /);
  assert.equal(run!.parentSpanId, undefined);
  for (const { name, parentSpanId } of others)
    assert.match(names.get(parentSpanId!) ?? '', name.startsWith('stage ') ? /^run / : /^stage /, name);
  assert.deepEqual([...new Set(others.map(({ name }) => name.split(' ')[0]))].sort(), [
    'hook',
    'rollback',
    'stage',
    'verification',
  ]);
  for (const { traceId, spanId, startTimeUnixNano, endTimeUnixNano } of spans) {
    assert.match(`${traceId} ${spanId}`, /^[0-9a-f]{32} [0-9a-f]{16}$/);
    assert.match(`${startTimeUnixNano} ${endTimeUnixNano}`, /^\d{16,19} \d{16,19}$/);
    assert.ok(BigInt(startTimeUnixNano) <= BigInt(endTimeUnixNano));
  }
  assert.deepEqual(exportRun('run-1', events, plain), made, 'the same journal gives the same trace');
  assert.equal(exportRun('run-1', events.slice(0, -1), plain), undefined, 'a run that has not finished is not sent');
});

test('nobody is named, no log line and no query is sent, and secrets are redacted', () => {
  const secret = 'hunter2-hunter2';
  const told = events.map((event): RunEvent =>
    event.type === 'stage-finished' && event.outcome !== 'passed'
      ? { ...event, failure: { kind: 'hook-failed', message: `It said ${secret} Exception` } }
      : event,
  );
  const text = JSON.stringify(exportRun('run-1', told, from => from.replaceAll(secret, '[redacted]')));
  assert.match(text, /It said \[redacted\] Exception/);
  const people = new Set(events.flatMap(event => ('by' in event ? [event.by.name] : [])));
  const queries = events.flatMap(event => (event.type === 'looked' ? event.queries.map(query => query.text) : []));
  const templates = [...JSON.stringify(events).matchAll(/"template":"((?:[^"\\]|\\.)+)"/g)].map(match => match[1]!);
  assert.ok(people.size > 0 && templates.length > 0);
  for (const word of [secret, ...people, ...queries, ...templates].filter(one => one !== 'policy'))
    assert.equal(text.includes(`"${word}"`), false, word);
});

test('attributes are written as the protocol says, and are bounded', () => {
  const many = Array.from({ length: 500 }, (_, index) => `n${index}`);
  const [text, whole, part, list, ...others] = attributesOf(
    { text: 'x'.repeat(9_999), whole: 3, part: 0.5, list: many, none: undefined },
    plain,
  );
  assert.deepEqual(
    [text!.value, whole!.value, part!.value, others],
    [{ stringValue: 'x'.repeat(1_024) }, { intValue: '3' }, { doubleValue: 0.5 }, []],
  );
  assert.equal((list!.value as { arrayValue: { values: unknown[] } }).arrayValue.values.length, 50);
  const hook = events.find(event => event.type === 'hook-intended')!;
  const endless = Array.from({ length: 5_000 }, (_, index) => ({ ...hook, call: { ...hook.call, key: `k${index}` } }));
  const made = exportRun('r', [events[0]!, ...endless, finished], plain)!;
  assert.equal(spansOf(made.traces).length, 1_000);
  assert.match(JSON.stringify(made.traces), /spans_left_out","value":\{"intValue":"4001"\}/);
});

const accepted: HttpResult = { ok: true, value: { status: 200, headers: {}, cookies: [], bytes: new Uint8Array() } };

function setUp(
  env: Readonly<Record<string, string>>,
  answer: () => Promise<HttpResult> = () => Promise.resolve(accepted),
) {
  const clock = createVirtualClock();
  const requests: HttpRequest[] = [],
    warnings: string[] = [];
  const telemetry = createTelemetry({
    env,
    clock,
    redact: plain,
    history: { events: () => events },
    refuse: url =>
      url.includes('localhost') ? undefined : { kind: 'refused', message: 'no', hint: 'Allow it with --allow-host' },
    notice: failure => warnings.push(describeFailure(failure)),
    http: {
      request(request) {
        requests.push(request);
        return answer();
      },
    },
  });
  return {
    clock,
    requests,
    warnings,
    telemetry,
    async finish(runs = 1) {
      for (let run = 0; run < runs; run++) telemetry?.onEvent?.('run-1', finished, undefined as never);
      await clock.drive(telemetry?.close() ?? Promise.resolve());
    },
  };
}
const collector = { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://localhost:4318/' };

test('nothing is sent unless the environment names a collector', async () => {
  const envs: readonly Readonly<Record<string, string>>[] = [
    {},
    { OTEL_EXPORTER_OTLP_ENDPOINT: ' ' },
    { ...collector, OTEL_SDK_DISABLED: 'True' },
  ];
  for (const env of envs) {
    const { telemetry, requests, finish } = setUp(env);
    await finish();
    assert.deepEqual([telemetry, requests], [undefined, []]);
  }
});

test('a finished run is sent as a trace and as metrics, with the headers of the environment', async () => {
  const { requests, warnings, finish } = setUp({
    ...collector,
    OTEL_EXPORTER_OTLP_HEADERS: 'api-key=a%20b, x = y,bad',
  });
  await finish();
  assert.deepEqual(
    requests.map(({ method, url, headers }) => [method, url, headers]),
    ['traces', 'metrics'].map(path => [
      'POST',
      `http://localhost:4318/v1/${path}`,
      { 'api-key': 'a b', x: 'y', 'Content-Type': 'application/json' },
    ]),
  );
  assert.match(requests[1]!.body!, /"backstop\.runs".*"asInt":"1".*"backstop\.run\.duration".*"asDouble":/);
  assert.deepEqual(warnings, []);
  assert.deepEqual(collectorSecrets({ OTEL_EXPORTER_OTLP_HEADERS: 'api-key=a%20b' }), ['a b']);
});

test('a collector that is not allowed, speaks otherwise or fails is reported once', async () => {
  const cases: readonly (readonly [Readonly<Record<string, string>>, RegExp, number])[] = [
    [
      { OTEL_EXPORTER_OTLP_ENDPOINT: 'https://otel.example' },
      /https:\/\/otel\.example: nobody has allowed.*--allow-host/,
      0,
    ],
    [{ ...collector, OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc' }, /is grpc\./, 0],
    [{ OTEL_EXPORTER_OTLP_ENDPOINT: 'localhost:4318' }, /is no http or https URL/, 0],
    [collector, /http:\/\/localhost:4318 answered with status 503/, 3],
  ];
  for (const [env, said, sent] of cases) {
    const { requests, warnings, finish } = setUp(env, () =>
      Promise.resolve({ ok: true, value: { status: 503, headers: {}, cookies: [], bytes: new Uint8Array() } }),
    );
    await finish(3);
    assert.equal(warnings.length, 1, warnings.join());
    assert.match(warnings[0]!, said);
    assert.equal(requests.length, sent);
  }
});

test('a collector that never answers delays the end of the process by two seconds and no run', async () => {
  const { clock, finish } = setUp(collector, () => new Promise(() => undefined));
  const sinceMs = clock.monotonicMs();
  await finish();
  assert.equal(clock.monotonicMs() - sinceMs, 2_000);
});
