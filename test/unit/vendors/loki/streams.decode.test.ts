// Answers of Loki, as recorded and as they may be.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { decodeLokiStreams } from '../../../../src/vendors/loki/streams.decode.ts';

const context = { label: 'host', nodes: JSON.stringify(['web-1', 'web-2']) };
const decode = (answer: unknown, more = {}) =>
  decodeLokiStreams(new TextEncoder().encode(JSON.stringify(answer)), { ...context, ...more });
const answerOf = (...result: readonly unknown[]) => ({ status: 'success', data: { resultType: 'streams', result } });
const stream = (labels: object, ...values: readonly unknown[]) => ({ stream: labels, values });

test('lines of several streams come in the order of their times, each with its node, its level and an id', () => {
  const decoded = decode(
    answerOf(
      stream(
        { host: 'web-1:9', level: 'error' },
        ['1795409389448468250', 'request failed'],
        ['1795409389448468252', 'x'],
      ),
      stream({ host: 'web-2' }, ['1795409389448468251', 'level=error b', { trace: '1' }], ['1795409389448468252', 'x']),
      stream({ host: 'web-1:9', detected_level: 'unknown' }, ['1795409389448468252', 'ERROR x']),
      stream({ host: 'web-3' }, ['1795409389448468250', 'of another']),
      stream({ app: 'shop' }, ['1795409389448468250', 'of none']),
      stream({ host: 'web-1' }, ['no time', 'x'], ['1795409389448468250'], 'x', ['1795409389448468250', '']),
    ),
  );
  assert.ok(decoded.ok);
  assert.equal(decoded.value.rows, 11);
  assert.deepEqual(
    decoded.value.lines!.map(({ atMs, node, text, id }) => [atMs, node, text, id]),
    [
      [1_795_409_389_448, 'web-1', 'ERROR request failed', '1795409389448468250/web-1/request failed/0'],
      [1_795_409_389_448, 'web-2', 'level=error b', '1795409389448468251/web-2/level=error b/0'],
      [1_795_409_389_448, 'web-1', 'ERROR x', '1795409389448468252/web-1/x/0'],
      [1_795_409_389_448, 'web-2', 'x', '1795409389448468252/web-2/x/0'],
      [1_795_409_389_448, 'web-1', 'ERROR x', '1795409389448468252/web-1/ERROR x/0'],
    ],
  );
});

test('a metric, an error and anything else are no log lines', () => {
  const kinds = (answer: unknown) => {
    const decoded = decode(answer);
    return decoded.ok ? 'ok' : decoded.failure.kind;
  };
  assert.deepEqual(
    [
      { status: 'success', data: { resultType: 'matrix', result: [] } },
      { status: 'error', errorType: 'bad_data', error: 'x' },
      { status: 'success', data: {} },
      'text',
      answerOf(),
    ].map(kinds),
    ['invalid', 'invalid', 'bad-answer', 'bad-answer', 'ok'],
  );
});

test('pages that overlap give every line once', () => {
  const line = fc.tuple(fc.integer({ min: 0, max: 8 }), fc.constantFrom('web-1', 'web-2'), fc.constantFrom('a', 'b'));
  fc.assert(
    fc.property(fc.array(line, { maxLength: 40 }), fc.integer({ min: 1, max: 12 }), (unordered, perPage) => {
      const all = unordered.toSorted(([one], [other]) => one - other);
      const ids = new Set<string>();
      for (let from = -1; ;) {
        const page = all.filter(([ns]) => ns >= from).slice(0, perPage);
        const newest = page.at(-1)?.[0] ?? from;
        // The reader says so where it cannot get over a moment; here the moment is read as a whole.
        const sent = newest === from ? all.filter(([ns]) => ns === from) : page;
        const decoded = decode(
          answerOf(...sent.map(([ns, host, text]) => stream({ host }, [`179540938944846825${ns}`, text]))),
        );
        assert.ok(decoded.ok);
        for (const { id } of decoded.value.lines!) ids.add(id!);
        if (page.length < perPage) break;
        from = newest === from ? from + 1 : newest;
      }
      assert.equal(ids.size, all.length);
    }),
  );
});

test('whatever is sent, there is a failure or lines with a time, a node and a text', () => {
  const part = fc.oneof(fc.anything(), fc.constantFrom('1795409389448468250', 'web-1'));
  const one = fc.record({
    stream: fc.oneof(fc.record({ host: fc.constantFrom('web-1', 'x'), level: part }), fc.anything()),
    values: fc.oneof(fc.array(fc.oneof(fc.tuple(part, part), fc.anything())), fc.anything()),
  });
  fc.assert(
    fc.property(fc.array(fc.oneof(one, fc.anything())), result => {
      const decoded = decode(answerOf(...result));
      assert.ok(decoded.ok);
      for (const { atMs, node, text } of decoded.value.lines!)
        assert.ok(Number.isFinite(atMs) && node === 'web-1' && text !== '');
    }),
  );
  fc.assert(
    fc.property(fc.uint8Array(), bytes => {
      assert.doesNotThrow(() => decodeLokiStreams(bytes, context));
    }),
  );
});
