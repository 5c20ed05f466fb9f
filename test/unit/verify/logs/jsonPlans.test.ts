// Objects that are read without being parsed: what is read of them is what parsing them would tell.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { createJsonPlans } from '../../../../src/verify/logs/formats/jsonPlans.ts';
import { copyText, emptyScan, scanObject } from '../../../../src/verify/logs/formats/jsonScan.ts';
import { readStructured } from '../../../../src/verify/logs/formats/structured.ts';

const encoder = new TextEncoder(),
  decoder = new TextDecoder();
const bytesOf = (line: string): Uint8Array => encoder.encode(`${line}\n`);

const words = fc.constantFrom(
  '',
  'served 7',
  'lost',
  'disk full',
  'socket hang up at 10.0.0.7',
  ' timed out after 30 s',
  '-',
  'null',
  'a\nb',
  'say "x"',
  'info',
  'error',
  '/a/7',
  '\u3042',
  'x\n',
  'ready',
  'n\u00e4rv',
);
const scalars = fc.oneof(
  words,
  words,
  fc.constantFrom(0, 3, 17, 30, 50, 200, 404, 500, 1.5),
  fc.constantFrom(null, true, false),
  fc.constant([1, 2]),
);
const keys = fc.constantFrom(
  ...[
    'msg',
    'message',
    'level',
    'severity',
    'status',
    'method',
    'path',
    'err',
    'error',
    'stack',
    'logger',
    'name',
    'n',
    'log',
    'stream',
    'PRIORITY',
    'MESSAGE',
    'state',
    'detail',
    'exit_code',
  ],
);
const objects = fc.dictionary(
  keys,
  fc.oneof(
    { weight: 6, arbitrary: scalars },
    fc.dictionary(fc.constantFrom('message', 'level', 'statusCode', 'url', 'method', 'n', 'state', 'cause'), scalars),
  ),
  { maxKeys: 7 },
);

test('a plan tells what parsing tells, for every object that it tells of', () => {
  const plans = createJsonPlans();
  let told = 0;
  fc.assert(
    fc.property(objects, object => {
      const line = JSON.stringify(object),
        bytes = bytesOf(line),
        parsed = readStructured(line),
        entry = plans.find(bytes, 0);
      if (!entry) return;
      told++;
      assert.equal(parsed?.length, 1);
      const [expected] = parsed!,
        { starts, ends } = plans.scan,
        valueOf = (index: number): string =>
          index < 0 ? '' : (JSON.parse(`"${decoder.decode(bytes.subarray(starts[index], ends[index]))}"`) as string);
      const { text, level, logger, request, states, values, isHandedOn } = expected!;
      assert.equal([entry.message, entry.error].map(valueOf).filter(Boolean).join(': '), text, line);
      assert.deepEqual(
        [
          entry.reading.level,
          entry.reading.logger,
          entry.reading.isHandedOn,
          entry.reading.request?.status,
          entry.reading.request?.method,
          entry.reading.states,
          entry.reading.values,
        ],
        [level, logger, isHandedOn, request?.status, request?.method, states, values],
        line,
      );
      if (entry.path < 0) assert.equal(entry.reading.request?.path, request?.path, line);
    }),
    { numRuns: 3000, seed: 7 },
  );
  assert.ok(told > 300, `only ${told} were told of`);
});

test('fields of any value beside a message do not keep lines from being told of', () => {
  const plans = createJsonPlans(),
    told = Array.from({ length: 400 }, (_, i) => {
      const state = ['open', 'ajar', `${i} of nine`][i % 3]!,
        line = {
          level: i % 9 ? 'info' : 'error',
          msg: `till ${i} checked`,
          state,
          detail: `drawer ${i} is new`,
          ok: true,
        };
      return plans.find(bytesOf(JSON.stringify(line)), 0) !== undefined;
    });
  assert.deepEqual(
    told.slice(100).filter(isTold => !isTold),
    [],
  );
});

/** Of one program: a message with an error beside it, which mostly says something. */
const errors = fc.oneof({ weight: 9, arbitrary: fc.constantFrom('socket hang up at 7', 'no route to host') }, words),
  failures = fc.array(
    fc.record({
      level: fc.constantFrom(40, 50),
      msg: words,
      err: fc.record({ type: fc.constant('Error'), message: errors }),
    }),
    { minLength: 2, maxLength: 8 },
  );

test('a plan tells a message and an error as parsing joins them', () => {
  let joined = 0;
  fc.assert(
    fc.property(failures, lines => {
      const plans = createJsonPlans();
      for (const line of lines.map(one => JSON.stringify(one))) {
        const bytes = bytesOf(line),
          entry = plans.find(bytes, 0),
          { starts, ends } = plans.scan;
        if (!entry || entry.error < 0) continue;
        joined++;
        const told = [entry.message, entry.error].map(at => decoder.decode(bytes.subarray(starts[at], ends[at])));
        assert.equal(told.join(': '), readStructured(line)?.[0]?.text, line);
      }
    }),
    { numRuns: 500, seed: 7 },
  );
  assert.ok(joined > 200, `only ${joined} were joined`);
});

test('any bytes are scanned to an end, and never beyond their line', () => {
  const scan = emptyScan();
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom(...'{}[]",:\\\n 1tnua'.split('')), maxLength: 60 }), text => {
      const bytes = bytesOf(`{${text}`);
      if (scanObject(bytes, 0, scan)) assert.ok(scan.end <= bytes.length);
    }),
    { numRuns: 5000, seed: 7 },
  );
});

test('the text of a value is copied as it is meant, with a line feed at its end alone', () => {
  const copied = (text: string): string | number => {
    const bytes = bytesOf(JSON.stringify(text)),
      out = new Uint8Array(200),
      length = copyText(bytes, 1, bytes.length - 2, out);
    return length < 0 ? length : decoder.decode(out.subarray(0, length + 1));
  };
  assert.deepEqual(['a "b" \\ c\td', 'a\n', 'a\nb', 'a\u0001'].map(copied), ['a "b" \\ c\td\n', 'a\n', -1, -1]);
});
